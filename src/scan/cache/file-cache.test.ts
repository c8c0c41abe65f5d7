import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Detection, nothing } from '../../detect/detector.ts';
import { openFileCache } from './file-cache.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-file-cache-'));
after(() => rmSync(root, { recursive: true }));

function newFolder(): string {
  const folder = mkdtempSync(join(root, 'files-'));
  mkdirSync(join(folder, 'packs'));
  return folder;
}

const key = (name: string): Buffer => createHash('sha256').update(name).digest();

function detection(value: string): Detection {
  return {
    findings: [],
    observables: [{ type: 'domain', value, offset: 3 }],
    start: { refs: ['/a'], commands: [] },
  };
}

test('what was put is there again, for the same bytes, context and way of looking', () => {
  const folder = newFolder();
  const first = openFileCache(folder, 'context');
  first.put(key('a'), true, detection('a.example'));
  first.put(key('a'), false, nothing);
  first.put(key('b'), true, nothing);
  for (const cache of [first, openFileCache(folder, 'context')]) {
    assert.deepEqual(cache.get(key('a'), true), detection('a.example'));
    assert.deepEqual(cache.get(key('a'), false), nothing);
    assert.deepEqual(cache.get(key('b'), true), nothing);
    assert.equal(cache.get(key('b'), false), undefined);
    assert.equal(cache.get(key('c'), true), undefined);
    cache.close();
  }
  assert.equal(openFileCache(folder, 'other context').get(key('a'), true), undefined);
});

test('a later result replaces an earlier one', () => {
  const cache = openFileCache(newFolder(), '');
  cache.put(key('a'), true, detection('old.example'));
  cache.put(key('a'), true, detection('new.example'));
  assert.deepEqual(cache.get(key('a'), true), detection('new.example'));
});

test('files are for their owner alone', () => {
  const folder = newFolder();
  const cache = openFileCache(folder, '');
  cache.put(key('a'), true, detection('a.example'));
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name !== 'packs') assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
  }
});

function setByte(path: string, at: number, value: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.from([value]), 0, 1, at);
  closeSync(file);
}

test('whatever bytes are wrong, a result is right or missing', () => {
  const folder = newFolder();
  const names = ['a', 'b', 'c'];
  const writer = openFileCache(folder, '');
  for (const name of names) writer.put(key(name), true, detection(`${name}.example`));
  writer.close();
  const table = readFileSync(join(folder, 'table'));
  const [pack = ''] = readdirSync(join(folder, 'packs')).map((name) => join(folder, 'packs', name));
  const packed = readFileSync(pack);

  const check = (what: string): number => {
    const cache = openFileCache(folder, '');
    let hits = 0;
    for (const name of names) {
      const found = cache.get(key(name), true);
      if (found !== undefined) hits++;
      if (found !== undefined) assert.deepEqual(found, detection(`${name}.example`), what);
    }
    cache.close();
    return hits;
  };

  assert.equal(check('whole'), names.length);
  const slot = table.findIndex((byte) => byte !== 0);
  for (let at = slot; at < slot + 36; at++) {
    setByte(join(folder, 'table'), at, (table[at] ?? 0) ^ 0x41);
    assert.equal(check(`byte ${at} of the table`), names.length - 1);
    setByte(join(folder, 'table'), at, table[at] ?? 0);
  }
  for (let at = 0; at < packed.length; at++) {
    setByte(pack, at, (packed[at] ?? 0) ^ 0x41);
    assert.equal(check(`byte ${at} of the pack`), names.length - 1);
    setByte(pack, at, packed[at] ?? 0);
  }
  writeFileSync(pack, packed.subarray(0, packed.length - 1));
  assert.equal(check('a shorter pack'), names.length - 1);
  rmSync(pack);
  assert.equal(check('no pack'), 0);
  truncateSync(join(folder, 'table'), slot + 10);
  assert.equal(check('a shorter table'), 0);
});

test('a broken slot is written again', () => {
  const folder = newFolder();
  const writer = openFileCache(folder, '');
  writer.put(key('a'), true, nothing);
  writer.close();
  const table = readFileSync(join(folder, 'table'));
  writeFileSync(join(folder, 'table'), Buffer.alloc(table.length, 0xff));
  const cache = openFileCache(folder, '');
  assert.equal(cache.get(key('a'), true), undefined);
  cache.put(key('a'), true, detection('a.example'));
  assert.deepEqual(cache.get(key('a'), true), detection('a.example'));
});

test('a folder that cannot be used is one without results', () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'table'));
  const blocked = newFolder();
  rmSync(join(blocked, 'packs'), { recursive: true });
  writeFileSync(join(blocked, 'packs'), '');
  for (const place of [folder, blocked, join(root, 'nonesuch')]) {
    const cache = openFileCache(place, '');
    cache.put(key('a'), true, detection('a.example'));
    assert.equal(cache.get(key('a'), true), undefined);
    cache.close();
  }
});

test('after closing nothing is read or written, whatever file has the descriptor then', () => {
  const folder = newFolder();
  const cache = openFileCache(folder, '');
  cache.put(key('a'), true, nothing);
  cache.close();
  cache.close();
  const size = statSync(join(folder, 'table')).size;
  cache.put(key('b'), true, nothing);
  assert.equal(cache.get(key('a'), true), undefined);
  assert.equal(statSync(join(folder, 'table')).size, size);
});

test('results of many other processes are read with few open files', () => {
  const folder = newFolder();
  for (let index = 0; index < 100; index++) {
    const cache = openFileCache(folder, '');
    cache.put(key(`file ${index}`), true, detection(`${index}.example`));
    cache.close();
  }
  const open = (): number => readdirSync('/proc/self/fd').length;
  const before = open();
  const cache = openFileCache(folder, '');
  for (let index = 0; index < 100; index++) {
    assert.deepEqual(cache.get(key(`file ${index}`), true), detection(`${index}.example`));
  }
  assert.ok(open() - before < 40, `${open() - before} files are open`);
  cache.close();
});

test('old packs go when there are too many', () => {
  const folder = newFolder();
  for (let index = 0; index < 300; index++) writeFileSync(join(folder, 'packs', `old-${index}`), '');
  const cache = openFileCache(folder, '');
  cache.put(key('a'), true, detection('a.example'));
  cache.close();
  assert.equal(readdirSync(join(folder, 'packs')).length, 256);
});

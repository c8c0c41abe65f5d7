import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Quota } from '../../world/files/quota.ts';
import { Tree } from '../../world/files/tree.ts';
import { View } from '../../world/files/view.ts';
import { extract } from './extract.ts';
import { readTar, type TarEntry, tarEnd, tarEntry } from './tar.ts';
import { openArchive } from './unpack.ts';

function entry(name: string, more: Partial<TarEntry> = {}): TarEntry {
  const content = Buffer.from(`content of ${name}`);
  return {
    name,
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 1_700_000_000_000,
    target: '',
    content,
    ...more,
  };
}

const plain = { content: new Uint8Array() };
const all: readonly TarEntry[] = [
  entry('etc/', { kind: 'directory', mode: 0o755, ...plain }),
  entry('etc/passwd', { uid: 1000, gid: 100 }),
  entry('bin/sh', { kind: 'link', mode: 0o777, target: 'busybox', ...plain }),
  entry(`${'long/'.repeat(40)}name`),
];

test('what is written is read again: folders, links, owners, long names', () => {
  const { entries, isBroken } = readTar(Buffer.concat([...all.map((one) => tarEntry(one)), tarEnd]));
  assert.equal(isBroken, false);
  assert.deepEqual(
    entries.map((one) => ({ ...one, content: Buffer.from(one.content) })),
    all.map((one) => ({ ...one, content: Buffer.from(one.content) })),
  );
});

test('an archive that breaks off gives what came before', () => {
  const bytes = Buffer.concat([tarEntry(entry('a')), tarEntry(entry('b', { content: Buffer.alloc(2000) }))]);
  const { entries, isBroken } = readTar(bytes.subarray(0, 2000));
  assert.deepEqual([entries.length, entries[1]!.content.length, isBroken], [2, 464, true]);
});

test('text is no archive', () => {
  assert.deepEqual(readTar(Buffer.alloc(512, 'x')), { entries: [], isBroken: true });
});

test('a compressed archive is opened, a bomb is not', async () => {
  const opened = await openArchive(gzipSync(Buffer.concat([tarEntry(entry('a')), tarEnd])));
  assert.deepEqual(
    opened.entries.map(({ name }) => name),
    ['a'],
  );
  const bomb = await openArchive(gzipSync(Buffer.alloc(80 << 20)));
  assert.deepEqual([bomb.entries.length, bomb.bytes.length], [0, 0]);
});

test('names lead nowhere but below the folder that is unpacked into', () => {
  const root = { kind: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 0, entries: new Map() } as const;
  const view = new View(new Tree(root, new Quota(1 << 20)));
  view.mkdir('/tmp');
  extract(view, '/tmp', [entry('../../etc/passwd'), entry('/etc/shadow'), entry('a/../../../b')]);
  const paths = ['/tmp/etc/passwd', '/tmp/etc/shadow', '/tmp/b'];
  assert.deepEqual(
    [...paths, '/etc'].map((path) => view.exists(path)),
    [true, true, true, false],
  );
});

import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cacheFolder, keepWithin, shrink } from './folder.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-cache-folder-'));
after(() => rmSync(root, { recursive: true }));

const mode = (path: string): number => statSync(path).mode & 0o777;

test('the folder lies under XDG_CACHE_HOME, else under the home directory, for its owner alone', () => {
  const xdg = mkdtempSync(join(root, 'xdg-'));
  assert.equal(cacheFolder({ XDG_CACHE_HOME: xdg, HOME: '/none' }, 'layers'), join(xdg, 'waterguard/layers'));
  const home = mkdtempSync(join(root, 'home-'));
  for (const XDG_CACHE_HOME of [undefined, '', 'relative/path']) {
    assert.equal(
      cacheFolder({ XDG_CACHE_HOME, HOME: home }, 'files/packs'),
      join(home, '.cache/waterguard/files/packs'),
    );
  }
  for (const path of ['waterguard', 'waterguard/layers']) assert.equal(mode(join(xdg, path)), 0o700);
  assert.equal(mode(join(home, '.cache/waterguard/files/packs')), 0o700);
  const deep = join(root, 'not/there/yet');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: deep }, 'layers'), join(deep, 'waterguard/layers'));
  assert.equal(mode(deep), 0o700);
});

test('a home directory that is none does not lead into the working directory', () => {
  const before = process.env.HOME;
  process.env.HOME = mkdtempSync(join(root, 'own-'));
  try {
    for (const HOME of ['', 'relative']) {
      assert.equal(cacheFolder({ HOME }, 'layers'), join(process.env.HOME, '.cache/waterguard/layers'));
    }
  } finally {
    if (before === undefined) delete process.env.HOME;
    else process.env.HOME = before;
  }
});

test('a folder that others could read is closed to them and used', () => {
  const xdg = mkdtempSync(join(root, 'open-'));
  mkdirSync(join(xdg, 'waterguard'));
  chmodSync(join(xdg, 'waterguard'), 0o755);
  assert.equal(cacheFolder({ XDG_CACHE_HOME: xdg }, 'layers'), join(xdg, 'waterguard/layers'));
  assert.equal(mode(join(xdg, 'waterguard')), 0o700);
});

test('one that others could write to is refused with the reason, and left as it is', () => {
  for (const open of ['waterguard', 'waterguard/files', 'waterguard/files/packs']) {
    for (const bits of [0o777, 0o720, 0o702]) {
      const xdg = mkdtempSync(join(root, 'open-'));
      mkdirSync(join(xdg, 'waterguard/files/packs'), { recursive: true, mode: 0o700 });
      chmodSync(join(xdg, open), bits);
      const refusals: string[] = [];
      const folder = cacheFolder({ XDG_CACHE_HOME: xdg }, 'files/packs', (why) => refusals.push(why));
      assert.equal(folder, undefined);
      assert.equal(refusals.length, 1);
      const said = `the cache in ${join(xdg, open)} is not used, because others may write to it (mode `;
      assert.ok(refusals[0]?.startsWith(`${said}${bits.toString(8)})`), refusals[0]);
      assert.equal(mode(join(xdg, open)), bits);
      const other = cacheFolder({ XDG_CACHE_HOME: xdg }, 'layers');
      assert.equal(other === undefined, open === 'waterguard', 'one part says nothing of another');
    }
  }
});

const isRoot = process.geteuid?.() === 0;

test('one that belongs to somebody else is refused', {
  skip: !isRoot && 'only root gives files away',
}, () => {
  const xdg = mkdtempSync(join(root, 'given-'));
  mkdirSync(join(xdg, 'waterguard/layers'), { recursive: true, mode: 0o700 });
  chownSync(join(xdg, 'waterguard/layers'), 12_345, 12_345);
  const refusals: string[] = [];
  assert.equal(
    cacheFolder({ XDG_CACHE_HOME: xdg }, 'layers', (why) => refusals.push(why)),
    undefined,
  );
  assert.match(refusals.join(), /waterguard\/layers is not used, because it belongs to user 12345/);
});

test('a folder that cannot be made is none', () => {
  const blocked = join(root, 'file');
  writeFileSync(blocked, '');
  for (const XDG_CACHE_HOME of [blocked, '/proc', '/proc/nonesuch/deep']) {
    const refusals: string[] = [];
    assert.equal(
      cacheFolder({ XDG_CACHE_HOME }, 'layers', (why) => refusals.push(why)),
      undefined,
    );
    assert.deepEqual(refusals, [], 'nobody else is to blame');
  }
});

test('shrinking removes the files used longest ago, by size and by number', () => {
  const folder = mkdtempSync(join(root, 'shrink-'));
  for (const [index, name] of ['c', 'a', 'd', 'b'].entries()) {
    writeFileSync(join(folder, name), Buffer.alloc(100));
    utimesSync(join(folder, name), 1000 + index, 1000 + index);
  }
  const left = (): string => readdirSync(folder).sort().join('');
  shrink(folder, 400);
  assert.equal(left(), 'abcd');
  shrink(folder, 399);
  assert.equal(left(), 'abd');
  shrink(folder, 400, 2);
  assert.equal(left(), 'bd');
  shrink(folder, 0);
  assert.equal(left(), '');
  shrink(join(folder, 'nonesuch'), 0);
});

test('a folder that grows is kept to its size, and looked through only now and then', () => {
  const folder = mkdtempSync(join(root, 'kept-'));
  const write = (name: number): void => writeFileSync(join(folder, `${name}`), Buffer.alloc(10));
  const kept = (): number => readdirSync(folder).length;
  for (let name = 0; name < 200; name++) write(name);
  const written = keepWithin(folder, 1600);
  write(200);
  written(10);
  assert.equal(kept(), 160, 'what others left is looked at first');
  for (let name = 201; name < 211; name++) {
    write(name);
    written(10);
  }
  assert.equal(kept(), 170);
  write(211);
  written(10);
  assert.equal(kept(), 160);
});

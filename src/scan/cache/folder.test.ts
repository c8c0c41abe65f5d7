import assert from 'node:assert/strict';
import {
  chmodSync,
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
import { cacheFolder, shrink } from './folder.ts';

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

test('a folder that others can write to is closed to them', () => {
  const xdg = mkdtempSync(join(root, 'open-'));
  mkdirSync(join(xdg, 'waterguard'));
  chmodSync(join(xdg, 'waterguard'), 0o777);
  assert.equal(cacheFolder({ XDG_CACHE_HOME: xdg }, 'layers'), join(xdg, 'waterguard/layers'));
  assert.equal(mode(join(xdg, 'waterguard')), 0o700);
});

test('a folder that cannot be made is none', () => {
  const blocked = join(root, 'file');
  writeFileSync(blocked, '');
  for (const XDG_CACHE_HOME of [blocked, '/proc', '/proc/nonesuch/deep']) {
    assert.equal(cacheFolder({ XDG_CACHE_HOME }, 'layers'), undefined);
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

/** Compiled code is kept where only its owner can write, and its absence is no fault. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = mkdtempSync(join(tmpdir(), 'waterguard-code-'));
after(() => rmSync(root, { recursive: true }));

const launcher = fileURLToPath(new URL('../waterguard', import.meta.url));

/** @param prefix shell text in front of the command, such as a limit */
async function version(cache: string, prefix = ''): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: root, XDG_CACHE_HOME: cache };
  const script = `${prefix} exec "$0" --version`;
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script, launcher], { env });
  assert.equal(stderr, '');
  return stdout;
}

test('it is kept in a folder of its owner', async () => {
  const cache = join(root, 'kept');
  assert.match(await version(cache), /^\d+\.\d+\.\d+\n$/);
  const folder = join(cache, 'waterguard', 'code');
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.notDeepEqual(readdirSync(folder), []);
});

test('a folder that others may write to is left alone', async () => {
  const folder = join(root, 'shared', 'waterguard', 'code');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  assert.match(await version(join(root, 'shared')), /^\d/);
  assert.deepEqual(readdirSync(folder), []);
});

test('on a disk that takes nothing, the program runs', async () => {
  // In blocks of 512 bytes: files end at four of them, so that most writes break off.
  const cache = join(root, 'full');
  for (let round = 0; round < 2; round++) assert.match(await version(cache, 'ulimit -f 4;'), /^\d/);
  assert.match(await version(cache), /^\d/);
});

test('where there can be none, the program runs', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  assert.match(await version(file), /^\d/);
  assert.equal(existsSync(join(file, 'waterguard')), false);
});

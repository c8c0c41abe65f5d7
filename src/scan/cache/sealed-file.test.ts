import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSealed, writeSealed } from './sealed-file.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-sealed-'));
after(() => rmSync(root, { recursive: true }));

test('a file is read as it was written, and reading says that it is used', () => {
  const path = join(root, 'one');
  assert.equal(writeSealed(path, Buffer.from('body')), true);
  utimesSync(path, 1000, 1000);
  assert.equal(readSealed(path)?.toString(), 'body');
  assert.ok(statSync(path).mtimeMs > 1_000_000);
  assert.equal(statSync(path).mode & 0o077, 0);
  assert.equal(readSealed(join(root, 'none')), undefined);
});

test('one wrong or missing byte makes it absent, and removes it', () => {
  const path = join(root, 'two');
  writeSealed(path, Buffer.from('body'));
  const whole = readFileSync(path);
  const broken = [...whole.keys()].map((at) => {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    return changed;
  });
  const shorter = [0, 10, 32, whole.length - 1].map((length) => whole.subarray(0, length));
  for (const content of [...broken, ...shorter, Buffer.concat([whole, Buffer.from('x')])]) {
    writeFileSync(path, content);
    assert.equal(readSealed(path), undefined);
    assert.equal(existsSync(path), false);
  }
});

test('where it cannot be written nothing is left behind', () => {
  const folder = join(root, 'folder');
  assert.equal(writeSealed(join(folder, 'file'), Buffer.from('x')), false);
  writeSealed(join(root, 'three'), Buffer.from('x'));
  assert.equal(writeSealed(root, Buffer.from('x')), false);
  assert.deepEqual(
    readdirSync(root).filter((name) => name.startsWith('.')),
    [],
  );
});

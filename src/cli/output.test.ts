import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { WaterguardError } from '../model/error.ts';
import { checkWritable, writeParts, writeResult } from './output.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-output-'));
after(() => rmSync(root, { recursive: true }));

function folder(): string {
  return mkdtempSync(join(root, 'case-'));
}

const isRefused = (error: unknown): boolean => error instanceof WaterguardError && error.code === 'usage';

test('a file keeps its permissions when it is replaced, a new one has the usual ones', async () => {
  const dir = folder();
  const before = process.umask(0o022);
  try {
    for (const mode of [0o600, 0o664]) {
      const file = join(dir, `old-${mode}`);
      writeFileSync(file, 'old');
      chmodSync(file, mode);
      await writeResult('new', file);
      assert.equal(readFileSync(file, 'utf8'), 'new');
      assert.equal(statSync(file).mode & 0o777, mode);
    }
    await writeResult('new', join(dir, 'fresh'));
    assert.equal(statSync(join(dir, 'fresh')).mode & 0o777, 0o644);
  } finally {
    process.umask(before);
  }
});

test('a link stays a link, and what it leads to is written', async () => {
  const [dir, other] = [folder(), folder()];
  writeFileSync(join(other, 'report'), 'old');
  symlinkSync(join(other, 'report'), join(dir, 'there'));
  symlinkSync('there', join(dir, 'chain'));
  symlinkSync(join(other, 'later'), join(dir, 'dangling'));
  for (const [link, target] of [
    ['chain', 'report'],
    ['dangling', 'later'],
  ] as const) {
    checkWritable(join(dir, link));
    await writeResult('new', join(dir, link));
    assert.ok(lstatSync(join(dir, link)).isSymbolicLink());
    assert.equal(readFileSync(join(other, target), 'utf8'), 'new');
  }
  assert.deepEqual(readdirSync(other).sort(), ['later', 'report']);
  assert.deepEqual(readdirSync(dir).sort(), ['chain', 'dangling', 'there']);
});

test('a link into a folder that is not there, or in a circle, is refused before the work', async () => {
  const dir = folder();
  symlinkSync(join(dir, 'nowhere/report'), join(dir, 'lost'));
  symlinkSync('circle', join(dir, 'circle'));
  for (const name of ['lost', 'circle']) {
    assert.throws(() => checkWritable(join(dir, name)), isRefused);
    await assert.rejects(writeResult('new', join(dir, name)), isRefused);
  }
  assert.equal(existsSync(join(dir, 'nowhere')), false);
});

async function* partsOf(count: number, error?: Error): AsyncGenerator<string> {
  for (let part = 0; part < count; part++) yield `${part} ${'x'.repeat(10_000)}\n`;
  if (error !== undefined) throw error;
}

test('parts are a file when all of them are there, with the permissions of the old one', async () => {
  const dir = folder();
  const file = join(dir, 'parts');
  writeFileSync(file, 'old');
  chmodSync(file, 0o664);
  await writeParts(partsOf(500), file);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  assert.deepEqual([lines.length, lines.at(-1)?.slice(0, 5)], [500, '499 x']);
  assert.equal(statSync(file).mode & 0o777, 0o664);
  assert.deepEqual(readdirSync(dir), ['parts']);
});

test('parts that break off leave the file as it was, and say why', async () => {
  const dir = folder();
  const file = join(dir, 'parts');
  writeFileSync(file, 'old');
  const broken = new Error('the store is gone');
  await assert.rejects(writeParts(partsOf(100, broken), file), broken);
  assert.equal(readFileSync(file, 'utf8'), 'old');
  assert.deepEqual(readdirSync(dir), ['parts']);
});

test('parts for which there is no room are refused', async () => {
  await assert.rejects(writeParts(partsOf(500), '/dev/full'), isRefused);
  await assert.rejects(writeParts(partsOf(1), join(folder(), 'no', 'folder')), isRefused);
});

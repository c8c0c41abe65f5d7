import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import { skipWithout } from '../../../test/fixtures/programs.ts';
import { buildZip, type ZipMember } from '../../../test/fixtures/zip-builder.ts';
import { readInWindows } from '../../../test/fixtures/zip-windows.ts';
import { zipStart } from './zip-walk.ts';

const large = 16 * 1024 * 1024;

/** Whatever the windows, the same is found. */
function read(bytes: Buffer, most = large, start = 0): string[] {
  const whole = readInWindows(bytes, most, () => bytes.length, start);
  for (const step of [1, 7, 100, 1000])
    assert.deepEqual(
      readInWindows(bytes, most, () => step, start),
      whole,
      `in steps of ${step}`,
    );
  return whole;
}

/** With others before and behind it. */
function readOne(member: ZipMember, most = large): string[] {
  const others = read(
    buildZip([{ name: 'first', content: '1' }, member, { name: 'last', content: '2' }]),
    most,
  );
  assert.ok(others.includes('first: 1') && others.includes('last: 2'), others.join('\n'));
  return others.filter((one) => one !== 'first: 1' && one !== 'last: 2');
}

test('members are found whether their sizes stand before or behind them', () => {
  const content = 'inert '.repeat(9);
  for (const descriptor of [undefined, 'marked', 'bare', 'wide'] as const) {
    for (const method of [0, 8]) {
      const form = descriptor === undefined ? {} : { descriptor };
      assert.deepEqual(readOne({ name: 'a', content, method, ...form }), [`a: ${content}`]);
      const empty = method === 8 ? ['a/: '] : [];
      assert.deepEqual(readOne({ name: 'a/', content: '', method, ...form }), empty);
    }
  }
});

test('a stored zip is one member, also where its size stands behind it', () => {
  const inner = buildZip([{ name: 'x', content: 'y', descriptor: 'marked' }]);
  for (const form of [{}, { descriptor: 'marked' }] as const) {
    const found = readOne({ name: 'in.jar', content: inner, method: 0, ...form });
    assert.deepEqual(found, [`in.jar: ${inner.toString('latin1')}`]);
  }
});

test('the end of a member that is hardly too large is waited for', () => {
  for (const size of [921, 922, 935, 945]) {
    const content = Buffer.alloc(size, 'x');
    const found = size <= 921 ? `a: ${content}` : 'a! size-limit';
    assert.deepEqual(readOne({ name: 'a', content, method: 0, descriptor: 'marked' }, 1000), [found]);
  }
});

test('a member that is too large is named, a zip stored like that is walked', () => {
  const content = Buffer.alloc(2000, 'x');
  assert.deepEqual(readOne({ name: 'a', content, method: 0 }, 1000), ['a! size-limit']);
  assert.deepEqual(readOne({ name: 'a', content, method: 0, descriptor: 'marked' }, 1000), [
    '(rest)! unsupported',
    'a! size-limit',
  ]);
  const inner = buildZip([
    { name: 'x', content: 'y', descriptor: 'marked' },
    { name: 'z', content, method: 0 },
  ]);
  const middle = buildZip([{ name: 'in.jar', content: inner, method: 0 }]);
  assert.deepEqual(readOne({ name: 'app.war', content: middle, method: 0 }, 1000), [
    'app.war!in.jar!x: y',
    'app.war!in.jar!z! size-limit',
  ]);
});

test('zips in each other that are too large end at the depth limit', () => {
  let nested: Buffer = Buffer.alloc(2000);
  for (let level = 1; level <= 7; level++)
    nested = buildZip([{ name: `${level}`, content: nested, method: 0 }]);
  assert.deepEqual(read(nested, 1000), ['7!6!5!4!3! size-limit']);
});

test('what is no member is named, padding is not', () => {
  const named = (before: Buffer): string[] => readOne({ name: 'a', content: 'x', before });
  assert.deepEqual(named(Buffer.from('something')), ['(rest)! unsupported', 'a: x']);
  assert.deepEqual(named(Buffer.alloc(9)), ['a: x']);
  const zip = buildZip([{ name: 'a', content: 'x' }]);
  assert.deepEqual(read(Buffer.concat([zip, Buffer.from('behind')])), ['(rest)! unsupported', 'a: x']);
  const commented = Buffer.concat([zip, Buffer.from('behind')]);
  commented.writeUInt16LE(6, zip.length - 2);
  assert.deepEqual(read(commented), ['a: x']);
});

test('what cannot be unpacked is named', () => {
  assert.deepEqual(readOne({ name: 'a', content: 'x', flags: 1 }), ['a! encrypted']);
  assert.deepEqual(readOne({ name: 'a', content: 'x', method: 12 }), ['a! unsupported']);
  const packed = deflateRawSync('hello '.repeat(1000), { level: 0 });
  const [partly, hole] = readOne({ name: 'a', content: 'x', packed: packed.subarray(0, 3000) }).reverse();
  assert.match(partly ?? '', /^a: hello/);
  assert.equal(hole, 'a! truncated');
  const more = Buffer.concat([deflateRawSync('hello'), Buffer.from('more')]);
  assert.deepEqual(readOne({ name: 'a', content: 'x', packed: more }), ['a! truncated', 'a: hello']);
});

test('what breaks off is named, and given as far as it goes', () => {
  const zip = buildZip([
    { name: 'a', content: 'x' },
    { name: 'b', content: Buffer.alloc(500, 'b'), method: 0 },
  ]);
  for (const end of [300, zip.length - 60, zip.length - 22, zip.length - 1]) {
    const found = read(zip.subarray(0, end));
    assert.ok(found.includes('a: x') && found.some((one) => one.endsWith('! truncated')), found.join('\n'));
  }
});

test('the directory is held against what lies there', () => {
  const odd = '(directory)! truncated';
  const inside = buildZip([{ name: 'hidden', content: 'miner' }]);
  const cover = buildZip([{ name: 'cover', content: Buffer.concat([Buffer.from('xx'), inside]), method: 0 }]);
  const moved = Buffer.from(cover);
  // The local header of what the stored member holds.
  moved.writeUInt32LE(cover.indexOf('PK\x03\x04', 4, 'latin1'), moved.lastIndexOf('PK\x01\x02') + 42);
  assert.ok(read(moved).includes(odd));
  const method = buildZip([{ name: 'a', content: 'x', method: 0 }]);
  method.writeUInt16LE(8, method.indexOf('PK\x01\x02') + 10);
  assert.deepEqual(read(method), [odd, 'a: x']);
  const size = buildZip([{ name: 'a', content: 'xy', method: 0 }]);
  size.writeUInt32LE(1, size.indexOf('PK\x01\x02') + 20);
  assert.deepEqual(read(size), [odd, 'a: xy']);
  const far = buildZip([{ name: 'a', content: 'x' }]);
  far.writeUInt32LE(0, far.length - 10);
  assert.deepEqual(read(far), [odd, 'a: x']);
  const unlisted = buildZip([
    { name: 'a', content: 'x', unlisted: true },
    { name: 'b', content: 'y' },
  ]);
  assert.deepEqual(read(unlisted), ['a: x', 'b: y']);
});

test('an end in the comment that leads elsewhere is found', () => {
  const hidden = buildZip([{ name: 'hidden', content: 'miner' }]);
  const [end] = [hidden.subarray(hidden.length - 22)];
  const zip = buildZip([{ name: 'cover', content: hidden, method: 0 }]);
  zip.writeUInt16LE(22, zip.length - 2);
  assert.ok(read(Buffer.concat([zip, end ?? zip])).includes('(directory)! truncated'));
});

test('a zip behind a script is read, whether its offsets count the script or not', () => {
  const script = Buffer.from('#!/bin/bash\nexec java -jar "$0"\n');
  const zip = buildZip([{ name: 'a', content: 'x' }], script);
  assert.equal(zipStart(zip, 'script'), script.length);
  assert.deepEqual(read(zip, large, script.length), ['a: x']);
  zip.writeUInt32LE(script.length, zip.indexOf('PK\x01\x02') + 42);
  zip.writeUInt32LE(zip.readUInt32LE(zip.length - 6) + script.length, zip.length - 6);
  assert.deepEqual(read(zip, large, script.length), ['a: x']);
  assert.equal(zipStart(zip, 'elf'), undefined);
  assert.equal(zipStart(script, 'script'), undefined);
});

test('what zip writes to a file, to a pipe and in Zip64 form is read', { skip: skipWithout('zip') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'waterguard-zip-'));
  const content = 'inert '.repeat(100);
  writeFileSync(join(folder, 'a'), content);
  execFileSync('zip', ['-q', 'plain.zip', 'a'], { cwd: folder });
  execFileSync('zip', ['-q', '-fz', 'wide.zip', 'a'], { cwd: folder });
  const [plain, wide] = ['plain.zip', 'wide.zip'].map((name) => readFileSync(join(folder, name)));
  const piped = execFileSync('zip', ['-q'], { cwd: folder, input: content });
  rmSync(folder, { recursive: true });
  for (const one of [plain, wide]) assert.deepEqual(read(one ?? piped), [`a: ${content}`]);
  assert.deepEqual(read(piped), [`-: ${content}`]);
});

test('members without an end, and marks without members, take no time', () => {
  const header = buildZip([{ name: 'a', content: 'x', descriptor: 'marked' }]).subarray(0, 31);
  const used = processorTime();
  for (const piece of [header, Buffer.from('PK'), Buffer.from('PK\x07\x08'), Buffer.from('PK\x01\x02')]) {
    const bytes = Buffer.concat([header, Buffer.alloc(4 * 1024 * 1024, piece)]);
    const found = readInWindows(bytes, 1024 * 1024, () => 512 * 1024);
    assert.ok(
      found.some((one) => /! (?:size-limit|truncated)$/.test(one)),
      found.join('\n'),
    );
  }
  assert.ok(used() < 8000, `${used()} ms`);
});

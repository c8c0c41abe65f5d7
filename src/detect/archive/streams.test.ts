import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { skipWithout } from '../../../test/fixtures/programs.ts';
import { type Unpack, unpackGzip, unpackZstd } from './streams.ts';

/** Content, and how many bytes behind the end are left. */
function read(unpack: Unpack, parts: readonly (Buffer | string)[], most = 1000): unknown {
  const bytes = Buffer.concat(parts.map((one) => Buffer.from(one)));
  const unpacked = unpack(bytes, most);
  if (unpacked === undefined || unpacked === 'too large') return unpacked;
  return [unpacked.content.toString(), bytes.length - unpacked.end];
}

const zstd = (text: string): Buffer => zstdCompressSync(Buffer.from(text));
const skippable = Buffer.from('5a2a4d1803000000616263', 'hex');
const zeros = Buffer.alloc(512);

test('all members of a gzip stream are read, also behind zeros, and not what follows', () => {
  const [one, two] = [gzipSync('one '), gzipSync('two')];
  assert.deepEqual(read(unpackGzip, [one, two]), ['one two', 0]);
  assert.deepEqual(read(unpackGzip, [one, zeros, two]), ['one two', 0]);
  assert.deepEqual(read(unpackGzip, [one, two, zeros]), ['one two', 512]);
  assert.deepEqual(read(unpackGzip, [one, two, 'junk', one]), ['one two', 4 + one.length]);
  assert.deepEqual(read(unpackGzip, ['junk']), undefined);
});

test('a gzip header has optional parts', () => {
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 0x61, 0x62]),
    Buffer.from('name\0comment\0\x12\x34', 'latin1'),
  ]);
  const member = [header, deflateRawSync('content'), Buffer.alloc(8)];
  assert.deepEqual(read(unpackGzip, [...member, 'junk']), ['content', 4]);
  for (let length = 3; length < header.length; length++) {
    assert.deepEqual(read(unpackGzip, [header.subarray(0, length)]), ['', 0], `${length} bytes`);
  }
});

test('a wrong checksum does not hide what gzip would have written by then', () => {
  const wrong = gzipSync('content');
  wrong[wrong.length - 6] = (wrong[wrong.length - 6] ?? 0) ^ 1;
  assert.deepEqual(read(unpackGzip, [wrong]), ['content', 0]);
});

test('all frames of a zstd stream are read, with those to be skipped between them, and not what follows', () => {
  assert.deepEqual(read(unpackZstd, [zstd('one '), zstd('two')]), ['one two', 0]);
  assert.deepEqual(read(unpackZstd, [skippable, zstd('one '), skippable, zstd('two')]), ['one two', 0]);
  assert.deepEqual(read(unpackZstd, [zstd('one '), 'junk', zstd('two')]), ['one ', 4 + zstd('two').length]);
  assert.deepEqual(read(unpackZstd, [skippable]), ['', 0]);
  assert.deepEqual(read(unpackZstd, ['junk']), undefined);
});

test('a stream that breaks off gives what came before', () => {
  const noise = randomBytes(300_000);
  const cut = zstdCompressSync(noise).subarray(0, 200_000);
  const unpacked = unpackZstd(Buffer.concat([zstd('x'), cut]), 1_000_000);
  assert.ok(unpacked !== undefined && unpacked !== 'too large');
  assert.ok(unpacked.content.length > 100_000);
  assert.ok(noise.subarray(0, 100_000).equals(unpacked.content.subarray(1, 100_001)));
});

test('the longest content holds for all members and frames together', () => {
  for (const [unpack, ten] of [
    [unpackGzip, gzipSync('0123456789')],
    [unpackZstd, zstd('0123456789')],
  ] as const) {
    assert.deepEqual(read(unpack, [ten, ten], 20), ['01234567890123456789', 0]);
    assert.equal(read(unpack, [ten, ten], 19), 'too large');
    assert.equal(read(unpack, [ten, 'junk'], 9), 'too large');
    assert.equal(read(unpack, [ten], 0), 'too large');
  }
});

test('a stream of very many members ends somewhere', () => {
  const empty = gzipSync('');
  const bytes = Buffer.concat([...Array<Buffer>(20_010).fill(empty), Buffer.from('junk')]);
  const unpacked = unpackGzip(bytes, 1000);
  assert.ok(unpacked !== undefined && unpacked !== 'too large');
  assert.equal(unpacked.end, 20_000 * empty.length);
});

test('what gzip and zstd read is read', { skip: skipWithout('gzip', 'zstd') }, () => {
  const said = (program: string, input: Buffer): string =>
    execFileSync(program, ['-dc'], { input, encoding: 'utf8', stdio: 'pipe' });
  const packed = (program: string, ...flags: string[]): Buffer =>
    execFileSync(program, ['-c', ...flags], { input: 'from the program ' });
  const gzip = Buffer.concat([packed('gzip', '-9'), packed('gzip', '-1')]);
  assert.deepEqual(read(unpackGzip, [gzip]), [said('gzip', gzip), 0]);
  const frames = Buffer.concat([skippable, packed('zstd', '--check'), packed('zstd', '-19', '--no-check')]);
  assert.deepEqual(read(unpackZstd, [frames]), [said('zstd', frames), 0]);
});

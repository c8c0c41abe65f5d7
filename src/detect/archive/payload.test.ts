import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { sampleElf } from '../../../test/fixtures/elf-builder.ts';
import { skipWithout } from '../../../test/fixtures/programs.ts';
import { buildZip } from '../../../test/fixtures/zip-builder.ts';
import { buildTar, directory, file } from '../../lab/tar-builder.ts';
import { headSize, kindOf } from '../kind.ts';
import { isHole, newBudget } from './members.ts';
import { hasPayload, openPayloads } from './payload.ts';

const holder = (...parts: readonly (Buffer | string)[]) => {
  const bytes = Buffer.concat(parts.map((one) => Buffer.from(one)));
  return { bytes, kind: kindOf(bytes.subarray(0, headSize)) };
};

/** Each member as `name: content`, each hole as `name! reason`. */
function list(...parts: readonly (Buffer | string)[]): string[] {
  const file = holder(...parts);
  const members = [...openPayloads(file, newBudget())].map((one) =>
    isHole(one) ? `${one.name}! ${one.reason}` : `${one.name}: ${one.bytes.toString('latin1').slice(0, 20)}`,
  );
  assert.equal(hasPayload(file), members.length > 0);
  return members;
}

const head = '#!/bin/sh\ntail -n +3 "$0" | tar xz -C /tmp; exec /tmp/x\n';
const at = `(from byte ${head.length})`;
const program = sampleElf({ behindHeaders: Buffer.from('inert') });

test('what a script carries behind its text is opened, packed or not', () => {
  assert.deepEqual(list(head, gzipSync('inert')), [`${at}: inert`]);
  assert.deepEqual(list(head, zstdCompressSync(Buffer.from('inert'))), [`${at}: inert`]);
  assert.deepEqual(list(head, program), [`${at}: ${program.toString('latin1', 0, 20)}`]);
  assert.deepEqual(list(head, buildTar([file('x', 'inert'), file('y', Buffer.from([0xff, 0xfe]))])), [
    `${at}!x: inert`,
    `${at}!y: \xff\xfe`,
  ]);
});

test('a script needs no first line that names its shell, nor a line break before what it carries', () => {
  const [, second = ''] = head.split('\n');
  assert.equal(holder(second, '\n', gzipSync('inert')).kind, 'binary');
  assert.deepEqual(list(second, '\n', gzipSync('inert')), [`(from byte ${second.length + 1}): inert`]);
  assert.deepEqual(list(second, ' #', '\n', ' ', gzipSync('inert')), [
    `(from byte ${second.length + 4}): inert`,
  ]);
});

test('several are all opened, also behind a decoy', () => {
  const one = gzipSync('one');
  const decoy = Buffer.from([0x1f, 0x8b, 8, 0, 0xff, 0xff, 0xff, 0x0a]);
  assert.deepEqual(list(head, decoy, one, 'exit 0\n', zstdCompressSync(Buffer.from('two'))), [
    `(from byte ${head.length + decoy.length}): one`,
    `(from byte ${head.length + decoy.length + one.length + 7}): two`,
  ]);
});

test('what lies between the members of a tar is found, what its members are is not found again', () => {
  const noise = Buffer.from([1, 2, 3]);
  const hidden = Buffer.concat([noise, gzipSync('hidden')]);
  const tar = buildTar([file('a', hidden), directory('d'), file('b', program), directory('e')]);
  assert.deepEqual(
    list(head, tar).map((one) => one.split(':')[0]),
    [`${at}!a`, `${at}!b`, `(from byte ${head.length + 512 + noise.length})`],
  );
});

test('what cannot be unpacked is named', () => {
  const noise = randomBytes(100);
  assert.deepEqual(list(head, Buffer.from('fd377a585a0000', 'hex'), noise), [`${at}! unsupported`]);
  assert.deepEqual(list(head, Buffer.from('BZh91AY&SY'), noise), [`${at}! unsupported`]);
  assert.deepEqual(list(head, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff])), [
    '(rest)! unsupported',
  ]);
});

test('whoever plants many beginnings is listed, in bounded time', () => {
  const ends = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0x0a]);
  const likely = list(head, Buffer.concat(Array<Buffer>(100_000).fill(ends)), gzipSync('inert'));
  assert.deepEqual(likely, ['(rest)! unsupported']);
  const unlikely = list(head, Buffer.alloc(4_000_000, '\x7fELF\xff', 'latin1'), gzipSync('inert'));
  assert.deepEqual(unlikely, ['(rest)! unsupported']);
});

test('texts in any encoding, libraries, documents and programs carry nothing', () => {
  const archive = Buffer.concat([
    Buffer.from('!<arch>\n/               0           0     0     0       8         `\n'),
  ]);
  assert.deepEqual(list('#!/bin/sh\necho "Grüße" \x1f\x7fELF BZh ustar PK\x03\x04\n'), []);
  assert.deepEqual(list(Buffer.from('#!/bin/sh\necho "Gr\xfc\xdfe"\n', 'latin1')), []);
  assert.deepEqual(list(archive, Buffer.alloc(8), program, program), []);
  assert.deepEqual(list('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', randomBytes(64).fill(0x11), Buffer.alloc(9)), []);
  assert.deepEqual(list(Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'), gzipSync('x')), []);
  assert.deepEqual(list(program, head, gzipSync('x')), []);
  assert.deepEqual(list(buildZip([{ name: 'a', content: 'x' }])), []);
});

test('a tar that says so only by a word at the right place is none', () => {
  const line = Buffer.alloc(512, '#');
  line.write('ustar', 257);
  line[511] = 0xff;
  assert.deepEqual(list('#!/bin/sh\n', line), []);
});

const root = mkdtempSync(join(tmpdir(), 'waterguard-payload-'));
after(() => rmSync(root, { recursive: true }));

test('what scripts cut out of themselves with real programs is the same', {
  skip: skipWithout('tar', 'zstd'),
}, () => {
  writeFileSync(join(root, 'program'), program);
  const packed = (...args: string[]): Buffer =>
    execFileSync('tar', ['-C', root, '-cf', '-', ...args, 'program']);
  for (const [name, flags, tool] of [
    ['gzip', ['--gzip'], 'tar xzO'],
    ['zstd', ['--zstd'], 'tar x --zstd -O'],
    ['plain', [], 'tar xO'],
  ] as const) {
    const script = Buffer.concat([
      Buffer.from(`#!/bin/sh\ntail -n +4 "$0" | ${tool}\nexit 0\n`),
      packed(...flags),
    ]);
    const path = join(root, name);
    writeFileSync(path, script);
    const written = execFileSync('sh', [path]);
    assert.ok(written.equals(program), name);
    const members = [...openPayloads(holder(readFileSync(path)), newBudget())];
    const found = members.some((one) => !isHole(one) && one.bytes.includes(program));
    assert.ok(found, `${name}: ${members.map((one) => one.name)}`);
  }
});

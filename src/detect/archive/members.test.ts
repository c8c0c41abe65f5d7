import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { skipWithout } from '../../../test/fixtures/programs.ts';
import { buildZip } from '../../../test/fixtures/zip-builder.ts';
import { buildTar, directory, file, symlink } from '../../lab/tar-builder.ts';
import { type Budget, isHole, isReadable, newBudget, openArchive } from './members.ts';
import { hasZipEnd } from './zip.ts';

/** Each member as `name: content`, each hole as `name! reason`. */
function list(bytes: Buffer, budget: Budget = newBudget()): string[] {
  return [...openArchive(bytes, budget)].map((one) =>
    isHole(one) ? `${one.name}! ${one.reason}` : `${one.name}: ${one.bytes.toString('latin1').slice(0, 40)}`,
  );
}

const zstd = (text: string): Buffer => zstdCompressSync(Buffer.from(text));

test('compressed streams give their content', () => {
  assert.deepEqual(list(gzipSync('hello')), ['(content): hello']);
  assert.deepEqual(list(Buffer.concat([gzipSync('one '), gzipSync('two')])), ['(content): one two']);
  assert.deepEqual(list(zstd('hello')), ['(content): hello']);
  assert.deepEqual(list(Buffer.concat([zstd('one '), zstd('two')])), ['(content): one two']);
  const skippable = Buffer.from('502a4d180100000061', 'hex');
  assert.deepEqual(list(Buffer.concat([skippable, zstd('hello'), skippable])), ['(content): hello']);
});

test('what follows a compressed stream is named, unless it is zeros or a zip', () => {
  const zip = buildZip([{ name: '__main__.py', content: 'print(1)' }]);
  for (const stream of [gzipSync('hello'), zstd('hello')]) {
    const withRest = (rest: Buffer | string) => list(Buffer.concat([stream, Buffer.from(rest)]));
    assert.deepEqual(withRest('junk'), ['(content): hello', '(rest)! unsupported']);
    assert.deepEqual(withRest(Buffer.alloc(1024)), ['(content): hello']);
    assert.deepEqual(withRest(zip), ['(content): hello', '__main__.py: print(1)']);
  }
});

test('a compressed stream that breaks off gives what came before, a broken one is said to be', () => {
  const whole = gzipSync('hello '.repeat(1000), { level: 0 });
  assert.deepEqual(list(whole.subarray(0, 3000)), [`(content): ${'hello '.repeat(7).slice(0, 40)}`]);
  const broken = Buffer.from(gzipSync('hello'));
  broken.fill(0xff, 10);
  assert.deepEqual(list(broken), ['(content)! truncated']);
  const zstd = Buffer.from(zstdCompressSync(Buffer.from('hello')));
  zstd.fill(0xff, 5);
  assert.deepEqual(list(zstd), ['(content)! truncated']);
});

test('a zip gives its members, stored and deflated, and leaves out empty ones', () => {
  const zip = buildZip([
    { name: 'META-INF/', content: '', method: 0 },
    { name: 'a.txt', content: 'stored', method: 0 },
    { name: 'b/c.class', content: 'deflated '.repeat(3) },
  ]);
  assert.deepEqual(list(zip), ['a.txt: stored', 'b/c.class: deflated deflated deflated ']);
});

test('a zip behind a script is read with its offsets shifted', () => {
  const prefix = Buffer.from('#!/usr/bin/env python3\n');
  const zip = buildZip([{ name: '__main__.py', content: 'print(1)' }], prefix);
  assert.equal(hasZipEnd(zip), true);
  assert.equal(isReadable(zip), true);
  assert.deepEqual(list(zip), ['__main__.py: print(1)']);
  assert.equal(hasZipEnd(prefix), false);
  assert.equal(hasZipEnd(Buffer.alloc(0)), false);
});

test('a zip with a comment, or something behind it, is one as well', () => {
  const prefix = Buffer.from('#!/usr/bin/env python3\n');
  const plain = buildZip([{ name: '__main__.py', content: 'print(1)' }], prefix);
  const commented = Buffer.concat([plain, Buffer.alloc(0xffff, 'c')]);
  commented.writeUInt16LE(0xffff, plain.length - 2);
  const followed = Buffer.concat([plain, Buffer.from('\n# behind\n')]);
  for (const zip of [commented, followed]) {
    assert.equal(hasZipEnd(zip), true);
    assert.deepEqual(list(zip), ['__main__.py: print(1)']);
  }
  const far = Buffer.concat([commented, Buffer.alloc(1)]);
  assert.equal(hasZipEnd(far), false);
});

test('what zip and unzip make of a comment, we do', { skip: skipWithout('zip', 'unzip') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'waterguard-zip-'));
  const path = join(folder, 'app');
  writeFileSync(join(folder, '__main__.py'), 'print(1)');
  execFileSync('zip', ['-q', '-z', 'app.zip', '__main__.py'], { cwd: folder, input: 'a remark\n.\n' });
  writeFileSync(path, Buffer.concat([Buffer.from('#!/usr/bin/env python3\n'), readFileSync(`${path}.zip`)]));
  // It warns of the bytes in front, and reads.
  const { stdout } = spawnSync('unzip', ['-p', path], { encoding: 'utf8' });
  const zip = readFileSync(path);
  rmSync(folder, { recursive: true });
  assert.equal(stdout, 'print(1)');
  assert.ok(hasZipEnd(zip));
  assert.deepEqual(list(zip), ['__main__.py: print(1)']);
});

test('four bytes do not make a program or text a zip', () => {
  const mark = Buffer.from('PK\x05\x06', 'latin1');
  const random = Buffer.from(Array.from({ length: 60 }, (_, at) => (at * 89) % 256));
  for (const rest of [random, Buffer.alloc(60), Buffer.alloc(18), Buffer.alloc(3)]) {
    assert.equal(hasZipEnd(Buffer.concat([random, mark, rest])), false);
  }
});

test('where a zip has several ends, all that readers may go by are read', () => {
  const first = buildZip([{ name: 'a', content: 'for Java' }]);
  const second = buildZip([{ name: 'b', content: 'for Python' }]);
  const both = Buffer.concat([first, second, Buffer.from('x')]);
  both.writeUInt16LE(second.length + 1, first.length - 2);
  assert.deepEqual(list(both), ['a: for Java', 'b: for Python']);
  const many = Buffer.concat([...Array<Buffer>(9).fill(second), first]);
  assert.deepEqual(list(many).slice(-2), ['b: for Python', '(directory)! truncated']);
});

test('a zip in the last member of a tar is read with that member, one behind the tar by itself', () => {
  const zip = buildZip([{ name: 'Main.class', content: 'inert' }]);
  const tar = buildTar([file('app.jar', zip)]);
  assert.deepEqual(
    list(tar).map((one) => one.slice(0, 8)),
    ['app.jar:'],
  );
  assert.deepEqual(list(Buffer.concat([tar, zip])).slice(1), ['Main.class: inert']);
});

test('members that cannot be read are named with the reason', () => {
  const zip = buildZip([
    { name: 'locked', content: 'x', flags: 1 },
    { name: 'lzma', content: 'x', method: 14 },
    { name: 'broken', content: 'x', packed: Buffer.from([0xff, 0xff, 0xff]) },
    { name: 'huge', content: 'x', declared: 0xffffffff },
    { name: 'good', content: 'x' },
  ]);
  assert.deepEqual(list(zip), [
    'locked! encrypted',
    'lzma! unsupported',
    'broken! truncated',
    'huge! unsupported',
    'good: x',
  ]);
});

test('a zip whose directory is broken says so, whatever byte is wrong', () => {
  const zip = buildZip([
    { name: 'a', content: 'x' },
    { name: 'b', content: 'y' },
  ]);
  assert.deepEqual(list(zip.subarray(0, -1)), ['(directory)! truncated']);
  const second = Buffer.from(zip);
  second[zip.length - 22 - 47] = 0;
  assert.deepEqual(list(second), ['a: x', '(directory)! truncated']);
  const outside = Buffer.from(zip);
  outside.writeUInt32LE(zip.length * 2, zip.length - 6);
  assert.deepEqual(list(outside), ['(directory)! truncated']);
  const far = Buffer.from(zip);
  far.writeUInt32LE(0xfffffff0, zip.length - 22 - 47 + 42);
  assert.deepEqual(list(far), ['a: x', 'b! truncated']);
  const zip64 = Buffer.from(zip);
  zip64.writeUInt32LE(0xffffffff, zip.length - 6);
  assert.deepEqual(list(zip64), ['(directory)! unsupported']);
});

test('a comment that looks like the end of a zip does not hide the directory', () => {
  const comment = Buffer.alloc(60);
  comment.writeUInt32LE(0x06054b50, 10);
  const zip = Buffer.concat([buildZip([{ name: 'a', content: 'x' }]), comment]);
  zip.writeUInt16LE(comment.length, zip.length - comment.length - 2);
  assert.deepEqual(list(zip), ['a: x']);
});

test('any byte of a zip may be wrong: members or a hole, never an exception', () => {
  const zip = buildZip([
    { name: 'a', content: 'x' },
    { name: 'b', content: 'y', method: 0 },
  ]);
  for (let at = 0; at < zip.length; at++) {
    for (const value of [0, 0xff]) {
      const changed = Buffer.from(zip);
      changed[at] = value;
      list(changed);
    }
  }
});

test('a tar gives its files, whatever else is in it', () => {
  const tar = buildTar([
    directory('etc'),
    symlink('x', 'y'),
    file('etc/a', 'one'),
    file('b'),
    file('c', 'three'),
  ]);
  assert.deepEqual(list(tar), ['etc/a: one', 'c: three']);
});

test("a tar's names have their prefix, its sizes may be binary", () => {
  const tar = buildTar([file('name', 'content')]);
  tar.write('some/folder', 345);
  assert.deepEqual(list(tar), ['some/folder/name: content']);
  tar.fill(0, 124, 136);
  tar[124] = 0x80;
  tar[135] = 7;
  assert.deepEqual(list(tar), ['some/folder/name: content']);
});

test('a tar that cannot be walked on says so', () => {
  const tar = buildTar([file('a', 'one'), file('b', 'two'), file('c', 'three')]);
  const broken = Buffer.from(tar);
  broken.fill(0x41, 1024 + 124, 1024 + 136);
  assert.deepEqual(list(broken), ['a: one', '(tar)! truncated']);
  const endless = Buffer.from(tar);
  endless.fill(0xff, 1024 + 124, 1024 + 136);
  assert.deepEqual(list(endless), ['a: one', '(tar)! truncated']);
  assert.deepEqual(list(tar.subarray(0, 2048 + 512)), ['a: one', 'b: two', 'c: ', '(tar)! truncated']);
});

test('a member without a name does not end a tar early', () => {
  const tar = buildTar([file('a', 'one'), file('', 'two'), file('c', 'three')]);
  assert.deepEqual(list(tar), ['a: one', ': two', 'c: three']);
});

test('what unfolds beyond the budget is left out and uses it up', () => {
  const bomb = gzipSync(Buffer.alloc(100_000));
  const budget = { bytes: 50_000, members: 10 };
  assert.deepEqual(list(bomb, budget), ['(content)! ratio-limit']);
  assert.equal(budget.bytes, 0);
  assert.deepEqual(list(gzipSync('small'), budget), ['(content)! ratio-limit']);
});

test('a zip member that says how large it is costs the others nothing, one that lies does', () => {
  const large = Buffer.alloc(100_000);
  const honest = buildZip([
    { name: 'large', content: large },
    { name: 'small', content: 'x' },
  ]);
  assert.deepEqual(list(honest, { bytes: 50_000, members: 10 }), ['large! ratio-limit', 'small: x']);
  const lying = buildZip([
    { name: 'large', content: large, declared: 1 },
    { name: 'small', content: 'x' },
  ]);
  assert.deepEqual(list(lying, { bytes: 50_000, members: 10 }), ['large! ratio-limit', 'small! ratio-limit']);
});

test('members that lie over each other are paid for each time', () => {
  const shared = (method: number) =>
    buildZip([
      { name: 'a', content: 'x'.repeat(1000), method },
      ...Array.from({ length: 4 }, () => ({ name: 'b', content: 'x'.repeat(1000), method, sameData: true })),
    ]);
  for (const method of [0, 8]) {
    const holes = list(shared(method), { bytes: 2500, members: 10 }).filter((one) => one.includes('!'));
    assert.deepEqual(holes, Array(3).fill('b! ratio-limit'), `method ${method}`);
  }
});

test('compressed data without content costs what it takes to read', () => {
  // Empty stored blocks: five bytes each, nothing comes of them.
  const empty = Buffer.concat([
    ...Array(200).fill(Buffer.from([0, 0, 0, 0xff, 0xff])),
    Buffer.from([1, 0, 0, 0xff, 0xff]),
  ]);
  const zip = buildZip([{ name: 'a', content: '', packed: empty }]);
  const budget = { bytes: 5000, members: 10 };
  assert.deepEqual(list(zip, budget), ['a: ']);
  assert.equal(budget.bytes, 5000 - empty.length);
});

test('the number of members is bounded', () => {
  const budget = (): Budget => ({ bytes: 1000, members: 2 });
  const names = ['a', 'b', 'c', 'd'];
  const tar = buildTar(names.map((name) => file(name, 'x')));
  assert.deepEqual(list(tar, budget()), ['a: x', 'b: x', '(tar)! entry-limit']);
  const zip = buildZip(names.map((name) => ({ name, content: 'x' })));
  assert.deepEqual(list(zip, budget()), ['a: x', 'b: x', 'c! entry-limit']);
});

test('formats without a decoder give nothing and say so beforehand', () => {
  const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0, 0]);
  assert.equal(isReadable(xz), false);
  assert.deepEqual(list(xz), []);
});

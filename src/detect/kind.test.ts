import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { buildZip } from '../../test/fixtures/zip-builder.ts';
import { buildTar, file } from '../lab/tar-builder.ts';
import { headSize, kindOf } from './kind.ts';

const kind = (content: string | Buffer): string =>
  kindOf((typeof content === 'string' ? Buffer.from(content, 'latin1') : content).subarray(0, headSize));

test('a file is what its first bytes say', () => {
  const expected: readonly (readonly [string, string | Buffer])[] = [
    ['elf', '\x7fELF\x02\x01\x01'],
    ['script', '#!/bin/sh\n'],
    ['script', '#!'],
    ['text', ''],
    ['text', 'key: value\n'],
    ['text', '\xef\xbb\xbfGr\xfc\xdfe'],
    ['binary', 'a\0b'],
    ['binary', '\x01\x02\x03\x04'],
    ['archive', gzipSync('x')],
    ['archive', zstdCompressSync(Buffer.from('x'))],
    [
      'archive',
      Buffer.concat([Buffer.from('5f2a4d180100000061', 'hex'), zstdCompressSync(Buffer.from('x'))]),
    ],
    ['archive', buildZip([{ name: 'a', content: 'b' }])],
    ['archive', buildTar([file('a', 'b')])],
    ['archive', 'BZh91AY&SY\x12\x34'],
    ['archive', '\xfd7zXZ\0'],
    ['archive', "7z\xbc\xaf'\x1c"],
  ];
  for (const [is, content] of expected)
    assert.equal(kind(content), is, JSON.stringify(content.toString('latin1')));
});

test('a text does not become an archive by words at the right place', () => {
  assert.equal(kind('P*M\n'), 'text');
  assert.equal(kind('BZhello=1\n./x -o pool\n'), 'text');
  assert.equal(kind(`${'#'.repeat(257)}ustar\n./x -o pool\n`), 'text');
});

test('a control byte in 32 is still a text, more are not', () => {
  assert.equal(kind(`\x01${'a'.repeat(31)}`), 'text');
  assert.equal(kind(`\x01\x02${'a'.repeat(30)}`), 'binary');
});

test('only the head counts', () => {
  assert.equal(kind(`${'a'.repeat(headSize)}\0`), 'text');
});

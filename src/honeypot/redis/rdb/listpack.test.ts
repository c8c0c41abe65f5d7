import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entrySize, listpack } from './listpack.ts';

/** Marks and lengths as listpack.c has them; of texts without their characters. */
const entries: readonly (readonly [element: string, begin: string, end: string])[] = [
  ['0', '00', '01'],
  ['127', '7f', '01'],
  ['128', 'c080', '02'],
  ['-1', 'dfff', '02'],
  ['-4096', 'd000', '02'],
  ['4096', 'f10010', '03'],
  ['-32769', 'f2ff7fff', '04'],
  ['8388608', 'f300008000', '05'],
  ['2147483648', 'f40000008000000000', '09'],
  ['-9223372036854775808', 'f40000000000000080', '09'],
  // One more than 64 bits, and numbers that are not written as Redis writes them.
  ['9223372036854775808', '93', '14'],
  ['007', '83', '04'],
  ['', '80', '01'],
  ['x'.repeat(63), 'bf', '40'],
  ['x'.repeat(64), 'e040', '42'],
  ['x'.repeat(126), 'e07e', '0180'],
  ['x'.repeat(4095), 'efff', '2081'],
  ['x'.repeat(4096), 'f000100000', '2085'],
];

test('an element has its mark before it and its length behind it', () => {
  for (const [element, begin, end] of entries) {
    const isText = /^(?:[89abe]|f0)/.test(begin);
    const entry = begin + (isText ? Buffer.from(element).toString('hex') : '') + end;
    const bytes = listpack([element, 'a']);
    const size = (7 + entry.length / 2 + 3).toString(16).padStart(4, '0');
    assert.equal(
      bytes.toString('hex'),
      `${size.slice(2)}${size.slice(0, 2)}00000200${entry}816102ff`,
      element.slice(0, 30),
    );
    assert.equal(entrySize(element), entry.length / 2);
  }
});

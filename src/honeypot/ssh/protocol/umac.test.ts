import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createUmac } from './umac.ts';

/** RFC 4418, appendix: key `abcdefghijklmnop`, nonce `bcdefghi`, and messages that repeat a few letters. */
const key = Buffer.from('abcdefghijklmnop');
const nonce = Buffer.from('bcdefghi');
const published: readonly (readonly [string, number, string, string])[] = [
  ['', 0, '6E155FAD26900BE1', '32FEDB100C79AD58F07FF764'],
  ['a', 3, '44B5CB542F220104', '185E4FE905CBA7BD85E4C2DC'],
  ['a', 2 ** 10, '26BF2F5D60118BD9', '7A54ABE04AF82D60FB298C3C'],
  ['a', 2 ** 15, '27F8EF643B0D118D', '7B136BD911E4B734286EF2BE'],
  ['a', 2 ** 20, 'A4477E87E9F55853', 'F8ACFA3AC31CFEEA047F7B11'],
  ['abc', 1, 'D4D7B9F6BD4FBFCF', '883C3D4B97A61976FFCF2323'],
  ['abc', 500, 'D4CF26DDEFD5C01A', '8824A260C53C66A36C9260A6'],
];

describe('UMAC', () => {
  for (const [text, times, short, long] of published) {
    const message = Buffer.from(text.repeat(times));
    it(`is what RFC 4418 says for ${text === '' ? 'nothing' : `${times} times "${text}"`}`, () => {
      const tag = (length: 8 | 16) =>
        createUmac(key, length)(nonce.readUInt32BE(0), nonce.readUInt32BE(4), message)
          .toString('hex')
          .toUpperCase();
      assert.equal(tag(8), short);
      assert.equal(tag(16).slice(0, 24), long);
    });
  }
});

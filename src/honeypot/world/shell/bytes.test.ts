import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomOf } from '../../persona/random.ts';
import { bytesOf, textOf } from './bytes.ts';

describe('text of the shell', () => {
  it('gives back all bytes, whether they are text or not', () => {
    const random = randomOf('a fixed seed', 'bytes');
    const sets = [
      Buffer.from('\x7fELF\x02\xff\xb0', 'latin1'),
      Buffer.from('plain, ümlaut, €, 😀'),
      Buffer.from([0xf0, 0x9f, 0x98]),
      Buffer.from([0xed, 0xa0, 0x80, 0xc0, 0x80, 0xe2, 0x82]),
      ...Array.from({ length: 200 }, () => random.bytes(random.int(1, 40))),
    ];
    for (const bytes of sets) assert.deepEqual(Buffer.from(bytesOf(textOf(bytes))), Buffer.from(bytes));
  });

  it('is UTF-8 where the bytes are', () => {
    assert.equal(textOf(Buffer.from('é€😀')), 'é€😀');
    assert.equal(textOf(Buffer.from([0x61, 0xff, 0x62])), 'a\udcffb');
  });
});

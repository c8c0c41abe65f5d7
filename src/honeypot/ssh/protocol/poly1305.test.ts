import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { poly1305 } from './poly1305.ts';

describe('Poly1305', () => {
  it('is what RFC 8439, 2.5.2 says', () => {
    const key = Buffer.from('85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b', 'hex');
    const tag = poly1305(key, Buffer.from('Cryptographic Forum Research Group'));
    assert.equal(tag.toString('hex'), 'a8061dc1305136c6c22b8baf0c0127a9');
  });

  it('is what the definition says, for all lengths to 80 and for bytes that carry as far as they can', () => {
    for (let length = 0; length <= 80; length++) {
      for (const fill of [Buffer.alloc(80, 0xff), createHash('sha512').update(`${length}`).digest()]) {
        const message = Buffer.concat([fill, fill]).subarray(0, length);
        const key = Buffer.concat([fill, fill]).subarray(-32);
        assert.equal(poly1305(key, message).toString('hex'), defined(key, message), `${length} bytes`);
      }
    }
  });
});

/** RFC 8439, 2.5.1, word by word. */
function defined(key: Buffer, message: Buffer): string {
  const r = number(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = number(Buffer.concat([message.subarray(at, at + 16), Buffer.of(1)]));
    sum = ((sum + block) * r) % (2n ** 130n - 5n);
  }
  const tag = (sum + number(key.subarray(16))) % 2n ** 128n;
  return Buffer.from(tag.toString(16).padStart(32, '0'), 'hex').reverse().toString('hex');
}

const number = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

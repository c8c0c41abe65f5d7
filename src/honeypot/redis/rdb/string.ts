/** How RDB files write lengths and strings (rdb.c, version 10 of the format). */
import { integerIn } from '../numbers.ts';
import { compressLzf } from './lzf.ts';

/** Numbers of up to 32 bits as such. */
export function stringBytes(text: string, compresses: boolean): Buffer {
  const value = text.length <= 11 ? integerIn(text) : undefined;
  const width = value === undefined ? undefined : [1, 2, 4].find((bytes) => fits(value, bytes));
  if (width !== undefined) {
    const bytes = Buffer.alloc(1 + width, 0xc0 | (width >> 1));
    bytes.writeIntLE(Number(value), 1, width);
    return bytes;
  }
  return rawBytes(Buffer.from(text, 'latin1'), compresses);
}

/** As they are, or compressed. */
export function rawBytes(bytes: Buffer, compresses: boolean): Buffer {
  const packed = compresses && bytes.length > 20 ? compressLzf(bytes) : undefined;
  if (packed === undefined) return Buffer.concat([lengthBytes(bytes.length), bytes]);
  return Buffer.concat([Buffer.of(0xc3), lengthBytes(packed.length), lengthBytes(bytes.length), packed]);
}

/** Of up to 64 bits; other numbers that are never negative are written so as well. */
export function lengthBytes(length: number | bigint): Buffer {
  if (length >= 2 ** 32) {
    const bytes = Buffer.alloc(9, 0x81);
    bytes.writeBigUInt64BE(BigInt(length), 1);
    return bytes;
  }
  const small = Number(length);
  if (small < 64) return Buffer.of(small);
  if (small < 16_384) return Buffer.of(0x40 | (small >> 8), small & 0xff);
  const bytes = Buffer.alloc(5, 0x80);
  bytes.writeUInt32BE(small, 1);
  return bytes;
}

/** Whether so many bytes hold it. */
export function fits(value: bigint, bytes: number): boolean {
  return BigInt.asIntN(8 * bytes, value) === value;
}

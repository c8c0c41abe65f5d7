/** Lengths and strings of RDB files, as they come from others (rdb.c, version 10 of the format). */
import { outOfMemory } from '../keyspace.ts';
import { expandLzf } from './lzf.ts';

/** Thrown for bytes that are not what they should be. */
export class BadData extends Error {}

/** Bytes of one string. */
const maxString = 4 << 20;

export class Reader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** @throws BadData where there are not so many */
  take(length: number): Buffer {
    if (length > this.left) throw new BadData();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  /** A count of what takes a byte each, so that more of them than there are bytes are none. @throws BadData */
  count(): number {
    const count = this.length();
    if (count > this.left) throw new BadData();
    return count;
  }

  /** @throws BadData */
  length(): number {
    const first = this.byte();
    if (first >= 0xc0) throw new BadData();
    return this.lengthAfter(first);
  }

  private lengthAfter(first: number): number {
    if (first < 0x40) return first;
    if (first < 0x80) return ((first & 63) << 8) | this.byte();
    if (first === 0x80) return this.take(4).readUInt32BE();
    if (first === 0x81) return Number(this.take(8).readBigUInt64BE());
    throw new BadData();
  }

  /** @throws BadData, RedisError where it is too long to be kept */
  string(): Buffer {
    const first = this.byte();
    switch (first) {
      case 0xc0:
        return Buffer.from(String(this.take(1).readInt8()));
      case 0xc1:
        return Buffer.from(String(this.take(2).readInt16LE()));
      case 0xc2:
        return Buffer.from(String(this.take(4).readInt32LE()));
      case 0xc3:
        return this.compressed();
      default:
        return this.take(this.lengthAfter(first));
    }
  }

  private compressed(): Buffer {
    const [packed, length] = [this.length(), this.length()];
    const bytes = this.take(packed);
    if (length > maxString && length <= maxString * 16) throw outOfMemory();
    const expanded = length > maxString ? undefined : expandLzf(bytes, length);
    if (expanded === undefined) throw new BadData();
    return expanded;
  }

  text(): string {
    return this.string().toString('latin1');
  }

  /** Eight bytes. */
  double(): number {
    return this.take(8).readDoubleLE();
  }
}

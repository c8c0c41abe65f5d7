/** The elements of a listpack that others made (listpack.c, 7.0). */
import { readPacked } from './packed.ts';
import { BadData, type Reader } from './reader.ts';

const headSize = 6;

/** @throws BadData */
export function readListpack(bytes: Buffer): Generator<string> {
  return readPacked(bytes, headSize, (reader) => {
    const before = reader.left;
    const element = elementOf(reader);
    skipBackLength(reader, before - reader.left);
    return element;
  });
}

function elementOf(reader: Reader): string {
  const first = reader.byte();
  const text = (length: number): string => reader.take(length).toString('latin1');
  if (first < 0x80) return String(first);
  if (first < 0xc0) return text(first & 63);
  if (first < 0xe0) {
    const bits = ((first & 31) << 8) | reader.byte();
    return String(bits < 4096 ? bits : bits - 8192);
  }
  if (first < 0xf0) return text(((first & 15) << 8) | reader.byte());
  switch (first) {
    case 0xf0:
      return text(reader.take(4).readUInt32LE());
    case 0xf1:
      return String(reader.take(2).readInt16LE());
    case 0xf2:
      return String(reader.take(3).readIntLE(0, 3));
    case 0xf3:
      return String(reader.take(4).readInt32LE());
    case 0xf4:
      return String(reader.take(8).readBigInt64LE());
    default:
      throw new BadData();
  }
}

/** Of an entry of that many bytes. */
function skipBackLength(reader: Reader, length: number): void {
  let size = 1;
  for (let rest = length; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  let told = 0;
  for (const byte of reader.take(size)) told = told * 128 + (byte & 127);
  if (told !== length) throw new BadData();
}

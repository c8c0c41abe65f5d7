/** The elements of a ziplist, which Redis before 7.0 kept small values in (ziplist.c). */
import { readPacked } from './packed.ts';
import { BadData, type Reader } from './reader.ts';

const headSize = 10;

/** @throws BadData */
export function readZiplist(bytes: Buffer): Generator<string> {
  let before = 0;
  return readPacked(bytes, headSize, (reader) => {
    const { left } = reader;
    const short = reader.byte();
    if ((short < 254 ? short : reader.take(4).readUInt32LE()) !== before) throw new BadData();
    const element = elementOf(reader);
    before = left - reader.left;
    return element;
  });
}

function elementOf(reader: Reader): string {
  const first = reader.byte();
  const text = (length: number): string => reader.take(length).toString('latin1');
  if (first < 0x40) return text(first);
  if (first < 0x80) return text(((first & 63) << 8) | reader.byte());
  switch (first) {
    case 0x80:
      return text(reader.take(4).readUInt32BE());
    case 0xc0:
      return String(reader.take(2).readInt16LE());
    case 0xd0:
      return String(reader.take(4).readInt32LE());
    case 0xe0:
      return String(reader.take(8).readBigInt64LE());
    case 0xf0:
      return String(reader.take(3).readIntLE(0, 3));
    case 0xfe:
      return String(reader.take(1).readInt8());
    default:
      if (first < 0xf1 || first > 0xfd) throw new BadData();
      return String((first & 15) - 1);
  }
}

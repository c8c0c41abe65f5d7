/** Listpacks, in which Redis keeps small values in one piece of memory (listpack.c, 7.0). */
import { integerIn } from '../numbers.ts';

/** A length behind so many elements is not told any more. */
const maxCount = 65_535;

export function listpack(elements: readonly string[]): Buffer {
  const entries = elements.map(entryOf);
  const size = 7 + entries.reduce((sum, { length }) => sum + length, 0);
  const head = Buffer.alloc(6);
  head.writeUInt32LE(size, 0);
  head.writeUInt16LE(Math.min(elements.length, maxCount), 4);
  return Buffer.concat([head, ...entries, Buffer.of(0xff)]);
}

/** Of an element, in bytes. */
export function entrySize(element: string): number {
  return entryOf(element).length;
}

function entryOf(element: string): Buffer {
  const value = integerIn(element);
  const data = value === undefined ? textOf(element) : numberOf(value);
  return Buffer.concat([data, backLength(data.length)]);
}

function textOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 64) return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
  if (bytes.length < 4096) {
    const head = Buffer.of(0xe0 | (bytes.length >> 8), bytes.length & 0xff);
    return Buffer.concat([head, bytes]);
  }
  const head = Buffer.alloc(5, 0xf0);
  head.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** By how many bytes each takes. */
const marks = [
  [2, 0xf1],
  [3, 0xf2],
  [4, 0xf3],
  [8, 0xf4],
] as const;

function numberOf(value: bigint): Buffer {
  if (value >= 0n && value < 128n) return Buffer.of(Number(value));
  if (value >= -4096n && value < 4096n) {
    const bits = Number(BigInt.asUintN(13, value));
    return Buffer.of(0xc0 | (bits >> 8), bits & 0xff);
  }
  const [width, mark] = marks.find(([bytes]) => BigInt.asIntN(8 * bytes, value) === value)!;
  const all = Buffer.alloc(8);
  all.writeBigInt64LE(value);
  return Buffer.concat([Buffer.of(mark), all.subarray(0, width)]);
}

/** The entry's length, to be read backwards: seven bits in a byte, the highest bit where more is before it. */
function backLength(length: number): Buffer {
  const groups: number[] = [];
  for (let rest = length; rest > 0 || groups.length === 0; rest = Math.floor(rest / 128))
    groups.unshift(groups.length === 0 && rest < 128 ? rest : rest % 128);
  return Buffer.from(groups.map((group, index) => (index === 0 ? group : group | 0x80)));
}

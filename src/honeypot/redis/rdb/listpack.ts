/** Listpacks, in which Redis keeps small values in one piece of memory (listpack.c, 7.0). */
import { integerIn } from '../numbers.ts';

/** A length behind so many elements is not told any more. */
const maxCount = 65_535;
const headSize = 6;
/** Beside the characters of an element: a mark and lengths at both ends; numbers take no more. */
const mostBeside = 10;

/** All in one piece of memory: a stream may have a hundred thousand elements, and the connections of others wait. */
export function listpack(elements: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(
    elements.reduce((most, { length }) => most + length + mostBeside, headSize + 1),
  );
  let at = headSize;
  for (const element of elements) {
    const value = integerIn(element);
    const end = value === undefined ? putText(bytes, at, element) : putNumber(bytes, at, value);
    at = putBackLength(bytes, end, end - at);
  }
  bytes[at] = 0xff;
  bytes.writeUInt32LE(at + 1, 0);
  bytes.writeUInt16LE(Math.min(elements.length, maxCount), 4);
  return bytes.subarray(0, at + 1);
}

/** Of an element, in bytes. */
export function entrySize(element: string): number {
  const value = integerIn(element);
  const size = value === undefined ? textHead(element.length) + element.length : numberSize(value);
  return size + backLengthSize(size);
}

/** How long the length before a text is. */
function textHead(length: number): number {
  if (length < 64) return 1;
  return length < 4096 ? 2 : 5;
}

/** @returns where it ends; so the others */
function putText(bytes: Buffer, at: number, text: string): number {
  const { length } = text;
  const head = textHead(length);
  if (head === 1) bytes[at] = 0x80 | length;
  else if (head === 2) bytes.writeUInt16BE(0xe000 | length, at);
  else {
    bytes[at] = 0xf0;
    bytes.writeUInt32LE(length, at + 1);
  }
  return at + head + bytes.write(text, at + head, 'latin1');
}

/** By how many bytes a number takes beside them. */
const marks = { 2: 0xf1, 3: 0xf2, 4: 0xf3, 8: 0xf4 } as const;

function numberSize(value: bigint): number {
  if (value >= 0n && value < 128n) return 1;
  if (value >= -4096n && value < 4096n) return 2;
  return 1 + widthOf(value);
}

function widthOf(value: bigint): keyof typeof marks {
  const narrow = ([2, 3, 4] as const).find((bytes) => BigInt.asIntN(8 * bytes, value) === value);
  return narrow ?? 8;
}

function putNumber(bytes: Buffer, at: number, value: bigint): number {
  const size = numberSize(value);
  if (size === 1) bytes[at] = Number(value);
  else if (size === 2) bytes.writeUInt16BE(0xc000 | Number(BigInt.asUintN(13, value)), at);
  else {
    const width = widthOf(value);
    bytes[at] = marks[width];
    if (width === 8) bytes.writeBigInt64LE(value, at + 1);
    else bytes.writeIntLE(Number(value), at + 1, width);
  }
  return at + size;
}

function backLengthSize(length: number): number {
  let size = 1;
  for (let rest = length; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/** The entry's length, to be read backwards: seven bits in a byte, the highest bit where more is before it. */
function putBackLength(bytes: Buffer, at: number, length: number): number {
  const end = at + backLengthSize(length);
  let rest = length;
  for (let place = end - 1; place >= at; place -= 1) {
    bytes[place] = place === at ? rest : (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 128);
  }
  return end;
}

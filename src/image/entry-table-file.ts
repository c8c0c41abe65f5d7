/**
 * The serialised form of an entry table: a header, then the columns as they lie in memory, the widest first so
 * that each is aligned. Loading checks every number that is used as an index: a cache file may be damaged.
 *
 * Header, 32-bit words: mark (also tells the byte order), version, entries, bytes of names, contents, 0.
 */
import { WaterguardError } from '../model/error.ts';
import { type Columns, digestSize, entryTypes } from './entry-columns.ts';

const mark = 0x54454757;
const version = 1;
const headerSize = 24;

/** Bytes per entry in the columns. */
const rowSize = 8 + 4 * 4 + 2 * 2;

export function serialiseColumns(columns: Columns): Buffer {
  const { count, contentCount, starts } = columns;
  const nameBytes = starts[count]!;
  const sizes = [
    columns.sizes,
    starts,
    columns.uids,
    columns.gids,
    columns.contents,
    columns.pathLengths,
    columns.modes,
  ];
  const header = new Uint32Array([mark, version, count, nameBytes, contentCount, 0]);
  const out = Buffer.allocUnsafeSlow(totalSize(count, nameBytes, contentCount));
  let at = 0;
  for (const part of [header, ...sizes]) {
    const length = part === header ? header.length : part === starts ? count + 1 : count;
    const bytes = Buffer.from(part.buffer, part.byteOffset, length * part.BYTES_PER_ELEMENT);
    at += bytes.copy(out, at);
  }
  at += columns.names.copy(out, at, 0, nameBytes);
  columns.hashes.copy(out, at, 0, contentCount * digestSize);
  return out;
}

/** @throws WaterguardError `corrupt` */
export function loadColumns(bytes: Buffer): Columns {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : copyAligned(bytes);
  if (aligned.length < headerSize) throw corrupt('it is too short');
  const { buffer, byteOffset } = aligned;
  const header = new Uint32Array(buffer, byteOffset, headerSize / 4);
  if (header[0] !== mark) throw corrupt('it does not begin as one');
  if (header[1] !== version) throw corrupt(`its version is ${header[1]}, not ${version}`);
  const count = header[2]!;
  const nameBytes = header[3]!;
  const contentCount = header[4]!;
  if (aligned.length !== totalSize(count, nameBytes, contentCount)) throw corrupt('its length is wrong');
  let at = byteOffset + headerSize;
  const next = (width: number, length: number): number => {
    at += width * length;
    return at - width * length;
  };
  const columns: Columns = {
    count,
    contentCount,
    sizes: new Float64Array(buffer, next(8, count), count),
    starts: new Uint32Array(buffer, next(4, count + 1), count + 1),
    uids: new Uint32Array(buffer, next(4, count), count),
    gids: new Uint32Array(buffer, next(4, count), count),
    contents: new Uint32Array(buffer, next(4, count), count),
    pathLengths: new Uint16Array(buffer, next(2, count), count),
    modes: new Uint16Array(buffer, next(2, count), count),
    names: Buffer.from(buffer, next(1, nameBytes), nameBytes),
    hashes: Buffer.from(buffer, at, contentCount * digestSize),
  };
  checkRows(columns, nameBytes);
  return columns;
}

function checkRows(columns: Columns, nameBytes: number): void {
  const { count, starts, pathLengths, modes, sizes, contents, names, contentCount } = columns;
  let sound = starts[0] === 0 && starts[count] === nameBytes;
  for (let i = 0; i < count && sound; i++) {
    const start = starts[i]!;
    const length = pathLengths[i]!;
    const size = sizes[i]!;
    sound =
      length > 0 &&
      start + length <= starts[i + 1]! &&
      names[start] === 0x2f &&
      modes[i]! >>> 12 < entryTypes.length &&
      contents[i]! <= contentCount &&
      size >= 0 &&
      size <= Number.MAX_SAFE_INTEGER;
  }
  if (!sound) throw corrupt('a row points outside of it');
}

function totalSize(count: number, nameBytes: number, contentCount: number): number {
  return headerSize + count * rowSize + 4 + nameBytes + contentCount * digestSize;
}

function copyAligned(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

function corrupt(why: string): WaterguardError {
  return new WaterguardError('corrupt', `a cached table of entries cannot be read: ${why}`);
}

/** The columns of an entry table, and how they grow. */
import { WaterguardError } from '../model/error.ts';
import type { EntryType } from './entry.ts';
import { letGo, moved } from './memory.ts';

/** The order is part of the serialised form. */
export const entryTypes: readonly EntryType[] = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'device',
  'fifo',
  'whiteout',
  'opaque',
];

/**
 * All columns have one capacity, `starts` one more. An entry's bytes in `names` are its path, then its link,
 * from `starts[i]` to `starts[i + 1]`.
 */
export interface Columns {
  count: number;
  contentCount: number;
  starts: Uint32Array;
  pathLengths: Uint16Array;
  /** Permission bits in the low 12 bits, the place in `entryTypes` above them. */
  modes: Uint16Array;
  uids: Uint32Array;
  gids: Uint32Array;
  sizes: Float64Array;
  /** Content id + 1; 0 where the content is not known. */
  contents: Uint32Array;
  names: Buffer;
  /** SHA-256 of content `id` at `id * 32`. */
  hashes: Buffer;
}

export const digestSize = 32;

/** A SHA-256 is random enough by itself. */
export function digestHash(bytes: Uint8Array, at = 0): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

const maxNameBytes = 2 ** 31 - 1;

export function emptyColumns(): Columns {
  return {
    count: 0,
    contentCount: 0,
    starts: new Uint32Array(1),
    pathLengths: new Uint16Array(0),
    modes: new Uint16Array(0),
    uids: new Uint32Array(0),
    gids: new Uint32Array(0),
    sizes: new Float64Array(0),
    contents: new Uint32Array(0),
    names: Buffer.alloc(0),
    hashes: Buffer.alloc(0),
  };
}

/** @throws WaterguardError `limit` beyond 2 GiB of names; walkers stop long before */
export function makeRoom(columns: Columns, entries: number, nameBytes: number): void {
  if (nameBytes > maxNameBytes) {
    throw new WaterguardError('limit', `the names of a layer take more than ${maxNameBytes} bytes`);
  }
  if (nameBytes > columns.names.length) columns.names = grownBuffer(columns.names, nameBytes);
  if (entries <= columns.sizes.length) return;
  const capacity = grownSize(columns.sizes.length, entries);
  columns.starts = moved(columns.starts, new Uint32Array(capacity + 1));
  columns.pathLengths = moved(columns.pathLengths, new Uint16Array(capacity));
  columns.modes = moved(columns.modes, new Uint16Array(capacity));
  columns.uids = moved(columns.uids, new Uint32Array(capacity));
  columns.gids = moved(columns.gids, new Uint32Array(capacity));
  columns.sizes = moved(columns.sizes, new Float64Array(capacity));
  columns.contents = moved(columns.contents, new Uint32Array(capacity));
}

export function grownBuffer(from: Buffer, needed: number): Buffer {
  const to = Buffer.allocUnsafeSlow(grownSize(from.length, needed));
  from.copy(to);
  letGo(from);
  return to;
}

function grownSize(size: number, needed: number): number {
  return Math.max(needed, Math.ceil(size * 1.3), 64);
}

/**
 * Maps of sparse files: which stretches of the file are stored. Four ways to write them: old GNU (type `S`,
 * in the header and the blocks after it) and GNU pax 0.0, 0.1 (in the extended header) and 1.0 (in front of
 * the content). https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html
 */
import { blockSize, corrupt, parseNumber } from './header.ts';
import { decimal, type PaxSparse } from './pax.ts';
import { exactly, type Reading } from './reading.ts';

/** `map` holds offset, length, offset, length …: ascending, not overlapping, within `size`. */
export interface SparseFile {
  readonly size: number;
  readonly map: readonly number[];
  /** Bytes of content that are really there: the sum of the lengths. */
  readonly stored: number;
  /** Bytes before the content that the map itself took. */
  readonly mapBytes: number;
}

/** Longest map in bytes, like Go's limit for everything in front of the content (maxSpecialFileSize, 1.25.2). */
const maxMapBytes = 1024 * 1024;

/** Type `S`. @param block the header's block */
export function* readOldGnuMap(block: Buffer, content: number): Reading<SparseFile> {
  const size = parseNumber(block, 483, 12);
  const map: number[] = [];
  let more = addOldGnuPairs(map, block, 386, 4) && block[482] !== 0;
  let mapBytes = 0;
  while (more) {
    mapBytes += blockSize;
    if (mapBytes > maxMapBytes) throw corrupt('the map of a sparse file is longer than 1 MiB');
    const next = yield* exactly(blockSize);
    if (next.length < blockSize) throw corrupt('the archive ends in the map of a sparse file');
    more = addOldGnuPairs(map, next, 0, 21) && next[504] !== 0;
  }
  return checked(size, map, content, 0);
}

/** @returns false at the first unused pair */
function addOldGnuPairs(map: number[], block: Buffer, start: number, count: number): boolean {
  for (let at = start; at < start + count * 24; at += 24) {
    if (block[at] === 0) return false;
    map.push(parseNumber(block, at, 12), parseNumber(block, at + 12, 12));
  }
  return true;
}

/** @param content bytes that follow the header @returns undefined where the records name no map */
export function* readPaxMap(sparse: PaxSparse, content: number): Reading<SparseFile | undefined> {
  const size = sparse.size ?? content;
  if (sparse.major === '1' && sparse.minor === '0') return yield* readMapInContent(size, content);
  if (sparse.map === undefined) return undefined;
  return checked(size, sparse.map, content, 0);
}

/** Version 1.0: decimal numbers, one a line: how many pairs, then the pairs; padded to a block. */
function* readMapInContent(size: number, content: number): Reading<SparseFile> {
  const map: number[] = [];
  let expected = -1;
  let line: number[] = [];
  let mapBytes = 0;
  while (expected < 0 || map.length < expected) {
    mapBytes += blockSize;
    if (mapBytes > maxMapBytes || mapBytes > content) throw corrupt('the map of a sparse file is too long');
    const block = yield* exactly(blockSize);
    if (block.length < blockSize) throw corrupt('the archive ends in the map of a sparse file');
    for (const byte of block) {
      if (expected >= 0 && map.length >= expected) break;
      if (byte !== 0x0a) {
        if (line.push(byte) > 20) throw corrupt('the map of a sparse file has an impossible number');
        continue;
      }
      const value = decimal(Buffer.from(line));
      line = [];
      if (expected < 0) expected = value * 2;
      else map.push(value);
      if (!Number.isSafeInteger(value)) throw corrupt('the map of a sparse file has an impossible number');
    }
  }
  return checked(size, map, content, mapBytes);
}

function checked(size: number, map: readonly number[], content: number, mapBytes: number): SparseFile {
  let end = 0;
  let stored = 0;
  for (let i = 0; i < map.length; i += 2) {
    const offset = map[i]!;
    const length = map[i + 1] ?? Number.NaN;
    if (!(offset >= end && length >= 0 && offset + length <= size)) {
      throw corrupt('the map of a sparse file overlaps itself or leaves the file');
    }
    end = offset + length;
    stored += length;
  }
  if (!Number.isSafeInteger(size) || size < 0 || stored > content - mapBytes) {
    throw corrupt('the map of a sparse file does not fit its content');
  }
  return { size, map, stored, mapBytes };
}

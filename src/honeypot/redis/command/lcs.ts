/** LCS: the longest common subsequence of two texts (t_string.c, 7.0). */
import { integer } from '../numbers.ts';
import { map, RedisError, type Reply, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';

export const longestCommon: Handlers = { lcs };

/** Bytes of memory that Redis takes for one cell, and what it takes at most (proto-max-bulk-len). */
const cellSize = 4;
const maxTable = 512 << 20;
/** Cells of a table that are filled here in less than a tenth of a second; one bit is kept of each. */
const maxCells = 6_000_000;

function lcs({ db }: Call, first?: string, second?: string, ...options: string[]): Reply {
  const [a, b] = [first!, second!].map((key) => {
    const value = db.read(key)?.value;
    if (value !== undefined && value.kind !== 'string')
      throw new RedisError('ERR The specified keys must contain string values');
    return Buffer.from(value?.text ?? '', 'latin1');
  }) as [Buffer, Buffer];
  const given = new Set<string>();
  let least = 0;
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at]!.toUpperCase();
    if (option === 'IDX' || option === 'LEN' || option === 'WITHMATCHLEN') given.add(option);
    else if (option === 'MINMATCHLEN' && at + 1 < options.length) least = integer(options[++at]!);
    else throw syntaxError();
  }
  if (given.has('IDX') && given.has('LEN'))
    throw new RedisError('ERR If you want both the length and indexes, please just use IDX.');
  const { length, text, matches } = compare(a, b);
  if (given.has('LEN')) return length;
  if (!given.has('IDX')) return text;
  const told = matches
    .filter((match) => match.length >= least)
    .map((match): Reply => {
      const places = [match.a, match.b].map((from) => [from, from + match.length - 1]);
      return given.has('WITHMATCHLEN') ? [...places, match.length] : places;
    });
  return map([
    ['matches', told],
    ['len', length],
  ]);
}

interface Match {
  /** Where it begins in the one text and in the other. */
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** @returns pieces from the last to the first. @throws RedisError where the table of both would be too large */
function compare(
  a: Buffer,
  b: Buffer,
): { readonly length: number; readonly text: string; readonly matches: readonly Match[] } {
  const width = b.length + 1;
  const cells = (a.length + 1) * width;
  if (cells * cellSize > maxTable)
    throw new RedisError('ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len');
  if (cells > maxCells)
    throw new RedisError('ERR Insufficient memory, failed allocating transient memory for LCS');
  // A bit says that more is had in common without the last of `a` than without the last of `b`.
  const without = new Uint8Array((cells >> 3) + 1);
  let [above, row] = [new Uint32Array(width), new Uint32Array(width)];
  for (let i = 1; i <= a.length; i += 1) {
    [above, row] = [row, above];
    const byte = a[i - 1];
    for (let j = 1, cell = i * width + 1; j < width; j += 1, cell += 1) {
      if (b[j - 1] === byte) row[j] = above[j - 1]! + 1;
      else if (above[j]! > row[j - 1]!) {
        row[j] = above[j]!;
        without[cell >> 3]! |= 1 << (cell & 7);
      } else row[j] = row[j - 1]!;
    }
  }

  const length = row[b.length]!;
  const text = Buffer.alloc(length);
  const matches: Match[] = [];
  let [i, j, left, run] = [a.length, b.length, length, 0];
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      i -= 1;
      j -= 1;
      left -= 1;
      run += 1;
      text[left] = a[i]!;
      if (i > 0 && j > 0) continue;
    }
    if (run > 0) matches.push({ a: i, b: j, length: run });
    run = 0;
    const cell = i * width + j;
    if (((without[cell >> 3]! >> (cell & 7)) & 1) === 1) i -= 1;
    else j -= 1;
  }
  return { length, text: text.toString('latin1'), matches };
}

/**
 * Registers of a HyperLogLog that are mostly zero, as runs (hyperloglog.c, 7.0): `00llllll` so many zeros, `01llllll
 * llllllll` many zeros, `1vvvvvll` up to four of the same value; lengths and values one lower than meant.
 */
import { registerCount } from './hash.ts';

export interface Run {
  readonly kind: 'zero' | 'xzero' | 'value';
  readonly value: number;
  readonly length: number;
  /** Bytes. */
  readonly size: number;
}

export const maxSparseValue = 32;
const maxValueRun = 4;
const maxZeroRun = 64;

export function runAt(bytes: Uint8Array, at: number): Run {
  const byte = bytes[at]!;
  if (byte >= 0x80) return { kind: 'value', value: ((byte >> 2) & 31) + 1, length: (byte & 3) + 1, size: 1 };
  if (byte < 0x40) return { kind: 'zero', value: 0, length: byte + 1, size: 1 };
  return { kind: 'xzero', value: 0, length: (((byte & 63) << 8) | (bytes[at + 1] ?? 0)) + 1, size: 2 };
}

/** All of them zero. */
export const emptySparse = Buffer.from(zeros(registerCount));

function zeros(length: number): number[] {
  if (length === 0) return [];
  if (length <= maxZeroRun) return [length - 1];
  return [0x40 | ((length - 1) >> 8), (length - 1) & 0xff];
}

function values(value: number, length: number): number[] {
  return length === 0 ? [] : [0x80 | ((value - 1) << 2) | (length - 1)];
}

/** @returns undefined where the runs are not of as many registers as there are */
export function sparseRegisters(bytes: Uint8Array): Uint8Array | undefined {
  const registers = new Uint8Array(registerCount);
  let index = 0;
  for (let at = 0; at < bytes.length; ) {
    const run = runAt(bytes, at);
    if (index + run.length > registerCount) return undefined;
    registers.fill(run.value, index, index + run.length);
    index += run.length;
    at += run.size;
  }
  return index === registerCount ? registers : undefined;
}

/** What became of setting a register; `dense` where runs are not the way to have it. */
export type Setting =
  | { readonly kind: 'same' | 'dense' | 'corrupt' }
  | { readonly kind: 'set'; readonly bytes: Buffer };

/**
 * Raises a register.
 * @param room bytes that the runs may grow to
 * @param look is told how many runs were looked at
 */
export function setSparse(
  bytes: Buffer,
  { index, rank }: { readonly index: number; readonly rank: number },
  room: number,
  look: (runs: number) => void,
): Setting {
  if (rank > maxSparseValue) return { kind: 'dense' };
  let [at, first, before, looked] = [0, 0, 0, 0];
  let run: Run | undefined;
  while (at < bytes.length) {
    run = runAt(bytes, at);
    looked += 1;
    if (index < first + run.length) break;
    before = at;
    at += run.size;
    first += run.length;
  }
  look(looked);
  if (run === undefined || at >= bytes.length) return { kind: 'corrupt' };
  if (run.kind === 'value' && run.value >= rank) return { kind: 'same' };
  const [left, right] = [index - first, first + run.length - 1 - index];
  const around = (length: number): number[] =>
    run.kind === 'value' ? values(run.value, length) : zeros(length);
  const sequence = [...around(left), ...values(rank, 1), ...around(right)];
  const growth = sequence.length - run.size;
  if (growth > 0 && bytes.length + growth > room) return { kind: 'dense' };
  const changed = Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(sequence),
    bytes.subarray(at + run.size),
  ]);
  return { kind: 'set', bytes: merged(changed, before) };
}

/** Neighbours of the same value become one run, among the five from there on. */
function merged(bytes: Buffer, from: number): Buffer {
  let end = bytes.length;
  for (let at = from, left = 5; at < end && left > 0; left -= 1) {
    const [one, next] = [runAt(bytes, at), at + 1 < end ? runAt(bytes, at + 1) : undefined];
    const length = one.length + (next?.length ?? 0);
    if (one.kind !== 'value' || next?.kind !== 'value' || one.value !== next.value || length > maxValueRun) {
      at += one.size;
      continue;
    }
    bytes[at + 1] = values(one.value, length)[0]!;
    bytes.copyWithin(at, at + 1, end);
    end -= 1;
  }
  return bytes.subarray(0, end);
}

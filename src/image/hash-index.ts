/**
 * A hash table of numbers: it finds rows of a table by bytes that the table keeps, at 4 to 12 bytes a row. The
 * seed differs in every process, so that nobody can write names that all collide.
 */
import { randomBytes } from 'node:crypto';

export interface HashIndex {
  /** @returns the row with that hash for which `matches` holds, -1 where there is none */
  find(hash: number, matches: (row: number) => boolean): number;
  /** Adds a row that is not there yet. */
  add(hash: number, row: number): void;
  /** The same rows, to be added to apart. */
  copy(hashOf: (row: number) => number): HashIndex;
}

/** @param hashOf recomputes a row's hash when the table grows @param expected rows to make room for */
export function createHashIndex(hashOf: (row: number) => number, expected = 0): HashIndex {
  return indexOn(new Int32Array(slotsFor(expected)), 0, hashOf);
}

/** @param slots row + 1, or 0 where free; their number is a power of two */
function indexOn(slots: Int32Array, used: number, hashOf: (row: number) => number): HashIndex {
  let mask = slots.length - 1;

  function place(hash: number, row: number): void {
    let at = hash & mask;
    while (slots[at] !== 0) at = (at + 1) & mask;
    slots[at] = row + 1;
  }

  function grow(): void {
    const old = slots;
    slots = new Int32Array(old.length * 2);
    mask = slots.length - 1;
    for (const stored of old) if (stored !== 0) place(hashOf(stored - 1), stored - 1);
  }

  return {
    find(hash, matches) {
      for (let at = hash & mask; ; at = (at + 1) & mask) {
        const stored = slots[at]!;
        if (stored === 0) return -1;
        if (matches(stored - 1)) return stored - 1;
      }
    },
    add(hash, row) {
      if (++used > slots.length * 0.7) grow();
      place(hash, row);
    },
    copy: (hashOfCopy) => indexOn(slots.slice(), used, hashOfCopy),
  };
}

function slotsFor(rows: number): number {
  let slots = 64;
  while (rows > slots * 0.7) slots *= 2;
  return slots;
}

const processSeed = randomBytes(4).readInt32LE();

/** FNV-1a with a seed and a final mix (from MurmurHash3), 32 bits unsigned. */
export function hashBytes(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0): number {
  let hash = processSeed ^ Math.imul(seed, 0x9e3779b1);
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Whether two stretches of the same length hold the same bytes; short ones, so without a call to the engine. */
export function sameBytes(
  a: Uint8Array,
  aStart: number,
  b: Uint8Array,
  bStart: number,
  length: number,
): boolean {
  for (let i = 0; i < length; i++) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}

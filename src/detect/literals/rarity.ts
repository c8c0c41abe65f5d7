/**
 * How rare four bytes are in what images hold, so that the search for a literal begins where it is rarest. Only the
 * order matters: a poor guess costs time, nothing else.
 */

import { isGram, type Literal, shortest } from './literal.ts';

/**
 * Where in a literal the search begins best, and how common that is; undefined where it cannot be searched for, or only
 * by what stands everywhere.
 */
export function bestGram(literal: Literal): { readonly at: number; readonly weight: number } | undefined {
  let best: { readonly at: number; readonly weight: number } | undefined;
  for (let at = 0; at + shortest <= literal.bytes.length; at++) {
    if (!isGram(literal, at)) continue;
    const weight = weightOf(folded(literal.bytes.subarray(at, at + shortest)));
    if (best === undefined || weight < best.weight) best = { at, weight };
  }
  return best === undefined || best.weight > mostCommon ? undefined : best;
}

/** Between UTF-16, which is rarer than its bytes, and three zeros in a row. */
const mostCommon = 1e13;

/** As the search compares bytes: without the bit that makes a capital small. */
export function folded(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((one) => one | 0x20));
}

/** Occurrences in 10,000 bytes of English prose and source text, letters in both cases; rounded, of November 2026. */
const letters: Readonly<Record<string, number>> = {
  ...{
    e: 900,
    t: 650,
    a: 600,
    i: 560,
    n: 540,
    r: 500,
    o: 550,
    s: 520,
    l: 350,
    d: 320,
    c: 300,
    u: 230,
    m: 220,
    p: 230,
  },
  ...{ f: 180, h: 210, g: 150, b: 120, y: 110, v: 80, w: 80, k: 60, x: 50, j: 15, q: 12, z: 15 },
  ...{
    ' ': 1200,
    '\n': 300,
    '/': 150,
    '.': 180,
    _: 170,
    '-': 150,
    '=': 70,
    '"': 80,
    ':': 60,
    '0': 130,
    '1': 100,
  },
};

/** Binaries are full of them; `0x20` stands for 0 and for the space, see `weightOf`. */
const common: ReadonlyMap<number, number> = new Map([
  [0x00, 3000],
  [0xff, 600],
  [0x48, 300],
  [0x8b, 200],
  [0x89, 150],
]);

const otherPrintable = 40;
const otherByte = 30;

/** @param folded bytes with bit 5 set, as the search compares them: lower-case letters, and 0 is a space */
export function weightOf(folded: Buffer): number {
  let weight = 1;
  for (const byte of folded) {
    const printable =
      letters[String.fromCharCode(byte)] ?? (byte >= 0x20 && byte < 0x7f ? otherPrintable : otherByte);
    const binary = Math.max(common.get(byte) ?? 0, common.get(byte & ~0x20) ?? 0);
    weight *= Math.max(printable, binary);
  }
  // Runs of one byte are padding, rulers and tables; three zeros stand in each number that a program holds.
  const alike = Math.max(...folded.map((one) => folded.filter((other) => other === one).length));
  return alike < 3 ? weight : weight * 100 ** (alike - 2);
}

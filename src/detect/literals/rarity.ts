/**
 * How rare four bytes are in what images hold, so that the search for a literal begins where it is rarest. Only the
 * order matters: a poor guess costs time, nothing else.
 */
import { isGram, type Literal, shortest } from './literal.ts';

export interface WeighedGram {
  /** Where it begins in the literal. */
  readonly at: number;
  readonly weight: number;
}

/** The rarest four bytes of a literal; undefined where it has none, or only such as stand everywhere. */
export function bestGram(literal: Literal): WeighedGram | undefined {
  const best = rarestGram(literal, 0, 1);
  return best === undefined || best.weight > mostCommon ? undefined : best;
}

/** Between UTF-16, which is rarer than its bytes, and three zeros in a row. */
const mostCommon = 1e13;

/** Of those at `first`, `first + step` and so on. */
export function rarestGram(literal: Literal, first: number, step: number): WeighedGram | undefined {
  let best: WeighedGram | undefined;
  for (let at = first; at + shortest <= literal.bytes.length; at += step) {
    if (!isGram(literal, at)) continue;
    const weight = weightOf(literal.bytes, at);
    if (best === undefined || weight < best.weight) best = { at, weight };
  }
  return best;
}

/** Higher for what is more common. */
export function weightOf(bytes: Buffer, at = 0): number {
  let weight = 1;
  let alike = 0;
  for (let index = at; index < at + shortest; index++) {
    const byte = fold(bytes[index] ?? 0);
    weight *= weights[byte] ?? 1;
    let same = 0;
    for (let other = at; other < at + shortest; other++) if (fold(bytes[other] ?? 0) === byte) same++;
    alike = Math.max(alike, same);
  }
  // Runs of one byte are padding, rulers and tables; three zeros stand in each number that a program holds.
  return alike < 3 ? weight : weight * 100 ** (alike - 2);
}

/** As the search compares bytes: without the bit that makes a capital small. */
export function fold(byte: number): number {
  return byte | 0x20;
}

/** Estimates, not counts, of how common bytes are in English prose and source text, letters in both cases. */
const inTexts: Readonly<Record<string, number>> = {
  ...{
    e: 900,
    t: 650,
    a: 600,
    i: 560,
    o: 550,
    n: 540,
    s: 520,
    r: 500,
    l: 350,
    d: 320,
    c: 300,
    u: 230,
    p: 230,
  },
  ...{ m: 220, h: 210, f: 180, g: 150, b: 120, y: 110, v: 80, w: 80, k: 60, x: 50, j: 15, z: 15, q: 12 },
  ...{ ' ': 1200, '.': 180, _: 170, '/': 150, '-': 150, '0': 130, '1': 100, '"': 80, '=': 70, ':': 60 },
};

/** The same for binaries: zeros, and the beginnings of x86-64 instructions. */
const inBinaries: readonly (readonly [byte: number, weight: number])[] = [
  [0x00, 3000],
  [0xff, 600],
  [0x48, 300],
  [0x8b, 200],
  [0x89, 150],
];

/** By folded byte: 0 and the space are the same there. */
const weights: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  const text = inTexts[String.fromCharCode(byte)] ?? (byte >= 0x20 && byte < 0x7f ? 40 : 30);
  const binary = inBinaries.filter(([one]) => fold(one) === byte).map(([, weight]) => weight);
  return Math.max(text, ...binary);
});

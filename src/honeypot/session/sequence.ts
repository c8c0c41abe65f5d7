/**
 * Which numbers of a sensor's start are here. Delivery is at least once, so a number that comes again is passed over,
 * and holes are known: up to `contiguous` nothing is missing, past it there are ranges.
 */

/** Inclusive. */
export type Range = readonly [from: number, to: number];

export interface Sequence {
  /** The last number up to which every one is here, or will not come. */
  readonly contiguous: number;
  readonly highest: number;
  /** Past the first hole: ascending, with a hole before each. */
  readonly beyond: readonly Range[];
}

export const emptySequence: Sequence = { contiguous: 0, highest: 0, beyond: [] };

/** Holes of one start, at most: the oldest are given up, so that a sensor with many costs no more than others. */
export const mostHoles = 1000;

export function has({ contiguous, highest, beyond }: Sequence, seq: number): boolean {
  if (seq <= contiguous) return true;
  if (seq > highest) return false;
  let low = 0;
  let high = beyond.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (beyond[middle]![1] < seq) low = middle + 1;
    else high = middle;
  }
  const found = beyond[low];
  return found !== undefined && found[0] <= seq;
}

/** @param ranges in any order; they may overlap, also with what is here */
export function add(sequence: Sequence, ranges: readonly Range[]): Sequence {
  if (ranges.length === 0) return sequence;
  const all = [...sequence.beyond, ...ranges].sort(([one], [other]) => one - other);
  let { contiguous } = sequence;
  const beyond: [number, number][] = [];
  for (const [from, to] of all) {
    const last = beyond.at(-1);
    if (from <= contiguous + 1) contiguous = Math.max(contiguous, to);
    else if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else beyond.push([from, to]);
  }
  while (beyond.length > mostHoles) contiguous = beyond.shift()![1];
  return { contiguous, highest: Math.max(sequence.highest, contiguous, beyond.at(-1)?.[1] ?? 0), beyond };
}

/** @param numbers ascending, each once */
export function rangesOf(numbers: readonly number[]): Range[] {
  const ranges: [number, number][] = [];
  for (const one of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && one === last[1] + 1) last[1] = one;
    else ranges.push([one, one]);
  }
  return ranges;
}

/** How many numbers of some ranges are here already, or of all of them together. */
export function countOf({ contiguous, beyond }: Sequence): number {
  return beyond.reduce((sum, [from, to]) => sum + to - from + 1, contiguous);
}

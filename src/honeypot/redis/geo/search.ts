/** The members of a sorted set that lie in a shape. */
import type { Scored } from '../sorted-set.ts';
import { type Position, positionOf, scoresOf } from './cell.ts';
import { cellsOf, distanceWithin, type Shape } from './shape.ts';

export interface Found extends Scored {
  readonly position: Position;
  /** Metres from the centre. */
  readonly distance: number;
}

/**
 * @param all by their scores
 * @param enough ends the search when so many were found
 * @returns in the order of cells, and of scores in each
 */
export function search(all: readonly Scored[], shape: Shape, enough = Number.POSITIVE_INFINITY): Found[] {
  const found: Found[] = [];
  for (const cell of cellsOf(shape)) {
    const { from, to } = scoresOf(cell);
    for (let at = placeOf(all, from); at < all.length && all[at]!.score < to; at += 1) {
      if (found.length >= enough) return found;
      const { member, score } = all[at]!;
      const position = positionOf(score);
      const distance = distanceWithin(shape, position);
      if (distance !== undefined) found.push({ member, score, position, distance });
    }
  }
  return found;
}

/** The first with at least that score. */
function placeOf(all: readonly Scored[], score: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle]!.score < score) low = middle + 1;
    else high = middle;
  }
  return low;
}

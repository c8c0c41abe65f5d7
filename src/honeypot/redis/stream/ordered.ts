/** Things with ids in the order of these, found by halving. */
import type { Id } from './id.ts';

/** The first place whose id is not below, or the length. */
export function placeOf(list: readonly { readonly id: Id }[], id: Id): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

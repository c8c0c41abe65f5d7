/** Letting go of the oldest entries, node by node, as `streamTrim` of t_stream.c (7.0) does. */
import type { Id } from './id.ts';
import type { Node } from './node.ts';
import type { Stream } from './stream.ts';

export interface Trim {
  /** How many are to stay, or from which id on. */
  readonly bound:
    | { readonly kind: 'length'; readonly most: number }
    | { readonly kind: 'id'; readonly least: Id };
  /** Only whole nodes go. */
  readonly isRough: boolean;
  /** No more than so many go at once; 0 for as many as it takes. */
  readonly limit: number;
}

/** @returns how many went */
export function trim(stream: Stream, { bound, isRough, limit }: Trim): number {
  const before = stream.length;
  const isEnough = (): boolean => bound.kind === 'length' && stream.length <= bound.most;
  const goesWhole = (node: Node): boolean =>
    bound.kind === 'length' ? stream.length - node.live >= bound.most : node.lastId < bound.least;
  let whole = 0;
  for (const node of stream.nodes) {
    if (isEnough() || (limit > 0 && before - stream.length + node.live > limit)) break;
    if (goesWhole(node)) {
      stream.length -= node.live;
      whole += 1;
      continue;
    }
    if (isRough) break;
    for (const entry of node.entries) {
      if (isEnough() || (bound.kind === 'id' && entry.id >= bound.least)) break;
      if (entry.isDeleted) continue;
      node.remove(entry);
      stream.length -= 1;
    }
    break;
  }
  stream.nodes.splice(0, whole);
  if (before > stream.length) stream.findFirst();
  return before - stream.length;
}

/** How many nodes the radix tree has in which Redis keeps those of a stream; XINFO tells (rax.c). */
import type { Id } from './id.ts';

/** Bytes of an id. */
const keyLength = 16;

/** @param ids in their order */
export function radixNodes(ids: readonly Id[]): number {
  if (ids.length === 0) return 1;
  const keys = ids.map((id) => Buffer.from(id.toString(16).padStart(2 * keyLength, '0'), 'hex'));
  return nodesOf(keys, 0);
}

/** Of keys that are the same up to a depth: the bytes that they all have, where they part, and what is behind it. */
function nodesOf(keys: readonly Buffer[], depth: number): number {
  const [first, last] = [keys[0]!, keys.at(-1)!];
  if (keys.length === 1) return depth < keyLength ? 2 : 1;
  let fork = depth;
  while (first[fork] === last[fork]) fork += 1;
  let sum = fork > depth ? 2 : 1;
  for (let start = 0; start < keys.length; ) {
    let end = start;
    while (end < keys.length && keys[end]![fork] === keys[start]![fork]) end += 1;
    sum += nodesOf(keys.slice(start, end), fork + 1);
    start = end;
  }
  return sum;
}

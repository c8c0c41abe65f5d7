/**
 * Applies layers from the base up. In each layer the whiteouts come first, wherever they stand in the archive:
 * they hide what lower layers have. Then its entries go in, in order, so that of duplicates the last one wins.
 */
import type { EntryTable } from './entry-table.ts';
import { type Allowance, followLink, followPath, typeAt, type Walkable } from './path-follow.ts';
import { PathTree, root } from './path-tree.ts';

export interface Merged extends Walkable {
  readonly tables: readonly EntryTable[];
  readonly tree: PathTree;
  /**
   * For following symbolic links, over the whole merge: without it, a million entries behind chains of links
   * would cost a billion steps. When it is used up, links are not followed any more.
   */
  readonly allowance: Readonly<Allowance>;
}

interface Merge extends Merged {
  readonly allowance: Allowance;
  /** The directory of the last entry, for the next one is mostly in it as well. */
  last: { layer: number; start: number; length: number; node: number };
}

export function applyLayers(tables: readonly EntryTable[]): Merged {
  let expected = 0;
  for (const table of tables) expected = Math.max(expected, table.count);
  const tree = new PathTree(tables, expected);
  return applyFrom(0, { tables, tree, allowance: { steps: 20_000_000 }, last: nowhere });
}

/** The same as `applyLayers` over the tables of `base` and those above it. `base` stays as it is. */
export function applyOnto(base: Merged, above: readonly EntryTable[]): Merged {
  const tables = [...base.tables, ...above];
  const tree = base.tree.copy(tables);
  return applyFrom(base.tables.length, { tables, tree, allowance: { ...base.allowance }, last: nowhere });
}

function applyFrom(first: number, merge: Merge): Merged {
  for (let layer = first; layer < merge.tables.length; layer++) {
    applyWhiteouts(merge, layer);
    applyEntries(merge, layer);
  }
  const { tables, tree, allowance } = merge;
  return { tables, tree, allowance };
}

const nowhere = { layer: -1, start: 0, length: -1, node: root };

function applyWhiteouts(merge: Merge, layer: number): void {
  const { tree } = merge;
  const table = merge.tables[layer]!;
  for (let ordinal = 0; ordinal < table.count; ordinal++) {
    const type = table.type(ordinal);
    if (type !== 'whiteout' && type !== 'opaque') continue;
    const node = followPath(merge, root, table.path(ordinal), type === 'opaque', merge.allowance);
    if (node < 0) continue;
    if (type === 'whiteout' && node !== root) tree.remove(node, layer);
    else tree.removeChildren(node, layer);
  }
  merge.last = nowhere;
}

function applyEntries(merge: Merge, layer: number): void {
  const table = merge.tables[layer]!;
  let early: number[] | undefined;
  for (let ordinal = 0; ordinal < table.count; ordinal++) {
    const type = table.type(ordinal);
    if (type === 'whiteout' || type === 'opaque') continue;
    const node = nodeOf(merge, layer, ordinal);
    setEntry(merge, node, layer, ordinal, type === 'directory');
    if (type === 'hardlink' && !setLinked(merge, node, layer, ordinal)) {
      early ??= [];
      early.push(node, ordinal);
    }
  }
  // Hard links in front of what they link: no runtime takes them, but the content is known all the same.
  for (let i = 0; early !== undefined && i < early.length; i += 2)
    setLinked(merge, early[i]!, layer, early[i + 1]!);
}

function setEntry(merge: Merge, node: number, layer: number, ordinal: number, isDirectory: boolean): void {
  const { tree } = merge;
  if (node === root && !isDirectory) return;
  if (tree.isPresent(node) && !(isDirectory && typeAt(merge, node) === 'directory')) merge.last = nowhere;
  if (!isDirectory && tree.hasChildren(node)) tree.removeChildren(node, layer);
  tree.place(node, layer, ordinal, layer, ordinal);
}

/** @returns false where nothing is at the target yet, or something else has taken the link's place */
function setLinked(merge: Merge, node: number, layer: number, ordinal: number): boolean {
  const { tree } = merge;
  const target = linkTarget(merge, layer, merge.tables[layer]!.link(ordinal));
  if (target < 0 || target === node || !tree.holds(node, layer, ordinal)) return false;
  if (typeAt(merge, target) === 'directory') return false;
  tree.place(node, layer, ordinal, tree.sourceLayer(target), tree.sourceOrdinal(target));
  return true;
}

/** A layer may link a file of a lower one and remove it by a whiteout: runtimes link before they come to that. */
function linkTarget(merge: Merge, layer: number, link: Buffer): number {
  const { tree } = merge;
  const target = followPath(merge, root, link, false, merge.allowance);
  if (target >= 0) return target;
  let node = root;
  for (let at = 1; at < link.length && node >= 0; ) {
    const slash = link.indexOf(0x2f, at);
    const end = slash < 0 ? link.length : slash;
    node = tree.find(node, link, at, end);
    at = end + 1;
  }
  return node > 0 && tree.wasRemovedBy(node, layer) ? node : -1;
}

function nodeOf(merge: Merge, layer: number, ordinal: number): number {
  const table = merge.tables[layer]!;
  const { names } = table;
  const start = table.nameStart(ordinal);
  const end = start + table.pathLength(ordinal);
  let name = end;
  while (name > start && names[name - 1] !== 0x2f) name--;
  return name === end
    ? root
    : merge.tree.ensure(directoryOf(merge, layer, start, name - 1), layer, name, end);
}

/** The node of a directory, made where nothing is there. `start` to `end` is its path. */
function directoryOf(merge: Merge, layer: number, start: number, end: number): number {
  const { last } = merge;
  const { names } = merge.tables[layer]!;
  const length = end - start;
  if (last.layer === layer && last.length === length && repeats(names, last.start, start, length))
    return last.node;
  let node = root;
  for (let at = start + 1; at < end; ) {
    let next = at;
    while (next < end && names[next] !== 0x2f) next++;
    node = enter(merge, merge.tree.ensure(node, layer, at, next), layer);
    at = next + 1;
  }
  merge.last = { layer, start, length, node };
  return node;
}

/** The directory at a node, or behind it; whatever else is there makes room, as nothing can be below it. */
function enter(merge: Merge, node: number, layer: number): number {
  const { tree } = merge;
  if (tree.isPresent(node)) {
    const type = typeAt(merge, node);
    if (type === 'directory') return node;
    const behind = type === 'symlink' ? followLink(merge, node, merge.allowance) : -1;
    if (behind >= 0 && typeAt(merge, behind) === 'directory') return behind;
  }
  tree.place(node, layer, -1, layer, -1);
  return node;
}

function repeats(names: Buffer, a: number, b: number, length: number): boolean {
  for (let i = length - 1; i >= 0; i--) if (names[a + i] !== names[b + i]) return false;
  return true;
}

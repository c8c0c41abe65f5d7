/** Walks a path through the merged tree as a kernel would, with the container's root as the only root. */
import type { EntryType } from './entry.ts';
import type { EntryTable } from './entry-table.ts';
import { type PathTree, root } from './path-tree.ts';

/** What the walk needs of a merge. */
export interface Walkable {
  readonly tables: readonly EntryTable[];
  readonly tree: PathTree;
  /** Told what is looked at. */
  readonly watcher?: Watcher;
}

/** What the answer to a question about paths depends on. */
export interface Watcher {
  /** A node and what is there, be it present or not. */
  saw(node: number): void;
  /** There is no node of that name in a directory. */
  missed(parent: number, names: Uint8Array, start: number, end: number): void;
}

/** Linux: MAXSYMLINKS (include/linux/namei.h). */
const maxLinks = 40;

/** Components that may be walked behind symbolic links; counted down. A path's own are not counted. */
export interface Allowance {
  steps: number;
}

/**
 * @param allowance for many walks together
 * @returns the node that `path` leads to from the directory `cwd`, -1 where nothing is there
 */
export function followPath(
  merged: Walkable,
  cwd: number,
  path: Uint8Array,
  followLast: boolean,
  allowance: Allowance = { steps: 100_000 },
): number {
  return follow(merged, cwd, path, followLast, { links: maxLinks, allowance });
}

/** Where the symbolic link at `node` leads. */
export function followLink(merged: Walkable, node: number, allowance: Allowance): number {
  const left = { links: maxLinks - 1, allowance };
  return follow(merged, merged.tree.parent(node), linkOf(merged, node), true, left);
}

/** What is at a present node: through a hard link, the type of what it links. */
export function typeAt({ tables, tree }: Walkable, node: number): EntryType {
  const ordinal = tree.sourceOrdinal(node);
  return ordinal < 0 ? 'directory' : tables[tree.sourceLayer(node)]!.type(ordinal);
}

interface Left {
  links: number;
  readonly allowance: Allowance;
}

const slash = 0x2f;
const dot = 0x2e;

function follow(merged: Walkable, start: number, path: Uint8Array, followLast: boolean, left: Left): number {
  const { tree } = merged;
  let node = path[0] === slash ? root : start;
  let at = 0;
  while (at < path.length) {
    let end = path.indexOf(slash, at);
    if (end < 0) end = path.length;
    if (left.links < maxLinks && --left.allowance.steps < 0) return -1;
    const size = end - at;
    if (size > 0 && typeAt(merged, node) !== 'directory') return -1;
    if (size === 2 && path[at] === dot && path[at + 1] === dot) {
      node = node === root ? root : tree.parent(node);
    } else if (size > 1 || (size === 1 && path[at] !== dot)) {
      const child = tree.find(node, path, at, end);
      if (child < 0) merged.watcher?.missed(node, path, at, end);
      else merged.watcher?.saw(child);
      if (child < 0 || !tree.isPresent(child)) return -1;
      node = child;
      if ((end < path.length || followLast) && typeAt(merged, node) === 'symlink') {
        if (--left.links < 0) return -1;
        node = follow(merged, tree.parent(node), linkOf(merged, node), true, left);
        if (node < 0) return -1;
      }
    }
    at = end + 1;
  }
  const endsInSlash = path.length > 1 && path[path.length - 1] === slash;
  return endsInSlash && typeAt(merged, node) !== 'directory' ? -1 : node;
}

function linkOf({ tables, tree }: Walkable, node: number): Buffer {
  return tables[tree.sourceLayer(node)]!.link(tree.sourceOrdinal(node));
}

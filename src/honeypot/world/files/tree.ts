/**
 * A file system that many visitors share and each may change: a tree of nodes, of which a write copies only the
 * directories on its path. Another tree, or part of it, can be mounted at any path, as a container's volume is. All
 * paths here are absolute and normal (`/a/b`, no `..`, no links on the way); `View` resolves what a visitor writes.
 */
import { type Directory, entriesOf, FileError, type Node } from './node.ts';
import type { Quota } from './quota.ts';

/** What an entry itself costs beside its content, in bytes. */
const entryCost = 256;
/** Longest file name, as in ext4. */
const maxName = 255;

export interface Mount {
  readonly tree: Tree;
  readonly path: string;
  readonly readOnly: boolean;
}

export class Tree {
  private root: Directory;
  private readonly owner = Symbol('tree');
  readonly quota: Quota;
  /** By the path at which they are mounted. */
  readonly mounts = new Map<string, Mount>();

  /** @param root is shared, and never changed */
  constructor(root: Directory, quota: Quota) {
    this.root = root;
    this.quota = quota;
  }

  /** The node at a path, mounts not followed; undefined where there is none. */
  get(path: string): Node | undefined {
    let node: Node = this.root;
    for (const name of namesOf(path)) {
      if (node.kind !== 'directory') return undefined;
      const next = entriesOf(node).get(name);
      if (next === undefined) return undefined;
      node = next;
    }
    return node;
  }

  /**
   * Puts a node at a path, in place of what is there.
   * @param time in milliseconds since 1970, at which its directory changed if it was not there before
   * @throws FileError `ENOENT` or `ENOTDIR` for the directory it would be in, `ENOSPC`, `ENAMETOOLONG`, `EROFS` for places that are made at each reading, as /proc
   */
  put(path: string, node: Node, time?: number): void {
    const name = nameOf(path);
    if (name === '') throw new FileError('EBUSY');
    if (name.length > maxName) throw new FileError('ENAMETOOLONG');
    const before = this.get(path);
    const parent = this.own(parentOf(path), before === undefined ? time : undefined);
    this.quota.take(costOf(node) - (before === undefined ? 0 : this.costHere(before)));
    parent.set(name, node.kind === 'directory' ? this.ownCopy(node) : { ...node, owner: this.owner });
  }

  /** @throws FileError as `put` */
  remove(path: string, time?: number): void {
    const name = nameOf(path);
    if (name === '') throw new FileError('EBUSY');
    const before = this.get(path);
    if (before === undefined) throw new FileError('ENOENT');
    this.own(parentOf(path), time).delete(name);
    this.quota.take(-this.costHere(before));
  }

  /** Gives its memory back. */
  close(): void {
    this.quota.release();
  }

  /** What removing a node frees: nothing, for one that is shared. */
  private costHere(node: Node): number {
    return node.owner === this.owner ? costOf(node) : 0;
  }

  /** The entries of a directory, which may then be changed. */
  private own(path: string, time?: number): Map<string, Node> {
    this.root = this.ownCopy(this.root);
    let directory = this.root;
    for (const name of namesOf(path)) {
      const entries = directory.entries as Map<string, Node>;
      const next = entries.get(name);
      if (next === undefined) throw new FileError('ENOENT');
      if (next.kind !== 'directory') throw new FileError('ENOTDIR');
      const copy = this.ownCopy(next);
      if (copy !== next) entries.set(name, copy);
      directory = copy;
    }
    // Nobody else has this copy.
    if (time !== undefined) (directory as { mtime: number }).mtime = time;
    return directory.entries as Map<string, Node>;
  }

  private ownCopy(directory: Directory): Directory {
    if (directory.owner === this.owner) return directory;
    if (typeof directory.entries === 'function') throw new FileError('EROFS');
    this.quota.take(entryCost + 32 * directory.entries.size);
    return { ...directory, owner: this.owner, entries: new Map(directory.entries) };
  }
}

function costOf(node: Node): number {
  if (node.kind === 'file') return entryCost + (typeof node.content === 'function' ? 0 : node.content.length);
  return entryCost;
}

export function namesOf(path: string): string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function join(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`;
}

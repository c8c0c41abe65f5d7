/**
 * The footprint of questions about a file system: what the answers depend on. Layers on top that touch none of it
 * change none of the answers, so whoever asked need not ask again.
 */
import { hashBytes } from './hash-index.ts';
import type { Merged } from './layer-merge.ts';
import { typeAt, type Walkable, type Watcher } from './path-follow.ts';

export class Footprint implements Watcher {
  readonly #base: Merged;
  readonly #seen: Uint8Array;
  readonly #listed: Uint8Array;
  /** Hashes of names with their directory: one that is there by chance costs asking again, no more. */
  readonly #missed = new Set<number>();

  constructor(base: Merged) {
    this.#base = base;
    this.#seen = new Uint8Array(base.tree.count);
    this.#listed = new Uint8Array(base.tree.count);
  }

  saw(node: number): void {
    this.#seen[node] = 1;
  }

  missed(parent: number, names: Uint8Array, start: number, end: number): void {
    this.#missed.add(hashBytes(names, start, end, parent));
  }

  listed(node: number): void {
    this.#listed[node] = 1;
  }

  /** @param above layers laid over the base by `applyOnto` */
  isUntouchedBy(above: Merged): boolean {
    const { tree } = above;
    const known = this.#base.tree.count;
    for (let node = 0; node < known; node++) {
      if (!this.#base.tree.isSameAt(node, tree) && this.#dependsOn(node, above)) return false;
    }
    for (let node = known; node < tree.count; node++) {
      if (!tree.isPresent(node)) continue;
      if (this.#listed[tree.parent(node)] === 1 || this.#missed.has(tree.hash(node))) return false;
    }
    return true;
  }

  /** Whether a node that is not what it was matters: a directory may come again, with other rights. */
  #dependsOn(node: number, above: Merged): boolean {
    const comesOrGoes = this.#base.tree.isPresent(node) !== above.tree.isPresent(node);
    if (comesOrGoes && this.#listed[this.#base.tree.parent(node)] === 1) return true;
    return this.#seen[node] === 1 && !(isDirectory(this.#base, node) && isDirectory(above, node));
  }
}

function isDirectory(merged: Walkable, node: number): boolean {
  return merged.tree.isPresent(node) && typeAt(merged, node) === 'directory';
}

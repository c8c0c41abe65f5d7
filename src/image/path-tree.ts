/**
 * The tree of paths that a merge of layers works on, in columns: a node is a number, the root is 0. A node, once
 * made, stays; whether anything is at its path is `layer`. Names are not copied, they stay in the layers' tables.
 */
import { createHashIndex, type HashIndex, hashBytes, sameBytes } from './hash-index.ts';
import { moved } from './memory.ts';

export const root = 0;
const none = -1;

/** Bytes `start` to `end` of a layer's names. */
export interface NameSource {
  readonly names: Buffer;
}

export class PathTree {
  readonly #sources: readonly NameSource[];
  #index: HashIndex;
  #count = 0;
  #parents = new Int32Array(0);
  #hashes = new Uint32Array(0);
  #nameLayers = new Uint16Array(0);
  #nameStarts = new Uint32Array(0);
  #nameLengths = new Uint16Array(0);
  /** Children as a chain; nodes of a removed tree are taken out of it. */
  #firstChildren = new Int32Array(0);
  #nextSiblings = new Int32Array(0);
  #chained = new Uint8Array(0);
  /**
   * The layer and entry that put something at the path; `ordinal` is -1 for a directory that none names. A layer
   * below 0: nothing is there, and `-2 - layer` says which layer removed it; what it was stays readable.
   */
  #layers = new Int32Array(0);
  #ordinals = new Int32Array(0);
  /** The entry that holds the content; differs from the above for hard links. */
  #sourceLayers = new Int32Array(0);
  #sourceOrdinals = new Int32Array(0);

  constructor(sources: readonly NameSource[], expected: number) {
    this.#sources = sources;
    this.#index = createHashIndex((node) => this.#hashes[node]!, expected);
    this.#grow(expected + 1);
    this.#count = 1;
    this.place(root, 0, none, 0, none);
  }

  /** The same tree, to be changed apart. @param sources begin with those of this tree */
  copy(sources: readonly NameSource[]): PathTree {
    const copy = new PathTree(sources, 0);
    copy.#index = this.#index.copy((node) => copy.#hashes[node]!);
    copy.#count = this.#count;
    copy.#parents = this.#parents.slice();
    copy.#hashes = this.#hashes.slice();
    copy.#nameLayers = this.#nameLayers.slice();
    copy.#nameStarts = this.#nameStarts.slice();
    copy.#nameLengths = this.#nameLengths.slice();
    copy.#firstChildren = this.#firstChildren.slice();
    copy.#nextSiblings = this.#nextSiblings.slice();
    copy.#chained = this.#chained.slice();
    copy.#layers = this.#layers.slice();
    copy.#ordinals = this.#ordinals.slice();
    copy.#sourceLayers = this.#sourceLayers.slice();
    copy.#sourceOrdinals = this.#sourceOrdinals.slice();
    return copy;
  }

  /** Nodes are 0 to `count - 1`. */
  get count(): number {
    return this.#count;
  }

  parent(node: number): number {
    return this.#parents[node]!;
  }

  /** Of the name and the parent, as `hashBytes` makes it. */
  hash(node: number): number {
    return this.#hashes[node]!;
  }

  isPresent(node: number): boolean {
    return this.#layers[node]! >= 0;
  }

  /** Whether that entry is what is at the path. */
  holds(node: number, layer: number, ordinal: number): boolean {
    return this.#layers[node] === layer && this.#ordinals[node] === ordinal;
  }

  /** Whether the same entry, with the same content, is at a node in a copy of this tree. */
  isSameAt(node: number, copy: PathTree): boolean {
    return (
      this.#layers[node] === copy.#layers[node] &&
      this.#ordinals[node] === copy.#ordinals[node] &&
      this.#sourceLayers[node] === copy.#sourceLayers[node] &&
      this.#sourceOrdinals[node] === copy.#sourceOrdinals[node]
    );
  }

  sourceLayer(node: number): number {
    return this.#sourceLayers[node]!;
  }

  /** -1 for a directory that no entry names. */
  sourceOrdinal(node: number): number {
    return this.#sourceOrdinals[node]!;
  }

  name(node: number): Buffer {
    const start = this.#nameStarts[node]!;
    return this.#namesOf(node).subarray(start, start + this.#nameLengths[node]!);
  }

  /** @returns -1 where there is no such node; one that is found need not be present */
  find(parent: number, names: Uint8Array, start: number, end: number): number {
    return this.#findHashed(hashBytes(names, start, end, parent), parent, names, start, end);
  }

  /** The node with that name, made where there is none. @param layer whose names are meant */
  ensure(parent: number, layer: number, start: number, end: number): number {
    const names = this.#sources[layer]!.names;
    const hash = hashBytes(names, start, end, parent);
    let node = this.#findHashed(hash, parent, names, start, end);
    if (node === none) {
      node = this.#count++;
      if (node >= this.#parents.length) this.#grow(node + 1);
      this.#parents[node] = parent;
      this.#hashes[node] = hash;
      this.#nameLayers[node] = layer;
      this.#nameStarts[node] = start;
      this.#nameLengths[node] = end - start;
      this.#layers[node] = none;
      this.#index.add(hash, node);
    }
    if (this.#chained[node] === 0) {
      this.#chained[node] = 1;
      this.#nextSiblings[node] = this.#firstChildren[parent]!;
      this.#firstChildren[parent] = node;
    }
    return node;
  }

  place(node: number, layer: number, ordinal: number, sourceLayer: number, sourceOrdinal: number): void {
    this.#layers[node] = layer;
    this.#ordinals[node] = ordinal;
    this.#sourceLayers[node] = sourceLayer;
    this.#sourceOrdinals[node] = sourceOrdinal;
  }

  wasRemovedBy(node: number, layer: number): boolean {
    return this.#layers[node] === -2 - layer;
  }

  /** From `layer` on nothing is at the path, nor below it. */
  remove(node: number, layer: number): void {
    this.#layers[node] = -2 - layer;
    this.removeChildren(node, layer);
  }

  removeChildren(node: number, layer: number): void {
    const parents = [node];
    for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
      let child = this.#firstChildren[parent]!;
      this.#firstChildren[parent] = 0;
      while (child !== 0) {
        if (this.isPresent(child)) this.#layers[child] = -2 - layer;
        this.#chained[child] = 0;
        if (this.#firstChildren[child] !== 0) parents.push(child);
        child = this.#nextSiblings[child]!;
      }
    }
  }

  hasChildren(node: number): boolean {
    return this.#firstChildren[node] !== 0;
  }

  /** Present children, in no order. */
  children(node: number): number[] {
    const found: number[] = [];
    for (let child = this.#firstChildren[node]!; child !== 0; child = this.#nextSiblings[child]!) {
      if (this.isPresent(child)) found.push(child);
    }
    return found;
  }

  /** The path as bytes. */
  path(node: number): Buffer {
    if (node === root) return Buffer.from('/');
    const parts: Buffer[] = [];
    for (let at = node; at !== root; at = this.parent(at)) parts.push(this.name(at), slash);
    return Buffer.concat(parts.reverse());
  }

  #namesOf(node: number): Buffer {
    return this.#sources[this.#nameLayers[node]!]!.names;
  }

  #findHashed(hash: number, parent: number, names: Uint8Array, start: number, end: number): number {
    const length = end - start;
    return this.#index.find(
      hash,
      (node) =>
        this.#parents[node] === parent &&
        this.#nameLengths[node] === length &&
        sameBytes(this.#namesOf(node), this.#nameStarts[node]!, names, start, length),
    );
  }

  #grow(needed: number): void {
    const size = Math.max(needed, Math.ceil(this.#parents.length * 1.4), 64);
    this.#parents = moved(this.#parents, new Int32Array(size));
    this.#hashes = moved(this.#hashes, new Uint32Array(size));
    this.#nameLayers = moved(this.#nameLayers, new Uint16Array(size));
    this.#nameStarts = moved(this.#nameStarts, new Uint32Array(size));
    this.#nameLengths = moved(this.#nameLengths, new Uint16Array(size));
    this.#firstChildren = moved(this.#firstChildren, new Int32Array(size));
    this.#nextSiblings = moved(this.#nextSiblings, new Int32Array(size));
    this.#chained = moved(this.#chained, new Uint8Array(size));
    this.#layers = moved(this.#layers, new Int32Array(size));
    this.#ordinals = moved(this.#ordinals, new Int32Array(size));
    this.#sourceLayers = moved(this.#sourceLayers, new Int32Array(size));
    this.#sourceOrdinals = moved(this.#sourceOrdinals, new Int32Array(size));
  }
}

const slash = Buffer.from('/');

/**
 * The entries of one layer in columns instead of objects: 30 bytes an entry beside its name, and 32 bytes for
 * each different content. This is what a layer of a million entries fits into, what the cache keeps of a layer,
 * and what the merge of layers works on. An entry is known by its ordinal, its place in the layer.
 */
import type { Entry, EntryType } from './entry.ts';
import {
  type Columns,
  digestHash,
  digestSize,
  emptyColumns,
  entryTypes,
  grownBuffer,
  makeRoom,
} from './entry-columns.ts';
import { loadColumns, serialiseColumns } from './entry-table-file.ts';
import { createHashIndex, type HashIndex, hashBytes, sameBytes } from './hash-index.ts';

export class EntryTable {
  readonly #columns: Columns;
  #contentIndex: HashIndex | undefined;
  #pathIndex: HashIndex | undefined;
  #duplicates: number[] = [];

  constructor(columns: Columns = emptyColumns()) {
    this.#columns = columns;
  }

  /** Reads what `serialise` wrote; the table then works on that memory. @throws WaterguardError `corrupt` */
  static load(bytes: Buffer): EntryTable {
    return new EntryTable(loadColumns(bytes));
  }

  serialise(): Buffer {
    return serialiseColumns(this.#columns);
  }

  get count(): number {
    return this.#columns.count;
  }

  /** How many different contents the layer's files have; content ids are below it. */
  get contentCount(): number {
    return this.#columns.contentCount;
  }

  /** @param sha256 of the content where it is known already @returns the entry's ordinal */
  append(entry: Entry, sha256?: Uint8Array): number {
    const columns = this.#columns;
    const ordinal = columns.count;
    const start = columns.starts[ordinal]!;
    const linkLength = entry.link?.length ?? 0;
    const end = start + entry.path.length + linkLength;
    makeRoom(columns, ordinal + 1, end);
    entry.path.copy(columns.names, start);
    entry.link?.copy(columns.names, start + entry.path.length);
    columns.starts[ordinal + 1] = end;
    columns.pathLengths[ordinal] = entry.path.length;
    columns.modes[ordinal] = (entryTypes.indexOf(entry.type) << 12) | (entry.mode & 0o7777);
    columns.uids[ordinal] = entry.uid;
    columns.gids[ordinal] = entry.gid;
    columns.sizes[ordinal] = entry.size;
    columns.contents[ordinal] = 0;
    columns.count++;
    this.#pathIndex = undefined;
    if (sha256 !== undefined) this.setContent(ordinal, sha256);
    return ordinal;
  }

  /** Once a file's content has been read. Files with the same content share one id. */
  setContent(ordinal: number, sha256: Uint8Array): void {
    this.#columns.contents[ordinal] = this.#intern(sha256) + 1;
  }

  get(ordinal: number): Entry {
    const { uids, gids, sizes } = this.#columns;
    const link = this.link(ordinal);
    return {
      path: this.path(ordinal),
      type: this.type(ordinal),
      mode: this.mode(ordinal),
      uid: uids[ordinal]!,
      gid: gids[ordinal]!,
      size: sizes[ordinal]!,
      ...(link.length > 0 && { link }),
    };
  }

  /** A view of the table's memory, as are all bytes that it hands out. */
  path(ordinal: number): Buffer {
    const { names, starts, pathLengths } = this.#columns;
    const start = starts[ordinal]!;
    return names.subarray(start, start + pathLengths[ordinal]!);
  }

  /** Empty where there is none. */
  link(ordinal: number): Buffer {
    const { names, starts, pathLengths } = this.#columns;
    return names.subarray(starts[ordinal]! + pathLengths[ordinal]!, starts[ordinal + 1]!);
  }

  type(ordinal: number): EntryType {
    return entryTypes[this.#columns.modes[ordinal]! >>> 12]!;
  }

  /** Permission bits. */
  mode(ordinal: number): number {
    return this.#columns.modes[ordinal]! & 0o7777;
  }

  size(ordinal: number): number {
    return this.#columns.sizes[ordinal]!;
  }

  /** @returns -1 where the content is not known */
  contentId(ordinal: number): number {
    return this.#columns.contents[ordinal]! - 1;
  }

  /** SHA-256 of a file's content, undefined where it is not known. */
  sha256(ordinal: number): Buffer | undefined {
    const id = this.contentId(ordinal);
    return id < 0 ? undefined : this.contentHash(id);
  }

  contentHash(id: number): Buffer {
    return this.#columns.hashes.subarray(id * digestSize, (id + 1) * digestSize);
  }

  /** All names one after the other: what the merge reads components from. */
  get names(): Buffer {
    return this.#columns.names;
  }

  /** Where an entry's path begins in `names`. */
  nameStart(ordinal: number): number {
    return this.#columns.starts[ordinal]!;
  }

  pathLength(ordinal: number): number {
    return this.#columns.pathLengths[ordinal]!;
  }

  /** @param path exact bytes @returns the ordinal of the last entry with it (markers left out), -1 for none */
  lookup(path: Uint8Array): number {
    this.#pathIndex ??= this.#indexPaths();
    return this.#pathIndex.find(hashBytes(path), (row) => this.#hasPath(row, path));
  }

  /** Ordinals of entries that a later one with the same path replaces, latest first. */
  duplicates(): readonly number[] {
    this.#pathIndex ??= this.#indexPaths();
    return this.#duplicates;
  }

  #hasPath(row: number, path: Uint8Array): boolean {
    const { names, starts, pathLengths } = this.#columns;
    return pathLengths[row] === path.length && sameBytes(names, starts[row]!, path, 0, path.length);
  }

  /** From the last entry to the first, so that of duplicates the last is in the index. */
  #indexPaths(): HashIndex {
    const { names, starts, pathLengths, modes, count } = this.#columns;
    const hashOf = (row: number): number => hashBytes(names, starts[row]!, starts[row]! + pathLengths[row]!);
    const index = createHashIndex(hashOf, count);
    const markers = entryTypes.indexOf('whiteout');
    this.#duplicates = [];
    for (let row = count - 1; row >= 0; row--) {
      if (modes[row]! >>> 12 >= markers) continue;
      const hash = hashOf(row);
      const start = starts[row]!;
      const length = pathLengths[row]!;
      const known = index.find(
        hash,
        (other) => pathLengths[other] === length && sameBytes(names, starts[other]!, names, start, length),
      );
      if (known < 0) index.add(hash, row);
      else this.#duplicates.push(row);
    }
    return index;
  }

  #intern(sha256: Uint8Array): number {
    const columns = this.#columns;
    this.#contentIndex ??= this.#indexContents();
    const known = this.#contentIndex.find(digestHash(sha256), (id) =>
      sameBytes(columns.hashes, id * digestSize, sha256, 0, digestSize),
    );
    if (known >= 0) return known;
    const id = columns.contentCount++;
    if (columns.hashes.length < (id + 1) * digestSize) {
      columns.hashes = grownBuffer(columns.hashes, (id + 1) * digestSize);
    }
    columns.hashes.set(sha256.subarray(0, digestSize), id * digestSize);
    this.#contentIndex.add(digestHash(sha256), id);
    return id;
  }

  #indexContents(): HashIndex {
    const columns = this.#columns;
    const hashOf = (id: number): number => digestHash(columns.hashes, id * digestSize);
    const index = createHashIndex(hashOf, columns.contentCount);
    for (let id = 0; id < columns.contentCount; id++) index.add(hashOf(id), id);
    return index;
  }
}

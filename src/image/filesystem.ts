/**
 * The file system that a container would see: layers laid over each other from the base up, with whiteouts,
 * opaque directories, hard links and replaced trees as runtimes apply them. Nothing is made for an entry but a
 * row of numbers.
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md
 */
import type { State } from '../model/finding.ts';
import { decodeLossless } from '../model/printable.ts';
import type { EntryTable } from './entry-table.ts';
import { Footprint } from './footprint.ts';
import { applyLayers, applyOnto, type Merged } from './layer-merge.ts';
import { createLiveness, type Liveness } from './liveness.ts';
import { followPath } from './path-follow.ts';
import { root } from './path-tree.ts';

/**
 * `layer` and `ordinal` name the entry that holds the content: for a hard link the file that it links. `ordinal`
 * is -1 for a directory that is only there because something is in it.
 */
export interface Located {
  readonly layer: number;
  readonly ordinal: number;
  /** UTF-8; bytes that are not valid as `\xNN`. Of the file itself, without symbolic links. */
  readonly path: string;
}

/** Paths may be given as bytes, or as text in the form of `Located.path`. */
export type Path = string | Uint8Array;

export interface FileSystemView {
  /**
   * What has become of an entry. `present`: it, or a file with the same content, is visible under any path;
   * else `shadowed` when something else is at its path, and `deleted` when nothing is.
   * @param at the entry's ordinal in the layer, or its path there
   */
  state(layer: number, at: number | Path): State;
  /**
   * Where a path leads inside a container: symbolic links followed in every component, never out of the root,
   * at most 40. @param cwd what a relative path is relative to, default `/`
   */
  resolve(path: Path, cwd?: Path): Located | undefined;
  /** What is at a path: like `resolve`, but a symbolic link at the end is itself the answer. */
  lookup(path: Path): Located | undefined;
  /** Names in a directory, sorted by their bytes; empty where it is none. */
  list(directory: Path): readonly string[];
}

/** @param tables one for each layer, from the base up; an empty table for a layer that could not be read */
export function mergeLayers(tables: readonly EntryTable[]): FileSystem {
  return new FileSystem(applyLayers(tables));
}

export class FileSystem implements FileSystemView {
  readonly #merged: Merged;
  readonly #liveness: Liveness;
  readonly #footprint: Footprint | undefined;

  constructor(merged: Merged, footprint?: Footprint) {
    this.#merged = footprint === undefined ? merged : { ...merged, watcher: footprint };
    this.#liveness = createLiveness(merged);
    this.#footprint = footprint;
  }

  /** These layers with others laid over them. */
  under(above: readonly EntryTable[]): FileSystem {
    return new FileSystem(applyOnto(this.#merged, above));
  }

  /** The same file system, and the footprint of what it is asked. */
  watched(): { readonly view: FileSystemView; readonly footprint: Footprint } {
    const footprint = new Footprint(this.#merged);
    return { view: new FileSystem(this.#merged, footprint), footprint };
  }

  /**
   * Whether questions asked of what this stands on would get the same answers here, but for the entry that a
   * directory comes from. @param footprint of the base
   */
  leaves(footprint: Footprint): boolean {
    return footprint.isUntouchedBy(this.#merged);
  }

  state(layer: number, at: number | Path): State {
    const { tables, tree } = this.#merged;
    const table = tables[layer];
    const ordinal = typeof at === 'number' ? at : ordinalOf(table, at);
    const isEntry = table !== undefined && ordinal >= 0 && ordinal < table.count;
    const path = isEntry ? table.path(ordinal) : typeof at === 'number' ? undefined : at;
    const node = path === undefined ? -1 : this.#find(path, '/', false);
    if (isEntry) {
      const isThere = node >= 0 && tree.sourceLayer(node) === layer && tree.sourceOrdinal(node) === ordinal;
      if (isThere || this.#liveness.isVisible(layer, ordinal)) return 'present';
    }
    return node >= 0 ? 'shadowed' : 'deleted';
  }

  resolve(path: Path, cwd: Path = '/'): Located | undefined {
    return this.#located(this.#find(path, cwd, true));
  }

  lookup(path: Path): Located | undefined {
    return this.#located(this.#find(path, '/', false));
  }

  list(directory: Path): readonly string[] {
    const { tree } = this.#merged;
    const node = this.#find(directory, '/', true);
    if (node < 0) return [];
    this.#footprint?.listed(node);
    const names = tree.children(node).map((child) => tree.name(child));
    return names.sort(Buffer.compare).map((name) => decodeLossless(name));
  }

  #find(path: Path, cwd: Path, followLast: boolean): number {
    const start = isAbsolute(path) ? root : this.#findFirst(root, spellings(cwd), true);
    return start < 0 ? -1 : this.#findFirst(start, spellings(path), followLast);
  }

  #findFirst(start: number, paths: readonly Uint8Array[], followLast: boolean): number {
    for (const path of paths) {
      const node = followPath(this.#merged, start, path, followLast);
      if (node >= 0) return node;
    }
    return -1;
  }

  #located(node: number): Located | undefined {
    if (node < 0) return undefined;
    const { tree } = this.#merged;
    const path = decodeLossless(tree.path(node));
    return { layer: tree.sourceLayer(node), ordinal: tree.sourceOrdinal(node), path };
  }
}

function isAbsolute(path: Path): boolean {
  return path[0] === '/' || path[0] === 0x2f;
}

function ordinalOf(table: EntryTable | undefined, path: Path): number {
  for (const bytes of spellings(path)) {
    const ordinal = table?.lookup(bytes) ?? -1;
    if (ordinal >= 0) return ordinal;
  }
  return -1;
}

/** The bytes that a text may stand for: as it is, and with `\xNN` read as the byte that it stands for. */
function spellings(path: Path): readonly Uint8Array[] {
  if (typeof path !== 'string') return [path];
  const literal = Buffer.from(path);
  if (!path.includes('\\x')) return [literal];
  const parts = path
    .split(/\\x([0-9a-f]{2})/)
    .map((part, index) => Buffer.from(part, index % 2 === 0 ? 'utf8' : 'hex'));
  return [literal, Buffer.concat(parts)];
}

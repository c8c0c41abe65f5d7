/** One entry of a layer's tar or of a directory, and the sink that walkers push entries into. */
import type { SkipReason } from '../model/coverage.ts';

/** `whiteout` and `opaque` are AUFS-style markers (`.wh.x`, `.wh..wh..opq`); their `path` is what they hide. */
export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'device'
  | 'fifo'
  | 'whiteout'
  | 'opaque';

/**
 * `path` and `link` are raw bytes. `path` is normalised: it begins with `/`, has no empty, `.` or `..`
 * component and no trailing slash (the root is `/`). `link` is as stored for a symlink, and normalised as a
 * path for a hard link.
 */
export interface Entry {
  readonly path: Buffer;
  readonly type: EntryType;
  /** Permission bits including setuid, setgid, sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Logical size of a file's content in bytes, 0 for everything else. */
  readonly size: number;
  readonly link?: Buffer;
}

/**
 * Receives a walk, in order: `entry`, then for files any number of `data` and one `end`. `data` slices are
 * borrowed from the walker's chunk: zero-copy, valid until the chunk's memory is released by the sink's owner,
 * never written to. All calls are synchronous; back pressure is applied between chunks by whoever drives the
 * walk.
 */
export interface EntrySink {
  entry(entry: Entry): void;
  data(bytes: Buffer): void;
  /** `complete` is false where the content broke off (truncated archive, unreadable file). */
  end(complete: boolean): void;
  /** A part of the layer that is not delivered; `path` as in `Skipped`. */
  skip(path: Buffer | string, reason: SkipReason, detail?: string): void;
}

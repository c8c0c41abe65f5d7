/**
 * Names of entries: from the bytes of an archive to normalised paths, and whiteout markers to what they hide.
 * A name is cleaned as Go's `filepath.Clean("/" + name)`, which is what runtimes extract to.
 */
import type { EntryType } from '../entry.ts';

/** Linux: PATH_MAX and NAME_MAX (include/uapi/linux/limits.h); a container cannot open anything longer. */
export const maxPath = 4096;
export const maxComponent = 255;

export interface NormalPath {
  readonly path: Buffer;
  /** A `..` led above the root, where it stays. */
  readonly escapes: boolean;
}

const slash = 0x2f;
const dot = 0x2e;

/** @returns a path of its own memory: `/`, or components that are not empty, `.` or `..`, each behind a `/` */
export function normalPath(name: Buffer): NormalPath {
  const path = Buffer.allocUnsafe(name.length + 1);
  let length = 0;
  let escapes = false;
  let start = 0;
  while (start < name.length) {
    let end = start;
    while (end < name.length && name[end] !== slash) end++;
    const size = end - start;
    if (size === 2 && name[start] === dot && name[start + 1] === dot) {
      if (length === 0) escapes = true;
      else length = path.lastIndexOf(slash, length - 1);
    } else if (size > 1 || (size === 1 && name[start] !== dot)) {
      path[length++] = slash;
      for (let i = start; i < end; i++) path[length++] = name[i]!;
    }
    start = end + 1;
  }
  if (length === 0) path[length++] = slash;
  return { path: path.subarray(0, length), escapes };
}

export function isTooLong(path: Buffer): boolean {
  if (path.length <= maxComponent) return false;
  if (path.length > maxPath) return true;
  let start = 1;
  for (;;) {
    const end = path.indexOf(slash, start);
    if ((end < 0 ? path.length : end) - start > maxComponent) return true;
    if (end < 0) return false;
    start = end + 1;
  }
}

/** The path with each component cut to 255 bytes, and whole components until 4096 bytes. */
export function shortened(path: Buffer): Buffer {
  const out = Buffer.allocUnsafe(maxPath);
  let length = 0;
  let start = 1;
  while (start < path.length) {
    const next = path.indexOf(slash, start);
    const end = next < 0 ? path.length : next;
    const size = Math.min(end - start, maxComponent);
    if (length + 1 + size > maxPath) break;
    out[length++] = slash;
    length += path.copy(out, length, start, start + size);
    start = end + 1;
  }
  return out.subarray(0, length);
}

/**
 * What a name means in a layer. `metadata` is what AUFS kept for itself; `invalid` a whiteout that names
 * nothing or would hide its own directory, which containerd refuses.
 */
export interface Marker {
  readonly kind: Extract<EntryType, 'whiteout' | 'opaque'> | 'metadata' | 'invalid';
  /** What is hidden. */
  readonly path: Buffer;
}

const prefix = Buffer.from('.wh.');
const opaque = Buffer.from('.wh..wh..opq');
const metadata = Buffer.from('.wh..wh.');

/**
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#whiteouts
 * @returns undefined for an ordinary path
 */
export function markerOf(path: Buffer): Marker | undefined {
  const start = path.lastIndexOf(slash) + 1;
  if (!beginsWith(path, start, prefix)) return undefined;
  const directory = start === 1 ? path.subarray(0, 1) : path.subarray(0, start - 1);
  const isOpaque = path.length - start === opaque.length && beginsWith(path, start, opaque);
  if (isOpaque) return { kind: 'opaque', path: directory };
  if (beginsWith(path, start, metadata)) return { kind: 'metadata', path };
  const hidden = path.subarray(start + prefix.length);
  const isName = hidden.length > 2 || (hidden.length > 0 && hidden.some((byte) => byte !== dot));
  if (!isName) return { kind: 'invalid', path };
  return { kind: 'whiteout', path: Buffer.concat([path.subarray(0, start), hidden]) };
}

function beginsWith(path: Buffer, at: number, text: Buffer): boolean {
  if (path.length - at < text.length) return false;
  for (let i = 0; i < text.length; i++) if (path[at + i] !== text[i]) return false;
  return true;
}

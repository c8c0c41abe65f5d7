/**
 * The parts of the cache folder: `$XDG_CACHE_HOME/waterguard`, mode 0700. It holds nothing that a scan could not make
 * again, so every fault in it (corrupt file, full disk, no permission) is a miss, never an error.
 */
import { chmodSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, makeFolder, reasonToDistrust } from '../../cache-folder.js';

/**
 * @param part below the cache folder, as `files/packs`
 * @param refuse told, in a sentence, of a folder that is there and must not be used
 * @returns the folder, made if need be; undefined where it cannot be used
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  part: string,
  refuse: (why: string) => void = () => {},
): string | undefined {
  try {
    let folder = cacheRoot(env);
    if (!usable(folder, refuse)) return undefined;
    closeToReaders(folder);
    for (const name of part.split('/')) {
      folder = join(folder, name);
      if (!usable(folder, refuse)) return undefined;
    }
    return folder;
  } catch {
    return undefined;
  }
}

function usable(folder: string, refuse: (why: string) => void): boolean {
  makeFolder(folder);
  const why = reasonToDistrust(folder);
  if (why !== undefined)
    refuse(`the cache in ${folder} is not used, because ${why}; delete it for a new one`);
  return why === undefined;
}

/** What was found is nobody else's business. A folder that others could only read is as good as before. */
function closeToReaders(folder: string): void {
  if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/**
 * Keeps a folder to its size, a sixteenth more at most. Looking through one with ten thousand files takes longer than a
 * small image, so it is done once for what others have left, and then whenever enough was written.
 * @returns to be told of the size of each file written
 */
export function keepWithin(folder: string, bytes: number): (written: number) => void {
  let since = Number.POSITIVE_INFINITY;
  return (written) => {
    since += written;
    if (since <= bytes / 16) return;
    since = 0;
    shrink(folder, bytes);
  };
}

/** Removes the files used longest ago until at most `bytes` in at most `count` files are left. */
export function shrink(folder: string, bytes: number, count = Number.POSITIVE_INFINITY): void {
  const files: { readonly path: string; readonly size: number; readonly used: number }[] = [];
  let total = 0;
  for (const name of list(folder)) {
    const path = join(folder, name);
    try {
      const { size, mtimeMs } = statSync(path);
      files.push({ path, size, used: mtimeMs });
      total += size;
    } catch {
      // Another process was quicker.
    }
  }
  files.sort((a, b) => a.used - b.used);
  for (const [index, { path, size }] of files.entries()) {
    if (total <= bytes && files.length - index <= count) return;
    try {
      unlinkSync(path);
    } catch {
      // Already gone.
    }
    total -= size;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * The cache folder: `$XDG_CACHE_HOME/waterguard`, mode 0700. It holds nothing that a scan could not make
 * again, so every fault in it (corrupt file, full disk, no permission) is a miss, never an error.
 */
import { chmodSync, mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** @returns the folder, made if need be; undefined where it cannot be used, or where others could write to it */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  part: string,
): string | undefined {
  try {
    const root = join(baseFolder(env), 'waterguard');
    makeFolder(root);
    if (!isPrivate(root)) return undefined;
    const folder = join(root, part);
    makeFolder(folder);
    return folder;
  } catch {
    return undefined;
  }
}

function baseFolder({
  XDG_CACHE_HOME: xdg,
  HOME: home,
}: Readonly<Record<string, string | undefined>>): string {
  if (xdg?.startsWith('/') === true) return xdg;
  return join(home?.startsWith('/') === true ? home : homedir(), '.cache');
}

/** With what leads to it. Not by `recursive`, which tries for ever below /proc (Node 24.21, November 2026). */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

/** Whoever may write here could have any image called clean. */
function isPrivate(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  if (uid !== process.geteuid?.()) return false;
  if ((mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return true;
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

/**
 * The cache folder: `$XDG_CACHE_HOME/waterguard`, mode 0700. It holds nothing that a scan could not make
 * again, so every fault in it (corrupt file, full disk, no permission) is a miss, never an error.
 */
import { mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** @returns the folder, made if need be; undefined where it cannot be used */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  part: string,
): string | undefined {
  const xdg = env.XDG_CACHE_HOME;
  const base = xdg?.startsWith('/') === true ? xdg : join(env.HOME ?? homedir(), '.cache');
  const folder = join(base, 'waterguard', part);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    return undefined;
  }
}

/** Removes the files used longest ago until at most `bytes` are left. */
export function shrink(folder: string, bytes: number): void {
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
  for (const { path, size } of files) {
    if (total <= bytes) return;
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

/**
 * The folder of all caches, `$XDG_CACHE_HOME/waterguard`, and whether it may be used. Plain JavaScript, because
 * `code-cache.js` needs it before anything with types may load.
 */
import { mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string} where it is or would be
 */
export function cacheRoot({ XDG_CACHE_HOME: xdg, HOME: home }) {
  const base = xdg?.startsWith('/') ? xdg : join(home?.startsWith('/') ? home : homedir(), '.cache');
  return join(base, 'waterguard');
}

/**
 * With what leads to it. Not by `recursive`, which tries for ever below /proc (Node 24.21, November 2026).
 * @param {string} path
 */
export function makeFolder(path) {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (error.code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

/**
 * Whoever may write there could have any image called clean, or his code run: what such a folder holds is not to be
 * trusted, also once it has been closed to him.
 * @param {string} path
 * @returns {string | undefined} why the folder must not be used
 */
export function reasonToDistrust(path) {
  const { uid, mode } = statSync(path);
  if (uid !== process.geteuid?.()) return `it belongs to user ${uid}`;
  return (mode & 0o022) === 0 ? undefined : `others may write to it (mode ${(mode & 0o777).toString(8)})`;
}

/**
 * Compiled code on disk, in `$XDG_CACHE_HOME/waterguard/code`. Without it every start strips and compiles the whole
 * program again, which takes longer than a rescan; the engine's processes share it. Plain JavaScript, because the
 * first file with types would load what strips them, 60 ms (November 2026).
 */
import { mkdirSync, statSync } from 'node:fs';
// As a whole: an old Node lacks the function, and would fail before `node-version.js` can say so.
import module from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const { XDG_CACHE_HOME: xdg, HOME: home } = process.env;

try {
  const base = xdg?.startsWith('/') ? xdg : join(home?.startsWith('/') ? home : homedir(), '.cache');
  const root = join(base, 'waterguard');
  const folder = join(root, 'code');
  makeFolder(folder);
  if (isOurs(root) && isOurs(folder)) module.enableCompileCache?.(folder);
} catch {
  // A home that cannot be written costs time, nothing else.
}

/**
 * With what leads to it. Not by `recursive`, which tries for ever below /proc (Node 24.21, November 2026).
 * @param {string} path
 */
function makeFolder(path) {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (error.code === 'EEXIST') return;
    if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

/**
 * Code is run from there, so nobody else may write to it.
 * @param {string} path
 */
function isOurs(path) {
  const { uid, mode } = statSync(path);
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}

/**
 * Compiled code on disk, in `$XDG_CACHE_HOME/waterguard/code`. Without it every start strips and compiles the whole
 * program again, which takes longer than a rescan; the engine's processes share it. Plain JavaScript, because the
 * first file with types would load what strips them, 60 ms (November 2026).
 */
import { mkdirSync, statSync } from 'node:fs';
// As a whole: an old Node lacks the function, and would fail before `node-version.js` can say so.
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const { XDG_CACHE_HOME: xdg, HOME: home } = process.env;
const base = xdg?.startsWith('/') ? xdg : join(home ?? homedir(), '.cache');
const folder = join(base, 'waterguard', 'code');

try {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(folder);
  // Code is run from there, so nobody else may write to it.
  if (uid === process.getuid?.() && (mode & 0o022) === 0) module.enableCompileCache?.(folder);
} catch {
  // A home that cannot be written costs time, nothing else.
}

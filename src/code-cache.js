/**
 * Compiled code on disk, in `$XDG_CACHE_HOME/waterguard/code`. Without it every start strips and compiles the whole
 * program again, which takes longer than a rescan; the engine's processes share it. Plain JavaScript, because the
 * first file with types would load what strips them, 60 ms (November 2026).
 */
// As a whole: an old Node lacks the function, and would fail before `node-version.js` can say so.
import module from 'node:module';
import { join } from 'node:path';
import { cacheRoot, makeFolder, reasonToDistrust } from './cache-folder.js';

try {
  const root = cacheRoot(process.env);
  const folder = join(root, 'code');
  makeFolder(folder);
  if (reasonToDistrust(root) === undefined && reasonToDistrust(folder) === undefined)
    module.enableCompileCache?.(folder);
} catch {
  // A home that cannot be written costs time, nothing else.
}

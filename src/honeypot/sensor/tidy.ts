/**
 * Collects garbage in moments in which nobody waits. Starting leaves 30 MB of it, and V8 by itself collects when a heap is
 * to grow: a dozen processes that are quiet most of the time would keep all theirs (Node 24.21, November 2026).
 */
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds; `tidy` is to be called as often. */
export const tidyEvery = 1000;
/** Part of that in which the process worked, up to which it is quiet. */
const quiet = 0.2;
/** Bytes by which it grew since the last time. */
const worthwhile = 6 << 20;

/** @returns looks whether it is quiet, and collects where something came together */
export function createTidy(): () => void {
  let last = performance.eventLoopUtilization();
  let before = 0;
  let collect = globalThis.gc;
  return () => {
    const { utilization } = performance.eventLoopUtilization(last);
    last = performance.eventLoopUtilization();
    if (utilization > quiet || process.memoryUsage.rss() - before < worthwhile) return;
    // Not sooner: V8 takes no code out of the compile cache that was put there under other flags.
    collect ??= exposed();
    collect({ type: 'major', flavor: 'last-resort' });
    before = process.memoryUsage.rss();
    // The collection itself is no work of the next second.
    last = performance.eventLoopUtilization();
  };
}

/** Where the command line had no `--expose-gc`. */
function exposed(): NonNullable<typeof globalThis.gc> {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as NonNullable<typeof globalThis.gc>;
}

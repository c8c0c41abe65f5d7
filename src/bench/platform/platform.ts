/**
 * `bench platform`: hunts, workers, look-ups, lists and the console at the sizes that the platform is made for, and
 * what is left after it was killed again and again. Figures of speed come with their goal; those of losses must be 0.
 */

import { type Parts, runParts } from '../parts.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import { benchAgain } from './again.ts';
import { benchChaos } from './chaos.ts';
import { benchConsole } from './console.ts';
import { benchHunt } from './hunt.ts';
import { benchLists } from './lists.ts';
import { benchLookups } from './lookups.ts';
import { benchWorkers } from './workers.ts';

const parts = {
  hunt: benchHunt,
  again: benchAgain,
  workers: benchWorkers,
  lookups: benchLookups,
  lists: benchLists,
  console: benchConsole,
  chaos: benchChaos,
} as const satisfies Parts;

/** @throws WaterguardError `usage` for an unknown part */
export function benchPlatform(options: BenchOptions): Promise<BenchResult[]> {
  return runParts(parts, options);
}

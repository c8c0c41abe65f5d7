/**
 * `bench platform`: hunts, workers, look-ups, lists and the console at the sizes that the platform is made for, and
 * what is left after it was killed again and again. Figures of speed come with their goal; those of losses must be 0.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import { benchAgain } from './again.ts';
import { benchChaos } from './chaos.ts';
import { benchConsole } from './console.ts';
import type { Ground } from './ground.ts';
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
} as const satisfies Record<string, (ground: Ground) => Promise<BenchResult[]>>;

/** @throws WaterguardError `usage` for an unknown part */
export async function benchPlatform(options: BenchOptions): Promise<BenchResult[]> {
  const wanted = options.parts ?? Object.keys(parts);
  const unknown = wanted.find((one) => !Object.hasOwn(parts, one));
  if (unknown !== undefined) {
    const known = Object.keys(parts).join(', ');
    throw new WaterguardError(
      'usage',
      `the benchmark has no part '${printable(unknown, 100)}'; it has: ${known}`,
    );
  }
  const results: BenchResult[] = [];
  for (const name of wanted as (keyof typeof parts)[]) {
    const folder = mkdtempSync(join(tmpdir(), `waterguard-bench-${name}-`));
    try {
      results.push(...(await parts[name]({ folder, scale: options.scale, say: options.say })));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return results;
}

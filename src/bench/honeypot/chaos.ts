/** What a sensor loses and lets out when everything goes wrong: nothing. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground } from '../parts.ts';
import type { BenchResult } from '../result.ts';
import { benchAway } from './away.ts';
import { benchFullDisk } from './full-disk.ts';
import { benchKills } from './kills.ts';
import { benchOutgoing } from './outgoing.ts';

const parts = { kills: benchKills, away: benchAway, disk: benchFullDisk, outgoing: benchOutgoing };

export async function benchChaos(ground: Ground): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const [name, part] of Object.entries(parts)) {
    const folder = join(ground.folder, name);
    mkdirSync(folder);
    for (const one of await part({ ...ground, folder }))
      results.push({ ...one, metric: `${name}: ${one.metric}` });
  }
  return results;
}

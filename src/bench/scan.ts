/**
 * `bench scan`: Waterguard beside yara, unpack + yara and clamscan, with equal rules on equal content, in
 * interleaved runs; then memory, cached rescans, shared layers, and how far the machine's own limit is.
 */
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import { shippedRules } from '../package.ts';
import { cacheFolder } from '../scan/cache/folder.ts';
import { lockFolder } from './folder.ts';
import { buildImages } from './images.ts';
import { benchLimit } from './limit.ts';
import { benchMemory } from './memory.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { benchRules, writeBenchRules } from './rules.ts';
import { benchShared } from './shared.ts';
import { benchCached, benchSpeed, type Ground } from './speed.ts';

export const scanParts = ['speed', 'cached', 'limit', 'memory', 'shared'] as const;

/** @throws WaterguardError `usage` for an unknown part, and where another benchmark is running */
export async function benchScan(options: BenchOptions): Promise<BenchResult[]> {
  const unknown = options.parts?.find((one) => !(scanParts as readonly string[]).includes(one));
  if (unknown !== undefined) {
    const known = scanParts.join(', ');
    throw new WaterguardError(
      'usage',
      `the benchmark has no part '${printable(unknown, 100)}'; it has: ${known}`,
    );
  }
  const folder = cacheFolder(process.env, 'bench');
  if (folder === undefined)
    throw new WaterguardError('usage', 'the cache folder cannot be written; set XDG_CACHE_HOME');
  const release = await lockFolder(folder);
  try {
    return await measureIn(folder, options);
  } finally {
    await release();
  }
}

async function measureIn(folder: string, { runs, parts, say }: BenchOptions): Promise<BenchResult[]> {
  const wants = (part: (typeof scanParts)[number]): boolean => parts === undefined || parts.includes(part);
  const ground = prepare(folder, say);
  const results: BenchResult[] = [
    { metric: 'rules given to every engine', value: benchRules, unit: 'rules', runs: 1 },
  ];
  if (wants('speed')) results.push(...(await benchSpeed(ground, runs)));
  if (wants('cached')) results.push(...(await benchCached(ground, runs)));
  if (wants('limit')) results.push(...(await benchLimit(ground, runs)));
  if (wants('memory')) results.push(...(await benchMemory(ground, folder)));
  if (wants('shared')) results.push(...(await benchShared(ground, folder, runs)));
  return results;
}

function prepare(folder: string, say: (text: string) => void): Ground {
  const images = buildImages(folder, say);
  const rules = join(folder, 'rules');
  mkdirSync(rules, { recursive: true });
  const ruleFile = join(rules, 'bench.yar');
  const files = globSync('**/*.yar', { cwd: shippedRules })
    .sort()
    .map((name) => join(shippedRules, name));
  writeFileSync(ruleFile, writeBenchRules(files));
  return { images, rules, ruleFile, say };
}

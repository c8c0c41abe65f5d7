/**
 * The machine's limit: decompress, hash and match the same bytes with nothing around, each on its own, so that
 * the distance between the scanner and what this machine could do at best is a figure and not a feeling.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { headSize, kindOf } from '../detect/kind.ts';
import { makePlan } from '../detect/plan.ts';
import { createSearcher } from '../detect/search.ts';
import { ruleEngine } from '../detect/yara/engine.ts';
import { loadRules } from '../detect/yara/load.ts';
import type { BenchImage } from './images.ts';
import { type BenchResult, median, rounded } from './result.ts';
import { type Ground, runScan, succeed } from './speed.ts';

export async function benchLimit(ground: Ground, runs: number): Promise<BenchResult[]> {
  const image = ground.images[1];
  const engine = ruleEngine();
  if (image === undefined || engine === undefined) {
    return [
      { metric: 'share of the machine limit', value: null, unit: '', runs: 0, reason: 'no rule engine here' },
    ];
  }
  const searcher = createSearcher(makePlan([], await loadRules([ground.rules]), engine), engine, 60_000);
  const blobs = globSync('blobs/sha256/*', { cwd: image.layout }).map((name) => join(image.layout, name));
  const layers = blobs.filter((path) => statSync(path).size > 100_000).map((path) => readFileSync(path));
  const inflate: number[] = [];
  const digest: number[] = [];
  const match: number[] = [];
  const whole: number[] = [];
  for (let run = 0; run < runs; run++) {
    ground.say(`machine limit, run ${run + 1} of ${runs}`);
    const start = performance.now();
    const tars = layers.map((one) => gunzipSync(one, { chunkSize: 2 ** 20, maxOutputLength: 2 ** 32 }));
    inflate.push((performance.now() - start) / 1000);
    digest.push(
      time(() => {
        for (const one of [...layers, ...tars, ...tars]) createHash('sha256').update(one).digest();
      }),
    );
    match.push(
      time(() => {
        for (const bytes of filesOf(image)) {
          searcher.search(bytes, kindOf(bytes.subarray(0, headSize))).content((error) => {
            throw error;
          });
        }
      }),
    );
    whole.push((await succeed(runScan(ground, image.target, ['--no-cache']))).seconds);
  }
  const cores = availableParallelism();
  const best = (median(inflate) + median(digest) + median(match)) / cores;
  const one = (metric: string, value: number): BenchResult => ({
    metric,
    value: rounded(value),
    unit: 's',
    runs,
  });
  return [
    one(`${image.name} image, decompress alone`, median(inflate)),
    one(`${image.name} image, hash alone (blob, layer and file digests)`, median(digest)),
    one(`${image.name} image, match alone`, median(match)),
    {
      metric: `${image.name} image, scan`,
      value: rounded(median(whole)),
      unit: 's',
      runs,
      rival: `limit of this machine: decompress + hash + match spread over ${cores} cores`,
      rivalValue: rounded(best),
      ratio: rounded(best / median(whole)),
    },
  ];
}

function* filesOf(image: BenchImage): Generator<Buffer> {
  for (const name of globSync('**', { cwd: image.tree, withFileTypes: true })) {
    if (name.isFile()) yield readFileSync(join(name.parentPath, name.name));
  }
}

function time(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** The past of an indicator: the images that hold a value, among ten million values in layers. */
import { randomInt } from 'node:crypto';
import { imagesWith } from '../../store/indicators.ts';
import type { Ground } from '../parts.ts';
import { type BenchResult, meets, rounded } from '../result.ts';
import { onBothStores, quantile } from './both-stores.ts';
import { fill } from './filled-store.ts';

const observables = 10_000_000;
const lookups = 300;

const goals = { postgresql: '<= 200', embedded: '<= 1000' } as const;

export function benchLookups({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const count = Math.round(observables * scale);
  return onBothStores(folder, async (store) => {
    const layers = Math.max(100, count / 200);
    await fill(store, { images: Math.max(100, count / 100), layers, observables: count, findings: 0 }, say);
    const times: number[] = [];
    let found = 0;
    for (let at = 0; at < lookups; at++) {
      const n = randomInt(count);
      const value = n % 4 === 0 ? `common-${n % 5000}.example.com` : `host-${n}.example.com`;
      const start = performance.now();
      found += (await imagesWith(store.db, 'domain', value)).length;
      times.push(performance.now() - start);
    }
    const p95 = quantile(times, 0.95);
    const goal = goals[store.kind];
    return [
      {
        metric: `images with a value, among ${count} observables, ${store.kind}, p95`,
        value: rounded(p95),
        unit: 'ms',
        runs: lookups,
        goal,
        holds: meets(p95, goal),
      },
      {
        metric: `the same, median; ${rounded(found / lookups)} images each`,
        value: rounded(quantile(times, 0.5)),
        unit: 'ms',
        runs: lookups,
      },
    ];
  });
}

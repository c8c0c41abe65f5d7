/** The API's list pages over a million findings, by HTTP as a client has them. */
import { newSecret } from '../../store/access.ts';
import type { Store } from '../../store/open.ts';
import type { Ground } from '../parts.ts';
import { type BenchResult, meets, rounded } from '../result.ts';
import { onBothStores, quantile } from './both-stores.ts';
import { fill } from './filled-store.ts';
import { serveStore } from './served-store.ts';

const findings = 1_000_000;
/** Pages of each list that are walked through. */
const pages = 25;

const lists = [
  '/v1/findings?',
  '/v1/findings?status=open&',
  '/v1/findings?category=backdoor&severity=critical&',
  '/v1/findings?rule=rule/17&',
  '/v1/images?',
  '/v1/images?sort=scanned&',
  '/v1/images?sort=reference&',
  '/v1/images?verdict=malicious&',
  '/v1/images?category=cryptomining&',
  '/v1/images?q=team-17&',
  '/v1/hunts?',
] as const;

export function benchLists({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const count = Math.round(findings * scale);
  return onBothStores(folder, async (store) => {
    const sizes = {
      images: Math.max(100, count / 10),
      layers: Math.max(100, count / 20),
      observables: count,
    };
    await fill(store, { ...sizes, findings: count }, say);
    const times = await walk(store, say);
    const all = [...times.values()].flat();
    const p95 = quantile(all, 0.95);
    const [slowest = '', slow = []] =
      [...times].sort((a, b) => quantile(b[1], 0.95) - quantile(a[1], 0.95))[0] ?? [];
    return [
      {
        metric: `list pages of the API with ${count} findings, ${store.kind}, p95`,
        value: rounded(p95),
        unit: 'ms',
        runs: all.length,
        goal: '<= 50',
        holds: meets(p95, '<= 50'),
      },
      {
        metric: `the slowest of them, ${slowest.replace(/[?&]$/, '')}, p95`,
        value: rounded(quantile(slow, 0.95)),
        unit: 'ms',
        runs: slow.length,
      },
    ];
  });
}

async function walk(store: Store, say: (text: string) => void): Promise<Map<string, number[]>> {
  const { secret, stored } = newSecret('wg_');
  await store.db
    .insertInto('tokens')
    .values({ name: 'bench', secret: stored, prefix: 'wg_', scopes: ['read'], created_by: 'bench' })
    .execute();
  const { origin, close } = await serveStore(store);
  try {
    const headers = { authorization: `Bearer ${secret}` };
    const times = new Map<string, number[]>();
    for (const list of lists) {
      const taken: number[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < pages; page++) {
        const start = performance.now();
        const url = `${origin}${list}limit=50${cursor === undefined ? '' : `&cursor=${cursor}`}`;
        const answer = await fetch(url, { headers });
        const body = (await answer.json()) as { next?: string };
        taken.push(performance.now() - start);
        if (!answer.ok) throw new Error(`${list} answered ${answer.status}: ${JSON.stringify(body)}`);
        cursor = body.next;
        if (cursor === undefined) break;
      }
      say(
        `${store.kind}: ${list.slice(0, -1)} median ${rounded(quantile(taken, 0.5))} ms, p95 ${rounded(quantile(taken, 0.95))} ms`,
      );
      times.set(list, taken);
    }
    return times;
  } finally {
    await close();
  }
}

/**
 * The whole platform on an embedded store, killed again and again at moments of chance: what was acknowledged is there
 * afterwards, the hunt that runs meanwhile ends with every image once, and every start works.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { openStore, type Store } from '../../store/open.ts';
import type { Ground } from '../parts.ts';
import { type Running, said, start, startFile } from '../processes.ts';
import type { BenchResult } from '../result.ts';
import { tokenOf, urlOf } from './platform-process.ts';

const kills = 50;
const images = 3000;
/** Between a start and the kill that follows, in milliseconds: from before it serves to the middle of its work. */
const life = [300, 4000] as const;

export async function benchChaos({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const most = Math.max(3, Math.round(kills * scale));
  const count = Math.max(100, Math.round(images * scale));
  const registry = startFile(new URL('./registry.ts', import.meta.url), [String(count)]);
  const data = join(folder, 'store');
  const env = { XDG_CACHE_HOME: join(folder, 'cache') };
  const up = (): Running => start(['up', '--data', data, '--listen', '127.0.0.1:0'], env);
  let running: Running | undefined;
  try {
    const host = await said(registry, /127\.0\.0\.1:\d+/, 600_000);
    running = up();
    const token = await tokenOf(running, ['read', 'hunt', 'learn']);
    const hunt = await beginHunt(await urlOf(running), token, host);
    const writer = createWriter(token);
    let starts = 1;
    for (let killed = 0; killed < most; killed++) {
      const url = await Promise.race([urlOf(running), sleep(randomInt(life[0], life[1]))]);
      if (typeof url === 'string') await writer.writeFor(url, randomInt(life[0], life[1]));
      await running.kill();
      running = up();
      starts++;
      if (killed % 10 === 9) say(`${killed + 1} kills, ${writer.acknowledged.length} writes acknowledged`);
    }
    const url = await urlOf(running);
    await ended(url, token, hunt);
    running.child.kill('SIGTERM');
    await running.ended;
    const store = await openStore({ env: {}, data, command: 'bench' });
    try {
      return await account(store, { kills: most, starts, count, acknowledged: writer.acknowledged });
    } finally {
      await store.close();
    }
  } finally {
    await running?.kill();
    await registry.kill();
  }
}

async function beginHunt(url: string, token: string, host: string): Promise<number> {
  const answer = await post(`${url}/v1/hunts`, token, { source: `registry:${host}`, insecure: true });
  const { id } = (await answer.json()) as { id?: number };
  if (id === undefined) throw new Error(`no hunt: ${answer.status}`);
  return id;
}

function post(url: string, token: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
}

/** Adds indicators one after the other, and keeps those that the server said it has. */
function createWriter(token: string) {
  const acknowledged: string[] = [];
  let number = 0;
  return {
    acknowledged: acknowledged as readonly string[],
    async writeFor(url: string, milliseconds: number): Promise<void> {
      for (const end = Date.now() + milliseconds; Date.now() < end; ) {
        const value = `h${number++}.chaos-${process.pid}.com`;
        const answer = await post(`${url}/v1/indicators`, token, { type: 'domain', value }).catch(
          () => undefined,
        );
        if (answer?.status === 201) acknowledged.push(value);
        await answer?.body?.cancel();
      }
    },
  };
}

async function ended(url: string, token: string, hunt: number): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  for (const end = Date.now() + 900_000; Date.now() < end; ) {
    const answer = await fetch(`${url}/v1/hunts/${hunt}`, { headers });
    const { state } = (await answer.json()) as { state?: string };
    if (state !== 'running') return;
    await sleep(500);
  }
  throw new Error('the hunt did not end');
}

interface Told {
  readonly kills: number;
  readonly starts: number;
  readonly count: number;
  readonly acknowledged: readonly string[];
}

async function account({ db }: Store, told: Told): Promise<BenchResult[]> {
  const rows = await db.selectFrom('indicators').select('value').execute();
  const stored = new Set(rows.map((one) => one.value));
  const lost = told.acknowledged.filter((one) => !stored.has(one)).length;
  const doubledWrites = rows.length - stored.size;
  const { rows: counts } = await sql<{ lost: number; doubled: number; waiting: number }>`
    select ${told.count} - count(*) filter (where state = 'done') as lost,
      (select count(*) from images where scans <> 1) as doubled
    from hunt_images`.execute(db);
  const { lost: images = told.count, doubled = told.count } = counts[0] ?? {};
  const zero = (metric: string, value: number, unit: string): BenchResult => ({
    metric: `chaos: ${metric}`,
    value,
    unit,
    runs: 1,
    goal: '<= 0',
    holds: value === 0,
  });
  return [
    { metric: 'chaos: kills', value: told.kills, unit: 'kills', runs: 1 },
    { metric: 'chaos: starts that served', value: told.starts, unit: 'starts', runs: 1 },
    { metric: 'chaos: writes acknowledged', value: told.acknowledged.length, unit: 'writes', runs: 1 },
    zero('acknowledged writes lost', lost, 'writes'),
    zero('writes doubled', doubledWrites, 'writes'),
    zero('images of the hunt lost', images, 'images'),
    zero('images recorded twice', doubled, 'images'),
  ];
}

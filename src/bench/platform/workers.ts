/** Four workers on one PostgreSQL, one of them killed every few seconds: every image is done, and done once. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { openStore, type Store } from '../../store/open.ts';
import type { Ground } from '../parts.ts';
import { type Running, said, start, startFile } from '../processes.ts';
import type { BenchResult } from '../result.ts';
import { findPostgreSql, startPostgreSql } from './postgresql.ts';

const images = 10_000;
const workers = 4;
const killEveryMs = 4000;

export async function benchWorkers({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const count = Math.max(100, Math.round(images * scale));
  const metric = `hunt over ${count} images by ${workers} workers, one killed every ${killEveryMs / 1000} s`;
  if (findPostgreSql() === undefined) return [missing(metric)];
  const postgres = await startPostgreSql(join(folder, 'postgresql'));
  const registry = startFile(new URL('./registry.ts', import.meta.url), [String(count)]);
  const running: Running[] = [];
  try {
    const host = await said(registry, /127\.0\.0\.1:\d+/, 600_000);
    const env = { DATABASE_URL: postgres.url('workers'), XDG_CACHE_HOME: join(folder, 'cache') };
    const startWorker = async (): Promise<Running> => {
      const one = start(['worker'], env);
      await said(one, /working for/);
      return one;
    };
    for (let at = 0; at < workers; at++) running.push(await startWorker());
    say(`hunting ${count} images`);
    const begun = performance.now();
    const hunt = start(
      ['hunt', `registry:${host}`, '--insecure', '--format', 'json', '--quiet', '--concurrency', '1'],
      env,
    );
    let ended = false;
    hunt.ended.then(() => {
      ended = true;
    });
    let kills = 0;
    for (let at = 0; !ended; at = (at + 1) % workers) {
      await Promise.race([sleep(killEveryMs), hunt.ended]);
      if (ended) break;
      await running[at]!.kill();
      kills++;
      running[at] = await startWorker();
    }
    if ((await hunt.ended) !== 0) throw new Error(`the hunt failed: ${hunt.stderr().slice(-1000)}`);
    const seconds = (performance.now() - begun) / 1000;
    const store = await openStore({ env, command: 'bench' });
    try {
      return [
        { metric, value: Math.round(count / seconds), unit: 'images/s', runs: 1 },
        { metric: `${metric}: kills`, value: kills, unit: 'kills', runs: 1 },
        ...(await once(store, count, metric)),
      ];
    } finally {
      await store.close();
    }
  } finally {
    await Promise.all(running.map((one) => one.kill()));
    await registry.kill();
    await postgres.stop('SIGQUIT');
  }
}

async function once({ db }: Store, count: number, metric: string): Promise<BenchResult[]> {
  const { rows } = await sql<{ lost: number; doubled: number }>`
    select ${count} - count(*) filter (where state = 'done') as lost,
      (select count(*) from images where scans <> 1) as doubled
    from hunt_images`.execute(db);
  const { lost = count, doubled = count } = rows[0] ?? {};
  return [
    {
      metric: `${metric}: images lost`,
      value: lost,
      unit: 'images',
      runs: 1,
      goal: '<= 0',
      holds: lost === 0,
    },
    {
      metric: `${metric}: results recorded twice`,
      value: doubled,
      unit: 'images',
      runs: 1,
      goal: '<= 0',
      holds: doubled === 0,
    },
  ];
}

function missing(metric: string): BenchResult {
  return {
    metric,
    value: null,
    unit: 'images/s',
    runs: 0,
    holds: null,
    reason: 'PostgreSQL is not installed',
  };
}

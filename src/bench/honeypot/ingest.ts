/**
 * `POST /v1/ingest` of gzipped batches from several sensors into a running server, on an embedded store and on PostgreSQL,
 * with all that is kept beside the events; afterwards the rows are counted. On PostgreSQL, in turns, beside a plain table.
 */
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../store/open.ts';
import type { Ground } from '../parts.ts';
import { tokenOf, urlOf } from '../platform/platform-process.ts';
import { findPostgreSql, startPostgreSql } from '../platform/postgresql.ts';
import { start, usualCache } from '../processes.ts';
import { type BenchResult, median, rounded } from '../result.ts';
import { goalResult } from '../speed.ts';
import { none } from './collector.ts';
import { type Deliveries, deliveriesOf } from './deliveries.ts';
import { ledgerOf } from './ledger.ts';
import { openPlainTable } from './plain-table.ts';

/** Each of its own name; all deliver at the same time. */
const sensors = 8;
const rounds = 5;
/** Events of one round. */
const size = { embedded: 60_000, postgresql: 120_000 };
const goals = { embedded: '>= 20000', postgresql: '>= 50000' };

export async function benchIngest({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const embedded = await on('embedded', { folder: join(folder, 'embedded') });
  if (findPostgreSql() === undefined) {
    const reason = 'PostgreSQL is not installed';
    const metric = 'events a second, postgresql';
    return [
      ...embedded,
      { metric, value: null, unit: '1/s', runs: 0, goal: goals.postgresql, holds: null, reason },
    ];
  }
  const postgres = await startPostgreSql(join(folder, 'postgresql'));
  try {
    return [...embedded, ...(await on('postgresql', { folder, url: postgres.url('ingest') }))];
  } finally {
    await postgres.stop('SIGQUIT');
  }

  async function on(
    kind: keyof typeof size,
    place: { readonly folder: string; readonly url?: string },
  ): Promise<BenchResult[]> {
    const where = place.url === undefined ? {} : { DATABASE_URL: place.url };
    const data = join(place.folder, 'store');
    const server = start(['server', '--data', data, '--listen', '127.0.0.1:0'], {
      ...usualCache(),
      ...where,
    });
    const agent = new Agent({ keepAlive: true });
    try {
      const [url, token] = [await urlOf(server), await tokenOf(server, ['ingest'])];
      const deliver = (body: Buffer): Promise<number> => post(url, token, agent, body);
      const all = Array.from({ length: sensors }, (_, at) => deliveriesOf(`${kind}-${at}`));
      const batches = Math.max(1, Math.round((size[kind] * scale) / sensors / 500));
      await using plain = place.url === undefined ? undefined : await openPlainTable(place.url, sensors);
      const rates: number[] = [];
      const plainRates: number[] = [];
      // The first is not counted: who serves becomes quick, and tables are made.
      for (let round = 0; round <= rounds; round += 1) {
        const bodies = all.map((one) => Array.from({ length: batches }, () => one.next()));
        await sleep(500);
        const rate = await deliverAll(bodies, deliver);
        say(`${kind}: ${Math.round(rate)} events/s`);
        if (round > 0) rates.push(rate);
        // What comes again is there once.
        await deliverAll(
          bodies.map((some) => some.slice(0, 1)),
          deliver,
        );
        if (plain === undefined) continue;
        const plainRate = await deliverAll(bodies, plain.write);
        if (round > 0) plainRates.push(plainRate);
      }
      server.child.kill('SIGTERM');
      await server.ended;
      return [
        {
          ...goalResult(`events a second, ${kind}`, median(rates), '1/s', rates.length, goals[kind]),
          ...(plain !== undefined && beside(median(rates), median(plainRates))),
        },
        { metric: 'the best round', value: Math.round(Math.max(...rates)), unit: '1/s', runs: 1 },
        ...(await count({ data, env: where }, all)),
      ];
    } finally {
      agent.destroy();
      await server.kill();
    }
  }
}

function beside(value: number, plain: number): Partial<BenchResult> {
  const rival =
    'a plain table of the same server, rows of JSON with their keys alone, without a collector before it';
  return { rival, rivalValue: Math.round(plain), ratio: rounded(value / plain) };
}

async function count(
  place: { readonly data: string; readonly env: Readonly<Record<string, string>> },
  all: readonly Deliveries[],
): Promise<BenchResult[]> {
  const store = await openStore({ ...place, command: 'bench' });
  try {
    const sent = all.reduce((sum, one) => sum + one.events, 0);
    const { events, doubled, missing, sumsOff } = await ledgerOf(store);
    return [
      { metric: 'events in the store', value: events, unit: 'events', runs: 1 },
      none('of those sent not there', sent - events, 'events'),
      none('there twice', doubled, 'events'),
      none('holes in their numbers', missing, 'events'),
      none('sums that are not those of the rows', sumsOff, 'sums'),
    ];
  } finally {
    await store.close();
  }
}

/** Each sensor waits for an answer before it sends again. @returns events a second */
async function deliverAll(
  bodies: readonly (readonly Buffer[])[],
  deliver: (body: Buffer) => Promise<number>,
): Promise<number> {
  const since = performance.now();
  let events = 0;
  await Promise.all(
    bodies.map(async (some) => {
      for (const body of some) {
        const taken = await deliver(body);
        events += taken;
      }
    }),
  );
  return events / ((performance.now() - since) / 1000);
}

/** @returns events of it that were taken, or there before */
function post(url: string, token: string, agent: Agent, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'content-length': body.length,
    };
    const sent = request(`${url}/v1/ingest`, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (some: string) => {
        text += some;
      });
      answer.once('end', () => {
        if (answer.statusCode !== 200)
          return reject(new Error(`${answer.statusCode}: ${text.slice(0, 300)}`));
        const { accepted, duplicates } = JSON.parse(text) as { accepted: number; duplicates: number };
        resolve(accepted + duplicates);
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

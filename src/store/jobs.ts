/** Jobs as operators see them: what waits, what runs, what failed for good. */
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { Page } from '../api/page.ts';
import type { Job, jobsQuery, QueueCounts } from '../api/upkeep.ts';
import { printable } from '../model/printable.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import { deadQueue, type Queue } from './queue.ts';
import type { Tables } from './tables.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly data: { readonly reference?: string; readonly hunt?: number; readonly schedule?: number } | null;
  readonly output: { readonly message?: string } | null;
  readonly created_on: Date;
  /** Microseconds since the epoch: a Date has milliseconds only, and a page would begin twice. */
  readonly created: number;
  readonly started_on: Date | null;
  readonly completed_on: Date | null;
  readonly retry_count: number;
}

const newestFirst: Order = { list: 'jobs', by: ['bigint', 'uuid'] };

/** pg-boss calls a job that waits `created`. */
const stored = { waiting: 'created' } as const;

/** Beginning of the names of pg-boss's own: `__pgboss__send-it` starts what is due by the clock. */
const ownQueues = '__pgboss__';

/** The newest first. What waits in the queue of the dead has failed for good. */
export async function listJobs(db: Kysely<Tables>, query: z.output<typeof jobsQuery>): Promise<Page<Job>> {
  const after = readCursor(query.cursor, newestFirst);
  const isFailed = query.state === 'failed';
  const state = query.state === 'waiting' ? stored.waiting : query.state;
  const { rows } = await sql<Row>`
    select id, name, state, data, output, created_on, (extract(epoch from created_on) * 1000000)::bigint as created, started_on, completed_on, retry_count
    from pgboss.job
    where not starts_with(name, ${ownQueues})
      and (${query.queue ?? null}::text is null or name = ${query.queue ?? null})
      and (${isFailed} or ${state ?? null}::text is null or (state::text = ${state ?? null} and name <> ${deadQueue}))
      and (not ${isFailed} or name = ${deadQueue})
      and (${after === undefined} or ((extract(epoch from created_on) * 1000000)::bigint, id::text) < (${after?.[0] ?? null}::bigint, ${after?.[1] ?? null}::text))
    order by created_on desc, id::text desc limit ${query.limit + 1}`.execute(db);
  return pageFrom(rows, query.limit, newestFirst, jobRow, (row) => [row.created, row.id]);
}

export async function jobById(db: Kysely<Tables>, id: string): Promise<Job | undefined> {
  const row = await find(db, id);
  return row && jobRow(row);
}

async function find(db: Kysely<Tables>, id: string): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select id, name, state, data, output, created_on, (extract(epoch from created_on) * 1000000)::bigint as created, started_on, completed_on, retry_count
    from pgboss.job where id = ${id}`.execute(db);
  return rows[0];
}

/** @returns false where it cannot be tried again: it has not failed */
export async function retryJob(db: Kysely<Tables>, { boss }: Queue, id: string): Promise<boolean> {
  const row = await find(db, id);
  if (row === undefined) return false;
  if (row.name !== deadQueue) {
    if (row.state !== 'failed') return false;
    await boss.retry(row.name, id);
    return true;
  }
  return (await boss.redrive(deadQueue, { ids: [id] })) > 0;
}

/** @returns false where there is nothing to cancel */
export async function cancelJob(db: Kysely<Tables>, { boss }: Queue, id: string): Promise<boolean> {
  const row = await find(db, id);
  if (row === undefined || !['created', 'retry', 'active'].includes(row.state)) return false;
  await boss.cancel(row.name, id);
  return true;
}

export async function queueCounts({ boss }: Queue): Promise<QueueCounts[]> {
  const queues = await boss.getQueues();
  return queues
    .filter((one) => !one.name.startsWith(ownQueues))
    .map((one) => ({
      queue: one.name,
      waiting: one.name === deadQueue ? 0 : one.queuedCount,
      active: one.activeCount,
      failed: one.name === deadQueue ? one.queuedCount : one.failedCount,
    }))
    .sort((a, b) => (a.queue < b.queue ? -1 : 1));
}

function jobRow(row: Row): Job {
  const { data } = row;
  const subject =
    data?.reference ??
    (data?.hunt === undefined
      ? data?.schedule === undefined
        ? row.name
        : `schedule ${data.schedule}`
      : `hunt ${data.hunt}`);
  const state =
    row.name === deadQueue && row.state === 'created'
      ? 'failed'
      : row.state === 'created'
        ? 'waiting'
        : row.state;
  const problem = row.output?.message;
  return {
    id: row.id,
    queue: row.name,
    state: state as Job['state'],
    subject: printable(subject, 300),
    createdAt: row.created_on.toISOString(),
    ...(row.started_on !== null && { startedAt: row.started_on.toISOString() }),
    ...(row.completed_on !== null && { endedAt: row.completed_on.toISOString() }),
    tries: row.retry_count + (row.started_on === null ? 0 : 1),
    ...(problem !== undefined && { problem: printable(problem, 1000) }),
  };
}

/** Searches in everything seen before, as they are listed, and those for new rules. */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { RetroHunt } from '../api/intel.ts';
import type { Page } from '../api/page.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import type { Queue } from './queue.ts';
import { queueRescans } from './rescans.ts';
import type { Tables } from './tables.ts';

const newestFirst: Order = { list: 'retro-hunts', by: ['int'] };

/** The newest first. */
export async function listRetroHunts(
  db: Kysely<Tables>,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<RetroHunt>> {
  const after = readCursor(query.cursor, newestFirst);
  const rows = await db
    .selectFrom('retro_hunts')
    .selectAll()
    .$if(after !== undefined, (one) => one.where('id', '<', Number(after![0])))
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  return pageFrom(rows, query.limit, newestFirst, retroRow, (row) => [row.id]);
}

export async function retroHuntById(db: Kysely<Tables>, id: number): Promise<RetroHunt | undefined> {
  const row = await db.selectFrom('retro_hunts').selectAll().where('id', '=', id).executeTakeFirst();
  return row && retroRow(row);
}

function retroRow(row: Selectable<Tables['retro_hunts']>): RetroHunt {
  const end = row.ended_at ?? new Date();
  return {
    id: row.id,
    kind: row.kind as RetroHunt['kind'],
    subject: row.subject,
    state: row.state as RetroHunt['state'],
    startedAt: row.started_at.toISOString(),
    ...(row.ended_at !== null && { endedAt: row.ended_at.toISOString() }),
    rescanned: row.rescanned,
    hits: row.hits,
    durationMs: end.getTime() - row.started_at.getTime(),
  };
}

/** Images whose last scan had other rules are scanned again, the worst first. */
export async function beginRuleHunt(tx: Transaction<Tables>, queue: Queue, ruleset: string): Promise<number> {
  const images = await tx
    .selectFrom('images')
    .select('id')
    .where('ruleset', '<>', ruleset)
    .orderBy('score', 'desc')
    .execute();
  const { id } = await tx
    .insertInto('retro_hunts')
    .values({
      kind: 'rules',
      subject: ruleset,
      state: 'done',
      ended_at: sql<Date>`clock_timestamp()`,
      rescanned: images.length,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await queueRescans(
    tx,
    queue,
    images.map((one) => one.id),
    ruleset,
  );
  return id;
}

/** Searches in everything seen before, as they are listed, and those for new rules. */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { RetroHunt } from '../api/intel.ts';
import type { Page } from '../api/page.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import type { Queue } from './queue.ts';
import { queueRescans } from './rescans.ts';
import { outdatedBy } from './rulesets.ts';
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

/**
 * Images in which these rules could find what the rules of their last scan did not are scanned again, the worst first.
 * @returns its id; undefined where there are none, unless `always`
 */
export async function beginRuleHunt(
  tx: Transaction<Tables>,
  queue: Queue,
  ruleset: string,
  { always }: { readonly always: boolean },
): Promise<number | undefined> {
  const { images } = await outdatedBy(tx, ruleset);
  if (images.length === 0 && !always) return undefined;
  const { id } = await tx
    .insertInto('retro_hunts')
    .values({ kind: 'rules', subject: ruleset, state: 'running' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const rescanned = await queueRescans(tx, queue, images, ruleset, id);
  await tx.updateTable('retro_hunts').set({ rescanned }).where('id', '=', id).execute();
  return id;
}

/** Images in which a hunt for new rules has found what was not known of them. */
export async function addHits(
  tx: Transaction<Tables>,
  scanned: readonly { readonly retro: number; readonly image: number }[],
): Promise<void> {
  for (const [retro, some] of Map.groupBy(scanned, (one) => one.retro)) {
    const images = some.map((one) => one.image);
    await sql`
      update retro_hunts set hits = hits + (
        select count(distinct image_id) from findings where image_id = any(${images}) and first_seen_at = now())
      where id = ${retro}`.execute(tx);
  }
}

/** Hunts for new rules none of whose images is left to be scanned; those that nobody could scan count as done. */
export async function endRuleHunts(db: Kysely<Tables>): Promise<void> {
  const running = await db.selectFrom('retro_hunts').select('id').where('state', '=', 'running').execute();
  for (const { id } of running) {
    await sql`
      update retro_hunts set state = 'done', ended_at = clock_timestamp()
      where id = ${id} and state = 'running' and not exists (
        select from pgboss.job where name like 'images.%' and state < 'completed' and data ->> 'retro' = ${`${id}`})`.execute(
      db,
    );
  }
}

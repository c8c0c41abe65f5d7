/** How a hunt stands, and how it ends: done, cancelled, failed. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { HuntResult, HuntState } from '../api/hunts.ts';
import type { Standing } from '../hunt/port.ts';
import { addActivity } from './activity.ts';
import type { ImageJob } from './hunt-images.ts';
import { optionsOf } from './hunt-options.ts';
import { arranged, resultOf } from './hunt-result.ts';
import { forgetNames } from './names.ts';
import { deadQueue, type Queue } from './queue.ts';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

export async function standing(db: Kysely<Tables>, hunt: number): Promise<Standing> {
  const { rows } = await sql<{
    state: HuntState;
    listed: boolean;
    total: number;
    done: number;
    unchanged: number;
    failed: number;
  }>`
    select state, listed_at is not null as listed, total, done, unchanged, failed
    from hunts, lateral (
      select count(*) as total,
        count(*) filter (where state = 'done') as done,
        count(*) filter (where state = 'unchanged') as unchanged,
        count(*) filter (where state = 'failed') as failed
      from hunt_images where hunt_id = hunts.id
    ) as counted
    where id = ${hunt}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error(`there is no hunt ${hunt}`);
  return row;
}

/** Whoever sees the last image done ends the hunt; a second one finds it ended. */
export async function finish(
  db: Kysely<Tables>,
  queue: Queue,
  hunt: number,
): Promise<HuntResult | undefined> {
  return db.transaction().execute(async (tx) => {
    const found = await tx
      .selectFrom('hunts')
      .select(['state', 'result', 'listed_at', 'source', 'options', 'whole_below'])
      .where('id', '=', hunt)
      .forUpdate()
      .executeTakeFirst();
    if (found === undefined || (found.state === 'running' && found.listed_at === null)) return undefined;
    if (found.result !== null) return arranged(found.result as HuntResult);
    await giveUpDead(tx, queue, hunt);
    const left = await tx
      .selectFrom('hunt_images')
      .select('ordinal')
      .where('hunt_id', '=', hunt)
      .where('state', '=', 'waiting')
      .limit(1)
      .executeTakeFirst();
    if (found.state === 'running' && left !== undefined) return undefined;
    const result = await resultOf(tx, hunt);
    if (found.state !== 'running') return result;
    await tx
      .updateTable('hunts')
      .set({ state: 'done', ended_at: sql<Date>`now()`, result: storableJson(result) })
      .where('id', '=', hunt)
      .execute();
    const { platform } = optionsOf(found.options);
    if (found.whole_below !== null) await forgetNames(tx, hunt, found.whole_below, platform);
    const { total, malicious, unchanged } = result.images;
    await addActivity(tx, {
      type: 'hunt.done',
      severity: 'info',
      text: `Hunt over ${found.source} done: ${total} images, ${malicious} malicious, ${unchanged} unchanged`,
      link: `/hunts/${hunt}`,
      key: `hunt.done/${hunt}`,
    });
    return result;
  });
}

/** Images whose workers died on them again and again: their jobs lie among the dead, and nobody else tells it. */
async function giveUpDead(tx: Transaction<Tables>, queue: Queue, hunt: number): Promise<void> {
  const jobs = await queue.boss.findJobs<ImageJob>(deadQueue, { data: { hunt }, ...queue.within(tx) });
  const dead = jobs.flatMap((one) => one.data.ordinal ?? []);
  if (dead.length === 0) return;
  await tx
    .updateTable('hunt_images')
    .set({
      state: 'failed',
      ended_at: sql<Date>`now()`,
      problem: 'Whoever scanned it ended before it was done, again and again.',
    })
    .where('hunt_id', '=', hunt)
    .where('state', '=', 'waiting')
    .where('ordinal', 'in', dead)
    .execute();
}

/** The images in hand are finished, the others are not begun. @returns false where it has ended already */
export async function cancelHunt(tx: Transaction<Tables>, hunt: number, by: string): Promise<boolean> {
  const row = await tx
    .updateTable('hunts')
    .set({ state: 'cancelled', ended_at: sql<Date>`now()` })
    .where('id', '=', hunt)
    .where('state', '=', 'running')
    .returning('source')
    .executeTakeFirst();
  if (row === undefined) return false;
  await tx
    .updateTable('hunts')
    .set({ result: storableJson(await resultOf(tx, hunt)) })
    .where('id', '=', hunt)
    .execute();
  await addActivity(tx, {
    type: 'hunt.cancelled',
    severity: 'info',
    text: `Hunt over ${row.source} cancelled by ${by}`,
    link: `/hunts/${hunt}`,
    key: `hunt.cancelled/${hunt}`,
  });
  return true;
}

/** A source that cannot be listed at all. */
export async function failHunt(db: Kysely<Tables>, hunt: number, problem: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('hunts')
      .set({ state: 'failed', ended_at: sql<Date>`now()`, problems: [problem] })
      .where('id', '=', hunt)
      .where('state', '=', 'running')
      .returning('source')
      .executeTakeFirst();
    if (row === undefined) return;
    await addActivity(tx, {
      type: 'hunt.failed',
      severity: 'medium',
      text: `Hunt over ${row.source} failed: ${problem}`,
      link: `/hunts/${hunt}`,
      key: `hunt.failed/${hunt}`,
    });
  });
}

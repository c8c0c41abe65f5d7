/** Hunts by the clock: a row for people, and pg-boss's own schedule of the same number. */
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import type { huntOptions, newSchedule, Schedule } from '../api/hunts.ts';
import { WaterguardError } from '../model/error.ts';
import { type Actor, audit } from './access.ts';
import type { Queue } from './queue.ts';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

export const scheduledQueue = 'scheduled-hunts';

type Options = z.output<typeof huntOptions>;

export async function listSchedules(db: Kysely<Tables>, queue: Queue): Promise<Schedule[]> {
  const rows = await db.selectFrom('schedules').selectAll().orderBy('id').execute();
  return rows.map((row) => {
    const next = nextOf(queue, row.cron);
    return {
      id: row.id,
      source: row.source,
      options: row.options as Options,
      cron: row.cron,
      createdBy: row.created_by,
      ...(next !== undefined && { nextAt: next.toISOString() }),
    };
  });
}

/** @throws WaterguardError `usage` for a cron expression that is none */
export async function addSchedule(
  db: Kysely<Tables>,
  queue: Queue,
  { source, cron, ...options }: z.output<typeof newSchedule>,
  actor: Actor,
): Promise<Schedule> {
  if (nextOf(queue, cron) === undefined) {
    throw new WaterguardError('usage', `'${cron}' is no schedule: give five fields, such as '0 3 * * 1'.`);
  }
  const { id } = await db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('schedules')
      .values({ source, options: storableJson(options), cron, created_by: actor.name })
      .returning('id')
      .executeTakeFirstOrThrow();
    await audit(tx, actor, 'schedule.create', `schedule:${row.id}`, { source, cron });
    return row;
  });
  await setClock(db, queue);
  return (await listSchedules(db, queue)).find((one) => one.id === id)!;
}

export async function removeSchedule(
  db: Kysely<Tables>,
  queue: Queue,
  id: number,
  actor: Actor,
): Promise<boolean> {
  const removed = await db.transaction().execute(async (tx) => {
    const row = await tx.deleteFrom('schedules').where('id', '=', id).returning('source').executeTakeFirst();
    if (row !== undefined) await audit(tx, actor, 'schedule.remove', `schedule:${id}`, row);
    return row !== undefined;
  });
  await setClock(db, queue);
  return removed;
}

/** Makes pg-boss's schedules those of the table; at every start too, so that nothing between the two gets lost. */
export async function setClock(db: Kysely<Tables>, queue: Queue): Promise<void> {
  await queue.ready(scheduledQueue);
  const rows = await db.selectFrom('schedules').select(['id', 'cron']).execute();
  const wanted = new Map(rows.map((row) => [String(row.id), row.cron]));
  for (const { key, cron } of await queue.boss.getSchedules(scheduledQueue)) {
    if (wanted.get(key) === cron) wanted.delete(key);
    else await queue.boss.unschedule(scheduledQueue, key);
  }
  for (const [key, cron] of wanted) {
    await queue.boss.schedule(scheduledQueue, cron, { schedule: Number(key) }, { key, tz: 'UTC' });
  }
}

function nextOf({ boss }: Queue, cron: string): Date | undefined {
  try {
    if (cron.trim().split(/\s+/).length !== 5) return undefined;
    return boss.previewSchedule(cron, { count: 1, tz: 'UTC' })[0];
  } catch {
    return undefined;
  }
}

/** What time does to events: the next month's tables are made, and what is older than is kept goes. */
import { type Kysely, sql } from 'kysely';
import { pause } from '../honeypot/session/join.ts';
import { dropOldPartitions, readyAhead } from './event-partitions.ts';
import type { Tables } from './tables.ts';

/** Rows of one statement, so that nobody waits long behind it. */
const atOnce = 10_000;

/** To be called now and then; mostly there is nothing to do. */
export async function keepEvents(db: Kysely<Tables>, now = Date.now()): Promise<void> {
  await readyAhead(db, now);
  await sql`
    delete from session_marks using honeypot_sessions as s
    where s.id = session_id and last_at < ${new Date(now - 2 * pause)}`.execute(db);
  await sql`delete from sensor_enrolments where expires_at < now()`.execute(db);
  const end = await dropOldPartitions(db, now);
  if (end !== undefined) await forget(db, end);
}

/** What belongs to events before a time, once these are gone. */
async function forget(db: Kysely<Tables>, end: Date): Promise<void> {
  while ((await forgetSessions(db, end)) === atOnce);
  await sql`delete from event_values where first_at < ${end} and not exists (
    select from (select unnest(value_ids) as id from session_seen) as had where had.id = event_values.id)`.execute(
    db,
  );
  await sql`delete from event_hours where hour < ${end}`.execute(db);
  for (const table of ['technique_days', 'value_days'] as const)
    await sql`delete from ${sql.table(table)} where day < (${end}::timestamptz at time zone 'UTC')::date`.execute(
      db,
    );
  await sql`delete from artefacts where added_at < ${end}`.execute(db);
  await sql`delete from sensor_boots where last_at < ${end}`.execute(db);
}

async function forgetSessions(db: Kysely<Tables>, end: Date): Promise<number> {
  const { rows } = await sql<{ gone: number }>`
    with old as (
      delete from honeypot_sessions where id in (
        select id from honeypot_sessions where last_at < ${end} and first_at < ${end}
        order by first_at limit ${atOnce})
      returning id
    ), of_seen as (delete from session_seen using old where session_id = old.id),
      of_marks as (delete from session_marks using old where session_id = old.id),
      of_links as (delete from session_links using old where session_id = old.id),
      of_earlier as (delete from session_links using old where earlier_id = old.id)
    select count(*) as gone from old`.execute(db);
  return rows[0]!.gone;
}

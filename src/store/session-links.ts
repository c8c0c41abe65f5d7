/** Links between sessions of different addresses, by the marks that they have in common (`honeypot/session/marks.ts`). */
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { type LastSeen, linkSightings, type Sighting } from '../honeypot/session/link.ts';
import { byteas, int4s, int8s, texts } from './columns.ts';
import type { Tables } from './tables.ts';

/** @param sightings in the order of their times, their keys in hex */
export async function linkSessions(
  tx: Transaction<Tables>,
  sensor: number,
  sightings: readonly Sighting[],
): Promise<void> {
  if (sightings.length === 0) return;
  const known = await lastSeen(tx, sensor, new Set(sightings.map((one) => one.key)));
  const { links, marks } = linkSightings(sightings, known);
  await sql`
    with marks as (${writeMarks(sensor, marks)})
    insert into session_links (session_id, earlier_id, reason)
    select t.* from unnest(${int8s(links.map((one) => one.session))}::bigint[],
      ${int8s(links.map((one) => one.earlier))}::bigint[], ${texts(links.map((one) => one.reason))}::text[])
      as t(session_id, earlier_id, reason)
    where exists (select from honeypot_sessions where id = earlier_id)
    on conflict do nothing`.execute(tx);
}

async function lastSeen(
  tx: Transaction<Tables>,
  sensor: number,
  keys: ReadonlySet<string>,
): Promise<ReadonlyMap<string, LastSeen>> {
  const { rows } = await sql<LastSeen & { readonly key: string }>`
    select encode(mark, 'hex') as key, session_id as session, s.src, sources,
      (extract(epoch from first_at) * 1000)::float8 as "firstAt",
      (extract(epoch from last_at) * 1000)::float8 as "lastAt"
    from session_marks join honeypot_sessions as s on s.id = session_id
    where session_marks.sensor_id = ${sensor} and mark = any(${byteas([...keys])}::bytea[])`.execute(tx);
  return new Map(rows.map(({ key, ...one }) => [key, one]));
}

function writeMarks(sensor: number, marks: ReadonlyMap<string, LastSeen>): RawBuilder<unknown> {
  const all = [...marks.values()];
  return sql`
    insert into session_marks (sensor_id, mark, session_id, sources)
    select ${sensor}, mark, session_id, sources
    from unnest(${byteas([...marks.keys()])}::bytea[], ${int8s(all.map((one) => one.session))}::bigint[],
      ${int4s(all.map((one) => one.sources))}::int[]) as t(mark, session_id, sources)
    on conflict (sensor_id, mark) do update set session_id = excluded.session_id, sources = excluded.sources`;
}

export interface StoredLink {
  readonly other: number;
  readonly reason: string;
}

/** Of one session, in both directions. */
export async function linksOf(db: Kysely<Tables>, session: number, most: number): Promise<StoredLink[]> {
  const { rows } = await sql<StoredLink>`
    select earlier_id as other, reason from session_links where session_id = ${session}
    union select session_id, reason from session_links where earlier_id = ${session}
    order by other desc, reason limit ${most}`.execute(db);
  return rows;
}

/** Sessions as deliveries change them: those of their sources that may go on are read, all that changed are written. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Span } from '../honeypot/session/join.ts';
import { longestSession, pause } from '../honeypot/session/join.ts';
import type { Summary } from '../honeypot/session/summary.ts';
import { byteas, int2s, int4s, int8s, texts, times } from './columns.ts';
import { storable, storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

export interface KnownSession extends Readonly<Span> {
  readonly id: number;
  readonly sensor: number;
  readonly src: string;
  readonly summary: Summary;
  /** As `seenIn` gave it. */
  readonly seen: string;
}

/** Sources of one sensor. */
export interface Visitors {
  readonly sensor: number;
  readonly sources: readonly string[];
  /** Of their events, in milliseconds. */
  readonly first: number;
  readonly last: number;
}

interface Row {
  readonly id: number;
  readonly sensor: number;
  readonly src: string;
  readonly first: number;
  readonly last: number;
  readonly events: number;
  readonly severity: number;
  readonly services: string[];
  readonly techniques: string[];
  readonly summary: Omit<Summary, 'events' | 'severity' | 'services' | 'techniques'>;
  readonly digests: Buffer | null;
}

/** Those that the events of visitors could belong to, in the order of their numbers. */
export async function sessionsNear(
  db: Kysely<Tables>,
  visitors: readonly Visitors[],
): Promise<readonly KnownSession[]> {
  const all = visitors.flatMap(({ sources, ...rest }) => sources.map((src) => ({ src, ...rest })));
  if (all.length === 0) return [];
  // Source by source: at once, those of a day would be read, whoever they are.
  const { rows } = await sql<Row>`
    select s.*, digests
    from unnest(${int4s(all.map((one) => one.sensor))}::int[], ${texts(all.map((one) => one.src))}::text[],
      ${times(all.map((one) => one.first - longestSession - pause))}::timestamptz[],
      ${times(all.map((one) => one.last + pause))}::timestamptz[],
      ${times(all.map((one) => one.first - pause))}::timestamptz[]) as t(sensor, src, earliest, latest, ended)
    cross join lateral (
      select id, sensor_id as sensor, src, (extract(epoch from first_at) * 1000)::float8 as first,
        (extract(epoch from last_at) * 1000)::float8 as last, events, severity, services, techniques, summary
      from honeypot_sessions
      where src = t.src::inet and first_at between earliest and latest and sensor_id = sensor
        and last_at >= ended
      offset 0) as s
    left join session_seen on session_id = s.id
    order by s.id`.execute(db);
  return rows.map(({ id, sensor, src, first, last, summary, digests, ...rest }) => ({
    id,
    sensor,
    src,
    firstAt: Math.round(first),
    lastAt: Math.round(last),
    summary: { ...summary, ...rest },
    seen: digests?.toString('latin1') ?? '',
  }));
}

/** Numbers for sessions that begin. */
export async function newSessionIds(db: Kysely<Tables>, count: number): Promise<readonly number[]> {
  if (count === 0) return [];
  const { rows } = await sql<{ id: number }>`
    select nextval('honeypot_sessions_id_seq') as id from generate_series(1, ${count})`.execute(db);
  return rows.map((one) => one.id);
}

/** What is known of an address; every part may be missing. */
export interface Location {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly asn?: number;
  readonly asName?: string;
}

export type Locate = (ip: string) => Location | undefined;

/** With all that it comes to. */
export interface ChangedSession extends KnownSession {
  /** Of one that begins; it stays as it is. */
  readonly location: Location;
  /** It has seen more than before. */
  readonly isRicher: boolean;
}

export function writeSessions(sessions: readonly ChangedSession[]): RawBuilder<unknown> {
  const of = <Value>(read: (summary: Summary) => Value): Value[] => sessions.map((one) => read(one.summary));
  return sql`
    insert into honeypot_sessions as known (id, sensor_id, src, first_at, last_at, events, severity, services,
      techniques, summary, src_country, src_asn, src_as_name)
    select id, sensor, src::inet, first_at, last_at, events, severity, services::text[], techniques::text[],
      summary::json, country, asn, as_name
    from unnest(${int8s(sessions.map((one) => one.id))}::bigint[],
      ${int4s(sessions.map((one) => one.sensor))}::int[], ${texts(sessions.map((one) => one.src))}::text[],
      ${times(sessions.map((one) => one.firstAt))}::timestamptz[],
      ${times(sessions.map((one) => one.lastAt))}::timestamptz[],
      ${int4s(of((one) => one.events))}::int[], ${int2s(of((one) => one.severity))}::smallint[],
      ${texts(of((one) => literal(one.services)))}::text[], ${texts(of((one) => literal(one.techniques)))}::text[],
      ${texts(of(storedSummary))}::text[], ${texts(sessions.map((one) => one.location.country))}::text[],
      ${int8s(sessions.map((one) => one.location.asn))}::bigint[],
      ${texts(sessions.map((one) => one.location.asName))}::text[])
      as t(id, sensor, src, first_at, last_at, events, severity, services, techniques, summary, country, asn,
        as_name)
    on conflict (id) do update set first_at = excluded.first_at, last_at = excluded.last_at,
      events = excluded.events, severity = excluded.severity, services = excluded.services,
      techniques = excluded.techniques, summary = excluded.summary`;
}

/**
 * What they have by now, which is too long and too often the same to be a part of their rows; of a statement with a part
 * `brought` (`event-values.ts`).
 */
export function writeSeen(sessions: readonly ChangedSession[]): RawBuilder<unknown> {
  const richer = sessions.filter((one) => one.isRicher);
  return sql`
    insert into session_seen as known (session_id, digests, value_ids)
    select session_id, digests, coalesce(ids, '{}')
    from unnest(${int8s(richer.map((one) => one.id))}::bigint[],
      ${byteas(richer.map((one) => one.seen))}::bytea[]) as t(session_id, digests)
      left join (select session_id, array_agg(id order by at, id) as ids from brought group by session_id) as new
        using (session_id)
    on conflict (session_id) do update set digests = excluded.digests,
      value_ids = known.value_ids || excluded.value_ids`;
}

function storedSummary({
  events: _,
  severity: __,
  services: ___,
  techniques: ____,
  ...rest
}: Summary): string {
  return storableJson(rest);
}

/** Of services and techniques, which have letters, digits and points alone. */
function literal(words: readonly string[]): string {
  return storable(`{${words.join(',')}}`);
}

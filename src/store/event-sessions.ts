/** Sessions as deliveries change them: those of a batch's sources that may go on are read, all that changed are written. */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Span } from '../honeypot/session/join.ts';
import { longestSession, pause } from '../honeypot/session/join.ts';
import type { Summary } from '../honeypot/session/summary.ts';
import { int2s, int4s, int8s, texts, times } from './columns.ts';
import { storable, storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

export interface KnownSession extends Span {
  readonly id: number;
  readonly src: string;
  readonly summary: Summary;
}

interface Row {
  readonly id: number;
  readonly src: string;
  readonly first: number;
  readonly last: number;
  readonly events: number;
  readonly severity: number;
  readonly services: string[];
  readonly techniques: string[];
  readonly summary: Omit<Summary, 'events' | 'severity' | 'services' | 'techniques'>;
}

/**
 * Those of one sensor that events between two times could belong to.
 * @param first of the batch, @param last of it; milliseconds
 */
export async function sessionsNear(
  tx: Transaction<Tables>,
  sensor: number,
  sources: readonly string[],
  first: number,
  last: number,
): Promise<ReadonlyMap<string, readonly KnownSession[]>> {
  if (sources.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select id, src, (extract(epoch from first_at) * 1000)::float8 as first,
      (extract(epoch from last_at) * 1000)::float8 as last, events, severity, services, techniques, summary
    from honeypot_sessions
    where src = any(${texts(sources)}::text[]::inet[]) and sensor_id = ${sensor}
      and first_at between ${new Date(first - longestSession - pause)} and ${new Date(last + pause)}
      and last_at >= ${new Date(first - pause)}
    order by id`.execute(tx);
  const sessions = rows.map(({ id, src, first, last, summary, ...rest }) => ({
    id,
    src,
    firstAt: Math.round(first),
    lastAt: Math.round(last),
    summary: { ...summary, ...rest },
  }));
  return Map.groupBy(sessions, (one) => one.src);
}

/** Numbers for sessions that begin. */
export async function newSessionIds(tx: Transaction<Tables>, count: number): Promise<readonly number[]> {
  if (count === 0) return [];
  const { rows } = await sql<{ id: number }>`
    select nextval('honeypot_sessions_id_seq') as id from generate_series(1, ${count})`.execute(tx);
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

/** @param sessions with all that they come to, also those that were there; what they are located at stays as it was */
export function writeSessions(
  sensor: number,
  sessions: readonly KnownSession[],
  locate: Locate,
): RawBuilder<unknown> {
  const places = sessions.map((one) => locate(one.src) ?? {});
  const of = <Value>(read: (summary: Summary) => Value): Value[] => sessions.map((one) => read(one.summary));
  return sql`
    insert into honeypot_sessions as known (id, sensor_id, src, first_at, last_at, events, severity, services,
      techniques, summary, src_country, src_asn, src_as_name)
    select id, ${sensor}, src::inet, first_at, last_at, events, severity, services::text[], techniques::text[],
      summary::json, country, asn, as_name
    from unnest(${int8s(sessions.map((one) => one.id))}::bigint[], ${texts(sessions.map((one) => one.src))}::text[],
      ${times(sessions.map((one) => one.firstAt))}::timestamptz[],
      ${times(sessions.map((one) => one.lastAt))}::timestamptz[],
      ${int4s(of((one) => one.events))}::int[], ${int2s(of((one) => one.severity))}::smallint[],
      ${texts(of((one) => literal(one.services)))}::text[], ${texts(of((one) => literal(one.techniques)))}::text[],
      ${texts(of(storedSummary))}::text[], ${texts(places.map((one) => one.country))}::text[],
      ${int8s(places.map((one) => one.asn))}::bigint[], ${texts(places.map((one) => one.asName))}::text[])
      as t(id, src, first_at, last_at, events, severity, services, techniques, summary, country, asn, as_name)
    on conflict (id) do update set first_at = excluded.first_at, last_at = excluded.last_at,
      events = excluded.events, severity = excluded.severity, services = excluded.services,
      techniques = excluded.techniques, summary = excluded.summary`;
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

/** Sessions as deliveries change them: those of their sources that may go on are read, all that changed are written. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Span } from '../honeypot/session/join.ts';
import { longestSession, pause } from '../honeypot/session/join.ts';
import { type Summary, seenLength } from '../honeypot/session/summary.ts';
import { byteas, int2s, int4s, int8s, texts, times } from './columns.ts';
import type { KnownSensors } from './known-sensors.ts';
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

/** Sessions of one source at one sensor. */
export interface Past {
  /** Milliseconds: those that ended before may be missing. Undefined where later ones may be, too. */
  readonly from: number | undefined;
  /** In the order of their numbers. */
  readonly sessions: readonly KnownSession[];
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
  /** Of its source. */
  readonly place: number;
  readonly id: number;
  readonly first: number;
  readonly last: number;
  /** It begins too late to be asked for: there are others. */
  readonly later: boolean;
  readonly events: number;
  readonly severity: number;
  readonly services: string[];
  readonly techniques: string[];
  readonly summary: Omit<Summary, 'events' | 'severity' | 'services' | 'techniques'>;
  readonly digests: Buffer | null;
}

/** Of visitors of different sensors, those to which their events could belong, by their sources. */
export async function pastsOf(
  db: Kysely<Tables>,
  visitors: readonly Visitors[],
  known: KnownSensors,
): Promise<readonly ReadonlyMap<string, Past>[]> {
  const pasts = visitors.map(() => new Map<string, Past>());
  const asked: { at: number; sensor: number; src: string; first: number; last: number }[] = [];
  for (const [at, { sensor, sources, first, last }] of visitors.entries()) {
    for (const src of sources) {
      const past = known.pastOf(sensor, src, first - pause);
      if (past === undefined) asked.push({ at, sensor, src, first, last });
      else pasts[at]!.set(src, past);
    }
  }
  const rows = Map.groupBy(await sessionsNear(db, asked), (one) => one.place);
  for (const [index, { at, sensor, src, first }] of asked.entries()) {
    const found = rows.get(index + 1) ?? [];
    const sessions = found.filter((one) => !one.later).map((one) => sessionOf(one, sensor, src));
    pasts[at]!.set(src, { from: found.length > sessions.length ? undefined : first - pause, sessions });
  }
  return pasts;
}

async function sessionsNear(
  db: Kysely<Tables>,
  all: readonly { sensor: number; src: string; first: number; last: number }[],
): Promise<readonly Row[]> {
  if (all.length === 0) return [];
  const columns = sql`id, (extract(epoch from first_at) * 1000)::float8 as first,
    (extract(epoch from last_at) * 1000)::float8 as last, events, severity, services, techniques, summary`;
  // Source by source: at once, those of a day would be read, whoever they are.
  const { rows } = await sql<Row>`
    select place, s.*, digests
    from unnest(${int4s(all.map((one) => one.sensor))}::int[], ${texts(all.map((one) => one.src))}::text[],
      ${times(all.map((one) => one.first - longestSession - pause))}::timestamptz[],
      ${times(all.map((one) => one.last + pause))}::timestamptz[],
      ${times(all.map((one) => one.first - pause))}::timestamptz[])
      with ordinality as t(sensor, src, earliest, latest, ended, place)
    cross join lateral (
      (select ${columns}, false as later from honeypot_sessions
      where src = t.src::inet and first_at between earliest and latest and sensor_id = sensor
        and last_at >= ended)
      union all (select ${columns}, true from honeypot_sessions
      where src = t.src::inet and first_at > latest and sensor_id = sensor limit 1)) as s
    cross join lateral (
      select string_agg(digests, ''::bytea order by session_seen.place) as digests
      from session_seen where session_id = s.id) as seen
    order by s.id`.execute(db);
  return rows;
}

function sessionOf(row: Row, sensor: number, src: string): KnownSession {
  const { id, first, last, events, severity, services, techniques, summary, digests } = row;
  return {
    id,
    sensor,
    src,
    firstAt: Math.round(first),
    lastAt: Math.round(last),
    summary: { ...summary, events, severity, services, techniques },
    seen: digests?.toString('latin1') ?? '',
  };
}

/** Numbers that one step of their sequence stands for (`0006-numbers-by-the-hundred.ts`). */
const step = 100;
const stepsAtOnce = 10;

/** Numbers for sessions that begin. Those that are left when the process ends are nobody's. */
export function createSessionIds(): (db: Kysely<Tables>, count: number) => Promise<readonly number[]> {
  let ids: number[] = [];

  return async (db, count) => {
    while (ids.length < count) {
      const steps = Math.max(stepsAtOnce, Math.ceil(count / step));
      const { rows } = await sql<{ last: number }>`
        select nextval('honeypot_sessions_id_seq') as last from generate_series(1, ${steps})`.execute(db);
      ids = ids.concat(rows.flatMap(({ last }) => Array.from({ length: step }, (_, at) => last + at)));
    }
    return ids.splice(0, count);
  };
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
  /** The end of `seen`, which it has seen for the first time. */
  readonly seenNow: string;
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
 * What they have seen for the first time, which is too long and too often the same to be a part of their rows; of a
 * statement with a part `brought` (`event-values.ts`).
 */
export function writeSeen(sessions: readonly ChangedSession[]): RawBuilder<unknown> {
  const richer = sessions.filter((one) => one.seenNow !== '');
  return sql`
    insert into session_seen (session_id, place, digests, value_ids)
    select session_id, place, digests, coalesce(ids, '{}')
    from unnest(${int8s(richer.map((one) => one.id))}::bigint[],
      ${int4s(richer.map((one) => (one.seen.length - one.seenNow.length) / seenLength))}::int[],
      ${byteas(richer.map((one) => one.seenNow))}::bytea[]) as t(session_id, place, digests)
      left join (select session_id, array_agg(id order by at, id) as ids from brought group by session_id) as new
        using (session_id)`;
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

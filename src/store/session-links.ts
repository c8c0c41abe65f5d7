/** Links between sessions of different addresses, by the marks that they have in common (`honeypot/session/marks.ts`). */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Span } from '../honeypot/session/join.ts';
import { type LastSeen, type Link, linkSightings, type Sighting } from '../honeypot/session/link.ts';
import { byteas, int4s, int8s, texts } from './columns.ts';
import type { KnownSensors } from './known-sensors.ts';
import type { Tables } from './tables.ts';

/** What one sensor saw. */
export interface Sightings {
  readonly sensor: number;
  /** In the order of their times, their keys as digests of values are. */
  readonly all: readonly Sighting[];
}

/** A mark of a sensor, as of the session that left it last. */
export interface Mark extends LastSeen {
  readonly sensor: number;
  readonly key: string;
}

/** What follows from sightings, each once. */
export interface Linked {
  readonly links: readonly Link[];
  readonly marks: readonly Mark[];
}

/**
 * @param sightings of different sensors
 * @param before marks of each, as `lastSeenOf` gave them
 * @param changed how long sessions last from now on, by their numbers
 */
export function linksFrom(
  sightings: readonly Sightings[],
  before: readonly ReadonlyMap<string, LastSeen>[],
  changed: ReadonlyMap<number, Span>,
): Linked {
  const links: Link[] = [];
  const marks: Mark[] = [];
  for (const [at, { sensor, all }] of sightings.entries()) {
    const last = new Map<string, LastSeen>();
    for (const { key } of all) {
      const known = before[at]!.get(key);
      if (known !== undefined) last.set(key, { ...known, ...spanOf(known, changed) });
    }
    const found = linkSightings(all, last);
    links.push(...found.links);
    for (const [key, one] of found.marks) marks.push({ ...one, sensor, key });
  }
  return { links, marks };
}

function spanOf({ session, firstAt, lastAt }: LastSeen, changed: ReadonlyMap<number, Span>): Span {
  const { firstAt: first = firstAt, lastAt: last = lastAt } = changed.get(session) ?? {};
  return { firstAt: first, lastAt: last };
}

/** Marks that somebody left before. @param all of different sensors, with what each saw now */
export async function lastSeenOf(
  db: Kysely<Tables>,
  all: readonly { readonly sensor: number; readonly keys: ReadonlySet<string> }[],
  known: KnownSensors,
): Promise<readonly ReadonlyMap<string, LastSeen>[]> {
  const marks = all.map(() => new Map<string, LastSeen>());
  const asked: { readonly at: number; readonly sensor: number; readonly key: string }[] = [];
  for (const [at, { sensor, keys }] of all.entries()) {
    for (const key of keys) {
      const last = known.lastSeen(sensor, key);
      if (last === undefined) asked.push({ at, sensor, key });
      else marks[at]!.set(key, last);
    }
  }
  for (const { place, ...one } of await lookUp(db, asked)) {
    const { at, key } = asked[place - 1]!;
    marks[at]!.set(key, one);
  }
  return marks;
}

async function lookUp(
  db: Kysely<Tables>,
  wanted: readonly { readonly sensor: number; readonly key: string }[],
): Promise<readonly (LastSeen & { readonly place: number })[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<LastSeen & { readonly place: number }>`
    select place, known.*
    from unnest(${int4s(wanted.map((one) => one.sensor))}::int[], ${byteas(wanted.map((one) => one.key))}::bytea[])
      with ordinality as t(sensor, key, place)
    cross join lateral (
      select session_id as session, s.src, sources, (extract(epoch from first_at) * 1000)::float8 as "firstAt",
        (extract(epoch from last_at) * 1000)::float8 as "lastAt"
      from session_marks join honeypot_sessions as s on s.id = session_id
      where session_marks.sensor_id = t.sensor and mark = t.key limit 1) as known`.execute(db);
  return rows;
}

export function addLinks(links: readonly Link[]): RawBuilder<unknown> {
  return sql`
    insert into session_links (session_id, earlier_id, reason)
    select * from unnest(${int8s(links.map((one) => one.session))}::bigint[],
      ${int8s(links.map((one) => one.earlier))}::bigint[], ${texts(links.map((one) => one.reason))}::text[])
    on conflict do nothing`;
}

export function writeMarks(marks: readonly Mark[]): RawBuilder<unknown> {
  return sql`
    insert into session_marks (sensor_id, mark, session_id, sources)
    select * from unnest(${int4s(marks.map((one) => one.sensor))}::int[],
      ${byteas(marks.map((one) => one.key))}::bytea[], ${int8s(marks.map((one) => one.session))}::bigint[],
      ${int4s(marks.map((one) => one.sources))}::int[])
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

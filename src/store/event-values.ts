/**
 * The dictionary of what events bring: each value once, whoever brought it first. Which sessions have it, they tell; in
 * how many and how long is counted over those when somebody asks, so that a value which every botnet brings is no row
 * that all deliveries wait for.
 */
import { hash } from 'node:crypto';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type Value, type ValueType, valueTypes } from '../honeypot/session/values.ts';
import { byteas, int2s, int4s, int8s, texts, times } from './columns.ts';
import type { Recent } from './recent.ts';
import { storable } from './storable.ts';
import type { Tables } from './tables.ts';

/** Characters of a value that are kept, and found again by parts; its digest is of all of them. */
const longestValue = 2000;

export function valueNumber(type: ValueType): number {
  return valueTypes.indexOf(type);
}

/** First 128 bits of the SHA-256, bytes as characters: nobody finds two texts for one of them. */
export function digestOf(text: string): string {
  return hash('sha256', text, 'binary').slice(0, 16);
}

/** The same, as a column has it. */
export function storedDigestOf(text: string): Buffer {
  return Buffer.from(digestOf(text), 'latin1');
}

export interface DigestedValue extends Value {
  /** As `digestOf` gave it. */
  readonly digest: string;
}

/** A value that a session has for the first time. */
export interface NewValue extends DigestedValue {
  readonly session: number;
  /** Milliseconds. */
  readonly at: number;
}

/** With its place among the different ones of a statement, from 1 on. */
export interface PlacedValue extends NewValue {
  readonly place: number;
}

/** The different values of a statement. */
export interface Places {
  /** In their order. */
  readonly distinct: readonly NewValue[];
  /** Undefined for those that nobody brought before. */
  readonly ids: readonly (number | undefined)[];
  of(value: NewValue): number;
}

/**
 * @param values in the order of their times, as of several with one text the first is told of
 * @param ids by `valueKey`, as `valueIds` gave them
 */
export function placeValues(values: readonly NewValue[], ids: ReadonlyMap<string, number>): Places {
  const places = new Map<string, number>();
  const distinct: NewValue[] = [];
  for (const one of values) {
    const key = valueKey(one);
    if (places.has(key)) continue;
    distinct.push(one);
    places.set(key, distinct.length);
  }
  return {
    distinct,
    ids: distinct.map((one) => ids.get(valueKey(one))),
    of: (value) => places.get(valueKey(value))!,
  };
}

/** Once sessions have them: those that were there before. */
export function keepValues({ distinct, ids }: Places, known: Recent<string, number>): void {
  for (let at = 0; at < distinct.length; at += 1) {
    const id = ids[at];
    if (id !== undefined) known.set(valueKey(distinct[at]!), id);
  }
}

/** What two values have in common only where they are the same. */
export function valueKey({ type, digest }: DigestedValue): string {
  return `${valueNumber(type)}${digest}`;
}

/** Identities of those that somebody brought before, by their keys. */
export async function valueIds(
  db: Kysely<Tables>,
  all: Iterable<DigestedValue>,
  known: Recent<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  const asked = new Map<string, DigestedValue>();
  for (const one of all) {
    const key = valueKey(one);
    if (ids.has(key) || asked.has(key)) continue;
    const id = known.get(key);
    if (id === undefined) asked.set(key, one);
    else ids.set(key, id);
  }
  for (const [key, id] of await lookUp(db, [...asked.values()])) ids.set(key, id);
  return ids;
}

async function lookUp(
  db: Kysely<Tables>,
  values: readonly DigestedValue[],
): Promise<readonly (readonly [key: string, id: number])[]> {
  if (values.length === 0) return [];
  // One look into the index for each: a join would read the table as long as it is small.
  const { rows } = await sql<{ id: number; place: number }>`
    select id, place
    from unnest(${numbersOf(values)}::smallint[], ${digestsOf(values)}::bytea[])
      with ordinality as told(type, digest, place)
    cross join lateral (
      select id from event_values
      where event_values.type = told.type and event_values.digest = told.digest limit 1) as known`.execute(
    db,
  );
  return rows.map(({ id, place }) => [valueKey(values[place - 1]!), id] as const);
}

function numbersOf(values: readonly DigestedValue[]): Buffer {
  return int2s(values.map((one) => valueNumber(one.type)));
}

function digestsOf(values: readonly DigestedValue[]): Buffer {
  return byteas(values.map((one) => one.digest));
}

/**
 * Parts of a statement: adds what nobody brought before, so that `placed` has the identity of each. What somebody else
 * adds at the same moment is waited for, and then the row that is told, too.
 */
export function addValues({ distinct, ids }: Places): RawBuilder<unknown> {
  const isMissing = (_: unknown, at: number): boolean => ids[at] === undefined;
  const missing = distinct.filter(isMissing);
  const places = ids.map((_, at) => at + 1);
  return sql`
    told as materialized (
      select * from unnest(${int4s(places.filter(isMissing))}::int[], ${numbersOf(missing)}::smallint[],
        ${digestsOf(missing)}::bytea[],
        ${texts(missing.map((one) => storable(one.value.slice(0, longestValue))))}::text[],
        ${times(missing.map((one) => one.at))}::timestamptz[]) as t(place, type, digest, value, at)
    ), added as (
      insert into event_values (type, digest, value, first_at)
      select type, digest, value, at from told order by type, digest
      on conflict (type, digest) do update set digest = excluded.digest
      returning id, type, digest
    ), placed as materialized (
      select place, id from unnest(${int4s(places)}::int[], ${int8s(ids)}::bigint[]) as t(place, id)
      where id is not null
      union all select place, id from told join added using (type, digest)
    )`;
}

/** A part of a statement with a part `placed`: which sessions have them, for `writeSeen`. */
export function broughtBy(values: readonly PlacedValue[]): RawBuilder<unknown> {
  return sql`
    brought as materialized (
      select session_id, id, at
      from unnest(${int8s(values.map((one) => one.session))}::bigint[],
        ${int4s(values.map((one) => one.place))}::int[], ${times(values.map((one) => one.at))}::timestamptz[])
        as t(session_id, place, at) join placed using (place)
    )`;
}

export interface SessionValue {
  readonly type: ValueType;
  readonly value: string;
}

/** Of one session, in the order in which they came. */
export async function valuesOfSession(db: Kysely<Tables>, session: number): Promise<readonly SessionValue[]> {
  const { rows } = await sql<{ type: number; value: string }>`
    select type, value
    from session_seen as seen cross join lateral unnest(value_ids) with ordinality as one(id, place)
      join event_values using (id)
    where session_id = ${session} order by seen.place, one.place`.execute(db);
  return rows.map((one) => ({ ...one, type: valueTypes[one.type]! }));
}

/** How far a value is spread; undefined for one that nobody brought. */
export async function spreadOf(
  db: Kysely<Tables>,
  type: ValueType,
  value: string,
): Promise<
  | { readonly firstAt: Date; readonly lastAt: Date; readonly sessions: number; readonly sources: number }
  | undefined
> {
  const { rows } = await sql<{ first_at: Date; last_at: Date; sessions: number; sources: number }>`
    select min(event_values.first_at) as first_at, max(s.last_at) as last_at, count(*) as sessions,
      count(distinct s.src) as sources
    from event_values join session_seen on value_ids @> array[event_values.id]
      join honeypot_sessions as s on s.id = session_id
    where event_values.type = ${valueNumber(type)} and digest = ${storedDigestOf(value)}
    having count(*) > 0`.execute(db);
  return rows.map(({ first_at, last_at, ...counts }) => ({
    firstAt: first_at,
    lastAt: last_at,
    ...counts,
  }))[0];
}

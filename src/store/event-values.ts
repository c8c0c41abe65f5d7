/**
 * The dictionary of what events bring: each value once, whoever brought it first, and beside it the sessions that have
 * it. In how many and how long is counted over those when somebody asks, so that a value which every botnet brings is
 * no row that all deliveries wait for.
 */
import { hash } from 'node:crypto';
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { type ValueType, valueTypes } from '../honeypot/session/values.ts';
import { byteas, int2s, int8s, texts, times } from './columns.ts';
import { storable } from './storable.ts';
import type { Tables } from './tables.ts';

/** Characters of a value that are kept, and found again by parts; its digest is of all of them. */
const longestValue = 2000;

export function valueNumber(type: ValueType): number {
  return valueTypes.indexOf(type);
}

/** First 128 bits of the SHA-256, in hex: nobody finds two texts for one of them. */
export function digestOf(text: string): string {
  return hash('sha256', text).slice(0, 32);
}

/** A value that a session has for the first time. */
export interface NewValue {
  readonly session: number;
  readonly type: ValueType;
  readonly value: string;
  readonly digest: string;
  /** Milliseconds. */
  readonly at: number;
}

export interface WrittenValue extends NewValue {
  readonly id: number;
  /** Nobody brought it before. */
  readonly isNew: boolean;
}

export async function writeValues(
  tx: Transaction<Tables>,
  values: readonly NewValue[],
): Promise<readonly WrittenValue[]> {
  if (values.length === 0) return [];
  const distinct = new Map(values.toReversed().map((one) => [keyOf(one), one]));
  const ids = await idsOf(tx, [...distinct.values()]);
  return values.map((one) => ({ ...one, ...ids.get(keyOf(one))! }));
}

/** Which sessions have them. */
export function addToSessions(values: readonly WrittenValue[]): RawBuilder<unknown> {
  return sql`
    insert into session_values (session_id, value_id, at)
    select * from unnest(${int8s(values.map((one) => one.session))}::bigint[],
      ${int8s(values.map((one) => one.id))}::bigint[], ${times(values.map((one) => one.at))}::timestamptz[])
    on conflict do nothing`;
}

function keyOf({ type, digest }: Pick<NewValue, 'type' | 'digest'>): string {
  return `${valueNumber(type)} ${digest}`;
}

type Ids = Map<string, { readonly id: number; readonly isNew: boolean }>;

async function idsOf(tx: Transaction<Tables>, values: readonly NewValue[]): Promise<Ids> {
  const ids: Ids = new Map();
  let missing = values;
  while (missing.length > 0) {
    for (const { id, type, digest, is_new } of await lookUpOrAdd(tx, missing))
      ids.set(`${type} ${digest}`, { id, isNew: is_new });
    // What somebody else added at the same moment is seen by the next look.
    missing = missing.filter((one) => !ids.has(keyOf(one)));
  }
  return ids;
}

async function lookUpOrAdd(tx: Transaction<Tables>, values: readonly NewValue[]) {
  const types = int2s(values.map((one) => valueNumber(one.type)));
  const digests = byteas(values.map((one) => one.digest));
  const { rows } = await sql<{ id: number; type: number; digest: string; is_new: boolean }>`
    with told as (
      select * from unnest(${types}::smallint[], ${digests}::bytea[],
        ${texts(values.map((one) => storable(one.value.slice(0, longestValue))))}::text[],
        ${times(values.map((one) => one.at))}::timestamptz[]) as t(type, digest, value, at)
    ), known as (
      -- One look into the index for each: a join would read the table as long as it is small.
      select v.* from told cross join lateral (
        select id, type, digest from event_values
        where event_values.type = told.type and event_values.digest = told.digest limit 1) as v
    ), added as (
      insert into event_values (type, digest, value, first_at)
      select told.* from told where not exists (
        select from known where known.type = told.type and known.digest = told.digest)
      order by type, digest
      on conflict (type, digest) do nothing
      returning id, type, digest
    )
    select id, type, encode(digest, 'hex') as digest, false as is_new from known
    union all select id, type, encode(digest, 'hex'), true from added`.execute(tx);
  return rows;
}

export interface SessionValue {
  readonly type: ValueType;
  readonly value: string;
}

/** Of one session, in the order in which they came. */
export async function valuesOfSession(db: Kysely<Tables>, session: number): Promise<readonly SessionValue[]> {
  const rows = await db
    .selectFrom('session_values')
    .innerJoin('event_values', 'event_values.id', 'session_values.value_id')
    .select(['event_values.type', 'event_values.value'])
    .where('session_values.session_id', '=', session)
    .orderBy('session_values.at')
    .orderBy('event_values.id')
    .execute();
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
    from event_values join session_values on value_id = event_values.id
      join honeypot_sessions as s on s.id = session_id
    where event_values.type = ${valueNumber(type)} and digest = decode(${digestOf(value)}, 'hex')
    having count(*) > 0`.execute(db);
  return rows.map(({ first_at, last_at, ...counts }) => ({
    firstAt: first_at,
    lastAt: last_at,
    ...counts,
  }))[0];
}

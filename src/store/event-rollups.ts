/**
 * Sums that the console asks for, kept with each delivery in its transaction: events by hour and type, and by day and
 * technique; sessions by day and image or credential. Each row has its sensor in the key, so deliveries of two sensors
 * never wait for each other. Sums of a source are its sessions, which end after a day.
 */
import { type RawBuilder, sql } from 'kysely';
import { int2s, int4s, int8s, texts, times } from './columns.ts';
import type { PlacedValue } from './event-values.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** What counts of an event. */
export interface Counted {
  /** Milliseconds. */
  readonly at: number;
  readonly type: number;
  readonly facts: { readonly attack: readonly string[] };
}

/** Of one sensor. */
export interface CountedBatch {
  readonly sensor: number;
  readonly rows: readonly Counted[];
  readonly values: readonly PlacedValue[];
}

interface Sum<Key> {
  readonly sensor: number;
  readonly at: number;
  readonly key: Key;
  count: number;
}

/** @param batches of different sensors, as all others */
export function addHours(batches: readonly CountedBatch[]): RawBuilder<unknown> {
  const all = batches.flatMap(({ sensor, rows }) => {
    const hours = sums<number>(sensor);
    for (const { at, type } of rows) hours.add(at - (at % hour), type);
    return hours.all();
  });
  return sql`
    insert into event_hours as known (hour, sensor_id, type, events)
    select * from unnest(${times(all.map((one) => one.at))}::timestamptz[],
      ${int4s(all.map((one) => one.sensor))}::int[], ${int2s(all.map((one) => one.key))}::smallint[],
      ${int8s(all.map((one) => one.count))}::bigint[])
    on conflict (hour, sensor_id, type) do update set events = known.events + excluded.events`;
}

/** Days are of UTC, whatever the session's time zone is. */
const dayOf = sql`(at at time zone 'UTC')::date`;

export function addTechniques(batches: readonly CountedBatch[]): RawBuilder<unknown> {
  const all = batches.flatMap(({ sensor, rows }) => {
    const days = sums<string>(sensor);
    for (const { at, facts } of rows) for (const one of facts.attack) days.add(at - (at % day), one);
    return days.all();
  });
  return sql`
    insert into technique_days as known (day, sensor_id, technique, events)
    select ${dayOf}, sensor, technique, events from unnest(${times(all.map((one) => one.at))}::timestamptz[],
      ${int4s(all.map((one) => one.sensor))}::int[], ${texts(all.map((one) => one.key))}::text[],
      ${int8s(all.map((one) => one.count))}::bigint[]) as t(at, sensor, technique, events)
    on conflict (day, sensor_id, technique) do update set events = known.events + excluded.events`;
}

/** Of a statement with a part `placed` (`event-values.ts`). */
export function addValueDays(batches: readonly CountedBatch[]): RawBuilder<unknown> {
  const all = batches.flatMap(({ sensor, values }) => {
    const days = sums<number>(sensor);
    for (const { type, at, place } of values)
      if (type === 'image' || type === 'credential') days.add(at - (at % day), place);
    return days.all();
  });
  return sql`
    insert into value_days as known (day, sensor_id, value_id, sessions)
    select ${dayOf}, sensor, id, sessions from unnest(${times(all.map((one) => one.at))}::timestamptz[],
      ${int4s(all.map((one) => one.sensor))}::int[], ${int4s(all.map((one) => one.key))}::int[],
      ${int8s(all.map((one) => one.count))}::bigint[]) as t(at, sensor, place, sessions)
      join placed using (place)
    on conflict (day, sensor_id, value_id) do update set sessions = known.sessions + excluded.sessions`;
}

function sums<Key extends string | number>(
  sensor: number,
): {
  add(at: number, key: Key): void;
  all(): readonly Sum<Key>[];
} {
  const byTime = new Map<number, Map<Key, Sum<Key>>>();
  return {
    add(at, key) {
      const byKey = byTime.get(at) ?? new Map<Key, Sum<Key>>();
      byTime.set(at, byKey);
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, { sensor, at, key, count: 1 });
      else known.count += 1;
    },
    all: () => [...byTime.values()].flatMap((one) => [...one.values()]),
  };
}

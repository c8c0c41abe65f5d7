/**
 * Sums that the console asks for, kept with each delivery in its transaction: events by hour and type, and by day and
 * technique; sessions by day and image or credential. Each row has its sensor in the key, so deliveries of two sensors
 * never wait for each other. Sums of a source are its sessions, which end after a day.
 */
import { type RawBuilder, sql } from 'kysely';
import { int2s, int8s, texts, times } from './columns.ts';
import type { WrittenValue } from './event-values.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** What counts of an event. */
export interface Counted {
  /** Milliseconds. */
  readonly at: number;
  readonly type: number;
  readonly event: { readonly attack: readonly string[] };
}

interface Sum<Key> {
  readonly at: number;
  readonly key: Key;
  count: number;
}

export function addHours(sensor: number, events: readonly Counted[]): RawBuilder<unknown> {
  const hours = sums<number>();
  for (const { at, type } of events) hours.add(at - (at % hour), type);
  const all = hours.all();
  return sql`
    insert into event_hours as known (hour, sensor_id, type, events)
    select at, ${sensor}, type, events from unnest(${times(all.map((one) => one.at))}::timestamptz[],
      ${int2s(all.map((one) => one.key))}::smallint[], ${int8s(all.map((one) => one.count))}::bigint[])
      as t(at, type, events)
    on conflict (hour, sensor_id, type) do update set events = known.events + excluded.events`;
}

/** Days are of UTC, whatever the session's time zone is. */
const dayOf = sql`(at at time zone 'UTC')::date`;

export function addTechniques(sensor: number, events: readonly Counted[]): RawBuilder<unknown> {
  const days = sums<string>();
  for (const { at, event } of events) for (const one of event.attack) days.add(at - (at % day), one);
  const all = days.all();
  return sql`
    insert into technique_days as known (day, sensor_id, technique, events)
    select ${dayOf}, ${sensor}, technique, events from unnest(${times(all.map((one) => one.at))}::timestamptz[],
      ${texts(all.map((one) => one.key))}::text[], ${int8s(all.map((one) => one.count))}::bigint[])
      as t(at, technique, events)
    on conflict (day, sensor_id, technique) do update set events = known.events + excluded.events`;
}

export function addValueDays(sensor: number, values: readonly WrittenValue[]): RawBuilder<unknown> {
  const days = sums<number>();
  for (const { type, at, id } of values)
    if (type === 'image' || type === 'credential') days.add(at - (at % day), id);
  const all = days.all();
  return sql`
    insert into value_days as known (day, sensor_id, value_id, sessions)
    select ${dayOf}, ${sensor}, value, sessions from unnest(${times(all.map((one) => one.at))}::timestamptz[],
      ${int8s(all.map((one) => one.key))}::bigint[], ${int8s(all.map((one) => one.count))}::bigint[])
      as t(at, value, sessions)
    on conflict (day, sensor_id, value_id) do update set sessions = known.sessions + excluded.sessions`;
}

function sums<Key extends string | number>(): {
  add(at: number, key: Key): void;
  all(): readonly Sum<Key>[];
} {
  const byTime = new Map<number, Map<Key, Sum<Key>>>();
  return {
    add(at, key) {
      const byKey = byTime.get(at) ?? new Map<Key, Sum<Key>>();
      byTime.set(at, byKey);
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, { at, key, count: 1 });
      else known.count += 1;
    },
    all: () => [...byTime.values()].flatMap((one) => [...one.values()]),
  };
}

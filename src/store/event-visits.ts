/**
 * The sessions of a batch: those that its events begin or continue, with what they come to, what they bring for the
 * first time, and what of it others have as well.
 */
import type { Transaction } from 'kysely';
import { type Joined, joinSessions } from '../honeypot/session/join.ts';
import type { Sighting } from '../honeypot/session/link.ts';
import { marksOf } from '../honeypot/session/marks.ts';
import {
  addEvent,
  addMark,
  addValue,
  type Draft,
  draftOf,
  hasRoom,
  summaryOf,
} from '../honeypot/session/summary.ts';
import { valuesOf } from '../honeypot/session/values.ts';
import type { DecoyEvent } from '../model/event.ts';
import { type KnownSession, newSessionIds, sessionsNear } from './event-sessions.ts';
import { digestOf, type NewValue } from './event-values.ts';
import type { Tables } from './tables.ts';

export interface Visit {
  readonly event: DecoyEvent;
  /** Milliseconds. */
  readonly at: number;
}

/** A session that the batch begins or continues. */
export interface Continued<Row extends Visit = Visit> {
  readonly id: number;
  readonly src: string;
  readonly before: KnownSession | undefined;
  readonly draft: Draft;
  /** In the order of their times. */
  readonly rows: readonly Row[];
}

export async function continueSessions<Row extends Visit>(
  tx: Transaction<Tables>,
  sensor: number,
  visits: readonly Row[],
): Promise<readonly Continued<Row>[]> {
  const bySource = Map.groupBy(visits, (one) => one.event.src.ip);
  const { first, last } = spanOf(visits);
  const near = await sessionsNear(tx, sensor, [...bySource.keys()], first, last);
  const joined: [src: string, joined: Joined<Row, KnownSession>][] = [];
  for (const [src, rows] of bySource)
    for (const one of joinSessions(rows, near.get(src) ?? [])) joined.push([src, one]);
  const ids = [...(await newSessionIds(tx, joined.filter(([, one]) => one.known === undefined).length))];
  return joined.map(([src, { known, events }]) => {
    const draft = draftOf(known?.summary);
    for (const { event } of events) addEvent(draft, event);
    return { id: known?.id ?? ids.pop()!, src, before: known, draft, rows: events };
  });
}

/** As it is from now on. */
export function changed({ id, src, before, draft, rows }: Continued): KnownSession {
  return {
    id,
    src,
    firstAt: Math.min(before?.firstAt ?? Number.POSITIVE_INFINITY, rows[0]!.at),
    lastAt: Math.max(before?.lastAt ?? Number.NEGATIVE_INFINITY, rows.at(-1)!.at),
    summary: summaryOf(draft),
  };
}

/** Of each text once. */
function digests(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const digest = known.get(text) ?? digestOf(text);
    known.set(text, digest);
    return digest;
  };
}

/** What sessions have for the first time; the drafts know it from now on. */
export function newValuesOf(sessions: readonly Continued[]): NewValue[] {
  const digest = digests();
  const values: NewValue[] = [];
  for (const { id, draft, rows } of sessions) {
    for (const { event, at } of rows) {
      for (const { type, value } of valuesOf(event)) {
        if (!hasRoom(draft, type)) continue;
        const key = digest(value);
        if (addValue(draft, type, key)) values.push({ session: id, type, value, digest: key, at });
      }
    }
  }
  return values;
}

/** Marks that sessions leave, in the order of their times; the drafts know them from now on. */
export function sightingsOf(sessions: readonly Continued[]): Sighting[] {
  const digest = digests();
  const sightings: Sighting[] = [];
  for (const { id, src, draft, rows } of sessions) {
    for (const { event, at } of rows) {
      for (const { key, reason } of marksOf(event)) {
        const mark = digest(key);
        if (addMark(draft, mark)) sightings.push({ key: mark, reason, session: id, src, at });
      }
    }
  }
  return sightings.sort((one, other) => one.at - other.at);
}

/** Milliseconds. */
export function spanOf(all: readonly { readonly at: number }[]): {
  readonly first: number;
  readonly last: number;
} {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of all) {
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  return { first, last };
}

/**
 * The sessions of a delivery: those that its events begin or continue, with what they come to, what they bring for the
 * first time, and what of it others have as well.
 */
import { joinSessions } from '../honeypot/session/join.ts';
import type { Sighting } from '../honeypot/session/link.ts';
import {
  addEvent,
  addMark,
  addValue,
  type Draft,
  draftOf,
  hasRoom,
  seenIn,
  summaryOf,
} from '../honeypot/session/summary.ts';
import type { EventFacts } from './event-facts.ts';
import type { ChangedSession, KnownSession, Locate, Past } from './event-sessions.ts';
import type { NewValue } from './event-values.ts';

/** An event of a visitor. */
export interface Visit {
  readonly facts: EventFacts & { readonly src: string };
  /** Milliseconds. */
  readonly at: number;
}

/** A session that a delivery begins or continues. */
export interface Continued<Row extends Visit = Visit> {
  /** Undefined for one that begins, until it has its number. */
  id: number | undefined;
  readonly src: string;
  readonly before: KnownSession | undefined;
  readonly draft: Draft;
  /** In the order of their times. */
  readonly rows: readonly Row[];
}

/** One that has its number. */
export type Numbered<Row extends Visit = Visit> = Continued<Row> & { readonly id: number };

/** @param pasts of one sensor, by the sources of its visits */
export function continueSessions<Row extends Visit>(
  visits: readonly Row[],
  pasts: ReadonlyMap<string, Past>,
): readonly Continued<Row>[] {
  const continued: Continued<Row>[] = [];
  for (const [src, rows] of Map.groupBy(visits, (one) => one.facts.src)) {
    for (const { known, events } of joinSessions(rows, pasts.get(src)!.sessions)) {
      const draft = draftOf(known?.summary, known?.seen);
      for (const { facts } of events) addEvent(draft, facts);
      continued.push({ id: known?.id, src, before: known, draft, rows: events });
    }
  }
  return continued;
}

/** As it is from now on. */
export function changed(sensor: number, locate: Locate, one: Numbered): ChangedSession {
  const { id, src, before, draft, rows } = one;
  return {
    id,
    sensor,
    src,
    firstAt: Math.min(before?.firstAt ?? Number.POSITIVE_INFINITY, rows[0]!.at),
    lastAt: Math.max(before?.lastAt ?? Number.NEGATIVE_INFINITY, rows.at(-1)!.at),
    summary: summaryOf(draft),
    seen: seenIn(draft),
    seenNow: draft.seenNow,
    location: (before === undefined ? locate(src) : undefined) ?? {},
  };
}

/** What sessions have for the first time; the drafts know it from now on. */
export function newValuesOf(sessions: readonly Numbered[]): NewValue[] {
  const values: NewValue[] = [];
  for (const { id, draft, rows } of sessions) {
    for (const { facts, at } of rows) {
      for (const { type, value, digest } of facts.values) {
        if (hasRoom(draft, type) && addValue(draft, type, digest))
          values.push({ session: id, type, value, digest, at });
      }
    }
  }
  return values;
}

/** Marks that sessions leave, in the order of their times; the drafts know them from now on. */
export function sightingsOf(sessions: readonly Numbered[]): Sighting[] {
  const sightings: Sighting[] = [];
  for (const { id, src, draft, rows } of sessions) {
    for (const { facts, at } of rows) {
      for (const { key, reason } of facts.marks) {
        if (addMark(draft, key)) sightings.push({ key, reason, session: id, src, at });
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

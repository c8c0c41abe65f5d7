/**
 * What is stored that deliveries go on from, and this process does not remember: read at once, as each reading may have
 * to wait for what others write.
 */
import type { Kysely } from 'kysely';
import type { LastSeen } from '../honeypot/session/link.ts';
import type { EventMemory } from './event-memory.ts';
import { type Past, pastsOf } from './event-sessions.ts';
import { valueIds } from './event-values.ts';
import { spanOf, type Visit } from './event-visits.ts';
import { lastSeenOf } from './session-links.ts';
import type { Tables } from './tables.ts';

/** What somebody did at one sensor. */
export interface Visited {
  readonly sensor: number;
  readonly visits: readonly Visit[];
}

/** Lists of sensors are in the order in which these were given. */
export interface Before {
  /** Of each sensor, by the sources of its visits. */
  readonly pasts: readonly ReadonlyMap<string, Past>[];
  /** Of each sensor, of what its visits have. */
  readonly marks: readonly ReadonlyMap<string, LastSeen>[];
  /** Identities of values, by `valueKey`. */
  readonly values: ReadonlyMap<string, number>;
}

/** @param all of different sensors */
export async function readBefore(
  db: Kysely<Tables>,
  all: readonly Visited[],
  { sensors, values }: EventMemory,
): Promise<Before> {
  const visitors = all.map(({ sensor, visits }) => ({
    sensor,
    sources: [...new Set(visits.map((one) => one.facts.src))],
    ...spanOf(visits),
  }));
  const sighted = all.map(({ sensor, visits }) => ({
    sensor,
    keys: new Set(visits.flatMap(({ facts }) => facts.marks.map((one) => one.key))),
  }));
  const brought = all.flatMap(({ visits }) => visits.flatMap(({ facts }) => facts.values));
  const [pasts, marks, ids] = await Promise.all([
    pastsOf(db, visitors, sensors),
    lastSeenOf(db, sighted, sensors),
    valueIds(db, brought, values),
  ]);
  return { pasts, marks, values: ids };
}

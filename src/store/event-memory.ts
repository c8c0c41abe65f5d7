/** What this process remembers from one delivery to the next, so that it need not be read again: nothing is lost with it. */
import { createSessionIds } from './event-sessions.ts';
import { createKnownSensors, type KnownSensors } from './known-sensors.ts';
import { createRecent, type Recent } from './recent.ts';

export interface EventMemory {
  readonly sensors: KnownSensors;
  /**
   * Identities of values that were written lately: the same commands and passwords come again and again. They are there: a
   * session has each, and retention removes no session for months, nor a value that one has.
   */
  readonly values: Recent<string, number>;
  /** Lines of the feed within the last hour, by their kinds, as of some seconds ago: once there are enough, they stay so. */
  readonly told: Recent<'told', ReadonlyMap<string, number>>;
  readonly sessionIds: ReturnType<typeof createSessionIds>;
  /** After a fault the database may be another one. */
  forget(): void;
}

/** Of some 150 bytes each. */
const mostValues = 30_000;

/** Milliseconds. */
const age = 30 * 60_000;
const feedAge = 2500;

export function createEventMemory(): EventMemory {
  const [sensors, values] = [createKnownSensors(), createRecent<string, number>({ most: mostValues, age })];
  const told: EventMemory['told'] = createRecent({ most: 2, age: feedAge });
  let sessionIds = createSessionIds();
  return {
    sensors,
    values,
    told,
    sessionIds: (db, count) => sessionIds(db, count),
    forget() {
      sensors.forget();
      values.forget();
      told.forget();
      sessionIds = createSessionIds();
    },
  };
}

/**
 * What one source does at one sensor, over all its decoys, until it pauses for half an hour, is one session: it begins
 * on Redis, goes on over SSH and ends on Docker. The sensor names sessions by the same rule and forgets them when it
 * restarts; here they go on, as long as the pause between the times of two events is not longer.
 *
 * - A source that never pauses begins a new session each day, so that every session ends.
 * - Times are the sensor's. Events that come late, out of a spool, go to the session that they fall into, or are within
 *   a pause of. Where they show that two sessions were one, the two stay two; they have the same source, and are shown
 *   as related.
 * - Another source is another session, whatever it does (`marks.ts` says how such two are linked).
 */

/** Milliseconds of silence after which a source that comes back begins another. */
export const pause = 30 * 60_000;
/** Milliseconds. */
export const longestSession = 24 * 3_600_000;

export interface Span {
  /** Milliseconds since the epoch. */
  firstAt: number;
  lastAt: number;
}

export interface Timed {
  readonly at: number;
}

export interface Joined<One extends Timed, Known extends Span> {
  /** Undefined for a session that begins here. */
  readonly known: Known | undefined;
  readonly events: One[];
}

/**
 * @param events of one source at one sensor, in any order
 * @param known sessions of that source which may go on; they are left as they are
 */
export function joinSessions<One extends Timed, Known extends Span>(
  events: readonly One[],
  known: readonly Known[],
): Joined<One, Known>[] {
  const open = known.map((one) => ({
    known: one as Known | undefined,
    firstAt: one.firstAt,
    lastAt: one.lastAt,
    events: [] as One[],
  }));
  for (const event of inOrder(events)) {
    const { at } = event;
    let into = nearest(open, at);
    if (into === undefined) {
      into = { known: undefined, firstAt: at, lastAt: at, events: [] };
      open.push(into);
    }
    into.firstAt = Math.min(into.firstAt, at);
    into.lastAt = Math.max(into.lastAt, at);
    into.events.push(event);
  }
  return open.filter((one) => one.events.length > 0);
}

function inOrder<One extends Timed>(events: readonly One[]): readonly One[] {
  const isOrdered = events.every((one, index) => index === 0 || events[index - 1]!.at <= one.at);
  return isOrdered ? events : events.toSorted((one, other) => one.at - other.at);
}

function nearest<One extends Span>(open: readonly One[], at: number): One | undefined {
  let best: One | undefined;
  let least = pause;
  for (const one of open) {
    const away = Math.max(one.firstAt - at, at - one.lastAt, 0);
    const length = Math.max(one.lastAt, at) - Math.min(one.firstAt, at);
    if (away > least || length > longestSession) continue;
    best = one;
    least = away;
  }
  return best;
}

/**
 * What of an event is needed to record it, beside its line: a tenth of it, so that what waits to be written is little,
 * and the rest is gone as soon as it was read.
 */
import { isOfSensor } from '../api/event-line.ts';
import { type Mark, marksOf } from '../honeypot/session/marks.ts';
import { clientsOf, type Step } from '../honeypot/session/summary.ts';
import { type Value, valuesOf } from '../honeypot/session/values.ts';
import type { DecoyEvent } from '../model/event.ts';
import { placeInTime } from './event-partitions.ts';
import { type DigestedValue, digestOf } from './event-values.ts';

export interface EventFacts extends Step {
  readonly boot: string;
  readonly seq: number;
  /** Milliseconds: as the sensor tells, and where it is put. */
  readonly told: number;
  readonly at: number;
  /** Undefined for the sensor's own, which belong to no visit. */
  readonly src: string | undefined;
  readonly values: readonly DigestedValue[];
  /** Their keys are digests. */
  readonly marks: readonly Mark[];
  /** Given up by the sensor's spool. */
  readonly dropped: number;
}

/**
 * @returns reads events that came at a time, in milliseconds. What they have in common is worked out once, and there
 *   once: thousands of events may wait to be written
 */
export function factsReader(receivedAt: number): (event: DecoyEvent) => EventFacts {
  const values = new Map<string, Map<string, DigestedValue>>();
  const marks = new Map<string, Mark>();
  let last: Pick<EventFacts, 'boot' | 'session' | 'src' | 'attack' | 'clients'> | undefined;

  const digested = ({ type, value }: Value): DigestedValue =>
    once(
      once(values, type, () => new Map<string, DigestedValue>()),
      value,
      () => ({ type, value, digest: digestOf(value) }),
    );
  // The reason follows from the key.
  const marked = ({ key, reason }: Mark): Mark => once(marks, key, () => ({ key: digestOf(key), reason }));

  return (event) => {
    const { type, severity, attack, data } = event;
    const told = Date.parse(event.ts);
    const isVisit = !isOfSensor(type);
    const src = isVisit ? event.src.ip : undefined;
    // Events of one visitor mostly come one after another.
    last = {
      boot: last?.boot === event.boot ? last.boot : event.boot,
      session: last?.session === event.session ? last.session : event.session,
      src: last?.src === src ? last?.src : src,
      attack: sameAs(last?.attack, attack),
      clients: sameAs(last?.clients, clientsOf(event)),
    };
    return {
      ...last,
      seq: event.seq,
      told,
      at: placeInTime(told, receivedAt),
      type,
      severity,
      values: isVisit ? some(valuesOf(event), digested) : none,
      marks: isVisit ? some(marksOf(event), marked) : none,
      dropped: type === 'spool.dropped' && Number.isSafeInteger(data?.count) ? Number(data!.count) : 0,
    };
  };
}

const none: readonly never[] = [];

function once<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

function sameAs(last: readonly string[] | undefined, now: readonly string[]): readonly string[] {
  const isSame = last?.length === now.length && now.every((one, at) => one === last[at]);
  return isSame ? last : now;
}

function some<From, To>(all: readonly From[], known: (one: From) => To): readonly To[] {
  return all.length === 0 ? none : all.map(known);
}

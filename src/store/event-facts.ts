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

/** @returns reads events that came at a time, in milliseconds; what they have in common is worked out once */
export function factsReader(receivedAt: number): (event: DecoyEvent) => EventFacts {
  const known = new Map<string, string>();
  const digest = (text: string): string => {
    const one = known.get(text) ?? digestOf(text);
    known.set(text, one);
    return one;
  };
  return (event) => {
    const { boot, seq, type, severity, attack, session, src, data } = event;
    const told = Date.parse(event.ts);
    const isVisit = !isOfSensor(type);
    return {
      boot,
      seq,
      told,
      at: placeInTime(told, receivedAt),
      type,
      severity,
      attack,
      session,
      clients: clientsOf(event),
      src: isVisit ? src.ip : undefined,
      values: isVisit ? digested(valuesOf(event), digest) : [],
      marks: isVisit ? marksOf(event).map(({ key, reason }) => ({ key: digest(key), reason })) : [],
      dropped: type === 'spool.dropped' && Number.isSafeInteger(data?.count) ? Number(data!.count) : 0,
    };
  };
}

function digested(values: readonly Value[], digest: (text: string) => string): DigestedValue[] {
  return values.map(({ type, value }) => ({ type, value, digest: digest(value) }));
}

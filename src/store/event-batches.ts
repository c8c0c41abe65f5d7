/**
 * What is new of deliveries and what follows from it for sessions, worked out from what is stored of their sensors before
 * anything is written.
 */
import type { Kysely } from 'kysely';
import type { Sighting } from '../honeypot/session/link.ts';
import { add, has, rangesOf } from '../honeypot/session/sequence.ts';
import { severityRank } from '../model/terms.ts';
import { type Before, readBefore } from './event-before.ts';
import type { EventFacts } from './event-facts.ts';
import type { EventMemory } from './event-memory.ts';
import { packLines } from './event-rows.ts';
import type { ChangedSession, Locate, Past } from './event-sessions.ts';
import type { NewEvent } from './event-spans.ts';
import type { NewValue } from './event-values.ts';
import {
  type Continued,
  changed,
  continueSessions,
  type Numbered,
  newValuesOf,
  sightingsOf,
  type Visit,
} from './event-visits.ts';
import type { Boot, BootChange, DeliveringSensor, Starts } from './sensor-boots.ts';
import type { Tables } from './tables.ts';

/** What one sensor sent at once. */
export interface Delivery extends Starts {
  readonly events: readonly EventFacts[];
  /** Numbers whose events were refused and always will be: they count as seen. */
  readonly refused: readonly { readonly boot: string; readonly seq: number }[];
  readonly locate: Locate;
  readonly typeNumber: (name: string) => number;
  /** A line for each event, with a line feed between; and packed (`packLines`), as mostly all of them are new. */
  readonly lines: Buffer;
  readonly packed: Buffer;
}

/** What is to be written of a delivery. */
export interface Batch {
  readonly delivery: Delivery;
  readonly sensor: DeliveringSensor;
  readonly rows: readonly NewEvent[];
  readonly packed: Buffer;
  /** Of all starts that it is of. */
  readonly changes: readonly (BootChange & { readonly boot: string })[];
  readonly visits: readonly Numbered[];
  /** Of their sources, as it was. */
  readonly pasts: ReadonlyMap<string, Past>;
  readonly values: readonly NewValue[];
  readonly sightings: readonly Sighting[];
  /** What the visits make of sessions. */
  readonly sessions: readonly ChangedSession[];
}

/** @param deliveries of different sensors, @param sensors all of these, with all of their starts */
export async function batchesOf(
  db: Kysely<Tables>,
  deliveries: readonly Delivery[],
  sensors: ReadonlyMap<number, DeliveringSensor>,
  memory: EventMemory,
): Promise<{ readonly batches: readonly Batch[]; readonly before: Before }> {
  const sifted = deliveries.map((one) => siftDelivery(one, sensors.get(one.sensor)!));
  const before = await readBefore(
    db,
    sifted.map(({ sensor, visits }) => ({ sensor: sensor.id, visits })),
    memory,
  );
  const continued = sifted.map(({ visits }, at) => continueSessions(visits, before.pasts[at]!));
  await number(db, continued.flat(), memory);
  const batches = sifted.map((one, at) => {
    const visits = continued[at] as readonly Numbered<NewVisit>[];
    for (const { id, rows } of visits) for (const row of rows) row.session = id;
    const [values, sightings] = [newValuesOf(visits), sightingsOf(visits)];
    const sessions = visits.map((visit) => changed(one.sensor.id, one.delivery.locate, visit));
    return { ...one, visits, pasts: before.pasts[at]!, values, sightings, sessions };
  });
  return { batches, before };
}

async function number(
  db: Kysely<Tables>,
  continued: readonly Continued[],
  { sessionIds }: EventMemory,
): Promise<void> {
  const begun = continued.filter((one) => one.id === undefined);
  const ids = await sessionIds(db, begun.length);
  for (const [at, one] of begun.entries()) one.id = ids[at];
}

type NewVisit = NewEvent & Visit;

type Sifted = Pick<Batch, 'delivery' | 'sensor' | 'rows' | 'packed' | 'changes'> & {
  /** Those that are not the sensor's own. */
  readonly visits: readonly NewVisit[];
};

/** What is not here yet, and what each start knows afterwards. */
function siftDelivery(delivery: Delivery, sensor: DeliveringSensor): Sifted {
  const { boots } = sensor;
  const seen = new Map<string, Set<number>>();
  for (const boot of boots.keys()) seen.set(boot, new Set());
  const fresh = delivery.events.filter(({ boot, seq }) => {
    const mine = seen.get(boot)!;
    if (mine.has(seq) || has(boots.get(boot)!.sequence, seq)) return false;
    mine.add(seq);
    return true;
  });
  const counts = new Map([...seen].map(([boot, mine]) => [boot, mine.size]));
  for (const { boot, seq } of delivery.refused) seen.get(boot)!.add(seq);
  const changes = [...boots.values()].map(({ id, boot, sequence }) => {
    const ranges = rangesOf([...seen.get(boot)!].sort((one, other) => one - other));
    const { receivedAt } = delivery;
    return {
      id,
      boot,
      sequence: add(sequence, ranges),
      events: counts.get(boot)!,
      dropped: 0,
      receivedAt,
    };
  });
  for (const { boot, dropped } of fresh)
    if (dropped !== 0) changes.find((one) => one.boot === boot)!.dropped += dropped;
  const rows = fresh.map((one, line) => rowOf(one, line, boots, delivery.typeNumber));
  return {
    delivery,
    sensor,
    rows,
    packed:
      fresh.length === delivery.events.length
        ? delivery.packed
        : packLines(linesOf(delivery, new Set(fresh))),
    changes,
    visits: rows.filter((one): one is NewVisit => one.facts.src !== undefined),
  };
}

function linesOf({ events, lines }: Delivery, wanted: ReadonlySet<EventFacts>): Buffer {
  const some = lines.toString().split('\n');
  return Buffer.from(some.filter((_, at) => wanted.has(events[at]!)).join('\n'));
}

function rowOf(
  facts: EventFacts,
  line: number,
  boots: ReadonlyMap<string, Boot>,
  typeNumber: (name: string) => number,
): NewEvent {
  return {
    facts,
    at: facts.at,
    line,
    boot: boots.get(facts.boot)!.id,
    type: typeNumber(facts.type),
    severity: severityRank(facts.severity),
    session: undefined,
  };
}

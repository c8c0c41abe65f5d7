/**
 * What sensors deliver, recorded: whatever comes again is there once, and everything that follows from a batch (sums,
 * sessions, values, links, lines of the feed) is written with it or not at all.
 *
 * The identity of an event is (sensor, boot, seq). A batch is written only if its sensor's row is as it was when the
 * numbers that are here were read (`sensor_boots`), so nothing is here twice, whatever the order, the month or the number
 * of processes. What comes while others are written is written together.
 */
import type { Kysely } from 'kysely';
import type { DecoyEvent } from '../model/event.ts';
import type { Delivery } from './event-batches.ts';
import { type EventFacts, factsReader } from './event-facts.ts';
import { createGroups } from './event-groups.ts';
import { createEventMemory } from './event-memory.ts';
import { monthOf, readyPartitions } from './event-partitions.ts';
import { packLines } from './event-rows.ts';
import type { Locate } from './event-sessions.ts';
import { typeNumbers } from './event-types.ts';
import { spanOf } from './event-visits.ts';
import { type RecordedEvents, writeDeliveries } from './event-writing.ts';
import type { Tables } from './tables.ts';

export interface RecordOptions {
  readonly receivedAt?: Date;
  readonly locate?: Locate | undefined;
  readonly refused?: Delivery['refused'];
}

/**
 * @param sensor its row (`sensors.ts`)
 * @throws WaterguardError `refused` for a sensor that was revoked
 */
export function recordEvents(
  db: Kysely<Tables>,
  sensor: number,
  events: readonly DecoyEvent[],
  { receivedAt = new Date(), ...rest }: RecordOptions = {},
): Promise<RecordedEvents> {
  const lines = Buffer.from(events.map((one) => JSON.stringify(one)).join('\n'));
  const facts = events.map(factsReader(receivedAt.getTime()));
  return recordFacts(db, { sensor, events: facts, lines, receivedAt, ...rest });
}

/** What was read of the lines of one sensor, in their order. */
export interface ReadEvents extends Pick<Delivery, 'sensor' | 'events' | 'lines' | 'receivedAt'> {
  readonly locate?: Locate | undefined;
  readonly refused?: Delivery['refused'];
}

/** As `recordEvents`. */
export async function recordFacts(
  db: Kysely<Tables>,
  { locate = () => undefined, refused = [], ...read }: ReadEvents,
): Promise<RecordedEvents> {
  const { events, receivedAt } = read;
  const typeNumber = await typeNumbers(db, new Set(events.map((one) => one.type)));
  await readyPartitions(db, monthsOf(events).add(monthOf(receivedAt.getTime())));
  const boots = new Set([...events, ...refused].map((one) => one.boot));
  const packed = packLines(read.lines);
  return writerOf(db)({ ...read, refused, boots, locate, typeNumber, packed });
}

type Write = (delivery: Delivery) => Promise<RecordedEvents>;

const writers = new WeakMap<Kysely<Tables>, Write>();

/** Statements that write at the same time; deliveries in each. */
const groups = { atOnce: 3, most: 16 } as const;

function writerOf(db: Kysely<Tables>): Write {
  let writer = writers.get(db);
  if (writer === undefined) {
    const memory = createEventMemory();
    writer = createGroups<Delivery, RecordedEvents>({
      ...groups,
      keyOf: (one) => one.sensor,
      write: (some) => writeDeliveries(db, some, memory),
    });
    writers.set(db, writer);
  }
  return writer;
}

function monthsOf(events: readonly EventFacts[]): Set<string> {
  if (events.length === 0) return new Set();
  const { first, last } = spanOf(events);
  const ends = new Set([monthOf(first), monthOf(last)]);
  return ends.size === 1 ? ends : new Set(events.map((one) => monthOf(one.at)));
}

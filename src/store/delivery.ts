/**
 * Deliveries: lines as sensors send them, over the network or within this process. A bad line does not lose the others;
 * as it would be bad again, its number counts as seen.
 */
import type { Kysely } from 'kysely';
import { type Identity, readEventLine } from '../api/event-line.ts';
import type { Ingested } from '../api/events.ts';
import { sensorName } from '../api/sensors.ts';
import { WaterguardError } from '../model/error.ts';
import { type EventFacts, factsReader } from './event-facts.ts';
import type { Locate } from './event-sessions.ts';
import { type ReadEvents, recordFacts } from './events.ts';
import { sensorNamed } from './sensors.ts';
import type { Tables } from './tables.ts';

export interface DeliveryOptions {
  /** Whose it is, whatever the events say; without it they name their sensor. */
  readonly sensor?: number | undefined;
  readonly receivedAt?: Date;
  readonly locate?: Locate | undefined;
  /** All lines as they came, where they are at hand. */
  readonly bytes?: Buffer;
}

/** JSON, without line feeds; an array of them is one. */
export interface Lines {
  readonly length: number;
  at(place: number): string | undefined;
}

/**
 * @throws WaterguardError `corrupt` where no line is an event, nor says which it would be; `refused` for a sensor that
 *   was revoked or cannot be added
 */
export function recordLines(
  db: Kysely<Tables>,
  lines: Lines,
  options: DeliveryOptions = {},
): Promise<Ingested> {
  // Not one function with what follows: while something is written, nothing is kept of what was read but is not needed.
  return readDeliveries(db, lines, options).then(({ rejected, told }) => recordAll(db, told, rejected));
}

interface Deliveries {
  /** Of each sensor. */
  readonly told: readonly ReadEvents[];
  readonly rejected: Ingested['rejected'];
}

async function readDeliveries(
  db: Kysely<Tables>,
  lines: Lines,
  { sensor, receivedAt = new Date(), locate, bytes }: DeliveryOptions,
): Promise<Deliveries> {
  const { read, rejected } = readLines(lines, receivedAt.getTime());
  if (sensor === undefined) rejectNameless(read, rejected);
  if (read.length === 0)
    throw new WaterguardError(
      'corrupt',
      `No line of it is an event: ${rejected[0]?.reason ?? 'it is empty'}.`,
    );
  const told: ReadEvents[] = [];
  for (const [id, some] of await bySensor(db, sensor, read)) {
    const good = some.filter((one) => one.facts !== undefined);
    told.push({
      sensor: id,
      events: good.map((one) => one.facts!),
      lines:
        bytes !== undefined && good.length === lines.length
          ? bytes
          : Buffer.from(good.map((one) => lines.at(one.at)!).join('\n')),
      receivedAt,
      locate,
      refused: some.map((one) => one.of).filter((one) => one !== undefined),
    });
  }
  return { told, rejected };
}

async function recordAll(
  db: Kysely<Tables>,
  told: readonly ReadEvents[],
  rejected: Ingested['rejected'],
): Promise<Ingested> {
  const answer: Ingested = { accepted: 0, duplicates: 0, rejected, ack: [] };
  for (const one of told) {
    const recorded = await recordFacts(db, one).catch((error: unknown) => {
      named.delete(db);
      throw error;
    });
    answer.accepted += recorded.accepted;
    answer.duplicates += recorded.duplicates;
    answer.ack.push(...recorded.ack);
  }
  return answer;
}

/** A line of which it is known whose event it is, or would be. */
interface Read {
  readonly at: number;
  readonly sensor: string;
  readonly facts: EventFacts | undefined;
  /** Of one that was refused. */
  readonly of: Identity | undefined;
}

interface ReadLines {
  readonly read: Read[];
  readonly rejected: Ingested['rejected'];
}

function readLines(lines: Lines, receivedAt: number): ReadLines {
  const factsOf = factsReader(receivedAt);
  const read: Read[] = [];
  const rejected: Ingested['rejected'] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const one = readEventLine(lines.at(at)!);
    if ('event' in one) {
      read.push({ at, sensor: one.event.sensor, facts: factsOf(one.event), of: undefined });
      continue;
    }
    const { reason, of } = one;
    rejected.push({ line: at + 1, ...(of !== undefined && { seq: of.seq }), reason });
    if (of !== undefined) read.push({ at, sensor: of.sensor, facts: undefined, of });
  }
  return { read, rejected };
}

/** Where only events say whose they are: takes out what no sensor can have sent. */
function rejectNameless(read: Read[], rejected: Ingested['rejected']): void {
  const names = new Set(read.map((one) => one.sensor));
  const impossible = new Set([...names].filter((one) => !sensorName.safeParse(one).success));
  if (impossible.size === 0) return;
  for (const { at, sensor, facts } of read) {
    const isTold = facts === undefined;
    if (impossible.has(sensor) && !isTold) rejected.push({ line: at + 1, reason: 'sensor is no name' });
  }
  rejected.sort((a, b) => a.line - b.line);
  read.splice(0, read.length, ...read.filter((one) => !impossible.has(one.sensor)));
}

async function bySensor(
  db: Kysely<Tables>,
  sensor: number | undefined,
  all: readonly Read[],
): Promise<ReadonlyMap<number, readonly Read[]>> {
  if (sensor !== undefined) return new Map([[sensor, all]]);
  const sensors = new Map<number, readonly Read[]>();
  for (const [name, some] of Map.groupBy(all, (one) => one.sensor)) {
    const id = await idOf(db, name);
    if (id === undefined) {
      const why = 'it was revoked, or there are too many that were never enrolled';
      throw new WaterguardError('refused', `The sensor is not taken: ${why}.`);
    }
    sensors.set(id, some);
  }
  return sensors;
}

/** Sensors that were delivered for, by their names; those that are gone or revoked the writing of events finds out. */
const named = new WeakMap<Kysely<Tables>, Map<string, number>>();
const mostNames = 10_000;

async function idOf(db: Kysely<Tables>, name: string): Promise<number | undefined> {
  const known = named.get(db)?.get(name);
  if (known !== undefined) return known;
  const id = await sensorNamed(db, name);
  if (id === undefined) return undefined;
  const names = named.get(db) ?? new Map<string, number>();
  if (names.size >= mostNames) names.clear();
  named.set(db, names.set(name, id));
  return id;
}

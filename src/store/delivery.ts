/**
 * Deliveries: lines as sensors send them, over the network or within this process. A bad line does not lose the others;
 * as it would be bad again, its number counts as seen.
 */
import type { Kysely } from 'kysely';
import { type Identity, readEventLine } from '../api/event-line.ts';
import type { Ingested } from '../api/events.ts';
import { sensorName } from '../api/sensors.ts';
import { WaterguardError } from '../model/error.ts';
import type { DecoyEvent } from '../model/event.ts';
import type { Locate } from './event-sessions.ts';
import { recordEvents } from './events.ts';
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

/**
 * @param lines JSON, without line feeds
 * @throws WaterguardError `corrupt` where no line is an event, nor says which it would be; `refused` for a sensor that
 *   was revoked or cannot be added
 */
export async function recordLines(
  db: Kysely<Tables>,
  lines: readonly string[],
  { sensor, receivedAt = new Date(), locate = () => undefined, bytes }: DeliveryOptions = {},
): Promise<Ingested> {
  const { read, refused, rejected } = readLines(lines);
  if (read.length + refused.length === 0)
    throw new WaterguardError('corrupt', 'No line of it is an event: send one JSON object a line.');
  const answer: Ingested = { accepted: 0, duplicates: 0, rejected, ack: [] };
  for (const [id, some] of await bySensor(db, sensor, [...read, ...refused])) {
    const good = some.filter((one) => 'event' in one);
    const recorded = await recordEvents(
      db,
      id,
      good.map((one) => one.event),
      {
        receivedAt,
        locate,
        lines: good.map((one) => one.line),
        bytes: good.length === lines.length ? bytes : undefined,
        refused: some.flatMap((one) => ('event' in one ? [] : one.of)),
      },
    );
    answer.accepted += recorded.accepted;
    answer.duplicates += recorded.duplicates;
    answer.ack.push(...recorded.ack);
  }
  return answer;
}

interface Read {
  readonly event: DecoyEvent;
  readonly line: string;
}

/** No event, but it is known which one it would be. */
interface Refused {
  readonly of: Identity;
}

interface Lines {
  readonly read: readonly Read[];
  readonly refused: readonly Refused[];
  readonly rejected: Ingested['rejected'];
}

function readLines(lines: readonly string[]): Lines {
  const read: Read[] = [];
  const refused: Refused[] = [];
  const rejected: Ingested['rejected'] = [];
  for (const [at, line] of lines.entries()) {
    const one = readEventLine(line);
    if ('event' in one) {
      read.push({ event: one.event, line });
      continue;
    }
    const { reason, of } = one;
    rejected.push({ line: at + 1, ...(of !== undefined && { seq: of.seq }), reason });
    if (of !== undefined) refused.push({ of });
  }
  return { read, refused, rejected };
}

async function bySensor(
  db: Kysely<Tables>,
  sensor: number | undefined,
  all: readonly (Read | Refused)[],
): Promise<ReadonlyMap<number, readonly (Read | Refused)[]>> {
  if (sensor !== undefined) return new Map([[sensor, all]]);
  const sensors = new Map<number, readonly (Read | Refused)[]>();
  for (const [name, some] of Map.groupBy(all, (one) => ('event' in one ? one.event : one.of).sensor)) {
    const id = sensorName.safeParse(name).success ? await sensorNamed(db, name) : undefined;
    if (id === undefined) {
      const why = 'it was revoked, its name is none, or there are too many that were never enrolled';
      throw new WaterguardError('refused', `The sensor is not taken: ${why}.`);
    }
    sensors.set(id, some);
  }
  return sensors;
}

/**
 * Batches of several sensors, written with everything that follows from them (sums, sessions, values, links, lines of the
 * feed), or not at all.
 *
 * What follows is worked out from what was read outside of any transaction, and one statement writes it, if nothing
 * changed since: nobody waits while this process computes, least of all on the embedded store, which has one session.
 * Where something did change, where a start is new, or where there is something to tell, the sensors are held first.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { WaterguardError } from '../model/error.ts';
import { addActivities, type NewActivity } from './activity.ts';
import { isNotable, linesAbout, type Notable, toldLately } from './event-activity.ts';
import { type Batch, batchesOf, type Delivery } from './event-batches.ts';
import type { Before } from './event-before.ts';
import type { EventMemory } from './event-memory.ts';
import { addHours, addTechniques, addValueDays } from './event-rollups.ts';
import { addBatches } from './event-rows.ts';
import { writeSeen, writeSessions } from './event-sessions.ts';
import { addValues, broughtBy, keepValues, type NewValue, type Places, placeValues } from './event-values.ts';
import { isPassing } from './failure.ts';
import {
  addBoots,
  type DeliveringSensor,
  type Heard,
  holdSensors,
  readSensors,
  takeSensors,
  writeBoots,
} from './sensor-boots.ts';
import { worstSkew } from './sensors.ts';
import { addLinks, linksFrom, type Mark, writeMarks } from './session-links.ts';
import type { Tables } from './tables.ts';

export interface RecordedEvents {
  readonly accepted: number;
  readonly duplicates: number;
  /** Of each start in the batch, the last number up to which nothing is missing. */
  readonly ack: readonly { readonly boot: string; readonly seq: number }[];
}

type Outcome = PromiseSettledResult<RecordedEvents>;

interface Written {
  readonly outcomes: readonly Outcome[];
  readonly batches: readonly Batch[];
  readonly places: Places;
  readonly marks: readonly Mark[];
}

/** @param deliveries of different sensors @returns what became of each: what is wrong with one is nothing to the others */
export async function writeDeliveries(
  db: Kysely<Tables>,
  deliveries: readonly Delivery[],
  memory: EventMemory,
): Promise<readonly Outcome[]> {
  try {
    const written = (await writeAsRead(db, deliveries, memory)) ?? (await writeHeld(db, deliveries, memory));
    remember(memory, written);
    return written.outcomes;
  } catch (reason) {
    memory.forget();
    if (deliveries.length === 1 || isPassing(reason))
      return deliveries.map(() => ({ status: 'rejected', reason }));
  }
  const outcomes: Outcome[] = [];
  for (const one of deliveries) outcomes.push(...(await writeDeliveries(db, [one], memory)));
  return outcomes;
}

/** @returns undefined where the sensors have to be held; nothing was written then */
async function writeAsRead(
  db: Kysely<Tables>,
  deliveries: readonly Delivery[],
  memory: EventMemory,
): Promise<Written | undefined> {
  const sensors = await sensorsOf(db, deliveries, memory);
  const taken = deliveries.filter((one) => sensors.has(one.sensor));
  if (newStarts(taken, sensors).length > 0) return undefined;
  const { batches, before } = await batchesOf(db, taken, sensors, memory);
  const { statement, lines, ...rest } = await whatFollows(batches, before, async () => {
    const known = memory.told.get('told');
    if (known !== undefined) return known;
    const told = await toldLately(db);
    memory.told.set('told', told);
    return told;
  });
  if (lines.length > 0) return undefined;
  try {
    await statement.execute(db);
  } catch (error) {
    if ((error as { code?: unknown }).code === changedMeanwhile) return undefined;
    throw error;
  }
  return { outcomes: outcomesOf(deliveries, batches), batches, ...rest };
}

/** By their numbers; those that were revoked are not among them, unless nobody told this process so far. */
async function sensorsOf(
  db: Kysely<Tables>,
  deliveries: readonly Delivery[],
  memory: EventMemory,
): Promise<ReadonlyMap<number, DeliveringSensor>> {
  const sensors = new Map<number, DeliveringSensor>();
  const asked = deliveries.filter((one) => {
    const sensor = memory.sensors.find(one);
    if (sensor !== undefined) sensors.set(one.sensor, sensor);
    return sensor === undefined;
  });
  if (asked.length === 0) return sensors;
  for (const [id, one] of await readSensors(db, asked)) {
    memory.sensors.keep(one);
    sensors.set(id, one);
  }
  return sensors;
}

function remember(memory: EventMemory, { batches, places, marks }: Written): void {
  keepValues(places, memory.values);
  const bySensor = Map.groupBy(marks, (one) => one.sensor);
  for (const { sensor, changes, pasts, sessions } of batches) {
    const boots = changes.map(({ id, boot, sequence }) => ({ id, boot, sequence }));
    memory.sensors.wrote({ sensor, boots, pasts, sessions, marks: bySensor.get(sensor.id) ?? [] });
  }
}

function writeHeld(
  db: Kysely<Tables>,
  deliveries: readonly Delivery[],
  memory: EventMemory,
): Promise<Written> {
  return db.transaction().execute(async (tx) => {
    await holdSensors(
      tx,
      deliveries.map((one) => one.sensor),
    );
    let sensors = await readSensors(tx, deliveries);
    const taken = deliveries.filter((one) => sensors.has(one.sensor));
    const starts = newStarts(taken, sensors);
    if (starts.length > 0) {
      await addBoots(tx, starts);
      sensors = await readSensors(tx, deliveries);
    }
    for (const one of sensors.values()) memory.sensors.keep(one);
    const { batches, before } = await batchesOf(tx, taken, sensors, memory);
    const { statement, lines, ...rest } = await whatFollows(batches, before, () => toldLately(tx));
    await statement.execute(tx);
    await addActivities(tx, lines);
    return { outcomes: outcomesOf(deliveries, batches), batches, ...rest };
  });
}

function newStarts(
  deliveries: readonly Delivery[],
  sensors: ReadonlyMap<number, DeliveringSensor>,
): readonly Delivery[] {
  return deliveries.filter(({ sensor, boots }) => {
    const known = sensors.get(sensor)!.boots;
    return [...boots].some((one) => !known.has(one));
  });
}

interface Following {
  readonly statement: RawBuilder<unknown>;
  /** To be told once it is written. */
  readonly lines: readonly NewActivity[];
  readonly places: Places;
  readonly marks: readonly Mark[];
}

async function whatFollows(
  batches: readonly Batch[],
  before: Before,
  toldBefore: () => Promise<ReadonlyMap<string, number>>,
): Promise<Following> {
  const sessions = batches.flatMap((one) => one.sessions);
  const changed = new Map(sessions.map((one) => [one.id, one]));
  const sightings = batches.map((one) => ({ sensor: one.sensor.id, all: one.sightings }));
  const values = batches.flatMap((one) => one.values);
  const notable = batches.map(notableOf);
  const places = placeValues(values, before.values);
  const linked = linksFrom(sightings, before.marks, changed);
  const told = notable.some(isNotable) ? await toldBefore() : new Map();
  const lines = linesAbout(
    notable.map((one) => ({ ...one, values: one.values.filter((value) => isNew(value, places)) })),
    told,
  );
  const counted = batches.map(({ sensor, rows, values }) => ({
    sensor: sensor.id,
    rows,
    values: values.map((one) => ({ ...one, place: places.of(one) })),
  }));
  const statement = sql`
    with ${takeSensors(batches.map(heardOf))},
      visits as (${writeSessions(sessions)}),
      hours as (${addHours(counted)}),
      techniques as (${addTechniques(counted)}),
      ${addValues(places)},
      ${broughtBy(counted.flatMap((one) => one.values))},
      seen as (${writeSeen(sessions)}),
      value_sums as (${addValueDays(counted)}),
      boots as (${writeBoots(batches.flatMap(bootsOf))}),
      ${addBatches(batches.filter((one) => one.rows.length > 0).map(newBatchOf))},
      marks as (${writeMarks(linked.marks)}),
      links as (${addLinks(linked.links)})
    select 1 / (count(*) = ${batches.length})::int from taken`;
  return { statement, lines, places, marks: linked.marks };
}

/** Division by zero, which takes back all of a statement that did not find its sensors as they were read. */
const changedMeanwhile = '22012';

/** What comes late may have waited for us, which tells nothing of the clock. */
function heardOf({ sensor, delivery: { events, receivedAt: at } }: Batch): Heard {
  const newest = events.reduce((last, one) => Math.max(last, one.told), Number.NEGATIVE_INFINITY);
  const skew = at.getTime() - newest;
  return { ...sensor, at, skew: skew < worstSkew ? skew : undefined };
}

function bootsOf({ rows, delivery, changes }: Batch): Batch['changes'] {
  return rows.length + delivery.refused.length > 0 ? changes : [];
}

function newBatchOf({ delivery, packed, rows }: Batch) {
  return { receivedAt: delivery.receivedAt, packed, rows };
}

function isNew(value: NewValue, places: Places): boolean {
  return places.ids[places.of(value) - 1] === undefined;
}

function notableOf({ sensor, visits, values }: Batch): Notable {
  return {
    sensor: sensor.name,
    sessions: visits.map(({ id, src, before, draft }) => ({
      id,
      src,
      services: [...draft.services],
      before: before?.summary.severity ?? 0,
      severity: draft.severity,
    })),
    values,
  };
}

/** Of all, also of those that were revoked. */
function outcomesOf(deliveries: readonly Delivery[], batches: readonly Batch[]): readonly Outcome[] {
  const written = new Map(batches.map((one) => [one.delivery, one]));
  return deliveries.map((one) => {
    const batch = written.get(one);
    return batch === undefined
      ? { status: 'rejected', reason: revoked() }
      : { status: 'fulfilled', value: recordedOf(batch) };
  });
}

function revoked(): WaterguardError {
  return new WaterguardError('refused', 'The sensor was revoked: enrol it again to take its events.');
}

function recordedOf({ delivery, rows, changes }: Batch): RecordedEvents {
  return {
    accepted: rows.length,
    duplicates: delivery.events.length - rows.length,
    ack: changes.map((one) => ({ boot: one.boot, seq: one.sequence.contiguous })),
  };
}

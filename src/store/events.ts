/**
 * What sensors deliver, recorded: whatever comes again is there once, and everything that follows from a batch (sums,
 * sessions, values, links, lines of the feed) is written with it or not at all.
 *
 * The identity of an event is (sensor, boot, seq). A batch takes its sensor's row first and then reads which numbers are
 * here (`sensor_boots`), so nothing is here twice, whatever the order, the month or the number of processes.
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import { isOfSensor } from '../api/event-line.ts';
import { add, has, rangesOf } from '../honeypot/session/sequence.ts';
import { WaterguardError } from '../model/error.ts';
import type { DecoyEvent } from '../model/event.ts';
import { severityRank } from '../model/terms.ts';
import { type Notable, tellNotable } from './event-activity.ts';
import { monthOf, placeInTime, readyPartitions } from './event-partitions.ts';
import { addHours, addTechniques, addValueDays } from './event-rollups.ts';
import { addBatch, addEvents, type NewEvent, packLines } from './event-rows.ts';
import { type Locate, writeSessions } from './event-sessions.ts';
import { typeNumbers } from './event-types.ts';
import { addToSessions, type WrittenValue, writeValues } from './event-values.ts';
import {
  type Continued,
  changed,
  continueSessions,
  newValuesOf,
  sightingsOf,
  spanOf,
} from './event-visits.ts';
import { type Boot, type BootChange, readBoots, writeBoots } from './sensor-boots.ts';
import { worstSkew } from './sensors.ts';
import { linkSessions } from './session-links.ts';
import type { Tables } from './tables.ts';

export interface RecordOptions {
  readonly receivedAt?: Date;
  readonly locate?: Locate;
  /** The events as they came, in JSON; and all of that as bytes, where it is at hand. */
  readonly lines?: readonly string[];
  readonly bytes?: Buffer | undefined;
  /** Numbers whose events were refused and always will be: they count as seen. */
  readonly refused?: readonly { readonly boot: string; readonly seq: number }[];
}

export interface RecordedEvents {
  readonly accepted: number;
  readonly duplicates: number;
  /** Of each start in the batch, the last number up to which nothing is missing. */
  readonly ack: readonly { readonly boot: string; readonly seq: number }[];
}

/**
 * @param sensor its row (`sensors.ts`)
 * @throws WaterguardError `refused` for a sensor that was revoked
 */
export async function recordEvents(
  db: Kysely<Tables>,
  sensor: number,
  events: readonly DecoyEvent[],
  {
    receivedAt = new Date(),
    locate = () => undefined,
    lines = events.map((one) => JSON.stringify(one)),
    bytes = bytesOf(lines),
    refused = [],
  }: RecordOptions = {},
): Promise<RecordedEvents> {
  const typeNumber = await typeNumbers(db, new Set(events.map((one) => one.type)));
  const timed = events.map((event, at) => {
    const told = Date.parse(event.ts);
    return { event, line: lines[at]!, told, at: placeInTime(told, receivedAt.getTime()) };
  });
  await readyPartitions(db, monthsOf(timed).add(monthOf(receivedAt.getTime())));
  // Mostly all of them are new; then nobody has to wait for this later.
  const allPacked = packLines(bytes);
  return db.transaction().execute(async (tx) => {
    const name = await takeSensor(tx, sensor, receivedAt, timed);
    const names = new Set([...events, ...refused].map((one) => one.boot));
    const boots = await readBoots(tx, sensor, [...names], receivedAt);
    const { fresh, changes } = sift(timed, refused, boots);
    if (fresh.length > 0) {
      const rows = fresh.map((one) => rowOf(one, boots, typeNumber));
      const packed =
        fresh.length === lines.length ? allPacked : packLines(bytesOf(fresh.map((one) => one.line)));
      await write(tx, { id: sensor, name }, rows, packed, changes, { receivedAt, locate });
    } else if (refused.length > 0) await writeBoots(changes, receivedAt).execute(tx);
    return {
      accepted: fresh.length,
      duplicates: events.length - fresh.length,
      ack: changes.map((one) => ({ boot: one.boot, seq: one.sequence.contiguous })),
    };
  });
}

/** Everything that follows from events which are new, most of it in one statement. */
async function write(
  tx: Transaction<Tables>,
  sensor: { readonly id: number; readonly name: string },
  rows: readonly NewEvent[],
  packed: Buffer,
  changes: readonly BootChange[],
  { receivedAt, locate }: { readonly receivedAt: Date; readonly locate: Locate },
): Promise<void> {
  const { id } = sensor;
  const visits = rows.filter((one) => !isOfSensor(one.event.type));
  const sessions = await continueSessions(tx, id, visits);
  for (const one of sessions) for (const row of one.rows) row.session = one.id;
  const values = await writeValues(tx, newValuesOf(sessions));
  const sightings = sightingsOf(sessions);
  await sql`
    with visits as (${writeSessions(id, sessions.map(changed), locate)}),
      hours as (${addHours(id, rows)}),
      techniques as (${addTechniques(id, rows)}),
      new_values as (${addToSessions(values)}),
      value_sums as (${addValueDays(id, values)}),
      boots as (${writeBoots(changes, receivedAt)}),
      batch as (${addBatch(packed, receivedAt)})
    ${addEvents(rows)}`.execute(tx);
  await linkSessions(tx, id, sightings);
  await tellNotable(tx, sensor.name, notableOf(sessions, values));
}

function rowOf(
  { event, at }: Timed,
  boots: ReadonlyMap<string, Boot>,
  typeNumber: (name: string) => number,
): NewEvent {
  return {
    event,
    at,
    boot: boots.get(event.boot)!.id,
    type: typeNumber(event.type),
    severity: severityRank(event.severity),
    session: undefined,
  };
}

function bytesOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('\n'));
}

interface Timed {
  readonly event: DecoyEvent;
  readonly line: string;
  /** Milliseconds, as the sensor told, and where it is put. */
  readonly told: number;
  readonly at: number;
}

function monthsOf(timed: readonly Timed[]): Set<string> {
  if (timed.length === 0) return new Set();
  const { first, last } = spanOf(timed);
  const ends = new Set([monthOf(first), monthOf(last)]);
  return ends.size === 1 ? ends : new Set(timed.map((one) => monthOf(one.at)));
}

/**
 * From here to the commit no other batch of the sensor is written. What is read of it has to be read afterwards.
 * @returns its name
 */
async function takeSensor(
  tx: Transaction<Tables>,
  sensor: number,
  receivedAt: Date,
  timed: readonly Timed[],
): Promise<string> {
  const newest = timed.reduce((last, one) => Math.max(last, one.told), Number.NEGATIVE_INFINITY);
  const skew = receivedAt.getTime() - newest;
  const row = await tx
    .updateTable('sensors')
    .set({
      heard_at: receivedAt,
      // What comes late may have waited for us, which tells nothing of the clock.
      ...(skew < worstSkew && { clock_skew: skew }),
    })
    .where('id', '=', sensor)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst();
  if (row === undefined)
    throw new WaterguardError('refused', 'The sensor was revoked: enrol it again to take its events.');
  return row.name;
}

interface Sifted {
  /** In the order in which they came. */
  readonly fresh: readonly Timed[];
  readonly changes: readonly (BootChange & { readonly boot: string })[];
}

/** What is not here yet, and what each start knows afterwards. */
function sift(
  timed: readonly Timed[],
  refused: NonNullable<RecordOptions['refused']>,
  boots: ReadonlyMap<string, Boot>,
): Sifted {
  const seen = new Map<string, Set<number>>();
  for (const boot of boots.keys()) seen.set(boot, new Set());
  const fresh = timed.filter(({ event: { boot, seq } }) => {
    const mine = seen.get(boot)!;
    if (mine.has(seq) || has(boots.get(boot)!.sequence, seq)) return false;
    mine.add(seq);
    return true;
  });
  const counts = new Map([...seen].map(([boot, mine]) => [boot, mine.size]));
  for (const { boot, seq } of refused) seen.get(boot)!.add(seq);
  const changes = [...boots.values()].map(({ id, boot, sequence }) => {
    const ranges = rangesOf([...seen.get(boot)!].sort((one, other) => one - other));
    return { id, boot, sequence: add(sequence, ranges), events: counts.get(boot)!, dropped: 0 };
  });
  for (const { event } of fresh)
    if (event.type === 'spool.dropped')
      changes.find((one) => one.boot === event.boot)!.dropped += droppedIn(event);
  return { fresh, changes };
}

function droppedIn({ data }: DecoyEvent): number {
  return Number.isSafeInteger(data?.count) ? Number(data!.count) : 0;
}

function notableOf(sessions: readonly Continued[], values: readonly WrittenValue[]): Notable {
  return {
    sessions: sessions.map(({ id, src, before, draft }) => ({
      id,
      src,
      services: [...draft.services],
      before: before?.summary.severity ?? 0,
      severity: draft.severity,
    })),
    values: values.filter((one) => one.isNew),
  };
}

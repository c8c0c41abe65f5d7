/** Sensors as deliveries find them: their starts, and which numbers of these are here (`honeypot/session/sequence.ts`). */
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { emptySequence, type Range, type Sequence } from '../honeypot/session/sequence.ts';
import { int4s, int8s, texts, times } from './columns.ts';
import type { Tables } from './tables.ts';

export interface Boot {
  readonly id: number;
  readonly boot: string;
  readonly sequence: Sequence;
}

export interface DeliveringSensor {
  readonly id: number;
  readonly name: string;
  /** Batches of it that were written: as long as these are as many, nothing that batches change has changed. */
  readonly batches: number;
  /** By their names; of those that were asked for. */
  readonly boots: ReadonlyMap<string, Boot>;
}

/** The starts that a batch is of. */
export interface Starts {
  readonly sensor: number;
  readonly boots: ReadonlySet<string>;
  readonly receivedAt: Date;
}

/** By their numbers; those that were revoked are not among them. */
export async function readSensors(
  db: Kysely<Tables>,
  starts: readonly Starts[],
): Promise<ReadonlyMap<number, DeliveringSensor>> {
  interface Row {
    readonly sensor: number;
    readonly name: string;
    readonly batches: number;
    readonly id: number | null;
    readonly boot: string;
    readonly contiguous: number;
    readonly highest: number;
    readonly beyond: readonly Range[];
  }
  const { rows } = await sql<Row>`
    select sensors.id as sensor, name, batches, b.id, boot, contiguous, highest, beyond
    from sensors left join sensor_boots as b on sensor_id = sensors.id
      and boot = any(${starts.flatMap((one) => [...one.boots])}::uuid[])
    where sensors.id = any(${starts.map((one) => one.sensor)}::int[]) and revoked_at is null`.execute(db);
  const sensors = new Map<number, DeliveringSensor & { readonly boots: Map<string, Boot> }>();
  for (const { sensor, name, batches, id, boot, ...sequence } of rows) {
    const known = sensors.get(sensor) ?? { id: sensor, name, batches, boots: new Map<string, Boot>() };
    sensors.set(sensor, known);
    if (id !== null) known.boots.set(boot, { id, boot, sequence });
  }
  return sensors;
}

/** From here to the end of the transaction nobody else writes batches of them. */
export async function holdSensors(tx: Transaction<Tables>, sensors: readonly number[]): Promise<void> {
  await sql`
    select from sensors where id = any(${sensors}::int[]) order by id for no key update`.execute(tx);
}

/** Those that are not known begin here; of sensors that are held. */
export async function addBoots(tx: Transaction<Tables>, starts: readonly Starts[]): Promise<void> {
  const { contiguous, highest } = emptySequence;
  const all = starts.flatMap(({ sensor, boots, receivedAt }) =>
    [...boots].map((boot) => ({
      sensor_id: sensor,
      boot,
      first_at: receivedAt,
      last_at: receivedAt,
      contiguous,
      highest,
      beyond: '[]',
      events: 0,
      dropped: 0,
    })),
  );
  if (all.length === 0) return;
  await tx
    .insertInto('sensor_boots')
    .values(all)
    .onConflict((on) => on.doNothing())
    .execute();
}

/** A sensor from which a batch came. */
export interface Heard extends Pick<DeliveringSensor, 'id' | 'batches'> {
  readonly at: Date;
  /** Milliseconds; undefined where the batch tells nothing of its clock. */
  readonly skew: number | undefined;
}

/**
 * Parts of a statement: takes the sensors in the order of their numbers, as everybody does, so that nobody waits in a
 * ring. `taken` has those that are as they were when they were read.
 */
export function takeSensors(sensors: readonly Heard[]): RawBuilder<unknown> {
  return sql`
    held as materialized (
      select id from sensors where id = any(${sensors.map((one) => one.id)}::int[])
      order by id for no key update
    ), taken as (
      update sensors set heard_at = t.heard_at, clock_skew = coalesce(t.skew, clock_skew),
        batches = sensors.batches + 1
      from held join unnest(${int4s(sensors.map((one) => one.id))}::int[],
        ${int8s(sensors.map((one) => one.batches))}::bigint[],
        ${times(sensors.map((one) => one.at.getTime()))}::timestamptz[],
        ${int8s(sensors.map((one) => one.skew))}::bigint[]) as t(id, batches, heard_at, skew) using (id)
      where sensors.id = held.id and sensors.batches = t.batches and revoked_at is null
      returning sensors.id
    )`;
}

export interface BootChange {
  readonly id: number;
  readonly sequence: Sequence;
  /** Stored now. */
  readonly events: number;
  /** Given up by the sensor's spool, as it says. */
  readonly dropped: number;
  readonly receivedAt: Date;
}

export function writeBoots(changes: readonly BootChange[]): RawBuilder<unknown> {
  return sql`
    update sensor_boots set last_at = t.last_at, contiguous = t.contiguous, highest = t.highest,
      beyond = t.beyond::jsonb, events = sensor_boots.events + t.events, dropped = sensor_boots.dropped + t.dropped
    from unnest(${int8s(changes.map((one) => one.id))}::bigint[],
      ${times(changes.map((one) => one.receivedAt.getTime()))}::timestamptz[],
      ${int8s(changes.map((one) => one.sequence.contiguous))}::bigint[],
      ${int8s(changes.map((one) => one.sequence.highest))}::bigint[],
      ${texts(changes.map((one) => JSON.stringify(one.sequence.beyond)))}::text[],
      ${int8s(changes.map((one) => one.events))}::bigint[], ${int8s(changes.map((one) => one.dropped))}::bigint[])
      as t(id, last_at, contiguous, highest, beyond, events, dropped)
    where sensor_boots.id = t.id`;
}

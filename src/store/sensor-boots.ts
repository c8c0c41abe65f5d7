/** The starts of a sensor, and which of their numbers are here (`honeypot/session/sequence.ts`). */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { emptySequence, type Range, type Sequence } from '../honeypot/session/sequence.ts';
import { int8s, texts } from './columns.ts';
import type { Tables } from './tables.ts';

export interface Boot {
  readonly id: number;
  readonly boot: string;
  readonly sequence: Sequence;
}

/** @param boots those that are not known begin here */
export async function readBoots(
  tx: Transaction<Tables>,
  sensor: number,
  boots: readonly string[],
  receivedAt: Date,
): Promise<ReadonlyMap<string, Boot>> {
  const find = () =>
    tx
      .selectFrom('sensor_boots')
      .select(['id', 'boot', 'contiguous', 'highest', 'beyond'])
      .where('sensor_id', '=', sensor)
      .where('boot', 'in', boots)
      .execute();
  let rows = boots.length === 0 ? [] : await find();
  if (rows.length < boots.length) {
    const { contiguous, highest } = emptySequence;
    const begun = { first_at: receivedAt, last_at: receivedAt, contiguous, highest, beyond: '[]', events: 0 };
    await tx
      .insertInto('sensor_boots')
      .values(boots.map((boot) => ({ sensor_id: sensor, boot, dropped: 0, ...begun })))
      .onConflict((on) => on.doNothing())
      .execute();
    rows = await find();
  }
  return new Map(
    rows.map(({ id, boot, contiguous, highest, beyond }) => [
      boot,
      { id, boot, sequence: { contiguous, highest, beyond: beyond as readonly Range[] } },
    ]),
  );
}

export interface BootChange {
  readonly id: number;
  readonly sequence: Sequence;
  /** Stored now. */
  readonly events: number;
  /** Given up by the sensor's spool, as it says. */
  readonly dropped: number;
}

export function writeBoots(changes: readonly BootChange[], receivedAt: Date): RawBuilder<unknown> {
  return sql`
    update sensor_boots set last_at = ${receivedAt}, contiguous = t.contiguous, highest = t.highest,
      beyond = t.beyond::jsonb, events = sensor_boots.events + t.events, dropped = sensor_boots.dropped + t.dropped
    from unnest(${int8s(changes.map((one) => one.id))}::bigint[],
      ${int8s(changes.map((one) => one.sequence.contiguous))}::bigint[],
      ${int8s(changes.map((one) => one.sequence.highest))}::bigint[],
      ${texts(changes.map((one) => JSON.stringify(one.sequence.beyond)))}::text[],
      ${int8s(changes.map((one) => one.events))}::bigint[], ${int8s(changes.map((one) => one.dropped))}::bigint[])
      as t(id, contiguous, highest, beyond, events, dropped)
    where sensor_boots.id = t.id`;
}

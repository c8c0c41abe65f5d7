/**
 * Events as they lie in the store: a narrow row to be found by, and the line that the sensor sent, compressed with the
 * others of its delivery. They resemble each other, so the lines take a tenth of the room that they take as rows, and
 * the whole half the time to write (27 kB for 500 lines of 380 kB, zstd at its first level).
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { readEventLine } from '../api/event-line.ts';
import type { DecoyEvent } from '../model/event.ts';
import { int2s, int4s, int8s, times } from './columns.ts';
import type { Tables } from './tables.ts';

/** Bytes; a delivery has 1 MiB, unless this process made it. In one go, as in pieces it takes the loop longer. */
const unpacking = { maxOutputLength: 64 * 1024 * 1024, chunkSize: 512 * 1024 };

export interface NewEvent {
  readonly event: DecoyEvent;
  /** Milliseconds. */
  readonly at: number;
  readonly boot: number;
  readonly type: number;
  readonly severity: number;
  /** Undefined for the sensor's own, and until it is known. */
  session: number | undefined;
}

/** @param lines of a delivery, each behind the other with a line feed between */
export function packLines(lines: Buffer): Buffer {
  return zstdCompressSync(lines, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** The part `batch` of a statement. */
export function addBatch(packed: Buffer, receivedAt: Date): RawBuilder<unknown> {
  return sql`insert into event_batches (received_at, lines) values (${receivedAt}, ${packed}) returning id`;
}

/** Of a statement with a part `batch`. @param rows in the order of its lines */
export function addEvents(rows: readonly NewEvent[]): RawBuilder<unknown> {
  return sql`
    insert into events (at, seq, session_id, batch_id, boot_id, line, type, severity)
    select at, seq, session_id, (select id from batch), boot_id, line - 1, type, severity
    from unnest(${times(rows.map((one) => one.at))}::timestamptz[],
      ${int8s(rows.map((one) => one.event.seq))}::bigint[], ${int8s(rows.map((one) => one.session))}::bigint[],
      ${int4s(rows.map((one) => one.boot))}::int[], ${int2s(rows.map((one) => one.type))}::smallint[],
      ${int2s(rows.map((one) => one.severity))}::smallint[])
      with ordinality as t(at, seq, session_id, boot_id, type, severity, line)`;
}

export interface EventPlace {
  readonly batch: number;
  readonly line: number;
}

export interface StoredEvent {
  readonly event: DecoyEvent;
  readonly receivedAt: Date;
}

/** Batches that are read together: each may be a mebibyte, and a page may have a line of each of hundreds. */
const atOnce = 10;

/** What rows stand for, in their order. */
export async function readEvents(
  db: Kysely<Tables>,
  places: readonly EventPlace[],
): Promise<readonly StoredEvent[]> {
  const found = new Map<EventPlace, StoredEvent>();
  const byBatch = Map.groupBy(places, (one) => one.batch);
  const ids = [...byBatch.keys()];
  for (let from = 0; from < ids.length; from += atOnce) {
    const rows = await db
      .selectFrom('event_batches')
      .selectAll()
      .where('id', 'in', ids.slice(from, from + atOnce))
      .execute();
    for (const { id, received_at, lines: packed } of rows) {
      const lines = zstdDecompressSync(packed, unpacking).toString().split('\n');
      for (const place of byBatch.get(id)!)
        found.set(place, { event: eventOf(lines[place.line]!), receivedAt: received_at });
    }
  }
  return places.map((one) => found.get(one)!);
}

/** It was read before it was stored. */
function eventOf(line: string): DecoyEvent {
  const read = readEventLine(line);
  if (!('event' in read)) throw new Error(`a stored line is no event: ${read.reason}`);
  return read.event;
}

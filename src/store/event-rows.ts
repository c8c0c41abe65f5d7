/**
 * Events as they lie in the store: rows to be found by (`event-spans.ts`), and the line that the sensor sent, compressed
 * with the others of its delivery. They resemble each other, so the lines take a tenth of the room that they take as rows,
 * and the whole half the time to write (27 kB for 500 lines of 380 kB, zstd at its first level).
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { readEventLine } from '../api/event-line.ts';
import type { DecoyEvent } from '../model/event.ts';
import { byteas, times } from './columns.ts';
import { addSpans, type NewEvent } from './event-spans.ts';
import type { Tables } from './tables.ts';

/** Bytes; a delivery has 1 MiB, unless this process made it. In one go, as in pieces it takes the loop longer. */
const unpacking = { maxOutputLength: 64 * 1024 * 1024, chunkSize: 512 * 1024 };

/** What is new of a delivery. */
export interface NewBatch {
  readonly receivedAt: Date;
  /** As `packLines` gave it, of the lines of these rows in their order. */
  readonly packed: Buffer;
  readonly rows: readonly NewEvent[];
}

/** @param lines of a delivery, each behind the other with a line feed between */
export function packLines(lines: Buffer): Buffer {
  return zstdCompressSync(lines, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Parts of a statement, with the names by which they know each other. */
export function addBatches(batches: readonly NewBatch[]): RawBuilder<unknown> {
  return sql`
    numbered as materialized (
      select nextval('event_batch_ids') as id, t.*
      from unnest(${times(batches.map((one) => one.receivedAt.getTime()))}::timestamptz[],
        ${byteas(batches.map((one) => one.packed))}::bytea[]) with ordinality as t(received_at, lines, batch)
    ), batches as (
      insert into event_batches (id, received_at, lines) select id, received_at, lines from numbered
    ), spans as (${addSpans(batches.map((one) => one.rows))})`;
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

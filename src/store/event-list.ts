/** Events as they are read: those of a session in their order, all, the newest first, and a stream, the oldest first. */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { z } from 'zod';
import type { eventsQuery, StoredEvent } from '../api/events.ts';
import type { Page, pageQuery } from '../api/page.ts';
import { maskEvent } from '../honeypot/session/credential.ts';
import type { DecoyEvent } from '../model/event.ts';
import { readEvents } from './event-rows.ts';
import { typesLike } from './event-types.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import type { Tables } from './tables.ts';

interface Row {
  readonly at: Date;
  readonly boot_id: number;
  readonly seq: number;
  readonly session_id: number | null;
  readonly batch_id: number;
  readonly line: number;
  readonly sensor: string;
}

const columns = sql`events.at, boot_id, seq, session_id, batch_id, line, sensors.name as sensor`;
const tables = sql`events join sensor_boots on sensor_boots.id = boot_id join sensors on sensors.id = sensor_id`;

const inOrder: Order = { list: 'session events', by: ['time', 'int', 'bigint'] };
const newestFirst: Order = { list: 'events', by: ['time', 'int', 'bigint'] };

/** @param open credentials are shown as they are, and the bytes that came */
export async function listSessionEvents(
  db: Kysely<Tables>,
  session: number,
  query: z.output<typeof pageQuery>,
  open: boolean,
): Promise<Page<StoredEvent>> {
  const after = readCursor(query.cursor, inOrder);
  const { rows } = await sql<Row>`
    select ${columns} from ${tables}
    where session_id = ${session} and ${placed(after, sql`>`)}
    order by events.at, boot_id, seq limit ${query.limit + 1}`.execute(db);
  return pageOf(db, rows, query.limit, inOrder, open);
}

/** @param open as above */
export async function listEvents(
  db: Kysely<Tables>,
  query: z.output<typeof eventsQuery>,
  open: boolean,
): Promise<Page<StoredEvent>> {
  const after = readCursor(query.cursor, newestFirst);
  const { rows } = await sql<Row>`
    select ${columns} from ${tables} where ${await conditionsOf(db, query)} and ${placed(after, sql`<`)}
    order by events.at desc, boot_id desc, seq desc limit ${query.limit + 1}`.execute(db);
  return pageOf(db, rows, query.limit, newestFirst, open);
}

export interface EventFilter {
  /** RFC 3339; events are placed from the first on and before the second. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** An address or a network. */
  readonly source?: string | undefined;
  /** `ssh.auth`, or a whole service: `ssh`. */
  readonly type?: string | undefined;
  readonly sensor?: string | undefined;
  readonly session?: number | undefined;
}

/** Events that are read at once. */
const streamPage = 500;

/** All that match, those first that are placed first, in parts; each says the sensor that it is known under. */
export async function* streamEvents(
  db: Kysely<Tables>,
  filter: EventFilter,
): AsyncGenerator<readonly DecoyEvent[]> {
  const conditions = await conditionsOf(db, filter);
  let after: readonly (string | number)[] | undefined;
  for (;;) {
    const { rows } = await sql<Row>`
      select ${columns} from ${tables} where ${conditions} and ${placed(after, sql`>`)}
      order by events.at, boot_id, seq limit ${streamPage}`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) return;
    const stored = await readEvents(
      db,
      rows.map((one) => ({ batch: one.batch_id, line: one.line })),
    );
    yield stored.map(({ event }, at) => ({ ...event, sensor: rows[at]!.sensor }));
    after = [last.at.toISOString(), last.boot_id, last.seq];
  }
}

async function conditionsOf(db: Kysely<Tables>, filter: EventFilter): Promise<RawBuilder<SqlBool>> {
  const { from, to, source, type, sensor, session } = filter;
  const conditions: RawBuilder<SqlBool>[] = [sql`true`];
  if (from !== undefined) conditions.push(sql`events.at >= ${from}::timestamptz`);
  if (to !== undefined) conditions.push(sql`events.at < ${to}::timestamptz`);
  if (sensor !== undefined) conditions.push(sql`sensors.name = ${sensor}`);
  if (session !== undefined) conditions.push(sql`session_id = ${session}`);
  if (type !== undefined) conditions.push(sql`type = any(${await typesLike(db, type)}::smallint[])`);
  if (source !== undefined)
    conditions.push(sql`session_id in (select id from honeypot_sessions where src <<= ${source}::inet)`);
  return sql.join(conditions, sql` and `);
}

function placed(
  after: readonly (string | number)[] | undefined,
  comparison: RawBuilder<unknown>,
): RawBuilder<SqlBool> {
  if (after === undefined) return sql`true`;
  return sql`(events.at, boot_id, seq) ${comparison} (${after[0]}::timestamptz, ${after[1]}::int, ${after[2]}::bigint)`;
}

async function pageOf(
  db: Kysely<Tables>,
  rows: readonly Row[],
  limit: number,
  order: Order,
  open: boolean,
): Promise<Page<StoredEvent>> {
  const page = pageFrom(
    rows,
    limit,
    order,
    (row) => row,
    (row) => [row.at.toISOString(), row.boot_id, row.seq],
  );
  const places = page.items.map((one) => ({ batch: one.batch_id, line: one.line }));
  const stored = await readEvents(db, places);
  const items = page.items.map((row, at): StoredEvent => {
    const { event, receivedAt } = stored[at]!;
    const { v: _, session: __, ...rest } = open ? event : maskEvent(event);
    return {
      // The schema knows no lists that are read only.
      ...(rest as unknown as Omit<StoredEvent, 'at' | 'receivedAt' | 'session'>),
      sensor: row.sensor,
      at: row.at.toISOString(),
      receivedAt: receivedAt.toISOString(),
      ...(row.session_id !== null && { session: row.session_id }),
    };
  });
  return { items, ...(page.next !== undefined && { next: page.next }) };
}

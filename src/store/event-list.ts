/** Events as they are read: those of a session in their order, all, the newest first, and a stream, the oldest first. */
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import type { eventsQuery, StoredEvent } from '../api/events.ts';
import type { Page, pageQuery } from '../api/page.ts';
import { maskEvent } from '../honeypot/session/credential.ts';
import type { DecoyEvent } from '../model/event.ts';
import { readEvents } from './event-rows.ts';
import { type EventFilter, type Found, findEvents, type Key } from './event-search.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import type { Tables } from './tables.ts';

const inOrder: Order = { list: 'session events', by: ['time', 'int', 'bigint'] };
const newestFirst: Order = { list: 'events', by: ['time', 'int', 'bigint'] };

/** @param open credentials are shown as they are, and the bytes that came */
export function listSessionEvents(
  db: Kysely<Tables>,
  session: number,
  query: z.output<typeof pageQuery>,
  open: boolean,
): Promise<Page<StoredEvent>> {
  const after = readCursor(query.cursor, inOrder) as Key | undefined;
  return pageOf(db, findEvents(db, { session }, 'oldest first', after), query.limit, inOrder, open);
}

/** @param open as above */
export function listEvents(
  db: Kysely<Tables>,
  query: z.output<typeof eventsQuery>,
  open: boolean,
): Promise<Page<StoredEvent>> {
  const after = readCursor(query.cursor, newestFirst) as Key | undefined;
  return pageOf(db, findEvents(db, query, 'newest first', after), query.limit, newestFirst, open);
}

/** Events that are read at once. */
const streamPage = 500;

/** All that match, those first that are placed first, in parts; each says the sensor that it is known under. */
export async function* streamEvents(
  db: Kysely<Tables>,
  filter: EventFilter,
): AsyncGenerator<readonly DecoyEvent[]> {
  for await (const some of inParts(findEvents(db, filter, 'oldest first'), streamPage)) {
    const stored = await readEvents(db, some);
    yield stored.map(({ event }, at) => ({ ...event, sensor: some[at]!.sensor }));
  }
}

async function* inParts<Item>(all: AsyncIterable<Item>, size: number): AsyncGenerator<readonly Item[]> {
  let some: Item[] = [];
  for await (const one of all) {
    some.push(one);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

async function pageOf(
  db: Kysely<Tables>,
  all: AsyncIterable<Found>,
  limit: number,
  order: Order,
  open: boolean,
): Promise<Page<StoredEvent>> {
  const { value: rows = [] } = await inParts(all, limit + 1).next();
  const page = pageFrom(
    rows as readonly Found[],
    limit,
    order,
    (row) => row,
    (row) => row.key,
  );
  const stored = await readEvents(db, page.items);
  const items = page.items.map((row, at): StoredEvent => {
    const { event, receivedAt } = stored[at]!;
    const { v: _, session: __, ...rest } = open ? event : maskEvent(event);
    return {
      // The schema knows no lists that are read only.
      ...(rest as unknown as Omit<StoredEvent, 'at' | 'receivedAt' | 'session'>),
      sensor: row.sensor,
      at: row.key[0],
      receivedAt: receivedAt.toISOString(),
      ...(row.session !== null && { session: row.session }),
    };
  });
  return { items, ...(page.next !== undefined && { next: page.next }) };
}

/**
 * Events by what is asked for, in the order of their times. The store has them in spans of a session (`event-spans.ts`),
 * which lie beside each other in time.
 */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { EventPlace } from './event-rows.ts';
import { longestSpan } from './event-spans.ts';
import { typesLike } from './event-types.ts';
import type { Tables } from './tables.ts';

/** An event that was found. */
export interface Found extends EventPlace {
  /** Milliseconds. */
  readonly at: number;
  readonly key: Key;
  readonly session: number | null;
  readonly sensor: string;
}

/** What events are sorted by. */
export type Key = readonly [at: string, boot: number, seq: number];

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

/** Spans that are read at once. */
const atOnce = 200;

const span = sql`${sql.lit(longestSpan)} * interval '1 millisecond'`;

/** Of one event of a span. */
const eventTime = sql`spans.at - before * interval '1 millisecond'`;

/**
 * Events in their order, as far as somebody asks for them. Spans are read by when they end, and the events in them are
 * told as soon as none that is still to be read can come before them.
 */
export async function* findEvents(
  db: Kysely<Tables>,
  filter: EventFilter,
  order: 'newest first' | 'oldest first',
  after?: Key,
): AsyncGenerator<Found> {
  const isNewest = order === 'newest first';
  const beyond = isNewest ? sql`<` : sql`>`;
  const direction = isNewest ? sql`desc` : sql`asc`;
  const { ofSpans, ofEvents } = await conditionsOf(db, filter);
  if (after !== undefined) {
    const [time, boot, seq] = after;
    ofSpans.push(
      isNewest ? sql`spans.at <= ${time}::timestamptz + ${span}` : sql`spans.at >= ${time}::timestamptz`,
    );
    ofEvents.push(
      sql`(${eventTime}, boot_id, seq) ${beyond} (${time}::timestamptz, ${boot}::int, ${seq}::bigint)`,
    );
  }
  const found: Found[] = [];
  const before = (one: Found, other: Found): number => (isNewest ? -1 : 1) * compare(one, other);
  let last: Row | undefined;
  do {
    const unread =
      last === undefined
        ? sql<SqlBool>`true`
        : sql<SqlBool>`(spans.at, batch_id, spans.line) ${beyond}
            (${last.at}::timestamptz, ${last.batch}::bigint, ${last.line}::smallint)`;
    const { rows } = await sql<Row>`
      select spans.at, batch_id as batch, spans.line, boot_id as boot, session_id as session, name as sensor,
        events.*
      from (
        select spans.*, sensors.name
        from event_spans as spans join sensor_boots on sensor_boots.id = boot_id
          join sensors on sensors.id = sensor_id
        where ${sql.join([...ofSpans, unread], sql` and `)}
        order by spans.at ${direction}, batch_id ${direction}, spans.line ${direction} limit ${atOnce}) as spans
      cross join lateral (
        select array_agg(before) as earlier, array_agg(seq) as seqs, array_agg(one.line) as lines
        from unnest(spans.earlier, spans.seqs, spans.lines, types) as one(before, seq, line, type)
        where ${sql.join([sql`true`, ...ofEvents], sql` and `)}) as events
      order by spans.at ${direction}, batch_id ${direction}, spans.line ${direction}`.execute(db);
    for (const row of rows) for (const one of eventsOf(row)) found.push(one);
    found.sort(before);
    last = rows.at(-1);
    const unsure = last === undefined ? -1 : found.findIndex(({ at }) => !isSettled(at, last!.at.getTime()));
    yield* found.splice(0, unsure === -1 ? found.length : unsure);
  } while (last !== undefined);

  /** Whether no event of a span that ends at that time, or is read after it, comes before one of this time. */
  function isSettled(at: number, end: number): boolean {
    return isNewest ? at > end : at < end - longestSpan;
  }
}

interface Row {
  readonly at: Date;
  readonly batch: number;
  readonly line: number;
  readonly boot: number;
  readonly session: number | null;
  readonly sensor: string;
  /** Of those events that match, null where none does. */
  readonly earlier: readonly number[] | null;
  /** As text: the driver reads no lists of bigint. */
  readonly seqs: readonly string[];
  readonly lines: readonly number[];
}

function eventsOf({ at: end, batch, boot, session, sensor, earlier, seqs, lines }: Row): Found[] {
  return (earlier ?? []).map((before, place): Found => {
    const at = end.getTime() - before;
    const key: Key = [new Date(at).toISOString(), boot, Number(seqs[place])];
    return { at, key, batch, line: lines[place]!, session, sensor };
  });
}

function compare(one: Found, other: Found): number {
  const [, boot, seq] = one.key;
  const [, otherBoot, otherSeq] = other.key;
  return one.at - other.at || boot - otherBoot || seq - otherSeq;
}

interface Conditions {
  readonly ofSpans: RawBuilder<SqlBool>[];
  readonly ofEvents: RawBuilder<SqlBool>[];
}

async function conditionsOf(db: Kysely<Tables>, filter: EventFilter): Promise<Conditions> {
  const { from, to, source, type, sensor, session } = filter;
  const ofSpans: RawBuilder<SqlBool>[] = [];
  const ofEvents: RawBuilder<SqlBool>[] = [];
  if (from !== undefined) {
    ofSpans.push(sql`spans.at >= ${from}::timestamptz`);
    ofEvents.push(sql`${eventTime} >= ${from}::timestamptz`);
  }
  if (to !== undefined) {
    ofSpans.push(sql`spans.at < ${to}::timestamptz + ${span}`);
    ofEvents.push(sql`${eventTime} < ${to}::timestamptz`);
  }
  if (sensor !== undefined) ofSpans.push(sql`sensors.name = ${sensor}`);
  if (session !== undefined) ofSpans.push(sql`session_id = ${session}`);
  if (type !== undefined) {
    const types = await typesLike(db, type);
    ofSpans.push(sql`types && ${types}::smallint[]`);
    ofEvents.push(sql`type = any(${types}::smallint[])`);
  }
  if (source !== undefined)
    ofSpans.push(sql`session_id in (select id from honeypot_sessions where src <<= ${source}::inet)`);
  return { ofSpans, ofEvents };
}

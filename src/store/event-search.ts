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
const eventTime = sql`first_at + after * interval '1 millisecond'`;

/** By what spans are read: then none that is read later has an event which comes before that time. */
const orders = {
  'newest first': { edge: sql.ref('spans.last_at'), direction: sql`desc`, beyond: sql`<`, sign: -1 },
  'oldest first': { edge: sql.ref('spans.first_at'), direction: sql`asc`, beyond: sql`>`, sign: 1 },
} as const;

/** Events in their order, as far as somebody asks for them. */
export async function* findEvents(
  db: Kysely<Tables>,
  filter: EventFilter,
  order: keyof typeof orders,
  after?: Key,
): AsyncGenerator<Found> {
  const { edge, direction, beyond, sign } = orders[order];
  const { ofSpans, ofEvents } = await conditionsOf(db, filter);
  if (after !== undefined) {
    const [time, boot, seq] = after;
    const at = sql`${time}::timestamptz`;
    ofSpans.push(sign < 0 ? endingBefore(at) : beginningFrom(at));
    ofEvents.push(sql`(${eventTime}, boot_id, seq) ${beyond} (${at}, ${boot}::int, ${seq}::bigint)`);
  }
  const found: Found[] = [];
  let last: Row | undefined;
  do {
    const unread =
      last === undefined
        ? sql<SqlBool>`true`
        : sql<SqlBool>`(${edge}, batch_id, spans.line) ${beyond}
            (${last.edge}::timestamptz, ${last.batch}::bigint, ${last.line}::smallint)`;
    const inOrder = sql`order by ${edge} ${direction}, batch_id ${direction}, spans.line ${direction}`;
    const { rows } = await sql<Row>`
      select ${edge} as edge, first_at as first, batch_id as batch, spans.line, boot_id as boot,
        session_id as session, name as sensor, events.*
      from (
        select spans.*, sensors.name
        from event_spans as spans join sensor_boots on sensor_boots.id = boot_id
          join sensors on sensors.id = sensor_id
        where ${sql.join([...ofSpans, unread], sql` and `)} ${inOrder} limit ${atOnce}) as spans
      cross join lateral (
        select array_agg(after) as later, array_agg(seq) as seqs, array_agg(one.line) as lines
        from unnest(spans.later, spans.seqs, spans.lines, types) as one(after, seq, line, type)
        where ${sql.join([sql`true`, ...ofEvents], sql` and `)}) as events ${inOrder}`.execute(db);
    for (const row of rows) for (const one of eventsOf(row)) found.push(one);
    found.sort((one, other) => sign * compare(one, other));
    last = rows.at(-1);
    const end = last?.edge.getTime();
    const unsure = end === undefined ? -1 : found.findIndex(({ at }) => sign * (at - end) >= 0);
    yield* found.splice(0, unsure === -1 ? found.length : unsure);
  } while (last !== undefined);
}

interface Row {
  readonly edge: Date;
  readonly first: Date;
  readonly batch: number;
  readonly line: number;
  readonly boot: number;
  readonly session: number | null;
  readonly sensor: string;
  /** Of those events that match, null where none does. */
  readonly later: readonly number[] | null;
  /** As text: the driver reads no lists of bigint. */
  readonly seqs: readonly string[];
  readonly lines: readonly number[];
}

function eventsOf({ first, batch, boot, session, sensor, later, seqs, lines }: Row): Found[] {
  return (later ?? []).map((after, place): Found => {
    const at = first.getTime() + after;
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

/** Of spans with events from a time on. */
function beginningFrom(time: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql`spans.first_at >= ${time} - ${span} and spans.last_at >= ${time}`;
}

/** Of spans with events up to a time. */
function endingBefore(time: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql`spans.last_at <= ${time} + ${span} and spans.first_at <= ${time}`;
}

async function conditionsOf(db: Kysely<Tables>, filter: EventFilter): Promise<Conditions> {
  const { from, to, source, type, sensor, session } = filter;
  const ofSpans: RawBuilder<SqlBool>[] = [];
  const ofEvents: RawBuilder<SqlBool>[] = [];
  if (from !== undefined) {
    ofSpans.push(beginningFrom(sql`${from}::timestamptz`));
    ofEvents.push(sql`${eventTime} >= ${from}::timestamptz`);
  }
  if (to !== undefined) {
    ofSpans.push(endingBefore(sql`${to}::timestamptz`));
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

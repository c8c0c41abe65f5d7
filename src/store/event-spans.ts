/**
 * What events are found by: a row for those that one session has in one batch, of which each list has a member for each
 * of them. They are some eight, and a row and its place in two indexes take as long to write for eight as for one.
 */
import { type RawBuilder, sql } from 'kysely';
import { int2s, int4s, int8s, times } from './columns.ts';
import type { EventFacts } from './event-facts.ts';

/** Milliseconds from the first event of a span to its last, at most: so who begins at a time knows how far off to look. */
export const longestSpan = 600_000;

export interface NewEvent {
  readonly facts: EventFacts;
  /** Milliseconds. */
  readonly at: number;
  /** Of its batch, from 0 on. */
  readonly line: number;
  readonly boot: number;
  readonly type: number;
  readonly severity: number;
  /** Undefined for the sensor's own, and until it is known. */
  session: number | undefined;
}

/** Events of one session and one start of a sensor, in the order of their times. */
type Span = readonly [NewEvent, ...NewEvent[]];

/** Part of a statement that has its batches as `numbered`. @param batches rows of each */
export function addSpans(batches: readonly (readonly NewEvent[])[]): RawBuilder<unknown> {
  const spans = batches.flatMap((rows, at) => spansOf(rows).map((span) => ({ span, batch: at + 1 })));
  const events = spans.flatMap(({ span }) => span);
  const later = spans.flatMap(({ span }) => span.map((one) => one.at - span[0].at));
  const ends: number[] = [];
  for (const { span } of spans) ends.push((ends.at(-1) ?? 0) + span.length);
  const first = <Value>(read: (event: NewEvent) => Value): Value[] => spans.map(({ span }) => read(span[0]));
  return sql`
    insert into event_spans (first_at, last_at, batch_id, line, boot_id, session_id, later, seqs, lines, types)
    select first_at, last_at, numbered.id, line, boot_id, session_id, (${int4s(later)}::int[])[begins:ends],
      (${int8s(events.map((one) => one.facts.seq))}::bigint[])[begins:ends],
      (${int2s(events.map((one) => one.line))}::smallint[])[begins:ends],
      (${int2s(events.map((one) => one.type))}::smallint[])[begins:ends]
    from unnest(${times(first((one) => one.at))}::timestamptz[],
      ${times(spans.map(({ span }) => span.at(-1)!.at))}::timestamptz[],
      ${int2s(spans.map((one) => one.batch))}::smallint[], ${int2s(first((one) => one.line))}::smallint[],
      ${int4s(first((one) => one.boot))}::int[], ${int8s(first((one) => one.session))}::bigint[],
      ${int4s(ends.map((end, at) => end - spans[at]!.span.length + 1))}::int[], ${int4s(ends)}::int[])
      as t(first_at, last_at, batch, line, boot_id, session_id, begins, ends)
    join numbered using (batch)`;
}

function spansOf(rows: readonly NewEvent[]): readonly Span[] {
  const spans: [NewEvent, ...NewEvent[]][] = [];
  for (const some of Map.groupBy(rows, (one) => one.session).values()) {
    let span: [NewEvent, ...NewEvent[]] | undefined;
    for (const one of some.sort((a, b) => a.boot - b.boot || a.at - b.at)) {
      if (span?.[0].boot === one.boot && one.at - span[0].at <= longestSpan) {
        span.push(one);
        continue;
      }
      span = [one];
      spans.push(span);
    }
  }
  return spans;
}

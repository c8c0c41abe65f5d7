/**
 * Events of one session that came together are one row, and the values of a session are a part of its own row: a
 * quarter of the entries in indexes that deliveries made.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of before) await sql.raw(statement).execute(db);
  const { rows } = await sql<{ name: string; bounds: string }>`
    select relname as name, pg_get_expr(relpartbound, pg_class.oid) as bounds
    from pg_inherits join pg_class on pg_class.oid = inhrelid where inhparent = 'events'::regclass`.execute(
    db,
  );
  for (const { name, bounds } of rows) {
    const partition = sql.id(name.replace('events', 'event_spans'));
    await sql`create table ${partition} partition of event_spans ${sql.raw(bounds)}`.execute(db);
  }
  for (const statement of after) await sql.raw(statement).execute(db);
}

const before = [
  // What one session, or a start of a sensor itself, has in one batch: its events are lines of that, and each member of
  // the lists is one of them, in the order of their times. Of the key, the batch and its line are one event alone.
  `create table event_spans (
    -- Of the first event and the last: as the sensor told it, or when it came where that is out of all bounds.
    first_at timestamptz not null,
    last_at timestamptz not null,
    batch_id bigint not null,
    -- Of the first event.
    line smallint not null,
    boot_id int not null,
    session_id bigint,
    -- Milliseconds after the first.
    later int[] not null,
    seqs bigint[] not null,
    lines smallint[] not null,
    types smallint[] not null,
    primary key (last_at, batch_id, line)
  ) partition by range (last_at)`,
  // Who reads the newest first goes by their ends, who reads the oldest first by their begins.
  'create index event_spans_by_begin on event_spans (first_at, batch_id, line)',
  'create index event_spans_by_session on event_spans (session_id, first_at)',
];

/** Milliseconds of the parts of time into which they are cut; each month begins with one. */
const part = 600_000;

const after = [
  `insert into event_spans (first_at, last_at, batch_id, line, boot_id, session_id, later, seqs, lines, types)
    select first, max(at), batch_id, (array_agg(line order by at, seq))[1], boot_id, session_id,
      array_agg(round(extract(epoch from at - first) * 1000)::int order by at, seq), array_agg(seq order by at, seq),
      array_agg(line order by at, seq), array_agg(type order by at, seq)
    from (
      select *, min(at) over (
        partition by batch_id, session_id, boot_id, floor(extract(epoch from at) * 1000 / ${part})) as first
      from events) as events
    group by first, batch_id, session_id, boot_id`,
  'drop table events',
  // One by one, for whoever counts them.
  `create view events as
    select first_at + after * interval '1 millisecond' as at, boot_id, seq, session_id, batch_id, one.line, type
    from event_spans as spans cross join lateral unnest(later, seqs, lines, types) as one(after, seq, line, type)`,

  // In the order in which they came.
  `alter table session_seen add column value_ids bigint[] not null default '{}'`,
  `insert into session_seen (session_id, digests, value_ids)
    select session_id, '', array_agg(value_id order by at, value_id) from session_values group by session_id
    on conflict (session_id) do update set value_ids = excluded.value_ids`,
  // Changed with every delivery, but for their keys: beside the row there is room for the next one.
  'alter table session_marks set (fillfactor = 50)',
  'alter table value_days set (fillfactor = 50)',
  // A session knows what it has, so nothing is here twice.
  'alter table session_values drop constraint session_values_pkey, drop column at',
];

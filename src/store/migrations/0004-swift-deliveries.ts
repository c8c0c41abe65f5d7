/**
 * What deliveries rewrite is made less: what a session has seen leaves its row, and its links are not checked one by one.
 * And sensors count their batches, by which who writes knows that what it read of them still holds.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // By which a session knows values and marks again: a character and six bytes of a digest each, one after another. In
  // the session's row they made a page of it, and every change of it a new page with new entries in all indexes.
  `create table session_seen (
    session_id bigint primary key,
    digests bytea not null
  )
  with (fillfactor = 50, toast_tuple_target = 8160)`,
  `insert into session_seen (session_id, digests)
    select id, string_agg(convert_to(part[1], 'UTF8') || decode(part[2], 'hex'), '' order by at)
    from honeypot_sessions,
      regexp_matches(summary->>'seen', '([0-9m])([0-9a-f]{12})', 'g') with ordinality as parts(part, at)
    group by id`,
  `update honeypot_sessions set summary = (summary::jsonb - 'seen')::json`,

  // Retention removes them with their sessions. To check the keys of each took a tenth of what the database does for a
  // delivery.
  `alter table session_links drop constraint session_links_session_id_fkey,
    drop constraint session_links_earlier_id_fkey`,
  'alter table session_marks drop constraint session_marks_session_id_fkey',
  // A mark goes from session to session, and nobody looks for those of one: they are few, and go within the hour.
  'drop index session_marks_by_session',

  'alter table sensors add column batches bigint not null default 0',
];

/**
 * What a session has seen, a row for each delivery that brought it something: one row that grew was written anew each
 * time. Which sessions have a value, an index over those rows knows, where there was a row for each of them. Both made a
 * quarter of what deliveries of busy sensors had the database write.
 */
import { type Kysely, sql } from 'kysely';

const statements = [
  // How many digests it had before: that of a row that grew until now is its only one.
  'alter table session_seen add column place int not null default 0',
  'alter table session_seen alter column place drop default',
  'alter table session_seen drop constraint session_seen_pkey',
  'create index session_seen_by_session on session_seen (session_id)',
  // Nothing of it changes any more.
  'alter table session_seen reset (fillfactor)',
  // New entries wait at its end, and who searches reads all of these; so they are few.
  `create index session_seen_by_value on session_seen using gin (value_ids)
    with (gin_pending_list_limit = 1024)`,
  'drop table session_values',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const one of statements) await sql.raw(one).execute(db);
}

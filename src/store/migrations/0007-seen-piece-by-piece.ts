/**
 * What a session has seen, a row for each delivery that brought it something: one row that grew was written anew each
 * time, a tenth of what busy sensors had the database write.
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
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const one of statements) await sql.raw(one).execute(db);
}

/** Numbers of sessions by the hundred: a delivery that begins some does not ask for them one by one. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter sequence honeypot_sessions_id_seq increment by 100`.execute(db);
}

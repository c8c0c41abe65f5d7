/** The way in: a link for the first admin, which whoever starts the server is shown. */
import { type Kysely, sql } from 'kysely';
import { addLink, audit } from './access.ts';
import type { Tables } from './tables.ts';

const firstName = 'admin';

/** Whoever can start the server can read its store, so the link is theirs to have; it signs in the first admin. */
export async function firstLink(
  db: Kysely<Tables>,
): Promise<{ readonly secret: string; readonly expiresAt: string }> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(7283, 2)`.execute(tx);
    const known = await tx
      .selectFrom('users')
      .select('id')
      .where('role', '=', 'admin')
      .where('disabled', '=', false)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    const { id } =
      known ??
      (await tx
        .insertInto('users')
        .values({ name: firstName, role: 'admin' })
        .onConflict((on) => on.column('name').doUpdateSet({ role: 'admin', disabled: false }))
        .returning('id')
        .executeTakeFirstOrThrow());
    await tx.deleteFrom('sign_in_links').where('expires_at', '<=', sql<Date>`now()`).execute();
    await audit(tx, { name: 'system' }, 'user.link', `user:${id}`, { by: 'start' });
    return addLink(tx, id);
  });
}

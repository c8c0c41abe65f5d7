/** Settings that processes share through the store. */
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** By which people reach the console; the server knows it, workers put it into notices. */
const consoleUrl = 'console-url';

export async function setConsoleUrl(db: Kysely<Tables>, url: string): Promise<void> {
  const value = JSON.stringify({ url });
  await db
    .insertInto('settings')
    .values({ name: consoleUrl, value })
    .onConflict((on) => on.column('name').doUpdateSet({ value }))
    .execute();
}

export async function getConsoleUrl(db: Kysely<Tables>): Promise<string | undefined> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', consoleUrl)
    .executeTakeFirst();
  return (row?.value as { url?: string } | undefined)?.url;
}

/** Types of events by number: two bytes of a row instead of twenty. A number never changes, so it is asked for once. */
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** More than all decoys have together; further ones are made up by whoever delivers them, and count as `other`. */
const mostTypes = 1000;
const other = 'unknown.event';

const known = new WeakMap<Kysely<Tables>, Map<string, number>>();

/** @returns the number of each name, not in a transaction: one that is taken back would leave numbers that are none */
export async function typeNumbers(
  db: Kysely<Tables>,
  names: ReadonlySet<string>,
): Promise<(name: string) => number> {
  const numbers = known.get(db) ?? new Map<string, number>();
  known.set(db, numbers);
  const unknown = [...names].filter((one) => !numbers.has(one));
  if (unknown.length > 0) {
    const room = Math.max(0, mostTypes - numbers.size);
    for (const { id, name } of await register(db, [other, ...unknown.slice(0, room)])) numbers.set(name, id);
  }
  return (name) => numbers.get(name) ?? numbers.get(other)!;
}

async function register(
  db: Kysely<Tables>,
  names: readonly string[],
): Promise<readonly { readonly id: number; readonly name: string }[]> {
  const wanted = names.map((name) => ({ name }));
  await db
    .insertInto('event_types')
    .values(wanted)
    .onConflict((on) => on.doNothing())
    .execute();
  return db.selectFrom('event_types').select(['id', 'name']).where('name', 'in', names).execute();
}

/** Those that are so called, or are of the service. */
export async function typesLike(db: Kysely<Tables>, name: string): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from event_types where name = ${name} or starts_with(name, ${`${name}.`})`.execute(db);
  return rows.map((one) => one.id);
}

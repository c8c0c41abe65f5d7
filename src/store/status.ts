/** How large the store is and what it holds. */
import { type Kysely, sql } from 'kysely';
import type { SystemStatus } from '../api/upkeep.ts';
import { newestMigration } from './migrate.ts';
import type { Store } from './open.ts';
import type { Tables } from './tables.ts';

const counted = [
  'images',
  'layers',
  'findings',
  'observables',
  'indicators',
  'hunts',
  'users',
  'tokens',
] as const;

export async function readStatus({ kind, place, db }: Store): Promise<SystemStatus['store']> {
  const { rows } = await sql<{ size: number }>`select pg_database_size(current_database()) as size`.execute(
    db,
  );
  return { kind, place, schema: newestMigration, size: rows[0]?.size ?? 0, counts: await countRows(db) };
}

/** Large tables by the planner's estimate, which costs nothing; small ones as they are. */
async function countRows(db: Kysely<Tables>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of counted) {
    const { rows } = await sql<{ estimate: number }>`
      select greatest(reltuples, 0)::bigint as estimate from pg_class where oid = ${table}::regclass`.execute(
      db,
    );
    const estimate = rows[0]?.estimate ?? 0;
    if (estimate > 100_000) counts[table] = estimate;
    else {
      const { count } = await db
        .selectFrom(table)
        .select((of) => of.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      counts[table] = count;
    }
  }
  return counts;
}

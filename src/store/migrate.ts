/** Migrations go forward only, one after another, under a lock: of many processes that start at once one does them. */
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { messageOf, WaterguardError } from '../model/error.ts';
import * as first from './migrations/0001-first.ts';
import * as honeypots from './migrations/0002-honeypots.ts';
import * as sensorCertificates from './migrations/0003-sensor-certificates.ts';
import * as swiftDeliveries from './migrations/0004-swift-deliveries.ts';
import * as spansOfEvents from './migrations/0005-spans-of-events.ts';
import * as numbersByTheHundred from './migrations/0006-numbers-by-the-hundred.ts';
import * as seenPieceByPiece from './migrations/0007-seen-piece-by-piece.ts';
import type { Tables } from './tables.ts';

/** In the order of their names; a released one is never changed. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-honeypots': honeypots,
  '0003-sensor-certificates': sensorCertificates,
  '0004-swift-deliveries': swiftDeliveries,
  '0005-spans-of-events': spansOfEvents,
  '0006-numbers-by-the-hundred': numbersByTheHundred,
  '0007-seen-piece-by-piece': seenPieceByPiece,
};

export const newestMigration = Object.keys(migrations).at(-1)!;

/**
 * @returns the names of those that were done now
 * @throws WaterguardError `usage` where the store was made by a newer Waterguard
 */
export async function migrate(db: Kysely<Tables>): Promise<readonly string[]> {
  const before = await schemaOf(db);
  if (before === newestMigration) return [];
  if (before !== undefined && !(before in migrations)) throw tooNew(before);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) {
    throw new WaterguardError(
      'internal',
      `the store's schema could not be brought to ${newestMigration}: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
  return (results ?? []).filter((one) => one.status === 'Success').map((one) => one.migrationName);
}

/** The last migration that was done; undefined for an empty database. */
export async function schemaOf(db: Kysely<Tables>): Promise<string | undefined> {
  const { rows: there } = await sql<{
    there: boolean;
  }>`select to_regclass('migrations') is not null as there`.execute(db);
  if (there[0]?.there !== true) return undefined;
  const { rows } = await sql<{
    name: string;
  }>`select name from migrations order by name desc limit 1`.execute(db);
  return rows[0]?.name;
}

function tooNew(schema: string): WaterguardError {
  return new WaterguardError(
    'usage',
    `The store has the schema ${schema}, and this Waterguard knows ${newestMigration} at most: use the Waterguard that made it, or a newer one.`,
  );
}

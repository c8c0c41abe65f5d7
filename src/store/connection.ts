/** The drivers of a store: one pool and one query builder, over an embedded store's socket or a server's port. */
import { resolve } from 'node:path';
import {
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresQueryResult,
} from 'kysely';
import { Pool, type PoolConfig, types } from 'pg';
import { WaterguardError } from '../model/error.ts';
import { backUpCommand } from './embedded/attend.ts';
import type { Embedded } from './embedded/connect.ts';
import { keepTidy } from './embedded/tidy.ts';
import { asUnavailable } from './failure.ts';
import type { Store } from './open.ts';
import { storableValue } from './storable.ts';
import type { Tables } from './tables.ts';

/** bigint: no count or identity here comes near 2^53. */
types.setTypeParser(types.builtins.INT8, Number);

/** The one session of PGlite is shared by all connections; more of them only wait. */
const embeddedConnections = 6;

export function connectFolder(embedded: Embedded, folder: string): Store {
  const { db, pool } = connect(
    {
      stream: () => embedded.stream(),
      user: 'postgres',
      database: 'postgres',
      max: embeddedConnections,
    },
    folder,
  );
  const tidying = keepTidy(pool, () => embedded.servedBy() === undefined);
  return {
    kind: 'embedded',
    place: folder,
    db,
    pool,
    embedded,
    async backUp(file) {
      await pool.query(backUpCommand + JSON.stringify(resolve(file)));
    },
    async close() {
      await tidying.stop();
      await db.destroy();
      await embedded.close();
    },
  };
}

/** @throws WaterguardError `usage` for a text that is no URL of PostgreSQL */
export function connectServer(url: string): Store {
  const place = shown(url);
  const { db, pool } = connect(
    {
      connectionString: url,
      max: 10,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      application_name: 'waterguard',
    },
    place,
  );
  return { kind: 'postgresql', place, db, pool, close: () => db.destroy() };
}

function connect(config: PoolConfig, place: string): { readonly db: Kysely<Tables>; readonly pool: Pool } {
  const pool = new Pool(config);
  // An idle connection that breaks is replaced by the next query; that one tells what is wrong.
  pool.on('error', () => {});
  // So one broken while it is in use does not end the process: the query on it fails, which is enough.
  pool.on('connect', (client) => client.on('error', () => {}));
  const dialect = new PostgresDialect({ pool: tellingPool(pool, place) });
  return { pool, db: new Kysely<Tables>({ dialect }) };
}

/** What the database refuses for a while is `unavailable` to everybody above. */
function tellingPool(pool: Pool, place: string): PostgresPool {
  const tell = (error: unknown): never => {
    throw asUnavailable(error, place);
  };
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect().catch(tell);
      function query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
      /** Only for streams of rows, which nobody here asks for. */
      function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
      function query(text: unknown, values: readonly unknown[] = []): unknown {
        return client.query(String(text), values.map(storableValue)).catch(tell);
      }
      return { query, release: () => client.release() };
    },
  };
}

/** @throws WaterguardError `usage` for a text that is no URL of PostgreSQL */
function shown(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new WaterguardError(
      'usage',
      'DATABASE_URL is not a URL such as postgres://user@host/database: set it right, or unset it for the embedded store.',
    );
  }
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/**
 * The store: PGlite in this process (or behind another's socket), or PostgreSQL where `DATABASE_URL` says so. Both are
 * reached by the same driver and speak the same SQL; everything above this file cannot tell them apart.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresQueryResult,
} from 'kysely';
import { Pool, type PoolConfig, types } from 'pg';
import { WaterguardError } from '../model/error.ts';
import { alone, starting } from './alone.ts';
import { backUpCommand } from './embedded/attend.ts';
import { type Embedded, openEmbedded } from './embedded/connect.ts';
import { keepTidy } from './embedded/tidy.ts';
import { asUnavailable } from './failure.ts';
import { migrate } from './migrate.ts';
import { storableValue } from './storable.ts';
import type { Tables } from './tables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface StoreOptions {
  readonly env: Environment;
  /** Folder of the embedded store; default by XDG. */
  readonly data?: string | undefined;
  /** What this process runs, as others are told that find the store held. */
  readonly command: string;
  /** The embedded store must be held by this process. */
  readonly exclusive?: boolean;
  readonly migrate?: boolean;
  /** A backup that an embedded store, not there yet, begins with. */
  readonly restore?: string;
}

export interface Store {
  readonly kind: 'embedded' | 'postgresql';
  /** Its folder, or the database without a password. */
  readonly place: string;
  readonly db: Kysely<Tables>;
  readonly pool: Pool;
  readonly embedded?: Embedded;
  /** Of an embedded store, also of one that another process holds. */
  backUp?(file: string): Promise<void>;
  close(): Promise<void>;
}

/** bigint: no count or identity here comes near 2^53. */
types.setTypeParser(types.builtins.INT8, Number);

/**
 * @throws WaterguardError `usage` for a store that is held or newer than this Waterguard, `unavailable` for one that
 *   cannot be reached
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const url = options.env.DATABASE_URL;
  const store = url === undefined || url === '' ? openFolder(options) : openServer(url);
  try {
    await store.embedded?.reach();
    if (options.migrate !== false) await alone(store.pool, starting, () => migrate(store.db));
    return store;
  } catch (error) {
    await store.close();
    throw asUnavailable(error, store.place);
  }
}

/** `--data`, else the user's folder for data. */
export function dataFolder(env: Environment, data: string | undefined): string {
  if (data !== undefined) return data;
  const share = env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local', 'share');
  return join(share, 'waterguard');
}

/** The one session of PGlite is shared by all connections; more of them only wait. */
const embeddedConnections = 6;

function openFolder({ env, data, command, exclusive = false, restore }: StoreOptions): Store {
  const folder = dataFolder(env, data);
  const embedded = openEmbedded({ folder, command, exclusive, ...(restore !== undefined && { restore }) });
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

function openServer(url: string): Store {
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

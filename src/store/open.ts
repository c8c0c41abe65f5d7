/**
 * The store: PGlite in this process (or behind another's socket), or PostgreSQL where `DATABASE_URL` says so. Both are
 * reached by the same driver and speak the same SQL; everything above this file cannot tell them apart.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { WaterguardError } from '../model/error.ts';
import { alone, starting } from './alone.ts';
import { type Embedded, openEmbedded } from './embedded/connect.ts';
import { asUnavailable } from './failure.ts';
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
  /** An embedded store that is not there is not made. */
  readonly mustExist?: boolean;
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

/**
 * @throws WaterguardError `usage` for a store that is held, newer than this Waterguard, or not there where it must be;
 *   `unavailable` for one that cannot be reached
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { connect, reached } = means(options);
  // The thread of an embedded store starts while the drivers load.
  reached?.catch(() => {});
  const [drivers, { migrate }] = await Promise.all([import('./connection.ts'), import('./migrate.ts')]);
  const store = connect(drivers);
  try {
    await reached;
    if (options.migrate !== false) await alone(store.pool, starting, () => migrate(store.db));
    return store;
  } catch (error) {
    await store.close();
    throw asUnavailable(error, store.place);
  }
}

type Drivers = typeof import('./connection.ts');

interface Means {
  connect(drivers: Drivers): Store;
  readonly reached?: Promise<string>;
}

function means({ env, data, command, exclusive = false, mustExist = false, restore }: StoreOptions): Means {
  const url = env.DATABASE_URL;
  if (url !== undefined && url !== '') return { connect: ({ connectServer }) => connectServer(url) };
  const folder = dataFolder(env, data);
  if (mustExist && !isStore(folder))
    throw new WaterguardError('usage', `There is no store at ${folder}: name one with --data DIR.`);
  const embedded = openEmbedded({ folder, command, exclusive, ...(restore !== undefined && { restore }) });
  return { connect: ({ connectFolder }) => connectFolder(embedded, folder), reached: embedded.reach() };
}

export function isStore(folder: string): boolean {
  return existsSync(join(folder, 'database'));
}

/** `--data`, else the user's folder for data. */
export function dataFolder(env: Environment, data: string | undefined): string {
  if (data !== undefined) return data;
  const share = env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local', 'share');
  return join(share, 'waterguard');
}

/**
 * The thread of the embedded store: PGlite behind a Unix socket that speaks PostgreSQL's protocol. The holder's own
 * pool and the pools of other commands are clients of the same kind (`psql -h DATA/run` works too). PGlite has one
 * session and blocks its thread while it works, which is why it has a thread of its own.
 */
import { writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { attend, type Session } from './attend.ts';
import { createTurns } from './turns.ts';
import { statusOf } from './wire.ts';

export interface ServeOptions {
  /** Of the database; made where it is not there. */
  readonly folder: string;
  readonly socket: string;
  /** A backup to begin with, instead of an empty database. */
  readonly restore?: string;
  /** Milliseconds that a client may sit in a transaction without a word. */
  readonly patience: number;
  /** The process is there for good, and earns back what compiling the database well takes. */
  readonly isForGood: boolean;
}

/** What the thread tells. */
export type Told = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly message: string };

/** What it is asked: to end. */
export type Asked = 'close';

/** What a client is told of the server when it connects; `pg` reads some of them. */
const parameterNames = [
  'server_version',
  'server_encoding',
  'client_encoding',
  'DateStyle',
  'IntervalStyle',
  'TimeZone',
  'integer_datetimes',
  'standard_conforming_strings',
] as const;

interface Served {
  close(): Promise<void>;
}

/**
 * Slower code, but at once: V8 takes 2 s of a processor for the hot parts of the database, and
 * 600 MB for one function of them that has 105 kB (PGlite 0.5.16, `--trace-wasm-compilation-times`, November 2026).
 * A module keeps what was set when it was compiled; others of the process are compiled well.
 */
async function compiledRoughly<Result>(begin: () => Promise<Result>): Promise<Result> {
  const better = ['wasm-tier-up', 'wasm-dynamic-tiering'];
  for (const one of better) setFlagsFromString(`--no-${one}`);
  try {
    return await begin();
  } finally {
    for (const one of better) setFlagsFromString(`--${one}`);
  }
}

/** Bytes of memory, of the machine or as it is allowed, from which on those 600 MB are no matter. */
const ample = 4 * 2 ** 30;

function hasAmpleMemory(): boolean {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) >= ample;
}

async function serve({ folder, socket, restore, patience, isForGood }: ServeOptions): Promise<Served> {
  const backup = restore === undefined ? {} : { loadDataDir: await readBackup(restore) };
  const begin = () => PGlite.create(folder, { ...backup, extensions: { pg_trgm } });
  const database = await (isForGood && hasAmpleMemory() ? begin() : compiledRoughly(begin));
  const parameters = await readParameters(database);
  const session: Session = {
    execute: (messages, ends) => execute(database, messages, ends),
    async backUp(file) {
      const backup = await database.dumpDataDir('gzip');
      await writeFile(file, backup.stream());
    },
  };
  const turns = createTurns(patience);
  const sockets = new Set<Socket>();
  let clients = 0;
  const server = createServer((client) => {
    sockets.add(client);
    client.once('close', () => sockets.delete(client));
    attend(client, session, turns, parameters, ++clients);
  });
  await listen(server, socket);
  return {
    async close() {
      server.close();
      for (const one of sockets) one.destroy();
      await database.close();
    },
  };
}

/** A session that ended by itself (a full disk in the middle of its log) is not to be used again: the thread ends. */
function execute(database: PGlite, messages: Buffer, ends: boolean): Uint8Array {
  try {
    const answer = database.execProtocolRawSync(messages);
    if (!ends || statusOf(answer) !== undefined) return answer;
    // It would answer nothing to anybody from now on.
    throw new Error('it does not answer');
  } catch (error) {
    tell({ kind: 'failed', message: `the database ended: ${String(error)}` });
    process.exit(1);
  }
}

async function readBackup(file: string): Promise<Blob> {
  const { openAsBlob } = await import('node:fs');
  return openAsBlob(file);
}

async function readParameters(database: PGlite): Promise<Record<string, string>> {
  const parameters: Record<string, string> = {};
  for (const name of parameterNames) {
    const { rows } = await database.query<Record<string, string>>(`show ${name}`);
    parameters[name] = Object.values(rows[0] ?? {})[0] ?? '';
  }
  return parameters;
}

function listen(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
}

function tell(told: Told): void {
  parentPort?.postMessage(told);
}

const served = serve(workerData as ServeOptions);
served.then(
  () => tell({ kind: 'ready' }),
  (error: unknown) => {
    tell({ kind: 'failed', message: String(error) });
    // The next one begins anew; this one would keep its memory for nothing.
    process.exit(1);
  },
);
parentPort?.on('message', async (_: Asked) => {
  const one = await served.catch(() => undefined);
  await one?.close();
  process.exit(0);
});

/**
 * Holding an embedded store: the lock, and the thread that serves it. A thread that ends by itself is started again
 * at the next connection, which is how a store comes back after its disk was full for a while.
 */
import { openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { makeFolder } from '../../cache-folder.js';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { type Holder, type Lock, takeLock } from './lock.ts';
import type { Asked, ServeOptions, Told } from './serve.ts';

export interface Held {
  /** Starts the thread where it does not run. @throws WaterguardError `unavailable` */
  serve(): Promise<void>;
  close(): Promise<void>;
}

/** Linux: sun_path of sockaddr_un has 108 bytes with the ending zero (unix(7)). */
const longestSocket = 107;

const shortened = new Map<string, string>();

/** The socket of a store; its name is what PostgreSQL's clients look for. A folder that lies too deep is reached by its descriptor. */
export function socketOf(folder: string): string {
  const run = join(folder, 'run');
  const name = '.s.PGSQL.5432';
  if (Buffer.byteLength(join(run, name)) <= longestSocket) return join(run, name);
  const known = shortened.get(run) ?? `/proc/self/fd/${openSync(run, 'r')}`;
  shortened.set(run, known);
  return join(known, name);
}

const usualPatience = 30_000;

export interface HoldOptions {
  /** As in `ServeOptions`. */
  readonly restore?: string | undefined;
  readonly patience?: number | undefined;
  /** As in `ServeOptions`. */
  readonly isForGood?: boolean | undefined;
}

/** @returns the hold, or who has it */
export function hold(
  folder: string,
  holder: Holder,
  { restore, patience = usualPatience, isForGood = false }: HoldOptions = {},
): Held | { readonly heldBy: Holder } {
  const lock = lockOf(folder, holder);
  if ('heldBy' in lock) return lock;
  let thread: Promise<Worker> | undefined;

  return {
    async serve() {
      if (thread === undefined) {
        const starting = start({
          folder: join(folder, 'database'),
          socket: socketOf(folder),
          patience,
          isForGood,
          ...(restore !== undefined && { restore }),
        });
        const forget = (): void => {
          if (thread === starting) thread = undefined;
        };
        starting.then((worker) => worker.once('exit', forget), forget);
        thread = starting;
      }
      await thread;
    },
    async close() {
      const worker = await thread?.catch(() => undefined);
      thread = undefined;
      if (worker !== undefined) {
        worker.ref();
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        worker.postMessage('close' satisfies Asked);
        await ended;
      }
      lock.release();
    },
  };
}

function lockOf(folder: string, holder: Holder): Lock | { readonly heldBy: Holder } {
  try {
    makeFolder(join(folder, 'run'));
    return takeLock(folder, holder);
  } catch (error) {
    throw new WaterguardError('usage', `The store ${folder} cannot be opened: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function start(options: ServeOptions): Promise<Worker> {
  // Left by a holder that was killed; the lock says that nobody listens there.
  rmSync(options.socket, { force: true });
  const file = import.meta.url.endsWith('.ts') ? 'serve.ts' : 'serve.js';
  const worker = new Worker(fileURLToPath(new URL(file, import.meta.url)), {
    workerData: options,
    // The settings of the scanner's heap are not for WebAssembly's.
    execArgv: ['--import', fileURLToPath(new URL('../../code-cache.js', import.meta.url))],
    resourceLimits: {},
  });
  worker.unref();
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new WaterguardError('unavailable', `The store ${options.folder} could not be started: ${why}`));
    worker.on('error', (error) => fail(messageOf(error)));
    worker.once('exit', (code) => fail(`its thread ended with ${code}`));
    worker.on('message', (told: Told) => {
      if (told.kind === 'ready') resolve();
      if (told.kind === 'failed') fail(told.message);
    });
  });
  return worker;
}

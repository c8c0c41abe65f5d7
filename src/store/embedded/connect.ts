/**
 * How a pool reaches an embedded store: every new connection finds out by itself who serves it. Nobody: this process
 * takes the lock and serves from now on, to others too. Somebody else: through that one's socket. So commands may
 * come and go in any order, and the death of the one that served costs the others no more than a broken connection.
 */
import { connect as dial, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WaterguardError } from '../../model/error.ts';
import { type Held, hold, socketOf } from './hold.ts';
import type { Holder } from './lock.ts';

export interface Embedded {
  /** For `pg`: a socket that connects to whoever serves the store. */
  stream(): Socket;
  /** @throws WaterguardError `usage` where another command holds the store and this one must */
  reach(): Promise<string>;
  /** Who serves, where this process does not. */
  servedBy(): Holder | undefined;
  close(): Promise<void>;
}

/** So long another holder may take to start, which includes making a database. */
const longestStart = 30_000;

export interface EmbeddedOptions {
  readonly folder: string;
  /** What this process runs, for the others' messages. */
  readonly command: string;
  /** To be the holder or fail: `up` and `server` are for good. */
  readonly exclusive: boolean;
  readonly restore?: string;
  /** As `ServeOptions.patience`. */
  readonly patience?: number;
}

export function openEmbedded({ folder, command, exclusive, restore, patience }: EmbeddedOptions): Embedded {
  const self: Holder = { pid: process.pid, command, since: new Date().toISOString() };
  let held: Held | undefined;
  let other: Holder | undefined;
  let closed = false;

  async function reach(): Promise<string> {
    const end = Date.now() + longestStart;
    while (!closed) {
      if (held === undefined) {
        const taken = hold(folder, self, { restore, patience, isForGood: exclusive });
        if ('heldBy' in taken) other = taken.heldBy;
        else {
          held = taken;
          other = undefined;
        }
      }
      // Not before, as a folder that lies deep must be there to be named.
      const socket = socketOf(folder);
      if (held !== undefined) await held.serve();
      else if (exclusive) throw isHeld(folder, other);
      // Also of its own thread: one that ends by itself is known to have ended a moment later.
      if (await answers(socket)) return socket;
      if (Date.now() > end) throw isHeld(folder, other, ' and does not answer');
      await sleep(100);
    }
    throw new WaterguardError('unavailable', `The store ${folder} was closed.`);
  }

  return {
    stream: () => new StoreSocket(reach),
    reach,
    servedBy: () => (held === undefined ? other : undefined),
    async close() {
      closed = true;
      await held?.close();
    },
  };
}

class StoreSocket extends Socket {
  readonly #reach: () => Promise<string>;

  constructor(reach: () => Promise<string>) {
    super();
    this.#reach = reach;
  }

  /** `pg` names a port and a host, which are not asked for. */
  override connect(): this {
    this.#reach().then(
      (path) => super.connect(path),
      (error: Error) => this.destroy(error),
    );
    return this;
  }
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = dial(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

function isHeld(folder: string, holder: Holder | undefined, more = ''): WaterguardError {
  const who =
    holder === undefined || holder.pid === 0
      ? 'another command'
      : `\`waterguard ${holder.command}\` (process ${holder.pid}, since ${holder.since})`;
  return new WaterguardError(
    'usage',
    `The store ${folder} is held by ${who}${more}. Stop that one, or give another store with --data DIR.`,
  );
}

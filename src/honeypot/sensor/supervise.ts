/**
 * Runs decoys: opens their ports, starts a process for each, hands it the listening sockets, writes its events, and
 * starts it again when it dies, stalls or grows too large.
 */
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '../../bare-environment.ts';
import { messageOf, WaterguardError } from '../../model/error.ts';
import type { EventSink } from '../spool/sink.ts';
import { type Beat, beatEvery, type FromDecoy, type Left, silentFor, type ToDecoy } from './channel.ts';
import { findIsolation } from './isolation.ts';
import type { Numbering } from './numbering.ts';

export interface Place {
  /** `docker-tls`. */
  readonly port: string;
  readonly host: string;
  /** 0 picks one. */
  readonly number: number;
}

export interface SensorOptions {
  readonly seed: string;
  /** Names of decoys, and where each of their ports listens. */
  readonly decoys: ReadonlyMap<string, readonly Place[]>;
  readonly numbering: Numbering;
  readonly sink: EventSink;
  /** Keeps a file that was left. */
  keep(sha256: string, content: Uint8Array): void;
  readonly signal: AbortSignal;
  /** For each port, whenever it begins to answer. */
  listening(place: Place): void;
  /** Its ports answer nobody until they listen again. */
  down(decoy: string): void;
  /** For people. */
  tell(message: string): void;
}

/** Connections at once of one decoy, 9 KB each. */
const maxConnections = 8000;
/** Of a decoy's own heap, in MiB, and of its whole process, in bytes. */
const maxHeap = 256;
const maxResident = 640 << 20;
/** Milliseconds before it is started again: at first, and at most. */
const backoff = { least: 100, most: 30_000 };
/** A process that lived for so long is well; milliseconds. */
const wellAfter = 60_000;

/** Why a process ended that only compiled. */
const compiled = 'compiled';

/** Runs until the signal. @throws WaterguardError `usage` where a port cannot be had */
export async function supervise(options: SensorOptions): Promise<void> {
  const isolation = findIsolation();
  if (isolation.lack !== undefined) options.tell(isolation.lack);
  const keepers: Keeper[] = [];
  const pass = (from: string, left: Left): void => {
    for (const one of keepers) if (one.name !== from) one.pass(left);
  };
  for (const [name, places] of options.decoys) {
    keepers.push(keep(name, places, isolation.prefix, (left) => pass(name, left), options));
  }
  try {
    const over = new Promise<void>((resolve) => {
      if (options.signal.aborted) resolve();
      else options.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([over, Promise.all(keepers.map((one) => one.started))]);
    await over;
  } finally {
    await Promise.all(keepers.map((one) => one.stop()));
  }
}

interface Keeper {
  readonly name: string;
  /** Tells it what was left elsewhere. */
  pass(left: Left): void;
  /** Resolves when its ports answer for the first time. */
  readonly started: Promise<void>;
  stop(): Promise<void>;
}

/** One decoy, from its first start to the end. */
function keep(
  name: string,
  places: readonly Place[],
  prefix: readonly string[],
  leave: (left: Left) => void,
  options: SensorOptions,
): Keeper {
  const over = new AbortController();
  let restarts = 0;
  let isCompiled = false;
  let process: DecoyProcess | undefined;
  /** Ports stay what they were when the decoy starts again. */
  let fixed = places;
  const first = Promise.withResolvers<void>();
  // Whoever awaits it comes later.
  first.promise.catch(() => {});

  async function run(): Promise<void> {
    while (!over.signal.aborted) {
      const since = performance.now();
      const end = await once();
      if (over.signal.aborted) return;
      if (end === compiled && !isCompiled) {
        isCompiled = true;
        continue;
      }
      options.down(name);
      restarts = performance.now() - since > wellAfter ? 1 : restarts + 1;
      const delayMs = Math.min(backoff.most, backoff.least * 2 ** (restarts - 1));
      await options.sink.append([
        options.numbering.own('decoy.restarted', 'medium', { decoy: name, reason: end, restarts, delayMs }),
      ]);
      options.tell(`The decoy ${name} ended (${end}); it starts again in ${delayMs} ms.`);
      await wait(delayMs, undefined, { signal: over.signal }).catch(() => {});
    }
  }

  async function once(): Promise<string> {
    process = startProcess(name, prefix, isCompiled, leave, options);
    try {
      await process.ready;
      const bound: Place[] = [];
      for (const place of fixed) bound.push(await process.listen(place));
      for (const place of bound) options.listening(place);
      fixed = bound;
      first.resolve();
    } catch (error) {
      process.kill();
      // A port that cannot be had is for somebody to choose anew; a decoy that does not start is tried again.
      if (error instanceof WaterguardError && error.code === 'usage') first.reject(error);
    }
    return process.end;
  }

  const running = run();
  return {
    name,
    pass: (left) => process?.send(left),
    started: first.promise,
    async stop() {
      over.abort();
      process?.stop();
      await running;
    },
  };
}

interface DecoyProcess {
  readonly ready: Promise<void>;
  /** Resolves when the process is gone, with the reason. */
  readonly end: Promise<string>;
  /** @returns where it listens */
  listen(place: Place): Promise<Place>;
  send(message: ToDecoy): void;
  stop(): void;
  kill(): void;
}

const entry = fileURLToPath(
  new URL(`./child${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url),
);

function startProcess(
  name: string,
  prefix: readonly string[],
  isAgain: boolean,
  leave: (left: Left) => void,
  { seed, sink, numbering, keep }: SensorOptions,
): DecoyProcess {
  const command = [
    ...prefix,
    process.execPath,
    `--max-old-space-size=${maxHeap}`,
    // Helper threads would only compete with the other decoys for the same cores.
    '--single-threaded-gc',
    '--v8-pool-size=1',
    '--max-semi-space-size=1',
    // To compile one function took it 26 MB, which the process kept (Node 24.21, November 2026).
    '--no-maglev',
    '--expose-gc',
    entry,
    name,
  ];
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
    env: {
      ...bareEnvironment(),
      // Of a few large buffers none is worth keeping (40 MB of twelve processes, November 2026).
      MALLOC_MMAP_THRESHOLD_: '131072',
      MALLOC_TRIM_THRESHOLD_: '131072',
      // For `unshare`, and for whoever looks for a fault.
      PATH: process.env.PATH,
      ...(process.env.WATERGUARD_DEBUG !== undefined && { WATERGUARD_DEBUG: process.env.WATERGUARD_DEBUG }),
    },
  });
  const send = (message: ToDecoy, handle?: Server): void => {
    if (child.connected) child.send(message, handle);
  };
  const ready = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  const listened = new Map<string, () => void>();
  let reason: string | undefined;
  let durable = 0;
  let beatAt = performance.now() + 20_000;

  child.on('message', (message: FromDecoy) => {
    switch (message.kind) {
      case 'ready':
        beatAt = performance.now();
        ready.resolve();
        return;
      case 'compiled':
        reason ??= compiled;
        return;
      case 'failed':
        reason ??= message.reason;
        return;
      case 'listening':
        listened.get(message.port)?.();
        return;
      case 'events': {
        const { events } = message;
        void sink.append(events.map(numbering.number)).then(() => {
          durable += events.length;
          send({ kind: 'durable', events: durable });
        });
        return;
      }
      case 'left':
        leave(message);
        return;
      case 'artefact':
        keep(message.sha256, message.content);
        return;
      case 'beat':
        beatAt = performance.now();
        judge(message.beat);
    }
  });
  child.on('error', (error) => {
    reason ??= messageOf(error);
    finish();
  });
  child.on('exit', (code, signal) => {
    reason ??= signal === null ? `exit code ${code}` : `signal ${signal}`;
    // What it said last may still be on the way.
    if (child.connected) child.once('disconnect', finish);
    else finish();
  });

  function judge({ resident }: Beat): void {
    if (resident > maxResident) kill(`${resident >> 20} MiB of memory`);
  }

  const watch = setInterval(() => {
    if (performance.now() - beatAt > silentFor) kill(`silent for ${silentFor / 1000} s`);
  }, beatEvery);

  function kill(why: string): void {
    reason ??= why;
    child.kill('SIGKILL');
  }

  function finish(): void {
    clearInterval(watch);
    ready.reject(new WaterguardError('engine', `the decoy ${name} did not start: ${reason}`));
    ready.promise.catch(() => {});
    end.resolve(reason ?? 'unknown');
  }

  send({ kind: 'start', seed, connections: maxConnections, isAgain });
  return {
    ready: ready.promise,
    end: end.promise,
    async listen(place) {
      const server = await bind(place);
      const { port: number } = server.address() as { port: number };
      await new Promise<void>((resolve) => {
        listened.set(place.port, resolve);
        void end.promise.then(() => resolve());
        send({ kind: 'listen', port: place.port }, server);
      });
      // The process has its own reference; what came to ours in between is turned away.
      server.close();
      return { ...place, number };
    },
    send,
    stop: () => send({ kind: 'stop' }),
    kill: () => kill('stopped'),
  };
}

async function bind({ port, host, number }: Place): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port: number, backlog: 1024 }, resolve);
    });
  } catch (error) {
    throw new WaterguardError(
      'usage',
      `cannot listen on ${host}:${number} for ${port}: ${messageOf(error)}. Give another place with --decoy ${port}=ADDR:PORT.`,
      { cause: error },
    );
  }
  return server;
}

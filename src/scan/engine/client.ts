/**
 * The scanner's side of the engine process. Batches go out as long as not too many bytes are under way; every
 * batch is kept until it is answered. When the engine dies, its open batches are replayed file by file in a new
 * one: the file that kills it again is the guilty one and becomes a fault, all others lose nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, extname } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { windowSize } from '../limits.ts';
import { type Batch, faulty, type Job, said, splitIntoFiles, weightOf } from './job.ts';
import {
  batchSize,
  createFrameReader,
  type EngineRules,
  type FileOutcome,
  frame,
  type Start,
} from './protocol.ts';
import { openSlab } from './slab.ts';

/** What a stall counts as: a crash costs a third of a second, a stall minutes. */
const stallDeaths = 10;

/** After so many starts in a row that came to nothing, another one would not help. */
const mostFailedStarts = 4;

/** The collector's helper threads would only compete with the workers for the same cores. */
const engineFlags = ['--single-threaded-gc', '--max-semi-space-size=4', '--no-turbofan'];

/** A new engine must be ready in this time. */
const startMs = 60_000;

export interface Engine {
  /** Resolves when all files are inspected or have a fault; never rejects for a file's sake. */
  inspect(batch: Batch): Promise<readonly FileOutcome[]>;
  /** Resolves when another batch is welcome; memory stays bounded if callers wait for it. */
  ready(): Promise<void>;
  /** For a new layer: what earlier ones did to the engine is not held against it. */
  forgive(): void;
  /** Ends the engine at once; what is not inspected by then gets a fault. */
  close(): Promise<void>;
}

interface UnderWay extends Job {
  readonly watchdog: NodeJS.Timeout;
  /** Of its bytes in the slab. */
  readonly place?: number;
}

export interface EngineOptions {
  /** The program to run as engine; default `child.ts` beside this file. */
  readonly entry?: string;
  /** Patience beyond the time that the limits allow, in milliseconds; default 30,000. */
  readonly graceMs?: number;
  /**
   * After more deaths than these in one layer the rest is left uninspected: someone is playing with us. Default 50.
   */
  readonly mostDeaths?: number;
}

/**
 * @param timeoutMs longest time per file and detector; an engine silent for much longer is killed
 */
export function startEngine(rules: EngineRules, timeoutMs: number, options: EngineOptions = {}): Engine {
  const { entry = defaultEntry, graceMs = 30_000, mostDeaths = 50 } = options;
  const workers = Math.max(1, Math.min(16, availableParallelism() - 1));
  // While one large window is being inspected, the next must be on its way.
  const mostUnderWay = (workers + 2) * batchSize + windowSize;
  const queue: Job[] = [];
  const underWay = new Map<number, UnderWay>();
  const slab = openSlab();
  const waiting: (() => void)[] = [];
  let child: ChildProcess | undefined;
  let startTimer: NodeJS.Timeout | undefined;
  let socket: Duplex | undefined;
  let isReady = false;
  let closed = false;
  let gaveUp = false;
  let nextId = 1;
  let bytesUnderWay = 0;
  let deaths = 0;
  let failedStarts = 0;
  let overtime = false;
  let lastWords = '';

  function start(): void {
    isReady = false;
    lastWords = '';
    const started = spawn(process.execPath, [...engineFlags, entry], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', slab?.fd ?? 'ignore'],
      env: engineEnvironment(),
    });
    child = started;
    socket = started.stdio[3] as Duplex;
    const frames = createFrameReader(({ id, json }) => {
      // What a dead engine said last may still lie in the socket; its files are being replayed.
      if (child === started) answer(id, json);
    });
    socket.on('data', (chunk: Buffer) => frames.push(chunk));
    socket.on('error', () => started.kill('SIGKILL'));
    started.stderr?.on('data', (text: Buffer) => {
      lastWords = (lastWords + text.toString('latin1')).slice(-2000);
    });
    const tooSlow = setTimeout(() => started.kill('SIGKILL'), startMs);
    started.once('error', (error) => died(started, error.message));
    started.once('exit', (code, signal) => died(started, signal ?? `exit ${code}`));
    started.once('exit', () => clearTimeout(tooSlow));
    const setup: Start = { workers, timeoutMs };
    const data = serialize(rules);
    socket.write(frame(0, JSON.stringify(setup), data.length));
    socket.write(data);
    startTimer = tooSlow;
  }

  function answer(id: number, json: string): void {
    if (id === 0) {
      clearTimeout(startTimer);
      failedStarts = 0;
      isReady = true;
      pump();
      return;
    }
    const job = underWay.get(id);
    if (job === undefined) return;
    underWay.delete(id);
    clearTimeout(job.watchdog);
    if (job.place !== undefined) slab?.free(job.place);
    bytesUnderWay -= weightOf(job.batch);
    job.settle(JSON.parse(json) as FileOutcome[]);
    pump();
  }

  function pump(): void {
    while (isReady && queue.length > 0) {
      const careful = queue[0]?.alone === true || [...underWay.values()].some((one) => one.alone);
      if (underWay.size > 0 && (careful || bytesUnderWay >= mostUnderWay)) break;
      const job = queue.shift();
      if (job !== undefined) send(job);
    }
    while (waiting.length > 0 && hasRoom()) waiting.shift()?.();
  }

  function hasRoom(): boolean {
    const queued = queue.reduce((sum, one) => sum + weightOf(one.batch), 0);
    return bytesUnderWay + queued < mostUnderWay;
  }

  function send(job: Job): void {
    const id = nextId;
    nextId = (nextId % 0xffffffff) + 1;
    const { files, bytes } = job.batch;
    const patience = job.alone ? timeoutMs * 4 + graceMs / 6 : timeoutMs * 8 + graceMs;
    const watchdog = setTimeout(() => {
      overtime = true;
      child?.kill('SIGKILL');
    }, patience);
    const place = slab?.write(bytes);
    underWay.set(id, { ...job, watchdog, ...(place !== undefined && { place }) });
    bytesUnderWay += weightOf(job.batch);
    socket?.write(frame(id, JSON.stringify(files), bytes.length, place));
    if (place === undefined) socket?.write(bytes);
  }

  function died(which: ChildProcess, how: string): void {
    if (which !== child || closed) return;
    child = undefined;
    socket?.destroy();
    if (!isReady) failedStarts++;
    isReady = false;
    deaths += overtime ? stallDeaths : 1;
    const lost = takeUnderWay();
    const cause = how + said(lastWords);
    const fault = overtime
      ? faulty('limit', 'this file took too long and was stopped')
      : faulty('engine', `this file ended the detection engine (${cause})`);
    overtime = false;
    for (const job of lost.reverse()) {
      if (job.alone) job.settle([fault]);
      else queue.unshift(...splitIntoFiles(job));
    }
    if (deaths > mostDeaths || failedStarts >= mostFailedStarts) {
      gaveUp = true;
      settleAll(queue.splice(0), `not inspected: the detection engine died too often (${cause})`);
    } else start();
  }

  function takeUnderWay(): Job[] {
    const jobs = [...underWay.values()];
    for (const { watchdog, place } of jobs) {
      clearTimeout(watchdog);
      if (place !== undefined) slab?.free(place);
    }
    underWay.clear();
    bytesUnderWay = 0;
    return jobs;
  }

  /** With a fault for each file, and whoever waits for room goes on. */
  function settleAll(jobs: readonly Job[], message: string): void {
    for (const job of jobs) job.settle(job.batch.files.map(() => faulty('engine', message)));
    for (const resolve of waiting.splice(0)) resolve();
  }

  start();
  return {
    inspect(batch) {
      if (closed || gaveUp) {
        return Promise.resolve(
          batch.files.map(() => faulty('engine', 'not inspected: the detection engine is gone')),
        );
      }
      return new Promise((settle) => {
        queue.push({ batch, alone: false, settle });
        pump();
      });
    },
    ready() {
      if (closed || gaveUp || hasRoom()) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    forgive() {
      deaths = 0;
      if (!gaveUp || closed) return;
      gaveUp = false;
      failedStarts = 0;
      start();
    },
    close() {
      const wasClosed = closed;
      closed = true;
      socket?.destroy();
      settleAll([...takeUnderWay(), ...queue.splice(0)], 'not inspected: the scan was ended');
      if (!wasClosed) slab?.close();
      const ending = child;
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null)
        return Promise.resolve();
      return new Promise((resolve) => {
        ending.once('exit', () => resolve());
        ending.kill('SIGKILL');
      });
    },
  };
}

const defaultEntry = fileURLToPath(new URL(`./child${extname(import.meta.url)}`, import.meta.url));

/** As in the launcher: glibc keeps freed blocks of up to a megabyte and gives larger ones back. */
const givenBack = { MALLOC_MMAP_THRESHOLD_: '1310720', MALLOC_TRIM_THRESHOLD_: '4194304' };

/** Nothing of the user's environment; compiled code comes from where this process has it. */
function engineEnvironment(): Record<string, string> {
  const compiled = getCompileCacheDir();
  return {
    NODE_NO_WARNINGS: '1',
    ...givenBack,
    ...(compiled !== undefined && { NODE_COMPILE_CACHE: dirname(compiled) }),
  };
}

/**
 * The scanner's side of the engine process. Batches go out as long as not too many bytes are under way; every
 * batch is kept until it is answered. When the engine dies, its open batches are replayed file by file in a new
 * one: the file that kills it again is the guilty one and becomes a fault, all others lose nothing.
 */
import { serialize } from 'node:v8';
import { windowSize } from '../limits.ts';
import { type Batch, faulty, type Job, said, splitIntoFiles, weightOf } from './job.ts';
import { type EngineProcess, endEngine, launchEngine } from './process.ts';
import {
  batchSize,
  createFrameReader,
  type EngineRules,
  type FileOutcome,
  frame,
  type Start,
} from './protocol.ts';

/** What a stall counts as: a crash costs a third of a second, a stall minutes. */
const stallDeaths = 10;

/** After so many starts in a row that came to nothing, another one would not help. */
const mostFailedStarts = 4;

/** In bytes: while one large window is being inspected and one batch searched, the next must be on its way. */
const mostUnderWay = 4 * batchSize + windowSize;

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
  /** Was launched before; the default is to launch one now. */
  readonly launched?: EngineProcess;
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
  const { entry, graceMs = 30_000, mostDeaths = 50 } = options;
  const queue: Job[] = [];
  const underWay = new Map<number, UnderWay>();
  const waiting: (() => void)[] = [];
  const first = options.launched ?? launchEngine(undefined, entry);
  const { slab } = first;
  let running: EngineProcess | undefined;
  let startTimer: NodeJS.Timeout | undefined;
  /** Of the rules in the slab, until they are read. */
  let rulesPlace: number | undefined;
  let isReady = false;
  let closed = false;
  let gaveUp = false;
  let nextId = 1;
  let bytesUnderWay = 0;
  let deaths = 0;
  let failedStarts = 0;
  let overtime = false;

  function start(launched: EngineProcess): void {
    isReady = false;
    running = launched;
    const { child, socket } = launched;
    const frames = createFrameReader(({ id, json }) => {
      // What a dead engine said last may still lie in the socket; its files are being replayed.
      if (running === launched) answer(id, json);
    });
    socket.on('data', (chunk: Buffer) => frames.push(chunk));
    const tooSlow = setTimeout(() => child.kill('SIGKILL'), startMs);
    launched.ended.then((how) => {
      clearTimeout(tooSlow);
      died(launched, how);
    });
    const setup: Start = { timeoutMs };
    const data = serialize(rules);
    rulesPlace = slab?.write(data);
    socket.write(frame(0, JSON.stringify(setup), data.length, rulesPlace));
    if (rulesPlace === undefined) socket.write(data);
    startTimer = tooSlow;
  }

  function answer(id: number, json: string): void {
    if (id === 0) {
      clearTimeout(startTimer);
      freeRules();
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

  function freeRules(): void {
    if (rulesPlace !== undefined) slab?.free(rulesPlace);
    rulesPlace = undefined;
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
      running?.child.kill('SIGKILL');
    }, patience);
    const place = slab?.write(bytes);
    underWay.set(id, { ...job, watchdog, ...(place !== undefined && { place }) });
    bytesUnderWay += weightOf(job.batch);
    running?.socket.write(frame(id, JSON.stringify(files), bytes.length, place));
    if (place === undefined) running?.socket.write(bytes);
  }

  function died(which: EngineProcess, how: string): void {
    if (which !== running || closed) return;
    running = undefined;
    which.socket.destroy();
    freeRules();
    if (!isReady) failedStarts++;
    isReady = false;
    deaths += overtime ? stallDeaths : 1;
    const lost = takeUnderWay();
    const cause = how + said(which.words());
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
    } else start(launchEngine(slab, entry));
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

  start(first);
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
      start(launchEngine(slab, entry));
    },
    close() {
      const wasClosed = closed;
      closed = true;
      settleAll([...takeUnderWay(), ...queue.splice(0)], 'not inspected: the scan was ended');
      if (!wasClosed) slab?.close();
      return running === undefined ? Promise.resolve() : endEngine(running);
    },
  };
}

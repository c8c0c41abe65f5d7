/**
 * The second half of a hunt, on any number of machines: take images from the queue, scan several at once, record what
 * came of each. A worker that dies loses its lease and nothing else.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, WaterguardError } from '../model/error.ts';
import type { LayerFacts } from '../model/layer-facts.ts';
import { printable } from '../model/printable.ts';
import type { ImageReport } from '../model/report.ts';
import type { Claim, ImageQueue, Outcome, Result } from './port.ts';
import { createRecorder, type Recorder } from './recorder.ts';

/** Scans one image. @param layer told of the layers whose facts are not recorded yet */
export type Scan = (
  claim: Claim,
  signal: AbortSignal,
) => Promise<{
  readonly report: ImageReport;
  readonly layers: readonly LayerFacts[];
}>;

export interface WorkOptions {
  /** Images at once: one computes while another waits for its registry. */
  readonly concurrency: number;
  /** Ends the work: what is in hand is given back. */
  readonly signal: AbortSignal;
  /** A store that is gone for a while, and other failures of the loop itself; it goes on. */
  readonly problem: (error: unknown) => void;
  /** Told of each image that was recorded. */
  readonly done?: (result: Result) => void;
  /** Asked when the queue is empty; true ends the work. Without it the worker stays. */
  readonly isOver?: () => Promise<boolean>;
}

/** Milliseconds between looks at an empty queue, and between renewals of leases. */
const pause = { empty: 100, troubled: 2000, renewal: 3000, look: 1000 } as const;

/** Images taken for each that is scanned: more would be held back from other workers. */
const ahead = 4;

/** How the time was spent. */
export interface Worked {
  /** Milliseconds in which at least one image was being scanned. */
  readonly scanningMs: number;
}

/** Resolves when the work is over or the signal says so, with everything recorded or given back. */
export async function scanImages(queue: ImageQueue, scan: Scan, options: WorkOptions): Promise<Worked> {
  const { concurrency, signal, problem } = options;
  const scanning = new Set<Claim>();
  const recorder = createRecorder(queue, options);
  const waiting: Claim[] = [];
  const running = new Set<Promise<void>>();
  const { timed, spent } = stopwatch(scan);
  const ended = new AbortController();
  const resting = AbortSignal.any([signal, ended.signal]);
  let look: Promise<void> | undefined;
  let claiming: Promise<void> | undefined;
  /** After an empty queue, or a failing store, the next look waits. */
  let notBefore = 0;

  /** While others are being scanned, so that no scan waits for the queue. */
  async function claim(): Promise<void> {
    try {
      const found = await queue.claim(concurrency * ahead - waiting.length);
      waiting.push(...found);
      if (found.length === 0) notBefore = Date.now() + pause.empty;
    } catch (error) {
      problem(error);
      notBefore = Date.now() + pause.troubled;
    }
  }

  const renewal = setInterval(() => {
    const held = [...scanning, ...waiting, ...recorder.held()];
    if (held.length > 0) queue.keep(held).catch(problem);
  }, pause.renewal);
  try {
    while (!signal.aborted) {
      if (claiming === undefined && waiting.length <= concurrency && Date.now() >= notBefore) {
        claiming = claim().finally(() => {
          claiming = undefined;
        });
      }
      while (running.size < concurrency && waiting.length > 0) {
        const next = waiting.shift()!;
        scanning.add(next);
        const one = work(queue, timed, next, recorder, options).finally(() => {
          scanning.delete(next);
          running.delete(one);
        });
        running.add(one);
      }
      if (running.size === 0 && waiting.length === 0 && claiming === undefined) {
        await recorder.idle();
        if (await isOver(options)) break;
        await rest(pause.empty, resting);
      } else {
        look ??= rest(pause.look, resting).finally(() => {
          look = undefined;
        });
        await Promise.race([...running, ...(claiming === undefined ? [] : [claiming]), look]);
      }
    }
  } finally {
    ended.abort();
    await claiming;
    await Promise.all(running);
    await recorder.idle();
    clearInterval(renewal);
    if (waiting.length > 0) await queue.release(waiting).catch(problem);
  }
  return { scanningMs: spent() };
}

/** Counts the time in which at least one scan runs. */
function stopwatch(scan: Scan): { readonly timed: Scan; readonly spent: () => number } {
  let running = 0;
  let since = 0;
  let spent = 0;
  return {
    spent: () => spent,
    async timed(claim, signal) {
      if (running++ === 0) since = performance.now();
      try {
        return await scan(claim, signal);
      } finally {
        if (--running === 0) spent += performance.now() - since;
      }
    },
  };
}

async function isOver({ isOver: ask, problem }: WorkOptions): Promise<boolean> {
  if (ask === undefined) return false;
  try {
    return await ask();
  } catch (error) {
    problem(error);
    return false;
  }
}

/** Never throws: what cannot be recorded comes back when the lease is over. */
async function work(
  queue: ImageQueue,
  scan: Scan,
  claim: Claim,
  recorder: Recorder,
  { signal, problem }: WorkOptions,
): Promise<void> {
  const outcome = await outcomeOf(scan, claim, signal);
  if (outcome === 'stopped') await queue.release([claim]).catch(problem);
  else await recorder.add({ claim, outcome });
}

/** Failures that pass: another try, a little later, may find the registry well. */
const passing: readonly string[] = ['network', 'rate-limited', 'engine', 'truncated', 'unavailable'];

async function outcomeOf(scan: Scan, claim: Claim, signal: AbortSignal): Promise<Outcome | 'stopped'> {
  try {
    const { report, layers } = await scan(claim, signal);
    if (signal.aborted) return 'stopped';
    return { kind: 'scanned', report, layers };
  } catch (error) {
    if (signal.aborted) return 'stopped';
    const code = error instanceof WaterguardError ? error.code : 'internal';
    return {
      kind: 'failed',
      code,
      message: printable(messageOf(error), 1000),
      again: passing.includes(code),
    };
  }
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/**
 * Results on their way into the store. While some are being written, others come and wait, and go together: the store
 * takes many at once for hardly more than one. Scans go on meanwhile, but not without end.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { WaterguardError } from '../model/error.ts';
import type { Claim, ImageQueue, Result } from './port.ts';

export interface Recorder {
  /** Resolves when there is room for more. */
  add(result: Result): Promise<void>;
  /** Whose results are not written yet. */
  held(): readonly Claim[];
  /** Resolves when everything is written, or given up. */
  idle(): Promise<void>;
}

export interface RecorderOptions {
  readonly signal: AbortSignal;
  readonly problem: (error: unknown) => void;
  readonly done?: (result: Result) => void;
}

/** Results in one transaction, and so many that wait while it is written. */
const most = { together: 40, waiting: 80 } as const;

/** Milliseconds that the first one waits for company: what a worker that dies may lose of its work. */
const company = 400;

/** A store that is gone is waited for, for two minutes; the results took longer to get. */
const patience = { pause: 2000, tries: 60 } as const;

export function createRecorder(queue: Pick<ImageQueue, 'record'>, options: RecorderOptions): Recorder {
  const { signal, problem, done } = options;
  const waiting: Result[] = [];
  let writing: readonly Result[] = [];
  let busy: Promise<void> | undefined;
  const blocked: (() => void)[] = [];
  let enough = (): void => {};

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      if (waiting.length < most.together) await accompanied();
      writing = waiting.splice(0, most.together);
      for (const resolve of blocked.splice(0)) resolve();
      await write(writing);
      writing = [];
    }
    busy = undefined;
  }

  /** Ends at once where nobody else comes, or enough have come. */
  async function accompanied(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, company);
      enough = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    enough = () => {};
  }

  async function write(results: readonly Result[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await queue.record(results);
        for (const one of results) done?.(one);
        return;
      } catch (error) {
        problem(error);
        const isGone = error instanceof WaterguardError && error.code === 'unavailable';
        // One that the store does not take must not keep the others out; what is left comes back with its lease.
        if (!isGone && results.length > 1) for (const one of results) await write([one]);
        if (!isGone || tries >= patience.tries || signal.aborted) return;
        await sleep(patience.pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  return {
    async add(result) {
      waiting.push(result);
      busy ??= writeAll();
      if (waiting.length >= most.together) enough();
      if (waiting.length >= most.waiting) await new Promise<void>((resolve) => blocked.push(resolve));
    },
    held: () => [...writing, ...waiting].map((one) => one.claim),
    idle: async () => {
      while (busy !== undefined) {
        enough();
        await busy;
      }
    },
  };
}

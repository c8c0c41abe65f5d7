/** Feeds inputs to one target and judges each: what it throws, how long it takes, what stays in memory. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WaterguardError } from '../../src/model/error.ts';
import { longestTurn, processorTime } from '../fixtures/processor-time.ts';
import { makeInput, randomFor } from './mutate.ts';
import type { Target } from './target.ts';

/** An input that takes more is a failure: an image full of such files would stall a scan, and a visitor the others. */
export const slowMs = 250;

/** Inputs `from` to `to`, the latter left out, of the run that `seed` names. */
export interface Range {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Progress is told before each input whose number this divides. */
  readonly step: number;
}

export type Report =
  | { readonly kind: 'at'; readonly index: number }
  | { readonly kind: 'failure'; readonly index: number; readonly message: string }
  | { readonly kind: 'done'; readonly refused: number; readonly slowestMs: number; readonly memory: Memory };

/** Bytes beyond what the process had when it was warm. */
export interface Memory {
  /** Reachable memory at the end: what a leak would make grow with every input. */
  readonly kept: number;
  /** Resident memory at the end; the heap gives little of it back. */
  readonly resident: number;
  /** The most that was resident at any time. */
  readonly peak: number;
}

export async function runInputs(target: Target, range: Range, report: (one: Report) => void): Promise<void> {
  const seeds = target.seeds();
  await target.prepare?.();
  const atOnce = range.step === 1 ? 1 : (target.atOnce ?? 1);
  const warm = range.from + Math.max(100, Math.min(5000, Math.floor((range.to - range.from) / 4)));
  let baseline = await memoryNow();
  let refused = 0;
  let slowestMs = 0;
  const underWay = new Map<number, Promise<void>>();
  const take = async (index: number): Promise<void> => {
    const input = makeInput(target, seeds, range.seed, index);
    const outcome = await settled(target, input, range.seed, index);
    slowestMs = Math.max(slowestMs, outcome.ms);
    if (outcome.refused !== undefined) refused++;
    const message = outcome.failure ?? verdictOn(outcome, index < seeds.length);
    if (message !== undefined) report({ kind: 'failure', index, message });
    underWay.delete(index);
  };
  for (let index = range.from; index < range.to; index++) {
    if (index % range.step === 0 || index === range.from) {
      report({ kind: 'at', index: underWay.keys().next().value ?? index });
      // What native code holds is let go between turns of the event loop only.
      await nextTurn();
    }
    if (index === warm) {
      await Promise.all(underWay.values());
      baseline = await memoryNow();
    }
    underWay.set(index, take(index));
    if (atOnce > 1) await nextTurn();
    if (underWay.size >= atOnce) await Promise.race(underWay.values());
  }
  await Promise.all(underWay.values());
  report({ kind: 'done', refused, slowestMs, memory: await memorySince(baseline) });
}

interface Outcome {
  readonly ms: number;
  /** Set where a WaterguardError said why the input is not read. */
  readonly refused?: string;
  readonly failure?: string;
}

function verdictOn({ ms, refused }: Outcome, isSeed: boolean): string | undefined {
  if (ms > slowMs) return `took ${Math.round(ms)} ms`;
  return isSeed && refused !== undefined ? `a valid input was refused: ${refused}` : undefined;
}

/** The machine may be busy: only what is slow three times is slow. */
async function settled(target: Target, input: Buffer, seed: number, index: number): Promise<Outcome> {
  let outcome = await once(target, input, seed, index);
  for (let tries = 1; tries < 3 && outcome.ms > slowMs; tries++) {
    const again = await once(target, input, seed, index);
    if (again.ms < outcome.ms) outcome = again;
  }
  return outcome;
}

async function once(target: Target, input: Buffer, seed: number, index: number): Promise<Outcome> {
  const random = randomFor(target, seed, index, ' run');
  const ms = target.atOnce === undefined ? processorTime() : longestTurn();
  try {
    const pending = target.run(input, random);
    if (pending !== undefined) await pending;
    return { ms: ms() };
  } catch (error) {
    if (error instanceof WaterguardError && error.code !== 'internal')
      return { ms: ms(), refused: error.message };
    return { ms: ms(), failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

interface Usage {
  readonly kept: number;
  readonly resident: number;
}

/** Collected twice, because what native code holds is let go in the turn between. */
async function memoryNow(): Promise<Usage> {
  globalThis.gc?.();
  await nextTurn();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { kept: heapUsed + external, resident: rss };
}

async function memorySince(baseline: Usage): Promise<Memory> {
  const now = await memoryNow();
  const resident = now.resident - baseline.resident;
  const peak = Math.max(resident, process.resourceUsage().maxRSS * 1024 - baseline.resident);
  return { kept: now.kept - baseline.kept, resident, peak };
}

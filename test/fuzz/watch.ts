/**
 * Runs one target in a process of its own and watches it. A process that dies or falls silent is not believed to
 * have failed by chance: its last inputs are run again one by one until the guilty one is known, then the run goes
 * on behind it.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Memory, Range, Report } from './loop.ts';

/** A process that tells nothing for so long hangs. */
const silenceMs = 15_000;
/** Inputs between two signs of life. */
const stride = 256;
/** A target that fails so often is not run further: the first failures are enough to work on. */
const mostFailures = 20;

export interface Failure {
  readonly index: number;
  readonly message: string;
}

export interface Result {
  readonly inputs: number;
  readonly refused: number;
  readonly failures: readonly Failure[];
  readonly slowestMs: number;
  readonly memory: Memory;
}

/** @param inputs how many, from the first one on @param from number of the first input */
export async function fuzzTarget(name: string, seed: number, inputs: number, from = 0): Promise<Result> {
  const failures: Failure[] = [];
  const total = { refused: 0, slowestMs: 0, kept: 0, resident: 0, peak: 0 };
  const to = from + inputs;
  let next = from;
  let suspectsEnd = from;
  while (next < to && failures.length < mostFailures) {
    const isReplay = next < suspectsEnd;
    const range = { seed, from: next, to: isReplay ? suspectsEnd : to, step: isReplay ? 1 : stride };
    const ended = await runRange(name, range, mostFailures - failures.length);
    failures.push(...ended.failures.filter((one) => ended.guilty === undefined || one.index < ended.guilty));
    if (ended.done !== undefined) {
      total.refused += ended.done.refused;
      total.slowestMs = Math.max(total.slowestMs, ended.done.slowestMs);
      total.kept = Math.max(total.kept, ended.done.memory.kept);
      total.resident = Math.max(total.resident, ended.done.memory.resident);
      total.peak = Math.max(total.peak, ended.done.memory.peak);
    }
    if (ended.guilty === undefined) next = range.to;
    else if (isReplay) {
      failures.push({ index: ended.guilty, message: ended.reason });
      next = ended.guilty + 1;
    } else {
      next = ended.guilty;
      suspectsEnd = Math.min(to, next + stride);
    }
  }
  const { refused, slowestMs, ...memory } = total;
  return { inputs: Math.min(next, to) - from, refused, failures, slowestMs, memory };
}

interface Ended {
  readonly failures: readonly Failure[];
  readonly done?: Extract<Report, { kind: 'done' }>;
  /** The last input that was begun, where the process did not come to its end. */
  readonly guilty?: number;
  readonly reason: string;
}

function runRange(name: string, range: Range, patience: number): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--no-warnings', join(import.meta.dirname, 'child.ts'), ...argumentsOf(name, range)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const failures: Failure[] = [];
  let at = range.from;
  let done: Ended['done'];
  let cause = '';
  let lastWords = '';
  const watchdog = setTimeout(() => {
    cause = `no end within ${silenceMs / 1000} s`;
    child.kill('SIGKILL');
  }, silenceMs);
  child.stderr.on('data', (text: Buffer) => {
    lastWords = (lastWords + text.toString()).slice(-2000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    watchdog.refresh();
    const report: Report = JSON.parse(line);
    if (report.kind === 'at') at = report.index;
    else if (report.kind === 'done') done = report;
    else if (failures.push({ index: report.index, message: report.message }) >= patience)
      child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(watchdog);
      const reason = cause || `the process ended with ${signal ?? `exit code ${code}`}: ${lastWords.trim()}`;
      const isOver = done !== undefined || failures.length >= patience;
      resolve({ failures, reason, ...(done && { done }), ...(isOver ? {} : { guilty: at }) });
    });
  });
}

function argumentsOf(name: string, { seed, from, to, step }: Range): string[] {
  return [name, ...[seed, from, to, step].map(String)];
}

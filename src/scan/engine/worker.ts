/** The engine's worker thread: inspects the files of one batch after the other. */
import { flushCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { makeDetectors } from '../../detect/list.ts';
import { createRunner, type Inspection, type Runner } from '../../detect/runner.ts';
import type { Places } from '../../detect/search-ahead.ts';
import { ruleEngine } from '../../detect/yara/engine.ts';
import { type BatchFile, type FileOutcome, readRules, type Start } from './protocol.ts';

/** The first message. */
export interface WorkerStart extends Start {
  /** As they came in frame 0. */
  readonly rules: Uint8Array;
}

/** A batch whose files were searched. */
export interface WorkerBatch {
  readonly id: number;
  /** `BatchFile[]` */
  readonly json: string;
  readonly data: ArrayBuffer;
  /** Of all files, one behind the other; those of file `n` end at `ends[n]`. */
  readonly places: Places;
  readonly ends: readonly number[];
}

/** Answer 0 says that the worker is ready. */
export interface WorkerAnswer {
  readonly id: number;
  readonly json: string;
  /** Given back for another batch. */
  readonly data?: ArrayBuffer;
}

/** Loaded while the scanner still reads the rules. */
const engine = ruleEngine();

/** There once the first message has come. */
let runner: Runner | undefined;

function begin({ rules, timeoutMs }: WorkerStart): Runner {
  const { plan, secrets } = readRules(rules);
  const hasPathRules = plan.groups.some((one) => one.class === 'path');
  return createRunner(plan, makeDetectors(secrets, hasPathRules), engine, timeoutMs);
}

/**
 * Once, behind the first batch: most code has run by then and is kept compiled. Before the answer, because the engine
 * is ended by a signal, in a small scan right after it.
 */
function keepCode(): void {
  if (isKept) return;
  isKept = true;
  flushCompileCache();
}
let isKept = false;

parentPort?.on('message', (message: WorkerStart | WorkerBatch) => {
  if ('rules' in message) {
    runner = begin(message);
    parentPort?.postMessage({ id: 0, json: '{}' } satisfies WorkerAnswer);
    return;
  }
  if (runner === undefined) throw new Error('a batch came before the rules');
  const { id, data } = message;
  const json = JSON.stringify(inspectAll(runner, message));
  keepCode();
  parentPort?.postMessage({ id, json, data } satisfies WorkerAnswer, [data]);
});

function inspectAll(runner: Runner, { json, data, places, ends }: WorkerBatch): FileOutcome[] {
  const outcomes: FileOutcome[] = [];
  for (const [index, { start: from, length, want, ...file }] of (JSON.parse(json) as BatchFile[]).entries()) {
    const searched = places.subarray(ends[index - 1] ?? 0, ends[index]);
    const opened = { ...file, bytes: Buffer.from(data, from, length), places: searched };
    const found = runner.inspect(opened, want);
    outcomes.push(isEmpty(found) ? null : found);
  }
  return outcomes;
}

function isEmpty({ content, path, faults }: Inspection): boolean {
  return (
    [content, path].every(
      (one) =>
        one.findings.length === 0 &&
        one.observables.length === 0 &&
        one.start === undefined &&
        one.unseen === undefined,
    ) && faults.length === 0
  );
}

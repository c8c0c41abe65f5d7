/** One worker thread of the engine: inspects the files of one batch after the other. */
import { flushCompileCache } from 'node:module';
import { deserialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { makeDetectors } from '../../detect/list.ts';
import { createRunner, type Inspection } from '../../detect/runner.ts';
import { ruleEngine } from '../../detect/yara/engine.ts';
import { createBufferPool } from './buffer-pool.ts';
import {
  type BatchFile,
  batchSize,
  type EngineRules,
  type FileOutcome,
  type Frame,
  type Start,
  slabFd,
} from './protocol.ts';
import { readSlab } from './slab.ts';

export interface WorkerSetup {
  readonly start: Start;
  /** `EngineRules`, in the first `size` bytes. */
  readonly rules: ArrayBuffer;
  readonly size: number;
}

/** Answer 0 says that the worker is ready. */
export interface WorkerAnswer {
  readonly id: number;
  readonly json: string;
  /** Given back for the next batch. */
  readonly data?: ArrayBuffer;
}

const { start, rules, size } = workerData as WorkerSetup;
const { plan, secrets } = deserialize(Buffer.from(rules, 0, size)) as EngineRules;
const runner = createRunner(
  plan,
  makeDetectors(
    secrets,
    plan.groups.some((one) => one.class === 'path'),
  ),
  ruleEngine(),
  start.timeoutMs,
);

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

/** Batches are copied out of the slab: native code never sees memory that another process can write to. */
const pool = createBufferPool(batchSize, 4 * batchSize);

parentPort?.on('message', ({ id, json, length, data, at }: Frame) => {
  const memory = data ?? pool.take(length);
  if (at !== undefined) readSlab(slabFd, new Uint8Array(memory, 0, length), at);
  const answer = { id, json: JSON.stringify(inspectAll(JSON.parse(json) as BatchFile[], memory)) };
  if (data === undefined) pool.give(memory);
  keepCode();
  parentPort?.postMessage({ ...answer, ...(data && { data }) } satisfies WorkerAnswer, data ? [data] : []);
});
parentPort?.postMessage({ id: 0, json: '' } satisfies WorkerAnswer);

function inspectAll(files: readonly BatchFile[], data: ArrayBuffer): FileOutcome[] {
  const outcomes: FileOutcome[] = [];
  for (const { start: from, length, want, ...file } of files) {
    const found = runner.inspect({ ...file, bytes: Buffer.from(data, from, length) }, want);
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

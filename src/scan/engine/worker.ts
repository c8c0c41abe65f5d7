/** One worker thread of the engine: inspects the files of one batch after the other. */
import { flushCompileCache } from 'node:module';
import { deserialize } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { makeDetectors } from '../../detect/list.ts';
import type { Plan } from '../../detect/plan.ts';
import { createRunner, type Inspection, type Runner } from '../../detect/runner.ts';
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

/** Answer 0 says that the worker is ready. */
export interface WorkerAnswer {
  readonly id: number;
  readonly json: string;
  /** Given back for the next batch. */
  readonly data?: ArrayBuffer;
}

/** Loaded while the scanner still reads the rules. */
const engine = ruleEngine();

/** There once frame 0 has come, which is the first. */
let runner: Runner | undefined;

function begin({ json, data = new ArrayBuffer(0), length }: Frame): Runner {
  const { timeoutMs } = JSON.parse(json) as Start;
  const { plan: written, secrets } = deserialize(Buffer.from(data, 0, length)) as EngineRules;
  const plan = deserialize(written) as Plan;
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

/** Batches are copied out of the slab: native code never sees memory that another process can write to. */
const pool = createBufferPool(batchSize, 4 * batchSize);

parentPort?.on('message', (frame: Frame) => {
  const { id, json, length, data, at } = frame;
  if (id === 0) {
    runner = begin(frame);
    parentPort?.postMessage({ id, json: '' } satisfies WorkerAnswer);
    return;
  }
  const memory = data ?? pool.take(length);
  if (at !== undefined) readSlab(slabFd, new Uint8Array(memory, 0, length), at);
  const answer = { id, json: JSON.stringify(inspectAll(JSON.parse(json) as BatchFile[], memory)) };
  if (data === undefined) pool.give(memory);
  keepCode();
  parentPort?.postMessage({ ...answer, ...(data && { data }) } satisfies WorkerAnswer, data ? [data] : []);
});

function inspectAll(files: readonly BatchFile[], data: ArrayBuffer): FileOutcome[] {
  const outcomes: FileOutcome[] = [];
  for (const { start: from, length, want, ...file } of files) {
    const found = runner?.inspect({ ...file, bytes: Buffer.from(data, from, length) }, want);
    outcomes.push(found === undefined || isEmpty(found) ? null : found);
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

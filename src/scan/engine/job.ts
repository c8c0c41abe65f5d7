/** A batch on its way through the engine, and how it is taken apart when the engine dies on it. */
import type { WaterguardError } from '../../model/error.ts';
import type { BatchFile, FileOutcome } from './protocol.ts';

export interface Batch {
  readonly files: readonly BatchFile[];
  readonly bytes: Buffer;
}

export interface Job {
  readonly batch: Batch;
  /** Replayed alone: when the engine dies on it, the file is guilty. */
  readonly alone: boolean;
  readonly settle: (outcomes: readonly FileOutcome[]) => void;
}

/** What a batch costs in memory: its bytes, and about two kilobytes for each file's record on both sides. */
export function weightOf({ files, bytes }: Batch): number {
  return bytes.length + files.length * 2048;
}

/** One job per file; the batch's promise settles when the last of them does. */
export function splitIntoFiles(job: Job): Job[] {
  const outcomes: FileOutcome[] = job.batch.files.map(() => null);
  let open = job.batch.files.length;
  return job.batch.files.map((file, index) => ({
    alone: true,
    batch: {
      files: [{ ...file, start: 0 }],
      bytes: job.batch.bytes.subarray(file.start, file.start + file.length),
    },
    settle(one) {
      outcomes[index] = one[0] ?? null;
      open--;
      if (open === 0) job.settle(outcomes);
    },
  }));
}

/** Stands for the outcome of a file that could not be inspected. */
export function faulty(code: WaterguardError['code'], message: string): FileOutcome {
  const empty = { findings: [], observables: [] };
  return { content: empty, path: empty, faults: [{ detector: 'engine', code, message }] };
}

/** The last line of what a dead process printed. */
export function said(words: string): string {
  const last = words.trim().split('\n').at(-1) ?? '';
  return last === '' ? '' : `: ${last.slice(0, 200)}`;
}

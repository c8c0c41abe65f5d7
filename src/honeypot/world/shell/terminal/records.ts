/** What became of each line that was typed, for whoever records it. */
import type { Note } from '../../world.ts';
import { textOf } from '../bytes.ts';
import type { LineRecord } from '../interact.ts';
import type { Shell } from '../shell.ts';

export interface LineResult {
  readonly exitCode: number;
  /** As those of a run: requests, connections, images, commands, and files that were left. */
  readonly notes: readonly Note[];
  /** Words of the simple commands that ran. */
  readonly commands: readonly (readonly string[])[];
  /** What was printed meanwhile, at most 8 KiB of it. */
  readonly output: string;
}

export type Report = (line: string, result: LineResult) => void;

const mostOutput = 8192;

export class Records {
  private readonly report: Report;
  private readonly open = new Set<{ readonly chunks: Uint8Array[]; size: number }>();

  constructor(report: Report) {
    this.report = report;
  }

  /** Belongs to all lines that run: one may have started the shell in which another was typed. */
  add(bytes: Uint8Array): void {
    for (const record of this.open) {
      const taken = bytes.subarray(0, mostOutput - record.size);
      if (taken.length === 0) continue;
      record.chunks.push(taken);
      record.size += taken.length;
    }
  }

  begin({ kernel }: Shell): LineRecord {
    const record = { chunks: [], size: 0 };
    this.open.add(record);
    return {
      end: (line, exitCode) => {
        this.open.delete(record);
        const output = textOf(Buffer.concat(record.chunks));
        try {
          this.report(line, { exitCode, ...takenNotes(kernel), output });
        } catch (error) {
          kernel.onFault?.(error);
        }
      },
    };
  }
}

/** What was noted since it was last asked for. */
export function takenNotes(kernel: Shell['kernel']): Pick<LineResult, 'notes' | 'commands'> {
  const notes = kernel.takeNotes();
  return { notes, commands: notes.flatMap((note) => (note.kind === 'command' ? [note.words] : [])) };
}

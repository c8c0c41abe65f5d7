/** Commands that a cell runs, in the emulated machine. */
import type { Artefact } from '../../decoy.ts';
import { createSink, inputOf, leftBy, patience } from '../../run-line.ts';
import { run } from '../../world/run.ts';
import type { Note, World } from '../../world/world.ts';

export interface Outcome {
  readonly exitCode: number;
  readonly output: Buffer;
  /** Empty where both go one way. */
  readonly errors: Buffer;
}

export interface Options {
  readonly cwd: string;
  readonly env?: ReadonlyMap<string, string>;
  /** What it reads. */
  readonly input?: Uint8Array;
  /** Both outputs go one way, as into a terminal. */
  readonly isMerged?: boolean;
}

/** What the commands of one cell did. */
export interface Machine {
  readonly world: World;
  run(argv: readonly string[], options: Options): Promise<Outcome>;
  /** A file was left without a command. */
  left(path: string): void;
  /** Since they were last taken. */
  takeNotes(): { readonly notes: readonly Note[]; readonly artefacts: readonly Artefact[] };
}

/** Commands of one cell. */
const mostCommands = 200;

/** @param signal ends what runs */
export function machineOf(world: World, signal: () => AbortSignal): Machine {
  let notes: Note[] = [];
  let commands = 0;

  return {
    world,
    async run(argv, { cwd, env, input, isMerged = false }) {
      commands += 1;
      const [stdout, stderr] = [createSink(), createSink()];
      if (commands > mostCommands) return { exitCode: 1, output: Buffer.alloc(0), errors: Buffer.alloc(0) };
      const ran = await run(world, {
        argv,
        cwd,
        ...(env !== undefined && { env }),
        stdin: inputOf(input),
        stdout,
        stderr: isMerged ? stdout : stderr,
        pace: 'skip',
        signal: AbortSignal.any([signal(), AbortSignal.timeout(patience)]),
      });
      notes.push(...ran.notes);
      return { exitCode: ran.exitCode, output: stdout.content(), errors: stderr.content() };
    },
    left: (path) => void notes.push({ kind: 'file', path }),
    takeNotes() {
      const taken = notes;
      notes = [];
      commands = 0;
      return { notes: taken, artefacts: leftBy(world, [{ notes: taken }]) };
    },
  };
}

/** Runs what an attacker asks for on a machine of the world, to its end, and tells what it did. */
import { later } from '../later.ts';
import type { Input, Output, Run } from './program.ts';
import type { Limits } from './shell/process/budget.ts';
import type { Pace, ProgramLookup, Terminal } from './shell/process/kernel.ts';
import type { Note, World } from './world.ts';

export interface RunOptions {
  /** The program first: `['sh', '-c', '…']`. */
  readonly argv: readonly string[];
  /** Its file, where it is called by another name: sshd calls `/bin/bash` `bash`. */
  readonly program?: string;
  /** Root by default. */
  readonly user?: Run['user'];
  /** The user's home by default, as far as it is there. */
  readonly cwd?: string;
  /** Beside what every program finds: PATH, HOME. */
  readonly env?: ReadonlyMap<string, string>;
  /** At its end by default. */
  readonly stdin?: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly terminal?: Terminal;
  /** `real` where somebody watches. */
  readonly pace: Pace;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly limits?: Limits;
  /** Is told of a program's own errors; to the visitor they are crashes. */
  readonly onFault?: (error: unknown) => void;
  /** In place of all that the world knows: for tests. */
  readonly programs?: ProgramLookup;
}

export interface RunResult {
  readonly exitCode: number;
  /** Requests, connections, images and commands in their order, each once; then the files that were left. */
  readonly notes: readonly Note[];
  /** Words of all simple commands that ran, each once. */
  readonly commands: readonly (readonly string[])[];
  /** Why it did not even start: what there is no program for, or what may not be run. */
  readonly failure?: 'ENOENT' | 'EACCES';
}

export const root: Run['user'] = { name: 'root', uid: 0, gid: 0, home: '/root' };

const shell = later(() => import('./shell/run.ts'));

/** Never rejects. What was started in the background goes on, and has ended too when this resolves. */
export async function run(world: World, options: RunOptions): Promise<RunResult> {
  return (await shell()).run(world, options);
}

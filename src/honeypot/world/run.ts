/** Runs what an attacker asks for on a machine of the world, to its end, and tells what it did. */
import { programAt } from './commands/list.ts';
import { FileError } from './files/node.ts';
import { View } from './files/view.ts';
import type { Input, Output, Run } from './program.ts';
import { defaultEnvironment } from './shell/environment.ts';
import type { Limits } from './shell/process/budget.ts';
import { Descriptors, OpenFile } from './shell/process/descriptors.ts';
import { findProgram } from './shell/process/find.ts';
import { Kernel, type Pace, type ProgramLookup, type Terminal } from './shell/process/kernel.ts';
import { launch } from './shell/process/launch.ts';
import { sinkOf } from './shell/process/program-run.ts';
import { Stream } from './shell/process/stream.ts';
import { takenNotes } from './shell/terminal/records.ts';
import type { Note, World } from './world.ts';

export interface RunOptions {
  /** The program first: `['sh', '-c', '…']`. */
  readonly argv: readonly string[];
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

/** Milliseconds that what is left in the background may take when its starter has ended. */
const grace = 5000;

export const root: Run['user'] = { name: 'root', uid: 0, gid: 0, home: '/root' };

/** Never rejects. What was started in the background goes on, and has ended too when this resolves. */
export async function run(world: World, options: RunOptions): Promise<RunResult> {
  const { argv, user = root, programs = programAt } = options;
  const kernel = new Kernel({ ...options, programs });
  const files = viewOf(world, kernel, user, options.cwd);
  const env = new Map([...defaultEnvironment(world, user), ...(options.env ?? [])]);
  const found = findProgram(files, argv[0] ?? '', env.get('PATH')!);
  if ('code' in found) {
    const isMissing = found.code === 'ENOENT' || found.code === 'ENOTDIR';
    await kernel.finish(0);
    return {
      exitCode: isMissing ? 127 : 126,
      notes: [],
      commands: [],
      failure: isMissing ? 'ENOENT' : 'EACCES',
    };
  }
  kernel.note({ kind: 'command', words: argv });
  const descriptors = descriptorsOf(kernel, options);
  const exitCode = await launch(kernel, found.path, {
    world,
    args: argv,
    env,
    files,
    user,
    descriptors,
    life: kernel.life,
    ppid: world.container === undefined ? 1 : 0,
    depth: 0,
  });
  await kernel.finish(grace);
  descriptors.closeAll();
  return { exitCode, ...takenNotes(kernel) };
}

export function viewOf(world: World, kernel: Kernel, user: Run['user'], cwd = user.home): View {
  const files = new View(world.files, { user }).watchedBy((path, origin) => kernel.wrote(path, origin));
  try {
    return files.in(cwd);
  } catch (error) {
    if (error instanceof FileError) return files;
    throw error;
  }
}

function descriptorsOf(kernel: Kernel, { stdin, stdout, stderr }: RunOptions): Descriptors {
  const count = (bytes: number): void => kernel.budget.countOutput(bytes);
  const input = new Stream(async () => stdin?.read(), stdin?.isTerminal);
  return new Descriptors([
    [0, new OpenFile({ input })],
    [1, new OpenFile({ output: sinkOf(stdout, count) })],
    [2, new OpenFile({ output: sinkOf(stderr, count) })],
  ]);
}

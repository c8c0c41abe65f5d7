/** How `../run.ts` runs a program. */
import { programAt } from '../commands/list.ts';
import { FileError } from '../files/node.ts';
import { View } from '../files/view.ts';
import type { Run } from '../program.ts';
import { type RunOptions, type RunResult, root } from '../run.ts';
import type { World } from '../world.ts';
import { defaultEnvironment } from './environment.ts';
import { Descriptors, OpenFile } from './process/descriptors.ts';
import { findProgram } from './process/find.ts';
import { Kernel } from './process/kernel.ts';
import { launch } from './process/launch.ts';
import { sinkOf } from './process/program-run.ts';
import { Stream } from './process/stream.ts';
import { takenNotes } from './terminal/records.ts';

/** Milliseconds that what is left in the background may take when its starter has ended. */
const grace = 5000;

/** As `../run.ts` says. */
export async function run(world: World, options: RunOptions): Promise<RunResult> {
  const { argv, user = root, programs = programAt } = options;
  const kernel = new Kernel({ ...options, programs });
  const files = viewOf(world, kernel, user, options.cwd);
  const env = new Map([...defaultEnvironment(world, user), ...(options.env ?? [])]);
  const found = findProgram(files, options.program ?? argv[0] ?? '', env.get('PATH')!);
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

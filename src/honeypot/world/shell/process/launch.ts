/** Runs the file of a program to its end, whatever kind of program it is. */
import { FileError } from '../../files/node.ts';
import type { View } from '../../files/view.ts';
import { Ended, type Run } from '../../program.ts';
import { now, type Process, type World } from '../../world.ts';
import type { Dialect } from '../dialect.ts';
import { runShell } from '../main.ts';
import type { Descriptors } from './descriptors.ts';
import { codeAt } from './find.ts';
import { imageAt, systemShell } from './image.ts';
import type { Kernel } from './kernel.ts';
import { Life } from './life.ts';
import { runOf } from './program-run.ts';

/** Everything that a process gets from the one that starts it. */
export interface Start {
  readonly world: World;
  /** The name it is called by, and its arguments. */
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly files: View;
  readonly user: Run['user'];
  readonly descriptors: Descriptors;
  readonly life: Life;
  readonly ppid: number;
  /** Of a process that forked for it, and becomes it. */
  readonly pid?: number;
  /** Of scripts that start scripts. */
  readonly depth: number;
  /** For a script that does not say by what it is read. */
  readonly dialect?: Dialect;
}

/** Linux's, of an execve that leads to another. */
const mostInterpreters = 4;
const notFound = 127;
/** 128 + SIGSEGV. */
const crashed = 139;

/** @returns the exit code; 127 where an interpreter is missing */
export function launch(kernel: Kernel, path: string, start: Start): Promise<number> {
  return begin(kernel, start, (started) => runImage(kernel, path, started, 0));
}

/** A program of an image that nobody here has seen: there, and in machine code. */
export function launchUnseen(kernel: Kernel, start: Start): Promise<number> {
  return begin(kernel, start, (started) => runMachineCode(kernel, started));
}

async function begin(
  kernel: Kernel,
  start: Start,
  run: (started: Started) => Promise<number>,
): Promise<number> {
  const pid = start.pid ?? kernel.pid(start.world);
  const life = new Life(start.life);
  const end = kernel.begin(pid, { world: start.world, life, entry: entryOf(kernel, start, pid) });
  try {
    return await run({ ...start, pid, life });
  } catch (error) {
    if (life.ended !== undefined) return life.ended.exitCode;
    if (error instanceof Ended) return error.exitCode;
    if (error instanceof FileError) return 1;
    kernel.onFault?.(error);
    return crashed;
  } finally {
    life.close();
    end();
  }
}

function entryOf(kernel: Kernel, start: Start, pid: number): Process {
  const { world, args, user, ppid, env, files } = start;
  return {
    pid,
    ppid,
    user: user.name,
    args,
    cwd: files.cwd,
    get env() {
      return [...env].map(([name, value]) => `${name}=${value}`);
    },
    startedAt: now(world),
    memory: 3200 + (pid % 97) * 4,
    cpu: 0,
    isVisitors: true,
    ...(kernel.terminal !== undefined && { tty: 'pts/0' }),
  };
}

export type Started = Start & { readonly pid: number };

async function runImage(kernel: Kernel, path: string, start: Started, hops: number): Promise<number> {
  const image = imageAt(kernel.programs, path, start);
  switch (image.kind) {
    case 'shell':
      return runShell(kernel, image.dialect, { ...start, args: image.args });
    case 'program':
      return (await start.life.race(Promise.resolve(image.program(runOf(kernel, start))))) & 0xff;
    case 'machine code':
      return image.isOwn ? 0 : runMachineCode(kernel, start);
    case 'text': {
      const dialect = start.dialect ?? systemShell(start.world);
      return runShell(kernel, dialect, { ...start, args: [start.args[0]!, path, ...start.args.slice(1)] });
    }
    case 'script': {
      const { interpreter, argument } = image;
      if (hops >= mostInterpreters || codeAt(start.files, interpreter) !== undefined) return notFound;
      const args = [interpreter, ...(argument === undefined ? [] : [argument]), path, ...start.args.slice(1)];
      return runImage(kernel, interpreter, { ...start, args }, hops + 1);
    }
  }
}

/** Beyond, what is started is not listed. */
const mostProcesses = 1000;

/** What a program is asked about itself ends when it is answered. */
const question = /^--(?:help|version)$/;

/** As most bots do: it goes to the background, says nothing, and stays. */
async function runMachineCode(kernel: Kernel, start: Started): Promise<number> {
  const { world, args, user, life } = start;
  if (args.slice(1).some((arg) => question.test(arg))) return 0;
  await kernel.sleep(200 + (args.join(' ').length % 7) * 100, world, life);
  if (world.processes.length < mostProcesses) {
    const pid = kernel.pid(world);
    world.processes.push({
      pid,
      ppid: 1,
      user: user.name,
      args,
      startedAt: now(world),
      memory: 8192 + (pid % 64) * 256,
      cpu: 0,
      isLeft: true,
    });
  }
  return 0;
}

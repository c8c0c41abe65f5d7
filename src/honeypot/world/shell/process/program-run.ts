/** What a program sees of the machine that runs it. */

import { View } from '../../files/view.ts';
import { type Change, Ended, type Input, type Output, type Run } from '../../program.ts';
import { bytesOf } from '../bytes.ts';
import { type Descriptors, OpenFile, type Sink } from './descriptors.ts';
import { findProgram } from './find.ts';
import type { Kernel } from './kernel.ts';
import { launch, type Started } from './launch.ts';
import { Life } from './life.ts';
import { Stream } from './stream.ts';

const cannotRun = 126;
const notFound = 127;

export function runOf(kernel: Kernel, start: Started): Run {
  const { world, args, env, files, user, pid, life, descriptors } = start;
  return {
    world,
    args,
    env,
    files,
    user,
    pid,
    stdin: inputOf(kernel, descriptors.get(0)?.input, life),
    stdout: outputOf(kernel, descriptors.get(1)?.output, life),
    stderr: outputOf(kernel, descriptors.get(2)?.output, life),
    ...(kernel.terminal !== undefined && { terminal: kernel.terminal }),
    note: (note) => kernel.note(note),
    exec: (words, change) => quiet(execute(kernel, start, words, change)),
    sleep: (milliseconds) => quiet(kernel.sleep(milliseconds, world, life)),
    work: (units) => quiet(worked(kernel, units, life)),
  };
}

async function worked(kernel: Kernel, units: number, life: Life): Promise<void> {
  await kernel.work(units, life);
}

/** A program need not wait for what it starts: that it was ended meanwhile is nobody's unhandled error. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function inputOf(kernel: Kernel, stream: Stream | undefined, life: Life): Input {
  return {
    isTerminal: stream?.isTerminal ?? false,
    read: () => quiet(readFrom(kernel, stream, life)),
  };
}

async function readFrom(
  kernel: Kernel,
  stream: Stream | undefined,
  life: Life,
): Promise<Uint8Array | undefined> {
  const bytes = await stream?.read(life);
  await kernel.work(3 + ((bytes?.length ?? 0) >> 10), life);
  return bytes;
}

function outputOf(kernel: Kernel, sink: Sink | undefined, life: Life): Output {
  return {
    isTerminal: sink?.isTerminal ?? false,
    write: (data) => quiet(writeTo(kernel, sink, typeof data === 'string' ? bytesOf(data) : data, life)),
  };
}

async function writeTo(kernel: Kernel, sink: Sink | undefined, bytes: Uint8Array, life: Life): Promise<void> {
  await kernel.work(3 + (sink?.cost ?? 0) + (bytes.length >> 10), life);
  await sink?.write(bytes, life);
}

async function execute(
  kernel: Kernel,
  start: Started,
  args: readonly string[],
  change: Change = {},
): Promise<number> {
  const { world = start.world, user = start.user, env = start.env } = change;
  const given = change.files ?? (change.world && new View(change.world.files, { user }));
  const seen = given?.watchedBy((path, origin) => kernel.wrote(path, origin)) ?? start.files;
  const files = change.user === undefined ? seen : seen.as(user);
  kernel.budget.countCommand();
  kernel.note({ kind: 'command', words: args });
  const found = findProgram(files, args[0] ?? '', env.get('PATH') ?? '/usr/bin:/bin');
  if ('code' in found) return found.code === 'ENOENT' || found.code === 'ENOTDIR' ? notFound : cannotRun;
  if (!kernel.budget.mayFork(kernel.processes.size)) return cannotRun;
  const descriptors = changed(start.descriptors, change, start.life);
  const life = new Life(change.isDetached ? kernel.life : start.life);
  const running = launch(kernel, found.path, {
    world,
    args,
    env,
    files,
    user,
    descriptors,
    life,
    ppid: start.pid,
    depth: start.depth,
  }).finally(() => {
    descriptors.closeAll();
    life.close();
    kernel.background.delete(running);
  });
  if (change.isDetached) kernel.background.add(running);
  return change.isDetached ? running : start.life.race(running);
}

function changed(from: Descriptors, { stdin, stdout, stderr }: Change, life: Life): Descriptors {
  const descriptors = from.fork();
  if (stdin !== undefined) {
    const stream = new Stream(() => life.race(stdin.read()), stdin.isTerminal);
    descriptors.set(0, new OpenFile({ input: stream }));
  }
  if (stdout !== undefined) descriptors.set(1, new OpenFile({ output: sinkOf(stdout) }));
  if (stderr !== undefined) descriptors.set(2, new OpenFile({ output: sinkOf(stderr) }));
  return descriptors;
}

/** @param count is told how much was written */
export function sinkOf(output: Output, count?: (bytes: number) => void): Sink {
  return {
    isTerminal: output.isTerminal,
    cost: 5,
    write(bytes, life) {
      count?.(bytes.length);
      return sendTo(output, bytes, life);
    },
  };
}

/** 128 + SIGHUP. */
const hangup = 129;

/** What goes wrong with an output means that nobody is there any more. */
async function sendTo(output: Output, bytes: Uint8Array, life: Life): Promise<void> {
  try {
    await life.race(output.write(bytes));
  } catch (error) {
    throw error instanceof Ended ? error : new Ended(hangup);
  }
}

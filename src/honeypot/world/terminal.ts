/**
 * A session in which somebody types: over SSH or at a container, with a terminal or without one. Each line is told with
 * what became of it.
 */
import { programAt } from './commands/list.ts';
import type { Output, Run } from './program.ts';
import { root, viewOf } from './run.ts';
import { defaultEnvironment } from './shell/environment.ts';
import type { Console } from './shell/interact.ts';
import type { Limits } from './shell/process/budget.ts';
import { Descriptors, OpenFile, type Sink } from './shell/process/descriptors.ts';
import { findProgram } from './shell/process/find.ts';
import { Kernel, type Pace, type ProgramLookup, type Terminal } from './shell/process/kernel.ts';
import { launch } from './shell/process/launch.ts';
import { sinkOf } from './shell/process/program-run.ts';
import { Stream } from './shell/process/stream.ts';
import { type LineResult, Records, type Report } from './shell/terminal/records.ts';
import { Teletype } from './shell/terminal/teletype.ts';
import type { World } from './world.ts';

export type { LineResult };

export interface Session {
  /** Root by default. */
  readonly user?: Run['user'];
  /** Absent where there is none. Its size may change meanwhile. */
  readonly terminal?: Terminal;
  /** Bytes as they come; its end hangs up. */
  readonly input: AsyncIterable<Uint8Array>;
  readonly output: Output;
  /** In place of a login shell: what a container is asked to run, `['sh']`. */
  readonly argv?: readonly string[];
  readonly cwd?: string;
  readonly env?: ReadonlyMap<string, string>;
  /** Each line, or command over several lines, when it is over. */
  readonly onLine: Report;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** `real` by default. */
  readonly pace?: Pace;
  /** Of each line; memory is that of the session. */
  readonly limits?: Limits;
  readonly onFault?: (error: unknown) => void;
  readonly programs?: ProgramLookup;
}

/** Milliseconds that what is left in the background may take. */
const grace = 2000;

/** @returns the exit code of the shell; never rejects */
export async function interactive(world: World, session: Session): Promise<number> {
  const { user = root, programs = programAt, pace = 'real', terminal } = session;
  const kernel = new Kernel({ ...session, programs, pace });
  const files = viewOf(world, kernel, user, session.cwd);
  const env = new Map([
    ...defaultEnvironment(world, user),
    ...(session.argv === undefined ? loginEnvironment(user) : []),
    ...(terminal === undefined ? [] : [['TERM', 'xterm'] as const]),
    ...(session.env ?? []),
  ]);
  const { console, descriptors } =
    terminal === undefined ? plain(kernel, session) : teletype(kernel, session);
  kernel.console = console;
  const args = session.argv ?? ['-bash'];
  const name = session.argv?.[0] ?? '/bin/bash';
  const found = findProgram(files, name, env.get('PATH')!);
  const start = {
    world,
    args,
    env,
    files,
    user,
    descriptors,
    life: kernel.life,
    ppid: world.container ? 0 : 1,
    depth: 0,
  };
  const exitCode =
    'path' in found ? await launch(kernel, found.path, start) : found.code === 'ENOENT' ? 127 : 126;
  await kernel.finish(grace);
  descriptors.closeAll();
  return exitCode;
}

/** What login(1) and sshd set beside the rest. */
function loginEnvironment({ name }: Run['user']): [string, string][] {
  return [
    ['USER', name],
    ['LOGNAME', name],
    ['SHELL', '/bin/bash'],
    ['LANG', 'C.UTF-8'],
    ['MAIL', `/var/mail/${name}`],
  ];
}

interface Wired {
  readonly console: Console;
  readonly descriptors: Descriptors;
}

function teletype(kernel: Kernel, { input, output, onLine }: Session): Wired {
  const console = new Teletype(output, onLine, (bytes) => kernel.budget.countOutput(bytes));
  pump(
    input,
    async (bytes) => console.feed(bytes),
    () => console.hangUp(),
  );
  const file = new OpenFile({ input: console.input, output: console.output });
  return { console, descriptors: new Descriptors([0, 1, 2].map((number) => [number, file])) };
}

/** Without a terminal nothing is edited, echoed or prompted. */
function plain(kernel: Kernel, { input, output, onLine }: Session): Wired {
  const stream = new Stream();
  pump(
    input,
    (bytes) => stream.write(bytes, kernel.life),
    () => stream.end(),
  );
  const records = new Records(onLine);
  const sent = sinkOf(output, (bytes) => kernel.budget.countOutput(bytes));
  const sink: Sink = {
    ...sent,
    isTerminal: false,
    write(bytes, life) {
      records.add(bytes);
      return sent.write(bytes, life);
    },
  };
  const console: Console = {
    input: stream,
    readLine: async () => undefined,
    running: () => () => {},
    begin: (shell) => records.begin(shell),
    setEcho() {},
  };
  const written = new OpenFile({ output: sink });
  const read = new OpenFile({ input: stream });
  return {
    console,
    descriptors: new Descriptors([
      [0, read],
      [1, written],
      [2, written],
    ]),
  };
}

async function pump(
  input: AsyncIterable<Uint8Array>,
  feed: (bytes: Uint8Array) => Promise<void>,
  end: () => void,
): Promise<void> {
  try {
    for await (const bytes of input) await feed(bytes);
  } catch {
    // Whoever typed is gone.
  }
  end();
}

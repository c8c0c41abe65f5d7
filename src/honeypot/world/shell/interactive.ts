/** How `../terminal.ts` has somebody type at a shell. */
import { programAt } from '../commands/list.ts';
import type { Run } from '../program.ts';
import { root } from '../run.ts';
import type { Session } from '../terminal.ts';
import type { World } from '../world.ts';
import { defaultEnvironment } from './environment.ts';
import type { Console } from './interact.ts';
import { Descriptors, OpenFile, type Sink } from './process/descriptors.ts';
import { findProgram } from './process/find.ts';
import { Kernel } from './process/kernel.ts';
import { launch } from './process/launch.ts';
import { sinkOf } from './process/program-run.ts';
import { Stream } from './process/stream.ts';
import { viewOf } from './run.ts';
import { Records } from './terminal/records.ts';
import { Teletype } from './terminal/teletype.ts';

/** Milliseconds that what is left in the background may take. */
const grace = 2000;

/** As `../terminal.ts` says. */
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

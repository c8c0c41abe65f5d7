/** Containers made and run by the emulated world. */
import { View } from '../world/files/view.ts';
import type { Input, Output, Run } from '../world/program.ts';
import { root, run } from '../world/run.ts';
import { createContainer } from '../world/systems/container.ts';
import { interactive } from '../world/terminal.ts';
import type { Note, World } from '../world/world.ts';
import type { TypedInput } from './engine/input.ts';
import type { Channel } from './engine/logs.ts';
import type { Outcome, RunOptions, Runtime } from './engine/process.ts';

export const worldRuntime: Runtime = {
  createContainer,
  run: (world, options) => (options.tty ? runAtTerminal(world, options) : runPlain(world, options)),
};

function runPlain(world: World, options: RunOptions): Promise<Outcome> {
  const { argv, env, cwd, input, isHurried, signal } = options;
  const stdin: Input | undefined = input && { isTerminal: false, read: () => input.read() };
  return run(world, {
    argv,
    env: new Map(env.map(splitOnce)),
    cwd,
    user: userOf(world, options.user),
    ...(stdin !== undefined && { stdin }),
    stdout: outputOf(options, 1),
    stderr: outputOf(options, 2),
    pace: isHurried ? 'skip' : 'real',
    signal,
  });
}

async function runAtTerminal(world: World, options: RunOptions): Promise<Outcome> {
  const { argv, env, cwd, size, input, signal } = options;
  const notes: Note[] = [];
  const commands: (readonly string[])[] = [argv];
  const exitCode = await interactive(world, {
    argv,
    env: new Map(env.map(splitOnce)),
    cwd,
    user: userOf(world, options.user),
    terminal: size,
    input: bytesOf(input, signal),
    output: outputOf(options, 1),
    onLine: (line, result) => {
      notes.push(...result.notes);
      commands.push(...result.commands);
      options.lineRan?.(line, result);
    },
    signal,
  });
  return { exitCode, notes, commands };
}

/** What is typed; a terminal that nobody types at is silent, not hung up. */
async function* bytesOf(input: TypedInput | undefined, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (input === undefined) {
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return;
  }
  for (let bytes = await input.read(); bytes !== undefined; bytes = await input.read()) yield bytes;
}

function outputOf({ tty, output }: RunOptions, channel: Channel): Output {
  return {
    isTerminal: tty,
    async write(data) {
      output(channel, typeof data === 'string' ? Buffer.from(data) : data);
    },
  };
}

function splitOnce(variable: string): [string, string] {
  const equals = variable.indexOf('=');
  return equals < 0 ? [variable, ''] : [variable.slice(0, equals), variable.slice(equals + 1)];
}

/** @param told as `--user` has it: a name or a number, and a group */
function userOf(world: World, told: string): Run['user'] {
  const [user = '', group] = told.split(':');
  if (user === '' || user === 'root' || user === '0') return root;
  const view = new View(world.files);
  const text = view.exists('/etc/passwd') ? Buffer.from(view.read('/etc/passwd')).toString('utf8') : '';
  const fields = text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name, , uid]) => name === user || uid === user);
  const number = (digits: string | undefined): number =>
    /^\d{1,9}$/.test(digits ?? '') ? Number(digits) : 0;
  return {
    name: fields?.[0] ?? user,
    uid: number(fields?.[2] ?? user),
    gid: number(/^\d+$/.test(group ?? '') ? group : fields?.[3]),
    home: fields?.[5] || '/',
  };
}

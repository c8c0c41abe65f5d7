/** Runs commands of containers in the emulated world. */
import { Ended, type Input, type Output } from '../world/program.ts';
import { run } from '../world/run.ts';
import { interactive } from '../world/terminal.ts';
import type { World } from '../world/world.ts';
import type { Command, CommandInput, Ended as Outcome, Runtime } from './runtime.ts';

export const worldRuntime: Runtime = {
  execute: (world, command) =>
    command.terminal === undefined ? runIn(world, command) : typeInto(world, command),
};

/** 128 + the number of the signal. */
const sigpipe = 141;

function runIn(world: World, command: Command): Promise<Outcome> {
  const { argv, input, signal } = command;
  return run(world, {
    argv,
    cwd: '/',
    env: environmentOf(command),
    ...(input !== undefined && { stdin: inputOf(input) }),
    stdout: outputOf(command, 'stdout'),
    stderr: outputOf(command, 'stderr'),
    pace: 'skip',
    signal,
  });
}

async function typeInto(world: World, command: Command): Promise<Outcome> {
  const { argv, input, terminal, signal } = command;
  let hasWritten = false;
  const to = outputOf(command, 'stdout');
  const source = input === undefined ? undefined : inputOf(input);
  const exitCode = await interactive(world, {
    argv,
    cwd: '/',
    env: environmentOf(command),
    ...(terminal !== undefined && { terminal }),
    input: typed(source),
    output: {
      isTerminal: true,
      write(data) {
        hasWritten = true;
        return to.write(data);
      },
    },
    onLine: (line, result) => command.line?.(line, result),
    signal,
  });
  // What is not there says nothing, but a shell that ends so has said why.
  const isMissing = !hasWritten && (exitCode === 127 || exitCode === 126);
  return { exitCode, notes: [], ...(isMissing && { failure: exitCode === 127 ? 'ENOENT' : 'EACCES' }) };
}

async function* typed(source: Input | undefined): AsyncGenerator<Uint8Array> {
  for (;;) {
    const bytes = await source?.read();
    if (bytes === undefined) return;
    yield bytes;
  }
}

function environmentOf({ env }: Command): ReadonlyMap<string, string> {
  return new Map(env.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
}

function outputOf({ terminal, output, signal }: Command, to: 'stdout' | 'stderr'): Output {
  return {
    isTerminal: terminal !== undefined,
    async write(data) {
      await output(to, typeof data === 'string' ? Buffer.from(data) : data);
      if (signal.aborted) throw new Ended(sigpipe);
    },
  };
}

function inputOf(source: CommandInput): Input {
  const waiting: (Buffer | undefined)[] = [];
  let wake = (): void => {};
  let isOver = false;
  source.listen((bytes) => {
    waiting.push(bytes);
    wake();
  });
  return {
    isTerminal: false,
    async read() {
      while (waiting.length === 0 && !isOver)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      const next = waiting.shift();
      if (next === undefined) isOver = true;
      return next;
    },
  };
}

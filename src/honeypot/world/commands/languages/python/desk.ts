/** What functions of modules work on: the machine, a directory, an environment, the cell's output. */
import type { Machine, Outcome } from './machine.ts';
import { callable, isList, textOf, type Value } from './value.ts';

export interface Desk {
  readonly machine: Machine;
  cwd: string;
  /** The program and its arguments. */
  readonly argv: readonly string[];
  readonly environment: Map<string, string>;
  write(to: 'stdout' | 'stderr', text: string): void;
}

/** What a function of a module comes to; nothing is `None`. */
type Work = (
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
) => Value | undefined | Promise<Value | undefined>;

/** Functions of a module, by name. */
export function functions(all: Readonly<Record<string, Work>>): Record<string, Value> {
  const made = Object.entries(all).map(([name, work]): [string, Value] => [
    name,
    callable(name, (args, named) => {
      const result = work(args, named);
      return result instanceof Promise ? result.then((value) => value ?? null) : (result ?? null);
    }),
  ]);
  return Object.fromEntries(made);
}

export function shell(line: string): string[] {
  return ['/bin/sh', '-c', line];
}

/** Words of a command that is a list. */
export function wordsOf(command: Value | undefined): string[] {
  return command !== undefined && isList(command) ? command.items.map(textOf) : [textOf(command ?? '')];
}

/** Runs a command whose output is the cell's. */
export async function system(desk: Desk, argv: readonly string[]): Promise<Outcome> {
  const ran = await desk.machine.run(argv, { cwd: desk.cwd, env: desk.environment, isShown: true });
  desk.write('stdout', ran.output.toString('utf8'));
  desk.write('stderr', ran.errors.toString('utf8'));
  return ran;
}

/** What a command line prints. */
export async function capture(desk: Desk, line: string): Promise<string> {
  return (await desk.machine.run(shell(line), desk)).output.toString('utf8');
}

export function exitStatus({ exitCode }: Outcome): bigint {
  return BigInt(exitCode);
}

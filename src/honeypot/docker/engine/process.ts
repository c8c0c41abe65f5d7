/** A process of a container: emulated in the container's world, or only said to run. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ContainerOptions } from '../../world/systems/container.ts';
import type { LineResult } from '../../world/terminal.ts';
import type { Note, World } from '../../world/world.ts';
import { TypedInput } from './input.ts';
import type { Channel } from './logs.ts';

/** What containers are made and run with: the emulated world, or what a test puts in its place. */
export interface Runtime {
  createContainer(host: World, options: ContainerOptions): World;
  /** Resolves when the process has ended; never fails. */
  run(world: World, options: RunOptions): Promise<Outcome>;
}

export interface RunOptions {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly user: string;
  readonly tty: boolean;
  readonly size: TerminalSize;
  readonly input: TypedInput | undefined;
  output(channel: Channel, bytes: Uint8Array): void;
  /** Told of each line that was typed at a terminal, once it has run. */
  lineRan?(line: string, result: LineResult): void;
  /** Waiting takes no time: nobody looks on. */
  readonly isHurried?: boolean;
  readonly signal: AbortSignal;
}

/** Changes while the process runs. */
export interface TerminalSize {
  rows: number;
  columns: number;
}

export interface Outcome {
  readonly exitCode: number;
  readonly notes: readonly Note[];
  readonly commands: readonly (readonly string[])[];
}

export interface Running {
  readonly input: TypedInput;
  readonly size: TerminalSize;
  readonly ended: Promise<Outcome>;
  /** @param exitCode 128 and the signal's number, or what the program says to the signal */
  kill(exitCode: number): void;
  /** And did not end by itself. */
  readonly wasKilled: boolean;
}

/** Emulated at once, of all visitors; those that come later are only said to run. */
const mostEmulated = 500;
let emulated = 0;

export interface Start {
  readonly runtime: Runtime;
  /** Absent for what is only said to run. */
  readonly world: World | undefined;
  readonly options: Omit<RunOptions, 'signal' | 'size' | 'input'>;
  readonly input: TypedInput | undefined;
  /** Milliseconds until it runs. */
  readonly takes?: number;
}

/**
 * What containerd and runc take between the answer to `exec` and the program's first byte (20.10.24, runc 1.1.5: 46 to 53,
 * November 2026). docker-py loses what comes together with the answer.
 */
export function launchTime(): number {
  return 42 + Math.random() * 16;
}

export function startProcess({ runtime, world, options, input, takes = 0 }: Start): Running {
  if (world === undefined || emulated >= mostEmulated) return saidProcess(input);
  const killer = new AbortController();
  const said = saidProcess(input);
  const { size } = said;
  emulated += 1;
  const done = launched(takes, killer.signal)
    .then(() => runtime.run(world, { ...options, input, size, signal: killer.signal }))
    .catch((): Outcome => ({ exitCode: 1, notes: [], commands: [] }))
    .finally(() => {
      emulated -= 1;
    });
  const ended = Promise.race([done, said.ended]).then(async (first): Promise<Outcome> => {
    if (!killer.signal.aborted) return first;
    // What it had done until then is known when its emulation has noticed.
    return { ...(await done), exitCode: (await said.ended).exitCode };
  });
  return {
    ...said,
    ended,
    get wasKilled() {
      return killer.signal.aborted;
    },
    kill(exitCode) {
      said.kill(exitCode);
      killer.abort();
    },
  };
}

async function launched(takes: number, signal: AbortSignal): Promise<void> {
  if (takes > 0) await wait(takes, undefined, { signal }).catch(() => {});
}

/** One that does nothing until it is killed. */
export function saidProcess(input = new TypedInput()): Running {
  const killed = Promise.withResolvers<number>();
  let wasKilled = false;
  return {
    input,
    size: { rows: 24, columns: 80 },
    ended: killed.promise.then((exitCode) => ({ exitCode, notes: [], commands: [] })),
    get wasKilled() {
      return wasKilled;
    },
    kill(exitCode) {
      wasKilled = true;
      killed.resolve(exitCode);
      input.end();
    },
  };
}

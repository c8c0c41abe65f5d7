/**
 * A session in which somebody types: over SSH or at a container, with a terminal or without one. Each line is told with
 * what became of it.
 */
import { later } from '../later.ts';
import type { Output, Run } from './program.ts';
import type { Limits } from './shell/process/budget.ts';
import type { Pace, ProgramLookup, Terminal } from './shell/process/kernel.ts';
import type { LineResult, Report } from './shell/terminal/records.ts';
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

const shell = later(() => import('./shell/interactive.ts'));

/** @returns the exit code of the shell; never rejects */
export async function interactive(world: World, session: Session): Promise<number> {
  return (await shell()).interactive(world, session);
}

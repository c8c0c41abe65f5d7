/** What commands of containers are run with: the emulated world, or what a test puts in its place. */
import type { Note, World } from '../world/world.ts';

export interface Command {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly input?: CommandInput;
  readonly terminal?: TerminalSize;
  /** Waits while nobody takes it. */
  output(to: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>;
  /** At a terminal: each line that was typed, when it is over. What it did is told here and not at the end. */
  line?(
    line: string,
    result: { readonly exitCode: number; readonly notes: readonly Note[]; readonly output: string },
  ): void;
  readonly signal: AbortSignal;
}

/** What is typed, as it comes: the listener is told all of it, and undefined at the end. */
export interface CommandInput {
  listen(listener: (bytes: Buffer | undefined) => void): void;
}

/** Changes while the command runs. */
export interface TerminalSize {
  rows: number;
  columns: number;
}

export interface Ended {
  readonly exitCode: number;
  readonly notes: readonly Note[];
  /** Why it did not even start. */
  readonly failure?: 'ENOENT' | 'EACCES';
}

export interface Runtime {
  /** Resolves when the command has ended; never fails. */
  execute(world: World, command: Command): Promise<Ended>;
}

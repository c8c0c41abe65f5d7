/**
 * The contract of a program of the world, such as `ls`: a function that reads, writes and ends with an exit code. The
 * shell finds it by the path of its file, runs it as a part of a pipeline, and stops it when its time is over.
 */
import type { View } from './files/view.ts';
import type { Note, World } from './world.ts';

export interface Input {
  /** The next bytes; `undefined` at the end. */
  read(): Promise<Uint8Array | undefined>;
  readonly isTerminal: boolean;
}

export interface Output {
  /** Waits while the reader is slow. @throws Ended where nobody reads any more (SIGPIPE), or too much was written. */
  write(data: string | Uint8Array): Promise<void>;
  readonly isTerminal: boolean;
}

/** One running program. */
export interface Run {
  readonly world: World;
  /** The name it was called by, and its arguments. */
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  /** Files as it sees them: root, working directory, user. */
  readonly files: View;
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string };
  readonly pid: number;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly terminal?: { readonly rows: number; readonly columns: number };
  /** Tells what would leave the machine. */
  note(note: Note): void;
  /**
   * Runs another program or script, as `env`, `nohup`, `xargs`, `sh`, `chroot` and `nsenter` do.
   * @returns its exit code; 127 where there is no such program, 126 where it may not be run, and nothing is said of it
   */
  exec(args: readonly string[], change?: Change): Promise<number>;
  /** Waits in the world's time: really where somebody watches, at once where nobody does. */
  sleep(milliseconds: number): Promise<void>;
  /** Counts work (about a microsecond each), lets others run, and ends the program where its budget is spent. @throws Ended */
  work(units: number): Promise<void>;
}

/** How a program is started differently from the one that starts it. */
export interface Change {
  readonly files?: View;
  readonly env?: ReadonlyMap<string, string>;
  readonly stdin?: Input;
  readonly stdout?: Output;
  readonly stderr?: Output;
  readonly world?: World;
  readonly user?: Run['user'];
  /** Goes on after the one that started it has ended: `nohup`, `setsid`, `&`. */
  readonly isDetached?: boolean;
}

/** @returns the exit code, 0 to 255 */
export type Program = (run: Run) => Promise<number> | number;

/** Thrown through a program that is over before its end: killed, out of budget, nobody reads. */
export class Ended extends Error {
  readonly exitCode: number;

  /** @param exitCode 128 + the number of the signal */
  constructor(exitCode: number) {
    super('ended');
    this.exitCode = exitCode;
  }
}

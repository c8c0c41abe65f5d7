/** What a program in Python has to do with: the machine that runs it, as a process there or as a kernel of Jupyter. */
import type { View } from '../../../files/view.ts';
import type { Run } from '../../../program.ts';
import type { World } from '../../../world.ts';

export interface Outcome {
  readonly exitCode: number;
  readonly output: Buffer;
  /** Empty where both go one way. */
  readonly errors: Buffer;
}

export interface Options {
  readonly cwd: string;
  readonly env?: ReadonlyMap<string, string>;
  /** What it reads. */
  readonly input?: Uint8Array;
  /** Both outputs go one way, as into a terminal. */
  readonly isMerged?: boolean;
  /** It has the program's own input and outputs, where there are such: of these, the outcome has nothing. */
  readonly isShown?: boolean;
}

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly content: Buffer;
}

export interface Machine {
  readonly world: World;
  readonly user: Run['user'];
  /** Files as the program sees them. */
  view(cwd: string): View;
  run(argv: readonly string[], options: Options): Promise<Outcome>;
  /** @returns undefined where nobody answers */
  fetch(request: Request, options: Options): Promise<Reply | undefined>;
  connect(host: string, port: number, options: Options): Promise<void>;
  /** All of standard input. */
  read(): Promise<Buffer>;
  /** A file was left without a command. */
  left(path: string): void;
}

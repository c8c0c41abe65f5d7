/** Where the one pass over shell text is, and how far it may go. */
import type { Command } from './shell.ts';

/** Text behind `text` characters is not read; commands and words past their limits are dropped. */
export const limits = {
  text: 1 << 20,
  commands: 20_000,
  words: 2_000,
  depth: 8,
  expansion: 1 << 20,
  /** Substitutions whose output is worked out, because unpacking makes much of little. */
  outputs: 100,
} as const;

/** State of the one pass, which the files that read commands, words and redirections advance together. */
export interface Reader {
  readonly text: string;
  at: number;
  readonly depth: number;
  /** What ends the list; empty for the text itself. */
  readonly closer: '' | ')' | '`';
  readonly variables: Map<string, string>;
  /** `a=(b c)`, by name. */
  readonly arrays: Map<string, readonly string[]>;
  /** Commands of substitutions; they come behind the list that they occur in, so that pipelines stay together. */
  readonly nested: Command[];
  /** What decoders in substitutions of the command at hand printed. */
  decoded: string[];
  /** Reads on from behind an opening `$(` or backtick to its closer; the commands in between, without theirs. */
  readonly readNested: (reader: Reader, closer: ')' | '`') => readonly Command[];
  /** What is left of the limits, shared by nested readers: characters that variables and substitutions may add. */
  readonly budget: { expansion: number; commands: number; outputs: number };
}

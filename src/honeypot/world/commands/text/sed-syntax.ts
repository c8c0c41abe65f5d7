/** What a script of sed consists of. */
import type { Regex } from '../regex.ts';

export type Address =
  | { readonly kind: 'line'; readonly number: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'regex'; readonly regex: Regex | undefined }
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  /** `,+3` and `,~4` as second address. */
  | { readonly kind: 'more'; readonly count: number }
  | { readonly kind: 'multiple'; readonly of: number };

export type Replacement = readonly (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly number: number }
  | { readonly kind: 'case'; readonly letter: string }
)[];

export interface Substitution {
  /** Undefined stands for the last one that was used. */
  readonly regex: Regex | undefined;
  readonly replacement: Replacement;
  readonly isGlobal: boolean;
  readonly which: number;
  readonly prints: boolean;
  readonly file: string | undefined;
}

export interface Command {
  readonly letter: string;
  readonly first: Address | undefined;
  readonly second: Address | undefined;
  readonly isNegated: boolean;
  /** Of a, i, c: its text; of b, t, T, `:`: a label; of r, w: a file; of q, Q, l: a number. */
  readonly text: string;
  readonly substitution: Substitution | undefined;
  readonly table: ReadonlyMap<string, string> | undefined;
  /** Of `{`: the place behind its `}`. */
  end: number;
}

/** Wrong script. */
export class SedFault extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

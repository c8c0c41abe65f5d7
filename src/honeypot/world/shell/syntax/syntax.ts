/** What a script consists of, as the parser hands it to the interpreter. */

/** Pieces that are expanded one by one and then make one text, or several where a piece is split. */
export type Word = readonly Part[];

export type Part =
  /** Quoted text is neither split nor a pattern. */
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | Parameter
  | { readonly kind: 'command'; readonly body: Substitution; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean }
  /** `<(…)` and `>(…)`. */
  | { readonly kind: 'process'; readonly isInput: boolean; readonly body: List }
  /** All of an argument of `export`, `local` and their like. */
  | { readonly kind: 'assignment'; readonly assignment: Assignment };

/** Between backquotes stands text that is parsed when it is run. */
export type Substitution = List | { readonly source: string; readonly line: number };

export interface Parameter {
  readonly kind: 'parameter';
  readonly name: string;
  readonly quoted: boolean;
  /** `${name[index]}`. */
  readonly index?: Index;
  /** `${!name}`. */
  readonly isIndirect?: boolean;
  readonly operation?: Operation;
}

/** Of an array: all that is in it, or one place. */
export type Index = '@' | '*' | Word;

export type Operation =
  | { readonly kind: 'length' }
  /** `${x:-word}` and its like; with a colon empty counts as unset. */
  | {
      readonly kind: 'default';
      readonly operator: '-' | '=' | '?' | '+';
      readonly colon: boolean;
      readonly word: Word;
    }
  | {
      readonly kind: 'trim';
      readonly from: 'start' | 'end';
      readonly longest: boolean;
      readonly pattern: Word;
    }
  | {
      readonly kind: 'replace';
      readonly where: 'first' | 'all' | 'start' | 'end';
      readonly pattern: Word;
      readonly replacement: Word;
    }
  | { readonly kind: 'slice'; readonly offset: Word; readonly length?: Word }
  | { readonly kind: 'case'; readonly upper: boolean; readonly all: boolean; readonly pattern: Word }
  | { readonly kind: 'transform'; readonly operator: string }
  /** `${!prefix*}`. */
  | { readonly kind: 'names'; readonly joined: boolean }
  /** `${!array[@]}`. */
  | { readonly kind: 'keys' }
  /** What no shell understands; told when it is expanded. */
  | { readonly kind: 'bad'; readonly source: string };

export interface Assignment {
  readonly name: string;
  readonly index?: Word;
  /** `+=`. */
  readonly isAppended: boolean;
  readonly value: Word;
  /** `name=(…)`, in place of a value. */
  readonly elements?: readonly Element[];
}

export interface Element {
  /** Where it is written: `[key]=value`. */
  readonly key?: Word;
  readonly value: Word;
}

export interface Redirection {
  readonly operator: '<' | '>' | '>|' | '>>' | '<>' | '<&' | '>&' | '&>' | '&>>' | '<<' | '<<<';
  /** Absent: what the operator implies. */
  readonly fd?: number;
  /** `{name}>`: takes a number that is free, and keeps it there. */
  readonly variable?: string;
  readonly target: Word;
  /** As it was written, for messages. */
  readonly source: string;
}

/** Read when the line ends behind which it stands. */
export interface HereDocument {
  readonly operator: '<<';
  readonly fd?: number;
  target: Word;
  readonly source: string;
  readonly delimiter: string;
  readonly isQuoted: boolean;
  /** `<<-`. */
  readonly isIndented: boolean;
  /** Of the operator. */
  readonly line: number;
}

export type Command = Simple | Compound | FunctionDefinition;

export interface Simple {
  readonly kind: 'simple';
  readonly line: number;
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

export type Compound = {
  readonly line: number;
  readonly redirections: readonly Redirection[];
} & (
  | { readonly kind: 'group'; readonly body: List }
  | { readonly kind: 'subshell'; readonly body: List }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise?: List }
  | { readonly kind: 'while'; readonly isUntil: boolean; readonly condition: List; readonly body: List }
  /** Without words: the positional parameters. What was written of them is kept for `set -x`. */
  | {
      readonly kind: 'for' | 'select';
      readonly name: string;
      readonly words?: readonly Word[];
      readonly source: string;
      readonly body: List;
    }
  | { readonly kind: 'count'; readonly head: readonly [Word, Word, Word]; readonly body: List }
  | {
      readonly kind: 'case';
      readonly subject: Word;
      readonly source: string;
      readonly items: readonly CaseItem[];
    }
  | { readonly kind: 'arithmetic'; readonly expression: Word }
  | { readonly kind: 'conditional'; readonly condition: Condition }
);

export interface Branch {
  readonly condition: List;
  readonly body: List;
}

export interface CaseItem {
  readonly patterns: readonly Word[];
  readonly body: List;
  readonly end: ';;' | ';&' | ';;&';
}

export interface FunctionDefinition {
  readonly kind: 'function';
  readonly line: number;
  readonly name: string;
  readonly body: Command;
  /** None of its own: they are its body's. */
  readonly redirections: readonly Redirection[];
  /** The body as it was written. */
  readonly source: string;
}

/** Between `[[` and `]]`. */
export type Condition =
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Word }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Word; readonly right: Word };

export interface Pipeline {
  readonly commands: readonly Command[];
  readonly isNegated: boolean;
  /** `time`, and whether it was asked to print as POSIX says. */
  readonly timed?: 'time' | 'posix';
}

export interface Entry {
  readonly first: Pipeline;
  readonly rest: readonly { readonly operator: '&&' | '||'; readonly pipeline: Pipeline }[];
  readonly isBackground: boolean;
  /** As it was written, for the list of jobs. */
  readonly source: string;
}

export type List = readonly Entry[];

/** What a program of awk consists of. */
import type { Regex } from '../regex.ts';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'regex'; readonly regex: Regex }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'field'; readonly index: Expression }
  | { readonly kind: 'element'; readonly name: string; readonly keys: readonly Expression[] }
  | {
      readonly kind: 'assign';
      readonly operator: string;
      readonly target: Target;
      readonly value: Expression;
    }
  | { readonly kind: 'increment'; readonly target: Target; readonly by: 1 | -1; readonly isBefore: boolean }
  | { readonly kind: 'unary'; readonly operator: '!' | '-' | '+'; readonly one: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'match';
      readonly isNegated: boolean;
      readonly text: Expression;
      readonly pattern: Expression;
    }
  | { readonly kind: 'in'; readonly keys: readonly Expression[]; readonly name: string }
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'group'; readonly list: readonly Expression[] }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly isBuiltin: boolean;
    }
  | {
      readonly kind: 'getline';
      readonly target: Target | undefined;
      readonly source: { readonly kind: 'file' | 'command'; readonly name: Expression } | undefined;
    };

export type Target = Extract<Expression, { readonly kind: 'variable' | 'field' | 'element' }>;

export type Statement =
  | { readonly kind: 'expression'; readonly value: Expression }
  | {
      readonly kind: 'print' | 'printf';
      readonly args: readonly Expression[];
      readonly output: { readonly operator: '>' | '>>' | '|'; readonly name: Expression } | undefined;
    }
  | {
      readonly kind: 'if';
      readonly test: Expression;
      readonly yes: Statement;
      readonly no: Statement | undefined;
    }
  | { readonly kind: 'while'; readonly test: Expression; readonly body: Statement }
  | { readonly kind: 'do'; readonly body: Statement; readonly test: Expression }
  | {
      readonly kind: 'for';
      readonly first: Statement | undefined;
      readonly test: Expression | undefined;
      readonly step: Statement | undefined;
      readonly body: Statement;
    }
  | { readonly kind: 'each'; readonly variable: string; readonly array: string; readonly body: Statement }
  | { readonly kind: 'block'; readonly list: readonly Statement[] }
  | { readonly kind: 'next' | 'nextfile' | 'break' | 'continue' }
  | { readonly kind: 'exit' | 'return'; readonly value: Expression | undefined }
  | { readonly kind: 'delete'; readonly name: string; readonly keys: readonly Expression[] | undefined };

export interface Rule {
  readonly pattern:
    | { readonly kind: 'begin' | 'end' | 'always' }
    | { readonly kind: 'test'; readonly test: Expression }
    | { readonly kind: 'range'; readonly first: Expression; readonly last: Expression };
  /** Undefined prints the record. */
  readonly action: Statement | undefined;
}

export interface AwkFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface AwkProgram {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}

/** A program that is none: what mawk says behind its name. */
export class AwkFault extends Error {}

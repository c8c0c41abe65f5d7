/** What an expression of find consists of. */
import type { Node } from '../../files/node.ts';

/** What an expression can ask of, and do with, a file. */
export interface Candidate {
  readonly path: string;
  readonly name: string;
  readonly node: Node;
  readonly depth: number;
}

export interface FindContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  uidOf(name: string): number | undefined;
  gidOf(name: string): number | undefined;
  mtimeOf(path: string): number | undefined;
  quote(word: string): string;
  isEmpty(candidate: Candidate): boolean;
  /** Whether a user may read, write or run it. */
  allows(node: Node, need: number): boolean;
  matchesRegex(pattern: string, path: string, ignoresCase: boolean): boolean;
}

export type Expression =
  | { readonly kind: 'test'; holds(candidate: Candidate): boolean }
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'not'; readonly one: Expression }
  | { readonly kind: 'and' | 'or' | 'list'; readonly first: Expression; readonly second: Expression };

export type Action =
  | { readonly kind: 'print' | 'print0' | 'delete' | 'prune' | 'quit' | 'ls' }
  | { readonly kind: 'printf'; readonly format: string }
  | {
      readonly kind: 'exec';
      readonly words: readonly string[];
      readonly isMany: boolean;
      readonly isIn: boolean;
    };

export interface FindPlan {
  readonly expression: Expression | undefined;
  readonly hasAction: boolean;
  readonly minDepth: number;
  readonly maxDepth: number;
  readonly isDepthFirst: boolean;
  readonly staysOnDevice: boolean;
  readonly followsLinks: boolean;
}

/** By the sign that stands before a number: more, less, exactly. */
export function compared(sign: string | undefined, value: number, wanted: number): boolean {
  return sign === '+' ? value > wanted : sign === '-' ? value < wanted : value === wanted;
}

/** As `-type` is told. */
export function typeLetter(node: Node): string {
  if (node.kind === 'directory') return 'd';
  if (node.kind === 'link') return 'l';
  if (node.device === undefined) return 'f';
  return node.device.socket ? 's' : node.device.block ? 'b' : 'c';
}

/** What is wrong with an expression, as find words it. */
export class FindFault extends Error {}

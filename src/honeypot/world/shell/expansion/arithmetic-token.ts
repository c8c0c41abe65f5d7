/** Cuts an arithmetic expression into tokens. */
import type { Dialect } from '../dialect.ts';

interface Place {
  readonly at: number;
  /** Where the next one may begin. */
  readonly end: number;
}

export type Token = Place &
  (
    | { readonly kind: 'number' | 'operator' | 'end'; readonly text: string }
    /** With an index, as it stands between the brackets. */
    | { readonly kind: 'name'; readonly text: string; readonly index?: string }
  );

/** The longest first. */
export const operators: readonly string[] = [
  '<<=',
  '>>=',
  '**',
  '++',
  '--',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '*=',
  '/=',
  '%=',
  '+=',
  '-=',
  '&=',
  '^=',
  '|=',
  ...'+-*/%<>&|^!~?:=(),',
];

/** bash and ash know bases, and take all that follows a number for a part of it. */
const extendedNumber = /(?:\d+#[\w@]+|0[xX][0-9A-Fa-f]*|\d+)[\w@]*/y;
const posixNumber = /0[xX][0-9A-Fa-f]+|\d+/y;
const name = /[A-Za-z_]\w*/y;
const blanks = /\s*/y;

export function readToken(text: string, from: number, dialect: Dialect): Token {
  const at = from + matchAt(blanks, text, from)!.length;
  if (at >= text.length) return { kind: 'end', text: '', at, end: at };
  const digits = matchAt(dialect.isExtended ? extendedNumber : posixNumber, text, at);
  if (digits !== undefined) return { kind: 'number', text: digits, at, end: at + digits.length };
  const word = matchAt(name, text, at);
  if (word === undefined) {
    const operator = operators.find((each) => text.startsWith(each, at)) ?? text.charAt(at);
    return { kind: 'operator', text: operator, at, end: at + operator.length };
  }
  const end = at + word.length;
  const index = dialect.isBash ? indexAt(text, end) : undefined;
  if (index === undefined) return { kind: 'name', text: word, at, end };
  return { kind: 'name', text: word, index, at, end: end + index.length + 2 };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** What stands between brackets, if they close. */
function indexAt(text: string, open: number): string | undefined {
  if (text.charAt(open) !== '[') return undefined;
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '[') depth += 1;
    if (text[at] === ']') depth -= 1;
    if (depth === 0) return text.slice(open + 1, at);
  }
  return undefined;
}

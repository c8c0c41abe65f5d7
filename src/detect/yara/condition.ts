/** Conditions taken apart: parentheses, `or`, `and`. What lies deeper is left as tokens. */
import type { Token } from './tokens.ts';

export function withoutParentheses(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (inner[0]?.text === '(' && closing(inner, 0) === inner.length - 1) inner = inner.slice(1, -1);
  return inner;
}

/** Index of the parenthesis that closes the one at `from`, -1 where none does. */
export function closing(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    if (tokens[at]?.text === '(') depth++;
    if (tokens[at]?.text === ')') depth--;
    if (depth === 0) return at;
  }
  return -1;
}

/** Splits at a word or sign outside all parentheses. */
export function splitAt(tokens: readonly Token[], word: 'and' | 'or' | ','): readonly (readonly Token[])[] {
  const parts: (readonly Token[])[] = [];
  let depth = 0;
  let start = 0;
  for (const [at, token] of tokens.entries()) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth !== 0 || token.text !== word) continue;
    parts.push(tokens.slice(start, at));
    start = at + 1;
  }
  parts.push(tokens.slice(start));
  return parts;
}

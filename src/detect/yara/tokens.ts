/**
 * YARA text as tokens: just enough grammar to find where a rule begins and ends and what its condition names.
 * It follows strings, regular expressions and comments, so that a brace or a keyword inside them means
 * nothing. YARA's division is `\`, so a slash always opens a comment or a regular expression.
 */
import { WaterguardError } from '../../model/error.ts';

export interface Token {
  /** `name` also covers keywords; `pattern` is `$a`, `#a`, `@a`, `!a`. */
  readonly kind: 'name' | 'pattern' | 'number' | 'string' | 'regex' | 'sign';
  readonly text: string;
  /** In UTF-16 units of the source. */
  readonly at: number;
  readonly end: number;
}

/** Bounds memory to about 200 MB; the largest public rule file of November 2026 has 600,000. */
const mostTokens = 2_000_000;

/**
 * Linear; text that is not YARA gives meaningless tokens. Comments are left out.
 *
 * @throws WaterguardError `limit` for more than two million tokens
 */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const end = endOfBlank(source, at);
    if (end > at) {
      at = end;
      continue;
    }
    const token = tokenAt(source, at);
    if (tokens.length >= mostTokens) {
      throw new WaterguardError('limit', `more than ${mostTokens} tokens; split the rule file`);
    }
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** Behind white space or one comment; `at` where there is none. */
function endOfBlank(source: string, at: number): number {
  const first = source[at] ?? '';
  if (first.trim() === '') return at + 1;
  if (source.startsWith('//', at)) return endOf(source, '\n', at + 2);
  if (source.startsWith('/*', at)) return endOf(source, '*/', at + 2);
  return at;
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found + mark.length;
}

function tokenAt(source: string, at: number): Token {
  const first = source[at] ?? '';
  if (first === '"') return cut(source, 'string', at, endOfQuoted(source, at, '"'));
  if (first === '/') return cut(source, 'regex', at, endOfRun(source, endOfQuoted(source, at, '/'), isFlag));
  if ('$#@!'.includes(first) && !source.startsWith('!=', at)) {
    return cut(source, 'pattern', at, endOfRun(source, at + 1, isNamePart));
  }
  if (isDigit(first)) return cut(source, 'number', at, endOfRun(source, at + 1, isNamePart));
  if (isNamePart(first)) return cut(source, 'name', at, endOfRun(source, at + 1, isNamePart));
  return cut(source, 'sign', at, at + (twoCharacterSigns.has(source.slice(at, at + 2)) ? 2 : 1));
}

const twoCharacterSigns = new Set(['==', '!=', '<=', '>=', '<<', '>>', '..']);

function cut(source: string, kind: Token['kind'], at: number, end: number): Token {
  return { kind, text: source.slice(at, end), at, end };
}

/** A quoted text ends at its quote or with its line, which bounds the damage of one that is never closed. */
function endOfQuoted(source: string, from: number, quote: string): number {
  for (let at = from + 1; at < source.length; at++) {
    const one = source[at];
    if (one === '\n') return at;
    if (one === '\\' && source[at + 1] !== '\n') at++;
    else if (one === quote) return at + 1;
  }
  return source.length;
}

function endOfRun(source: string, from: number, belongs: (character: string) => boolean): number {
  let at = from;
  while (at < source.length && belongs(source[at] ?? '')) at++;
  return at;
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function isNamePart(character: string): boolean {
  return (
    (character >= 'a' && character <= 'z') ||
    (character >= 'A' && character <= 'Z') ||
    isDigit(character) ||
    character === '_'
  );
}

function isFlag(character: string): boolean {
  return character === 'i' || character === 's';
}

/**
 * Tokens of program code, near enough for Python, Perl, Ruby, PHP, JavaScript, Lua and awk: strings with their escapes
 * undone, numbers, names, signs. One pass; text that is no code gives tokens that are of no use.
 */

export type Language = 'python' | 'perl' | 'ruby' | 'php' | 'node' | 'lua' | 'awk';

export type Token =
  /** `runs`: between backticks, where the language hands them to a shell. `fills`: what stands for a variable in it. */
  | { readonly kind: 'string'; readonly value: string; readonly runs: boolean; readonly fills?: RegExp }
  | { readonly kind: 'number'; readonly value: number }
  /** With its sigil: `$x`. */
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'sign'; readonly value: string };

/** Longest code that is read, in characters; most tokens. */
export const codeLimits = { text: 128 * 1024, tokens: 30_000 } as const;

const blank = /\s+/y;
const number = /0[xX][\da-fA-F]{1,12}|0[oO]?[0-7]{1,12}(?!\d)|\d{1,15}(?:\.\d{1,15})?/y;
const name = /[$@]?[A-Za-z_]\w*/y;
const sign = /->|=>|::|\*\*|==|!=|\+=|\.=|\.\.|&&|\|\||[^\s\w]/y;
/** Letters before a string of Python. */
const prefix = /[rRbBuUfF]{1,2}(?=["'])/y;
/** `q(…)`, `qq{…}`, `qx/…/` of Perl, `%x(…)` of Ruby. */
const quoteLike = /(?:\b(q[qx]?)|%([qQx]))[ \t]?([({[</|!])/y;

export function tokensOf(code: string, language: Language): readonly Token[] {
  const text = code.slice(0, codeLimits.text);
  const tokens: Token[] = [];
  let at = 0;
  const taken = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };
  while (at < text.length && tokens.length < codeLimits.tokens) {
    if (taken(blank) !== null) continue;
    if (isComment(text, at, language)) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      continue;
    }
    const raw = language === 'python' ? (taken(prefix)?.[0] ?? '') : '';
    const character = text[at]!;
    if (character === '"' || character === "'" || character === '`') {
      const triple = language === 'python' && text.startsWith(character.repeat(3), at);
      const string = readString(text, at, triple ? character.repeat(3) : character);
      at = string.end;
      const runs = character === '`' && language !== 'node';
      tokens.push({
        kind: 'string',
        value: /r/i.test(raw) ? string.inside : unescaped(string.inside, character, language),
        runs,
        ...filling(language, character, raw),
      });
      continue;
    }
    const quote = language === 'perl' || language === 'ruby' ? taken(quoteLike) : null;
    if (quote !== null) {
      const closer = closers[quote[3] ?? ''] ?? quote[3] ?? '';
      const end = text.indexOf(closer, at);
      const inside = text.slice(at, end < 0 ? text.length : end);
      at = end < 0 ? text.length : end + 1;
      tokens.push({ kind: 'string', value: inside, runs: quote[1] === 'qx' || quote[2] === 'x' });
      continue;
    }
    const digits = taken(number)?.[0];
    if (digits !== undefined) {
      const octal = /^0[oO]?([0-7]+)$/.exec(digits)?.[1];
      tokens.push({
        kind: 'number',
        value: octal === undefined ? Number(digits) : Number.parseInt(octal, 8),
      });
      continue;
    }
    const word = taken(name)?.[0];
    if (word !== undefined) tokens.push({ kind: 'name', value: word });
    else tokens.push({ kind: 'sign', value: taken(sign)?.[0] ?? text[at++]! });
  }
  return tokens;
}

/** Where a string holds variables, which have their names in the first group. */
function filling(language: Language, quote: string, prefixed: string): { readonly fills?: RegExp } {
  switch (language) {
    case 'python':
      return /f/i.test(prefixed) ? { fills: /\{(\w{1,60})(?:[!:][^{}]{0,20})?\}/g } : {};
    case 'node':
      return quote === '`' ? { fills: /\$\{\s?(\w{1,60})\s?\}/g } : {};
    case 'ruby':
      return quote === '"' ? { fills: /#\{([$@]?\w{1,60})\}/g } : {};
    case 'perl':
    case 'php':
      return quote === '"' ? { fills: /\{?(\$\w{1,60})\}?/g } : {};
    default:
      return {};
  }
}

const closers: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']', '<': '>' };

/** Behind a blank or at the beginning of a line; elsewhere the sign means something else. */
function isComment(text: string, at: number, language: Language): boolean {
  if (at > 0 && !/[\s;]/.test(text[at - 1]!)) return false;
  if (text[at] === '#') return language !== 'node' && language !== 'lua';
  return text.startsWith('//', at) && (language === 'node' || language === 'php');
}

function readString(
  text: string,
  start: number,
  quote: string,
): { readonly inside: string; readonly end: number } {
  let at = start + quote.length;
  while (at < text.length && !text.startsWith(quote, at)) at += text[at] === '\\' ? 2 : 1;
  const end = Math.min(at, text.length);
  return { inside: text.slice(start + quote.length, end), end: Math.min(text.length, end + quote.length) };
}

const letters: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};

function unescaped(inside: string, quote: string, language: Language): string {
  if (!inside.includes('\\')) return inside;
  if (quote === "'" && (language === 'perl' || language === 'ruby' || language === 'php'))
    return inside.replace(/\\([\\'])/g, '$1');
  return inside.replace(
    /\\(?:x\{?([\da-fA-F]{1,6})\}?|u\{?([\da-fA-F]{4,6})\}?|([0-7]{1,3})|([\s\S]))/g,
    (whole, hex?: string, unicode?: string, octal?: string, other?: string) => {
      const digits = hex?.slice(0, whole.includes('{') ? 6 : 2) ?? unicode;
      const left = hex !== undefined && digits !== undefined ? hex.slice(digits.length) : '';
      if (digits !== undefined) return character(Number.parseInt(digits, 16)) + left;
      if (octal !== undefined) return character(Number.parseInt(octal, 8));
      return letters[other ?? ''] ?? (/\w/.test(other ?? '') ? whole : (other ?? ''));
    },
  );
}

function character(code: number): string {
  return code > 0x10ffff ? '' : String.fromCodePoint(code);
}

/** Words of Lua 5.1. */

export type Token =
  | { readonly kind: 'name' | 'keyword' | 'symbol' | 'string'; readonly text: string; readonly line: number }
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly line: number }
  | { readonly kind: 'end'; readonly text: '<eof>'; readonly line: number };

/** What is wrong with a script before it runs. */
export class LuaSyntaxError extends Error {}

export const keywords: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

const space = /[ \t\r\n\v\f]+/y;
const comment = /--(?!\[=*\[)[^\n]*/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const symbol = /\.\.\.|\.\.|==|~=|<=|>=|[-+*/%^#<>=(){}[\];:,.]/y;
const long = /(?:--)?\[(=*)\[/y;

/** @param at where an error is told to be: `user_script` */
export function tokens(source: string, at: string): Token[] {
  const all: Token[] = [];
  let place = 0;
  let line = 1;

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = place;
    return pattern.exec(source)?.[0];
  };
  const pass = (text: string): void => {
    place += text.length;
    for (const char of text) if (char === '\n') line += 1;
  };
  const fail = (problem: string, near: string): never => {
    throw new LuaSyntaxError(`${at}:${line}: ${problem} near '${near}'`);
  };

  /** What stands between [[ and ]], or --[[ and ]]. */
  const longText = (opening: string): string => {
    const level = '='.repeat(opening.length - 2 - (opening.startsWith('--') ? 2 : 0));
    const end = source.indexOf(`]${level}]`, place + opening.length);
    if (end < 0)
      fail(opening.startsWith('--') ? 'unfinished long comment' : 'unfinished long string', '<eof>');
    const whole = source.slice(place, end + level.length + 2);
    pass(whole);
    return whole.slice(opening.length, -(level.length + 2)).replace(/^\r?\n/, '');
  };

  const quoted = (quote: string): string => {
    let text = '';
    let end = place + 1;
    for (; source[end] !== quote; end += 1) {
      const char = source[end];
      if (char === undefined || char === '\n')
        fail('unfinished string', char === undefined ? '<eof>' : source.slice(place, end));
      if (char !== '\\') {
        text += char;
        continue;
      }
      const digits = /^\d{1,3}/.exec(source.slice(end + 1, end + 4))?.[0];
      const next = source[end + 1] ?? '';
      if (digits !== undefined && Number(digits) > 255) fail('escape sequence too large', text);
      text += digits === undefined ? (escapes[next] ?? next) : String.fromCharCode(Number(digits));
      end += digits === undefined ? 1 : digits.length;
    }
    pass(source.slice(place, end + 1));
    return text;
  };

  while (place < source.length) {
    const skipped = match(space) ?? match(comment);
    if (skipped !== undefined) {
      pass(skipped);
      continue;
    }
    const began = line;
    const opening = match(long);
    const char = source[place]!;
    if (opening !== undefined) {
      const text = longText(opening);
      if (!opening.startsWith('--')) all.push({ kind: 'string', text, line: began });
      continue;
    }
    if (char === '"' || char === "'") {
      all.push({ kind: 'string', text: quoted(char), line: began });
      continue;
    }
    const word = match(name);
    const digits = word === undefined ? match(number) : undefined;
    const text = word ?? digits ?? match(symbol) ?? fail('unexpected symbol', char);
    pass(text);
    if (digits !== undefined) all.push({ kind: 'number', value: Number(digits), text, line });
    else
      all.push({ kind: word === undefined ? 'symbol' : keywords.has(text) ? 'keyword' : 'name', text, line });
  }
  all.push({ kind: 'end', text: '<eof>', line });
  return all;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

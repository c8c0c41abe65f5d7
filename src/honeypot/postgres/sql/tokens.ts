/** Words of SQL as PostgreSQL's scanner takes them (scan.l, 15). Positions count characters, from 1. */
import { failures, PgError } from '../failure.ts';

export interface Token {
  /** `name` is a word without quotes, in lower case; `identifier` one in quotes. */
  readonly kind:
    | 'name'
    | 'identifier'
    | 'string'
    | 'bits'
    | 'number'
    | 'operator'
    | 'symbol'
    | 'parameter'
    | 'end';
  readonly text: string;
  readonly position: number;
  /** As it stands in the query. */
  readonly source: string;
}

/** Of one query. */
const maxTokens = 60_000;

const space = /[ \t\n\r\f\v]+|--[^\n\r]*/y;
const word = /[A-Za-z_\x80-\uffff][A-Za-z0-9_$\x80-\uffff]*/y;
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const parameter = /\$\d{1,5}/y;
const dollar = /\$(?:[A-Za-z_\x80-\uffff][A-Za-z0-9_\x80-\uffff]*)?\$/y;
const symbol = /::|:=|\.\.|=>|[()[\],;:.]/y;
/** No operator is longer (NAMEDATALEN). */
const operator = /[+\-*/<>=~!@#%^&|`?]{1,63}/y;

export function tokens(query: string): Token[] {
  const all: Token[] = [];
  let at = 0;

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(query)?.[0];
  };
  const push = (kind: Token['kind'], text: string, end: number): void => {
    if (all.length >= maxTokens) throw failures.tooMuch();
    all.push({ kind, text, position: at + 1, source: query.slice(at, end) });
    at = end;
  };

  while (at < query.length) {
    const skipped = match(space);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    if (query.startsWith('/*', at)) {
      at = endOfComment(query, at);
      continue;
    }
    const char = query[at]!;
    const prefix = /^(?:[ebxn]|u&)(?=')/i.exec(query.slice(at, at + 3))?.[0].toLowerCase() ?? '';
    if (char === "'" || prefix !== '') {
      const { text, end } = quoted(query, at, prefix);
      push(prefix === 'x' || prefix === 'b' ? 'bits' : 'string', text, end);
      continue;
    }
    if (char === '"') {
      const { text, end } = identifier(query, at);
      push('identifier', text, end);
      continue;
    }
    const tag = match(dollar);
    if (tag !== undefined) {
      const end = query.indexOf(tag, at + tag.length);
      if (end < 0) throw failures.scanner('unterminated dollar-quoted string', query.slice(at), at + 1);
      push('string', query.slice(at + tag.length, end), end + tag.length);
      continue;
    }
    const name = match(word);
    const digits = name === undefined ? match(number) : undefined;
    if (name !== undefined) push('name', name.toLowerCase().slice(0, 63), at + name.length);
    else if (digits !== undefined) {
      // `1..10` is a range: the first point belongs to the second.
      const plain = query.startsWith('..', at + digits.length - 1) ? digits.slice(0, -1) : digits;
      const next = query[at + plain.length];
      if (next !== undefined && /[A-Za-z_]/.test(next)) {
        word.lastIndex = at + plain.length;
        throw failures.scanner('trailing junk after numeric literal', plain + word.exec(query)![0], at + 1);
      }
      push('number', plain, at + plain.length);
    } else {
      const [given, sign, chars] = [match(parameter), match(symbol), match(operator)];
      if (given !== undefined) push('parameter', given.slice(1), at + given.length);
      else if (sign !== undefined) push('symbol', sign, at + sign.length);
      else if (chars !== undefined) {
        const text = operatorIn(chars);
        push('operator', text === '!=' ? '<>' : text, at + text.length);
      } else throw failures.syntax(char, at + 1);
    }
  }
  all.push({ kind: 'end', text: '', position: query.length + 1, source: '' });
  return all;
}

/** Comments lie in each other. */
function endOfComment(query: string, from: number): number {
  let depth = 0;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  for (let found = mark.exec(query); found !== null; found = mark.exec(query)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  throw failures.scanner('unterminated /* comment', query.slice(from), from + 1);
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** A text, and those that go on with it in later lines. */
function quoted(
  query: string,
  from: number,
  prefix: string,
): { readonly text: string; readonly end: number } {
  const open = from + prefix.length;
  let text = '';
  let at = open + 1;
  for (;;) {
    const part = prefix === 'e' ? /[^'\\]*/y : /[^']*/y;
    part.lastIndex = at;
    const plain = part.exec(query)![0];
    text += plain;
    at += plain.length;
    if (at >= query.length) throw failures.scanner('unterminated quoted string', query.slice(from), from + 1);
    if (query[at] === '\\') {
      const code = /^(?:x[0-9a-fA-F]{1,2}|[0-7]{1,3}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/.exec(
        query.slice(at + 1, at + 10),
      )?.[0];
      const next = query[at + 1] ?? '';
      text += code === undefined ? (escapes[next] ?? next) : charOf(code);
      at += 1 + (code?.length ?? 1);
    } else if (query[at + 1] === "'") {
      text += "'";
      at += 2;
    } else {
      const continued = /^'[ \t]*[\n\r][ \t\n\r]*'/.exec(query.slice(at, at + 200))?.[0];
      if (continued === undefined) break;
      at += continued.length;
    }
  }
  if (prefix === 'u&')
    text = text.replace(/\\(?:([0-9a-f]{4})|\+([0-9a-f]{6})|(\\))/gi, (_, short, long, itself) =>
      itself === undefined ? charOf(`U${short ?? long}`) : '\\',
    );
  if (prefix === 'x')
    text = [...text].map((digit) => (Number.parseInt(digit, 16) || 0).toString(2).padStart(4, '0')).join('');
  return { text, end: at + 1 };
}

function charOf(code: string): string {
  const digits = code.replace(/^[xuU]/, '');
  const value = Number.parseInt(digits, digits === code ? 8 : 16);
  if (value === 0)
    throw new PgError(
      '22021',
      'invalid byte sequence for encoding "UTF8": 0x00',
      'mbutils.c:1798:report_invalid_encoding_int',
    );
  return value > 0x10ffff ? '?' : String.fromCodePoint(value);
}

function identifier(query: string, from: number): { readonly text: string; readonly end: number } {
  let text = '';
  for (let at = from + 1; ; ) {
    const end = query.indexOf('"', at);
    if (end < 0) throw failures.scanner('unterminated quoted identifier', query.slice(from), from + 1);
    text += query.slice(at, end);
    if (query[end + 1] !== '"') {
      if (text === '') throw failures.scanner('zero-length delimited identifier', '""', from + 1);
      return { text: text.slice(0, 63), end: end + 1 };
    }
    text += '"';
    at = end + 2;
  }
}

/** Comments end operators, and plus and minus end those that have no stranger sign in them. */
function operatorIn(chars: string): string {
  const comment = /--|\/\*/.exec(chars);
  const text = comment === null ? chars : chars.slice(0, comment.index);
  return /[~!@#%^&|`?]/.test(text) ? text : text.replace(/[+-]+$/, '') || text[0]!;
}

/** Backslash escapes: of `$'…'`, and of what `echo` and `printf` know. */
import { textOfByte } from '../bytes.ts';
import type { Cursor } from './cursor.ts';

const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

const hex = /[0-9A-Fa-f]{1,2}/y;
const braced = /\{([0-9A-Fa-f]{1,8})\}/y;
const short = /[0-9A-Fa-f]{1,4}/y;
const long = /[0-9A-Fa-f]{1,8}/y;
const octal = /[0-7]{1,3}/y;

/** Up to the closing quote. */
export function ansiText(cursor: Cursor): string {
  let text = '';
  for (;;) {
    const next = cursor.peek();
    if (next === '') cursor.fail({ kind: 'unterminated', closing: "'" });
    if (next === "'") break;
    if (next !== '\\') {
      text += next;
      cursor.at += 1;
      continue;
    }
    const { text: meant, length } = escapeAt(cursor.source, cursor.at);
    text += meant;
    cursor.at += length;
  }
  cursor.at += 1;
  // As in C, a NUL is the end.
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** What the backslash at a place and the characters behind it mean, and how many they are. */
export function escapeAt(source: string, at: number): { readonly text: string; readonly length: number } {
  const kind = source.charAt(at + 1);
  const known = simple[kind];
  if (known !== undefined) return { text: known, length: 2 };
  if (kind === 'c' && source.length > at + 2)
    return { text: String.fromCharCode(source.charCodeAt(at + 2) & 0x1f), length: 3 };
  const number = numberAt(source, at + 1, kind);
  return number ?? { text: `\\${kind}`, length: 1 + kind.length };
}

function numberAt(source: string, at: number, kind: string): { text: string; length: number } | undefined {
  const digits = (pattern: RegExp, from: number): RegExpExecArray | null => {
    pattern.lastIndex = from;
    return pattern.exec(source);
  };
  if (kind >= '0' && kind <= '7') {
    const { 0: found } = digits(octal, at)!;
    return { text: textOfByte(Number.parseInt(found, 8) & 0xff), length: 1 + found.length };
  }
  if (kind === 'x') {
    const found = digits(hex, at + 1) ?? digits(braced, at + 1);
    if (found === null) return undefined;
    return {
      text: textOfByte(Number.parseInt(found[1] ?? found[0], 16) & 0xff),
      length: 2 + found[0].length,
    };
  }
  if (kind !== 'u' && kind !== 'U') return undefined;
  const found = digits(kind === 'u' ? short : long, at + 1);
  if (found === null) return undefined;
  const code = Number.parseInt(found[0], 16);
  return { text: code <= 0x10ffff ? String.fromCodePoint(code) : '', length: 2 + found[0].length };
}

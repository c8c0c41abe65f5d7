/**
 * Reads a JSON text as Go's encoding/json does (1.19, scanner.go): finds the end of its first value, or says in Go's
 * words what is wrong with it. No recursion, so that depth costs nothing.
 */

/** Deeper than this Go gives up. */
const maxDepth = 10_000;

export type Scanned =
  | { readonly kind: 'value'; readonly from: number; readonly to: number }
  /** Nothing but white space. */
  | { readonly kind: 'empty' }
  /** The text ends within a value. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'wrong'; readonly message: string };

type Place = 'value' | 'first-value' | 'first-key' | 'key' | 'colon' | 'after-member' | 'after-element';

const space = new Set([0x20, 0x09, 0x0a, 0x0d]);
const escapes = new Set([...'"\\/bfnrt'].map((one) => one.charCodeAt(0)));
const literals: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/** @param bytes UTF-8; what is none is taken as it is, as Go does in strings */
export function scanJson(bytes: Uint8Array): Scanned {
  const open: ('{' | '[')[] = [];
  let at = 0;
  let from = -1;
  let place: Place = 'value';

  const wrong = (context: string): Scanned => ({
    kind: 'wrong',
    message: `invalid character ${quoted(bytes, at)} ${context}`,
  });

  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (space.has(byte)) {
      at += 1;
      continue;
    }
    if (from < 0) from = at;
    let isValueOver = false;
    switch (place) {
      case 'first-value':
      case 'value': {
        if (byte === 0x5d && place === 'first-value') {
          at += 1;
          open.pop();
          isValueOver = true;
          break;
        }
        if (byte === 0x7b || byte === 0x5b) {
          open.push(byte === 0x7b ? '{' : '[');
          if (open.length > maxDepth) return { kind: 'wrong', message: 'exceeded max depth' };
          place = byte === 0x7b ? 'first-key' : 'first-value';
          at += 1;
          continue;
        }
        const end = scalarEnd(bytes, at);
        if (typeof end !== 'number') {
          if (end.context === undefined) return { kind: 'cut' };
          at = end.at;
          return wrong(end.context);
        }
        at = end;
        isValueOver = true;
        break;
      }
      case 'first-key':
      case 'key': {
        if (byte === 0x7d && place === 'first-key') {
          at += 1;
          open.pop();
          isValueOver = true;
          break;
        }
        if (byte !== 0x22) return wrong('looking for beginning of object key string');
        const end = stringEnd(bytes, at);
        if (typeof end !== 'number') {
          if (end.context === undefined) return { kind: 'cut' };
          at = end.at;
          return wrong(end.context);
        }
        at = end;
        place = 'colon';
        continue;
      }
      case 'colon':
        if (byte !== 0x3a) return wrong('after object key');
        at += 1;
        place = 'value';
        continue;
      case 'after-member':
        if (byte === 0x2c) {
          at += 1;
          place = 'key';
          continue;
        }
        if (byte !== 0x7d) return wrong('after object key:value pair');
        at += 1;
        open.pop();
        isValueOver = true;
        break;
      case 'after-element':
        if (byte === 0x2c) {
          at += 1;
          place = 'value';
          continue;
        }
        if (byte !== 0x5d) return wrong('after array element');
        at += 1;
        open.pop();
        isValueOver = true;
        break;
    }
    if (!isValueOver) continue;
    const around = open.at(-1);
    if (around === undefined) return { kind: 'value', from, to: at };
    place = around === '{' ? 'after-member' : 'after-element';
  }
  return from < 0 ? { kind: 'empty' } : { kind: 'cut' };
}

/** Where the text breaks off (`context` undefined), or which byte is wrong and why. */
interface Broken {
  readonly at: number;
  readonly context?: string;
}

/** The end of a string, number or literal. */
function scalarEnd(bytes: Uint8Array, at: number): number | Broken {
  const byte = bytes[at]!;
  if (byte === 0x22) return stringEnd(bytes, at);
  if (byte === 0x2d || isDigit(byte)) return numberEnd(bytes, at);
  const literal = literals[String.fromCharCode(byte)];
  if (literal === undefined) return { at, context: 'looking for beginning of value' };
  for (let index = 1; index < literal.length; index++) {
    const next = bytes[at + index];
    if (next === undefined) return { at };
    if (next !== literal.charCodeAt(index))
      return { at: at + index, context: `in literal ${literal} (expecting '${literal[index]}')` };
  }
  return at + literal.length;
}

function stringEnd(bytes: Uint8Array, start: number): number | Broken {
  let at = start + 1;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === 0x22) return at + 1;
    if (byte < 0x20) return { at, context: 'in string literal' };
    if (byte !== 0x5c) {
      at += 1;
      continue;
    }
    const escaped = bytes[at + 1];
    if (escaped === undefined) return { at };
    if (escaped === 0x75) {
      for (let digit = 2; digit < 6; digit++) {
        const hex = bytes[at + digit];
        if (hex === undefined) return { at };
        if (!isHex(hex)) return { at: at + digit, context: 'in \\u hexadecimal character escape' };
      }
      at += 6;
      continue;
    }
    if (!escapes.has(escaped)) return { at: at + 1, context: 'in string escape code' };
    at += 2;
  }
  return { at };
}

function numberEnd(bytes: Uint8Array, start: number): number | Broken {
  let at = start;
  const digits = (): void => {
    while (isDigit(bytes[at])) at += 1;
  };
  if (bytes[at] === 0x2d) {
    at += 1;
    if (bytes[at] === undefined) return { at };
    if (!isDigit(bytes[at])) return { at, context: 'in numeric literal' };
  }
  if (bytes[at] === 0x30) at += 1;
  else digits();
  if (bytes[at] === 0x2e) {
    at += 1;
    if (bytes[at] === undefined) return { at };
    if (!isDigit(bytes[at])) return { at, context: 'after decimal point in numeric literal' };
    digits();
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at += 1;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at += 1;
    if (bytes[at] === undefined) return { at };
    if (!isDigit(bytes[at])) return { at, context: 'in exponent of numeric literal' };
    digits();
  }
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** One byte as Go's `quoteChar` writes it: each byte is taken for a character of Latin 1. */
function quoted(bytes: Uint8Array, at: number): string {
  const byte = bytes[at]!;
  if (byte === 0x27) return "'\\''";
  if (byte === 0x22) return "'\"'";
  const short = shortEscapes[byte];
  if (short !== undefined) return `'${short}'`;
  if (byte < 0x20 || byte === 0x7f) return `'\\x${byte.toString(16).padStart(2, '0')}'`;
  if ((byte >= 0x80 && byte < 0xa1) || byte === 0xad) return `'\\u00${byte.toString(16)}'`;
  return `'${String.fromCharCode(byte)}'`;
}

const shortEscapes: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
};

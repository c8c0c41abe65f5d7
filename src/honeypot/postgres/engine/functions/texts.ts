/** Functions of texts and bytes. */
import { createHash } from 'node:crypto';
import { failures, PgError } from '../../failure.ts';
import { isList, maxText, types, type Value } from '../../types.ts';
import { hexBytes, output } from '../../values.ts';
import { replaceRegex, searchRegex, stepsOfRegex } from '../text-match.ts';
import { placeIn, splitBy } from '../text-search.ts';
import { define, type SqlFunction } from './define.ts';

function bounded(length: number): number {
  if (length > maxText) throw failures.tooMuch();
  return length;
}

/** @throws PgError where it would be too long */
export function joined(parts: readonly string[], between: string): string {
  bounded(parts.reduce((sum, part) => sum + part.length + between.length, 0));
  return parts.join(between);
}

const digest =
  (name: string) =>
  (_: unknown, value: string | Buffer): Buffer =>
    createHash(name)
      .update(typeof value === 'string' ? Buffer.from(value) : value)
      .digest();

/** Of a text and a regular expression, which come first. */
function matching(signature: string, run: SqlFunction['run']): SqlFunction {
  return { ...define(signature, run), steps: (text, pattern) => stepsOfRegex(text ?? '', pattern ?? '') };
}

export const textFunctions: readonly SqlFunction[] = [
  define('length(text) int4', (_, text: string) => [...text].length),
  define('length(bytea) int4', (_, bytes: Buffer) => bytes.length),
  define('char_length(text) int4', (_, text: string) => [...text].length),
  define('character_length(text) int4', (_, text: string) => [...text].length),
  define('octet_length(text) int4', (_, text: string) => Buffer.byteLength(text)),
  define('octet_length(bytea) int4', (_, bytes: Buffer) => bytes.length),
  define('bit_length(text) int4', (_, text: string) => 8 * Buffer.byteLength(text)),
  define('upper(text) text', (_, text: string) => letterwise(text, (char) => char.toUpperCase())),
  define('lower(text) text', (_, text: string) => letterwise(text, (char) => char.toLowerCase())),
  define('initcap(text) text', (_, text: string) =>
    text.toLowerCase().replace(/[a-z0-9]+/g, (word) => word[0]!.toUpperCase() + word.slice(1)),
  ),
  define('substr(text, int4, [int4]) text', substring),
  define('substring(text, int4, [int4]) text', substring),
  matching('substring(text, text) text', (_, text: string, pattern: string) => {
    const groups = searchRegex(text, pattern, false);
    return groups === undefined ? null : (groups[1] ?? groups[0] ?? null);
  }),
  define('substring(bytea, int4, [int4]) bytea', (_, bytes: Buffer, from: number, length = bytes.length) =>
    Buffer.from(bytes.subarray(Math.max(0, from - 1), Math.max(0, from - 1 + length))),
  ),
  define('left(text, int4) text', (_, text: string, count: number) => text.slice(0, count)),
  define('right(text, int4) text', (_, text: string, count: number) =>
    count === 0 ? '' : count > 0 ? text.slice(-count) : text.slice(-count),
  ),
  define('replace(text, text, text) text', (_, text: string, what: string, by: string) => {
    if (what === '') return text;
    const parts = splitBy(text, what);
    bounded(text.length + parts.length * by.length);
    return parts.join(by);
  }),
  define('translate(text, text, text) text', (_, text: string, from: string, to: string) => {
    const by = new Map<string, string>();
    for (const [index, char] of [...from].entries()) if (!by.has(char)) by.set(char, to[index] ?? '');
    return [...text].map((char) => by.get(char) ?? char).join('');
  }),
  define('concat(any...)? text', (_, ...values: Value[]) =>
    joined(
      values.map((value) => output(value, types.text)),
      '',
    ),
  ),
  define('concat_ws(text, any...)? text', (_, between: string | null, ...values: Value[]) =>
    between === null
      ? null
      : joined(
          values.filter((value) => value !== null).map((value) => output(value, types.text)),
          between,
        ),
  ),
  define('chr(int4) text', (_, code: number) => {
    if (code === 0) throw new PgError('54000', 'null character not permitted', 'oracle_compat.c:1030:chr');
    if (code < 0) throw new PgError('22023', 'character number must be positive', 'oracle_compat.c:1026:chr');
    if (code > 0x10ffff)
      throw new PgError(
        '54000',
        `requested character too large for encoding: ${code}`,
        'oracle_compat.c:1048:chr',
      );
    if (code >= 0xd800 && code <= 0xdfff)
      throw new PgError(
        '54000',
        `requested character not valid for encoding: ${code}`,
        'oracle_compat.c:1089:chr',
      );
    return String.fromCodePoint(code);
  }),
  define('ascii(text) int4', (_, text: string) => text.codePointAt(0) ?? 0),
  define('repeat(text, int4) text', (_, text: string, count: number) => {
    if (text.length * count > 0x3fffffff)
      throw new PgError('54000', 'requested length too large', 'oracle_compat.c:1148:repeat');
    bounded(text.length * Math.max(0, count));
    return text.repeat(Math.max(0, count));
  }),
  define('reverse(text) text', (_, text: string) => [...text].reverse().join('')),
  define('strpos(text, text) int4', (_, text: string, part: string) => placeIn(text, part) + 1),
  define('position(text, text) int4', (_, text: string, part: string) => placeIn(text, part) + 1),
  define('split_part(text, text, int4) text', (_, text: string, between: string, at: number) => {
    if (at === 0) throw new PgError('22023', 'field position must not be zero', 'varlena.c:4683:split_part');
    const parts = between === '' ? [text] : splitBy(text, between);
    return parts.at(at > 0 ? at - 1 : at) ?? '';
  }),
  define('btrim(text, [text]) text', (_, text: string, chars = ' ') => trimmed(text, chars, true, true)),
  define('ltrim(text, [text]) text', (_, text: string, chars = ' ') => trimmed(text, chars, true, false)),
  define('rtrim(text, [text]) text', (_, text: string, chars = ' ') => trimmed(text, chars, false, true)),
  define('lpad(text, int4, [text]) text', (_, text: string, length: number, by = ' ') =>
    text.slice(0, Math.max(0, length)).padStart(bounded(length), by),
  ),
  define('rpad(text, int4, [text]) text', (_, text: string, length: number, by = ' ') =>
    text.slice(0, Math.max(0, length)).padEnd(bounded(length), by),
  ),
  define('to_hex(int8) text', (_, value: bigint) => BigInt.asUintN(64, value).toString(16)),
  define('md5(text) text', (_, text: string) => createHash('md5').update(text).digest('hex')),
  define('md5(bytea) text', (_, bytes: Buffer) => createHash('md5').update(bytes).digest('hex')),
  define('sha256(bytea) bytea', digest('sha256')),
  define('sha512(bytea) bytea', digest('sha512')),
  define('sha224(bytea) bytea', digest('sha224')),
  define('sha384(bytea) bytea', digest('sha384')),
  define('encode(bytea, text) text', (_, bytes: Buffer, format: string) => {
    if (format === 'hex') return bytes.toString('hex');
    if (format === 'base64') return bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\n');
    if (format === 'escape') {
      bounded(bytes.reduce((sum, byte) => sum + (byte === 0 || byte >= 0x80 ? 4 : 1), 0));
      return bytes
        .toString('latin1')
        .replace(/[\0\x80-\xff]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
    }
    throw unknownEncoding(format, 'encode.c:63:binary_encode');
  }),
  define('decode(text, text) bytea', (_, text: string, format: string) => {
    if (format === 'hex') return hexBytes(text);
    if (format === 'base64') return Buffer.from(text, 'base64');
    if (format === 'escape') return Buffer.from(text, 'latin1');
    throw unknownEncoding(format, 'encode.c:111:binary_decode');
  }),
  define('convert_from(bytea, name) text', (_, bytes: Buffer, encoding: string) =>
    bytes.toString(/^latin1$|^iso/i.test(encoding) ? 'latin1' : 'utf8').replaceAll('\0', ''),
  ),
  define('convert_to(text, name) bytea', (_, text: string) => Buffer.from(text)),
  define('quote_ident(text) text', (_, text: string) =>
    /^[a-z_][a-z0-9_$]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`,
  ),
  define('quote_literal(any) text', (_, value: Value) => literal(output(value, types.text))),
  define('quote_nullable(any)? text', (_, value: Value) =>
    value === null ? 'NULL' : literal(output(value, types.text)),
  ),
  define('format(text, any...)? text', format),
  define('format(text) text', format),
  matching(
    'regexp_replace(text, text, text, [text]) text',
    (_, text: string, pattern: string, by: string, flags = '') =>
      replaceRegex(text, pattern, by, flags.includes('i'), flags.includes('g')),
  ),
  matching('regexp_match(text, text, [text]) text[]', (_, text: string, pattern: string, flags = '') => {
    const groups = searchRegex(text, pattern, flags.includes('i'));
    if (groups === undefined) return null;
    return (groups.length > 1 ? groups.slice(1) : groups).map((group) => group ?? null);
  }),
  matching(
    'regexp_matches(text, text, [text]) set of text[]',
    (_, text: string, pattern: string, flags = '') => {
      const groups = searchRegex(text, pattern, flags.includes('i'));
      return groups === undefined
        ? []
        : [(groups.length > 1 ? groups.slice(1) : groups).map((group) => group ?? null)];
    },
  ),
  matching('regexp_split_to_array(text, text) text[]', (_, text: string, pattern: string) =>
    replaceRegex(text, pattern, '\0', false, true).split('\0'),
  ),
  matching('regexp_split_to_table(text, text) set of text', (_, text: string, pattern: string) =>
    replaceRegex(text, pattern, '\0', false, true).split('\0'),
  ),
  define('string_to_array(text, text, [text])? text[]', (_, text: string | null, between: string | null) => {
    if (text === null) return null;
    if (text === '') return [];
    return between === null ? [...text] : between === '' ? [text] : splitBy(text, between);
  }),
  define('string_to_table(text, text) set of text', (_, text: string, between: string) =>
    between === '' ? [text] : splitBy(text, between),
  ),
  define(
    'array_to_string(anyarray, text, [text]) text',
    (_, list: Value, between: string, empty?: string) => {
      if (!isList(list)) return null;
      const shown = empty === undefined ? list.filter((one) => one !== null) : list;
      return joined(
        shown.map((one) => (one === null ? empty! : output(one, types.text))),
        between,
      );
    },
  ),
  define('starts_with(text, text) bool', (_, text: string, part: string) => text.startsWith(part)),
  define('text(any) text', (_, value: Value) => output(value, types.text)),
  define('get_byte(bytea, int4) int4', (_, bytes: Buffer, at: number) => bytes[at] ?? 0),
];

/** One letter stays one: ß has no upper case in C.UTF-8. */
function letterwise(text: string, change: (text: string) => string): string {
  const whole = change(text);
  if (whole.length === text.length) return whole;
  return [...text].map((char) => (change(char).length === char.length ? change(char) : char)).join('');
}

function substring(_: unknown, text: string, from: number, length?: number): string {
  if (length !== undefined && length < 0)
    throw new PgError('22011', 'negative substring length not allowed', 'varlena.c:955:text_substring');
  const chars = text.length > 10_000 ? text : [...text];
  const end = length === undefined ? chars.length : Math.max(0, from - 1 + length);
  const part = chars.slice(Math.max(0, from - 1), end);
  return typeof part === 'string' ? part : part.join('');
}

function trimmed(text: string, chars: string, left: boolean, right: boolean): string {
  let [from, to] = [0, text.length];
  const all = new Set(chars);
  while (left && from < to && all.has(text[from]!)) from += 1;
  while (right && to > from && all.has(text[to - 1]!)) to -= 1;
  return text.slice(from, to);
}

function literal(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

function unknownEncoding(name: string, place: string): PgError {
  return new PgError('22023', `unrecognized encoding: "${name}"`, place);
}

function format(_: unknown, pattern: string | null, ...values: Value[]): string | null {
  if (pattern === null) return null;
  let [at, length] = [0, 0];
  return pattern.replace(/%(?:(\d+)\$)?([sIL%])/g, (_whole, index: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    const value = values[index === undefined ? at : Number(index) - 1] ?? null;
    if (index === undefined) at += 1;
    const text = output(value, types.text);
    length = bounded(length + text.length);
    if (kind === 'L') return value === null ? 'NULL' : literal(text);
    return kind === 'I' && !/^[a-z_][a-z0-9_]*$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
}

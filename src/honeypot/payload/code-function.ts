/**
 * Functions of the languages that take a text apart, put it together or decode it, by the last part of their name.
 * Texts are byte strings where they come out of a decoder. Source: the languages' references, 2026-11.
 */
import { inflated } from '../../indicator/code-payload.ts';

/** What is known of an expression; `undefined` is everything else. */
export type Value = string | number | readonly Value[] | undefined;

/**
 * @param self what stands before the dot: `x` in `x.decode('hex')`
 * @returns `undefined` where nobody knows
 */
type Function = (args: readonly Value[], self: Value) => Value;

/** Longest text that comes out of a function. */
export const longestText = 256 * 1024;

/** The first text among what is before the dot and what is in the brackets. */
function textOf(args: readonly Value[], self: Value): string | undefined {
  return [self, ...args].find((one) => typeof one === 'string');
}

/** A function of one text, as a method or with the text as its argument. */
function ofText(change: (text: string) => Value): Function {
  return (args, self) => {
    const text = textOf(args, self);
    return text === undefined || text.length > longestText ? undefined : change(text);
  };
}

const fromBase64 = ofText((text) => Buffer.from(text.replace(/\s/g, ''), 'base64').toString('latin1'));
const fromHex = ofText((text) => Buffer.from(text.replace(/[^\da-fA-F]/g, ''), 'hex').toString('latin1'));
const unpacked = ofText((text) => inflated(Buffer.from(text, 'latin1'))?.toString('latin1'));
const rot13 = ofText((text) =>
  text.replace(/[A-Za-z]/g, (letter) => {
    const code = letter.charCodeAt(0);
    return String.fromCharCode((code & 31) > 13 ? code - 13 : code + 13);
  }),
);
const reversed: Function = (args, self) => {
  const value = self ?? (args.length > 1 ? args.map(String).join('') : args[0]);
  return typeof value === 'string'
    ? [...value].reverse().join('')
    : Array.isArray(value)
      ? value.toReversed()
      : undefined;
};
const same: Function = (args, self) => (self === undefined ? args[0] : self);
const characters: Function = (args, self) => {
  const codes = flat([self, ...args]);
  if (codes.length === 0 || !codes.every((code) => typeof code === 'number' && code >= 0 && code < 0x110000))
    return typeof codes[0] === 'string' ? codes[0] : undefined;
  return String.fromCodePoint(...codes.slice(0, 20_000).map(Number).map(Math.floor));
};

function flat(values: readonly Value[]): readonly (string | number)[] {
  return values.flatMap((value) =>
    Array.isArray(value) ? flat(value) : value === undefined ? [] : [value as string],
  );
}

function joined(separator: string, values: readonly Value[]): string | undefined {
  return values.every((value) => typeof value === 'string' || typeof value === 'number')
    ? values.join(separator)
    : undefined;
}

/** Python and Ruby put the separator before the dot or the list, Perl both in brackets, PHP as well. */
const join: Function = (args, self) => {
  if (typeof self === 'string') return Array.isArray(args[0]) ? joined(self, args[0]) : args[0];
  if (Array.isArray(self)) return joined(typeof args[0] === 'string' ? args[0] : '', self);
  const [separator, ...rest] = args;
  return typeof separator === 'string' ? joined(separator, flat(rest)) : undefined;
};

const split: Function = (args, self) => {
  const text = typeof self === 'string' ? self : args.findLast((one) => typeof one === 'string');
  const separator = typeof self === 'string' ? args[0] : args[0] === text ? ' ' : args[0];
  if (text === undefined || text.length > longestText) return undefined;
  return typeof separator === 'string' ? text.split(separator, 20_000) : text.trim().split(/\s+/, 20_000);
};

/** `x.decode('hex')`, `codecs.decode(x, 'rot13')`; an encoding of characters changes nothing here. */
const decode: Function = (args, self) => {
  const [text, how] = typeof self === 'string' ? [self, args[0]] : args;
  const name = typeof how === 'string' ? how.toLowerCase().replace(/[-_]/g, '') : '';
  if (name === 'base64') return fromBase64([text], undefined);
  if (name === 'hex') return fromHex([text], undefined);
  if (name === 'rot13') return rot13([text], undefined);
  return name === 'zlib' || name === 'zip' ? unpacked([text], undefined) : text;
};

/** `pack('H*', x)`, `pack('C*', 104, 105)`, `[104, 105].pack('c*')`. */
const pack: Function = (args, self) => {
  const [how, ...rest] = Array.isArray(self) ? [args[0], ...self] : args;
  if (typeof how !== 'string') return undefined;
  if (how.startsWith('H')) return fromHex([joined('', flat(rest))], undefined);
  return /^[CcUW]/.test(how) ? characters(rest, undefined) : undefined;
};

/** `unpack('u', x)` and `unpack("m", x)`: uuencode and base64. */
const unpack: Function = (args, self) => {
  const [how, text] = typeof self === 'string' ? [args[0], self] : args;
  if (typeof how !== 'string' || typeof text !== 'string') return undefined;
  if (how.startsWith('m')) return fromBase64([text], undefined);
  if (how.startsWith('H')) return Buffer.from(text, 'latin1').toString('hex');
  return how.startsWith('u') ? fromUuencode(text) : undefined;
};

function fromUuencode(text: string): string {
  const bytes: number[] = [];
  for (const line of text.split('\n')) {
    const length = (line.charCodeAt(0) - 32) & 63;
    const start = bytes.length;
    for (let at = 1; at + 1 < line.length; at += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map(
        (ahead) => ((line.charCodeAt(at + ahead) || 32) - 32) & 63,
      );
      bytes.push((a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d);
    }
    bytes.length = Math.min(bytes.length, start + length);
  }
  return Buffer.from(bytes).toString('latin1');
}

/** `Buffer.from(x, 'base64')` of Node. */
const from: Function = ([content, how]) =>
  how === 'base64' || how === 'hex'
    ? decode([content, how], undefined)
    : Array.isArray(content)
      ? characters(content, undefined)
      : content;

const replace: Function = (args, self) => {
  const [text, pattern, replacement] =
    typeof self === 'string' ? [self, ...args] : [args[2], args[0], args[1]];
  if (
    typeof text !== 'string' ||
    typeof pattern !== 'string' ||
    typeof replacement !== 'string' ||
    pattern === ''
  )
    return undefined;
  const size = text.length + (text.length / pattern.length) * replacement.length;
  return size > longestText ? undefined : text.replaceAll(pattern, () => replacement);
};

const format: Function = (args, self) => {
  const [pattern, ...values] = typeof self === 'string' ? [self, ...args] : args;
  return typeof pattern === 'string' ? formatted(pattern, flat(values)) : undefined;
};

/** `%s` of all languages and `{}`, `{0}` of Python, each with the next or the numbered value. */
export function formatted(pattern: string, values: readonly (string | number)[]): string {
  let next = 0;
  let made = 0;
  return pattern
    .slice(0, longestText)
    .replace(
      /%(?:%|[-+ 0#]{0,3}\d{0,3}([scdiuxX]))|\{(\d{0,2})\}/g,
      (whole, kind?: string, place?: string) => {
        if (whole === '%%') return '%';
        const value = values[place ? Number(place) : next++];
        if (value === undefined || made > longestText) return whole;
        const text = kind === 'c' && typeof value === 'number' ? String.fromCharCode(value) : String(value);
        made += text.length;
        return text;
      },
    );
}

const number: Function = ([value, radix]) => {
  const parsed = Number.parseInt(
    String(value),
    typeof radix === 'number' && radix >= 2 && radix <= 36 ? radix : 10,
  );
  return Number.isNaN(parsed) ? undefined : parsed;
};

const slice: Function = (args, self) => {
  const [text, start, length] = typeof self === 'string' ? [self, ...args] : args;
  if (typeof text !== 'string' || typeof start !== 'number') return undefined;
  return typeof length === 'number' ? text.slice(start, start + length) : text.slice(start);
};

function all(names: string, work: Function): Readonly<Record<string, Function>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, work]));
}

/** By the last part of the name. */
export const functions: ReadonlyMap<string, Function> = new Map(
  Object.entries({
    ...all('chr unichr fromCharCode fromCodePoint bytes bytearray', characters),
    ...all(
      'ord charCodeAt codePointAt',
      ofText((text) => text.codePointAt(0)),
    ),
    ...all('b64decode standard_b64decode urlsafe_b64decode decodebytes decodestring decode64', fromBase64),
    ...all('strict_decode64 urlsafe_decode64 decode_base64 base64_decode a2b_base64 atob', fromBase64),
    ...all('fromhex unhexlify a2b_hex hex2bin', fromHex),
    ...all(
      'decompress inflate gzinflate gzuncompress gzdecode gunzipSync inflateSync inflateRawSync',
      unpacked,
    ),
    ...all('str_rot13', rot13),
    ...all('reverse reversed strrev', reversed),
    ...all(
      'str String toString encode strip trim rstrip lstrip chomp list tuple scalar raw compile to_s',
      same,
    ),
    ...all(
      'lower lc strtolower toLowerCase downcase',
      ofText((text) => text.toLowerCase()),
    ),
    ...all(
      'upper uc strtoupper toUpperCase upcase',
      ofText((text) => text.toUpperCase()),
    ),
    ...all('format sprintf', format),
    ...all('int parseInt intval hex', number),
    ...all('substr', slice),
    ...all('replace replaceAll str_replace gsub', replace),
    ...all('unpack unpack1', unpack),
    decode,
    from,
    join,
    implode: join,
    pack,
    split,
  }),
);

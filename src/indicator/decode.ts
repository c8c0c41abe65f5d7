/**
 * Finds and undoes the encodings in which attackers wrap commands and addresses: base64 (also wrapped lines, also
 * gzip inside), hexadecimal, `\x` and octal escapes, `%` escapes, lists of character codes, reversed URLs. Nothing is
 * run. Bounded in depth, number and size, because encodings nest and gzip expands.
 */
import { gunzipSync, inflateSync } from 'node:zlib';

export interface Decoded {
  readonly text: string;
  /** Outermost first: `base64 gzip base64`. */
  readonly how: string;
  /** Where the outermost encoding begins in the original text, in UTF-16 units. */
  readonly offset: number;
}

/** Bounds for one call: nesting, pieces, characters of all pieces together, characters of the text. */
export const decodeLimits = { depth: 4, pieces: 200, output: 1 << 20, input: 1 << 20 } as const;

/** Every encoded piece that decodes to readable text, also those inside other pieces. */
export function decodeText(text: string): Decoded[] {
  const found: Decoded[] = [];
  const budget = { output: decodeLimits.output };
  descend(text.slice(0, decodeLimits.input), '', undefined, 0, found, budget);
  return found;
}

function descend(
  text: string,
  how: string,
  offset: number | undefined,
  depth: number,
  found: Decoded[],
  budget: { output: number },
): void {
  if (depth >= decodeLimits.depth) return;
  for (const piece of piecesOf(text)) {
    if (found.length >= decodeLimits.pieces || budget.output <= 0) return;
    if (piece.text.length > budget.output) continue;
    budget.output -= piece.text.length;
    const chain = how === '' ? piece.how : how + ' ' + piece.how;
    found.push({ text: piece.text, how: chain, offset: offset ?? piece.offset });
    descend(piece.text, chain, offset ?? piece.offset, depth + 1, found, budget);
  }
}

/** One encoding: what it looks like and what it means. Every pattern is linear: one repeated class or fixed groups. */
interface Encoding {
  readonly how: string;
  /** Stands in every text with such a piece, and is looked for first, because most texts have none. */
  readonly sign?: string;
  readonly pattern: RegExp;
  read(match: string): Buffer | string | undefined;
}

const encodings: readonly Encoding[] = [
  {
    how: 'base64',
    pattern:
      /(?:[A-Za-z0-9+/]{76}\r?\n|[A-Za-z0-9+/]{64}\r?\n){1,4000}[A-Za-z0-9+/]{0,76}={0,2}|[A-Za-z0-9+/_-]{16,}={0,2}/g,
    read: (match) => (/^[a-z]+$|^[A-Z_]+$/.test(match) ? undefined : Buffer.from(match, 'base64')),
  },
  {
    // The last part of a path, whose slashes would belong to the encoding: `ldap://host/Command/Base64/…`.
    how: 'base64',
    sign: '/',
    pattern: /(?<=\/)[A-Za-z0-9+_-]{16,}={0,2}(?![\w+/-])/g,
    read: (match) => (/^[a-z_-]+$|^[A-Z_-]+$/.test(match) ? undefined : Buffer.from(match, 'base64')),
  },
  { how: 'hex', pattern: /(?:[0-9a-fA-F]{2}){10,}/g, read: (match) => Buffer.from(match, 'hex') },
  {
    how: 'escapes',
    sign: '\\x',
    pattern: /(?:\\{1,2}x[0-9a-fA-F]{2}){3,}/g,
    read: (match) => Buffer.from(match.replace(/\\+x/g, ''), 'hex'),
  },
  {
    how: 'octal',
    sign: '\\',
    pattern: /(?:\\{1,2}0?[0-3][0-7]{2}){3,}/g,
    read: (match) => codes(match, /[0-7]{3,4}/g, 8),
  },
  {
    how: 'unicode',
    sign: '\\u',
    pattern: /(?:\\u[0-9a-fA-F]{4}){3,}/g,
    read: (match) => codes(match, /[0-9a-fA-F]{4}/g, 16),
  },
  {
    how: 'percent',
    sign: '%',
    pattern: /(?:%[0-9a-fA-F]{2}){3,}/g,
    read: (match) => Buffer.from(match.replaceAll('%', ''), 'hex'),
  },
  { how: 'codes', pattern: /\b\d{2,3}(?:, ?\d{2,3}){7,}/g, read: (match) => codes(match, /\d+/g, 10) },
  {
    how: 'chr',
    pattern: /chr\(\d{2,3}\)(?: ?[.+&] ?chr\(\d{2,3}\)){3,}/gi,
    read: (match) => codes(match, /\d+/g, 10),
  },
  {
    how: 'reversed',
    sign: '//:',
    // The longest reversed URL; without a bound every place of a long word would be tried to its end.
    pattern: /(?<![^\s'"`<>])[^\s'"`<>]{4,400}\/\/:(?:s?ptth|ptf)/g,
    read: (match) => [...match].reverse().join(''),
  },
];

/** Longest piece that is decoded. */
const maxPiece = 512 * 1024;

function* piecesOf(text: string): Generator<Decoded> {
  for (const { how, sign, pattern, read } of encodings) {
    if (sign !== undefined && !text.includes(sign)) continue;
    for (const match of text.matchAll(pattern)) {
      if (match[0].length > maxPiece) continue;
      const content = read(match[0]);
      const decoded = content === undefined ? undefined : readable(content);
      if (decoded !== undefined) yield { text: decoded.text, how: how + decoded.packed, offset: match.index };
    }
  }
}

/** Text if it is text, or if it is packed text. */
function readable(content: Buffer | string): { text: string; packed: string } | undefined {
  if (typeof content === 'string') return isReadable(content) ? { text: content, packed: '' } : undefined;
  if (isWide(content)) return readable(content.toString('utf16le'));
  const unpacked = unpack(content);
  if (unpacked === undefined && isBinary(content)) return undefined;
  const text = (unpacked?.bytes ?? content).toString('utf8');
  return isReadable(text) ? { text, packed: unpacked === undefined ? '' : ' ' + unpacked.how } : undefined;
}

/** UTF-16 as PowerShell's `-EncodedCommand` has it: every second byte is zero. */
function isWide(bytes: Buffer): boolean {
  if (bytes.length < 10 || bytes.length % 2 === 1 || bytes[0] === 0) return false;
  for (let at = 1; at < bytes.length; at += 2) if (bytes[at] !== 0) return false;
  return true;
}

function unpack(bytes: Buffer): { bytes: Buffer; how: string } | undefined {
  const options = { maxOutputLength: decodeLimits.output };
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return { bytes: gunzipSync(bytes, options), how: 'gzip' };
    if (bytes[0] === 0x78 && (bytes[1] === 0x9c || bytes[1] === 0xda))
      return { bytes: inflateSync(bytes, options), how: 'zlib' };
  } catch {
    // Broken or too large: then it is no text for us.
  }
  return undefined;
}

/** Cannot be readable, even if every odd character took four bytes; most names that look like base64 end here. */
function isBinary(bytes: Buffer): boolean {
  let odd = 0;
  for (const byte of bytes) if ((byte < 0x20 || byte > 0x7e) && (byte < 0x09 || byte > 0x0d)) odd++;
  return odd * 10 > bytes.length;
}

/** At least five characters, all of them printable or line breaks, but for one in forty. */
function isReadable(text: string): boolean {
  if (text.length < 5) return false;
  const odd = text.replace(/[\x20-\x7e\s]/g, '').length;
  return odd * 40 <= text.length;
}

/** Numbers as characters; undefined where one is no byte. */
function codes(text: string, pattern: RegExp, radix: number): string | undefined {
  let out = '';
  for (const [digits] of text.matchAll(pattern)) {
    const code = Number.parseInt(digits, radix);
    if (code > 255) return undefined;
    out += String.fromCharCode(code);
  }
  return out;
}

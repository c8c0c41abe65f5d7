/**
 * Archives and programs that a script carries as base64, in one word or in lines of one width, also as a list of
 * strings. Readable texts in base64 are the business of `indicator/decode.ts`.
 */
import type { Anchor } from '../detector.ts';
import { openEmbedded } from './embedded.ts';
import type { Budget, Hole, Member } from './members.ts';

/** How it begins. */
export const encodedAnchors = {
  elf: { text: 'f0VMR' },
  gzip: { text: 'H4sI' },
  zip: { text: 'UEsD' },
  zstd: { text: 'KLUv/' },
  xz: { text: '/Td6WFoA' },
  bzip2: { text: 'Qlpo' },
  pe: { text: 'TVqQ' },
} as const satisfies Record<string, Anchor>;

export type EncodedAnchor = keyof typeof encodedAnchors;

const anchorNames = Object.keys(encodedAnchors) as EncodedAnchor[];

/** Characters; the smallest program has more. */
const shortest = 96;

/** @param placesOf where an anchor stands in `bytes`, ascending */
export function* openEncoded(
  bytes: Buffer,
  placesOf: (anchor: EncodedAnchor) => readonly number[],
  budget: Budget,
): Generator<Member | Hole> {
  const places = anchorNames.flatMap(placesOf).sort((a, b) => a - b);
  let end = 0;
  for (const at of places) {
    if (at < end) continue;
    const word = readWord(bytes, at);
    end = word.end;
    if (word.text.length < shortest) continue;
    const name = `(base64 at byte ${at})`;
    if (word.text.length > budget.bytes) {
      yield { name, reason: 'ratio-limit', detail: `unfolds to more than ${budget.bytes} bytes` };
      return;
    }
    const content = Buffer.from(word.text, 'base64');
    budget.bytes -= content.length;
    const isLast = budget.members <= 0;
    yield* openEmbedded(content, name, budget);
    if (isLast) return;
  }
}

interface Word {
  readonly text: string;
  readonly end: number;
}

/** The lines behind the first have its width. A shorter one ends the word, if it is one of the word at all. */
function readWord(bytes: Buffer, start: number): Word {
  let end = runEnd(bytes, start);
  const width = end - start;
  const lines = [bytes.toString('latin1', start, end)];
  let length = width;
  for (;;) {
    const next = bytes[end] === padding ? end : gapEnd(bytes, end);
    const lineEnd = runEnd(bytes, next);
    const size = lineEnd - next;
    if (size === 0 || size > width) break;
    if (size < width && (length + size + paddingAt(bytes, lineEnd)) % 4 !== 0) break;
    lines.push(bytes.toString('latin1', next, lineEnd));
    length += size;
    end = lineEnd;
    if (size < width) break;
  }
  return { text: lines.join(''), end };
}

const alphabet = new Uint8Array(256);
for (const one of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'))
  alphabet[one] = 1;

const padding = 0x3d;
const plus = 0x2b;
const backslash = 0x5c;

function runEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (alphabet[bytes[at] ?? 0] === 1) at++;
  return at;
}

function paddingAt(bytes: Buffer, at: number): number {
  if (bytes[at] !== padding) return 0;
  return bytes[at + 1] === padding ? 2 : 1;
}

/** Longest gap between two lines: the end of a string, an indentation and the next string. */
const longestGap = 64;

/** Behind white space, quotes, commas, `\n` as it is written in strings, and a `+` between two of them. */
function gapEnd(bytes: Buffer, from: number): number {
  let isQuoted = false;
  let at = from;
  for (; at < from + longestGap; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === backslash && isLineLetter(bytes[at + 1])) at++;
    else if (byte === 0x22 || byte === 0x27) isQuoted = true;
    else if (!isGap(byte) && !(byte === plus && isQuoted)) break;
  }
  return at;
}

function isLineLetter(byte: number | undefined): boolean {
  return byte === 0x6e || byte === 0x72;
}

/** Tab, line feed, return, blank, comma, backslash. */
function isGap(byte: number): boolean {
  return (
    byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x2c || byte === backslash
  );
}

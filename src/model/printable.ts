/**
 * Hostile text made safe to print: names, history lines and excerpts come from attackers. Control
 * characters (also C1), invisible and bidirectional format characters and invalid UTF-8 become `\xNN` per
 * byte, so that neither a terminal nor a CI log obeys them.
 */
import { isUtf8 } from 'node:buffer';

const encoder = new TextEncoder();

/** Control (Cc), format (Cf), surrogates, private use, line and paragraph separators. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** @param text any string, or bytes of unknown encoding
 *  @param limit longest result in characters; what is cut shows as `…` */
export function printable(text: string | Uint8Array, limit = Number.POSITIVE_INFINITY): string {
  const bounded = text.length > limit * 4 ? text.slice(0, limit * 4) : text;
  const shown = typeof bounded === 'string' ? bounded : decodeLossless(bounded);
  const safe = shown.replace(unsafe, escapeBytes);
  return safe.length > limit || bounded.length < text.length
    ? safe.slice(0, Math.max(0, limit - 1)) + '…'
    : safe;
}

/**
 * A path as reports have it: printable, and two paths never look the same. What is escaped reads `\xNN`, so a
 * backslash that would read as the beginning of such an escape is written `\x5c`.
 * @param path its bytes
 */
export function printablePath(path: Uint8Array): string {
  return printable(path.includes(backslash) ? withoutEscapes(path) : path);
}

const backslash = 0x5c;

/** As latin1 every byte is a character. */
function withoutEscapes(path: Uint8Array): Buffer {
  const text = bufferOf(path).toString('latin1');
  return Buffer.from(text.replace(/\\(?=x[0-9a-f]{2})/g, '\\x5c'), 'latin1');
}

/** UTF-8 where it is valid, `\xNN` for each byte that is not. */
export function decodeLossless(bytes: Uint8Array): string {
  const buffer = bufferOf(bytes);
  return isUtf8(buffer) ? buffer.toString() : decodeByParts(buffer);
}

/** The same bytes, not a copy. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Decodes valid runs whole: trying each byte and catching what is thrown would take seconds for hostile names. */
function decodeByParts(bytes: Buffer): string {
  let out = '';
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    at += Math.max(length, 1);
    if (length > 0) continue;
    if (start < at - 1) out += bytes.toString('utf8', start, at - 1);
    out += hex(bytes[at - 1] ?? 0);
    start = at;
  }
  return out + bytes.toString('utf8', start);
}

/** Length of the valid UTF-8 sequence at `at`, 0 where there is none (The Unicode Standard 16.0, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[at + 1] ?? 0;
  if (second < lowest || second > highest) return 0;
  for (let next = at + 2; next < at + length; next++) {
    if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function escapeBytes(character: string): string {
  let out = '';
  for (const byte of encoder.encode(character)) out += hex(byte);
  return out;
}

function hex(byte: number): string {
  return '\\x' + byte.toString(16).padStart(2, '0');
}

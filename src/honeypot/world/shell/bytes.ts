/**
 * Text of the shell is UTF-8; bytes that are none survive as lone surrogates (U+DC80 to U+DCFF, PEP 383), so that what
 * `echo -e '\x7fELF\xb0'` leaves in a file is what was sent.
 */
import { isUtf8 } from 'node:buffer';

const escapes = 0xdc00;

export function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < buffer.length; ) {
    const length = sequenceAt(buffer, at);
    if (length > 0) {
      at += length;
      continue;
    }
    parts.push(buffer.toString('utf8', from, at), String.fromCharCode(escapes + buffer[at]!));
    at += 1;
    from = at;
  }
  parts.push(buffer.toString('utf8', from));
  return parts.join('');
}

export function bytesOf(text: string): Uint8Array {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { index, 0: escaped } of text.matchAll(/[\udc80-\udcff]+/g)) {
    const isHalf = index > from && isHighSurrogate(text.charCodeAt(index - 1));
    const start = isHalf ? index + 1 : index;
    parts.push(Buffer.from(text.slice(from, start), 'utf8'));
    from = index + escaped.length;
    parts.push(Uint8Array.from(text.slice(start, from), (each) => each.charCodeAt(0) & 0xff));
  }
  parts.push(Buffer.from(text.slice(from), 'utf8'));
  return Buffer.concat(parts);
}

/** One byte as text: itself where it is ASCII. */
export function textOfByte(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : escapes + byte);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

/** Length of the well-formed sequence at a place (Unicode, table 3-7); 0 where there is none. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  const [least, most] = secondByte.get(first) ?? [0x80, 0xbf];
  const second = bytes[at + 1] ?? 0;
  if (second < least || second > most) return 0;
  for (let more = 2; more < length; more++) if (((bytes[at + more] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** What may follow the first bytes that are not followed by everything from 80 to BF. */
const secondByte: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

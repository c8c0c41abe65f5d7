/**
 * Long runs of one kind of character: wallets and encoded text. A run of so many cannot pass between two places that
 * are as far apart, so only each of those is looked at, and a megabyte of text costs microseconds.
 */

/** Characters of Monero's addresses: 95, integrated ones 106 (Monero `cryptonote_basic_impl.cpp`, 2026-11). */
const walletSizes = [95, 106] as const;

/** What may be attached to the front: an option (`-u4…`), an escape (`\n4…`), a coin. */
const longestWalletRun = 112;

/** A larger file is read around the first ones only. */
const mostWallets = 10_000;

/** Places of runs that may end in a Monero wallet; its checksum says whether it is one. */
export function walletRuns(bytes: Buffer): number[] {
  const found: number[] = [];
  for (const [start, end] of runs(bytes, alphanumeric, walletSizes[0])) {
    if (end - start > longestWalletRun) continue;
    // The first digit of all of them: `4` for accounts, `8` for subaddresses.
    if (
      walletSizes.some(
        (size) => end - size >= start && (bytes[end - size] === 0x34 || bytes[end - size] === 0x38),
      )
    )
      found.push(start);
    if (found.length >= mostWallets) break;
  }
  return found;
}

/** Shorter than what an encoded pool and option take, longer than names and hashes usually are. */
const encodedSize = 64;

const mostEncoded = 64;

/** The first places of encoded text. */
export function encodedRuns(bytes: Buffer): number[] {
  const found: number[] = [];
  for (const [start] of runs(bytes, encoded, encodedSize)) {
    if (isVaried(bytes, start)) found.push(start);
    if (found.length >= mostEncoded) break;
  }
  return found;
}

export interface Piece {
  readonly start: number;
  readonly text: string;
}

/**
 * Encoded text, and with it what it continues in behind line breaks (`base64 FILE` wraps) or quotes (a program joins
 * strings). What follows may be something else, so that the first run stands alone as well.
 */
export function encodedPieces(bytes: Buffer): Piece[] {
  const found: Piece[] = [];
  let read = 0;
  for (const start of encodedRuns(bytes)) {
    if (start < read) continue;
    let end = endOfRun(bytes, start);
    const first = bytes.toString('latin1', start, end);
    const parts = [first];
    for (let next = behindWrap(bytes, end); next !== undefined; next = behindWrap(bytes, end)) {
      end = endOfRun(bytes, next);
      parts.push(bytes.toString('latin1', next, end));
    }
    found.push({ start, text: first });
    if (parts.length > 1) found.push({ start, text: parts.join('') });
    read = end;
  }
  return found;
}

function endOfRun(bytes: Buffer, start: number): number {
  let end = start;
  while (end < bytes.length && encoded[bytes[end]!] === 1) end++;
  return end;
}

/** Longest wrapping: quote, operator, line break, indentation, quote. */
const longestWrap = 24;

/** Where encoded text goes on; a shorter run than four characters is something else. */
function behindWrap(bytes: Buffer, end: number): number | undefined {
  let next = end;
  while (next < bytes.length && next - end < longestWrap && wrapping[bytes[next]!] === 1) next++;
  return next > end && endOfRun(bytes, next) - next >= 4 ? next : undefined;
}

/** No ruler, path or sentence without blanks. */
function isVaried(bytes: Buffer, start: number): boolean {
  const head = bytes.subarray(start, start + encodedSize);
  return new Set(head).size >= 6 && head.some((byte) => byte >= 0x30 && byte <= 0x39);
}

/** A file that is nothing but encoded: `base64 -d FILE` reads it. */
export function beginsEncoded(bytes: Buffer): boolean {
  if (bytes.length < encodedSize) return false;
  for (let at = 0; at < encodedSize; at++) if (encoded[bytes[at]!] !== 1) return false;
  return isVaried(bytes, 0);
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const alphanumeric = tableOf(letters + '0123456789');
/** Also of escapes (`\x2f`, `%2f`) and of lists of codes without blanks. */
const encoded = tableOf(letters + '0123456789+/_-\\%,');
const wrapping = tableOf(' \t\r\n"\'`+.()');

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters, 'latin1')) table[byte] = 1;
  return table;
}

function* runs(
  bytes: Buffer,
  table: Uint8Array,
  size: number,
): Generator<readonly [start: number, end: number], undefined> {
  for (let at = size - 1; at < bytes.length; at += size) {
    if (table[bytes[at]!] !== 1) continue;
    let start = at;
    while (start > 0 && table[bytes[start - 1]!] === 1) start--;
    let end = at + 1;
    while (end < bytes.length && table[bytes[end]!] === 1) end++;
    if (end - start >= size) yield [start, end];
    at = end;
  }
  return undefined;
}

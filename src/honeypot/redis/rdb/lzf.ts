/**
 * LZF, which RDB files are compressed with; the same bytes as lzf_c.c of Redis makes (16 bits of hash, "very fast"). It
 * is why half of what an attacker wrote into a crontab may be missing when cron reads it.
 */

const hashSize = 1 << 16;
const maxLiteral = 32;
const maxOffset = 1 << 13;
const maxReference = (1 << 8) + (1 << 3);

/** Places by hash, counted over all that was ever compressed, so that those of earlier texts are known to be. */
const places = new Int32Array(hashSize);
let base = 1;

/** @returns undefined where it would save less than four bytes */
export function compressLzf(bytes: Buffer): Buffer | undefined {
  const end = bytes.length;
  const out = Buffer.alloc(Math.max(0, end - 4) + 8);
  const room = end - 4;
  if (room <= 0) return undefined;
  if (base + end > 0x7fffffff) {
    places.fill(0);
    base = 1;
  }
  const begin = base;
  base += end;
  let at = 0;
  let to = 1;
  let literals = 0;
  let hash = first(bytes, at);

  const endRun = (): void => {
    out[to - literals - 1] = literals - 1;
  };
  const literal = (): void => {
    literals += 1;
    out[to] = bytes[at]!;
    to += 1;
    at += 1;
    if (literals < maxLiteral) return;
    endRun();
    literals = 0;
    to += 1;
  };
  const remember = (): void => {
    hash = next(hash, bytes, at);
    places[slot(hash)] = begin + at;
    at += 1;
  };

  while (at < end - 2) {
    hash = next(hash, bytes, at);
    const place = slot(hash);
    const from = places[place]! - begin;
    places[place] = begin + at;
    const offset = at - from - 1;
    if (
      from > 0 &&
      offset < maxOffset &&
      bytes[from + 2] === bytes[at + 2] &&
      bytes[from + 1] === bytes[at + 1] &&
      bytes[from] === bytes[at]
    ) {
      if (to - (literals === 0 ? 1 : 0) + 4 >= room) return undefined;
      endRun();
      if (literals === 0) to -= 1;
      const length = matchLength(bytes, from, at) - 2;
      at += 1;
      if (length < 7) out[to++] = (offset >> 8) + (length << 5);
      else {
        out[to++] = (offset >> 8) + (7 << 5);
        out[to++] = length - 7;
      }
      out[to++] = offset & 0xff;
      literals = 0;
      to += 1;
      at += length + 1;
      if (at >= end - 2) break;
      at -= 2;
      hash = first(bytes, at);
      remember();
      remember();
    } else {
      if (to >= room) return undefined;
      literal();
    }
  }
  if (to + 3 > room) return undefined;
  while (at < end) literal();
  endRun();
  return out.subarray(0, literals === 0 ? to - 1 : to);
}

/** A reference of three bytes stands for as many as this at most. */
const maxRatio = maxReference / 3;

/** Nothing is made room for that the bytes could not fill. @returns undefined where they are not of that length */
export function expandLzf(bytes: Buffer, length: number): Buffer | undefined {
  if (length > bytes.length * maxRatio) return undefined;
  const out = Buffer.alloc(length);
  let [at, to] = [0, 0];
  while (at < bytes.length) {
    const control = bytes[at++]!;
    if (control < maxLiteral) {
      const end = at + control + 1;
      if (end > bytes.length || to + control + 1 > length) return undefined;
      bytes.copy(out, to, at, end);
      to += control + 1;
      at = end;
      continue;
    }
    let run = control >> 5;
    if (run === 7) run += bytes[at++] ?? 0;
    if (at >= bytes.length) return undefined;
    let from = to - ((control & 31) << 8) - bytes[at++]! - 1;
    if (from < 0 || to + run + 2 > length) return undefined;
    for (const end = to + run + 2; to < end; to += 1, from += 1) out[to] = out[from]!;
  }
  return to === length ? out : undefined;
}

function first(bytes: Buffer, at: number): number {
  return (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
}

function next(hash: number, bytes: Buffer, at: number): number {
  return ((hash << 8) | (bytes[at + 2] ?? 0)) >>> 0;
}

function slot(hash: number): number {
  return ((hash >>> 8) - Math.imul(hash, 5)) & (hashSize - 1);
}

/** Of bytes that are the same from both places on; at least three are. */
function matchLength(bytes: Buffer, from: number, at: number): number {
  const most = Math.min(bytes.length - at - 2, maxReference);
  let length = 2;
  // The original compares the first sixteen without looking at the bound.
  if (most > 16)
    while (length < 18) {
      length += 1;
      if (bytes[from + length] !== bytes[at + length]) return length;
    }
  do length += 1;
  while (length < most && bytes[from + length] === bytes[at + length]);
  return length;
}

/**
 * Compressed streams unpacked as command-line tools do it: member after member, frame after frame, also behind zeros,
 * up to where a stream breaks off, and whatever its checksum says. Node's own functions end after the first zstd
 * frame, take zeros for the end, and give nothing at all where something else follows.
 */
import { constants, gunzipSync, inflateRawSync, zstdDecompressSync } from 'node:zlib';

export interface Unpacked {
  readonly content: Buffer;
  /** Where the last member or frame ends. */
  readonly end: number;
}

/**
 * @param most longest content
 * @param said how long it is said to be
 * @returns undefined where nothing can be read
 */
export type Unpack = (bytes: Buffer, most: number, said?: number) => Unpacked | 'too large' | undefined;

/** More are left unread: each takes a tenth of a millisecond, however little it holds. */
const mostPieces = 20_000;

/** All members at once where nothing else follows them, which is a good deal faster. */
export const unpackGzip: Unpack = (bytes, most) => {
  const whole = attempt((options) => gunzipSync(bytes, options), most);
  if (whole === 'too large') return whole;
  if (whole === undefined) return unpackAll(bytes, most, isGzip, gzipMember);
  return unpackAll(bytes, most, isGzip, gzipMember, whole);
};

export const unpackZstd: Unpack = (bytes, most) => unpackAll(bytes, most, isZstd, zstdFrame);

/** One stream without header. */
export const unpackDeflate: Unpack = (bytes, most, said = 0) =>
  attempt((options) => inflateRawSync(bytes, { ...options, ...inOnePiece(bytes, said) }), most);

/** The same, of one that does not break off. */
export const unpackWholeDeflate: Unpack = (bytes, most, said = 0) => {
  const whole = { finishFlush: constants.Z_FINISH, ...inOnePiece(bytes, said) };
  return attempt((options) => inflateRawSync(bytes, { ...options, ...whole }), most);
};

/** Put together from pieces, a large content is held twice. More than 1032 times as much, deflate cannot tell. */
function inOnePiece(bytes: Buffer, said: number): { readonly chunkSize?: number } {
  return said < constants.Z_DEFAULT_CHUNK || said > bytes.length * 1032 ? {} : { chunkSize: said + 1 };
}

/** RFC 1952: the magic, and deflate as the method. */
export function isGzip(bytes: Buffer, at = 0): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 0x08;
}

/** RFC 8878: a frame of data, or one to be skipped. */
export function isZstd(bytes: Buffer, at = 0): boolean {
  return at + 4 <= bytes.length && (bytes.readUInt32LE(at) === 0xfd2fb528 || isSkippable(bytes, at));
}

function isSkippable(bytes: Buffer, at: number): boolean {
  return bytes.readUInt32LE(at) >>> 4 === 0x184d2a5;
}

/** @param before what has been unpacked already */
function unpackAll(
  bytes: Buffer,
  most: number,
  isNext: (bytes: Buffer, at: number) => boolean,
  one: Unpack,
  before?: Unpacked,
): Unpacked | 'too large' | undefined {
  const parts = before === undefined ? [] : [before.content];
  let left = most - (before?.content.length ?? 0);
  let end = before?.end ?? 0;
  let pieces = 0;
  for (let at = behindZeros(bytes, end); isNext(bytes, at); at = behindZeros(bytes, end)) {
    const next = pieces++ === mostPieces ? undefined : one(bytes.subarray(at), left);
    if (next === 'too large') return next;
    if (next === undefined) break;
    if (next.content.length > 0) parts.push(next.content);
    left -= next.content.length;
    end = at + next.end;
  }
  if (end === 0) return undefined;
  const [only = Buffer.alloc(0)] = parts;
  return { content: parts.length < 2 ? only : Buffer.concat(parts), end };
}

/** Tapes and block devices pad what is written to them. */
export function behindZeros(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0) at++;
  return at;
}

/** The checksum behind it is not looked at. */
const gzipMember: Unpack = (bytes, most) => {
  const start = gzipHeaderEnd(bytes);
  const unpacked = unpackDeflate(bytes.subarray(start), most);
  if (unpacked === undefined || unpacked === 'too large') return unpacked;
  return { ...unpacked, end: Math.min(bytes.length, start + unpacked.end + 8) };
};

function gzipHeaderEnd(bytes: Buffer): number {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 0x04) !== 0 && at + 2 <= bytes.length) at += 2 + bytes.readUInt16LE(at);
  // A name and a comment, each up to its zero.
  for (const flag of [0x08, 0x10]) {
    if ((flags & flag) === 0) continue;
    const zero = bytes.indexOf(0, at);
    at = zero === -1 ? bytes.length : zero + 1;
  }
  return (flags & 0x02) !== 0 ? at + 2 : at;
}

const zstdFrame: Unpack = (bytes, most) => {
  if (!isSkippable(bytes, 0)) {
    const flush = { finishFlush: constants.ZSTD_e_flush };
    return attempt((options) => zstdDecompressSync(bytes, { ...options, ...flush }), most);
  }
  if (bytes.length < 8) return undefined;
  return { content: Buffer.alloc(0), end: Math.min(bytes.length, 8 + bytes.readUInt32LE(4)) };
};

/** A stream that breaks off gives what came before. */
const tolerant = { finishFlush: constants.Z_SYNC_FLUSH, info: true };

type Options = typeof tolerant & { readonly maxOutputLength: number };

function attempt(unpack: (options: Options) => unknown, most: number): Unpacked | 'too large' | undefined {
  try {
    const { buffer, engine } = unpack({ ...tolerant, maxOutputLength: Math.max(1, most) }) as WithEngine;
    return buffer.length > most ? 'too large' : { content: buffer, end: engine.bytesWritten };
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      ? 'too large'
      : undefined;
  }
}

/** What `info` makes of the result; Node's types do not know it. `bytesWritten` counts what was taken. */
interface WithEngine {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

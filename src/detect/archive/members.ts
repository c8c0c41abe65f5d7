/**
 * What an archive inside a layer holds: gzip, zstd, zip (jar, whl, apk) and tar, one level at a time, in memory
 * and bounded. A format without a decoder here (xz, bzip2, 7z) gives nothing: its bytes are still inspected as
 * they are. A broken archive gives what could be read before it breaks.
 */

import { constants, gunzipSync, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import type { SkipReason } from '../../model/coverage.ts';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';

/** The name of what a single compressed stream unfolds to. */
export const onlyContent = '(content)';

export interface Member {
  /** As stored, with bytes that are not valid UTF-8 as `\xNN`; `onlyContent` for a compressed stream. */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Hole {
  readonly name: string;
  readonly reason: SkipReason;
  readonly detail: string;
}

/** Shared by all levels of one file, so that nesting does not multiply. */
export interface Budget {
  /** Bytes that may still be produced. */
  bytes: number;
  /** Members that may still be opened. */
  members: number;
}

/**
 * Most bytes and members that one file may unfold to. An honest archive inside an image expands three- to
 * tenfold; memory is the reason for the first bound, time for the second.
 */
export const newBudget = (): Budget => ({ bytes: 128 * 1024 * 1024, members: 20_000 });

/** Archives in archives: a jar in a tarball in a tarball is honest, more is a way to tire scanners. */
export const mostLevels = 5;

/** Reads one level. @param budget is used up as members come */
export function* openArchive(bytes: Buffer, budget: Budget): Generator<Member | Hole> {
  yield* decoderOf(bytes)?.(bytes, budget) ?? [];
}

type Decoder = (bytes: Buffer, budget: Budget) => Iterable<Member | Hole>;

function decoderOf(bytes: Buffer): Decoder | undefined {
  if (startsWith(bytes, [0x1f, 0x8b])) return (all, budget) => single(all, budget, inflateGzip);
  if (startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])) return (all, budget) => single(all, budget, inflateZstd);
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || endsWithZip(bytes)) {
    return (all, budget) => readZip(all, budget, inflateRaw);
  }
  return isTar(bytes) ? readTar : undefined;
}

/** A zip behind a program or script that starts it: zipapps, executable jars, self-extracting archives. */
export function endsWithZip(bytes: Buffer): boolean {
  const end = bytes.length - 22;
  return end >= 0 && bytes.readUInt32LE(end) === 0x06054b50;
}

/** Whether there is a decoder for it. */
export function isReadable(bytes: Buffer): boolean {
  return decoderOf(bytes) !== undefined;
}

export function isHole(one: Member | Hole): one is Hole {
  return 'reason' in one;
}

function isTar(bytes: Buffer): boolean {
  return bytes.length >= 512 && bytes.toString('latin1', 257, 262) === 'ustar';
}

function* single(bytes: Buffer, budget: Budget, inflate: Inflate): Generator<Member | Hole> {
  const content = inflate(bytes, budget.bytes);
  if (content === 'too large') {
    yield { name: onlyContent, reason: 'ratio-limit', detail: `unfolds to more than ${budget.bytes} bytes` };
    // What was unfolded for nothing counts too, or an archive of bombs would take hours.
    budget.bytes = 0;
  } else if (content === undefined) {
    yield { name: onlyContent, reason: 'truncated', detail: 'the compressed data is broken' };
  } else {
    budget.bytes -= content.length;
    yield { name: onlyContent, bytes: content };
  }
}

/** @param most longest result @returns undefined where nothing can be read */
export type Inflate = (bytes: Buffer, most: number) => Buffer | 'too large' | undefined;

/** A stream that breaks off gives what came before, as the command-line tools do. */
const tolerant = { finishFlush: constants.Z_SYNC_FLUSH };

const inflateGzip: Inflate = (bytes, most) =>
  attempt(() => gunzipSync(bytes, { ...tolerant, maxOutputLength: Math.max(1, most) }));

const inflateRaw: Inflate = (bytes, most) =>
  attempt(() => inflateRawSync(bytes, { ...tolerant, maxOutputLength: Math.max(1, most) }));

const inflateZstd: Inflate = (bytes, most) =>
  attempt(() => zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, most) }));

function attempt(inflate: () => Buffer): Buffer | 'too large' | undefined {
  try {
    return inflate();
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      ? 'too large'
      : undefined;
  }
}

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}

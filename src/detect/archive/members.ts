/**
 * What a file holds besides its own bytes, one level at a time, in memory and bounded: the members of gzip, zstd, zip
 * (jar, whl, apk) and tar, a zip behind whatever precedes it, and what a script carries (`embedded.ts`). A format
 * without a decoder here (xz, bzip2, 7z) gives nothing: its bytes are still inspected as they are. A broken archive
 * gives what could be read before it breaks.
 */
import type { SkipReason } from '../../model/coverage.ts';
import type { AnchorHits } from '../anchors.ts';
import type { Detector, FileKind } from '../detector.ts';
import { softened } from './embedded.ts';
import { encodedAnchors, openEncoded } from './encoded.ts';
import { hasPayload, openPayloads } from './payload.ts';
import { behindZeros, isGzip, isZstd, type Unpack, unpackGzip, unpackZstd } from './streams.ts';
import { isTar, readTar } from './tar.ts';
import { endsAsZip, endText, hasZipEnd, readZip } from './zip.ts';

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

/** What the one search has to look for so that files are opened where they need be; named like a detector there. */
export const opener = {
  name: 'archive',
  anchors: { zipEnd: { text: endText }, ...encodedAnchors },
} as const satisfies Pick<Detector, 'name' | 'anchors'>;

export interface Holder {
  readonly bytes: Buffer;
  readonly kind: FileKind;
}

/** Reads one level. @param hits of the file @param budget is used up as members come */
export function* openFile(file: Holder, hits: AnchorHits, budget: Budget): Generator<Member | Hole> {
  const { bytes, kind } = file;
  if (kind === 'archive') {
    yield* openArchive(bytes, budget);
    return;
  }
  const stored: Buffer[] = [];
  if (hits.of(opener.name, 'zipEnd').length > 0 && hasZipEnd(bytes)) {
    const isSure = endsAsZip(bytes);
    for (const one of readZip(bytes, budget)) {
      if (!isHole(one) && one.bytes.buffer === bytes.buffer) stored.push(one.bytes);
      yield isSure ? one : softened(one);
    }
  }
  yield* openPayloads(file, budget, stored);
  yield* openEncoded(bytes, (anchor) => hits.of(opener.name, anchor), budget);
}

/**
 * Whether there is something to be opened in a file that is too large for it, as far as a part of it tells.
 * @param part of a file of `size` bytes, `offset` bytes behind its beginning
 */
export function holdsMore(part: Holder, offset: number, size: number): boolean {
  if (part.kind === 'archive') return true;
  if (offset === 0 && hasPayload(part)) return true;
  return offset + part.bytes.length === size && hasZipEnd(part.bytes, offset);
}

/** Of a file that begins like an archive. */
export function* openArchive(bytes: Buffer, budget: Budget): Generator<Member | Hole> {
  yield* decoderOf(bytes)?.(bytes, budget) ?? [];
}

type Decoder = (bytes: Buffer, budget: Budget) => Iterable<Member | Hole>;

function decoderOf(bytes: Buffer): Decoder | undefined {
  if (isGzip(bytes)) return (all, budget) => single(all, budget, unpackGzip);
  if (isZstd(bytes)) return (all, budget) => single(all, budget, unpackZstd);
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50) return readZip;
  if (isTar(bytes)) return tarball;
  return hasZipEnd(bytes) ? readZip : undefined;
}

/** Whether there is a decoder for it. */
export function isReadable(bytes: Buffer): boolean {
  return decoderOf(bytes) !== undefined;
}

export function isHole(one: Member | Hole): one is Hole {
  return 'reason' in one;
}

/** Python starts a zip behind a tar or a compressed stream, too. */
function* tarball(bytes: Buffer, budget: Budget): Generator<Member | Hole> {
  const end = yield* readTar(bytes, budget);
  const rest = bytes.subarray(end);
  if (hasZipEnd(rest)) yield* readZip(rest, budget);
}

function* single(bytes: Buffer, budget: Budget, unpack: Unpack): Generator<Member | Hole> {
  const unpacked = unpack(bytes, budget.bytes);
  if (unpacked === 'too large') {
    yield { name: onlyContent, reason: 'ratio-limit', detail: `unfolds to more than ${budget.bytes} bytes` };
    // What was unfolded for nothing counts too, or an archive of bombs would take hours.
    budget.bytes = 0;
  } else if (unpacked === undefined) {
    yield { name: onlyContent, reason: 'truncated', detail: 'the compressed data is broken' };
  } else {
    budget.bytes -= unpacked.content.length;
    yield { name: onlyContent, bytes: unpacked.content };
    yield* behind(bytes.subarray(behindZeros(bytes, unpacked.end)), budget);
  }
}

function* behind(rest: Buffer, budget: Budget): Generator<Member | Hole> {
  if (hasZipEnd(rest)) {
    yield* readZip(rest, budget);
  } else if (rest.length > 0) {
    const detail = `${rest.length} bytes behind the end of the compressed data`;
    yield { name: '(rest)', reason: 'unsupported', detail };
  }
}

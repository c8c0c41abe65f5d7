/**
 * Walks a layer's tar and pushes its entries into a sink: the hot path of a scan. Content is handed on as
 * slices of the chunks that come in; nothing is copied, unpacked or trusted. What cannot be delivered is
 * listed through `sink.skip`, and a broken archive ends the walk instead of being searched for more headers:
 * a runtime would refuse it there as well.
 *
 * Where readers of tar disagree, the walk follows Go's archive/tar, which all container runtimes use.
 */
import { messageOf, WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import type { EntrySink, EntryType } from '../entry.ts';
import { blockSize, typeFlag } from './header.ts';
import { contentBehind, type Member, type MemberReader, readMember } from './member.ts';
import { isTooLong, type Marker, markerOf, maxPath, normalPath, shortened } from './names.ts';
import { createPushParser, type PushParser, type Reading, upTo } from './reading.ts';
import type { SparseFile } from './sparse.ts';

export interface TarLimits {
  /** Entries of one archive; what follows is left out (`entry-limit`). */
  readonly maxEntries: number;
  /** Bytes of names and link targets of one archive; what follows is left out (`entry-limit`). */
  readonly maxNameBytes: number;
  /**
   * Bytes of holes in sparse files that one archive may make the walker write out as zeros. They reach the
   * sink within one `push`, where no back pressure holds. Of a file beyond it only the stored stretches are
   * delivered, each hole cut to 4 KiB, and it is listed (`ratio-limit`).
   */
  readonly maxHoleBytes: number;
}

const MiB = 1024 * 1024;
export const defaultTarLimits: TarLimits = {
  maxEntries: 4_000_000,
  maxNameBytes: 256 * MiB,
  maxHoleBytes: 128 * MiB,
};

/**
 * @param archive what skips of the archive as a whole are listed under: the layer's digest
 * @returns `push` takes the uncompressed archive in chunks of any size; `finish` ends a file that is open
 */
export function createTarWalker(
  sink: EntrySink,
  limits: TarLimits = defaultTarLimits,
  archive = '',
): PushParser {
  return createPushParser(walk(sink, limits, archive));
}

/** What is counted over the whole archive. */
interface Walk {
  readonly sink: EntrySink;
  readonly reader: MemberReader;
  holeBytes: number;
}

function* walk(sink: EntrySink, limits: TarLimits, archive: string): Reading<void> {
  const reader: MemberReader = { ahead: undefined, globalOverride: false };
  const state: Walk = { sink, reader, holeBytes: limits.maxHoleBytes };
  let last: Buffer | undefined;
  let nameBytes = 0;
  for (let entries = 0; ; entries++) {
    const found = yield* attempt(readMember(reader));
    if (found instanceof WaterguardError) {
      const where = last === undefined ? 'at the beginning' : `after ${printable(last, 200)}`;
      sink.skip(archive, 'truncated', `${found.message}, ${where}; the rest is not read`);
      return yield* ignoreRest();
    }
    if (found === undefined) break;
    nameBytes += found.name.length + found.link.length;
    if (entries === limits.maxEntries || nameBytes > limits.maxNameBytes) {
      const bound =
        nameBytes > limits.maxNameBytes ? `${limits.maxNameBytes} bytes of names` : `${entries} entries`;
      sink.skip(archive, 'entry-limit', `more than ${bound}; the rest is not read`);
      return yield* ignoreRest();
    }
    last = yield* deliver(found, state);
  }
  if (reader.globalOverride) {
    sink.skip(archive, 'unsupported', 'a global pax header names a path or size, which runtimes pass over');
  }
  yield* checkRest(sink, archive);
}

/** Only what a parser throws is caught: an error of the sink goes up to whoever pushes. */
function* attempt(reading: Reading<Member | undefined>): Reading<Member | undefined | WaterguardError> {
  try {
    return yield* reading;
  } catch (error) {
    if (error instanceof WaterguardError) return error;
    throw new WaterguardError('internal', `the tar walker failed: ${messageOf(error)}`, { cause: error });
  }
}

/** @returns the path of what was delivered */
function* deliver(member: Member, state: Walk): Reading<Buffer> {
  const { sink, reader } = state;
  const path = listedPath(member, sink);
  const marker = markerOf(path);
  if (marker !== undefined) deliverMarker(marker, member, path, sink);
  // No runtime makes a file of a marker, but content may hide in one (and AUFS's link directory does hold
  // files that hard links name), so a marker's content is delivered under the marker's own path.
  const type = entryType(member);
  if (type === 'file') {
    if (marker === undefined || member.content > 0) yield* deliverFile(member, path, state);
    return path;
  }
  const first = member.content > 0 ? yield* contentBehind(reader) : undefined;
  if (first !== undefined) yield* deliverUnexpected(member, path, first, sink);
  else if (marker === undefined) deliverBare(member, type, path, sink);
  return path;
}

function deliverMarker({ kind, path: hidden }: Marker, member: Member, path: Buffer, sink: EntrySink): void {
  if (kind === 'invalid') {
    sink.skip(path, 'unsupported', 'a whiteout without a name; runtimes differ in what it removes');
  } else if (kind !== 'metadata') {
    const { mode, uid, gid } = member;
    sink.entry({ path: hidden, type: kind, mode, uid, gid, size: 0 });
  }
}

/** An entry without content. */
function deliverBare(member: Member, type: EntryType, path: Buffer, sink: EntrySink): void {
  const { mode, uid, gid } = member;
  const common = { path, type, mode, uid, gid, size: 0 };
  if (type === 'symlink') sink.entry({ ...common, link: storedLink(member, path, sink) });
  else if (type === 'hardlink') sink.entry({ ...common, link: linkedPath(member) });
  else sink.entry(common);
  if (type === 'device') sink.skip(path, 'device');
}

function listedPath(member: Member, sink: EntrySink): Buffer {
  const { path, escapes } = normalPath(member.name);
  const tooLong = isTooLong(path);
  const short = tooLong ? shortened(path) : path;
  if (tooLong) sink.skip(short, 'name-limit', `a name of ${member.name.length} bytes, listed shortened`);
  if (escapes) {
    sink.skip(short, 'unsupported', `entry name leaves the root: ${printable(member.name, 200)}`);
  }
  return short;
}

function entryType({ type, name, content }: Member): EntryType {
  switch (type) {
    case typeFlag.hardlink:
      return 'hardlink';
    case typeFlag.symlink:
      return 'symlink';
    case typeFlag.characterDevice:
    case typeFlag.blockDevice:
      return 'device';
    case typeFlag.directory:
      return 'directory';
    case typeFlag.fifo:
      return 'fifo';
    case typeFlag.v7File:
      return endsInSlash(name) ? 'directory' : 'file';
    case typeFlag.file:
      return endsInSlash(name) && content === 0 ? 'directory' : 'file';
    default:
      // POSIX: an unknown type is read as a file.
      return 'file';
  }
}

function endsInSlash(name: Buffer): boolean {
  return name[name.length - 1] === 0x2f;
}

/** A symbolic link's target as stored, in memory of its own. */
function storedLink({ link }: Member, path: Buffer, sink: EntrySink): Buffer {
  if (link.length > maxPath) sink.skip(path, 'name-limit', `a link target of ${link.length} bytes, cut`);
  return Buffer.from(link.subarray(0, maxPath));
}

function linkedPath({ link }: Member): Buffer {
  const { path } = normalPath(link);
  return isTooLong(path) ? shortened(path) : path;
}

function* deliverFile(member: Member, path: Buffer, state: Walk): Reading<void> {
  const { mode, uid, gid, content, sparse } = member;
  const { sink } = state;
  sink.entry({ path, type: 'file', mode, uid, gid, size: sparse?.size ?? content });
  const complete = yield* sparse === undefined ? pass(content, sink) : passSparse(sparse, path, state);
  const stored = sparse?.stored ?? content;
  if (sparse !== undefined && stored < content) {
    yield* drop(content - stored);
    sink.skip(path, 'unsupported', `${content - stored} bytes that the map of the sparse file does not name`);
  }
  yield* drop(padding(content));
  if (complete === 'broken') sink.skip(path, 'truncated', 'the archive ends in the content');
  sink.end(complete === 'whole');
}

/**
 * Content behind an entry of a type that has none: a hard link as pax allows it (the link's own content), or
 * something that Go's reader refuses. Either way it is delivered as a file.
 */
function* deliverUnexpected(member: Member, path: Buffer, first: Buffer, sink: EntrySink): Reading<void> {
  const { type, mode, uid, gid, content } = member;
  if (type !== typeFlag.hardlink)
    sink.skip(path, 'unsupported', 'content behind an entry of a type without any');
  sink.entry({ path, type: 'file', mode, uid, gid, size: content });
  const there = Math.min(first.length, content);
  sink.data(first.subarray(0, there));
  const broken =
    (yield* pass(content - there, sink)) === 'broken' || first.length < Math.min(content, blockSize);
  if (content > blockSize) yield* drop(padding(content));
  if (broken) sink.skip(path, 'truncated', 'the archive ends in the content');
  sink.end(!broken);
}

/** `shortened`: all that is stored was delivered, the holes were not. */
type Delivery = 'whole' | 'broken' | 'shortened';

function* pass(bytes: number, sink: EntrySink): Reading<Delivery> {
  let left = bytes;
  while (left > 0) {
    const piece = yield* upTo(left);
    if (piece.length === 0) return 'broken';
    sink.data(piece);
    left -= piece.length;
  }
  return 'whole';
}

function* passSparse({ size, map, stored }: SparseFile, path: Buffer, state: Walk): Reading<Delivery> {
  const holes = size - stored;
  const fits = holes <= state.holeBytes;
  if (fits) state.holeBytes -= holes;
  else state.sink.skip(path, 'ratio-limit', `holes of ${holes} bytes in a sparse file, not written out`);
  const longestHole = fits ? holes : 4096;
  let at = 0;
  for (let i = 0; i < map.length; i += 2) {
    passZeros(Math.min(map[i]! - at, longestHole), state.sink);
    if ((yield* pass(map[i + 1]!, state.sink)) === 'broken') return 'broken';
    at = map[i]! + map[i + 1]!;
  }
  passZeros(Math.min(size - at, longestHole), state.sink);
  return fits ? 'whole' : 'shortened';
}

const zeros = Buffer.alloc(64 * 1024);

function passZeros(bytes: number, sink: EntrySink): void {
  for (let left = bytes; left > 0; left -= zeros.length) {
    sink.data(left >= zeros.length ? zeros : zeros.subarray(0, left));
  }
}

function* drop(bytes: number): Reading<void> {
  let left = bytes;
  while (left > 0) {
    const piece = yield* upTo(left);
    if (piece.length === 0) return;
    left -= piece.length;
  }
}

function padding(content: number): number {
  return (blockSize - (content % blockSize)) % blockSize;
}

function* ignoreRest(): Reading<void> {
  yield* drop(Number.POSITIVE_INFINITY);
}

/** Zeros after the end pad to the record size; runtimes ignore anything else, which may be there to hide. */
function* checkRest(sink: EntrySink, archive: string): Reading<void> {
  for (;;) {
    const piece = yield* upTo(zeros.length);
    if (piece.length === 0) return;
    if (piece.compare(zeros, 0, piece.length) === 0) continue;
    sink.skip(archive, 'unsupported', 'bytes after the end of the archive');
    return yield* ignoreRest();
  }
}

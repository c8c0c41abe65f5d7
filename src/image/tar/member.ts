/**
 * Reads up to the next member of the archive: its header, the extended headers in front of it that rename or
 * resize it, and the map of a sparse file. Where the content begins, the walker takes over.
 */
import {
  blockSize,
  corrupt,
  type Header,
  hasValidChecksum,
  isZeroBlock,
  parseHeader,
  typeFlag,
} from './header.ts';
import { movesContent, type PaxRecords, parsePax } from './pax.ts';
import { exactly, type Reading } from './reading.ts';
import { readOldGnuMap, readPaxMap, type SparseFile } from './sparse.ts';

/** `name` and `link` are as stored; borrowed, so they must be used before more is read. */
export interface Member {
  readonly type: number;
  readonly name: Buffer;
  readonly link: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow now, without padding. */
  readonly content: number;
  readonly sparse: SparseFile | undefined;
}

/** What the reader keeps between members. */
export interface MemberReader {
  /** A block that was read to see what it is, and is a header. */
  ahead: Buffer | undefined;
  /** A global pax header named a path or a size. */
  globalOverride: boolean;
}

/** Longest extended header, as in Go's archive/tar (maxSpecialFileSize). */
const maxExtension = 1024 * 1024;

/** The extended headers that are in force for one member. */
interface Extensions {
  pax?: PaxRecords;
  longName?: Buffer;
  longLink?: Buffer;
}

/**
 * @returns undefined at the end of the archive: two zero blocks, or the end of the input between members
 * @throws WaterguardError `corrupt`
 */
export function* readMember(reader: MemberReader): Reading<Member | undefined> {
  const extensions: Extensions = {};
  let extended = false;
  for (;;) {
    const block = reader.ahead ?? (yield* exactly(blockSize));
    reader.ahead = undefined;
    if (block.length === 0 && !extended) return undefined;
    if (block.length < blockSize) throw corrupt('the archive ends in a header');
    if (isZeroBlock(block)) {
      const second = yield* exactly(blockSize);
      if (second.length < blockSize || isZeroBlock(second)) return undefined;
      throw corrupt('a single zero block stands between members');
    }
    const header = parseHeader(block);
    if (!(yield* readExtension(header, extensions, reader))) return yield* join(header, block, extensions);
    extended = true;
  }
}

/** @returns whether the header was that of an extension, which is then read and kept */
function* readExtension(
  { type, size }: Header,
  extensions: Extensions,
  reader: MemberReader,
): Reading<boolean> {
  switch (type) {
    case typeFlag.paxLocal:
      extensions.pax = parsePax(yield* readBody(size));
      return true;
    case typeFlag.paxGlobal:
      // Runtimes pass over global headers (Go's reader hands them out as entries), so that a global path or
      // size must not move anything here; where one tries, it is listed.
      if (movesContent(parsePax(yield* readBody(size)))) reader.globalOverride = true;
      return true;
    case typeFlag.gnuLongName:
      extensions.longName = untilNul(yield* readBody(size));
      return true;
    case typeFlag.gnuLongLink:
      extensions.longLink = untilNul(yield* readBody(size));
      return true;
    default:
      return false;
  }
}

function* readBody(size: number): Reading<Buffer> {
  if (size > maxExtension) throw corrupt('an extended header is longer than 1 MiB');
  if (size === 0) return Buffer.alloc(0);
  const body = yield* exactly(Math.ceil(size / blockSize) * blockSize);
  if (body.length < size) throw corrupt('the archive ends in an extended header');
  return body.subarray(0, size);
}

function untilNul(body: Buffer): Buffer {
  const end = body.indexOf(0);
  return Buffer.from(end < 0 ? body : body.subarray(0, end));
}

function* join(header: Header, block: Buffer, { pax, longName, longLink }: Extensions): Reading<Member> {
  const content = pax?.size ?? header.size;
  const member: Member = {
    type: header.type,
    name: longName ?? pax?.sparse?.name ?? pax?.path ?? header.name,
    link: longLink ?? pax?.linkpath ?? header.link,
    mode: header.mode,
    uid: pax?.uid ?? header.uid,
    gid: pax?.gid ?? header.gid,
    content,
    sparse: undefined,
  };
  const isOldSparse = header.type === typeFlag.gnuSparse && header.isGnu;
  if (!isOldSparse && pax?.sparse === undefined) return member;
  const kept = { ...member, name: Buffer.from(member.name), link: Buffer.from(member.link) };
  const sparse = isOldSparse
    ? yield* readOldGnuMap(block, content)
    : yield* readPaxMap(pax?.sparse ?? {}, content);
  return { ...kept, content: content - (sparse?.mapBytes ?? 0), sparse };
}

/**
 * Types that have no content, whatever their size says. Go's reader expects the next header at once; pax lets
 * a hard link carry content. @returns undefined when the next block is a header or the end (kept for
 * `readMember`), else that block: the first of the content
 */
export function* contentBehind(reader: MemberReader): Reading<Buffer | undefined> {
  const block = yield* exactly(blockSize);
  if (block.length === blockSize && !isZeroBlock(block) && !hasValidChecksum(block)) return block;
  if (block.length > 0 && block.length < blockSize) return block;
  reader.ahead = block;
  return undefined;
}

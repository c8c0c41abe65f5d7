/**
 * The members of an outer archive (a tar that holds an image), found by reading its headers once: name, place
 * and size of each. The contents are read later, by place. Layers inside are walked by `tar/`; of an outer
 * archive only files and links matter, and there are few.
 */
import { posix } from 'node:path';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { blockSize, type Header, isZeroBlock, parseHeader, typeFlag } from '../tar/header.ts';
import { type PaxRecords, parsePax } from '../tar/pax.ts';

/** A position in a tar that only moves forward. */
export interface ForwardReader {
  readonly position: number;
  /** The next `bytes` in one piece; fewer only at the end of the input. */
  take(bytes: number): Promise<Buffer>;
  skipTo(position: number): Promise<void>;
}

/** `start` and `end` are positions of the content; `ordinal` counts members from 0. */
export interface Member {
  readonly name: string;
  readonly ordinal: number;
  readonly start: number;
  readonly end: number;
  /** Set for links: the name of the member that is meant. */
  readonly link?: string;
}

/** Members of one outer archive: an image of 1,000 layers with three files each stays far below. A longer name
 *  is not noted, because nothing in an image archive is called so. Together they bound the index to 20 MB. */
const memberLimit = 20_000;
const nameLimit = 1_024;
/** Bytes of one long name or pax header, which are read into memory. */
const extensionLimit = 1024 * 1024;

/** Calls `visit` for each member, which may read the content; later members of a name replace earlier ones.
 *  @throws WaterguardError `corrupt`, `truncated`, `limit` */
export async function indexMembers(
  reader: ForwardReader,
  where: string,
  visit: (member: Member) => Promise<void> = async () => {},
): Promise<ReadonlyMap<string, Member>> {
  const members = new Map<string, Member>();
  for (let ordinal = 0; ; ordinal += 1) {
    const member = await nextMember(reader, ordinal, where);
    if (member === undefined) return members;
    if (ordinal >= memberLimit) throw tooMany(where);
    if (member.name.length + (member.link?.length ?? 0) <= nameLimit) members.set(member.name, member);
    await visit(member);
    await reader.skipTo(paddedEnd(member));
  }
}

/** The content of links is that of the member they lead to.
 *  @returns undefined where there is none, or links go in a circle */
export function followLinks(members: ReadonlyMap<string, Member>, name: string): Member | undefined {
  let member = members.get(name);
  for (let hops = 0; member?.link !== undefined; hops += 1) {
    if (hops === 8) return undefined;
    member = members.get(member.link);
  }
  return member;
}

/** Reads up to the content of the next member; undefined at the end of the archive. */
export async function nextMember(
  reader: ForwardReader,
  ordinal: number,
  where: string,
): Promise<Member | undefined> {
  let names: PaxRecords = {};
  for (;;) {
    const block = await reader.take(blockSize);
    if (block.length === 0 || isZeroBlock(block)) return undefined;
    if (block.length < blockSize) throw truncatedArchive(where);
    const header = parsed(() => parseHeader(block), where);
    const start = reader.position;
    switch (header.type) {
      case typeFlag.gnuLongName:
        names = { ...names, path: withoutPadding(await extension(reader, header.size, where)) };
        break;
      case typeFlag.gnuLongLink:
        names = { ...names, linkpath: withoutPadding(await extension(reader, header.size, where)) };
        break;
      case typeFlag.paxLocal: {
        const body = await extension(reader, header.size, where);
        names = { ...names, ...parsed(() => parsePax(body), where) };
        break;
      }
      case typeFlag.paxGlobal:
        await extension(reader, header.size, where);
        break;
      default:
        return memberOf(header, names, { ordinal, start, end: start + contentSize(header, names.size) });
    }
    await reader.skipTo(padded(start, header.size));
  }
}

function memberOf(header: Header, names: PaxRecords, place: Omit<Member, 'name' | 'link'>): Member {
  const name = memberName((names.path ?? header.name).toString('utf8'));
  const link = (names.linkpath ?? header.link).toString('utf8');
  if (header.type === typeFlag.hardlink) return { name, ...place, link: memberName(link) };
  if (header.type === typeFlag.symlink) {
    return { name, ...place, link: memberName(posix.resolve('/', posix.dirname(name), link)) };
  }
  return { name, ...place };
}

/** Relative, without `.` and `..`; what would climb out of the archive stays at its root. */
export function memberName(name: string): string {
  return posix.normalize('/' + name).slice(1);
}

/** Only files have content; writers disagree on what the size of the others means. */
function contentSize({ type, size }: Header, paxSize: number | undefined): number {
  const hasNone =
    type === typeFlag.hardlink ||
    type === typeFlag.symlink ||
    type === typeFlag.directory ||
    type === typeFlag.fifo ||
    type === typeFlag.characterDevice ||
    type === typeFlag.blockDevice;
  return hasNone ? 0 : (paxSize ?? size);
}

async function extension(reader: ForwardReader, size: number, where: string): Promise<Buffer> {
  if (size > extensionLimit)
    throw new WaterguardError('limit', `${where} has a name or header of ${size} bytes.`);
  const body = await reader.take(size);
  if (body.length < size) throw truncatedArchive(where);
  return body;
}

function withoutPadding(name: Buffer): Buffer {
  const end = name.indexOf(0);
  return end < 0 ? name : name.subarray(0, end);
}

function paddedEnd({ start, end }: Member): number {
  return padded(start, end - start);
}

function padded(start: number, size: number): number {
  return start + Math.ceil(size / blockSize) * blockSize;
}

function parsed<Result>(parse: () => Result, where: string): Result {
  try {
    return parse();
  } catch (cause) {
    const detail = printable(messageOf(cause), 120);
    throw new WaterguardError(
      'corrupt',
      `${where} is not a sound tar archive: ${detail}. Save the image again.`,
      { cause },
    );
  }
}

export function truncatedArchive(where: string): WaterguardError {
  return new WaterguardError(
    'truncated',
    `${where} breaks off before its end. Save or copy the image again.`,
  );
}

function tooMany(where: string): WaterguardError {
  return new WaterguardError(
    'limit',
    `${where} has more than ${memberLimit} members. An archive of an image has a few for each layer; to scan the ` +
      'files of any other archive, unpack it and write dir:PATH.',
  );
}

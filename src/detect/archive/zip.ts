/**
 * Zip by its central directory, as Java, Python and unzip read it. What precedes the archive (a self-extracting
 * program, a `#!` line) shifts all offsets; that is allowed for, as they do.
 */
import { decodeLossless } from '../../model/printable.ts';
import type { Budget, Hole, Member } from './members.ts';
import { type Unpack, unpackDeflate } from './streams.ts';
import {
  centralMark,
  centralSize,
  endSize,
  inZip64,
  localMark,
  localSize,
  locatorMark,
  locatorSize,
  wideEndMark,
  wideEndSize,
} from './zip-records.ts';

const longestComment = 0xffff;

/** The mark of the end record, behind which only a comment may follow; see `hasZipEnd`. */
export const endText = 'PK\x05\x06';
const endBytes = Buffer.from(endText, 'latin1');

/** Directories read of one file. Readers differ in which end they take for the true one, where there are several. */
const mostDirectories = 4;

/** The directory's records lie in `[start, end)`; `shift` is how far all of the archive lies behind its offsets. */
interface Directory {
  readonly start: number;
  readonly end: number;
  readonly shift: number;
}

/**
 * Whether a zip lies at the end, whatever precedes it: zipapps, executable jars, self-extracting archives. Some
 * readers go by the last end record, whether or not its comment reaches to the end of the file.
 * @param before how many bytes of the file precede `bytes`
 */
export function hasZipEnd(bytes: Buffer, before = 0): boolean {
  return endsOf(bytes).some((end) => leadsSomewhere(bytes, end, before));
}

/** Whether nothing follows the zip at the end, so that it is hardly there by chance. */
export function endsAsZip(bytes: Buffer): boolean {
  return endsOf(bytes).some((end) => isFitting(bytes, end) && leadsSomewhere(bytes, end, 0));
}

/** Whether its comment reaches to the end of the file. */
function isFitting(bytes: Buffer, end: number): boolean {
  return end + endSize + bytes.readUInt16LE(end + 20) === bytes.length;
}

export function* readZip(bytes: Buffer, budget: Budget): Generator<Member | Hole> {
  for (const one of directoriesOf(bytes)) {
    if ('reason' in one) yield one;
    else yield* readDirectory(bytes, one, budget);
  }
}

function* readDirectory(bytes: Buffer, directory: Directory, budget: Budget): Generator<Member | Hole> {
  let read = directory.start;
  for (const at of recordsOf(bytes, directory)) {
    const name = nameAt(bytes, at);
    read = at + recordSize(bytes, at);
    const member = readMember(bytes, at, name, directory.shift, budget);
    if (member === undefined) continue;
    if (budget.members <= 0) {
      yield { name, reason: 'entry-limit', detail: 'too many members' };
      return;
    }
    budget.members--;
    yield member;
  }
  if (read < directory.end) {
    const detail = 'the central directory of the zip breaks off';
    yield { name: '(directory)', reason: 'truncated', detail };
  }
}

/** Where the directory's records begin, up to the first that is none. */
function* recordsOf(bytes: Buffer, { start, end }: Directory): Generator<number> {
  let at = start;
  while (at < end && at + centralSize <= bytes.length && bytes.readUInt32LE(at) === centralMark) {
    yield at;
    at += recordSize(bytes, at);
  }
}

function recordSize(bytes: Buffer, at: number): number {
  return (
    centralSize + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  );
}

function nameAt(bytes: Buffer, at: number): string {
  const start = at + centralSize;
  return decodeLossless(bytes.subarray(start, start + bytes.readUInt16LE(at + 28)));
}

/** Those that ends lead to; else what is wrong with the likeliest. */
function directoriesOf(bytes: Buffer): readonly (Directory | Hole)[] {
  const ends = endsOf(bytes);
  const fitting = ends.find((end) => isFitting(bytes, end));
  // Those that most readers go by come first.
  const ordered = fitting === undefined ? ends : [fitting, ...ends.filter((end) => end !== fitting)];
  const leading = ordered.filter((end) => leadsSomewhere(bytes, end, 0));
  const found = leading.slice(0, mostDirectories).map((end) => directoryAt(bytes, end));
  if (leading.length > mostDirectories)
    found.push(broken(`the zip has ${leading.length} central directories`));
  if (found.length > 0) return found;
  const [likeliest] = ordered;
  return [
    likeliest === undefined ? broken('the zip has no central directory') : directoryAt(bytes, likeliest),
  ];
}

function directoryAt(bytes: Buffer, end: number): Directory | Hole {
  const said = endRecord(bytes, end);
  if (said === undefined) {
    return { name: '(directory)', reason: 'unsupported', detail: 'the central directory is in Zip64 form' };
  }
  const start = said.end - said.size;
  if (start < said.offset) return broken('the central directory of the zip lies outside the file');
  return { start, end: said.end, shift: start - said.offset };
}

function broken(detail: string): Hole {
  return { name: '(directory)', reason: 'truncated', detail };
}

/** Whether a directory lies where the end record says: four bytes alone stand in many a program. */
function leadsSomewhere(bytes: Buffer, at: number, before: number): boolean {
  const said = endRecord(bytes, at);
  if (said === undefined) return hasLocator(bytes, at);
  const start = said.end - said.size;
  if (said.size < centralSize || start + before < said.offset) return false;
  return start < 0 || bytes.readUInt32LE(start) === centralMark;
}

interface EndRecord {
  /** Of the directory: where it ends, how long it is, and where it begins if nothing precedes the archive. */
  readonly end: number;
  readonly size: number;
  readonly offset: number;
}

/** @returns undefined where what it says stands in a Zip64 record that does not lie before it as usual */
function endRecord(bytes: Buffer, at: number): EndRecord | undefined {
  const wide = at - locatorSize - wideEndSize;
  if (hasLocator(bytes, at) && wide >= 0 && bytes.readUInt32LE(wide) === wideEndMark) {
    const size = Number(bytes.readBigUInt64LE(wide + 40));
    return { end: wide, size, offset: Number(bytes.readBigUInt64LE(wide + 48)) };
  }
  const size = bytes.readUInt32LE(at + 12);
  const offset = bytes.readUInt32LE(at + 16);
  return size === inZip64 || offset === inZip64 ? undefined : { end: at, size, offset };
}

function hasLocator(bytes: Buffer, end: number): boolean {
  return end >= locatorSize && bytes.readUInt32LE(end - locatorSize) === locatorMark;
}

/** All end records in the part of the file that a comment can take up, the last one first. */
function endsOf(bytes: Buffer): number[] {
  const ends: number[] = [];
  const first = Math.max(0, bytes.length - endSize - longestComment);
  const tail = bytes.subarray(first);
  for (let at = tail.length - endSize; at >= 0; at--) {
    at = tail.lastIndexOf(endBytes, at);
    if (at < 0) break;
    ends.push(first + at);
  }
  return ends;
}

/** @returns undefined for an empty member, as directories are */
function readMember(
  bytes: Buffer,
  at: number,
  name: string,
  shift: number,
  budget: Budget,
): Member | Hole | undefined {
  const flags = bytes.readUInt16LE(at + 8);
  const method = bytes.readUInt16LE(at + 10);
  const packed = bytes.readUInt32LE(at + 20);
  const declared = bytes.readUInt32LE(at + 24);
  const offset = bytes.readUInt32LE(at + 42);
  if ((flags & 1) !== 0) return { name, reason: 'encrypted', detail: 'this member needs a password' };
  if (packed === 0) return undefined;
  if (packed === inZip64 || declared === inZip64 || offset === inZip64) {
    return { name, reason: 'unsupported', detail: 'this member is in Zip64 form' };
  }
  const local = offset + shift;
  if (local + localSize > bytes.length || bytes.readUInt32LE(local) !== localMark) {
    return { name, reason: 'truncated', detail: 'the zip points outside itself' };
  }
  const start = local + localSize + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  return unpackMember(name, method, bytes.subarray(start, start + packed), declared, budget);
}

/** @param declared how long it says that it is unpacked */
export function unpackMember(
  name: string,
  method: number,
  stored: Buffer,
  declared: number,
  budget: Budget,
  inflate: Unpack = unpackDeflate,
): Member | Hole {
  if (method !== 0 && method !== 8) {
    return { name, reason: 'unsupported', detail: `compression method ${method}` };
  }
  // An honest size costs nothing; a false one is found out by unfolding, which uses the budget up.
  const tooLarge: Hole = {
    name,
    reason: 'ratio-limit',
    detail: `unfolds to more than ${budget.bytes} bytes`,
  };
  if (Math.max(declared, stored.length) > budget.bytes) return tooLarge;
  const unpacked = method === 0 ? { content: stored } : inflate(stored, budget.bytes, declared);
  if (unpacked === 'too large') budget.bytes = 0;
  if (unpacked === 'too large') return tooLarge;
  const content = unpacked?.content;
  // Members may lie over each other, so reading them counts too.
  budget.bytes -= Math.max(stored.length, content?.length ?? 0);
  if (content === undefined) return { name, reason: 'truncated', detail: 'the compressed data is broken' };
  return { name, bytes: content };
}

/**
 * Zip by its central directory, as Java, Python and unzip read it. What precedes the archive (a self-extracting
 * program, a `#!` line) shifts all offsets; that is allowed for, as they do.
 */
import { decodeLossless } from '../../model/printable.ts';
import type { Budget, Hole, Inflate, Member } from './members.ts';

/** PKWARE APPNOTE 6.3.10 (2022): sizes and signatures of the records. */
const endSize = 22;
const endMark = 0x06054b50;
const centralMark = 0x02014b50;
const centralSize = 46;
const localMark = 0x04034b50;
const localSize = 30;
const longestComment = 0xffff;

/** Stands in a field whose value lies in a Zip64 record: that of archives beyond 4 GiB or 65,534 members. */
const inZip64 = 0xffffffff;

/** The directory's records lie in `[start, end)`; `shift` is how far all of the archive lies behind its offsets. */
interface Directory {
  readonly start: number;
  readonly end: number;
  readonly shift: number;
}

export function* readZip(bytes: Buffer, budget: Budget, inflate: Inflate): Generator<Member | Hole> {
  const directory = findDirectory(bytes);
  if ('reason' in directory) {
    yield directory;
    return;
  }
  let at = directory.start;
  while (at < directory.end) {
    if (at + centralSize > bytes.length || bytes.readUInt32LE(at) !== centralMark) {
      yield {
        name: '(directory)',
        reason: 'truncated',
        detail: 'the central directory of the zip breaks off',
      };
      return;
    }
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = decodeLossless(bytes.subarray(at + centralSize, at + centralSize + nameLength));
    const member = readMember(bytes, at, name, directory.shift, budget, inflate);
    if (member !== undefined) {
      if (budget.members <= 0) {
        yield { name, reason: 'entry-limit', detail: 'too many members' };
        return;
      }
      budget.members--;
      yield member;
    }
    at += centralSize + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

function findDirectory(bytes: Buffer): Directory | Hole {
  const name = '(directory)';
  const end = findEnd(bytes);
  if (end === undefined) return { name, reason: 'truncated', detail: 'the zip has no central directory' };
  const size = bytes.readUInt32LE(end + 12);
  const offset = bytes.readUInt32LE(end + 16);
  if (size === inZip64 || offset === inZip64) {
    return { name, reason: 'unsupported', detail: 'the central directory is in Zip64 form' };
  }
  const start = end - size;
  if (start < offset) {
    return { name, reason: 'truncated', detail: 'the central directory of the zip lies outside the file' };
  }
  return { start, end, shift: start - offset };
}

/** The record whose comment reaches exactly to the end of the file, else the last one. */
function findEnd(bytes: Buffer): number | undefined {
  const first = Math.max(0, bytes.length - endSize - longestComment);
  let last: number | undefined;
  for (let at = bytes.length - endSize; at >= first; at--) {
    if (bytes.readUInt32LE(at) !== endMark) continue;
    if (at + endSize + bytes.readUInt16LE(at + 20) === bytes.length) return at;
    last ??= at;
  }
  return last;
}

/** @returns undefined for an empty member, as directories are */
function readMember(
  bytes: Buffer,
  at: number,
  name: string,
  shift: number,
  budget: Budget,
  inflate: Inflate,
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
  const stored = bytes.subarray(start, start + packed);
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
  const content = method === 0 ? stored : inflate(stored, budget.bytes);
  if (content === 'too large') budget.bytes = 0;
  if (content === 'too large') return tooLarge;
  // Members may lie over each other, so reading them counts too.
  budget.bytes -= Math.max(stored.length, content?.length ?? 0);
  if (content === undefined) return { name, reason: 'truncated', detail: 'the compressed data is broken' };
  return { name, bytes: content };
}

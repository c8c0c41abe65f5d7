/** Zip by its central directory, as Java, Python and unzip read it. */
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

export function* readZip(bytes: Buffer, budget: Budget, inflate: Inflate): Generator<Member | Hole> {
  const end = findEnd(bytes);
  if (end === undefined) {
    yield { name: '(directory)', reason: 'truncated', detail: 'the zip has no central directory' };
    return;
  }
  let at = bytes.readUInt32LE(end + 16);
  while (at + centralSize <= bytes.length && bytes.readUInt32LE(at) === centralMark) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = decodeLossless(bytes.subarray(at + centralSize, at + centralSize + nameLength));
    if (budget.members <= 0) {
      yield { name, reason: 'entry-limit', detail: 'too many members' };
      return;
    }
    budget.members--;
    const member = readMember(bytes, at, name, budget, inflate);
    if (member !== undefined) yield member;
    at += centralSize + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

function findEnd(bytes: Buffer): number | undefined {
  const first = Math.max(0, bytes.length - endSize - longestComment);
  for (let at = bytes.length - endSize; at >= first; at--) {
    if (bytes.readUInt32LE(at) === endMark) return at;
  }
  return undefined;
}

function readMember(
  bytes: Buffer,
  at: number,
  name: string,
  budget: Budget,
  inflate: Inflate,
): Member | Hole | undefined {
  const flags = bytes.readUInt16LE(at + 8);
  const method = bytes.readUInt16LE(at + 10);
  const packed = bytes.readUInt32LE(at + 20);
  const local = bytes.readUInt32LE(at + 42);
  if ((flags & 1) !== 0) return { name, reason: 'encrypted', detail: 'this member needs a password' };
  if (packed === 0) return undefined;
  if (local + localSize > bytes.length || bytes.readUInt32LE(local) !== localMark) {
    return { name, reason: 'truncated', detail: 'the zip points outside itself' };
  }
  const start = local + localSize + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const stored = bytes.subarray(start, start + packed);
  if (method === 0) return { name, bytes: stored };
  if (method !== 8) return { name, reason: 'unsupported', detail: `compression method ${method}` };
  const content = inflate(stored, budget.bytes);
  if (content === 'too large')
    return { name, reason: 'ratio-limit', detail: `unfolds to more than ${budget.bytes} bytes` };
  if (content === undefined) return { name, reason: 'truncated', detail: 'the compressed data is broken' };
  budget.bytes -= content.length;
  return { name, bytes: content };
}

/**
 * The members of a zip by their local headers, as they follow each other: so a zip is read whose end has not come yet.
 * Where a member's size stands behind its data, the data ends at the first place that says so of itself.
 */
import { decodeLossless } from '../../model/printable.ts';
import type { Budget, Hole, Member } from './members.ts';
import { type Unpack, unpackDeflate, unpackWholeDeflate } from './streams.ts';
import { unpackMember } from './zip.ts';
import { centralMark, descriptorMark, type LocalHeader, localHeaderAt, localMark } from './zip-records.ts';

/** So many bytes behind a member decide where it ends, whatever follows them. */
export const lookahead = 32;

/** Of a member's data, and of the member. */
export interface Extent {
  readonly dataEnd: number;
  readonly end: number;
}

/** @returns undefined where the bytes do not reach so far */
export function extentOf(bytes: Buffer, header: LocalHeader): Extent | undefined {
  if (header.packed !== undefined) {
    const end = header.start + header.packed;
    return { dataEnd: end, end };
  }
  for (let at = nextMark(bytes, header.start); at >= 0; at = nextMark(bytes, at + 2)) {
    const found = endingAt(bytes, at, header);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every mark begins like that. */
const initials = Buffer.from('PK');

/** Where four bytes may be one. @returns -1 for nowhere */
export function nextMark(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(initials, from);
  return at + 4 <= bytes.length ? at : -1;
}

function endingAt(bytes: Buffer, at: number, header: LocalHeader): Extent | undefined {
  const mark = bytes.readUInt32LE(at);
  const { start } = header;
  if (mark === descriptorMark) {
    if (at + 24 > bytes.length || bytes.readUInt32LE(at + 8) !== at - start) return undefined;
    return { dataEnd: at, end: at + (isWide(bytes, at, start) ? 24 : 16) };
  }
  if (mark !== localMark && mark !== centralMark) return undefined;
  // Some leave out the descriptor's mark, and all of it behind a folder.
  if (at === start && (header.method === 8 || header.name.at(-1) === 0x2f)) return { dataEnd: at, end: at };
  if (at - 12 >= start && bytes.readUInt32LE(at - 8) === at - 12 - start) {
    return { dataEnd: at - 12, end: at };
  }
  const isSaid = at - 20 >= start && bytes.readBigUInt64LE(at - 16) === BigInt(at - 20 - start);
  return isSaid ? { dataEnd: at - 20, end: at } : undefined;
}

/** Sizes of eight bytes: the upper half of the first is where a short one has the unpacked size. */
function isWide(bytes: Buffer, at: number, start: number): boolean {
  return at > start && bytes.readUInt32LE(at + 12) === 0 && bytes.readUInt16LE(at + 16) !== 0x4b50;
}

/** @param end of whole members that follow each other from `start` on, and at least `lookahead` bytes before that of `bytes`, or the same */
export function* readEntries(
  bytes: Buffer,
  start: number,
  end: number,
  budget: Budget,
): Generator<Member | Hole> {
  for (let at = start; at < end; ) {
    const header = localHeaderAt(bytes, at);
    const extent = header && extentOf(bytes, header);
    if (header === undefined || extent === undefined) {
      yield { name: '(rest)', reason: 'truncated', detail: `no member of the zip at byte ${at}` };
      return;
    }
    at = extent.end;
    if (extent.dataEnd === header.start) continue;
    const name = decodeLossless(header.name);
    if (budget.members <= 0) {
      yield { name, reason: 'entry-limit', detail: 'too many members' };
      return;
    }
    budget.members--;
    yield* readEntry(name, header, bytes.subarray(header.start, extent.dataEnd), budget);
  }
}

function* readEntry(
  name: string,
  { flags, method, unpacked }: LocalHeader,
  stored: Buffer,
  budget: Budget,
): Generator<Member | Hole> {
  if ((flags & 1) !== 0) {
    yield { name, reason: 'encrypted', detail: 'this member needs a password' };
    return;
  }
  let isAsSaid = true;
  // Whoever goes by the stream, and not by the sizes, would read on elsewhere.
  const inflate: Unpack = (all, most) => {
    const whole = unpackWholeDeflate(all, most, unpacked);
    isAsSaid = whole === 'too large' || whole?.end === all.length;
    return whole ?? unpackDeflate(all, most, unpacked);
  };
  const one = unpackMember(name, method, stored, 0, budget, inflate);
  yield one;
  if (isAsSaid || 'reason' in one) return;
  yield { name, reason: 'truncated', detail: 'the compressed data does not end where the member does' };
}

/**
 * A tar inside a file, read for its members' content only: names and sizes are all that matters here. The walk
 * over layers (`image/tar`) knows the rest of the format.
 */
import { decodeLossless } from '../../model/printable.ts';
import type { Budget, Hole, Member } from './members.ts';

const block = 512;
const zeros = Buffer.alloc(block);

/** The header's magic stands there. */
export const magicPlace = 257;

export function isTar(bytes: Buffer, at = 0): boolean {
  return (
    at + block <= bytes.length && bytes.toString('latin1', at + magicPlace, at + magicPlace + 5) === 'ustar'
  );
}

/** Whether the header's sum is right: by its magic alone a text may look like a tar. */
export function hasHeaderSum(bytes: Buffer, at: number): boolean {
  if (!isTar(bytes, at)) return false;
  let sum = 0;
  for (let place = 0; place < block; place++) {
    sum += place >= 148 && place < 156 ? 0x20 : (bytes[at + place] ?? 0);
  }
  return Number.parseInt(textOf(bytes.subarray(at + 148, at + 156)), 8) === sum;
}

/** @returns where its end begins */
export function* readTar(bytes: Buffer, budget: Budget): Generator<Member | Hole, number> {
  let at = 0;
  while (at + block <= bytes.length) {
    const header = bytes.subarray(at, at + block);
    if (header.equals(zeros)) return at;
    const size = sizeOf(header.subarray(124, 136));
    if (size === undefined) {
      yield { name: '(tar)', reason: 'truncated', detail: `a member's header is broken, at byte ${at}` };
      return at;
    }
    const type = header[156];
    const isFile = type === 0x30 || type === 0 || type === 0x37;
    if (isFile && size > 0) {
      if (budget.members <= 0) {
        yield { name: '(tar)', reason: 'entry-limit', detail: 'too many members' };
        return bytes.length;
      }
      budget.members--;
      yield { name: nameOf(header), bytes: bytes.subarray(at + block, at + block + size) };
    }
    at += block + Math.ceil(size / block) * block;
  }
  if (at > bytes.length) yield { name: '(tar)', reason: 'truncated', detail: 'the last member breaks off' };
  return Math.min(at, bytes.length);
}

/** POSIX ustar: a prefix at 345. Longer names, in records of their own, show by their first 100 bytes. */
function nameOf(header: Buffer): string {
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? textOf(header.subarray(345, 500)) : '';
  const name = textOf(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return decodeLossless(field.subarray(0, end === -1 ? field.length : end));
}

/** Octal digits, or with the first bit set a number in base 256 (GNU). */
function sizeOf(field: Buffer): number | undefined {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    const large = field.subarray(0, 6).some((byte, index) => (index === 0 ? byte & 0x7f : byte) !== 0);
    return large ? undefined : field.readUIntBE(6, 6);
  }
  const text = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim();
  if (text === '') return 0;
  return /^[0-7]{1,12}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

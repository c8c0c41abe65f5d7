/**
 * One 512-byte tar header, as Go's archive/tar reads it: that is the reader in Docker, containerd, Podman and
 * umoci, and what matters is what a container will see. Names stay bytes.
 * Formats: v7, ustar, star (131-byte prefix), GNU; https://pkg.go.dev/archive/tar (Go 1.23, read 2025).
 */
import { WaterguardError } from '../../model/error.ts';

export const blockSize = 512;

/** Type flags that have a meaning here, by their byte. */
export const typeFlag = {
  v7File: 0x00,
  file: 0x30,
  hardlink: 0x31,
  symlink: 0x32,
  characterDevice: 0x33,
  blockDevice: 0x34,
  directory: 0x35,
  fifo: 0x36,
  gnuLongLink: 0x4b,
  gnuLongName: 0x4c,
  gnuSparse: 0x53,
  paxGlobal: 0x67,
  paxLocal: 0x78,
} as const;

/** `name` and `link` are as stored, without the padding; borrowed from the block where no prefix is joined. */
export interface Header {
  readonly type: number;
  readonly name: Buffer;
  readonly link: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow, by the header alone. */
  readonly size: number;
  readonly isGnu: boolean;
}

/** @throws WaterguardError `corrupt` for a wrong checksum or a size that is none */
export function parseHeader(block: Buffer): Header {
  if (!hasValidChecksum(block)) throw corrupt('a header has a wrong checksum');
  const size = parseNumber(block, 124, 12);
  if (!Number.isSafeInteger(size) || size < 0) throw corrupt('a header has an impossible size');
  const isGnu = startsWith(block, 257, 'ustar  \0');
  return {
    type: block[156]!,
    name: parseName(block, isGnu),
    link: field(block, 157, 100),
    mode: bits(parseNumber(block, 100, 8)) & 0o7777,
    uid: bits(parseNumber(block, 108, 8)),
    gid: bits(parseNumber(block, 116, 8)),
    size,
    isGnu,
  };
}

/** Sum of all bytes with the checksum field read as blanks; some old writers summed signed bytes. */
export function hasValidChecksum(block: Buffer): boolean {
  const stated = parseNumber(block, 148, 8);
  let sum = 8 * 0x20;
  for (let i = 0; i < 148; i++) sum += block[i]!;
  for (let i = 156; i < blockSize; i++) sum += block[i]!;
  if (stated === sum) return true;
  for (let i = 0; i < blockSize; i++) if ((i < 148 || i >= 156) && block[i]! >= 0x80) sum -= 256;
  return stated === sum;
}

const zeroBlock = Buffer.alloc(blockSize);

export function isZeroBlock(block: Buffer): boolean {
  return block[0] === 0 && block.equals(zeroBlock);
}

/**
 * A number in octal, blanks and NULs around it, or in base 256 where the first bit is set (two's complement,
 * GNU and star). An empty field is 0.
 * @returns NaN for anything else; a number beyond 2^53 is not exact
 */
export function parseNumber(block: Buffer, start: number, length: number): number {
  const first = block[start]!;
  if ((first & 0x80) !== 0) return parseBase256(block, start, length);
  let at = start;
  let end = start + length;
  while (at < end && isBlank(block[at]!)) at++;
  while (end > at && isBlank(block[end - 1]!)) end--;
  let value = 0;
  for (; at < end; at++) {
    const byte = block[at]!;
    if (byte === 0) return value;
    if (byte < 0x30 || byte > 0x37) return Number.NaN;
    value = value * 8 + byte - 0x30;
  }
  return value;
}

function parseBase256(block: Buffer, start: number, length: number): number {
  const negative = (block[start]! & 0x40) !== 0;
  let value = negative ? (block[start]! & 0x7f) - 0x80 : block[start]! & 0x7f;
  for (let at = start + 1; at < start + length; at++) value = value * 256 + block[at]!;
  return value;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0;
}

/** Owners are 32 bits wide on Linux; what is no number counts as 0. */
function bits(value: number): number {
  return Number.isFinite(value) ? value >>> 0 : 0;
}

function parseName(block: Buffer, isGnu: boolean): Buffer {
  const name = field(block, 0, 100);
  const prefix = field(block, 345, prefixLength(block, isGnu));
  return prefix.length === 0 ? name : Buffer.concat([prefix, slash, name]);
}

const slash = Buffer.from('/');

function prefixLength(block: Buffer, isGnu: boolean): number {
  if (startsWith(block, 257, 'ustar\0')) return startsWith(block, 508, 'tar\0') ? 131 : 155;
  return isGnu && hasPrefixOfOldGo(block) ? 155 : 0;
}

/** Go before 1.8 wrote GNU headers with a ustar prefix where GNU has times; images from 2016 have them. */
function hasPrefixOfOldGo(block: Buffer): boolean {
  if (block[345] === 0) return false;
  const isTime = Number.isFinite(parseNumber(block, 345, 12)) && Number.isFinite(parseNumber(block, 357, 12));
  return !isTime && field(block, 345, 155).every((byte) => byte < 0x80);
}

function field(block: Buffer, start: number, length: number): Buffer {
  let end = start;
  while (end < start + length && block[end] !== 0) end++;
  return block.subarray(start, end);
}

function startsWith(block: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (block[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

export function corrupt(message: string): WaterguardError {
  return new WaterguardError('corrupt', message);
}

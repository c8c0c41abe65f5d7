/**
 * Base58 as Bitcoin writes it (one big number, SHA-256 checksum) and as CryptoNote writes it (blocks of 8 bytes in
 * 11 characters, Keccak checksum). Wallet addresses only count with their checksum, so this decodes and verifies.
 */

import { hash } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { remembered } from './remembered.ts';

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const digits = new Int8Array(128).fill(-1);
for (const [value, character] of [...alphabet].entries()) digits[character.charCodeAt(0)] = value;

/** Longest text that is decoded as one number: the work is quadratic. Ergo addresses have 51 characters. */
const maxNumber = 120;

/** The bytes, leading zeros kept; undefined where a character is not in the alphabet. At most 120 characters. */
export function decodeBase58(text: string): Uint8Array | undefined {
  if (text.length === 0 || text.length > maxNumber) return undefined;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    let carry = digits[text.charCodeAt(at)] ?? -1;
    if (carry < 0) return undefined;
    for (let index = 0; index < bytes.length; index++) {
      carry += bytes[index]! * 58;
      bytes[index] = carry & 0xff;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 0xff);
  }
  for (let at = 0; text[at] === '1'; at++) bytes.push(0);
  return Uint8Array.from(bytes.reverse());
}

/** Base58Check: the bytes without their last four, which are the double SHA-256 of the rest. At most 120 characters. */
export const decodeBase58Check = remembered(decodeChecked, { most: 1000, longest: maxNumber });

function decodeChecked(text: string): Uint8Array | undefined {
  const bytes = decodeBase58(text);
  if (bytes === undefined || bytes.length < 5) return undefined;
  const body = bytes.subarray(0, -4);
  const sum = hash('sha256', hash('sha256', body, 'buffer'), 'buffer');
  return sum.subarray(0, 4).equals(bytes.subarray(-4)) ? body : undefined;
}

/** Characters that a last block of so many bytes takes (CryptoNote standard CNS007). */
const blockCharacters = [0, 2, 3, 5, 6, 7, 9, 10, 11];

const longestCryptonote = 220;

/** The bytes without their checksum, the first four of the Keccak-256 of the rest. At most 220 characters. */
export const decodeCryptonote = remembered(decodeBlocks, { most: 1000, longest: longestCryptonote });

function decodeBlocks(text: string): Uint8Array | undefined {
  const last = blockCharacters.indexOf(text.length % 11);
  if (last < 0 || text.length > longestCryptonote) return undefined;
  const bytes = new Uint8Array(Math.floor(text.length / 11) * 8 + last);
  for (let at = 0, to = 0; at < text.length; at += 11, to += 8) {
    if (!decodeBlock(text.slice(at, at + 11), bytes.subarray(to, to + 8))) return undefined;
  }
  if (bytes.length < 5) return undefined;
  const body = bytes.subarray(0, -4);
  const sum = keccak_256(body);
  for (let at = 0; at < 4; at++) if (sum[at] !== bytes[body.length + at]) return undefined;
  return body;
}

/** The reverse of `decodeCryptonote`. */
export function encodeCryptonote(body: Uint8Array): string {
  const bytes = Buffer.concat([body, keccak_256(body).subarray(0, 4)]);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8) text += encodeBlock(bytes.subarray(at, at + 8));
  return text;
}

/** Fails on a character outside the alphabet and on a number that overflows the block. */
function decodeBlock(text: string, block: Uint8Array): boolean {
  let value = 0n;
  for (let at = 0; at < text.length; at++) {
    const digit = digits[text.charCodeAt(at)] ?? -1;
    if (digit < 0) return false;
    value = value * 58n + BigInt(digit);
  }
  for (let at = block.length - 1; at >= 0; at--) {
    block[at] = Number(value & 0xffn);
    value >>= 8n;
  }
  return value === 0n;
}

function encodeBlock(block: Uint8Array): string {
  let value = 0n;
  for (const byte of block) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let count = blockCharacters[block.length] ?? 0; count > 0; count--) {
    text = alphabet[Number(value % 58n)] + text;
    value /= 58n;
  }
  return text;
}

/**
 * Bech32 and bech32m (BIP 173, BIP 350) with the rules for segregated-witness addresses, and the longer checksum
 * of CashAddr, which Bitcoin Cash and Kaspa share. Both write groups of five bits with one alphabet.
 */

const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

export interface Witness {
  readonly version: number;
  readonly program: Uint8Array;
}

/**
 * A segwit address of the given human-readable part: version 0 is bech32 with 20 or 32 bytes, versions 1 to 16
 * are bech32m with 2 to 40 bytes. Mixed case is refused.
 */
export function decodeWitness(text: string, prefix: string): Witness | undefined {
  const found = decodeBech32(text);
  if (found === undefined || found.prefix !== prefix) return undefined;
  const version = found.groups[0] ?? 32;
  const program = fromGroups(found.groups.subarray(1));
  if (version > 16 || program === undefined || program.length < 2 || program.length > 40) return undefined;
  if (found.constant !== (version === 0 ? bech32 : bech32m)) return undefined;
  if (version === 0 && program.length !== 20 && program.length !== 32) return undefined;
  return { version, program };
}

/** Plain bech32 (not m), as Zcash Sapling uses it: the bytes behind a given human-readable part. */
export function decodeBech32Bytes(text: string, prefix: string): Uint8Array | undefined {
  const found = decodeBech32(text);
  return found?.prefix === prefix && found.constant === bech32 ? fromGroups(found.groups) : undefined;
}

/** A CashAddr: version byte and hash. `text` without prefix, which enters the checksum all the same. */
export function decodeCashAddress(text: string, prefix: string): Uint8Array | undefined {
  const groups = text.length <= 120 ? toGroups(text) : undefined;
  if (groups === undefined || groups.length < 9) return undefined;
  let sum = 1n;
  for (let at = 0; at < prefix.length; at++) sum = cashStep(sum, prefix.charCodeAt(at) & 31);
  sum = cashStep(sum, 0);
  for (const group of groups) sum = cashStep(sum, group);
  return sum === 1n ? fromGroups(groups.subarray(0, -8)) : undefined;
}

const bech32 = 1;
const bech32m = 0x2bc830a3;

interface Bech32 {
  readonly prefix: string;
  /** Data in groups of five bits, checksum taken off. */
  readonly groups: Uint8Array;
  readonly constant: number;
}

function decodeBech32(text: string): Bech32 | undefined {
  const lower = text.toLowerCase();
  const separator = lower.lastIndexOf('1');
  if (text.length > 120 || separator < 1 || (text !== lower && text !== text.toUpperCase())) return undefined;
  const prefix = lower.slice(0, separator);
  const groups = toGroups(lower.slice(separator + 1));
  if (groups === undefined || groups.length < 7) return undefined;
  let sum = 1;
  for (let at = 0; at < prefix.length; at++) sum = step(sum, prefix.charCodeAt(at) >> 5);
  sum = step(sum, 0);
  for (let at = 0; at < prefix.length; at++) sum = step(sum, prefix.charCodeAt(at) & 31);
  for (const group of groups) sum = step(sum, group);
  if (sum !== bech32 && sum !== bech32m) return undefined;
  return { prefix, groups: groups.subarray(0, -6), constant: sum };
}

const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function step(sum: number, group: number): number {
  let next = ((sum & 0x1ffffff) << 5) ^ group;
  for (let bit = 0; bit < 5; bit++) if ((sum >>> (25 + bit)) & 1) next ^= generator[bit]!;
  return next;
}

/** From the CashAddr specification. */
const cashGenerator = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n];

function cashStep(sum: bigint, group: number): bigint {
  let next = ((sum & 0x07ffffffffn) << 5n) ^ BigInt(group);
  const top = Number(sum >> 35n);
  for (let bit = 0; bit < 5; bit++) if ((top >> bit) & 1) next ^= cashGenerator[bit]!;
  return next;
}

function toGroups(text: string): Uint8Array | undefined {
  const groups = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const value = alphabet.indexOf(text[at]!);
    if (value < 0) return undefined;
    groups[at] = value;
  }
  return groups;
}

/** Groups of five bits as bytes; the padding must be short and zero. */
function fromGroups(groups: Uint8Array): Uint8Array | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const group of groups) {
    value = ((value << 5) | group) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return bits < 5 && (value & ((1 << bits) - 1)) === 0 ? Uint8Array.from(bytes) : undefined;
}

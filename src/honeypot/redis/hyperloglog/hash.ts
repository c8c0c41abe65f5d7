/** Where an element of a HyperLogLog counts, and for how much (hyperloglog.c, 7.0). */

/** Of MurmurHash64A (Austin Appleby, public domain), and the seed that Redis has for it. */
const multiplier = 0xc6a4a7935bd1e995n;
const seed = 0xadc83b19n;
const shift = 47n;

/** Registers are chosen by so many bits of the hash. */
export const indexBits = 14;
export const registerCount = 1 << indexBits;

export interface Place {
  readonly index: number;
  /** 1 to 51: the first bit of the rest of the hash that is set. */
  readonly rank: number;
}

export function placeOf(element: string): Place {
  const hash = murmur(Buffer.from(element, 'latin1'));
  const index = Number(hash & BigInt(registerCount - 1));
  let rest = (hash >> BigInt(indexBits)) | (1n << BigInt(64 - indexBits));
  let rank = 1;
  for (; (rest & 1n) === 0n; rest >>= 1n) rank += 1;
  return { index, rank };
}

function murmur(bytes: Buffer): bigint {
  let hash = seed ^ times(BigInt(bytes.length));
  const whole = bytes.length & ~7;
  for (let at = 0; at < whole; at += 8) {
    const word = times(bytes.readBigUInt64LE(at));
    hash = times(hash ^ times(word ^ (word >> shift)));
  }
  if (whole < bytes.length) {
    let rest = 0n;
    for (let at = bytes.length - 1; at >= whole; at -= 1) rest = (rest << 8n) | BigInt(bytes[at]!);
    hash = times(hash ^ rest);
  }
  hash = times(hash ^ (hash >> shift));
  return hash ^ (hash >> shift);
}

function times(value: bigint): bigint {
  return BigInt.asUintN(64, value * multiplier);
}

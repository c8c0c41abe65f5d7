/**
 * The server's half of Streamlined NTRU Prime 761 (ntruprime.cr.yp.to, version 20201007): a secret is put into a
 * ciphertext that only the owner of the public key can open. Polynomials have coefficients modulo q in the ring of
 * x^p - x - 1. What is hidden here is a decoy's session, so nothing runs in constant time.
 */
import { createHash, randomFillSync } from 'node:crypto';

const p = 761;
const q = 4591;
const weight = 286;
const middle = (q - 1) / 2;

export const publicKeyLength = 1158;

export interface Encapsulation {
  /** 1,039 bytes. */
  readonly ciphertext: Buffer;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** @param publicKey 1158 bytes, any bytes: each is some polynomial */
export function encapsulate(publicKey: Buffer): Encapsulation {
  const short = randomShort();
  const encodedShort = hash(3, encodeShort(short));
  const rounded = round(multiply(decodePolynomial(publicKey), short));
  const confirmation = hash(2, encodedShort, hash(4, publicKey));
  const ciphertext = Buffer.concat([encodeRounded(rounded), confirmation]);
  return { ciphertext, secret: hash(1, encodedShort, ciphertext) };
}

const hash = (prefix: number, ...parts: readonly Uint8Array[]): Buffer => {
  const sha = createHash('sha512').update(Buffer.of(prefix));
  for (const part of parts) sha.update(part);
  return sha.digest().subarray(0, 32);
};

/** A polynomial of `weight` coefficients 1 or -1, the others 0, shuffled by sorting random numbers. */
function randomShort(): Int8Array {
  const numbers = randomFillSync(new Uint32Array(p));
  // The last two bits carry the coefficient plus one: 0 or 2 for those that count, 1 for the rest.
  for (let at = 0; at < p; at++) {
    numbers[at] = at < weight ? numbers[at]! & ~1 : (numbers[at]! & ~3) | 1;
  }
  return Int8Array.from(numbers.sort(), (number) => (number & 3) - 1);
}

function encodeShort(short: Int8Array): Buffer {
  const bytes = Buffer.alloc(Math.ceil(p / 4));
  for (const [at, coefficient] of short.entries()) bytes[at >> 2]! |= (coefficient + 1) << (2 * (at & 3));
  return bytes;
}

/** The product in the ring; each factor of `short` adds the other polynomial, shifted, or takes it away. */
function multiply(polynomial: Int32Array, short: Int8Array): Int32Array {
  const product = new Int32Array(2 * p - 1);
  for (const [shift, coefficient] of short.entries()) {
    if (coefficient === 0) continue;
    for (let at = 0; at < p; at++) product[at + shift]! += coefficient * polynomial[at]!;
  }
  for (let at = 2 * p - 2; at >= p; at--) {
    product[at - p]! += product[at]!;
    product[at - p + 1]! += product[at]!;
  }
  return product.subarray(0, p);
}

/** Each coefficient, made smaller than q/2, as the nearest multiple of three, counted from the lowest: 0 to 1530. */
function round(polynomial: Int32Array): Uint16Array {
  return Uint16Array.from(polynomial, (value) => {
    const positive = (((value + middle) % q) + q) % q;
    return Math.round(positive / 3);
  });
}

const decodePolynomial = (bytes: Buffer): Int32Array =>
  Int32Array.from(decode(bytes, new Array(p).fill(q)), (value) => value - middle);

const encodeRounded = (rounded: Uint16Array): Buffer =>
  Buffer.from(encode([...rounded], new Array(p).fill((q + 2) / 3)));

/** Moduli are kept below this by moving bytes out of the numbers. */
const limit = 16384;

/** Numbers, each below its modulus, as bytes: neighbours are paired until one number is left. */
function encode(numbers: readonly number[], moduli: readonly number[]): number[] {
  const bytes: number[] = [];
  let [values, bounds] = [[...numbers], [...moduli]];
  while (values.length > 1) {
    const [pairs, pairBounds]: [number[], number[]] = [[], []];
    for (let at = 0; at < values.length; at += 2) {
      let value = values[at]!;
      let bound = bounds[at]!;
      if (at + 1 < values.length) {
        value += values[at + 1]! * bound;
        bound *= bounds[at + 1]!;
        for (; bound >= limit; bound = Math.ceil(bound / 256)) {
          bytes.push(value % 256);
          value = Math.floor(value / 256);
        }
      }
      pairs.push(value);
      pairBounds.push(bound);
    }
    [values, bounds] = [pairs, pairBounds];
  }
  for (let [value, bound] = [values[0]!, bounds[0]!]; bound > 1; bound = Math.ceil(bound / 256)) {
    bytes.push(value % 256);
    value = Math.floor(value / 256);
  }
  return bytes;
}

/** The reverse of `encode`. Numbers that no encoding has are taken modulo. */
function decode(bytes: Buffer, moduli: readonly number[]): number[] {
  let at = 0;
  const unpair = (bounds: readonly number[]): number[] => {
    if (bounds.length === 1) {
      const value = bounds[0]! > 256 ? bytes.readUInt16LE(at) : bounds[0]! > 1 ? bytes[at]! : 0;
      return [value % bounds[0]!];
    }
    const low: { value: number; range: number }[] = [];
    const pairBounds: number[] = [];
    for (let pair = 0; pair < bounds.length; pair += 2) {
      let bound = bounds[pair]! * (bounds[pair + 1] ?? 1);
      let [value, range] = [0, 1];
      for (; bound >= limit && pair + 1 < bounds.length; bound = Math.ceil(bound / 256)) {
        value += bytes[at++]! * range;
        range *= 256;
      }
      low.push({ value, range });
      pairBounds.push(bound);
    }
    return unpair(pairBounds).flatMap((high, pair) => {
      const { value, range } = low[pair]!;
      const whole = value + range * high;
      const bound = bounds[2 * pair]!;
      const next = bounds[2 * pair + 1];
      return next === undefined ? [high] : [whole % bound, Math.floor(whole / bound) % next];
    });
  };
  return unpair(moduli);
}

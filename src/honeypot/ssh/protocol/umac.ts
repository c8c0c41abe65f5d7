/**
 * UMAC with AES-128 (RFC 4418), for messages of at most 16 MiB, which no packet reaches. One iteration of UHASH makes
 * four bytes of the tag: two for umac-64, four for umac-128.
 */
import { createCipheriv } from 'node:crypto';

/** Bytes that the first layer makes eight of; UMAC's name for it is L1 key length. */
const chunkLength = 1024;

/** The tag of a message under a nonce of eight bytes, of which the first two words are given. */
export type Umac = (nonceHigh: number, nonceLow: number, message: Uint8Array) => Buffer;

/**
 * @param key 16 bytes
 * @param tagLength 8 or 16 bytes
 */
export function createUmac(key: Uint8Array, tagLength: 8 | 16): Umac {
  const encipher = blockCipher(key);
  const iterations = tagLength / 4;
  const padCipher = blockCipher(derive(encipher, 0, 16));
  const layers = layersOf(encipher, iterations);
  return (nonceHigh, nonceLow, message) => {
    // Two tags of 64 bits come out of one block: the nonce's last bit says which half is whose.
    const half = tagLength === 8 ? nonceLow & 1 : 0;
    const nonce = Buffer.alloc(16);
    nonce.writeUInt32BE(nonceHigh, 0);
    nonce.writeUInt32BE((nonceLow ^ half) >>> 0, 4);
    const tag = Buffer.from(padCipher(nonce).subarray(half * 8, half * 8 + tagLength));
    const words = wordsOf(message);
    for (const [index, layer] of layers.entries()) {
      const at = index * 4;
      tag.writeUInt32BE((tag.readUInt32BE(at) ^ hash(layer, words, message.length)) >>> 0, at);
    }
    return tag;
  };
}

type BlockCipher = (block: Uint8Array) => Buffer;

/** AES-128 on single blocks. */
function blockCipher(key: Uint8Array): BlockCipher {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return (block) => cipher.update(block);
}

/** KDF of RFC 4418, 3.2.1. */
function derive(encipher: BlockCipher, index: number, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 1; blocks.length * 16 < length; counter++) {
    const block = Buffer.alloc(16);
    block.writeUInt8(index, 7);
    block.writeUInt32BE(counter, 12);
    blocks.push(encipher(block));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** Keys of one iteration. */
interface Layer {
  readonly nh: Uint32Array;
  readonly poly: bigint;
  readonly inner: readonly number[];
  readonly last: number;
}

function layersOf(encipher: BlockCipher, iterations: number): Layer[] {
  const nh = derive(encipher, 1, chunkLength + (iterations - 1) * 16);
  const poly = derive(encipher, 2, iterations * 24);
  const inner = derive(encipher, 3, iterations * 64);
  const last = derive(encipher, 4, iterations * 4);
  return Array.from({ length: iterations }, (_, index) => ({
    nh: Uint32Array.from({ length: chunkLength / 4 }, (_, word) => nh.readUInt32BE(index * 16 + word * 4)),
    poly: poly.readBigUInt64BE(index * 24) & 0x01ffffff01ffffffn,
    inner: Array.from({ length: 8 }, (_, word) =>
      Number(inner.readBigUInt64BE(index * 64 + word * 8) % BigInt(prime36)),
    ),
    last: last.readUInt32BE(index * 4),
  }));
}

/** The message as little-endian words, filled up with zeros to a multiple of eight words. */
function wordsOf(message: Uint8Array): Uint32Array {
  const padded = new Uint8Array(Math.max(32, Math.ceil(message.length / 32) * 32));
  padded.set(message);
  const words = new Uint32Array(padded.length / 4);
  const view = new DataView(padded.buffer);
  for (let at = 0; at < words.length; at++) words[at] = view.getUint32(at * 4, true);
  return words;
}

/** UHASH, one iteration: 32 bits. */
function hash(layer: Layer, words: Uint32Array, length: number): number {
  if (length <= chunkLength) return shorten(layer, nhHash(layer.nh, words, 0, length));
  let sum = 1n;
  for (let from = 0; from < length; from += chunkLength) {
    const part = nhHash(layer.nh, words, from / 4, Math.min(chunkLength, length - from));
    if (part >= largestPart) sum = (sum * layer.poly + prime64 - 1n) % prime64;
    sum = (sum * layer.poly + (part >= largestPart ? part - offset64 : part)) % prime64;
  }
  return shorten(layer, sum);
}

const prime64 = 2n ** 64n - 59n;
const offset64 = 59n;
/** Parts from here on are hashed as two, a marker and the part less 59: RFC 4418, 5.3.2. */
const largestPart = 2n ** 64n - 2n ** 32n;
const prime36 = 2 ** 36 - 5;

/**
 * First layer, NH: sums of products of 32 by 32 bits, modulo 2^64, plus the length in bits. A product's low word is
 * exact by `imul`, so its high word can be rounded from what a double makes of the rest.
 */
function nhHash(key: Uint32Array, words: Uint32Array, from: number, length: number): bigint {
  let low = 0;
  let high = 0;
  const count = Math.max(1, Math.ceil(length / 32)) * 8;
  for (let group = 0; group < count; group += 8) {
    for (let at = group; at < group + 4; at++) {
      const a = (words[from + at]! + key[at]!) >>> 0;
      const b = (words[from + at + 4]! + key[at + 4]!) >>> 0;
      const product = Math.imul(a, b) >>> 0;
      low += product;
      high += Math.round((a * b - product) / 2 ** 32);
    }
  }
  return BigInt.asUintN(64, (BigInt(high) << 32n) + BigInt(low) + BigInt(length * 8));
}

/** Third layer, for the 16 bytes whose upper half is zero. */
function shorten(layer: Layer, value: bigint): number {
  let rest = value;
  let sum = 0;
  for (let at = 7; at >= 4; at--) {
    sum = (sum + Number(rest & 0xffffn) * layer.inner[at]!) % prime36;
    rest >>= 16n;
  }
  return ((sum % 2 ** 32) ^ layer.last) >>> 0;
}

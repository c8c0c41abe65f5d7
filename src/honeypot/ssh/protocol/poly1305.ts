/**
 * Poly1305 (RFC 8439, 2.5), which Node has only inside of an AEAD that SSH does not use. Numbers are six limbs of 22
 * bits in doubles: a sum of six products stays below 2^53, so nothing is lost. BigInt does the last step only, once for
 * a message.
 */

const limb = 2 ** 22;
const perLimb = 2 ** -22;
const mask = 0x3fffff;

/**
 * @param key 32 bytes, for this one message
 * @returns 16 bytes
 */
export function poly1305(key: Uint8Array, message: Uint8Array): Buffer {
  const keyView = new DataView(key.buffer, key.byteOffset, 32);
  const k0 = keyView.getUint32(0, true) & 0x0fffffff;
  const k1 = keyView.getUint32(4, true) & 0x0ffffffc;
  const k2 = keyView.getUint32(8, true) & 0x0ffffffc;
  const k3 = keyView.getUint32(12, true) & 0x0ffffffc;
  const r0 = k0 & mask;
  const r1 = ((k0 >>> 22) | (k1 << 10)) & mask;
  const r2 = ((k1 >>> 12) | (k2 << 20)) & mask;
  const r3 = (k2 >>> 2) & mask;
  const r4 = ((k2 >>> 24) | (k3 << 8)) & mask;
  const r5 = k3 >>> 14;
  // What overflows 2^132 comes back times 20, since 2^130 is 5 modulo the prime.
  const s1 = 20 * r1;
  const s2 = 20 * r2;
  const s3 = 20 * r3;
  const s4 = 20 * r4;
  const s5 = 20 * r5;
  let h0 = 0;
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  let h5 = 0;

  const whole = message.length - (message.length % 16);
  const last = new Uint8Array(16);
  last.set(message.subarray(whole));
  last[message.length - whole] = 1;
  const lastView = new DataView(last.buffer);
  const wholeView = new DataView(message.buffer, message.byteOffset, whole);
  for (let at = 0; at < message.length; at += 16) {
    const view = at < whole ? wholeView : lastView;
    const from = at < whole ? at : 0;
    const w0 = view.getUint32(from, true);
    const w1 = view.getUint32(from + 4, true);
    const w2 = view.getUint32(from + 8, true);
    const w3 = view.getUint32(from + 12, true);
    h0 += w0 & mask;
    h1 += ((w0 >>> 22) | (w1 << 10)) & mask;
    h2 += ((w1 >>> 12) | (w2 << 20)) & mask;
    h3 += (w2 >>> 2) & mask;
    h4 += ((w2 >>> 24) | (w3 << 8)) & mask;
    h5 += (w3 >>> 14) + (at < whole ? 0x40000 : 0);

    const p0 = h0 * r0 + h1 * s5 + h2 * s4 + h3 * s3 + h4 * s2 + h5 * s1;
    const p1 = h0 * r1 + h1 * r0 + h2 * s5 + h3 * s4 + h4 * s3 + h5 * s2 + Math.floor(p0 * perLimb);
    const p2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s5 + h4 * s4 + h5 * s3 + Math.floor(p1 * perLimb);
    const p3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s5 + h5 * s4 + Math.floor(p2 * perLimb);
    const p4 = h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0 + h5 * s5 + Math.floor(p3 * perLimb);
    const p5 = h0 * r5 + h1 * r4 + h2 * r3 + h3 * r2 + h4 * r1 + h5 * r0 + Math.floor(p4 * perLimb);
    const carry = Math.floor(p5 * perLimb);
    h0 = p0 - Math.floor(p0 * perLimb) * limb + 20 * carry;
    h1 = p1 - Math.floor(p1 * perLimb) * limb + Math.floor(h0 * perLimb);
    h0 -= Math.floor(h0 * perLimb) * limb;
    h2 = p2 - Math.floor(p2 * perLimb) * limb;
    h3 = p3 - Math.floor(p3 * perLimb) * limb;
    h4 = p4 - Math.floor(p4 * perLimb) * limb;
    h5 = p5 - carry * limb;
  }
  return finished([h0, h1, h2, h3, h4, h5], keyView);
}

/** The sum modulo the prime, plus the second half of the key, modulo 2^128. */
function finished(limbs: readonly number[], keyView: DataView): Buffer {
  const value = limbs.reduceRight((sum, one) => (sum << 22n) + BigInt(one), 0n) % prime;
  const tag = value + keyView.getBigUint64(16, true) + (keyView.getBigUint64(24, true) << 64n);
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, tag), 0);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, tag >> 64n), 8);
  return bytes;
}

const prime = 2n ** 130n - 5n;

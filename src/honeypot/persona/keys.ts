/**
 * Private keys that follow from the persona's seed, so that a sensor shows the same host keys and certificates after
 * it was installed again. They protect nothing but the decoy's own conversations.
 */
import { checkPrimeSync, createECDH, createPrivateKey, type KeyObject } from 'node:crypto';
import type { Persona } from './persona.ts';

/** PKCS #8 of an Ed25519 key without its 32 bytes (RFC 8410, section 7). */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export function ed25519Key(persona: Persona, label: string): KeyObject {
  const key = Buffer.concat([ed25519Prefix, persona.random(`key/ed25519/${label}`).bytes(32)]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** On P-256. */
export function ecdsaKey(persona: Persona, label: string): KeyObject {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(persona.random(`key/p256/${label}`).bytes(32));
  const point = curve.getPublicKey();
  const key = {
    kty: 'EC',
    crv: 'P-256',
    d: encoded(curve.getPrivateKey()),
    x: encoded(point.subarray(1, 33)),
    y: encoded(point.subarray(33)),
  };
  return createPrivateKey({ key, format: 'jwk' });
}

/** @param bits 2048 takes about a quarter of a second, 3072 about one */
export function rsaKey(persona: Persona, label: string, bits: 2048 | 3072): KeyObject {
  const random = persona.random(`key/rsa/${bits}/${label}`);
  const e = 65_537n;
  const prime = (): bigint => {
    for (;;) {
      const bytes = random.bytes(bits / 16);
      // The two highest bits set, so that the product has all its bits; odd.
      bytes[0]! |= 0xc0;
      bytes[bytes.length - 1]! |= 1;
      const candidate = BigInt(`0x${bytes.toString('hex')}`);
      if ((candidate - 1n) % e !== 0n && checkPrimeSync(candidate)) return candidate;
    }
  };
  const [p, q] = [prime(), prime()];
  const d = inverse(e, (p - 1n) * (q - 1n));
  const key = {
    kty: 'RSA',
    n: number(p * q),
    e: number(e),
    d: number(d),
    p: number(p),
    q: number(q),
    dp: number(d % (p - 1n)),
    dq: number(d % (q - 1n)),
    qi: number(inverse(q, p)),
  };
  return createPrivateKey({ key, format: 'jwk' });
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [r, next, x, y] = [modulus, value % modulus, 0n, 1n];
  while (next !== 0n) {
    const times = r / next;
    [r, next, x, y] = [next, r - times * next, y, x - times * y];
  }
  return x < 0n ? x + modulus : x;
}

function number(value: bigint): string {
  const hex = value.toString(16);
  return encoded(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

function encoded(bytes: Buffer): string {
  return bytes.toString('base64url');
}

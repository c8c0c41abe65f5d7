/** Keys of one direction out of a finished exchange: RFC 4253, 7.2. */
import { createHash } from 'node:crypto';
import { type CipherAndMac, type CipherKeys, keyLengths } from './ciphers.ts';

export interface KeyMaterial {
  readonly hash: string;
  /** As it goes into hashes, with its length. */
  readonly secret: Buffer;
  readonly exchangeHash: Buffer;
  readonly sessionId: Buffer;
}

/** @param letters of the initial value, the encryption key and the integrity key: `ACE` from client to server, else `BDF` */
export function deriveKeys(
  material: KeyMaterial,
  letters: 'ACE' | 'BDF',
  algorithms: CipherAndMac,
): CipherKeys {
  const lengths = keyLengths(algorithms);
  return {
    iv: derive(material, letters[0]!, lengths.iv),
    key: derive(material, letters[1]!, lengths.key),
    mac: derive(material, letters[2]!, lengths.mac),
  };
}

function derive(material: KeyMaterial, letter: string, length: number): Buffer {
  const { hash, secret, exchangeHash, sessionId } = material;
  const digest = (...tail: readonly (Buffer | string)[]): Buffer => {
    const hashing = createHash(hash).update(secret).update(exchangeHash);
    for (const part of tail) hashing.update(part);
    return hashing.digest();
  };
  let key = digest(letter, sessionId);
  while (key.length < length) key = Buffer.concat([key, digest(key)]);
  // A copy, since a part would keep all of the key material in memory.
  return Buffer.from(key.subarray(0, length));
}

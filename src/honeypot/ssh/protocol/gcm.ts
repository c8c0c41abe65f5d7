/** AES in Galois/counter mode (RFC 5647, with OpenSSH's names): the length is clear and authenticated. */
import { type CipherGCMTypes, createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import type { CipherKeys, Opener, Sealer } from './ciphers.ts';

const tagLength = 16;
const framing = { blockLength: 16, isLengthApart: true } as const;

export function createGcmSealer(name: CipherGCMTypes, keys: CipherKeys): Sealer {
  const key = createSecretKey(keys.key);
  const nonces = countingNonces(keys.iv);
  return {
    ...framing,
    seal(_, packet) {
      const cipher = createCipheriv(name, key, nonces()).setAAD(packet.subarray(0, 4));
      const sealed = cipher.update(packet.subarray(4));
      cipher.final();
      return Buffer.concat([packet.subarray(0, 4), sealed, cipher.getAuthTag()]);
    },
  };
}

export function createGcmOpener(name: CipherGCMTypes, keys: CipherKeys): Opener {
  const key = createSecretKey(keys.key);
  const nonces = countingNonces(keys.iv);
  return {
    ...framing,
    headLength: 4,
    tagLength,
    lengthOf: (_, head) => head.readUInt32BE(),
    open(_, frame) {
      const decipher = createDecipheriv(name, key, nonces(), { authTagLength: tagLength })
        .setAAD(frame.subarray(0, 4))
        .setAuthTag(frame.subarray(-tagLength));
      const opened = decipher.update(frame.subarray(4, -tagLength));
      try {
        decipher.final();
      } catch {
        return undefined;
      }
      return opened;
    },
  };
}

/** Four fixed bytes and a number that grows by one with each packet: RFC 5647, 7.1. */
function countingNonces(iv: Buffer): () => Buffer {
  const next = Buffer.from(iv);
  return () => {
    const nonce = Buffer.from(next);
    next.writeBigUInt64BE(BigInt.asUintN(64, next.readBigUInt64BE(4) + 1n), 4);
    return nonce;
  };
}

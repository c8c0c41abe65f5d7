/**
 * Keys that clients offer, and their signatures: RFC 4253, 6.6; RFC 5656; RFC 8332; RFC 8709. What is named as in
 * sshd's default `PubkeyAcceptedAlgorithms` but only a certificate or a security key can have is not checked: no decoy
 * trusts an authority.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Reader, readerOf } from './bytes.ts';

export interface UserKey {
  /** `ssh-rsa`, as the key itself says. */
  readonly type: string;
  /** As `ssh-keygen -l` prints it: `SHA256:…` */
  readonly fingerprint: string;
  /** @param signature as it is sent, with the name of its algorithm */
  verifies(algorithm: string, data: Buffer, signature: Buffer): boolean;
}

/** @returns undefined where sshd could not read it, or has no use for it under this name */
export function readUserKey(algorithm: string, blob: Buffer): UserKey | undefined {
  const kind = kinds[algorithm];
  if (kind === undefined) return undefined;
  try {
    const reader = readerOf(blob);
    const type = reader.text();
    if (type !== kind.type) return undefined;
    const key = kind.read(reader);
    reader.end();
    return {
      type,
      fingerprint: fingerprintOf(blob),
      verifies: (algorithm, data, signature) => isSignature(kind, algorithm, key, data, signature),
    };
  } catch {
    return undefined;
  }
}

export const fingerprintOf = (blob: Buffer): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

/** Name of the type that the key gives itself; empty where it gives none. */
export function typeOf(blob: Buffer): string {
  try {
    return readerOf(blob).text();
  } catch {
    return '';
  }
}

interface Kind {
  readonly type: string;
  readonly hash: string | null;
  read(reader: Reader): KeyObject;
  /** What node:crypto takes for a signature. */
  signature(content: Buffer): Buffer;
}

function isSignature(
  kind: Kind,
  algorithm: string,
  key: KeyObject,
  data: Buffer,
  signature: Buffer,
): boolean {
  try {
    const reader = readerOf(signature);
    if (reader.text() !== algorithm) return false;
    const content = kind.signature(reader.string());
    reader.end();
    return verify(kind.hash, data, { key, dsaEncoding: 'ieee-p1363' }, content);
  } catch {
    return false;
  }
}

const rsa = (hash: string): Kind => ({
  type: 'ssh-rsa',
  hash,
  read(reader) {
    const [e, n] = [reader.string(), reader.string()];
    const bits = n.length * 8 - (Math.clz32(n[0] ?? 0) - 24);
    // sshd's RequiredRSASize, and OpenSSL's largest.
    if (bits < 1024 || bits > 16384) throw new RangeError('size of an RSA key');
    return fromJwk({ kty: 'RSA', n: base64(n), e: base64(e) });
  },
  signature: (content) => content,
});

const ecdsa = (curve: string, crv: string, length: number, hash: string): Kind => ({
  type: `ecdsa-sha2-${curve}`,
  hash,
  read(reader) {
    if (reader.text() !== curve) throw new TypeError('another curve');
    const point = reader.string();
    if (point.length !== 1 + 2 * length || point[0] !== 4) throw new RangeError('not an uncompressed point');
    const [x, y] = [point.subarray(1, 1 + length), point.subarray(1 + length)];
    return fromJwk({ kty: 'EC', crv, x: base64(x), y: base64(y) });
  },
  signature(content) {
    const reader = readerOf(content);
    return Buffer.concat([fixed(reader.string(), length), fixed(reader.string(), length)]);
  },
});

const kinds: Readonly<Record<string, Kind>> = {
  'ssh-ed25519': {
    type: 'ssh-ed25519',
    hash: null,
    read: (reader) => fromJwk({ kty: 'OKP', crv: 'Ed25519', x: base64(reader.string()) }),
    signature: (content) => content,
  },
  'ecdsa-sha2-nistp256': ecdsa('nistp256', 'P-256', 32, 'sha256'),
  'ecdsa-sha2-nistp384': ecdsa('nistp384', 'P-384', 48, 'sha384'),
  'ecdsa-sha2-nistp521': ecdsa('nistp521', 'P-521', 66, 'sha512'),
  'rsa-sha2-256': rsa('sha256'),
  'rsa-sha2-512': rsa('sha512'),
};

const fromJwk = (key: Readonly<Record<string, string>>): KeyObject => createPublicKey({ key, format: 'jwk' });

const base64 = (bytes: Buffer): string => bytes.toString('base64url');

/** An mpint as an unsigned number of `length` bytes. */
function fixed(number: Buffer, length: number): Buffer {
  const digits = number[0] === 0 ? number.subarray(1) : number;
  if (digits.length > length) throw new RangeError('number too large');
  return Buffer.concat([Buffer.alloc(length - digits.length), digits]);
}

/** The server's keys: how they are named, shown and made to sign (RFC 4253, 6.6; RFC 5656, 3; RFC 8332; RFC 8709). */
import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { mpint, string } from './bytes.ts';

export interface HostKeys {
  readonly ed25519: KeyObject;
  /** On P-256. */
  readonly ecdsa: KeyObject;
  /** Debian makes them of 3,072 bits. */
  readonly rsa: KeyObject;
}

export interface HostKey {
  /** `ssh-rsa`, `ecdsa-sha2-nistp256`, `ssh-ed25519`. */
  readonly type: string;
  /** The public key as it is sent. */
  readonly blob: Buffer;
  /** @param algorithm one of this key: an RSA key has several */
  sign(algorithm: string, data: Buffer): Buffer;
}

export interface HostKeyring {
  /** In the order of Debian's configuration: RSA, ECDSA, Ed25519. */
  readonly all: readonly HostKey[];
  /** @param algorithm one of KEXINIT's */
  for(algorithm: string): HostKey;
}

const curve = 'nistp256';
const keyrings = new WeakMap<HostKeys, HostKeyring>();

/** Made once for one object of keys: exporting them takes longer than signing with them. */
export function keyringOf(keys: HostKeys): HostKeyring {
  const known = keyrings.get(keys);
  if (known !== undefined) return known;
  const keyring = createKeyring(keys);
  keyrings.set(keys, keyring);
  return keyring;
}

function createKeyring(keys: HostKeys): HostKeyring {
  const rsa = rsaKey(keys.rsa);
  const ecdsa = ecdsaKey(keys.ecdsa);
  const ed25519 = ed25519Key(keys.ed25519);
  return {
    all: [rsa, ecdsa, ed25519],
    for: (algorithm) =>
      algorithm === 'ssh-ed25519' ? ed25519 : algorithm.startsWith('ecdsa-') ? ecdsa : rsa,
  };
}

function ed25519Key(key: KeyObject): HostKey {
  const blob = Buffer.concat([string('ssh-ed25519'), string(parameter(key, 'x'))]);
  return {
    type: 'ssh-ed25519',
    blob,
    sign: (algorithm, data) => Buffer.concat([string(algorithm), string(sign(null, data, key))]),
  };
}

function ecdsaKey(key: KeyObject): HostKey {
  const point = Buffer.concat([Buffer.of(4), parameter(key, 'x'), parameter(key, 'y')]);
  const blob = Buffer.concat([string(`ecdsa-sha2-${curve}`), string(curve), string(point)]);
  return {
    type: `ecdsa-sha2-${curve}`,
    blob,
    sign(algorithm, data) {
      const rAndS = sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
      const signature = Buffer.concat([mpint(rAndS.subarray(0, 32)), mpint(rAndS.subarray(32))]);
      return Buffer.concat([string(algorithm), string(signature)]);
    },
  };
}

function rsaKey(key: KeyObject): HostKey {
  const blob = Buffer.concat([string('ssh-rsa'), mpint(parameter(key, 'e')), mpint(parameter(key, 'n'))]);
  return {
    type: 'ssh-rsa',
    blob,
    sign: (algorithm, data) =>
      Buffer.concat([string(algorithm), string(sign(rsaHashes[algorithm] ?? 'sha1', data, key))]),
  };
}

const rsaHashes: Readonly<Record<string, string>> = { 'rsa-sha2-512': 'sha512', 'rsa-sha2-256': 'sha256' };

/** A number of the public key. */
const parameter = (key: KeyObject, name: 'x' | 'y' | 'n' | 'e'): Buffer =>
  Buffer.from(createPublicKey(key as never).export({ format: 'jwk' })[name] as string, 'base64url');

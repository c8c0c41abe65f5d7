/**
 * The methods that make a shared secret of two public values, the client's and one of ours: RFC 8731 (curve25519), RFC
 * 5656 (NIST curves), RFC 4253, 8 and RFC 8268 (Diffie-Hellman), and the hybrid with sntrup761. A client's value is
 * taken as sshd takes it: what is malformed, or too weak to be honest, ends the connection.
 */
import {
  createDiffieHellmanGroup,
  createECDH,
  createHash,
  createPublicKey,
  type DiffieHellmanGroup,
  diffieHellman,
  generateKeyPairSync,
} from 'node:crypto';
import { mpint, mpintBody, string } from './bytes.ts';
import { hangUp } from './fault.ts';
import { encapsulate, publicKeyLength } from './sntrup761.ts';

export interface Agreement {
  /** Our value, as it goes into the reply. */
  readonly publicValue: Buffer;
  /** As it goes into hashes, with its length. */
  readonly secret: Buffer;
}

/** @throws SshFault where the client's value is none */
export type Agree = (clientValue: Buffer) => Agreement;

export interface Method {
  /** Of the exchange hash and the keys. */
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  /** Once for each exchange, when the method was chosen. Absent where a group is agreed on first. */
  readonly begin?: () => Agree;
}

const method = (hash: Method['hash'], begin: () => Agree): Method => ({ hash, begin });

const methods: Readonly<Record<string, Method>> = {
  'sntrup761x25519-sha512': method('sha512', () => hybrid),
  'sntrup761x25519-sha512@openssh.com': method('sha512', () => hybrid),
  'curve25519-sha256': method('sha256', () => curve25519),
  'curve25519-sha256@libssh.org': method('sha256', () => curve25519),
  'ecdh-sha2-nistp256': method('sha256', () => nist('prime256v1', 32)),
  'ecdh-sha2-nistp384': method('sha384', () => nist('secp384r1', 48)),
  'ecdh-sha2-nistp521': method('sha512', () => nist('secp521r1', 66)),
  'diffie-hellman-group14-sha256': method('sha256', () => inGroup(createDiffieHellmanGroup('modp14'))),
  'diffie-hellman-group16-sha512': method('sha512', () => inGroup(createDiffieHellmanGroup('modp16'))),
  'diffie-hellman-group18-sha512': method('sha512', () => inGroup(createDiffieHellmanGroup('modp18'))),
  'diffie-hellman-group-exchange-sha256': { hash: 'sha256' },
};

/** @throws SshFault for a name that is no method, as `kex-strict-s-v00@openssh.com` */
export function methodOf(name: string): Method {
  const found = methods[name];
  if (found === undefined) throw hangUp(`unsupported key exchange method ${name}`);
  return found;
}

/** What node:crypto makes of two values; what it refuses is the client's fault. */
function shared(compute: () => Buffer): Buffer {
  try {
    return compute();
  } catch (error) {
    throw hangUp(`invalid public value: ${String(error)}`);
  }
}

function x25519(clientValue: Buffer): { readonly publicValue: Buffer; readonly secret: Buffer } {
  if (clientValue.length !== 32) throw hangUp('invalid public value: length');
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: clientValue.toString('base64url') },
    format: 'jwk',
  });
  const own = generateKeyPairSync('x25519');
  return {
    publicValue: Buffer.from(own.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
    secret: shared(() => diffieHellman({ privateKey: own.privateKey, publicKey })),
  };
}

function curve25519(clientValue: Buffer): Agreement {
  const { publicValue, secret } = x25519(clientValue);
  return { publicValue, secret: mpint(secret) };
}

/** draft-josefsson-ntruprime-ssh: both secrets hashed together, and no number any more but a string. */
function hybrid(clientValue: Buffer): Agreement {
  if (clientValue.length !== publicKeyLength + 32) throw hangUp('invalid public value: length');
  const kem = encapsulate(clientValue.subarray(0, publicKeyLength));
  const curve = x25519(clientValue.subarray(publicKeyLength));
  const both = createHash('sha512').update(kem.secret).update(curve.secret).digest();
  return { publicValue: Buffer.concat([kem.ciphertext, curve.publicValue]), secret: string(both) };
}

function nist(curve: string, coordinateLength: number): Agree {
  return (clientValue) => {
    if (clientValue.length !== 1 + 2 * coordinateLength || clientValue[0] !== 4) {
      throw hangUp('invalid public value: not an uncompressed point');
    }
    const own = createECDH(curve);
    const publicValue = own.generateKeys();
    return { publicValue, secret: mpint(shared(() => own.computeSecret(clientValue))) };
  };
}

/** Our value is made before the client's is there: in the largest group each of the two takes ten milliseconds. */
function inGroup(own: DiffieHellmanGroup): Agree {
  const publicValue = mpintBody(own.generateKeys());
  return (clientValue) => {
    if (isNegative(clientValue) || hasFewBits(clientValue)) throw hangUp('invalid public value: too weak');
    return { publicValue, secret: mpint(shared(() => own.computeSecret(clientValue))) };
  };
}

const isNegative = (value: Buffer): boolean => (value[0] ?? 0) >= 0x80;

/** sshd refuses them, since 2 is the generator: their logarithm is easy. */
function hasFewBits(value: Buffer): boolean {
  let bits = 0;
  for (const byte of value) for (let rest = byte; rest > 0; rest &= rest - 1) bits++;
  return bits < 4;
}

/** Bounds of what may be asked for: RFC 4419, 3, with sshd's least and largest. */
export interface GroupRequest {
  readonly least: number;
  readonly wanted: number;
  readonly most: number;
}

export interface Group {
  readonly prime: Buffer;
  readonly generator: Buffer;
  readonly agree: Agree;
}

/** The groups of RFC 3526; sshd has some of its own of each of these sizes. */
const groups: readonly (readonly [bits: number, name: string])[] = [
  [2048, 'modp14'],
  [3072, 'modp15'],
  [4096, 'modp16'],
  [6144, 'modp17'],
  [8192, 'modp18'],
];

/** sshd's DH_GRP_MIN and DH_GRP_MAX. */
const [smallest, largest] = [2048, 8192];

/**
 * The smallest group that is large enough, or else the largest that is allowed; where none is, the one that sshd takes
 * without asking further.
 * @throws SshFault where the request makes no sense
 */
export function chooseGroup({ least, wanted, most }: GroupRequest): Group {
  if (most < least || wanted < least || most < wanted || most < smallest) {
    throw hangUp('DH GEX group out of range');
  }
  const allowed = groups.filter(
    ([bits]) => bits >= Math.max(least, smallest) && bits <= Math.min(most, largest),
  );
  const name = (allowed.find(([bits]) => bits >= wanted) ?? allowed.at(-1))?.[1] ?? fallback(most);
  const own = createDiffieHellmanGroup(name);
  return { prime: own.getPrime(), generator: own.getGenerator(), agree: inGroup(own) };
}

const fallback = (most: number): string => (most < 3072 ? 'modp14' : most < 6144 ? 'modp16' : 'modp18');

/**
 * X.509 certificates in the shapes that Go's crypto/x509 gives them (fields and extensions in its order, its choice of
 * string types), because that is how kubeadm, kubelets and most of a cloud's own tools make theirs. Decoys show such ones,
 * and the platform gives its sensors some. With RSA and Ed25519 what is the same but for the time of day comes out the
 * same, so that a decoy shows the same certificate after a restart; ECDSA signs by chance.
 */
import { createHash, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import {
  bitString,
  elements,
  flag,
  integer,
  objectId,
  octets,
  raw,
  sequence,
  set,
  tagged,
  text,
  time,
} from './der.ts';

export interface Certified {
  readonly subject: { readonly CN: string; readonly O?: string };
  /** Absent where it signs itself. */
  readonly issuer?: {
    /** PEM. */
    readonly certificate: string;
    readonly key: KeyObject;
  };
  readonly key: KeyObject;
  /** DNS names and addresses that it holds for. */
  readonly names?: readonly string[];
  /** Another name of its subject. */
  readonly uri?: string;
  /** Both in milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly isAuthority?: boolean;
  /** How many authorities may come between it and a leaf; as many as like to where it is not said. */
  readonly pathLength?: number;
  /** Of the key; by default what kubeadm allows. */
  readonly keyUsages?: readonly KeyUsage[];
  readonly usages?: readonly Usage[];
  /** A number above 0, of up to 20 bytes. */
  readonly serial: Buffer;
}

type Usage = 'serverAuth' | 'clientAuth';

const usageIds: Readonly<Record<Usage, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};

/** The bits of RFC 5280, section 4.2.1.3. */
const keyUsageBits = { digitalSignature: 0, keyEncipherment: 2, keyCertSign: 5 } as const;
type KeyUsage = keyof typeof keyUsageBits;

/** @returns PEM */
export function certify(what: Certified): string {
  const key = what.issuer?.key ?? what.key;
  const algorithm = signatureAlgorithm(key);
  const subject = nameOf(what.subject);
  const issuer = what.issuer === undefined ? subject : subjectOf(what.issuer.certificate);
  const tbs = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(what.serial),
    algorithm,
    issuer,
    sequence(time(what.notBefore), time(what.notAfter)),
    subject,
    publicKeyInfo(what.key),
    tagged(3, sequence(...extensions(what, issuer.equals(subject) ? undefined : keyIdentifier(key)))),
  );
  const signature = sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', tbs, key);
  return pem('CERTIFICATE', sequence(tbs, algorithm, bitString(signature)));
}

/** That certificates and requests for them are signed by. */
export function signatureAlgorithm(key: KeyObject): Buffer {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return sequence(objectId('1.2.840.113549.1.1.11'), Buffer.from([5, 0]));
    case 'ec':
      return sequence(objectId('1.2.840.10045.4.3.2'));
    case 'ed25519':
      return sequence(objectId('1.3.101.112'));
    default:
      throw new TypeError(`no certificates are signed by keys of type ${key.asymmetricKeyType}`);
  }
}

/** The organisation goes first. */
export function nameOf({ CN, O }: Certified['subject']): Buffer {
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['2.5.4.10', O],
    ['2.5.4.3', CN],
  ];
  return sequence(
    ...parts.flatMap(([id, value]) =>
      value === undefined ? [] : [set(sequence(objectId(id), text(value)))],
    ),
  );
}

/** As it is written there, byte for byte. */
function subjectOf(certificate: string): Buffer {
  const [tbs] = elements(elements(new X509Certificate(certificate).raw)[0]!.content);
  return elements(tbs!.content)[5]!.whole;
}

/** In DER. */
export function publicKeyInfo(key: KeyObject): Buffer {
  const open = key.type === 'public' ? key : createPublicKey(key);
  return open.export({ type: 'spki', format: 'der' });
}

/** SHA-1 of the public key's bits (RFC 5280, section 4.2.1.2). */
function keyIdentifier(key: KeyObject): Buffer {
  const bits = elements(elements(publicKeyInfo(key))[0]!.content)[1]!.content.subarray(1);
  return createHash('sha1').update(bits).digest();
}

function extensions(what: Certified, authority: Buffer | undefined): Buffer[] {
  const { isAuthority = false, usages = [], names = [], uri, pathLength } = what;
  const list = [extension('2.5.29.15', keyUsageOf(what), true)];
  if (usages.length > 0)
    list.push(extension('2.5.29.37', sequence(...usages.map((one) => objectId(usageIds[one])))));
  const longest = pathLength === undefined ? [] : [integer(Buffer.from([pathLength]))];
  list.push(extension('2.5.29.19', isAuthority ? sequence(flag(true), ...longest) : sequence(), true));
  if (isAuthority) list.push(extension('2.5.29.14', octets(keyIdentifier(what.key))));
  if (authority !== undefined) list.push(extension('2.5.29.35', sequence(raw(0x80, authority))));
  if (names.length > 0 || uri !== undefined) list.push(extension('2.5.29.17', alternativeNames(names, uri)));
  return list;
}

function keyUsageOf({ isAuthority = false, keyUsages }: Certified): Buffer {
  const byDefault: readonly KeyUsage[] = ['digitalSignature', 'keyEncipherment'];
  const usages = keyUsages ?? (isAuthority ? [...byDefault, 'keyCertSign'] : byDefault);
  const bits = usages.map((one): number => keyUsageBits[one]);
  const byte = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  return bitString(Buffer.from([byte]), 7 - Math.max(...bits));
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(objectId(id), ...(isCritical ? [flag(true)] : []), octets(value));
}

/** Names go first, addresses follow, then the URI. */
function alternativeNames(names: readonly string[], uri: string | undefined): Buffer {
  const isAddress = (name: string): boolean => isIPv4(name) || isIPv6(name);
  return sequence(
    ...names.filter((name) => !isAddress(name)).map((name) => raw(0x82, Buffer.from(name, 'latin1'))),
    ...names.filter(isAddress).map((name) => raw(0x87, addressBytes(name))),
    ...(uri === undefined ? [] : [raw(0x86, Buffer.from(uri, 'latin1'))]),
  );
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = [], tail = []] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** @param label `CERTIFICATE` */
export function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

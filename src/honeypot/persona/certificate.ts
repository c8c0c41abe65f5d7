/**
 * X.509 certificates in the shapes that Go's crypto/x509 gives them (fields and extensions in its order, its choice of
 * string types), because that is how kubeadm, kubelets and most of a cloud's own tools make theirs. RSA and Ed25519
 * signatures follow from the persona, so that a sensor shows the same certificate after a restart; ECDSA's do not.
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
  /** Both in milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly isAuthority?: boolean;
  readonly usages?: readonly Usage[];
  /** A number above 0, of up to 20 bytes. */
  readonly serial: Buffer;
}

type Usage = 'serverAuth' | 'clientAuth';

const usageIds: Readonly<Record<Usage, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};

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
  return pem(sequence(tbs, algorithm, bitString(signature)));
}

function signatureAlgorithm(key: KeyObject): Buffer {
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
function nameOf({ CN, O }: Certified['subject']): Buffer {
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

function publicKeyInfo(key: KeyObject): Buffer {
  const open = key.type === 'public' ? key : createPublicKey(key);
  return open.export({ type: 'spki', format: 'der' });
}

/** SHA-1 of the public key's bits (RFC 5280, section 4.2.1.2). */
function keyIdentifier(key: KeyObject): Buffer {
  const bits = elements(elements(publicKeyInfo(key))[0]!.content)[1]!.content.subarray(1);
  return createHash('sha1').update(bits).digest();
}

function extensions(what: Certified, authority: Buffer | undefined): Buffer[] {
  const { isAuthority = false, usages = [], names = [] } = what;
  // Digital signature, key encipherment; certificate signing.
  const keyUsage = bitString(Buffer.from([isAuthority ? 0xa4 : 0xa0]), isAuthority ? 2 : 5);
  const list = [extension('2.5.29.15', keyUsage, true)];
  if (usages.length > 0)
    list.push(extension('2.5.29.37', sequence(...usages.map((one) => objectId(usageIds[one])))));
  list.push(extension('2.5.29.19', isAuthority ? sequence(flag(true)) : sequence(), true));
  if (isAuthority) list.push(extension('2.5.29.14', octets(keyIdentifier(what.key))));
  if (authority !== undefined) list.push(extension('2.5.29.35', sequence(raw(0x80, authority))));
  if (names.length > 0) list.push(extension('2.5.29.17', alternativeNames(names)));
  return list;
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(objectId(id), ...(isCritical ? [flag(true)] : []), octets(value));
}

/** Names go first, addresses follow. */
function alternativeNames(names: readonly string[]): Buffer {
  const isAddress = (name: string): boolean => isIPv4(name) || isIPv6(name);
  return sequence(
    ...names.filter((name) => !isAddress(name)).map((name) => raw(0x82, Buffer.from(name, 'latin1'))),
    ...names.filter(isAddress).map((name) => raw(0x87, addressBytes(name))),
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

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Certificates and tokens of the cluster, as kubeadm, the kubelet and the API server make them. */
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { certify } from '../../certificate/certificate.ts';
import type { Certificate } from '../decoy.ts';
import * as keys from '../persona/keys.ts';
import type { Persona } from '../persona/persona.ts';
import type { Node, Plan } from './plan.ts';

const year = 365 * 86_400_000;

export interface Authority {
  /** PEM. */
  readonly certificate: string;
  readonly key: KeyObject;
}

/** Valid for ten years from when kubeadm ran. */
export function authorityOf({ persona, createdAt }: Plan): Authority {
  const key = clusterKey(persona, 'kubernetes/ca');
  const certificate = certify({
    subject: { CN: 'kubernetes' },
    key,
    names: ['kubernetes'],
    notBefore: createdAt,
    notAfter: createdAt + 10 * year,
    isAuthority: true,
    serial: serialOf(persona, 'ca'),
  });
  return { certificate, key };
}

/** Renewed each year, as upgrades do. @param now milliseconds since 1970 */
export function apiServerCertificate(plan: Plan, now: number): Certificate {
  const { persona, createdAt } = plan;
  const authority = authorityOf(plan);
  const key = clusterKey(persona, 'kubernetes/apiserver');
  const renewals = Math.floor((now - createdAt) / (11 * (year / 12)));
  const { name, address } = plan.nodes[0]!;
  const cert = certify({
    subject: { CN: 'kube-apiserver' },
    issuer: authority,
    key,
    names: [
      name,
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
      '10.96.0.1',
      address,
    ],
    notBefore: createdAt,
    notAfter: createdAt + renewals * 11 * (year / 12) + year,
    usages: ['serverAuth'],
    serial: serialOf(persona, `apiserver/${renewals}`),
  });
  return { key: pem(key), cert, alpn: ['h2', 'http/1.1'], asksClient: true };
}

/** Signed by an authority that exists for this certificate only (client-go, util/cert). */
export function kubeletCertificate(plan: Plan, node: Node): Certificate {
  const { persona, createdAt } = plan;
  const at = Math.floor(createdAt / 1000);
  const notBefore = createdAt - 3_600_000;
  const authorityKey = clusterKey(persona, 'kubelet/ca');
  const key = clusterKey(persona, 'kubelet/serving');
  // Kept while the node lives; the kubelet does not look at its end.
  const notAfter = notBefore + year;
  const authority = certify({
    subject: { CN: `${node.name}-ca@${at}` },
    key: authorityKey,
    names: [`${node.name}-ca@${at}`],
    notBefore,
    notAfter,
    isAuthority: true,
    serial: Buffer.from([1]),
  });
  const cert = certify({
    subject: { CN: `${node.name}@${at}` },
    issuer: { certificate: authority, key: authorityKey },
    key,
    names: [node.name],
    notBefore,
    notAfter,
    usages: ['serverAuth'],
    serial: Buffer.from([2]),
  });
  return { key: pem(key), cert: cert + authority, alpn: ['h2', 'http/1.1'], asksClient: true };
}

/** A key and certificate for a host of the applications: PEM. */
export function siteCertificate(plan: Plan, host: string): { readonly key: string; readonly cert: string } {
  const key = clusterKey(plan.persona, `kubernetes/site/${host}`);
  const cert = certify({
    subject: { CN: host },
    key,
    names: [host],
    notBefore: plan.createdAt,
    notAfter: plan.createdAt + 3 * year,
    usages: ['serverAuth'],
    serial: serialOf(plan.persona, `site/${host}`),
  });
  return { key: pem(key), cert };
}

const known = new WeakMap<Persona, Map<string, KeyObject>>();

/** Made once, because that takes a quarter of a second. */
export function clusterKey(persona: Persona, label: string): KeyObject {
  const all = known.get(persona) ?? new Map<string, KeyObject>();
  known.set(persona, all);
  const key = all.get(label) ?? keys.rsaKey(persona, label, 2048);
  all.set(label, key);
  return key;
}

function serialOf(persona: Persona, what: string): Buffer {
  if (what === 'ca') return Buffer.from([0]);
  const serial = persona.random(`kubernetes/serial/${what}`).bytes(8);
  serial[0] = (serial[0]! & 0x7f) | 1;
  return serial;
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs1', format: 'pem' }) as string;
}

/** A token of a service account, signed with the persona's key: JSON Web Token, RS256. */
export function accountToken(persona: Persona, claims: object): string {
  const key = clusterKey(persona, 'kubernetes/service-accounts');
  const open = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const kid = createHash('sha256').update(open).digest('base64url');
  const body = `${encoded({ alg: 'RS256', kid })}.${encoded(claims)}`;
  return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** With which tokens are verified, as /openid/v1/jwks shows it. */
export function jsonWebKey(persona: Persona): Readonly<Record<string, string>> {
  const key = clusterKey(persona, 'kubernetes/service-accounts');
  const open = createPublicKey(key);
  const { n = '', e = '' } = open.export({ format: 'jwk' });
  const kid = createHash('sha256')
    .update(open.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return { use: 'sig', kty: 'RSA', kid, alg: 'RS256', n, e };
}

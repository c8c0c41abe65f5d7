/** Certificates as `docker --tls` has them by Docker's own instructions: an authority of the house, and a server of RSA. */

import { certify } from '../../certificate/certificate.ts';
import type { Certificate } from '../decoy.ts';
import { rsaKey } from '../persona/keys.ts';
import type { Persona } from '../persona/persona.ts';

const day = 86_400_000;

export function dockerCertificate(persona: Persona): Certificate {
  const random = persona.random('docker/tls');
  const authorityKey = rsaKey(persona, 'docker/authority', 2048);
  const key = rsaKey(persona, 'docker/server', 2048);
  const made = persona.installedAt + random.int(1, 20) * day;
  const serial = (): Buffer => {
    const bytes = random.bytes(20);
    bytes[0] = (bytes[0]! & 0x7f) | 1;
    return bytes;
  };
  const authority = certify({
    subject: { CN: `${persona.hostname}.${persona.domain}` },
    key: authorityKey,
    notBefore: made,
    notAfter: made + 3650 * day,
    isAuthority: true,
    serial: serial(),
  });
  const cert = certify({
    subject: { CN: persona.hostname },
    issuer: { certificate: authority, key: authorityKey },
    key,
    names: [persona.hostname, persona.network.address, '127.0.0.1'],
    notBefore: made + 60_000,
    notAfter: made + 3650 * day,
    usages: ['serverAuth'],
    serial: serial(),
  });
  return { key: key.export({ format: 'pem', type: 'pkcs8' }).toString(), cert, alpn: ['http/1.1'] };
}

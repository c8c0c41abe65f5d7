/**
 * Mutual TLS of sensors. The listener asks every client for a certificate of the platform's own authority and lets in all
 * the same who has none; what a certificate is worth is looked at on the routes of sensors alone (`access.ts`).
 */
import type { X509Certificate } from 'node:crypto';
import type { Server } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { messageOf } from '../model/error.ts';
import { sensorAuthorities } from '../store/sensor-certificates.ts';
import type { App, ServerContext } from './context.ts';

export interface PeerCertificate {
  /** Whoever showed it has the private key to it. */
  readonly certificate: X509Certificate;
  /** That it names, where an authority of ours signed it and its time had come and was not over in the handshake. */
  readonly sensor: number | undefined;
}

/** What a client showed in the handshake; undefined for nothing, and without TLS of our own. */
export function peerCertificate({ raw: { socket } }: FastifyRequest): PeerCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const { subjectAltName = '' } = certificate;
  const [, id] = /^URI:spiffe:\/\/[a-z0-9._-]+\/sensor\/(\d{1,10})$/.exec(subjectAltName) ?? [];
  return { certificate, sensor: socket.authorized && id !== undefined ? Number(id) : undefined };
}

/** Of the URIs that name sensors: the host by which people reach the platform, where it is a name. */
export function platformName(publicUrl: string | undefined): string {
  const host = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.hostname;
  return host !== undefined && /^[a-z0-9._-]{1,200}$/.test(host) ? host : 'waterguard';
}

/** Of the listener, in PEM. */
interface Identity {
  readonly key: Buffer;
  readonly cert: Buffer;
}

interface Listening extends Identity {
  readonly ca: string[];
}

/** Options of the listener. Browsers offer certificates of their user only to who asks for ones of their authority. */
export async function askForCertificates({ db }: ServerContext, { key, cert }: Identity) {
  const ca = [...(await sensorAuthorities(db))];
  return { key, cert, ca, requestCert: true, rejectUnauthorized: false };
}

/** Milliseconds. */
const lookEvery = 60_000;

/** Believes authorities that are added later, by whatever server. */
export function followAuthorities(app: App, { db }: ServerContext, { key, cert, ca }: Listening): void {
  let known = ca.join('');
  const look = async (): Promise<void> => {
    const ca = [...(await sensorAuthorities(db))];
    if (ca.join('') === known) return;
    known = ca.join('');
    (app.server as unknown as Server).setSecureContext({ key, cert, ca });
  };
  const looking = setInterval(() => {
    look().catch((error: unknown) => app.log.warn({ reason: messageOf(error) }, 'authorities were not read'));
  }, lookEvery);
  app.addHook('onClose', async () => clearInterval(looking));
}

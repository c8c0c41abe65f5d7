/** Requests to a Waterguard server, by a token or over mutual TLS. */

import { type IncomingHttpHeaders, request as overHttp } from 'node:http';
import { Agent, request as overHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { retryAfter } from '../../model/retry-after.ts';
import { Postponed } from './delivery.ts';

export interface Receiver {
  /** Of the server, without a path. */
  readonly url: string;
  /** Its number there, where it was enrolled. */
  readonly sensor?: number;
  /** Sent with each request. */
  readonly token?: string;
  /** Shown in the handshake. */
  readonly certificate?: ClientCertificate;
}

/** Both in PEM. */
export interface ClientCertificate {
  readonly key: string;
  readonly pem: string;
}

export interface Asked {
  readonly method: 'POST' | 'PUT';
  /** `/v1/ingest` */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** JSON, of whoever answered. */
  readonly body: Buffer;
}

/** Milliseconds for one request. */
const patience = 30_000;

/** Connections that are kept, of each certificate. */
const agents = new WeakMap<ClientCertificate, Agent>();

/** Whatever is answered. @throws Error where nobody answers */
export function send({ url, token, certificate }: Receiver, asked: Asked): Promise<Answer> {
  const target = new URL(asked.path, url);
  const { method, body, headers, signal } = asked;
  const slow = AbortSignal.timeout(patience);
  const options = {
    method,
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    signal: signal === undefined ? slow : AbortSignal.any([signal, slow]),
  };
  return new Promise((resolve, reject) => {
    const sent =
      target.protocol === 'https:'
        ? overHttps(target, { ...options, ...(certificate !== undefined && { agent: agentOf(certificate) }) })
        : overHttp(target, options);
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const { statusCode = 0, headers } = answer;
      buffer(answer).then((body) => resolve({ status: statusCode, headers, body }), reject);
    });
    sent.end(body);
  });
}

function agentOf(certificate: ClientCertificate): Agent {
  const known = agents.get(certificate);
  if (known !== undefined) return known;
  const agent = new Agent({ keepAlive: true, key: certificate.key, cert: certificate.pem });
  agents.set(certificate, agent);
  return agent;
}

/** @throws Postponed where the server may take it later, WaterguardError where somebody has to act */
export async function ask(receiver: Receiver, asked: Asked): Promise<Answer> {
  let answer: Answer;
  try {
    answer = await send(receiver, asked);
  } catch (error) {
    throw new Postponed(`${new URL(receiver.url).origin} cannot be reached: ${reasonOf(error)}`, 0);
  }
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return answer;
  if (status === 401 || status === 403) {
    const why =
      receiver.certificate === undefined
        ? `the token (${status}): make one with the scope ingest, under Settings → Tokens.`
        : `the sensor's certificate (${status}): it ended, was revoked, or a proxy in front does not pass it on. Enrol again.`;
    throw new WaterguardError('unauthorized', `the server refuses ${why}`);
  }
  const mayPass = status === 408 || status === 429 || status >= 500;
  if (!mayPass) throw new WaterguardError('refused', `the server answered ${status}.`);
  throw new Postponed(`the server answered ${status}`, retryAfter(headers['retry-after'], Date.now()) ?? 0);
}

/** Where every address of a name fails, the error of them all says nothing. */
export function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : messageOf(error);
}

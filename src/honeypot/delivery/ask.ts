/** Requests to a Waterguard server, by a token or over mutual TLS. */

import { type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from 'node:http';
import { Agent, request as overHttps } from 'node:https';
import type { z } from 'zod';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { retryAfter } from '../../model/retry-after.ts';
import { Postponed } from './delivery.ts';

export interface Receiver {
  /** Of the server, without a slash at its end. */
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

/** Bytes of an answer: it names each of 500 lines at most. */
const longestAnswer = 1 << 20;

/** Connections that are kept, of each certificate. */
const agents = new WeakMap<ClientCertificate, Agent>();

/** Whatever is answered. @throws Error where nobody answers */
export function send({ url, token, certificate }: Receiver, asked: Asked): Promise<Answer> {
  const target = new URL(`${url}${asked.path}`);
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
      wholeOf(answer).then((body) => resolve({ status: statusCode, headers, body }), reject);
    });
    sent.end(body);
  });
}

async function wholeOf(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longestAnswer) throw new Error(`the answer has more than ${longestAnswer} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
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
    throw new Postponed(`${receiver.url} cannot be reached: ${reasonOf(error)}`, 0);
  }
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return answer;
  const { code, detail } = problemOf(answer);
  if (code === 'no-sensor') throw new WaterguardError('unauthorized', detail);
  if (status === 401 || status === 403) {
    const why =
      receiver.certificate === undefined
        ? `the token (${status}): make one with the scope ingest, under Settings → Tokens.`
        : `the sensor's certificate (${status}): it ended, was revoked, or a proxy in front does not pass it on. Enrol again.`;
    throw new WaterguardError('unauthorized', `the server refuses ${why}`);
  }
  const mayPass = status === 408 || status === 429 || status >= 500;
  if (!mayPass) throw new WaterguardError('refused', `${answered(receiver.url, answer)}.`);
  throw new Postponed(answered(receiver.url, answer), retryAfter(headers['retry-after'], Date.now()) ?? 0);
}

/** What came back, for people: the status, and why or where to, as far as that is told. */
export function answered(url: string, answer: Answer): string {
  const { status, headers } = answer;
  const said = `${url} answered ${status}`;
  if (headers.location !== undefined)
    return `${said} and leads to ${printable(headers.location, 200)}, which is not followed: give the URL of the server itself`;
  const { detail } = problemOf(answer);
  return detail === '' ? said : `${said}: ${detail.replace(/\.$/, '')}`;
}

/** Problem details of RFC 9457; empty where somebody else answers, such as a proxy. */
function problemOf({ body }: Answer): { readonly code: string; readonly detail: string } {
  try {
    const { code, detail } = JSON.parse(body.toString()) as Readonly<Record<string, unknown>>;
    return { code: String(code ?? ''), detail: printable(String(detail ?? ''), 300) };
  } catch {
    return { code: '', detail: '' };
  }
}

/**
 * What a server said, where it has the form that only ours gives: a portal or a proxy answers 200 as well, and what it
 * never took must not be given up.
 * @throws Postponed for anything else
 */
export function understood<Type>(url: string, { body }: Answer, form: z.ZodType<Type>): Type {
  let said: unknown;
  try {
    said = JSON.parse(body.toString());
  } catch {
    // Told below.
  }
  const read = form.safeParse(said);
  if (read.success) return read.data;
  throw new Postponed(`what answers at ${url} is no Waterguard server`, 0);
}

/** Where every address of a name fails, the error of them all says nothing. */
export function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : messageOf(error);
}

/**
 * One POST to a hook, and what its answer means. Redirects are not followed: they would carry signature and
 * findings to a place that nobody set up. The status decides; of the body at most 64 KiB are read, so that a
 * receiver that is still writing does not see its connection break, and none of it is shown.
 */
import http from 'node:http';
import https from 'node:https';
import { retryAfter } from '../model/retry-after.ts';
import { admit, guarded } from './address.ts';
import { tlsOptions } from './connect.ts';
import { delivered, type Failed, failed, type Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Its beginning. */
  readonly body: string;
}

/** Undefined for what is no http(s) URL. */
export function hookUrl(written: string): URL | undefined {
  const url = URL.parse(written);
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

export const notAHook: Failed = failed(false, 'its URL is not http:// or https://; set it again');

/** @throws WaterguardError `refused` by the guard, or what Node throws for a connection that fails */
export async function post(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  ports: Ports,
  signal: AbortSignal,
): Promise<Answer> {
  admit(url.hostname);
  const response = await new Promise<http.IncomingMessage>((answered, broken) => {
    const secure = url.protocol === 'https:';
    const request = (secure ? https : http).request(url, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'waterguard',
        'accept-encoding': 'identity',
        ...headers,
      },
      lookup: guarded(ports.resolve),
      maxHeaderSize: 32 * 1024,
      signal,
      ...(secure && tlsOptions(url.hostname.replace(/^\[|\]$/g, ''), ports)),
    });
    request.on('error', broken);
    // An upgrade that nobody asked for closes the connection without an error.
    request.on('close', () => broken(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    request.on('response', answered);
    request.end(body);
  });
  const status = response.statusCode ?? 0;
  const { 'retry-after': field } = response.headers;
  return { status, retryAfter: field, body: await beginning(response, ports.limits.bodyMs) };
}

/**
 * @param word what to add about a failure, of words that the caller chose
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 */
export function outcomeOf(answer: Answer, host: string, now: number, word = ''): Outcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return delivered(`${host} answered ${status}`);
  const told = `${host} answered ${status}${word && ` (${word})`}`;
  if (status === 410) {
    return { ok: false, retry: false, disable: true, detail: `${told}: it wants no more messages` };
  }
  if (status >= 300 && status < 400) {
    return failed(false, `${told}, a redirect, which is not followed: set the URL that it leads to`);
  }
  if (status >= 500 || passing.has(status)) {
    const afterMs = retryAfter(answer.retryAfter, now);
    return { ok: false, retry: true, ...(afterMs !== undefined && { afterMs }), detail: told };
  }
  return failed(false, `${told}: check the URL and what the receiver expects`);
}

/** Request Timeout, Too Early, Too Many Requests. */
const passing = new Set([408, 425, 429]);

const answerBytes = 64 * 1024;

/** Never fails: the status is known already. */
function beginning(response: http.IncomingMessage, limitMs: number): Promise<string> {
  return new Promise((read) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = () => {
      clearTimeout(late);
      response.destroy();
      read(Buffer.concat(chunks).subarray(0, answerBytes).toString());
    };
    const late = setTimeout(stop, limitMs);
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= answerBytes) stop();
    });
    response.on('end', stop);
    response.on('error', stop);
    response.on('close', stop);
  });
}

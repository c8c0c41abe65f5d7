/**
 * Tornado 6.2 as a web server: which heads it reads, in which order it writes its own, its tokens against forged
 * requests. Compared with Debian's python3-tornado 6.2.0, 2026-11.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Dialect, Headers } from '../http/dialect.ts';
import { standardReason } from '../http/reasons.ts';
import { framingOf, type Head, maxHead, type Refusal } from '../http/request.ts';

/** The handler names all headers; what the connection becomes stands behind them. */
export const tornado: Dialect = {
  minor: 1,
  reason: standardReason,
  headers(set, { connection, minor }) {
    if (connection === undefined || (connection === 'close' && minor === 0)) return set;
    return [...set, ['Connection', connection === 'close' ? 'close' : 'Keep-Alive']];
  },
  // Heads that are too long are left without an answer.
  refuse: ({ status }) => (status === 431 ? '' : 'HTTP/1.1 400 Bad Request\r\n\r\n'),
};

/** Takes any method, any target, and requests without a host (`parse_request_start_line`, `HTTPHeaders.parse`). */
export function parseTornadoHead(bytes: Buffer): Head | Refusal {
  if (bytes.length > maxHead) return { status: 431 };
  const [first = '', ...lines] = bytes.toString('latin1').split(/\r?\n/);
  const [method = '', target, version = '', ...more] = first.split(' ');
  const minor = /^HTTP\/1\.(\d)$/.exec(version)?.[1];
  if (target === undefined || minor === undefined || more.length > 0) return { status: 400 };
  const headers: [string, string][] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const last = headers.at(-1);
    if (/^\s/.test(line) && last !== undefined) last[1] += ` ${line.trim()}`;
    else if (colon < 0) return { status: 400 };
    else headers.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  const all = (name: string): string[] =>
    headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  const framing = framingOf(all('transfer-encoding'), all('content-length'), false);
  if ('status' in framing) return { status: 400 };
  const mark = target.indexOf('?');
  const connection = all('connection').join(',').toLowerCase();
  return {
    method,
    target,
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    minor: minor === '0' ? 0 : 1,
    headers,
    framing,
    keepsAlive: minor === '0' ? connection === 'keep-alive' : connection !== 'close',
  };
}

/** Of what a handler wrote (`RequestHandler.compute_etag`). */
export function etagOf(body: string | Buffer): string {
  return `"${createHash('sha1').update(body).digest('hex')}"`;
}

const maskLength = 4;

/** A new token, masked, as cookies carry it (`RequestHandler.xsrf_token`, version 2). @param now milliseconds */
export function newToken(now: number): string {
  const [mask, token] = [randomBytes(maskLength), randomBytes(16)];
  return `2|${mask.toString('hex')}|${masked(token, mask).toString('hex')}|${Math.floor(now / 1000)}`;
}

/** What a token is without its mask; undefined for what has no form of one. */
function plainToken(text: string): string | undefined {
  const version = /^([1-9]\d*)\|/.exec(text)?.[1];
  if (version === undefined) {
    const isHex = text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text);
    return isHex ? Buffer.from(text, 'hex').toString('latin1') : text;
  }
  const [, mask = '', value = '', time] = text.split('|');
  if (version !== '2' || time === undefined || !/^[0-9a-f]{8}$/i.test(mask)) return undefined;
  return masked(Buffer.from(value, 'hex'), Buffer.from(mask, 'hex')).toString('latin1');
}

function masked(bytes: Buffer, mask: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, at) => byte ^ mask[at % maskLength]!));
}

/**
 * @param given what the request carries beside its cookie
 * @returns why it is refused, undefined where it is not (`RequestHandler.check_xsrf_cookie`)
 */
export function forgery(given: string | undefined, cookie: string | undefined): string | undefined {
  if (!given) return "'_xsrf' argument missing from POST";
  const token = plainToken(given);
  if (!token) return "'_xsrf' argument has invalid format";
  const expected = cookie === undefined ? undefined : plainToken(cookie);
  return token === expected ? undefined : 'XSRF cookie does not match POST argument';
}

/** The first of that name. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name)
      return part
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}

/** How Tornado begins each answer. */
export function firstHeaders(type: string | undefined, now: number): Headers {
  return [
    ['Server', 'TornadoServer/6.2'],
    ...(type === undefined ? [] : ([['Content-Type', type]] as const)),
    ['Date', new Date(now).toUTCString()],
  ];
}

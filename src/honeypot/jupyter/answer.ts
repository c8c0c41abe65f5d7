/** What a handler of Jupyter answers, and how errors look: JSON for its API, pages for people, Tornado's own for `/`. */
import type { Headers } from '../http/dialect.ts';
import type { Exchange } from '../http/serve.ts';
import { errorPage } from './pages.ts';
import { dumps } from './python-json.ts';
import type { Server } from './server.ts';
import { cookieOf, etagOf, firstHeaders, newToken, tornado } from './tornado.ts';

/** Whose handler it is decides headers and errors. */
export type Kind = 'api' | 'page' | 'file' | 'socket' | 'plain';

export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly headers?: Headers;
  readonly body?: string | Buffer;
  /** A page with a form or script in it: who has no token gets one. */
  readonly givesToken?: boolean;
  /** Files have no tag of their content. */
  readonly hasNoTag?: boolean;
  /** In place of the status' own words. */
  readonly reason?: string;
}

/** Thrown by handlers. */
export class HttpError extends Error {
  readonly status: number;
  /** In place of the status' own words. */
  readonly reason: string | undefined;

  constructor(status: number, message = '', reason?: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** What Jupyter answers to its own failures: the words of Python, without the way there. */
export class Unhandled extends HttpError {
  constructor(exception: string) {
    super(500, exception);
  }
}

export interface Call {
  readonly exchange: Exchange;
  readonly server: Server;
  /** Groups of the route's pattern, percent-escapes undone. */
  readonly args: readonly string[];
  /** What came behind the head. */
  readonly body: Buffer;
}

const policies: Readonly<Record<Kind, string | undefined>> = {
  api: "; default-src 'none'",
  page: '',
  file: '; sandbox allow-scripts',
  socket: undefined,
  plain: undefined,
};

/** @param kind headers that all its answers have */
export function commonHeaders(kind: Kind): Headers {
  const policy = policies[kind];
  if (policy === undefined) return [];
  return [
    ['X-Content-Type-Options', 'nosniff'],
    ['Content-Security-Policy', `frame-ancestors 'self'; report-uri /api/security/csp-report${policy}`],
  ];
}

export function send(exchange: Exchange, kind: Kind, answer: Answer): void {
  const now = Date.now();
  const { headers = [], body = '' } = answer;
  const isTagged =
    answer.status === 200 &&
    (exchange.method === 'GET' || exchange.method === 'HEAD') &&
    answer.hasNoTag !== true;
  const tag = etagOf(body);
  const isSame = isTagged && exchange.header('if-none-match')?.includes(tag) === true;
  const status = isSame ? 304 : answer.status;
  const isBare = status === 204 || status === 304;
  const needsToken = answer.givesToken === true && cookieOf(exchange.header('cookie'), '_xsrf') === undefined;
  exchange.respond(
    status,
    [
      ...firstHeaders(isBare ? undefined : (answer.type ?? 'text/html; charset=UTF-8'), now),
      ...commonHeaders(kind),
      ...headers,
      ...(isTagged ? ([['Etag', tag]] as const) : []),
      ...(isBare ? [] : ([['Content-Length', String(Buffer.byteLength(body))]] as const)),
      ...(needsToken ? ([['Set-Cookie', tokenCookie(now)]] as const) : []),
    ],
    body,
    answer.reason === undefined ? tornado : { ...tornado, reason: () => answer.reason! },
  );
}

const month = 30 * 86_400_000;

function tokenCookie(now: number): string {
  return `_xsrf=${newToken(now)}; expires=${new Date(now + month).toUTCString()}; Path=/`;
}

const words: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  500: 'Internal Server Error',
};

/** The answer that an error becomes (`write_error` of the kinds of handlers). */
export function errorAnswer(kind: Kind, error: HttpError, server: Server): Answer {
  const { status, message, reason } = error;
  const text = words[status] ?? 'Unknown';
  if (kind === 'api') {
    const reply =
      error instanceof Unhandled
        ? {
            message: 'Unhandled error',
            reason: null,
            traceback: `Traceback (most recent call last):\n${message}\n`,
          }
        : { message: message || text, reason: reason ?? null };
    return { status, type: 'application/json', body: dumps(reply), ...(reason !== undefined && { reason }) };
  }
  if (kind === 'plain')
    return {
      status,
      body: `<html><title>${status}: ${text}</title><body>${status}: ${text}</body></html>`,
    };
  return {
    status,
    type: 'text/html',
    body: errorPage(server, status, text, message),
    givesToken: true,
    hasNoTag: true,
  };
}

export function json(value: unknown, status = 200, headers: Headers = []): Answer {
  return { status, type: 'application/json', headers, body: dumps(value) };
}

export function page(body: string): Answer {
  return { status: 200, body, givesToken: true };
}

export function redirect(location: string): Answer {
  return { status: 302, headers: [['Location', location]] };
}

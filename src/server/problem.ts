/** Errors as clients see them: problem details by RFC 9457, with nothing in them that they must not know. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Problem } from '../api/page.ts';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import { isPassing } from '../store/failure.ts';

/** What a route answers when it cannot do what it was asked. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function notFound(what: string): Refusal {
  return new Refusal(404, 'not-found', `There is no such ${what}.`);
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  414: 'Too long',
  415: 'Unsupported media type',
  421: 'Misdirected request',
  422: 'Cannot be processed',
  429: 'Too many requests',
  431: 'Too long',
  500: 'Internal error',
  503: 'Not available now',
};

/** What clients switch on where the refusal is the server's and not a route's. */
const codes: Readonly<Record<number, string>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'too-slow',
  413: 'too-large',
  414: 'too-long',
  415: 'unsupported-media-type',
  429: 'rate-limited',
  431: 'too-long',
};

function problemOf(status: number, code: string, more: Partial<Problem>): Problem {
  return { type: 'about:blank', title: titles[status] ?? 'Error', status, code, ...more };
}

const mediaType = 'application/problem+json; charset=utf-8';

export function sendProblem(
  reply: FastifyReply,
  status: number,
  code: string,
  more: Partial<Problem> = {},
): void {
  // Not through the schemas of the route, which know its good answers.
  reply
    .status(status)
    .header('content-type', mediaType)
    .header('cache-control', 'no-store')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(problemOf(status, code, more));
}

/** What is refused before it is a request: too slow, headers too long, or no HTTP. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  const body = JSON.stringify(problemOf(status, codes[status] ?? 'invalid', {}));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    `content-type: ${mediaType}`,
    'cache-control: no-store',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy(error);
}

export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { status, code, headers = {}, ...more } = describe(error);
  if (status === 503) request.log.warn({ reason: messageOf(error) }, 'the store is not available');
  if (status === 500) request.log.error(loggable(error), 'a request failed');
  reply.headers(headers);
  sendProblem(reply, status, code, more);
}

/** Not the error itself: a database's holds what it was given, secrets and all. */
function loggable(error: FastifyError): object {
  const { code, stack, cause } = error;
  return { code, stack, ...(cause !== undefined && { cause: messageOf(cause) }) };
}

/**
 * SQLSTATE of values that the store cannot take: numbers and dates out of range, characters that it has not, keys
 * too long for an index (postgresql.org/docs/18/errcodes-appendix.html).
 */
const unstorable: ReadonlySet<unknown> = new Set(['22003', '22008', '22021', '22P05', '54000']);

interface Described extends Partial<Problem> {
  readonly status: number;
  readonly code: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function describe(error: FastifyError): Described {
  if (error instanceof Refusal) {
    const { status, code, headers, message } = error;
    return { status, code, headers, detail: message };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.slice(0, 20).map((one) => ({
      field: printable(`${error.validationContext ?? ''}${one.instancePath.replaceAll('/', '.')}`, 200),
      message: printable(one.message ?? 'is not valid', 300),
    }));
    const detail = 'The request does not have the form that is asked for.';
    return { status: 400, code: 'invalid', detail, errors };
  }
  if (error instanceof WaterguardError && error.code !== 'internal' && error.code !== 'unavailable') {
    const status = error.code === 'missing' ? 404 : 400;
    return { status, code: error.code, detail: printable(error.message, 1000) };
  }
  if (isPassing(error)) {
    const detail = 'The store cannot be reached now. Try again soon.';
    return { status: 503, code: 'unavailable', detail, headers: { 'retry-after': '5' } };
  }
  if (unstorable.has(error.code)) {
    const detail = 'A value is too large, too long, or has characters that cannot be kept.';
    return { status: 400, code: 'invalid', detail };
  }
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) {
    // Of an address that is wrong as a whole the message repeats all.
    const detail = error.code === 'FST_ERR_BAD_URL' || status === 414 ? {} : { detail: error.message };
    return { status, code: codes[status] ?? 'invalid', ...detail };
  }
  return { status: 500, code: 'internal', detail: 'This is a defect of Waterguard; its log says more.' };
}

/** Errors as clients see them: problem details by RFC 9457, with nothing in them that they must not know. */
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
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Unsupported media type',
  421: 'Misdirected request',
  422: 'Cannot be processed',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available now',
};

export function sendProblem(
  reply: FastifyReply,
  status: number,
  code: string,
  more: Partial<Problem> = {},
): void {
  const body: Problem = { type: 'about:blank', title: titles[status] ?? 'Error', status, code, ...more };
  // Not through the schemas of the route, which know its good answers.
  reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body);
}

export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { status, code, headers = {}, ...more } = describe(error);
  if (status === 503) request.log.warn({ reason: messageOf(error) }, 'the store is not available');
  if (status === 500) request.log.error({ err: error }, 'a request failed');
  reply.headers(headers);
  sendProblem(reply, status, code, more);
}

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
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) {
    const code =
      status === 429 ? 'rate-limited' : (error.code ?? 'invalid').toLowerCase().replaceAll('_', '-');
    return { status, code, detail: printable(error.message, 300) };
  }
  return { status: 500, code: 'internal', detail: 'This is a defect of Waterguard; its log says more.' };
}

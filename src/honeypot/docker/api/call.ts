/** One request to the API, as its handlers see it. */
import type { Recorded } from '../../decoy.ts';
import type { Headers } from '../../http/dialect.ts';
import type { AnswerStream, Exchange } from '../../http/serve.ts';
import type { Engine } from '../engine/engine.ts';
import { badRequest, broken } from '../engine/failure.ts';
import { type Decoded, decodeJson, JsonError, type Shape } from '../json/decode.ts';
import { goJson } from '../json/encode.ts';

export interface Call {
  readonly exchange: Exchange;
  readonly query: URLSearchParams;
  /** Minor number of the API's version that was asked for: 41 of 1.41. */
  readonly minor: number;
  /** What stands in the path where the route has a name; escapes undone. */
  readonly name: string;
  /** The source's daemon; made when it is first needed. */
  readonly engine: Engine;
  record(type: string, what?: Recorded): Promise<void>;
}

export type Handler = (call: Call) => void | Promise<void>;

/** What all answers of a handler carry (api/server/middleware). */
export const apiHeaders: Headers = [
  ['Api-Version', '1.41'],
  ['Docker-Experimental', 'false'],
  ['Ostype', 'linux'],
  ['Server', 'Docker/20.10.24+dfsg1 (linux)'],
];

const jsonType = ['Content-Type', 'application/json'] as const;

export function respondJson({ exchange }: Call, status: number, value: unknown): void {
  exchange.respond(status, [...apiHeaders, jsonType], goJson(value));
}

export function respondEmpty({ exchange }: Call, status: number): void {
  exchange.respond(status, apiHeaders);
}

/** An answer of JSON values one after another, each sent at once. */
export function streamJson({ exchange }: Call): AnswerStream {
  return exchange.stream(200, [...apiHeaders, jsonType]);
}

/** As `httputils.BoolValue`: everything but these is true. */
export function flag({ query }: Call, name: string): boolean {
  const value = (query.get(name) ?? '').trim().toLowerCase();
  return !(value === '' || value === '0' || value === 'no' || value === 'false' || value === 'none');
}

/** @throws DockerError 500, or what `status` says, in Go's words */
export function integer({ query }: Call, name: string, status = 500): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (/^[+-]?\d{1,18}$/.test(text)) return Number(text);
  const message = `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw status === 400 ? badRequest(message) : broken(message);
}

/** Seconds since 1970 of a parameter as `1795706100.5`. @throws DockerError 500 */
export function seconds({ query }: Call, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (/^-?\d{1,15}(\.\d{1,9})?$/.test(text)) return Number(text);
  throw broken(`strconv.ParseInt: parsing ${JSON.stringify(text.split('.', 1)[0])}: invalid syntax`);
}

/**
 * The body as `httputils.ReadJSON` takes it, or as the older handlers do, which answer 500.
 * @throws DockerError
 */
export async function readBody(call: Call, shape: Shape, how: 'strict' | 'old'): Promise<Decoded> {
  const type = call.exchange.header('content-type') ?? '';
  const { bytes, length } = await call.exchange.body();
  if (!(type === '' && length === 0) && !/^\s*application\/json\s*(;|$)/i.test(type))
    throw badRequest(`Content-Type specified (${type}) must be 'application/json'`);
  try {
    return decodeJson(bytes, shape);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (how === 'old') throw broken(error.message);
    throw badRequest(error.isEmpty ? 'got EOF while reading request body' : error.message);
  }
}

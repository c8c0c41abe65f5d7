/** The same methods over HTTP and JSON, as grpc-gateway 1.9 puts them there. */

import type { Headers } from '../http/dialect.ts';
import { rawOf } from '../http/raw.ts';
import type { AnswerStream, Exchange } from '../http/serve.ts';
import type { Call, Method } from './calls/call.ts';
import { methodByRoute } from './calls/methods.ts';
import { EtcdError } from './failure.ts';
import { cors, refuse } from './pages.ts';
import type { Etcd } from './server.ts';
import { Telling } from './telling.ts';
import { fromJson, JsonError, toJson } from './wire/json.ts';
import type { Message } from './wire/schema.ts';

const prefixes = /^\/v3(?:beta)?(\/.*)$/;
const json: Headers = [...cors, ['Content-Type', 'application/json']];
const grpc: Headers = [...json, ['Grpc-Metadata-Content-Type', 'application/grpc']];

/** Of codes of gRPC (`HTTPStatusFromCode`). */
const statusOf: Readonly<Record<number, number>> = {
  3: 400,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 412,
  11: 400,
  12: 501,
  14: 503,
  16: 401,
};

/** @returns false for what is not of the gateway */
export async function serveGateway(exchange: Exchange, etcd: Etcd): Promise<boolean> {
  const route = prefixes.exec(exchange.path)?.[1];
  if (route === undefined) return false;
  const method = methodByRoute.get(route);
  if (method === undefined || exchange.method !== 'POST') {
    const known = method === undefined ? [404, 'Not Found'] : [405, 'Method Not Allowed'];
    refuse(exchange, known[0] as number, `${known[1]}\n`);
    return true;
  }
  const { connection } = exchange;
  const { bytes } = await exchange.body();
  const telling = new Telling(connection);
  telling.raw = rawOf(exchange, bytes);
  const abort = new AbortController();
  const gone = (): void => abort.abort();
  connection.stream.once('close', gone);
  const token = exchange.header('authorization')?.replace(/^Bearer /, '');
  const call: Call = { etcd, connection, token, tell: telling.tell, signal: abort.signal };
  try {
    const request = fromJson(bytes, method.request);
    await (method.unary !== undefined
      ? respondOnce(exchange, method, method.unary(call, request), telling)
      : respondMany(exchange, method, call, request, telling));
  } catch (error) {
    if (error instanceof JsonError) {
      telling.tell('request', { data: { path: exchange.path, problem: error.message } });
      await telling.settled();
      exchange.respond(400, json, problem(3, error.message));
    } else if (error instanceof EtcdError) {
      await telling.settled();
      fail(exchange, error);
    } else throw error;
  } finally {
    connection.stream.off('close', gone);
  }
  return true;
}

async function respondOnce(
  exchange: Exchange,
  method: Method,
  response: Message,
  telling: Telling,
): Promise<void> {
  await telling.settled();
  exchange.respond(200, grpc, JSON.stringify(toJson(response, method.response)));
}

/** Each answer is a line. */
async function respondMany(
  exchange: Exchange,
  method: Method,
  call: Call,
  request: Message,
  telling: Telling,
): Promise<void> {
  let answer: AnswerStream | undefined;
  for await (const response of method.streaming!(call, only(request))) {
    await telling.settled();
    answer ??= exchange.stream(200, grpc);
    const line = `${JSON.stringify({ result: toJson(response, method.response) })}\n`;
    if (!(await answer.write(line))) return;
  }
  (answer ?? exchange.stream(200, grpc)).end();
}

async function* only(request: Message): AsyncGenerator<Message> {
  yield request;
}

function fail(exchange: Exchange, { code, message }: EtcdError): void {
  const answer = exchange.stream(statusOf[code] ?? 500, [...json, ['Trailer', 'Grpc-Trailer-Content-Type']]);
  void answer
    .write(problem(code, message))
    .then(() => answer.end([['Grpc-Trailer-Content-Type', 'application/grpc']]));
}

function problem(code: number, message: string): string {
  return JSON.stringify({ error: message, message, code });
}

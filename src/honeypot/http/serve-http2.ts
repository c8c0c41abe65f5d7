/**
 * HTTP/2 as Go's servers speak it, for the same handlers as HTTP/1: what a client that offers `h2` by ALPN gets. Frames
 * and header compression are Node's; streams, bodies and memory of a session are bounded.
 */
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { TLSSocket } from 'node:tls';
import type { Connection } from '../decoy.ts';
import { type Body, readBody, VisitorGone } from './body.ts';
import { type Headers, kindOf } from './dialect.ts';
import { openHttp2, UnderWay } from './http2-session.ts';
import { rawOf } from './raw.ts';
import { type Head, parseTarget } from './request.ts';
import { type AnswerStream, type Exchange, type HttpOptions, serveHttp } from './serve.ts';

/** What net/http announces (Go 1.20, with the API server's windows). */
const settings = {
  maxConcurrentStreams: 250,
  maxFrameSize: 1 << 20,
  maxHeaderListSize: 1_048_896,
  initialWindowSize: 256 * 1024,
} as const;

/** Longer answers do not tell their length, as they do not fit into the handler's buffer. */
const largestWhole = 4096;

/** Kept of all bodies of a session that are under way, in bytes. */
const maxKept = 4 << 20;

/** Requests of either version, as ALPN decided. Resolves when the connection is closed. @throws what a handler threw */
export function serveGo(options: HttpOptions): (connection: Connection) => Promise<void> {
  const serveOld = serveHttp(options);
  return (connection) => {
    const { stream } = connection;
    const isNew = stream instanceof TLSSocket && stream.alpnProtocol === 'h2';
    return isNew ? serveHttp2(connection, options) : serveOld(connection);
  };
}

/** Of a session. */
interface State {
  /** Bytes of bodies that are under way. */
  kept: number;
  readonly underWay: UnderWay;
}

function serveHttp2(connection: Connection, options: HttpOptions): Promise<void> {
  const session = openHttp2(connection, { settings, maxHeaderListPairs: 128 });
  const state = { kept: 0, underWay: new UnderWay(connection) };
  const served = Promise.withResolvers<void>();
  session.once('close', () => served.resolve());
  session.on('stream', (stream: ServerHttp2Stream, _: unknown, __: unknown, raw: readonly string[]) => {
    stream.on('error', () => stream.destroy());
    const exchange = exchangeOf(connection, session, stream, raw, options, state);
    if (exchange === undefined) {
      stream.close(1);
      return;
    }
    new Promise<void>((resolve) => resolve(options.handle(exchange))).catch((error: unknown) => {
      served.reject(error);
      stream.close(2);
    });
  });
  return served.promise;
}

function exchangeOf(
  connection: Connection,
  session: ServerHttp2Session,
  stream: ServerHttp2Stream,
  raw: readonly string[],
  { keep }: HttpOptions,
  state: State,
): Exchange | undefined {
  const pseudo = new Map<string, string>();
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name, value] = [raw[at]!, raw[at + 1]!];
    if (name.startsWith(':')) pseudo.set(name, value);
    else headers.push([name, value]);
  }
  const method = pseudo.get(':method') ?? 'GET';
  const target = pseudo.get(':path') ?? '';
  const url = parseTarget(method, target);
  if (url === undefined) return undefined;
  const authority = pseudo.get(':authority');
  if (authority !== undefined) headers.unshift(['host', authority]);
  const find = (name: string): string | undefined =>
    headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
  const agent = find('user-agent');
  connection.identify({
    ...(agent !== undefined && { ua: agent.slice(0, 512) }),
    headers: headers
      .map(([name]) => name)
      .join(',')
      .slice(0, 1024),
  });
  const head: Head = {
    method,
    target,
    ...url,
    minor: 1,
    headers,
    framing: { kind: 'length', length: Number(find('content-length') ?? 0) || 0 },
    keepsAlive: true,
  };
  const whole = receive(session, stream, head, typeof keep === 'number' ? keep : keep(head), state);
  // A body that nobody asks for may end with its stream.
  whole.catch(() => {});
  const isGone = (): boolean => stream.destroyed || stream.closed || stream.writableEnded;

  return {
    ...head,
    connection,
    header: find,
    body: () => whole,
    respond(status, set, body = '') {
      if (isGone() || stream.headersSent) return;
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      const isBare = status === 204 || status === 304;
      const isWhole = method === 'HEAD' || bytes.length <= largestWhole;
      stream.respond(headersOf(status, set, isBare || !isWhole ? undefined : bytes.length, bytes));
      stream.end(method === 'HEAD' || isBare ? undefined : bytes);
    },
    stream(status, set): AnswerStream {
      if (!isGone() && !stream.headersSent) stream.respond(headersOf(status, set, undefined));
      return {
        async write(chunk) {
          if (isGone()) return false;
          if (!stream.write(chunk) && stream.writableNeedDrain)
            await new Promise<void>((resolve) => {
              for (const event of ['drain', 'close']) stream.once(event, () => resolve());
            });
          return !isGone();
        },
        end() {
          if (!isGone()) stream.end();
        },
        get isOver() {
          return isGone();
        },
      };
    },
    leaving() {
      const left = new AbortController();
      if (isGone()) left.abort();
      else stream.once('close', () => left.abort());
      return left.signal;
    },
    close() {
      stream.close(2);
    },
    hijack() {
      throw new Error('a stream of HTTP/2 cannot be handed over');
    },
  };
}

/** Reads a body as far as it is kept, and counts the rest. */
function receive(
  session: ServerHttp2Session,
  stream: ServerHttp2Stream,
  head: Head,
  keep: number,
  state: State,
): Promise<Body> {
  const reader = readBody({ kind: 'length', length: Number.MAX_SAFE_INTEGER }, keep);
  const whole = Promise.withResolvers<Body>();
  let own = 0;
  const sofar = (): Uint8Array => rawOf(head, reader.body().bytes);
  state.underWay.begin(sofar);
  stream.on('data', (chunk: Buffer) => {
    reader.take(chunk);
    own += Math.min(chunk.length, keep);
    state.kept += Math.min(chunk.length, keep);
    if (state.kept > maxKept) session.destroy();
  });
  stream.once('end', () => {
    // So does one that its session took with it.
    if (stream.aborted) return;
    whole.resolve(reader.body());
    state.underWay.end(sofar);
  });
  stream.once('close', () => {
    state.kept -= own;
    whole.reject(new VisitorGone('before its request'));
    // With its session it was cut off.
    if (!session.destroyed) state.underWay.end(sofar);
  });
  return whole.promise;
}

/** What was set, by its names; then what the body is taken for, its length and the date, as Go's encoder puts them. */
function headersOf(
  status: number,
  set: Headers,
  length: number | undefined,
  body: Buffer = Buffer.alloc(0),
): Record<string, string | number> {
  const sorted = set.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const isTold = body.length === 0 || set.some(([name]) => name === 'Content-Type');
  return {
    ':status': status,
    ...Object.fromEntries(sorted.map(([name, value]) => [name.toLowerCase(), value])),
    ...(!isTold && { 'content-type': kindOf(body) }),
    ...(length !== undefined && { 'content-length': String(length) }),
    date: new Date().toUTCString(),
  };
}

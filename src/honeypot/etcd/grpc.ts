/**
 * gRPC over HTTP/2 without TLS: requests in frames with their length before them, answers likewise, how it ended in the
 * trailers. Frames and header compression of HTTP/2 are Node's; what a session may hold is bounded.
 */
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { Malformed } from '../cluster/schema/wire.ts';
import type { Connection } from '../decoy.ts';
import { openHttp2, UnderWay } from '../http/http2-session.ts';
import type { Call, Method } from './calls/call.ts';
import { methodByPath } from './calls/methods.ts';
import { EtcdError, unimplemented } from './failure.ts';
import type { Etcd } from './server.ts';
import { Telling } from './telling.ts';
import { decode, encode } from './wire/protobuf.ts';
import type { Message } from './wire/schema.ts';

/** The longest message, in bytes (etcd allows 2 MiB and its overhead). */
const maxMessage = 2 << 20;
/** Bytes of requests that all streams of a session hold. */
const maxHeld = 4 << 20;
/** Streams at once; etcd's own bound is none. */
const maxStreams = 32;

/** Resolves when the connection is closed. @throws what a call threw that is no answer */
export function serveGrpc(connection: Connection, etcd: Etcd): Promise<void> {
  const session = openHttp2(connection, {
    settings: { maxFrameSize: 16_384, maxConcurrentStreams: 0xffffffff },
    maxHeaderListPairs: 64,
  });
  const held = { bytes: 0, streams: 0 };
  const underWay = new UnderWay(connection);
  const served = Promise.withResolvers<void>();
  session.once('close', () => served.resolve());
  session.on('stream', (stream: ServerHttp2Stream, headers) => {
    underWay.rest();
    stream.on('error', () => stream.destroy());
    if (held.streams >= maxStreams) {
      stream.close(0xb);
      return;
    }
    held.streams += 1;
    stream.once('close', () => {
      held.streams -= 1;
    });
    const agent = headers['user-agent'];
    if (agent !== undefined) connection.identify({ ua: agent.slice(0, 512) });
    const token = headers.token ?? headers.authorization;
    answer(stream, String(headers[':path']), {
      connection,
      etcd,
      session,
      held,
      underWay,
      token: typeof token === 'string' ? token : undefined,
    }).catch((error: unknown) => {
      served.reject(error);
      stream.destroy();
    });
  });
  return served.promise;
}

interface Session {
  readonly connection: Connection;
  readonly etcd: Etcd;
  readonly session: ServerHttp2Session;
  readonly held: { bytes: number; streams: number };
  readonly underWay: UnderWay;
  readonly token: string | undefined;
}

async function answer(stream: ServerHttp2Stream, path: string, from: Session): Promise<void> {
  const method = methodByPath.get(path);
  const telling = new Telling(from.connection);
  try {
    if (method === undefined) throw unknownMethod(path);
    const abort = new AbortController();
    stream.once('close', () => abort.abort());
    const call: Call = { ...from, tell: telling.tell, signal: abort.signal };
    await run(stream, method, call, telling, from);
    await finish(stream, 0, '');
  } catch (error) {
    await telling.settled();
    if (!(error instanceof EtcdError)) throw error;
    await finish(stream, error.code, error.message);
  }
}

async function run(
  stream: ServerHttp2Stream,
  method: Method,
  call: Call,
  telling: Telling,
  from: Session,
): Promise<void> {
  const requests = messagesOf(stream, method, telling, from);
  if (method.unary !== undefined) {
    const first = await requests.next();
    const response = method.unary(call, first.done === true ? {} : first.value);
    await telling.settled();
    await send(stream, encode(response, method.response));
    return;
  }
  // Clients read the head before anything comes.
  respond(stream);
  for await (const response of method.streaming!(call, requests)) {
    await telling.settled();
    if (!(await send(stream, encode(response, method.response)))) return;
  }
}

/** @throws EtcdError for what is no message */
async function* messagesOf(
  stream: ServerHttp2Stream,
  { request }: Method,
  telling: Telling,
  { held, session, underWay }: Session,
): AsyncGenerator<Message, undefined> {
  let ahead = Buffer.alloc(0);
  const sofar = (): Uint8Array => ahead;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      ahead = Buffer.concat([ahead, chunk as Buffer]);
      held.bytes += (chunk as Buffer).length;
      if (held.bytes > maxHeld) session.destroy();
      for (let message = frameIn(ahead); message !== undefined; message = frameIn(ahead)) {
        ahead = ahead.subarray(5 + message.length);
        held.bytes -= 5 + message.length;
        telling.raw = message;
        yield decoded(message, request);
      }
      if (ahead.length > 0) underWay.begin(sofar);
      else underWay.end(sofar);
    }
  } catch (error) {
    if (error instanceof EtcdError) throw error;
    // Whoever is gone has nothing more to say.
  } finally {
    held.bytes -= ahead.length;
    if (!session.destroyed) underWay.end(sofar);
  }
}

/** @returns the first message, if it is whole. @throws EtcdError */
function frameIn(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 5) return undefined;
  const length = bytes.readUInt32BE(1);
  if (bytes[0] !== 0)
    throw new EtcdError(
      unimplemented,
      bytes[0] === 1
        ? 'grpc: Decompressor is not installed for grpc-encoding ""'
        : `grpc: received unexpected payload format ${bytes[0]}`,
    );
  if (length > maxMessage)
    throw new EtcdError(8, `grpc: received message larger than max (${length} vs. ${maxMessage})`);
  return bytes.length < 5 + length ? undefined : bytes.subarray(5, 5 + length);
}

function decoded(message: Buffer, name: string): Message {
  try {
    return decode(message, name);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new EtcdError(13, `grpc: error unmarshalling request: ${error.message}`);
  }
}

function unknownMethod(path: string): EtcdError {
  const [, service = '', method] = /^\/([^/]*)\/?(.*)$/.exec(path) ?? [];
  if (!path.startsWith('/') || method === undefined)
    return new EtcdError(unimplemented, `malformed method name: "${path.slice(0, 200)}"`);
  const isKnown = [...methodByPath.keys()].some((one) => one.startsWith(`/${service}/`));
  return new EtcdError(
    unimplemented,
    isKnown
      ? `unknown method ${method.slice(0, 200)} for service ${service}`
      : `unknown service ${service.slice(0, 200)}`,
  );
}

const head = { ':status': 200, 'content-type': 'application/grpc' };

function respond(stream: ServerHttp2Stream): void {
  if (!stream.headersSent && !stream.destroyed)
    stream.respond(head, { waitForTrailers: true, sendDate: false } as object);
}

/** @returns false where nobody listens any more */
async function send(stream: ServerHttp2Stream, message: Buffer): Promise<boolean> {
  if (stream.destroyed) return false;
  respond(stream);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  if (!stream.write(Buffer.concat([prefix, message])))
    await new Promise<void>((resolve) => {
      for (const event of ['drain', 'close']) stream.once(event, () => resolve());
    });
  return !stream.destroyed;
}

async function finish(stream: ServerHttp2Stream, code: number, message: string): Promise<void> {
  if (stream.destroyed) return;
  const trailers = { 'grpc-status': String(code), 'grpc-message': escaped(message) };
  if (!stream.headersSent) {
    stream.respond({ ...head, ...trailers }, { endStream: true, sendDate: false } as object);
    return;
  }
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end();
}

/** As the protocol wants it: percent-escapes for all that is not plain. */
function escaped(message: string): string {
  return [...Buffer.from(message)]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

/**
 * What happens around a connection before and after the decoy talks: the gate, TLS and its fingerprint, deadlines, the
 * events `connect` and `close`, and the boundary that no exception passes.
 */
import { randomBytes } from 'node:crypto';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { Fingerprint } from '../../model/event.ts';
import type { Certificate, Connection, Decoy, EventKind, Port, Site, Talk } from '../decoy.ts';
import { ja3, ja4, maxHello, readClientHello } from './client-hello.ts';
import type { Deadlines } from './deadlines.ts';
import type { Gate } from './gate.ts';
import type { Origin, Recorder } from './recorder.ts';

/** Of the sensor itself, for every decoy. */
export const own: Readonly<Record<'connect' | 'close', EventKind>> = {
  connect: { severity: 'info', worth: 'noise' },
  close: { severity: 'info', worth: 'noise' },
};

export interface Attendance {
  readonly decoy: Decoy;
  readonly site: Site;
  readonly recorder: Recorder;
  readonly gate: Gate;
  readonly deadlines: Deadlines;
  /** Told of what a decoy threw. */
  fault(error: unknown): void;
  refused(): void;
}

/** Takes the connections of one port from now on. */
export function attend(server: Server, port: Port, talk: Talk, attendance: Attendance): void {
  const { gate } = attendance;
  const certificate = port.tls?.(attendance.site.persona);
  const context =
    certificate === undefined
      ? undefined
      : createSecureContext({
          key: certificate.key,
          cert: certificate.cert,
          minVersion: 'TLSv1.2',
          // Without it OpenSSL refuses whoever comes back with a session, where clients are asked for certificates.
          sessionIdContext: port.name,
        });
  // A visitor that has said all still gets its answer, as from servers in C and Go.
  Object.assign(server, { allowHalfOpen: true });
  server.on('connection', (socket) => {
    socket.on('error', () => socket.destroy());
    const ip = plain(socket.remoteAddress);
    if (ip === undefined || !gate.enter(ip)) {
      attendance.refused();
      socket.destroy();
      return;
    }
    socket.once('close', () => gate.leave(ip));
    socket.setNoDelay(true);
    const begin = (stream: Duplex, fp: Fingerprint): void => {
      open(socket, stream, fp, port, talk, attendance);
    };
    if (certificate === undefined || context === undefined) begin(socket, {});
    else secure(socket, certificate, context, attendance, begin);
  });
}

/** What Go's servers say to plain HTTP on a port for TLS (net/http, 1.12 and later); to anything else they say nothing. */
const misdirected = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';

/** Reads the client hello for its fingerprint, then lets the handshake begin. */
function secure(
  socket: Socket,
  certificate: Certificate,
  context: SecureContext,
  { deadlines }: Attendance,
  begin: (stream: Duplex, fp: Fingerprint) => void,
): void {
  const deadline = deadlines.watch(
    () => socket.bytesRead,
    () => socket.destroy(),
  );
  deadline.hurry();
  socket.once('close', () => deadline.clear());
  let bytes = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const hello = readClientHello(bytes);
    if (hello === 'more' && bytes.length <= maxHello) return;
    socket.off('data', onData);
    if (hello === undefined) {
      socket.end(
        /^(?:GET \/|HEAD |POST |PUT \/|OPTIO)/.test(bytes.toString('latin1', 0, 5)) ? misdirected : '',
      );
      return;
    }
    socket.pause();
    socket.unshift(bytes);
    const fp = typeof hello === 'object' ? { ja3: ja3(hello), ja4: ja4(hello) } : {};
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: context,
      requestCert: certificate.asksClient === true,
      rejectUnauthorized: false,
      ...(certificate.alpn !== undefined && { ALPNProtocols: [...certificate.alpn] }),
    });
    secured.on('error', () => socket.destroy());
    secured.once('secure', () => {
      deadline.clear();
      begin(secured, fp);
    });
  };
  socket.on('data', onData);
}

function open(
  socket: Socket,
  stream: Duplex,
  fp: Fingerprint,
  port: Port,
  talk: Talk,
  { decoy, site, recorder, deadlines, fault }: Attendance,
): void {
  const since = performance.now();
  let reason: string | undefined;
  let origin: Origin = {
    connection: randomBytes(8).toString('hex'),
    src: { ip: plain(socket.remoteAddress)!, port: socket.remotePort ?? 0 },
    dst: { ip: plain(socket.localAddress) ?? '', port: socket.localPort ?? 0 },
    fp,
  };
  const deadline = deadlines.watch(
    () => socket.bytesRead + socket.bytesWritten,
    (why) => {
      reason = why;
      socket.destroy();
    },
  );
  stream.once('end', deadline.hurry);
  const connection: Connection = {
    port: port.name,
    id: origin.connection,
    src: origin.src,
    dst: origin.dst,
    stream,
    identify(more) {
      origin = { ...origin, fp: { ...origin.fp, ...more } };
    },
    record(type, what) {
      const kind = decoy.events[type];
      if (kind === undefined) {
        fault(new Error(`${decoy.name} has no event ${type}`));
        return Promise.resolve();
      }
      return recorder.record(origin, `${decoy.name}.${type}`, kind, what);
    },
    hurry: deadline.hurry,
    relax: deadline.relax,
    get host() {
      return site.host(origin.src.ip);
    },
  };
  void recorder.record(origin, `${decoy.name}.connect`, own.connect, { data: { port: port.name } });
  socket.once('close', () => {
    deadline.clear();
    void recorder.record(origin, `${decoy.name}.close`, own.close, {
      data: {
        port: port.name,
        durationMs: Math.round(performance.now() - since),
        received: socket.bytesRead,
        sent: socket.bytesWritten,
        ...(reason !== undefined && { reason }),
      },
    });
  });
  const fail = (error: unknown): void => {
    if (!isBroken(error)) fault(error);
    socket.destroy();
  };
  try {
    talk(connection)?.catch(fail);
  } catch (error) {
    fail(error);
  }
}

/** Reading and writing fail where the visitor broke the connection, which is no fault of the decoy. */
export function isBroken(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return /^(?:ERR_STREAM_|ERR_HTTP2_|ECONN|EPIPE|ABORT_ERR)/.test(String(code));
}

/** IPv4 as such where it comes mapped into IPv6. */
function plain(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=\d+\.)/, '');
}

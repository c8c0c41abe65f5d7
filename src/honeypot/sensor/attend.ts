/**
 * What happens around a connection before and after the decoy talks: the gate, TLS and its fingerprint, deadlines, the
 * events `connect` and `close`, and the boundary that no exception passes.
 */
import { randomBytes } from 'node:crypto';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { Endpoint, Fingerprint } from '../../model/event.ts';
import type { Certificate, Connection, Decoy, EventKind, Port, Recorded, Site, Talk } from '../decoy.ts';
import type { World } from '../world/world.ts';
import { ja3, ja4, maxHello, readClientHello } from './client-hello.ts';
import type { Deadline, Deadlines, Overdue } from './deadlines.ts';
import type { Gate } from './gate.ts';
import type { Recorder } from './recorder.ts';

/** Of the sensor itself, for every decoy. */
export const own: Readonly<Record<'connect' | 'close', EventKind>> = {
  connect: { severity: 'info', worth: 'noise' },
  close: { severity: 'info', worth: 'noise' },
};

/** Of a connection that ends in the midst of a message. */
const cutOff: EventKind = { severity: 'low', worth: 'talk' };

/** Bytes of a message that never became whole. */
const mostBegun = 64 * 1024;

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
    socket.on('close', () => gate.leave(ip));
    socket.setNoDelay(true);
    const begin = (stream: Duplex, fp: Fingerprint): void => {
      new Visit(socket, stream, fp, port, attendance).begin(talk);
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
  const deadline = deadlines.watch({
    progress: () => socket.bytesRead,
    expire: () => socket.destroy(),
  });
  deadline.hurry();
  socket.on('close', () => deadline.clear());
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

/** A connection that was let in, as its decoy sees it; a class, as there may be ten thousand that say nothing. */
class Visit implements Connection {
  readonly id = randomBytes(8).toString('hex');
  readonly src: Endpoint;
  readonly dst: Endpoint;
  readonly stream: Duplex;
  private readonly socket: Socket;
  private readonly at: Port;
  private readonly attendance: Attendance;
  private readonly deadline: Deadline;
  private fp: Fingerprint;
  private reason: string | undefined;
  private begun: (() => Uint8Array) | undefined;

  constructor(socket: Socket, stream: Duplex, fp: Fingerprint, at: Port, attendance: Attendance) {
    this.socket = socket;
    this.stream = stream;
    this.fp = fp;
    this.at = at;
    this.attendance = attendance;
    this.src = { ip: plain(socket.remoteAddress)!, port: socket.remotePort ?? 0 };
    this.dst = { ip: plain(socket.localAddress) ?? '', port: socket.localPort ?? 0 };
    this.deadline = attendance.deadlines.watch(this);
  }

  get port(): string {
    return this.at.name;
  }

  get host(): World {
    return this.attendance.site.host(this.src.ip);
  }

  begin(talk: Talk): void {
    void this.tell('connect', own.connect, { data: { port: this.port } });
    this.socket.on('close', () => this.close());
    // Servers of HTTP/2 send their settings at once. Else, whoever says nothing is nobody's to answer.
    const isHttp2 = this.stream instanceof TLSSocket && this.stream.alpnProtocol === 'h2';
    if (this.at.speaksFirst === true || isHttp2) this.hear(talk);
    else this.stream.once('readable', () => this.hear(talk));
  }

  private hear(talk: Talk): void {
    this.stream.once('end', () => this.hurry());
    try {
      talk(this)?.catch((error: unknown) => this.fail(error));
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (!isBroken(error)) this.attendance.fault(error);
    this.socket.destroy();
  }

  private close(): void {
    const { bytesRead: received, bytesWritten: sent } = this.socket;
    const durationMs = Math.round(performance.now() - this.deadline.since);
    this.deadline.clear();
    const begun = this.begun?.().subarray(0, mostBegun) ?? Buffer.alloc(0);
    const isCut = begun.length > 0;
    void this.tell('close', isCut ? cutOff : own.close, {
      ...(isCut && { raw: begun }),
      data: {
        port: this.port,
        durationMs,
        received,
        sent,
        ...(this.reason !== undefined && { reason: this.reason }),
        ...(isCut && { unfinished: true }),
      },
    });
  }

  // Decoys take these off the connection, so each is bound, but not before somebody asks for it.

  get identify(): Connection['identify'] {
    return (more) => {
      this.fp = { ...this.fp, ...more };
    };
  }

  get record(): Connection['record'] {
    const { decoy, fault } = this.attendance;
    return (type, what) => {
      const kind = decoy.events[type];
      if (kind !== undefined) return this.tell(type, kind, what);
      fault(new Error(`${decoy.name} has no event ${type}`));
      return Promise.resolve();
    };
  }

  get hurry(): Connection['hurry'] {
    return (begun) => {
      this.begun ??= begun;
      this.deadline.hurry();
    };
  }

  get relax(): Connection['relax'] {
    return () => {
      this.begun = undefined;
      this.deadline.relax();
    };
  }

  private tell(type: string, kind: EventKind, what?: Recorded): Promise<void> {
    const origin = { connection: this.id, src: this.src, dst: this.dst, fp: this.fp };
    return this.attendance.recorder.record(origin, `${this.attendance.decoy.name}.${type}`, kind, what);
  }

  progress(): number {
    return this.socket.bytesRead + this.socket.bytesWritten;
  }

  expire(reason: Overdue): void {
    this.reason = reason;
    this.socket.destroy();
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

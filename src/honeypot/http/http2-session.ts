/** A session of HTTP/2 over a connection, as long as the connection: neither outlives the other. */
import type { ServerHttp2Session, ServerOptions } from 'node:http2';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Connection } from '../decoy.ts';

/** What a client may cost, beside what the options say. */
const bounds = {
  maxSessionMemory: 8,
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
} as const;

export function openHttp2(connection: Connection, options: ServerOptions): ServerHttp2Session {
  const socket = connection.stream as Socket;
  // Not imported: it takes eight megabytes of a process, and few visitors speak it.
  const { performServerHandshake } = process.getBuiltinModule('node:http2');
  const session = performServerHandshake(socket, { ...bounds, ...options });
  // Sockets of TLS servers never say so by themselves, and the session waits for it.
  if (socket instanceof TLSSocket) socket.emit('secureConnect');
  session.on('error', () => socket.destroy());
  session.once('close', () => socket.destroy());
  // As Go, which is done with a connection that nothing more comes from.
  socket.once('end', () => session.destroy());
  socket.once('close', () => session.destroy());
  // A client that is silent from the beginning is ended like one that begins a message and does not go on.
  connection.hurry();
  return session;
}

/** Messages of a session's streams that began and are not whole: while there are any, the connection has to go on. */
export class UnderWay {
  private readonly connection: Connection;
  private readonly all = new Set<() => Uint8Array>();

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** @param sofar what came of it; of a connection that is cut, all of them are told one after another */
  begin(sofar: () => Uint8Array): void {
    this.all.add(sofar);
    if (this.all.size === 1) this.connection.hurry(() => Buffer.concat([...this.all].map((one) => one())));
  }

  end(sofar: () => Uint8Array): void {
    if (this.all.delete(sofar)) this.rest();
  }

  /** Nothing is asked of a client whose messages are whole. */
  rest(): void {
    if (this.all.size === 0) this.connection.relax();
  }
}

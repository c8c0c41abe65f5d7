/** How output travels on a connection that was taken over: in frames that tell their channel, or raw for a terminal. */
import type { Duplex } from 'node:stream';
import type { Call } from '../api/call.ts';
import { apiHeaders } from '../api/call.ts';
import type { Channel } from '../engine/logs.ts';

/** Eight bytes: the channel, three zeros, the length. */
export function frame(channel: Channel, bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head[0] = channel;
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

/** Bytes that wait for a client that does not read; then it is let go. */
const mostWaiting = 4 << 20;

/** The connection, with the head that the real daemon writes into what it took over. */
export function takeOver(call: Call, how: 'attach' | 'exec'): Duplex {
  const { exchange } = call;
  const wantsUpgrade = exchange.header('upgrade') !== undefined;
  const stream = exchange.hijack();
  const headers = how === 'exec' ? apiHeaders.map(([name, value]) => `${name}: ${value}\r\n`).join('') : '';
  const type = 'Content-Type: application/vnd.docker.raw-stream\r\n';
  stream.write(
    wantsUpgrade
      ? `HTTP/1.1 101 UPGRADED\r\n${type}Connection: Upgrade\r\nUpgrade: tcp\r\n${headers}\r\n`
      : `HTTP/1.1 200 OK\r\n${type}${headers}\r\n`,
  );
  return stream;
}

/** @returns false where nobody reads, and the connection was ended */
export function send(stream: Duplex, bytes: Uint8Array): boolean {
  if (stream.destroyed || stream.writableEnded) return false;
  stream.write(bytes);
  if (stream.writableLength <= mostWaiting) return true;
  stream.destroy();
  return false;
}

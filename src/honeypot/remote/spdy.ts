/**
 * The server's side of SPDY/3.1, as much as Kubernetes uses of it (moby/spdystream): streams that the client opens, data
 * both ways, pings, resets. Frames, streams and headers are bounded. The library pays no heed to windows, nor does this.
 */
import type { Duplex } from 'node:stream';
import type { Exchange } from '../http/serve.ts';
import { createHeaderReader, createHeaderWriter, type HeaderBlock } from './spdy-headers.ts';

export interface SpdyStream {
  readonly id: number;
  readonly headers: HeaderBlock;
  /** @returns whether there is room for more */
  write(bytes: Uint8Array): boolean;
  /** No more comes from this side. */
  end(): void;
}

export interface Spdy {
  readonly stream: Duplex;
  /** Says goodbye and closes. */
  close(): void;
}

export interface SpdyEvents {
  opened(stream: SpdyStream): void;
  /** @param bytes undefined where the client ends its half */
  data(stream: SpdyStream, bytes: Buffer | undefined): void;
}

const types = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;
const maxFrame = 1 << 20;
const maxStreams = 64;
const fin = 1;

export function asksForSpdy(exchange: Exchange): boolean {
  return (
    /^spdy\/3\.1$/i.test(exchange.header('upgrade') ?? '') &&
    /\bupgrade\b/i.test(exchange.header('connection') ?? '')
  );
}

/** @param protocol of the streams, `v4.channel.k8s.io`; absent where the client named none */
export function acceptSpdy(exchange: Exchange, protocol: string | undefined, events: SpdyEvents): Spdy {
  const stream = exchange.hijack();
  const chosen = protocol === undefined ? '' : `X-Stream-Protocol-Version: ${protocol}\r\n`;
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n${chosen}Date: ${new Date().toUTCString()}\r\n\r\n`,
  );
  const reader = createHeaderReader();
  const writer = createHeaderWriter();
  const streams = new Map<number, SpdyStream>();
  let ahead: Buffer = Buffer.alloc(0);
  let last = 0;

  const send = (...parts: readonly Uint8Array[]): boolean => {
    if (stream.destroyed || stream.writableEnded) return false;
    return stream.write(Buffer.concat(parts));
  };

  function open(flags: number, payload: Buffer): void {
    const id = payload.readUInt32BE(0) & 0x7fffffff;
    const headers = reader.read(payload.subarray(10));
    if (streams.size >= maxStreams || streams.has(id)) throw new RangeError('too many streams');
    const block = writer.write(new Map());
    send(control(types.synReply, 0, 4 + block.length), number(id), block);
    let isEnded = false;
    const made: SpdyStream = {
      id,
      headers,
      write: (bytes) => (isEnded ? true : send(number(id), size(0, bytes.length), bytes)),
      end() {
        if (!isEnded) send(number(id), size(fin, 0));
        isEnded = true;
      },
    };
    last = id;
    streams.set(id, made);
    events.opened(made);
    if ((flags & fin) !== 0) events.data(made, undefined);
  }

  function takeControl(type: number, flags: number, payload: Buffer): void {
    switch (type) {
      case types.synStream:
        open(flags, payload);
        return;
      case types.rstStream: {
        const found = streams.get(payload.readUInt32BE(0) & 0x7fffffff);
        if (found !== undefined) events.data(found, undefined);
        return;
      }
      case types.headers:
        reader.read(payload.subarray(4));
        return;
      case types.ping:
        send(control(types.ping, 0, 4), payload.subarray(0, 4));
        return;
      case types.goAway:
        stream.end();
        return;
      default:
        return;
    }
  }

  /** @returns whether there was a whole frame */
  function takeFrame(): boolean {
    if (ahead.length < 8) return false;
    const first = ahead.readUInt32BE(0);
    const second = ahead.readUInt32BE(4);
    const [flags, length] = [second >>> 24, second & 0xffffff];
    if (length > maxFrame) throw new RangeError('a frame is too long');
    if (ahead.length < 8 + length) return false;
    const payload = Buffer.from(ahead.subarray(8, 8 + length));
    ahead = ahead.subarray(8 + length);
    if ((first & 0x80000000) !== 0) takeControl(first & 0xffff, flags, payload);
    else {
      const found = streams.get(first);
      if (found !== undefined) {
        if (payload.length > 0) events.data(found, payload);
        if ((flags & fin) !== 0) events.data(found, undefined);
      }
    }
    return true;
  }

  stream.on('data', (chunk: Buffer) => {
    ahead = ahead.length === 0 ? chunk : Buffer.concat([ahead, chunk]);
    try {
      while (!stream.destroyed && takeFrame());
    } catch {
      stream.destroy();
    }
  });
  stream.once('end', () => stream.end());
  stream.resume();
  return {
    stream,
    close() {
      for (const one of streams.values()) one.end();
      send(control(types.goAway, 0, 8), number(last), number(0));
      stream.end();
    },
  };
}

function control(type: number, flags: number, length: number): Buffer {
  return Buffer.concat([Buffer.from([0x80, 0x03, 0x00, type]), size(flags, length)]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function size(flags: number, length: number): Buffer {
  return number(((flags << 24) | length) >>> 0);
}

/** The server's side of WebSocket (RFC 6455): frames read from hostile bytes, bounded, and written. */
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Exchange } from './serve.ts';

export interface Message {
  readonly kind: 'text' | 'binary';
  readonly data: Buffer;
}

export interface WebSocket {
  /** Messages until the visitor ends; pings are answered in between. */
  messages(): AsyncGenerator<Message, void, undefined>;
  /** Resolves when there is room for more; false where nobody is there any more. */
  send(kind: Message['kind'], data: string | Uint8Array): Promise<boolean>;
  close(): void;
}

/** Of one message, in bytes, all its fragments together. */
const maxMessage = 1 << 20;
/** Who has not read this many bytes is cut off. */
const maxUnread = 8 << 20;

const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** Of RFC 6455, 7.4.1. */
const code = { normal: 1000, protocolError: 1002, tooBig: 1009 } as const;

/** What `Sec-WebSocket-Accept` has to be; undefined for a request that asks for no WebSocket. */
export function acceptKey(exchange: Exchange): string | undefined {
  const key = exchange.header('sec-websocket-key');
  if (exchange.header('upgrade')?.toLowerCase() !== 'websocket' || key === undefined) return undefined;
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/**
 * @param head all of the answer's head, up to and with the empty line
 * @param farewell the code with which it is closed: a normal end, as Go's library says, or what the visitor said, if
 *   anything
 */
export function acceptWebSocket(
  exchange: Exchange,
  head: string,
  farewell: 'normal' | 'theirs' = 'normal',
): WebSocket {
  const stream = exchange.hijack();
  stream.write(head);
  return overStream(stream, farewell === 'normal' ? codeBytes(code.normal) : Buffer.alloc(0), farewell);
}

function codeBytes(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

function overStream(stream: Duplex, usual: Buffer, farewell: 'normal' | 'theirs'): WebSocket {
  let isClosed = false;
  let drained: Promise<void> | undefined;

  async function write(frame: Buffer): Promise<boolean> {
    if (stream.destroyed || stream.writableEnded) return false;
    if (!stream.write(frame)) {
      if (stream.writableLength > maxUnread) stream.destroy();
      drained ??= nextDrain(stream).finally(() => {
        drained = undefined;
      });
      await drained;
    }
    return !stream.destroyed;
  }

  function close(said = usual): void {
    if (isClosed) return;
    isClosed = true;
    void write(frameOf(opcode.close, said));
    stream.end();
  }

  async function* messages(): AsyncGenerator<Message, void, undefined> {
    try {
      yield* read();
    } finally {
      // Nobody reads what still comes.
      stream.resume();
    }
  }

  async function* read(): AsyncGenerator<Message, void, undefined> {
    let bytes: Buffer = Buffer.alloc(0);
    let parts: Buffer[] = [];
    let kind: Message['kind'] = 'binary';
    let length = 0;
    // What is still to be read by the visitor is not thrown away with the stream.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      for (;;) {
        const frame = readFrame(bytes);
        if (frame === 'more') break;
        if (frame === 'wrong' || length + frame.data.length > maxMessage) {
          close(codeBytes(frame === 'wrong' ? code.protocolError : code.tooBig));
          return;
        }
        bytes = bytes.subarray(frame.length);
        if (frame.opcode === opcode.close) {
          close(farewell === 'theirs' ? frame.data.subarray(0, 2) : usual);
          return;
        }
        if (frame.opcode === opcode.ping) await write(frameOf(opcode.pong, frame.data));
        if (frame.opcode > opcode.binary) continue;
        if (frame.opcode !== opcode.continuation) kind = frame.opcode === opcode.text ? 'text' : 'binary';
        parts.push(frame.data);
        length += frame.data.length;
        if (!frame.isLast) continue;
        const data = Buffer.concat(parts);
        parts = [];
        length = 0;
        yield { kind, data };
      }
    }
    close();
  }

  return {
    messages,
    send: (kind, data) =>
      isClosed
        ? Promise.resolve(false)
        : write(frameOf(opcode[kind], typeof data === 'string' ? Buffer.from(data) : data)),
    close: () => close(),
  };
}

/** Resolves when there is room again, or never will be. */
function nextDrain(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    function over(): void {
      stream.off('drain', over).off('close', over);
      resolve();
    }
    if (stream.destroyed) resolve();
    else stream.once('drain', over).once('close', over);
  });
}

interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly data: Buffer;
  /** Of the whole frame. */
  readonly length: number;
}

/** Of a client: masked, without extensions. */
function readFrame(bytes: Buffer): Frame | 'more' | 'wrong' {
  if (bytes.length < 2) return 'more';
  const [first, second] = [bytes[0]!, bytes[1]!];
  const isControl = (first & 8) !== 0;
  if ((first & 0x70) !== 0 || (second & 0x80) === 0) return 'wrong';
  const short = second & 0x7f;
  if (isControl && (short > 125 || (first & 0x80) === 0)) return 'wrong';
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < head + 4) return 'more';
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (length > maxMessage) return 'wrong';
  if (bytes.length < head + 4 + length) return 'more';
  const mask = bytes.subarray(head, head + 4);
  const data = Buffer.from(bytes.subarray(head + 4, head + 4 + length));
  for (let at = 0; at < data.length; at += 1) data[at]! ^= mask[at & 3]!;
  return { opcode: first & 15, isLast: (first & 0x80) !== 0, data, length: head + 4 + length };
}

function frameOf(kind: number, data: Uint8Array): Buffer {
  const head =
    data.length < 126 ? Buffer.of(0x80 | kind, data.length) : Buffer.alloc(data.length < 65_536 ? 4 : 10);
  if (data.length >= 126) {
    head[0] = 0x80 | kind;
    head[1] = data.length < 65_536 ? 126 : 127;
    if (data.length < 65_536) head.writeUInt16BE(data.length, 2);
    else head.writeBigUInt64BE(BigInt(data.length), 2);
  }
  return Buffer.concat([head, data]);
}

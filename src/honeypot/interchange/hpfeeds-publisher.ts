/**
 * Publishes to a broker of hpfeeds (wire protocol 1): the broker greets with a nonce, the publisher signs it. Nothing
 * that is published is answered; only what is refused is, at some time. So success means that all of it left and that
 * nobody objected. Source: `docs/protocol.rst` of hpfeeds.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';

export interface Broker {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly ident: string;
  readonly secret: string;
  /** PEM, in place of the authorities that Node knows. */
  readonly authorities?: string;
}

export interface Publisher {
  /** Waits while the broker takes nothing. @returns false for a message that is longer than brokers take */
  publish(channel: string, payload: string): Promise<boolean>;
  /** Sends what is under way, and hears what the broker says to it. */
  close(): Promise<void>;
}

/** `opCode` of a message. */
const code = { error: 0, info: 1, auth: 2, publish: 3 } as const;

/** Milliseconds until the broker has greeted, takes more, and closes. */
const patience = { greeting: 15_000, drain: 30_000, end: 5_000 };

/** Bytes of a message that a publisher may be sent; and of one that brokers take (`MAXBUF`). */
const longest = { incoming: 64 * 1024, outgoing: 1024 * 1024 };

/** @throws WaterguardError `network`, or `refused` with the broker's words; so do the publisher's functions */
export async function openPublisher(broker: Broker): Promise<Publisher> {
  const { host, port, tls, ident, secret, authorities } = broker;
  if (Buffer.byteLength(ident) > 255)
    throw new WaterguardError('usage', 'The ident has more than 255 bytes.');
  const named = isIP(host) === 0 ? { servername: host } : {};
  const trust = authorities === undefined ? {} : { ca: authorities };
  const socket = tls ? connectTls({ host, port, ...named, ...trust }) : connect({ host, port });
  const { greeted, failed, ending } = listen(socket, `${host}:${port}`);
  const late = setTimeout(() => socket.destroy(new Error('it does not greet')), patience.greeting);
  try {
    const nonce = await Promise.race([greeted, failed]);
    socket.write(message(code.auth, counted(ident), sha1(nonce, secret)));
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return {
    async publish(channel, payload) {
      const bytes = message(code.publish, counted(ident), counted(channel), Buffer.from(payload));
      if (bytes.length > longest.outgoing) return false;
      const room = socket.write(bytes) ? undefined : once(socket, 'drain');
      const stuck = setTimeout(() => socket.destroy(new Error('it takes nothing')), patience.drain);
      try {
        await Promise.race([room, failed]);
      } finally {
        clearTimeout(stuck);
      }
      return true;
    },
    async close() {
      ending();
      const giveUp = setTimeout(() => socket.destroy(), patience.end);
      try {
        const closed = socket.closed ? undefined : once(socket, 'close');
        socket.end();
        await Promise.race([failed, closed]);
      } finally {
        clearTimeout(giveUp);
        socket.destroy();
      }
    },
  };
}

interface Heard {
  /** The nonce. */
  readonly greeted: Promise<Buffer>;
  /** With what went wrong with the connection, or what the broker refuses. */
  readonly failed: Promise<never>;
  /** From now on it may be closed. */
  ending(): void;
}

function listen(socket: Socket, place: string): Heard {
  const greeted = Promise.withResolvers<Buffer>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const fail = (kind: 'network' | 'refused', why: string): void =>
    failed.reject(new WaterguardError(kind, `${place}: ${printable(why, 300)}`));
  socket.once('error', (error) => fail('network', messageOf(error)));
  let isEnding = false;
  socket.once('close', () => {
    if (!isEnding || !socket.writableFinished) fail('network', 'the broker closed the connection');
  });
  onMessages(socket, (opCode, content) => {
    if (opCode === code.info) greeted.resolve(Buffer.from(content.subarray(1 + (content[0] ?? 0))));
    if (opCode === code.error) fail('refused', `the broker says: ${content}`);
  });
  const ending = (): void => {
    isEnding = true;
  };
  return { greeted: greeted.promise, failed: failed.promise, ending };
}

/** Messages that come; one that no broker would send ends the connection. */
function onMessages(socket: Socket, take: (opCode: number, content: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5) {
      const length = rest.readUInt32BE(0);
      if (length < 5 || length > longest.incoming) {
        socket.destroy(new Error('it does not speak hpfeeds'));
        return;
      }
      if (rest.length < length) return;
      take(rest[4]!, rest.subarray(5, length));
      rest = rest.subarray(length);
    }
  });
}

function message(opCode: number, ...parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(
    parts.reduce((sum, part) => sum + part.length, head.length),
    0,
  );
  head[4] = opCode;
  return Buffer.concat([head, ...parts]);
}

/** With its length before it, in one byte. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function sha1(nonce: Buffer, secret: string): Buffer {
  return createHash('sha1').update(nonce).update(secret).digest();
}

/** Bytes in pieces, and bytes to send; goes over to TLS in the midst of it. */
import type { Duplex } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Connection } from '../decoy.ts';
import { ja3, ja4, maxHello, readClientHello } from '../sensor/client-hello.ts';
import { type Message, MessageReader } from './protocol/messages.ts';

/** Thrown where a connection is over without another word. */
export class Over extends Error {}

/** Bytes in pieces, and bytes to send; goes over to TLS in the midst of it. */
export class Line {
  readonly connection: Connection;
  stream: Duplex;
  reader = new MessageReader();
  private chunks: AsyncIterator<Buffer>;

  constructor(connection: Connection, stream: Duplex) {
    this.connection = connection;
    this.stream = stream;
    this.chunks = iterate(stream);
    connection.hurry();
  }

  /** @returns the next message. @throws PgError for what is none, Over where there is none */
  async next(isPassword = false): Promise<Message> {
    for (;;) {
      let next: Message | undefined;
      try {
        next = this.reader.next(isPassword);
      } catch (error) {
        // PostgreSQL says so in its log alone.
        if (error instanceof RangeError) throw new Over();
        throw error;
      }
      if (next !== undefined) return next;
      if (!this.reader.isPartial && !isPassword) this.connection.relax();
      await this.more();
    }
  }

  /** @throws Over where nothing more comes */
  async more(): Promise<void> {
    const { value, done } = await this.chunks.next();
    if (done === true) throw new Over();
    this.reader.push(value);
    if (this.reader.isPartial) this.connection.hurry(this.reader.begun);
  }

  /** Waits while the client does not read. */
  async flush(bytes: Buffer): Promise<void> {
    if (this.stream.destroyed) throw new Over();
    if (bytes.length === 0 || this.stream.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        for (const event of ['drain', 'close']) this.stream.off(event, done);
        resolve();
      };
      for (const event of ['drain', 'close']) this.stream.on(event, done);
    });
  }

  send(bytes: Buffer): void {
    if (!this.stream.destroyed) this.stream.write(bytes);
  }

  /** @throws Over where the handshake fails */
  async secure(secureContext: SecureContext): Promise<void> {
    const hello = await this.readHello();
    await this.chunks.return?.();
    this.stream.unshift(hello);
    const secured = new TLSSocket(this.stream, { isServer: true, secureContext });
    secured.on('error', () => this.connection.stream.destroy());
    const isSecure = await new Promise<boolean>((resolve) => {
      secured.once('secure', () => resolve(true));
      secured.once('close', () => resolve(false));
    });
    if (!isSecure) throw new Over();
    this.stream = secured;
    this.reader = new MessageReader();
    this.chunks = iterate(secured);
  }

  /** What TLS begins with, which tells clients apart. @throws Over where it is no TLS, or nothing more comes */
  private async readHello(): Promise<Buffer> {
    let bytes = Buffer.alloc(0);
    for (;;) {
      const hello = readClientHello(bytes);
      if (typeof hello === 'object') this.connection.identify({ ja3: ja3(hello), ja4: ja4(hello) });
      // OpenSSL sends no alert to what does not look like TLS.
      if (hello === undefined && (bytes[0] !== 22 || bytes[1] !== 3)) throw new Over();
      if (hello !== 'more' || bytes.length > maxHello) return bytes;
      const { value, done } = await this.chunks.next();
      if (done === true) throw new Over();
      bytes = Buffer.concat([bytes, value]);
    }
  }
}

async function* iterate(stream: Duplex): AsyncGenerator<Buffer> {
  try {
    yield* stream.iterator({ destroyOnReturn: false });
  } catch {
    // Whoever hangs up has nothing more to say.
  }
}

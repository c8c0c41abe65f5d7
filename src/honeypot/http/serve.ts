/**
 * HTTP/1.x over a decoy's connection: requests one after another, bodies bounded, answers with exactly the headers
 * that a dialect puts in their order, streams, and connections that are handed over after an upgrade. Own code,
 * because node:http adds and orders headers as it likes and answers malformed requests as no other server does.
 */
import type { Duplex } from 'node:stream';
import type { Connection } from '../decoy.ts';
import { type Body, type BodyReader, readBody, VisitorGone } from './body.ts';
import type { Dialect, Headers } from './dialect.ts';
import { rawOf } from './raw.ts';
import { type Head, maxHead, parseHead, type Refusal } from './request.ts';

export interface HttpOptions {
  readonly dialect: Dialect;
  /** What is kept of a request's body, in bytes, or told for each request; the rest is read and counted. */
  readonly keep: number | ((head: Head) => number);
  /** Reads the head of a request, up to and without the empty line; as Go does, by default. */
  readonly parse?: (bytes: Buffer) => Head | Refusal;
  /** Answers a request. What it throws ends the connection, and is thrown by the server too. */
  handle(exchange: Exchange): void | Promise<void>;
  /** Told of what was no request, before it is refused. */
  refused?(connection: Connection, bytes: Buffer): void | Promise<void>;
}

/** A request and its answer: one of `respond`, `stream`, `close` and `hijack` has to be called, once. */
export interface Exchange extends Head {
  readonly connection: Connection;
  /** The first of that name, in any case. */
  header(name: string): string | undefined;
  /** Resolves when all of it came. */
  body(): Promise<Body>;
  /**
   * @param body is not sent to HEAD, but its length is told
   * @param dialect of the answer, where it is another one's than the server's
   */
  respond(status: number, headers: Headers, body?: string | Buffer, dialect?: Dialect): void;
  /** Begins an answer that goes on: in chunks, each sent at once. */
  stream(status: number, headers: Headers): AnswerStream;
  /** Aborted when the visitor ends or breaks the connection: for answers that would go on for ever. */
  leaving(): AbortSignal;
  /** Ends the connection with these bytes instead of an answer. */
  close(last: string): void;
  /** Takes the connection over, for what is no HTTP any more; the head is the caller's to write. */
  hijack(): Duplex;
}

export interface AnswerStream {
  /** Resolves when there is room for more; false where nobody listens any more. */
  write(chunk: string | Buffer): Promise<boolean>;
  /** @param trailers follow the last chunk; they have to be named by the header `Trailer` */
  end(trailers?: Headers): void;
  readonly isOver: boolean;
}

/** Milliseconds in which a visitor may still read the last answer, as in Go's `closeWriteAndWait`. */
const lingering = 500;
/** More bytes than this are not read ahead while a request is answered. */
const maxAhead = 64 * 1024;

/** Resolves when the connection is closed. @throws what a handler threw */
export function serveHttp(options: HttpOptions): (connection: Connection) => Promise<void> {
  return (connection) => new HttpConnection(connection, options).serve();
}

interface Request {
  readonly head: Head;
  readonly body: BodyReader;
  readonly whole: PromiseWithResolvers<Body>;
}

class HttpConnection {
  private readonly connection: Connection;
  private readonly options: HttpOptions;
  private readonly stream: Duplex;
  /** What came and was not taken yet. */
  private ahead: Buffer = Buffer.alloc(0);
  /** From where on the end of a head is looked for. */
  private searched = 0;
  private request: Request | undefined;
  private isAnswering = false;
  /** The visitor has said all. */
  private isEnding = false;
  private left: AbortController | undefined;
  private isOver = false;
  private readonly served = Promise.withResolvers<void>();

  constructor(connection: Connection, options: HttpOptions) {
    this.connection = connection;
    this.options = options;
    this.stream = connection.stream;
  }

  serve(): Promise<void> {
    this.stream.on('data', this.take);
    this.stream.once('end', this.end);
    this.stream.once('close', () => this.close());
    this.stream.resume();
    return this.served.promise;
  }

  private readonly end = (): void => {
    this.isEnding = true;
    this.left?.abort();
    if (this.request !== undefined && !this.request.body.isWhole) {
      // As Go, which sees an unexpected end and has nobody to answer.
      this.request.whole.reject(new VisitorGone('within a body'));
      this.stream.end();
    } else if (!this.isAnswering) this.stream.end();
  };

  private readonly take = (chunk: Buffer): void => {
    this.ahead = this.ahead.length === 0 ? chunk : Buffer.concat([this.ahead, chunk]);
    this.advance();
  };

  /** Goes on with what there is: the body under way, then the next head. */
  private advance(): void {
    while (!this.isOver) {
      if (this.request !== undefined && !this.request.body.isWhole) {
        if (!this.takeBody()) return;
      } else if (this.isAnswering) {
        if (this.left === undefined) this.putBack();
        else if (this.ahead.length > maxAhead) this.stream.pause();
        return;
      } else if (!this.takeHead()) return;
    }
  }

  /** What comes next waits in the stream, its end too: it may be for whoever takes the connection over. */
  private putBack(): void {
    this.stream.pause();
    if (this.ahead.length > 0 && !this.stream.readableEnded) this.stream.unshift(this.ahead);
    this.ahead = Buffer.alloc(0);
    this.searched = 0;
  }

  /** @returns whether to go on */
  private takeBody(): boolean {
    const { body, whole } = this.request!;
    if (this.ahead.length === 0) return false;
    try {
      this.ahead = this.ahead.subarray(body.take(this.ahead));
    } catch {
      this.stream.destroy();
      return false;
    }
    if (!body.isWhole) return false;
    this.connection.relax();
    whole.resolve(body.body());
    return true;
  }

  /** @returns whether to go on */
  private takeHead(): boolean {
    // Line feeds between requests are let pass, as Go does.
    let start = 0;
    while (this.ahead[start] === 13 || this.ahead[start] === 10) start += 1;
    if (start > 0) {
      this.ahead = this.ahead.subarray(start);
      this.searched = 0;
    }
    if (this.ahead.length === 0) return false;
    this.connection.hurry(this.begun);
    const end = endOfHead(this.ahead, this.searched);
    if (end === undefined) {
      this.searched = Math.max(0, this.ahead.length - 3);
      if (this.ahead.length > maxHead) this.refuse({ status: 431 });
      return false;
    }
    const { parse = parseHead } = this.options;
    const head = parse(this.ahead.subarray(0, end.at));
    if ('status' in head) {
      this.refuse(head);
      return false;
    }
    this.ahead = this.ahead.subarray(end.next);
    this.searched = 0;
    this.answer(head);
    return true;
  }

  /** What came of the request that is not whole. */
  private readonly begun = (): Buffer => {
    if (this.request === undefined || this.request.body.isWhole) return this.ahead;
    const { head, body } = this.request;
    return rawOf(head, body.body().bytes);
  };

  private refuse(refusal: Refusal): void {
    this.isOver = true;
    this.isAnswering = true;
    const bytes = this.ahead;
    const end = (): void => this.leave(this.options.dialect.refuse(refusal));
    Promise.resolve(this.options.refused?.(this.connection, bytes)).then(end, end);
  }

  private answer(head: Head): void {
    const { keep } = this.options;
    const body = readBody(head.framing, typeof keep === 'number' ? keep : keep(head));
    const whole = Promise.withResolvers<Body>();
    // A body that nobody asks for may end with the connection.
    whole.promise.catch(() => {});
    this.request = { head, body, whole };
    this.isAnswering = true;
    if (body.isWhole) {
      this.connection.relax();
      whole.resolve(body.body());
    }
    this.identify(head);
    const exchange = this.exchange(head, whole.promise);
    new Promise<void>((resolve) => resolve(this.options.handle(exchange))).catch((error: unknown) => {
      this.served.reject(error);
      this.stream.destroy();
    });
  }

  private identify({ headers }: Head): void {
    const agent = headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1];
    this.connection.identify({
      ...(agent !== undefined && { ua: agent.slice(0, 512) }),
      headers: headers
        .map(([name]) => name.toLowerCase())
        .join(',')
        .slice(0, 1024),
    });
  }

  private exchange(head: Head, whole: Promise<Body>): Exchange {
    return {
      ...head,
      connection: this.connection,
      header: (name) => head.headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1],
      body: () => {
        if (head.headers.some(([name, value]) => /^expect$/i.test(name) && /^100-continue$/i.test(value)))
          this.stream.write('HTTP/1.1 100 Continue\r\n\r\n');
        return whole;
      },
      respond: (status, headers, text = '', dialect = this.options.dialect) => {
        const bytes = typeof text === 'string' ? Buffer.from(text) : text;
        const isBare = status === 204 || status === 304 || (status >= 100 && status < 200);
        const isChunked =
          bytes.length > (dialect.largestWhole ?? Number.POSITIVE_INFINITY) &&
          head.minor === 1 &&
          head.method !== 'HEAD' &&
          !isBare &&
          !headers.some(([name]) => name === 'Content-Length');
        const length = isBare || isChunked ? undefined : bytes.length;
        const first = this.head(head, status, headers, length, isChunked, bytes, dialect);
        if (head.method === 'HEAD' || isBare) this.stream.write(first);
        else if (isChunked)
          this.stream.write(Buffer.concat([first, chunked(bytes), Buffer.from('0\r\n\r\n')]));
        else this.stream.write(Buffer.concat([first, bytes]));
        this.finish(head);
      },
      stream: (status, headers) => this.beginStream(head, status, headers),
      leaving: () => {
        this.left ??= new AbortController();
        if (this.isEnding || this.stream.destroyed) this.left.abort();
        else this.stream.resume();
        return this.left.signal;
      },
      close: (last) => this.leave(last),
      hijack: () => {
        this.isOver = true;
        this.stream.off('data', this.take);
        this.stream.off('end', this.end);
        this.putBack();
        return this.stream;
      },
    };
  }

  private beginStream(head: Head, status: number, headers: Headers): AnswerStream {
    const isChunked = head.minor === 1;
    const isBare = head.method === 'HEAD';
    let isDone = false;
    this.stream.write(this.head(head, status, headers, undefined, isChunked && !isBare));
    const isGone = (): boolean => isDone || this.stream.destroyed || this.stream.writableEnded;
    return {
      write: async (chunk) => {
        if (isGone()) return false;
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        if (isBare || bytes.length === 0) return true;
        const framed = isChunked ? chunked(bytes) : bytes;
        if (!this.stream.write(framed)) await drained(this.stream);
        return !isGone();
      },
      end: (trailers = []) => {
        if (isGone()) return;
        isDone = true;
        const last = trailers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
        if (isChunked && !isBare) this.stream.write(`0\r\n${last}\r\n`);
        this.finish(isChunked ? head : { ...head, keepsAlive: false });
      },
      get isOver() {
        return isGone();
      },
    };
  }

  private head(
    { minor, keepsAlive }: Head,
    status: number,
    set: Headers,
    length: number | undefined,
    isChunked: boolean,
    body: Buffer = Buffer.alloc(0),
    dialect: Dialect = this.options.dialect,
  ): Buffer {
    const connection = keepsAlive ? (minor === 0 ? 'keep-alive' : undefined) : 'close';
    const framed = {
      status,
      date: new Date().toUTCString(),
      length,
      isChunked,
      connection,
      minor,
      body,
    } as const;
    const lines = dialect.headers(set, framed).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(
      `HTTP/1.${dialect.minor ?? minor} ${status} ${dialect.reason(status)}\r\n${lines.join('')}\r\n`,
      'latin1',
    );
  }

  /** After an answer: the next request, or the end. What is left of a body is not waited for. */
  private finish({ keepsAlive }: Head): void {
    if (!keepsAlive) {
      this.leave();
      return;
    }
    this.isAnswering = false;
    this.left = undefined;
    this.stream.resume();
    setImmediate(() => {
      this.advance();
      if (this.isEnding && !this.isAnswering) this.stream.end();
    });
  }

  /** Ends the connection; what still comes is let go. */
  private leave(last = ''): void {
    this.isOver = true;
    this.ahead = Buffer.alloc(0);
    this.stream.off('data', this.take).resume();
    this.stream.end(last, () => {
      const timer = setTimeout(() => this.stream.destroy(), lingering);
      this.stream.once('close', () => clearTimeout(timer));
    });
  }

  private close(): void {
    this.isOver = true;
    this.left?.abort();
    this.request?.whole.reject(new VisitorGone('before its request'));
    this.served.resolve();
  }
}

function chunked(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

function drained(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}

/** The empty line; also without carriage returns, which Go takes as well. */
function endOfHead(bytes: Buffer, from: number): { readonly at: number; readonly next: number } | undefined {
  for (let feed = bytes.indexOf(10, from); feed >= 0; feed = bytes.indexOf(10, feed + 1)) {
    if (bytes[feed + 1] === 10) return { at: before(bytes, feed), next: feed + 2 };
    if (bytes[feed + 1] === 13 && bytes[feed + 2] === 10) return { at: before(bytes, feed), next: feed + 3 };
  }
  return undefined;
}

function before(bytes: Buffer, feed: number): number {
  return feed > 0 && bytes[feed - 1] === 13 ? feed - 1 : feed;
}

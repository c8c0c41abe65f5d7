/** HTTP as attackers' tools send it: one request on a connection, whatever comes back until it is enough. */
import { get } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly body?: string | Uint8Array;
  /** Beside Host, User-Agent and what the body needs. */
  readonly headers?: readonly string[];
  readonly agent?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  /** As it came, frames and chunks included. */
  readonly body: string;
}

export interface RawPlace {
  readonly port: number;
  readonly isTls?: boolean;
}

/** A connection on which something was asked, and all that came on it. */
export interface RawConnection {
  write(bytes: string | Uint8Array): void;
  received(): string;
  /** Resolves when what came meets the pattern, or the connection ends, or after `patience` milliseconds. */
  until(pattern: RegExp, patience?: number): Promise<string>;
  end(): void;
}

export function open({ port, isTls }: RawPlace, request: RawRequest): RawConnection {
  const where = { port, host: '127.0.0.1' };
  const socket: Socket = isTls ? connectTls({ ...where, rejectUnauthorized: false }) : connect(where);
  let received = '';
  let isOver = false;
  let wake = (): void => {};
  socket.setEncoding('latin1').on('data', (part: string) => {
    received += part;
    wake();
  });
  socket.on('error', () => {});
  socket.once('close', () => {
    isOver = true;
    wake();
  });
  const content = Buffer.from(request.body ?? '');
  const lines = [
    `${request.method} ${request.target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `User-Agent: ${request.agent ?? 'Go-http-client/1.1'}`,
    ...(content.length > 0 || request.method === 'POST' ? [`Content-Length: ${content.length}`] : []),
    ...(request.headers ?? []),
  ];
  socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content]));
  return {
    write: (bytes) => void socket.write(bytes),
    received: () => received,
    async until(pattern, patience = 15_000) {
      const end = performance.now() + patience;
      while (!isOver && !pattern.test(received) && performance.now() < end)
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, Math.max(1, end - performance.now())).unref();
        });
      return received;
    },
    end: () => socket.destroy(),
  };
}

/** One request whose answer ends the connection. */
export async function ask(place: RawPlace, request: RawRequest, patience?: number): Promise<RawAnswer> {
  const connection = open(place, {
    ...request,
    headers: [...(request.headers ?? []), 'Connection: close'],
  });
  const text = await connection.until(/(?!)/, patience);
  connection.end();
  const gap = text.indexOf('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
    head: text.slice(0, Math.max(0, gap)),
    body: gap < 0 ? '' : text.slice(gap + 4),
  };
}

/** A page of JSON behind a certificate that nobody knows. */
export function getJson(port: number, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => resolve(JSON.parse(text)));
    }).once('error', reject);
  });
}

/** A registry on loopback that behaves as a test wants, mostly badly. Only for tests. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { OpenOptions } from '../src/image/image.ts';
import { defaultLimits, type RegistryLimits } from '../src/image/registry/limits.ts';
import { WaterguardError } from '../src/model/error.ts';

export interface FakeRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** What was asked, in order: `GET /v2/…`; without the first look whether TLS is spoken. */
  readonly asked: string[];
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** @param connect answers CONNECT, for a registry that plays a proxy */
export async function fakeRegistry(
  handle: Handler,
  connect?: (request: IncomingMessage, socket: Duplex) => void,
): Promise<FakeRegistry> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.on('error', () => {});
    handle(request, response);
  });
  if (connect) server.on('connect', connect);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    host: `127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

export const insecure: OpenOptions = { platform: 'linux/amd64', insecure: true, env: {} };

/** Small enough for a test that waits for each of them. */
export const smallLimits: RegistryLimits = {
  ...defaultLimits,
  manifestBytes: 10_000,
  tokenBytes: 2_000,
  pageBytes: 10_000,
  unsizedBlobBytes: 5_000,
  answerMs: 400,
  idleMs: 150,
  wholeMs: 600,
  slowestBytes: 1_000,
  slowestMs: 400,
  tries: 3,
  backoffMs: 1,
  retryAfterMs: 2_000,
  pages: 20,
};

/** For `assert.rejects` and `assert.throws`. */
export function fails(code: WaterguardError['code'], message: RegExp): (error: unknown) => boolean {
  return (error) => {
    if (error instanceof WaterguardError && error.code === code && message.test(error.message)) return true;
    throw new Error(`expected ${code} with ${message}`, { cause: error });
  };
}

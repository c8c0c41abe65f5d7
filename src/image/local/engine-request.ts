/** One GET to the Docker Engine: where it listens, and what went wrong where it does not answer. */
import { type ClientRequest, get, type IncomingMessage, type RequestOptions } from 'node:http';
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';

export interface EngineAddress {
  readonly options: Readonly<Pick<RequestOptions, 'socketPath' | 'host' | 'port'>>;
  /** For messages. */
  readonly shown: string;
}

/** The Engine's own default on Linux and macOS. */
const defaultHost = 'unix:///var/run/docker.sock';

/** Reads DOCKER_HOST (`unix://PATH`, `tcp://HOST:PORT`).
 *  @throws WaterguardError `usage` for another form, `unsupported` for TLS and ssh */
export function engineAddress(env: Readonly<Record<string, string | undefined>>): EngineAddress {
  const text = env.DOCKER_HOST || defaultHost;
  const shown = printable(text, 200);
  if (text.startsWith('unix://') && text.length > 'unix://'.length) {
    return { options: { socketPath: text.slice('unix://'.length) }, shown };
  }
  if (env.DOCKER_TLS_VERIFY || /^(?:ssh|https):/.test(text)) {
    throw new WaterguardError(
      'unsupported',
      `The Engine at ${shown} is reached over TLS or ssh, which is not read. Forward its socket ` +
        '(`ssh -L /tmp/docker.sock:/var/run/docker.sock HOST`) and set DOCKER_HOST=unix:///tmp/docker.sock, or ' +
        'scan what `docker save` wrote with docker-archive:FILE.',
    );
  }
  const url = /^tcp:\/\/[^/@?#]+\/?$/.test(text) ? URL.parse(text.replace('tcp:', 'http:')) : null;
  if (url === null) {
    const advice = 'Write unix:///path/to/docker.sock or tcp://HOST:PORT.';
    throw new WaterguardError('usage', `DOCKER_HOST=${shown} names no Engine. ${advice}`);
  }
  return {
    options: { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 2375 : Number(url.port) },
    shown,
  };
}

/** Milliseconds. The Engine gathers all layers of an image before it sends the first byte, which takes minutes
 *  for a large one; after that, silence means that it is stuck. */
const firstByteLimit = 600_000;
const idleLimit = 60_000;

/**
 * The body of the answer.
 * @param refuse makes the error for a status other than 200 from the Engine's own message
 * @throws WaterguardError `unreadable` where nothing listens or access is denied, `network`, and what `refuse` makes
 */
export async function* engineGet(
  address: EngineAddress,
  path: string,
  refuse: (status: number, message: string) => WaterguardError,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const request = get({
    ...address.options,
    path,
    agent: false,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const response = await within(firstByteLimit, answerTo(request), address);
    const chunks: AsyncIterator<Uint8Array> = response[Symbol.asyncIterator]();
    const status = response.statusCode ?? 0;
    if (status !== 200) throw refuse(status, await engineMessage(chunks, address));
    for (;;) {
      const next = await within(idleLimit, chunks.next(), address);
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw asEngineError(error, address);
  } finally {
    request.destroy();
  }
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
}

/** Errors come as `{"message": "…"}`; whatever else it is, some of it is shown. */
async function engineMessage(chunks: AsyncIterator<Uint8Array>, address: EngineAddress): Promise<string> {
  let text = '';
  while (text.length < 4096) {
    const next = await within(idleLimit, chunks.next(), address);
    if (next.done === true) break;
    text += Buffer.from(next.value).toString('utf8');
  }
  return /"message"\s*:\s*"((?:[^"\\]|\\.){0,500})/.exec(text)?.[1] ?? text.slice(0, 200).trim();
}

/** Only waiting for the Engine counts, not the time that a slow reader takes between two chunks. */
async function within<Result>(
  limit: number,
  result: Promise<Result>,
  address: EngineAddress,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `The Engine at ${address.shown} sent nothing for ${limit / 1000} seconds. Look into its log, then scan again.`;
    timer = setTimeout(() => reject(new WaterguardError('network', message)), limit);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

function asEngineError(error: unknown, { shown }: EngineAddress): unknown {
  if (error instanceof WaterguardError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const other = 'or scan the image from its registry (leave out "docker:") or from docker-archive:FILE';
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ENOTSOCK': {
      const message = `No Docker Engine listens at ${shown}. Start it, set DOCKER_HOST, ${other}.`;
      return new WaterguardError('unreadable', message, { cause: error });
    }
    case 'EACCES':
    case 'EPERM': {
      const message = `Access to the Docker Engine at ${shown} is denied. Run as a user that may use it, ${other}.`;
      return new WaterguardError('unreadable', message, { cause: error });
    }
    default: {
      const message = `The connection to the Docker Engine at ${shown} broke (${printable(code || String(error), 120)}). Scan again.`;
      return new WaterguardError('network', message, { cause: error });
    }
  }
}

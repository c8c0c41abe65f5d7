/**
 * One request and its answer over node:http, without redirects, login or retries. It decides what is safe to
 * ask at all: plain HTTP and unverified TLS only on loopback and only when asked for, addresses only as the
 * guard admits them. node:http rather than fetch, because only it lets the address be judged at connect time.
 */
import type { Agent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { WaterguardError } from '../../model/error.ts';
import { type AddressGuard, isLoopbackHost } from './address.ts';
import { connectionFailure } from './failure.ts';
import type { RegistryLimits } from './limits.ts';

/** An `import` would evaluate all they export, and with it a client for fetch and WebSocket: 40 ms (Node 24.21). */
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

export interface Ask {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent by POST as a form. */
  readonly form?: URLSearchParams;
  /** Sent by POST as JSON; not beside a form. */
  readonly json?: string;
  /** Without it a request with a body is a POST and any other a GET. */
  readonly method?: 'HEAD';
  readonly signal?: AbortSignal | undefined;
}

/** The body must be read to its end or destroyed, or its connection is held. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
  /** The one of the request; it ends the body too. */
  readonly signal: AbortSignal | undefined;
}

export interface Connections {
  /** @throws WaterguardError `refused` before anything is sent, `network` for a failing connection */
  exchange(ask: Ask): Promise<Answer>;
  close(): void;
}

export function openConnections(
  guard: AddressGuard,
  insecure: boolean,
  env: Readonly<Record<string, string | undefined>>,
  limits: RegistryLimits,
): Connections {
  const pool = { keepAlive: true };
  const agents = {
    plain: new http.Agent(pool),
    unverified: new https.Agent({ ...pool, rejectUnauthorized: false }),
    direct: new https.Agent(pool),
    verified: new https.Agent({ ...pool, proxyEnv: proxies(env) }),
  };

  /** Loopback is never asked through a proxy, as in Go's clients. */
  function agentFor(url: URL): Agent {
    const loopback = isLoopbackHost(url.hostname);
    if (url.protocol === 'https:' && !loopback) return agents.verified;
    if (url.protocol === 'https:') return insecure ? agents.unverified : agents.direct;
    if (url.protocol === 'http:' && loopback && insecure) return agents.plain;
    throw new WaterguardError(
      'refused',
      `${url.host} would be asked over plain HTTP; only a registry on loopback may be, with --insecure`,
    );
  }

  function exchange(ask: Ask): Promise<Answer> {
    guard.admit(ask.url);
    const agent = agentFor(ask.url);
    const body = ask.form?.toString() ?? ask.json;
    const type = ask.form ? 'application/x-www-form-urlencoded' : 'application/json';
    return new Promise((answered, failed) => {
      const request = (ask.url.protocol === 'https:' ? https : http).request(ask.url, {
        agent,
        method: ask.method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          'user-agent': 'waterguard',
          'accept-encoding': 'identity',
          ...(body !== undefined && { 'content-type': type }),
          ...ask.headers,
        },
        lookup: guard.lookup,
        maxHeaderSize: limits.headerBytes,
        ...(ask.signal && { signal: ask.signal }),
      });
      const late = setTimeout(() => {
        const seconds = limits.answerMs / 1000;
        request.destroy(new WaterguardError('network', `${ask.url.host} did not answer within ${seconds} s`));
      }, limits.answerMs);
      const fail = (error: unknown) => {
        clearTimeout(late);
        failed(ask.signal?.aborted ? ask.signal.reason : connectionFailure(ask.url, error));
      };
      request.on('error', fail);
      let isAnswered = false;
      // An upgrade that nobody asked for closes the connection without an error.
      request.on('close', () => {
        if (!isAnswered) fail(new Error('the connection was closed without an answer'));
      });
      request.on('response', (response) => {
        isAnswered = true;
        clearTimeout(late);
        answered({
          url: ask.url,
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: response,
          signal: ask.signal,
        });
      });
      request.end(body);
    });
  }

  return {
    exchange,
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/**
 * Only HTTPS is asked through a proxy, by CONNECT. The proxy then resolves names, so the guard judges literal
 * addresses alone and the proxy's own policy decides about the rest.
 * @throws WaterguardError `usage` for a proxy that is not `[http://]HOST[:PORT]`
 */
function proxies(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const written = env.https_proxy || env.HTTPS_PROXY;
  if (!written) return {};
  const proxy = URL.parse(written.includes('://') ? written : `http://${written}`);
  if (!proxy || !/^https?:$/.test(proxy.protocol)) {
    // Not quoted: it may hold a password.
    throw new WaterguardError(
      'usage',
      'HTTPS_PROXY is not http://HOST:PORT; SOCKS proxies are not supported',
    );
  }
  return { HTTPS_PROXY: proxy.href, NO_PROXY: env.no_proxy || env.NO_PROXY || '' };
}

/**
 * The registry API of one endpoint (https://github.com/opencontainers/distribution-spec, v1.1): a GET or HEAD that
 * logs in when it is told to, follows redirects, waits and tries again, and ends in an expected answer or an
 * error that says what to do.
 */
import type { OpenOptions } from '../image.ts';
import { guardAddresses, isLoopbackHost } from './address.ts';
import { discard, readBeginning } from './body.ts';
import { findCredentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { type Answer, type Connections, openConnections } from './exchange.ts';
import { isNoTls, statusFailure } from './failure.ts';
import type { RegistryLimits } from './limits.ts';
import { type Login, openLogin } from './login.ts';
import { follow } from './redirect.ts';
import { withRetries } from './retry.ts';

export interface Get {
  readonly method?: 'HEAD';
  /** Path and query below the endpoint: `/v2/library/nginx/manifests/1`. */
  readonly path: string;
  /** What the token has to allow: `repository:library/nginx:pull`. */
  readonly scope: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses beside 200 that the caller handles. */
  readonly expected?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

export interface RegistryClient {
  readonly endpoint: Endpoint;
  readonly limits: RegistryLimits;
  /** @throws WaterguardError `missing`, `unauthorized`, `rate-limited`, `network`, `refused`, `limit` */
  get(request: Get): Promise<Answer>;
  close(): void;
}

/** @param told hears the status of every answer, also of those after which the client waits and tries again */
export function openClient(
  endpoint: Endpoint,
  options: OpenOptions,
  limits: RegistryLimits,
  told: (status: number) => void = () => {},
): RegistryClient {
  const secure = new URL(`https://${endpoint.host}`);
  const guard = guardAddresses(secure.hostname);
  const connections = openConnections(guard, options.insecure, options.env, limits);
  const login = openLogin(connections, () => findCredentials(endpoint.registry, options.env), limits);
  let base: Promise<URL> | undefined;

  return {
    endpoint,
    limits,
    async get(request) {
      // Requests at once share one answer; a failure is not kept.
      base ??= baseOf(connections, secure, options.insecure).catch((error: unknown) => {
        base = undefined;
        throw error;
      });
      const url = new URL(request.path, await base);
      const answer = await authorized(connections, login, url, request, limits, told);
      if (answer.status === 200 || request.expected?.includes(answer.status)) return answer;
      throw statusFailure(answer.url, answer.status, await readBeginning(answer, limits));
    },
    close: () => connections.close(),
  };
}

/** A 401 is answered once: after a fresh login that is refused too, the 401 is the answer. */
async function authorized(
  connections: Connections,
  login: Login,
  url: URL,
  { scope, headers, signal, method }: Get,
  limits: RegistryLimits,
  told: (status: number) => void,
): Promise<Answer> {
  const ask = (authorization: string | undefined) => {
    const all = { ...headers, ...(authorization !== undefined && { authorization }) };
    const one = { url, headers: all, signal, ...(method && { method }) };
    const send = async () => {
      const answer = await follow(connections, one, limits);
      told(answer.status);
      return answer;
    };
    return withRetries(send, limits, signal);
  };
  const answer = await ask(login.known(scope));
  // Another host's 401, after a redirect, must not start a login there.
  if (answer.status !== 401 || answer.url.origin !== url.origin) return answer;
  return await ask(await login.answer(answer, scope, signal));
}

/** `--insecure` on loopback means TLS of any kind where the registry speaks it, else plain HTTP, as in docker. */
async function baseOf(connections: Connections, secure: URL, insecure: boolean): Promise<URL> {
  if (!insecure || !isLoopbackHost(secure.hostname)) return secure;
  try {
    discard(await connections.exchange({ url: new URL('/v2/', secure) }));
    return secure;
  } catch (error) {
    if (!isNoTls(error)) throw error;
    return new URL(`http://${secure.host}`);
  }
}

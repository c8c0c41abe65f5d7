/**
 * Docker Hub's own API, beside its registry: search, and tags with the digest of each platform
 * (https://docs.docker.com/reference/api/hub/latest/, read 2026-11; search is not in the documentation, and is what
 * `docker search` and the web site use). One answer tells of 100 tags what the registry tells in 100.
 */
import type { Read } from '../../image/go-json.ts';
import { guardAddresses, isLoopbackHost } from '../../image/registry/address.ts';
import { discard, readBeginning, readWhole } from '../../image/registry/body.ts';
import type { Answer, Ask } from '../../image/registry/exchange.ts';
import { openConnections } from '../../image/registry/exchange.ts';
import { statusFailure } from '../../image/registry/failure.ts';
import { defaultLimits, type RegistryLimits } from '../../image/registry/limits.ts';
import { follow } from '../../image/registry/redirect.ts';
import { withRetries } from '../../image/registry/retry.ts';
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { openHubLogin } from './hub-login.ts';
import { type HubTag, type Page, readPage, searchPage, tagPage } from './hub-page.ts';
import { openPace } from './pace.ts';
import type { ListOptions } from './source.ts';
import { openTurns } from './turns.ts';

export interface HubApi extends Disposable {
  /** As of a `RegistrySession`. */
  readonly gone: WaterguardError | undefined;
  /** Pages of repositories as Docker Hub names them: `nginx`, `bitnami/nginx`. */
  search(query: string): AsyncGenerator<readonly string[]>;
  /** Pages of tags, the newest first. @param repository with its namespace */
  tags(repository: string): AsyncGenerator<readonly HubTag[]>;
}

/**
 * Its pages end, without a login, after the first 100 repositories and 1,000 tags (since 2026-08): then the login
 * that docker stored for Docker Hub is used, if there is one.
 * @param env `WATERGUARD_HUB_URL` names a mirror of the API; plain HTTP is for loopback
 * @throws WaterguardError `usage` for a URL that cannot be used. Pages end in `unauthorized` where a login is
 *   needed to go on, else as `RegistryClient.get`
 */
export function openHubApi(options: ListOptions, limits: RegistryLimits = defaultLimits): HubApi {
  const base = baseOf(options.env);
  const pace = openPace(options.concurrency);
  const turns = openTurns(base.host, pace, options.signal);
  // Its limit is one of requests in a minute, so a minute has to be waited for, by clocks that differ.
  const patient = { ...limits, retryAfterMs: limits.retryAfterMs * 1.5 };
  const insecure = base.protocol === 'http:' || options.insecure;
  const connections = openConnections(guardAddresses(base.hostname), insecure, options.env, limits);
  const { signal } = options;

  const send = (ask: Ask) =>
    withRetries(
      async () => {
        const answer =
          ask.json === undefined ? await follow(connections, ask, limits) : await connections.exchange(ask);
        pace.answered(answer.status);
        return answer;
      },
      patient,
      signal,
    );
  const login = openHubLogin(base, options.env, limits, (ask) => send({ ...ask, signal }));

  async function getPage(url: URL): Promise<Answer> {
    const ask = (value: string | undefined) =>
      send({ url, signal, ...(value !== undefined && { headers: { authorization: value } }) });
    const answer = await ask(login.known());
    if (answer.status !== 401 && answer.status !== 403) return answer;
    const value = await login.obtain();
    if (value === undefined) return answer;
    discard(answer);
    return ask(value);
  }

  async function* pages<Entry>(
    path: string,
    query: URLSearchParams,
    read: Read<Page<Entry>>,
  ): AsyncGenerator<readonly Entry[]> {
    // Numbered here rather than followed: a `next` leads wherever an answer says.
    for (let number = 1; number <= limits.pages; number++) {
      query.set('page', `${number}`);
      query.set('page_size', '100');
      const url = new URL(`${base.pathname.replace(/\/$/, '')}${path}?${query}`, base);
      const page = await turns.take(async () => {
        const answer = await getPage(url);
        if (answer.status !== 200)
          throw statusFailure(answer.url, answer.status, await readBeginning(answer, limits));
        return readPage(await readWhole(answer, limits.pageBytes, 'page of a list', limits), read, url);
      });
      yield page.results;
      if (page.next === undefined || page.results.length === 0) return;
    }
    throw new WaterguardError(
      'limit',
      `${base.host} has more than ${limits.pages} pages at ${printable(path, 300)}`,
    );
  }

  return {
    get gone() {
      return turns.gone;
    },
    search: (query) => pages('/v2/search/repositories/', new URLSearchParams({ query }), searchPage),
    tags: (repository) =>
      pages(
        `/v2/repositories/${repository}/tags`,
        new URLSearchParams({ ordering: 'last_updated' }),
        tagPage,
      ),
    [Symbol.dispose]: () => connections.close(),
  };
}

function baseOf(env: ListOptions['env']): URL {
  const written = env.WATERGUARD_HUB_URL || 'https://hub.docker.com';
  const base = URL.parse(written);
  const isSafe = base?.protocol === 'https:' || (base?.protocol === 'http:' && isLoopbackHost(base.hostname));
  if (base && isSafe && base.username === '' && base.password === '') return base;
  throw new WaterguardError(
    'usage',
    `WATERGUARD_HUB_URL '${printable(written, 100)}' is not https://HOST, nor http:// on loopback`,
  );
}

/**
 * One registry over a whole listing: one client with its connections and tokens, one pace, and an end where it no
 * longer answers. A tag costs one HEAD; only a document that no hunt has seen before is fetched, and verified.
 */
import { formatReference, type Reference } from '../../image/reference.ts';
import { openClient, type RegistryClient } from '../../image/registry/client.ts';
import { endpointsOf } from '../../image/registry/endpoint.ts';
import { defaultLimits, type RegistryLimits } from '../../image/registry/limits.ts';
import { repositoryPages, tagPages } from '../../image/registry/list.ts';
import { checkLoopback } from '../../image/registry/open.ts';
import { WaterguardError } from '../../model/error.ts';
import { openDigests } from './digest-of-tag.ts';
import { openPace } from './pace.ts';
import type { ListedImage, ListOptions } from './source.ts';
import { openTurns } from './turns.ts';

export interface RegistrySession extends Disposable {
  readonly registry: string;
  /** Set when the registry is given up; whatever is asked later fails with it, without a request. */
  readonly gone: WaterguardError | undefined;
  /** Pages of the catalogue. */
  repositories(): AsyncGenerator<readonly string[]>;
  /** Pages of tags. */
  tags(repository: string): AsyncGenerator<readonly string[]>;
  /** @returns undefined for what is no image
   *  @throws WaterguardError as `RegistryClient.get` and `chooseManifest`; `unreadable` where no image fits */
  image(reference: Reference): Promise<ListedImage | undefined>;
}

/** @throws WaterguardError `refused` for `insecure` beyond loopback, `usage` for mirrors that cannot be read */
export function openSession(
  registry: string,
  options: ListOptions,
  limits: RegistryLimits = defaultLimits,
): RegistrySession {
  const { signal } = options;
  const pace = openPace(options.concurrency);
  const endpoints = endpointsOf(registry, options.env);
  if (options.insecure) checkLoopback(registry, endpoints);
  const clients = endpoints.map((one) => openClient(one, options, limits, pace.answered));
  const turns = openTurns(registry, pace, signal);
  const digestOf = openDigests(clients, options, turns);

  async function* paged(pages: AsyncGenerator<readonly string[]>): AsyncGenerator<readonly string[]> {
    try {
      for (;;) {
        const page = await turns.take(() => pages.next());
        if (page.done) return;
        yield page.value;
      }
    } finally {
      await pages.return(undefined);
    }
  }

  return {
    registry,
    get gone() {
      return turns.gone;
    },
    repositories: () => paged(repositoryPages(originOf(clients), signal)),
    tags: (repository) => paged(tagPages(originOf(clients), repository, signal)),
    async image(reference) {
      const digest = await digestOf(reference);
      return digest === undefined ? undefined : listed(reference, digest);
    },
    [Symbol.dispose]() {
      for (const client of clients) client.close();
    },
  };
}

/** A name with the digest behind it. */
export function listed(reference: Reference, digest: string): ListedImage {
  const { registry, repository } = reference;
  return {
    reference: formatReference(reference),
    repository: `${registry}/${repository}`,
    digest,
    target: formatReference({ ...reference, digest }),
  };
}

/** Lists only know the origin: mirrors have a part. It is the last. */
function originOf(clients: readonly RegistryClient[]): RegistryClient {
  const origin = clients.at(-1);
  if (origin) return origin;
  throw new WaterguardError('internal', 'a registry without endpoints was listed');
}

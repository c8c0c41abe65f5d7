/** What a registry has: repositories, tags, and what refers to an image (signatures, SBOMs). */
import { WaterguardError } from '../../model/error.ts';
import type { Descriptor } from '../blob-store.ts';
import {
  fields,
  list,
  optional,
  type Read,
  readOrUndefined,
  record,
  size,
  text,
  textThat,
} from '../go-json.ts';
import type { OpenOptions } from '../image.ts';
import { isDigest, isRegistry, isRepository, isTag, parseReference } from '../reference.ts';
import { openClient, type RegistryClient } from './client.ts';
import { originOf } from './endpoint.ts';
import { defaultLimits, type RegistryLimits } from './limits.ts';
import { indexType } from './manifest.ts';
import { checkLoopback } from './open.ts';
import { type Page, readPages } from './page.ts';

/**
 * The tags of a repository, in the registry's order. Only the origin is asked: mirrors know a part. A name
 * that breaks the grammar cannot be pulled and is left out.
 * @throws WaterguardError as `openRegistry`, `corrupt` for an answer that is no list, `limit` for endless pages
 */
export async function* listTags(
  repositoryText: string,
  options: OpenOptions,
  limits: RegistryLimits = defaultLimits,
): AsyncGenerator<string> {
  const { registry, repository } = parseReference(repositoryText);
  using opened = openOrigin(registry, options, limits);
  for await (const page of tagPages(opened.client, repository, options.signal)) yield* page;
}

/** The same page by page, through a client that stays open. */
export async function* tagPages(
  client: RegistryClient,
  repository: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const scope = `repository:${repository}:pull`;
  const path = `/v2/${repository}/tags/list?n=1000`;
  for await (const page of readPages(client, { path, scope, signal })) {
    yield (readPage(tagPage, page).tags ?? []).filter(isTag);
  }
}

/**
 * The repositories of a registry (`_catalog`; Docker Hub and many hosted registries have none).
 * @param registry `host[:port]`
 * @throws WaterguardError as `listTags`, `missing` where the registry has no catalogue
 */
export async function* listRepositories(
  registry: string,
  options: OpenOptions,
  limits: RegistryLimits = defaultLimits,
): AsyncGenerator<string> {
  if (!isRegistry(registry))
    throw new WaterguardError('usage', `'${registry}' is not a registry host[:port]`);
  using opened = openOrigin(registry, options, limits);
  for await (const page of repositoryPages(opened.client, options.signal)) yield* page;
}

/** The same page by page, through a client that stays open. */
export async function* repositoryPages(
  client: RegistryClient,
  signal?: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const request = { path: '/v2/_catalog?n=1000', scope: 'registry:catalog:*', signal };
  for await (const page of readPages(client, request)) {
    yield (readPage(catalogPage, page).repositories ?? []).filter(isRepository);
  }
}

export interface Referrer extends Descriptor {
  /** What it is: `application/vnd.dev.cosign.artifact.sig.v1+json`; empty where not said. */
  readonly artifactType: string;
}

/**
 * The manifests that name `digest` as their subject. Where a registry lacks the API (404, as docker-registry
 * 2.8.2), the tag `sha256-<hex>` is read instead, as the distribution specification 1.1 asks of clients.
 * @returns empty where neither exists
 */
export async function listReferrers(
  repositoryText: string,
  digest: string,
  options: OpenOptions,
  limits: RegistryLimits = defaultLimits,
): Promise<Referrer[]> {
  const { registry, repository } = parseReference(repositoryText);
  if (!isDigest(digest)) throw new WaterguardError('usage', `'${digest}' is not a digest`);
  const scope = `repository:${repository}:pull`;
  const headers = { accept: indexType };
  using opened = openOrigin(registry, options, limits);
  const [algorithm = '', hex = ''] = digest.split(':');
  const places = [
    `/v2/${repository}/referrers/${digest}`,
    // The specification cuts the hex part, which matters for sha512.
    `/v2/${repository}/manifests/${algorithm}-${hex.slice(0, 64)}`,
  ];
  for (const path of places) {
    const found: Referrer[] = [];
    let missing = false;
    const request = { path, scope, headers, expected: [404], signal: options.signal };
    for await (const page of readPages(opened.client, request)) {
      missing = page.status === 404;
      if (!missing) found.push(...readPage(referrersPage, page).manifests.map(referrerOf));
    }
    if (!missing) return found;
  }
  return [];
}

const tagPage = fields({ tags: optional(list(text())) });
const catalogPage = fields({ repositories: optional(list(text())) });

const referrer = fields({
  mediaType: text(),
  digest: textThat('a digest', isDigest),
  size,
  artifactType: optional(text()),
  annotations: optional(record(text())),
});

const referrersPage = fields({ manifests: list(referrer) });

function referrerOf(listed: ReturnType<typeof referrer>): Referrer {
  const { annotations, artifactType = '', ...descriptor } = listed;
  return { ...descriptor, artifactType, ...(annotations && { annotations }) };
}

function readPage<Value>(read: Read<Value>, page: Page): Value {
  const content = readOrUndefined(page.content, read);
  if (content !== undefined) return content;
  throw new WaterguardError(
    'corrupt',
    `${page.url.host} answered ${page.url.pathname} with something else than a list`,
  );
}

function openOrigin(registry: string, options: OpenOptions, limits: RegistryLimits): Opened {
  const endpoint = originOf(registry);
  if (options.insecure) checkLoopback(registry, [endpoint]);
  const client = openClient(endpoint, options, limits);
  return { client, [Symbol.dispose]: () => client.close() };
}

interface Opened extends Disposable {
  readonly client: RegistryClient;
}

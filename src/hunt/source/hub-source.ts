/** `hub:QUERY`: every tag of the repositories that Docker Hub's search finds. */
import {
  fitness,
  normalPlatform,
  type Platform,
  parsePlatform,
  platformText,
} from '../../image/manifest/platform.ts';
import { formatReference, isDigest, isRepository, isTag, type Reference } from '../../image/reference.ts';
import { defaultLimits, type RegistryLimits } from '../../image/registry/limits.ts';
import { WaterguardError } from '../../model/error.ts';
import { ahead } from './ahead.ts';
import { type HubApi, openHubApi } from './hub-api.ts';
import type { HubImage, HubTag } from './hub-page.ts';
import { asProblem } from './problem.ts';
import { listed, openSession, type RegistrySession } from './registry-session.ts';
import type { ListedImage, ListOptions } from './source.ts';

/**
 * Digests come with the list of tags, so the registry itself is asked only for tags whose list has none that fits.
 * @throws WaterguardError where the search fails at once; what fails later is a problem
 */
export async function* listHub(
  query: string,
  options: ListOptions,
  limits: RegistryLimits = defaultLimits,
): AsyncGenerator<ListedImage> {
  const wanted = parsePlatform(options.platform);
  using api = openHubApi(options, limits);
  using registry = openedWhenAsked(options, limits);
  const given = () => [api.gone, registry.gone()].filter((one) => one !== undefined);
  const tell: Tell = (where, error) => {
    options.signal?.throwIfAborted();
    if (!given().some((one) => one === error)) options.problem(asProblem(where, error));
  };
  const lists = ahead(repositories(api, query, tell), options.concurrency, (name) => begin(api, name, tell));
  const images = ahead(tagsOf(lists, options.since, tell), 2 * options.concurrency, async (one) => {
    const { reference, tag } = one;
    try {
      const image = await imageOf(reference, tag, wanted, registry.session);
      return image && tag.changedAt ? { ...image, changedAt: tag.changedAt } : image;
    } catch (error) {
      return tell(formatReference(reference), error);
    }
  });
  for await (const image of images) if (image) yield image;
  for (const error of given()) options.problem(asProblem('Docker Hub', error));
}

type Tell = (where: string, error: unknown) => undefined;

/** With their namespace. What a search tells twice, because its pages shift meanwhile, counts once. */
async function* repositories(api: HubApi, query: string, tell: Tell): AsyncGenerator<string> {
  const seen = new Set<string>();
  try {
    for await (const page of api.search(query)) {
      for (const name of page) {
        const repository = name.includes('/') ? name : `library/${name}`;
        if (api.gone) return;
        if (!isRepository(repository) || seen.has(repository)) continue;
        seen.add(repository);
        yield repository;
      }
    }
  } catch (error) {
    if (seen.size === 0) throw error;
    tell('Docker Hub', error);
  }
}

/** The first page is read ahead of its turn. */
async function begin(api: HubApi, repository: string, tell: Tell) {
  const others = api.tags(repository);
  try {
    const first = await others.next();
    return { repository, first: first.done ? [] : first.value, others };
  } catch (error) {
    return tell(`docker.io/${repository}`, error);
  }
}

type TagList = NonNullable<Awaited<ReturnType<typeof begin>>>;

async function* tagsOf(
  lists: AsyncIterable<TagList | undefined>,
  since: Date | undefined,
  tell: Tell,
): AsyncGenerator<{ readonly reference: Reference; readonly tag: HubTag }> {
  for await (const list of lists) {
    if (!list) continue;
    const { repository } = list;
    try {
      for await (const tag of recent(list, since)) {
        if (isTag(tag.name)) yield { reference: { registry: 'docker.io', repository, tag: tag.name }, tag };
      }
    } catch (error) {
      tell(`docker.io/${repository}`, error);
    }
  }
}

/** Ends at the first page that is wholly older than `since`, as long as the pages kept to the newest first. */
async function* recent({ first, others }: TagList, since: Date | undefined): AsyncGenerator<HubTag> {
  let previous = Number.POSITIVE_INFINITY;
  let isOrdered = true;
  for (let page = first; ; ) {
    let fresh = 0;
    for (const tag of page) {
      const changed = tag.changedAt?.getTime() ?? Number.POSITIVE_INFINITY;
      isOrdered &&= changed <= previous;
      previous = changed;
      if (since && changed < since.getTime()) continue;
      fresh += 1;
      yield tag;
    }
    if (since && isOrdered && fresh === 0) break;
    const next = await others.next();
    if (next.done) return;
    page = next.value;
  }
  await others.return(undefined);
}

async function imageOf(
  reference: Reference,
  { contentType, images }: HubTag,
  wanted: Platform,
  registry: () => RegistrySession,
): Promise<ListedImage | undefined> {
  // What Docker Hub takes for something else is looked at, and so is what it has no digests of.
  if (contentType !== '' && contentType !== 'image') return registry().image(reference);
  const named = images.filter((one) => isDigest(one.digest) && one.os !== 'unknown');
  const best = bestOf(named, wanted) ?? (named.length === 1 ? named[0] : undefined);
  if (best) return listed(reference, best.digest);
  if (named.length < images.length || images.length === 0) return registry().image(reference);
  const offered = [...new Set(named.map((one) => platformText(platformOf(one))))].slice(0, 20).join(', ');
  throw new WaterguardError(
    'unreadable',
    `${formatReference(reference)} has no image for ${platformText(wanted)}. It has ${offered}: choose one with --platform.`,
  );
}

/** The first of the fittest, as a scan chooses from an index. */
function bestOf(images: readonly HubImage[], wanted: Platform): HubImage | undefined {
  const fits = images.map((one) => fitness(platformOf(one), wanted));
  const most = Math.max(0, ...fits);
  return most > 0 ? images[fits.indexOf(most)] : undefined;
}

function platformOf({ os, architecture, variant }: HubImage): Platform {
  return normalPlatform(os, architecture, variant);
}

/** The registry is opened for the first tag that needs it: most listings need it for none. */
function openedWhenAsked(options: ListOptions, limits: RegistryLimits) {
  let opened: RegistrySession | undefined;
  return {
    session: () => {
      opened ??= openSession('docker.io', options, limits);
      return opened;
    },
    gone: () => opened?.gone,
    [Symbol.dispose]: () => opened?.[Symbol.dispose](),
  };
}

/** `registry:HOST[:PORT][/PREFIX]`: every tag of the repositories in the catalogue, or of the one that is named. */
import type { RegistryLimits } from '../../image/registry/limits.ts';
import { WaterguardError } from '../../model/error.ts';
import { ahead } from './ahead.ts';
import { asProblem } from './problem.ts';
import { openSession, type RegistrySession } from './registry-session.ts';
import type { HuntSource, ListedImage, ListOptions } from './source.ts';

/**
 * Where there is no catalogue, as on many hosted registries, a prefix that is a repository is listed all the same.
 * @throws WaterguardError where nothing can be listed; what fails later is a problem
 */
export async function* listRegistry(
  source: HuntSource & { readonly kind: 'registry' },
  options: ListOptions,
  limits?: RegistryLimits,
): AsyncGenerator<ListedImage> {
  using session = openSession(source.registry, options, limits);
  const tell = teller(session, options);
  const lists = tagLists(session, source.prefix, options, tell);
  const images = ahead(tagsOf(session, lists, tell), width(options), async ({ repository, tag }) => {
    const reference = { registry: session.registry, repository, tag };
    return session.image(reference).catch((error) => tell(`${repository}:${tag}`, error));
  });
  for await (const image of images) {
    if (image) yield image;
  }
  if (session.gone) options.problem(asProblem(session.registry, session.gone));
}

/**
 * Tags that are asked for and not told yet. Many, as what is known of them is looked up for many at once; not much
 * beyond what is wanted at all.
 */
function width({ concurrency, limit = Number.POSITIVE_INFINITY }: ListOptions): number {
  return Math.max(2 * concurrency, Math.min(16 * concurrency, limit));
}

/** One failure as a problem; those after the registry was given up are one problem together. */
type Tell = (where: string, error: unknown) => undefined;

function teller(session: RegistrySession, options: ListOptions): Tell {
  return (where, error) => {
    options.signal?.throwIfAborted();
    if (error !== session.gone) options.problem(asProblem(`${session.registry}/${where}`, error));
  };
}

/** The tags of one repository: the first page is read ahead of its turn, the others in it. */
interface TagList {
  readonly repository: string;
  readonly first: readonly string[];
  readonly others: AsyncGenerator<readonly string[]>;
}

/** Ends where the registry is given up: thousands of further tags would fail one by one. */
async function* tagsOf(
  session: RegistrySession,
  lists: AsyncIterable<TagList>,
  tell: Tell,
): AsyncGenerator<{ readonly repository: string; readonly tag: string }> {
  for await (const list of lists) {
    const { repository } = list;
    try {
      for await (const tag of tagsIn(list)) {
        if (session.gone) return;
        yield { repository, tag };
      }
    } catch (error) {
      tell(repository, error);
    }
  }
}

async function* tagsIn({ first, others }: TagList): AsyncGenerator<string> {
  yield* first;
  for await (const page of others) yield* page;
}

async function* tagLists(
  session: RegistrySession,
  prefix: string,
  options: ListOptions,
  tell: Tell,
): AsyncGenerator<TagList> {
  let count = 0;
  let refused: unknown;
  async function* names(): AsyncGenerator<string> {
    try {
      for await (const page of session.repositories()) {
        for (const name of page) {
          if (prefix !== '' && name !== prefix && !name.startsWith(prefix + '/')) continue;
          if (session.gone) return;
          count += 1;
          yield name;
        }
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      refused = error;
    }
  }
  const begun = ahead(names(), options.concurrency, (name) =>
    begin(session, name).catch((error) => tell(name, error)),
  );
  for await (const one of begun) if (one) yield one;

  if (count > 0 && refused) tell('_catalog', refused);
  if (count > 0) return;
  if (prefix !== '') {
    // A catalogue that is refused, or hides this name, may hide others that begin with it.
    options.partly?.();
    yield await beginUnlisted(session, prefix, refused);
  } else if (refused) throw noCatalogue(refused);
}

/** @param refused why there is no catalogue, where there is none */
async function beginUnlisted(session: RegistrySession, name: string, refused: unknown): Promise<TagList> {
  try {
    return await begin(session, name);
  } catch (error) {
    if (!(error instanceof WaterguardError) || error === session.gone) throw error;
    throw refused ? noCatalogue(refused, error) : noSuchName(session.registry, name, error);
  }
}

async function begin(session: RegistrySession, repository: string): Promise<TagList> {
  const pages = session.tags(repository);
  const first = await pages.next();
  return { repository, first: first.done ? [] : first.value, others: pages };
}

function noCatalogue(refused: unknown, direct?: WaterguardError): unknown {
  if (!(refused instanceof WaterguardError)) return refused;
  const message = direct
    ? `${direct.message}; nor is there a catalogue that says what begins with that name: ${refused.message}`
    : `${refused.message}; without a catalogue, name a repository, as registry:HOST/REPOSITORY` +
      ', or search Docker Hub with hub:QUERY';
  return new WaterguardError((direct ?? refused).code, message, { cause: refused });
}

function noSuchName(registry: string, prefix: string, cause: WaterguardError): WaterguardError {
  if (cause.code !== 'missing' && cause.code !== 'unauthorized') return cause;
  const message = `${registry} lists no repository ${prefix} and none that begins with ${prefix}/: ${cause.message}`;
  return new WaterguardError(cause.code, message, { cause });
}

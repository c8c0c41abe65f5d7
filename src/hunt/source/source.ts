/**
 * What a hunt is pointed at: `registry:HOST[:PORT][/PREFIX]`, `hub:QUERY`, `list:FILE` or `oci:DIR`. Every kind is
 * enumerated to the same thing, names of images with the digest behind each, as cheaply as its source allows: what
 * was scanned before is known by its digest and need not be fetched again.
 */
import { setMaxListeners } from 'node:events';
import type { OpenOptions } from '../../image/image.ts';
import { parseReference, type Reference } from '../../image/reference.ts';
import type { RegistryLimits } from '../../image/registry/limits.ts';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import type { KnownManifests } from './known.ts';
import { bounded, type ListingProblem } from './problem.ts';

/** `text` is the source as it was written. */
export type HuntSource =
  /** `prefix` names a repository, or what stands before a slash in several; empty for all. */
  | { readonly kind: 'registry'; readonly text: string; readonly registry: string; readonly prefix: string }
  | { readonly kind: 'hub'; readonly text: string; readonly query: string }
  | { readonly kind: 'list'; readonly text: string; readonly file: string }
  | { readonly kind: 'oci'; readonly text: string; readonly folder: string };

/** Looks at the text alone.
 *  @throws WaterguardError `usage`, saying which forms there are */
export function parseSource(text: string): HuntSource {
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  if (colon < 0 || rest.trim() === '' || rest.includes('\0')) throw invalid(text, 'it names nothing');
  switch (text.slice(0, colon)) {
    case 'registry':
      return { kind: 'registry', text, ...registryAndPrefix(text, rest) };
    case 'hub':
      return { kind: 'hub', text, query: rest.trim() };
    case 'list':
      return { kind: 'list', text, file: rest };
    case 'oci':
      return { kind: 'oci', text, folder: rest };
    default:
      throw invalid(text, 'its kind is not stated');
  }
}

/** Whether its images can be read only where its files lie; a registry's can be read from any machine. */
export function isLocal(source: HuntSource): boolean {
  return source.kind === 'list' || source.kind === 'oci';
}

/**
 * The repository below which a whole listing tells of every name there is, so that one that is not told is gone;
 * undefined where a source tells of some names only.
 */
export function wholeBelow(source: HuntSource): string | undefined {
  if (source.kind !== 'registry') return undefined;
  return source.prefix === '' ? source.registry : `${source.registry}/${source.prefix}`;
}

/** One name of an image, as listed. An image is (`repository`, `digest`): its names come one by one. */
export interface ListedImage {
  /** For people, completed and printable: `127.0.0.1:5000/team/app:1`, `oci:dir:1`. */
  readonly reference: string;
  /** `127.0.0.1:5000/team/app`; for a layout or an archive its kind and printable path. */
  readonly repository: string;
  /** Of the platform's manifest; what the source says, which a scan verifies. */
  readonly digest: string;
  /** What `openTarget` takes, pinned by digest where possible: `127.0.0.1:5000/team/app:1@sha256:…`. */
  readonly target: string;
  /** Where the source tells. */
  readonly changedAt?: Date;
}

export interface ListOptions extends OpenOptions {
  /** Requests at once to one registry; at least 1. */
  readonly concurrency: number;
  /** Leaves out what changed before, where the source tells. */
  readonly since?: Date;
  /** Ends after so many images. */
  readonly limit?: number;
  readonly known: KnownManifests;
  /** Hears of what could not be listed while the rest goes on. */
  problem(one: ListingProblem): void;
  /** Hears of it where there may be more than the source tells. */
  partly?(): void;
}

/**
 * Every name of every image, in the order of the source. Ending the loop early ends what is under way.
 * @throws WaterguardError where nothing at all can be listed: `unreadable`, `missing`, `unauthorized`, `network` and
 *   the like; the signal's reason
 */
export async function* listImages(
  source: HuntSource,
  options: ListOptions,
  limits?: RegistryLimits,
): AsyncGenerator<ListedImage> {
  const most = options.limit ?? Number.POSITIVE_INFINITY;
  if (most <= 0) return;
  const own = new AbortController();
  const signal = options.signal ? AbortSignal.any([own.signal, options.signal]) : own.signal;
  // Each request under way listens to it.
  setMaxListeners(0, signal);
  const problems = bounded(options.problem);
  const images = new Set<string>();
  try {
    const list = await loadSource(source);
    for await (const one of list({ ...options, signal, problem: problems.tell }, limits)) {
      yield one;
      if (most === Number.POSITIVE_INFINITY) continue;
      images.add(`${one.repository}@${one.digest}`);
      if (images.size >= most) break;
    }
    problems.end();
  } finally {
    own.abort();
  }
}

type Listing = (options: ListOptions, limits?: RegistryLimits) => AsyncGenerator<ListedImage>;

/** Each kind loads when it is asked for, as the kinds of targets do; whoever waits for something else may ask early. */
export async function loadSource(source: HuntSource): Promise<Listing> {
  switch (source.kind) {
    case 'registry': {
      const { listRegistry } = await import('./registry-source.ts');
      return (options, limits) => listRegistry(source, options, limits);
    }
    case 'hub': {
      const { listHub } = await import('./hub-source.ts');
      return (options, limits) => listHub(source.query, options, limits);
    }
    case 'list': {
      const { listFile } = await import('./list-source.ts');
      return (options, limits) => listFile(source.file, options, limits);
    }
    case 'oci': {
      const { listFolder } = await import('./layout-source.ts');
      return (options) => listFolder(source.folder, options);
    }
  }
}

/** Completed as docker does it: `docker.io/nginx` is `library/nginx` there. */
function registryAndPrefix(text: string, rest: string): { registry: string; prefix: string } {
  const written = rest.replace(/\/$/, '');
  const host = written.split('/', 1)[0] ?? '';
  const path = written.slice(host.length + 1);
  if (/[:@]/.test(path)) throw invalid(text, 'it names one image, which scan takes and a list:FILE may hold');
  const { registry, repository } = completed(text, `${host}/${path === '' ? 'any' : path}`);
  if (registry !== host && host !== 'index.docker.io') {
    throw invalid(text, `'${printable(host, 100)}' is no host: write its domain or its port`);
  }
  return { registry, prefix: path === '' ? '' : repository };
}

function completed(text: string, reference: string): Reference {
  try {
    return parseReference(reference);
  } catch (error) {
    throw invalid(text, messageOf(error));
  }
}

const forms = 'registry:HOST[:PORT][/PREFIX], hub:QUERY, list:FILE or oci:DIR';

function invalid(text: string, why: string): WaterguardError {
  return new WaterguardError(
    'usage',
    `'${printable(text, 120)}' is not a source of images: ${why}. Write ${forms}.`,
  );
}

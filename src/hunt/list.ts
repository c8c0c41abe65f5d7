/** The first half of a hunt: everything that a source names goes into the store, in batches. */
import type { OpenOptions } from '../image/image.ts';
import type { HuntStore } from './port.ts';
import type { ListingProblem } from './source/problem.ts';
import { type HuntSource, type ListedImage, listImages, wholeBelow } from './source/source.ts';

/**
 * Requests at once to one registry while its tags are asked for: small ones, on connections that stay open. A registry
 * that finds them too many says so (429), and gets fewer.
 */
const requests = 16;

export interface ListingOptions extends OpenOptions {
  readonly since?: Date;
  readonly limit?: number;
  /** Told after each batch, with how many names are listed. */
  readonly progress?: (names: number) => void;
}

/** A batch is written when it has so many names, or is so old: the first images are scanned at once. */
const batch = { names: 250, milliseconds: 300 } as const;

/**
 * Lists a source to its end; an interrupted listing begins again, and what is in the store already stays as it is.
 * @throws WaterguardError where nothing can be listed; the signal's reason
 */
export async function listInto(
  store: HuntStore,
  hunt: number,
  source: HuntSource,
  options: ListingOptions,
): Promise<readonly ListingProblem[]> {
  const { progress = () => {}, ...rest } = options;
  const problems: ListingProblem[] = [];
  let isWhole = options.since === undefined && options.limit === undefined;
  const images = listImages(source, {
    ...rest,
    concurrency: requests,
    known: store.known,
    problem: (one) => problems.push(one),
    partly() {
      isWhole = false;
    },
  });
  let waiting: ListedImage[] = [];
  let since = Date.now();
  let names = 0;
  // One batch is written while the next one is listed.
  let writing = Promise.resolve();
  const write = async (): Promise<void> => {
    await writing;
    writing = store.add(hunt, waiting);
    // Waited for, and so thrown, by the next one.
    writing.catch(() => {});
    waiting = [];
    since = Date.now();
    progress(names);
  };
  for await (const one of images) {
    waiting.push(one);
    names++;
    if (waiting.length >= batch.names || Date.now() - since >= batch.milliseconds) await write();
  }
  await write();
  await writing;
  if (problems.length > 0) isWhole = false;
  await store.listed(hunt, problems, isWhole ? wholeBelow(source) : undefined);
  return problems;
}

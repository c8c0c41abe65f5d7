/**
 * From an index to the manifest of one image: attestations set aside, nested indexes opened, the wanted
 * platform found. Every manifest is verified against the digest that named it, which also rules out cycles:
 * no document can contain its own hash.
 */
import type { Skipped } from '../../model/coverage.ts';
import { WaterguardError } from '../../model/error.ts';
import type { BlobStore, Descriptor, RawManifest } from '../blob-store.ts';
import { verifyBytes } from '../verify.ts';
import { type ImageIndex, type ImageManifest, parseManifest, refuseOversize } from './manifest.ts';
import { fitness, normalPlatform, type Platform, platformText } from './platform.ts';

export type Root = RawManifest & { readonly digest: string };

export interface ChosenManifest {
  readonly manifest: ImageManifest;
  readonly digest: string;
  readonly skipped: readonly Skipped[];
}

/** Levels of indexes inside indexes. Builders write one or two. */
const depthLimit = 4;
/** Index documents read for one image, so that a broad tree of them ends too. */
const indexLimit = 64;

/** @throws WaterguardError `unreadable` where no image fits, listing the platforms there; `digest-mismatch`,
 *  `corrupt`, `unsupported`, `limit`, and whatever the store throws */
export async function chooseManifest(
  store: BlobStore,
  root: Root,
  wanted: Platform,
): Promise<ChosenManifest> {
  const document = verifiedManifest(root, store.reference);
  if (document.kind === 'image') return { manifest: document, digest: root.digest, skipped: [] };

  const search: Search = { store, candidates: [], indexes: 0 };
  await collect(search, document, 1);
  const { images, skipped } = setAside(search.candidates);
  const chosen = bestFor(images, wanted) ?? onlyOne(images);
  if (chosen === undefined) throw noneFits(store.reference, images, wanted);
  const raw = await store.readManifest(chosen.digest);
  const manifest = verifiedManifest({ ...raw, digest: chosen.digest }, store.reference);
  if (manifest.kind === 'index') throw falseImage(store.reference, chosen.digest);
  return { manifest, digest: chosen.digest, skipped };
}

interface Search {
  readonly store: BlobStore;
  readonly candidates: Descriptor[];
  indexes: number;
}

async function collect(search: Search, index: ImageIndex, depth: number): Promise<void> {
  search.indexes += 1;
  const { store } = search;
  if (depth > depthLimit || search.indexes > indexLimit) throw tooNested(store.reference);
  for (const one of index.manifests) {
    if (isIndexType(one.mediaType)) {
      const raw = await store.readManifest(one.digest);
      const nested = verifiedManifest({ ...raw, digest: one.digest }, store.reference);
      if (nested.kind === 'index') await collect(search, nested, depth + 1);
      else search.candidates.push(one);
    } else if (!search.candidates.some((other) => other.digest === one.digest)) {
      search.candidates.push(one);
    }
  }
}

/** Attestations are marked by annotation, and for a platform that nothing runs on (BuildKit since 0.11, 2023). */
function setAside(candidates: readonly Descriptor[]): { images: Descriptor[]; skipped: Skipped[] } {
  const stated = candidates.filter(
    (one) => one.annotations?.['vnd.docker.reference.type'] !== 'attestation-manifest',
  );
  const known = stated.filter((one) => platformOf(one).os !== 'unknown');
  const images = known.length > 0 ? known : stated;
  const skipped = candidates
    .filter((one) => !images.includes(one))
    .map(
      (one): Skipped => ({ path: one.digest, reason: 'attestation', detail: 'a statement about an image' }),
    );
  return { images, skipped };
}

/** The first of the fittest. */
function bestFor(candidates: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  let best: Descriptor | undefined;
  let bestFitness = 0;
  for (const one of candidates) {
    const fit = fitness(platformOf(one), wanted);
    if (fit > bestFitness) [best, bestFitness] = [one, fit];
  }
  return best;
}

/** A single image is meant whatever its platform; so is a single one that states none. */
function onlyOne(candidates: readonly Descriptor[]): Descriptor | undefined {
  if (candidates.length === 1) return candidates[0];
  const unstated = candidates.filter((one) => platformOf(one).architecture === '');
  return unstated.length === 1 ? unstated[0] : undefined;
}

function platformOf({ platform }: Descriptor): Platform {
  return normalPlatform(platform?.os ?? '', platform?.architecture ?? '', platform?.variant ?? '');
}

function isIndexType(mediaType: string): boolean {
  return (
    mediaType === 'application/vnd.oci.image.index.v1+json' ||
    mediaType === 'application/vnd.docker.distribution.manifest.list.v2+json'
  );
}

function verifiedManifest(raw: Root, reference: string): ImageManifest | ImageIndex {
  const where = `The manifest ${raw.digest} of ${reference}`;
  refuseOversize(raw.bytes, where);
  verifyBytes(raw.bytes, raw.digest, `the manifest of ${reference}`);
  return parseManifest(raw.bytes, raw.mediaType, where);
}

function noneFits(reference: string, candidates: readonly Descriptor[], wanted: Platform): WaterguardError {
  const platforms = [...new Set(candidates.map((one) => platformText(platformOf(one))))];
  const shown = platforms.slice(0, 20).join(', ') + (platforms.length > 20 ? ', …' : '');
  return new WaterguardError(
    'unreadable',
    candidates.length === 0
      ? `${reference} is an index without any image. Name another tag.`
      : `${reference} has no image for ${platformText(wanted)}. It has ${shown}: choose one with --platform.`,
  );
}

function tooNested(reference: string): WaterguardError {
  return new WaterguardError(
    'limit',
    `${reference} nests indexes more than ${depthLimit} deep or has more than ${indexLimit} of them. ` +
      'Name the manifest that you mean by its digest.',
  );
}

function falseImage(reference: string, digest: string): WaterguardError {
  return new WaterguardError(
    'corrupt',
    `An index of ${reference} says that ${digest} is an image manifest, but it is another index. Push it again.`,
  );
}

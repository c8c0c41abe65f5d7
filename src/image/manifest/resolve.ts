/**
 * The walk from a root document to an open image, the same for every source with manifests:
 * root → index → the platform's manifest → configuration → layers. Sources only deliver bytes; every digest
 * is verified on this side.
 */
import type { Skipped } from '../../model/coverage.ts';
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import type { BlobStore, Descriptor } from '../blob-store.ts';
import type { OpenImage, OpenOptions } from '../image.ts';
import { digestOf, readAll, verified } from '../verify.ts';
import { assembleImage, configOf, type StoredLayer } from './assemble.ts';
import { chooseManifest, type Root } from './choose.ts';
import { configLimit, type ParsedConfig } from './config.ts';
import { layerForm } from './layer-form.ts';
import type { ImageManifest } from './manifest.ts';
import { parsePlatform } from './platform.ts';

/**
 * Closes the store when the image is closed, and when resolving fails.
 * @param root an empty `digest` means that nothing named the bytes; an empty `mediaType`, that it is unknown
 * @throws WaterguardError `unreadable` (no such platform), `unsupported` (schema 1, an artifact that is no
 *   image), `digest-mismatch`, `truncated`, `corrupt`, `limit`, and whatever the store throws
 */
export async function resolveImage(store: BlobStore, root: Root, options: OpenOptions): Promise<OpenImage> {
  try {
    const wanted = parsePlatform(options.platform);
    const named = root.digest === '' ? { ...root, digest: digestOf(root.bytes) } : root;
    const { manifest, digest, skipped } = await chooseManifest(store, named, wanted);
    const config = await readConfig(store, manifest, options.signal);
    const layers: StoredLayer[] = [];
    for (const [index, one] of manifest.layers.entries()) {
      layers.push(await storedLayer(store, one, index, options.signal));
    }
    return assembleImage({
      reference: store.reference,
      digest,
      config,
      layers,
      skipped: [...store.skipped, ...skipped],
      close: () => store.close(),
    });
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }
}

/** The configuration decides whether the manifest is an image at all: engines look inside, not at its type. */
async function readConfig(
  store: BlobStore,
  manifest: ImageManifest,
  signal: AbortSignal | undefined,
): Promise<ParsedConfig> {
  const { digest, size, mediaType } = manifest.config;
  const what = `the configuration of ${store.reference}`;
  if (!isImageConfig(mediaType) && size > configLimit) throw artifact(store.reference, manifest);
  const bytes = await readAll(
    verified(store.openBlob(manifest.config, signal), { digest, size, what }),
    configLimit,
    what,
  );
  const config = readOrArtifact(bytes, store.reference, manifest);
  if (!config.isImage && (manifest.layers.length > 0 || !isImageConfig(mediaType))) {
    throw artifact(store.reference, manifest);
  }
  return config;
}

function readOrArtifact(bytes: Buffer, reference: string, manifest: ImageManifest): ParsedConfig {
  try {
    return configOf(bytes, reference);
  } catch (error) {
    throw isImageConfig(manifest.config.mediaType) ? error : artifact(reference, manifest);
  }
}

function isImageConfig(mediaType: string): boolean {
  return (
    mediaType === '' ||
    mediaType === 'application/vnd.oci.image.config.v1+json' ||
    mediaType === 'application/vnd.docker.container.image.v1+json'
  );
}

async function storedLayer(
  store: BlobStore,
  descriptor: Descriptor,
  index: number,
  signal: AbortSignal | undefined,
): Promise<StoredLayer> {
  const { digest, size, mediaType } = descriptor;
  const unavailable = await whyUnavailable(store, descriptor, signal);
  const what = `layer ${index} of ${store.reference}`;
  return {
    digest,
    digestFrom: 'manifest',
    size,
    mediaType,
    ...(unavailable === undefined ? {} : { unavailable }),
    open: (during) => verified(store.openBlob(descriptor, during), { digest, size, what }),
  };
}

async function whyUnavailable(
  store: BlobStore,
  descriptor: Descriptor,
  signal: AbortSignal | undefined,
): Promise<Pick<Skipped, 'reason' | 'detail'> | undefined> {
  const form = layerForm(descriptor.mediaType);
  const shown = printable(descriptor.mediaType, 120);
  switch (form) {
    case 'tar':
      return undefined;
    case 'encrypted':
      return { reason: 'encrypted', detail: `${shown}: scan the image before it is encrypted` };
    case 'foreign':
      if (await canOpen(store, descriptor, signal)) return undefined;
      return { reason: 'foreign-layer', detail: 'kept elsewhere by its publisher and not in this source' };
    case 'unknown':
      return { reason: 'unsupported', detail: `${shown} is not a layer type that container engines unpack` };
  }
}

/** Some registries and archives do hold foreign layers: the first bytes tell. */
async function canOpen(store: BlobStore, descriptor: Descriptor, signal?: AbortSignal): Promise<boolean> {
  try {
    for await (const _ of store.openBlob(descriptor, signal)) return true;
  } catch {
    return false;
  }
  return false;
}

function artifact(reference: string, manifest: ImageManifest): WaterguardError {
  const type = manifest.artifactType || manifest.config.mediaType || 'no type';
  return new WaterguardError(
    'unsupported',
    `${reference} is an OCI artifact (${printable(type, 100)}), not a container image: nothing in it would be run. ` +
      'Fetch it with its own tool and scan the files with dir:PATH.',
  );
}

/** Which image a root document leads to, read as a scan reads it, and whether it is an image at all. */
import type { BlobStore } from '../../image/blob-store.ts';
import type { OpenOptions } from '../../image/image.ts';
import { chooseManifest, type Root } from '../../image/manifest/choose.ts';
import { layerForm } from '../../image/manifest/layer-form.ts';
import type { ImageManifest } from '../../image/manifest/manifest.ts';
import { parsePlatform } from '../../image/manifest/platform.ts';
import { resolveImage } from '../../image/manifest/resolve.ts';
import { WaterguardError } from '../../model/error.ts';

/**
 * What a tag is called says nothing: whoever names an image like a signature would hide it.
 * @returns the digest of the platform's manifest; undefined for a signature, an SBOM, a chart and the like
 * @throws WaterguardError as `chooseManifest`; `unreadable` then means that no image fits, and is marked by
 *   `lacksPlatform`
 */
export async function identify(
  store: BlobStore,
  root: Root,
  options: OpenOptions,
): Promise<string | undefined> {
  let unread: unknown;
  const watched: BlobStore = {
    ...store,
    readManifest: (digest) =>
      store.readManifest(digest).catch((error: unknown) => {
        unread = error;
        throw error;
      }),
  };
  try {
    const { manifest, digest } = await chooseManifest(watched, root, parsePlatform(options.platform));
    return (await isImage(store, root, manifest, options)) ? digest : undefined;
  } catch (error) {
    const isOurs = error instanceof WaterguardError && error.code === 'unreadable' && error !== unread;
    throw isOurs ? new WaterguardError('unreadable', error.message, { cause: platformMark }) : error;
  }
}

/** True for the error of `identify` that says that an index has no image for the platform. */
export function lacksPlatform(error: unknown): error is WaterguardError {
  return error instanceof WaterguardError && error.cause === platformMark;
}

const platformMark = 'no image for the platform';

/**
 * Cosign gives its signatures the configuration type of images, so the layers decide first: where no engine would
 * unpack any of them, nothing can be run. Another type of configuration is looked into, as engines do.
 */
async function isImage(
  store: BlobStore,
  root: Root,
  { config, layers }: ImageManifest,
  options: OpenOptions,
): Promise<boolean> {
  if (layers.length > 0 && layers.every((one) => layerForm(one.mediaType) === 'unknown')) return false;
  if (imageConfigs.has(config.mediaType)) return true;
  try {
    await resolveImage({ ...store, close: async () => {} }, root, options);
    return true;
  } catch (error) {
    // The manifest was read before: what is left to be unsupported is an artifact.
    if (error instanceof WaterguardError && error.code === 'unsupported') return false;
    throw error;
  }
}

const imageConfigs = new Set([
  '',
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);

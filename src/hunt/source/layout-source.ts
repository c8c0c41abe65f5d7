/** `oci:DIR`: every tag of an OCI layout, read from its index and the manifests behind, never from layers. */

import type { BlobStore } from '../../image/blob-store.ts';
import type { NamedImage } from '../../image/local/layout-index.ts';
import { listLayout, rootOf } from '../../image/local/oci-layout.ts';
import { printable } from '../../model/printable.ts';
import { identify } from './identify.ts';
import { asProblem } from './problem.ts';
import type { ListedImage, ListOptions } from './source.ts';

/** @throws WaterguardError as `listLayout` */
export async function* listFolder(folder: string, options: ListOptions): AsyncGenerator<ListedImage> {
  const { store, images } = await listLayout(folder, options.signal);
  for (const one of images) {
    options.signal?.throwIfAborted();
    try {
      const image = await imageOf(folder, store, one, options);
      if (image) yield image;
    } catch (error) {
      options.signal?.throwIfAborted();
      options.problem(asProblem(store.reference + printable(one.suffix, 300), error));
    }
  }
}

/** Pinned to what the index names: only that is found by a digest. */
async function imageOf(
  folder: string,
  store: BlobStore,
  { suffix, descriptors }: NamedImage,
  options: ListOptions,
): Promise<ListedImage | undefined> {
  const digest = await identify(store, await rootOf(store, descriptors), options);
  if (digest === undefined) return undefined;
  const [first] = descriptors;
  const pin = descriptors.length === 1 ? first : descriptors.find((one) => one.digest === digest);
  return {
    reference: store.reference + printable(suffix, 300),
    repository: store.reference,
    digest,
    target: `oci:${folder}${pin ? '@' + pin.digest : suffix}`,
  };
}

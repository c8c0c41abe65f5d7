/**
 * The manifest digest of an image in a docker archive. Archives of Docker 25 and later have an OCI index
 * beside `manifest.json`; older ones and skopeo's have no manifest at all, and the image is known by the
 * digest of its configuration, which docker calls the image ID.
 */
import type { Descriptor } from '../blob-store.ts';
import { manifestLimit, parseManifest } from '../manifest/manifest.ts';
import { verifyBytes } from '../verify.ts';
import { type Members, readMember } from './members.ts';

/** Manifests looked at, and levels of indexes, before the image ID has to do. */
const manifestsLimit = 64;
const depthLimit = 3;

/** The digest of the manifest whose configuration is `configDigest`. A broken index only means that there is
 *  none: the configuration and, through it, the layers are verified without it. */
export async function manifestDigest(
  members: Members,
  configDigest: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if ((await members.size('index.json')) === undefined) return undefined;
  const bytes = await readMember(members, 'index.json', manifestLimit, signal);
  const root = parsedOrNothing(bytes, '');
  let level = root?.kind === 'index' ? root.manifests : [];
  let seen = 0;
  for (let depth = 0; depth < depthLimit; depth += 1) {
    const next: Descriptor[] = [];
    for (const { digest } of level) {
      seen += 1;
      if (seen > manifestsLimit) return undefined;
      const document = await readBlob(members, digest, signal);
      if (document?.kind === 'image' && document.config.digest === configDigest) return digest;
      if (document?.kind === 'index') next.push(...document.manifests);
    }
    level = next;
  }
  return undefined;
}

async function readBlob(members: Members, digest: string, signal: AbortSignal | undefined) {
  const name = 'blobs/' + digest.replace(':', '/');
  const size = await members.size(name);
  if (size === undefined || size > manifestLimit) return undefined;
  return parsedOrNothing(await readMember(members, name, manifestLimit, signal), digest);
}

function parsedOrNothing(bytes: Buffer, digest: string) {
  try {
    if (digest !== '') verifyBytes(bytes, digest, 'a manifest');
    return parseManifest(bytes, '', 'A manifest');
  } catch {
    return undefined;
  }
}

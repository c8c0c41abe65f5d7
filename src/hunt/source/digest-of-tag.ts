/**
 * From a tag to the digest of the platform's manifest: what the registry claims in answer to HEAD, then what earlier
 * hunts know of that document, and only then the document itself, which is verified.
 */
import { parsePlatform, platformText } from '../../image/manifest/platform.ts';
import { formatReference, type Reference } from '../../image/reference.ts';
import type { RegistryClient } from '../../image/registry/client.ts';
import {
  type FetchedManifest,
  fetchManifest,
  headManifest,
  type ManifestClaim,
} from '../../image/registry/manifest.ts';
import { firstToAnswer, openStore } from '../../image/registry/open.ts';
import { digestOf } from '../../image/verify.ts';
import { WaterguardError } from '../../model/error.ts';
import { identify, lacksPlatform } from './identify.ts';
import { noImage, noPlatform } from './known.ts';
import type { ListOptions } from './source.ts';
import type { Turns } from './turns.ts';

/**
 * A claim only decides what is looked up and what is fetched: a scan verifies it.
 * @param clients of one registry, the mirrors first
 * @param turns taken for requests, and given back while known digests are looked up
 * @returns what finds the digest, or undefined for what is no image; it fails as `RegistryClient.get` and
 *   `chooseManifest` do, with `unreadable` where no image fits
 */
export function openDigests(
  clients: readonly RegistryClient[],
  options: ListOptions,
  turns: Pick<Turns, 'take'>,
): (reference: Reference) => Promise<string | undefined> {
  const { signal, known } = options;
  const platform = platformText(parsePlatform(options.platform));
  /** Documents being looked at: tags that share one wait for it together. */
  const looking = new Map<string, Promise<string>>();
  let silentHeads = 0;

  async function claimOf(reference: Reference, tag: string): Promise<ManifestClaim | undefined> {
    if (silentHeads >= mostSilentHeads) return undefined;
    const { repository } = reference;
    const claim = await firstToAnswer(clients, signal, (one) => headManifest(one, repository, tag, signal));
    if (claim) silentHeads = 0;
    return claim;
  }

  function fetch({ repository }: Reference, name: string) {
    return firstToAnswer(clients, signal, (client) => fetchManifest(client, repository, name, signal));
  }

  /** What the document is, from what is known, or by looking once. */
  async function settled(digest: string, look: () => Promise<string | undefined>): Promise<string> {
    const stored = await known.get(digest, platform);
    if (stored !== undefined) return stored;
    let under = looking.get(digest);
    if (!under) {
      under = remembered(digest, () => turns.take(look)).finally(() => looking.delete(digest));
      looking.set(digest, under);
    }
    return under;
  }

  async function remembered(digest: string, look: () => Promise<string | undefined>): Promise<string> {
    try {
      const found = (await look()) ?? noImage;
      await known.put(digest, platform, found);
      return found;
    } catch (error) {
      if (lacksPlatform(error)) await known.put(digest, platform, noPlatform);
      throw error;
    }
  }

  /** What the registry claims of a tag, or the document itself where it claims nothing. */
  async function lookUp(reference: Reference, tag: string): Promise<ManifestClaim | FetchedManifest> {
    const claim = await claimOf(reference, tag);
    if (claim) return claim;
    const raw = await fetch(reference, tag);
    silentHeads += 1;
    return raw;
  }

  async function found(reference: Reference): Promise<string> {
    const { tag = 'latest' } = reference;
    const store = openStore(reference, clients, signal, () => {});
    const told = reference.digest
      ? { digest: reference.digest, mediaType: '' }
      : await turns.take(() => lookUp(reference, tag));
    if ('bytes' in told) {
      const digest = digestOf(told.bytes);
      return settled(digest, () => identify(store, { ...told, digest }, options));
    }
    // Docker's own type is never used for artifacts, but that cosign can be told to.
    if (told.mediaType === dockerManifest && !isReferrers(tag)) return told.digest;
    return settled(told.digest, async () => {
      const raw = await fetch(reference, told.digest);
      return identify(store, { ...raw, digest: told.digest }, options);
    });
  }

  return async (reference) => {
    const digest = await found(reference).catch((error: unknown) => {
      if (lacksPlatform(error) && isReferrers(reference.tag)) return noImage;
      throw error;
    });
    if (digest === noPlatform && !isReferrers(reference.tag)) throw noneFits(reference, platform);
    return digest === noImage || digest === noPlatform ? undefined : digest;
  };
}

/** After so many HEADs in a row that told nothing of what a GET then brought, this registry is asked by GET alone. */
const mostSilentHeads = 3;
const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';

/**
 * Tags of signatures (cosign's `sha256-<hex>.sig`) and of lists of them (`sha256-<hex>`, distribution specification
 * 1.1). The name alone decides only that it is no fault for such a list to have no platform.
 */
function isReferrers(tag: string | undefined): boolean {
  return tag !== undefined && /^sha(?:256|384|512)-[a-f0-9]{64,128}(?:\.\w{1,32})?$/.test(tag);
}

function noneFits(reference: Reference, platform: string): WaterguardError {
  const name = formatReference(reference);
  const message = `${name} has no image for ${platform}, as its index showed before: choose another with --platform.`;
  return new WaterguardError('unreadable', message);
}

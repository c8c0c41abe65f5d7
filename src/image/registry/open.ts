/** The registry source: from `REPO[:TAG][@DIGEST]` to the root manifest and a store of what it refers to. */
import { messageOf, WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import type { BlobStore, RawManifest } from '../blob-store.ts';
import type { OpenOptions } from '../image.ts';
import { formatReference, isDigest, parseReference, type Reference } from '../reference.ts';
import { digestOf } from '../verify.ts';
import { isLoopbackHost } from './address.ts';
import { streamBlob } from './blob.ts';
import { openClient, type RegistryClient } from './client.ts';
import { type Endpoint, endpointsOf } from './endpoint.ts';
import { defaultLimits, type RegistryLimits } from './limits.ts';
import { type FetchedManifest, fetchManifest } from './manifest.ts';

export interface OpenRegistry {
  readonly store: BlobStore;
  /** Verified against the digest of the reference, where it has one; else the digest of its bytes. */
  readonly root: RawManifest & { readonly digest: string };
}

/**
 * Mirrors are asked first; what they do not have, or fail to begin, comes from the origin.
 * @throws WaterguardError `usage` for the reference, `refused` for `insecure` beyond loopback,
 *   `digest-mismatch` for another manifest than the reference says, and as `RegistryClient.get`
 */
export async function openRegistry(
  text: string,
  options: OpenOptions,
  limits: RegistryLimits = defaultLimits,
): Promise<OpenRegistry> {
  const reference = parseReference(text);
  const endpoints = endpointsOf(reference.registry, options.env);
  if (options.insecure) checkLoopback(reference.registry, endpoints);
  const clients = endpoints.map((endpoint) => openClient(endpoint, options, limits));
  const { repository } = reference;
  const close = () => {
    for (const client of clients) client.close();
  };
  try {
    const root = await firstToAnswer(clients, options.signal, async (client) => {
      const wanted = reference.digest ?? reference.tag ?? 'latest';
      return verified(reference, await fetchManifest(client, repository, wanted, options.signal));
    });
    return { store: openStore(reference, clients, options.signal, close), root };
  } catch (error) {
    close();
    throw error;
  }
}

/** @throws WaterguardError `refused` where no endpoint is on loopback, so that the flag never weakens others */
export function checkLoopback(registry: string, endpoints: readonly Endpoint[]): void {
  if (endpoints.some(({ host }) => isLoopbackHost(new URL(`https://${host}`).hostname))) return;
  throw new WaterguardError(
    'refused',
    `--insecure is for registries on loopback (localhost, 127.0.0.0/8, [::1]) and ${registry} is not: ` +
      'give it a certificate, or make its authority known with NODE_EXTRA_CA_CERTS=FILE',
  );
}

/** Blobs and manifests of one repository, from the first of its clients that has them. */
export function openStore(
  reference: Reference,
  clients: readonly RegistryClient[],
  signal: AbortSignal | undefined,
  close: () => void,
): BlobStore {
  const { repository } = reference;
  return {
    reference: formatReference(reference),
    skipped: [],
    async readManifest(digest) {
      checkDigest(digest, repository);
      const { bytes, mediaType } = await firstToAnswer(clients, signal, (client) =>
        fetchManifest(client, repository, digest, signal),
      );
      return { bytes, mediaType };
    },
    async *openBlob(descriptor, own) {
      checkDigest(descriptor.digest, repository);
      const either = own && signal ? AbortSignal.any([own, signal]) : (own ?? signal);
      const begun = await firstToAnswer(clients, either, async (client) => {
        const stream = streamBlob(client, repository, descriptor, either);
        return { stream, first: await stream.next() };
      });
      try {
        if (!begun.first.done) yield begun.first.value;
        yield* begun.stream;
      } finally {
        await begun.stream.return(undefined);
      }
    },
    async close() {
      close();
    },
  };
}

/** The first client's result, or the last one's failure together with why the mirrors before it failed. */
export async function firstToAnswer<T>(
  clients: readonly RegistryClient[],
  signal: AbortSignal | undefined,
  ask: (client: RegistryClient) => Promise<T>,
): Promise<T> {
  const failures: string[] = [];
  for (const [index, client] of clients.entries()) {
    try {
      return await ask(client);
    } catch (error) {
      signal?.throwIfAborted();
      if (index < clients.length - 1) {
        failures.push(messageOf(error));
        continue;
      }
      if (failures.length === 0 || !(error instanceof WaterguardError)) throw error;
      const message = `${error.message} (before that, mirrors failed: ${failures.join('; ')})`;
      throw new WaterguardError(error.code, message, { cause: error });
    }
  }
  throw new WaterguardError('internal', 'a registry without endpoints was asked');
}

function verified(reference: Reference, fetched: FetchedManifest): RawManifest & { readonly digest: string } {
  const { bytes, mediaType, claimedDigest } = fetched;
  const claimed = claimedDigest !== undefined && isDigest(claimedDigest) ? claimedDigest : undefined;
  const digest = reference.digest ?? digestOf(bytes);
  for (const expected of reference.digest ? [reference.digest] : claimed ? [claimed] : []) {
    const actual = digestOf(bytes, expected.slice(0, expected.indexOf(':')));
    if (actual === expected) continue;
    const who = reference.digest ? 'the reference' : "the registry's Docker-Content-Digest";
    throw new WaterguardError(
      'digest-mismatch',
      `${formatReference(reference)}: the manifest's digest is ${actual}, but ${who} says ${expected}`,
    );
  }
  return { bytes, mediaType, digest };
}

/** Digests come from manifests and go into paths of requests. */
function checkDigest(digest: string, repository: string): void {
  if (isDigest(digest)) return;
  throw new WaterguardError(
    'corrupt',
    `'${printable(digest, 100)}', named in ${repository}, is not a digest`,
  );
}

/** One manifest or index, as bytes that are not trusted yet, or only what the registry says of it. */
import { WaterguardError } from '../../model/error.ts';
import type { RawManifest } from '../blob-store.ts';
import { isDigest } from '../reference.ts';
import { readWhole } from './body.ts';
import type { RegistryClient } from './client.ts';

export interface FetchedManifest extends RawManifest {
  /** The Docker-Content-Digest field, where the registry sends one; a claim. */
  readonly claimedDigest?: string;
}

/**
 * @param reference a tag or a digest, of valid form
 * @throws WaterguardError `unsupported` for schema 1, `unreadable` for a web page, `limit` past 4 MiB, and as `RegistryClient.get`
 */
export async function fetchManifest(
  client: RegistryClient,
  repository: string,
  reference: string,
  signal?: AbortSignal,
): Promise<FetchedManifest> {
  const answer = await client.get({
    path: `/v2/${repository}/manifests/${reference}`,
    scope: `repository:${repository}:pull`,
    headers: { accept },
    signal,
  });
  const bytes = await readWhole(answer, client.limits.manifestBytes, 'manifest', client.limits);
  if (isWebPage(bytes)) {
    throw new WaterguardError(
      'unreadable',
      `${answer.url.host} answered with a web page and not with a manifest: it is no registry, or something ` +
        'before it asks for a login. Check the name of the registry, and the proxy.',
    );
  }
  const mediaType = mediaTypeOf(answer.headers['content-type']);
  if (isSchema1(mediaType, bytes)) {
    throw new WaterguardError(
      'unsupported',
      `${client.endpoint.registry}/${repository} has an image manifest of schema 1, which names no layer by its ` +
        'content: copy it with skopeo copy --format oci, or push it again with docker 1.10 or later',
    );
  }
  const claimed = answer.headers['docker-content-digest'];
  return { bytes, mediaType, ...(typeof claimed === 'string' && { claimedDigest: claimed }) };
}

export interface ManifestClaim {
  /** The Docker-Content-Digest field: a claim, good to look up what is known and to pin what is fetched. */
  readonly digest: string;
  /** As in `FetchedManifest`. */
  readonly mediaType: string;
}

/**
 * What a registry says of a manifest without sending it, which registries do not count as a pull.
 * @returns undefined where it says nothing that can be used: no digest, or no answer to HEAD as a few registries;
 *   `fetchManifest` then tells more, also why
 * @throws WaterguardError as `RegistryClient.get`
 */
export async function headManifest(
  client: RegistryClient,
  repository: string,
  reference: string,
  signal?: AbortSignal,
): Promise<ManifestClaim | undefined> {
  const { status, headers, body } = await client.get({
    method: 'HEAD',
    path: `/v2/${repository}/manifests/${reference}`,
    scope: `repository:${repository}:pull`,
    headers: { accept },
    expected: [400, 403, 404, 405, 406, 500, 501],
    signal,
  });
  // Whatever length it announces, no body follows; past its end the connection is free for the next.
  await new Promise<void>((ended) => {
    body.once('close', ended).once('error', () => {});
    body.resume();
  });
  const digest = headers['docker-content-digest'];
  if (status !== 200 || typeof digest !== 'string' || !isDigest(digest)) return undefined;
  return { digest, mediaType: mediaTypeOf(headers['content-type']) };
}

export const indexType = 'application/vnd.oci.image.index.v1+json';

const known = [
  'application/vnd.oci.image.manifest.v1+json',
  indexType,
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const accept = known.join(', ');

/** Without parameters; empty for a type that says nothing about manifests, as some static mirrors send. */
function mediaTypeOf(field: string | undefined): string {
  const type = (field ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return type.startsWith('application/vnd.') ? type : '';
}

/** By its first character, as static mirrors give manifests any type. */
function isWebPage(bytes: Buffer): boolean {
  return /^\s*</.test(bytes.toString('latin1', 0, 200));
}

/** By its type, or by its content where the type is silent. */
function isSchema1(mediaType: string, bytes: Buffer): boolean {
  if (mediaType.startsWith('application/vnd.docker.distribution.manifest.v1')) return true;
  if (known.includes(mediaType)) return false;
  return /"schemaVersion"\s*:\s*1\b/.test(bytes.toString('latin1')) && !bytes.includes('"config"');
}

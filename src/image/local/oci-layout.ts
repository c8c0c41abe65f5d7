/**
 * OCI image layouts, as a folder (`oci:DIR[:TAG]`) or read through an archive: `index.json` names manifests,
 * everything else lies under `blobs/<algorithm>/<hex>`. Image specification 1.1 (2024).
 */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import type { BlobStore, Descriptor } from '../blob-store.ts';
import type { OpenImage, OpenOptions } from '../image.ts';
import type { Root } from '../manifest/choose.ts';
import { manifestLimit } from '../manifest/manifest.ts';
import { resolveImage } from '../manifest/resolve.ts';
import { isDigest } from '../reference.ts';
import { digestOf } from '../verify.ts';
import { chooseByName, imagesByName, type NamedImage, readLayoutIndex } from './layout-index.ts';
import { folderMembers, kindOfPath, type Members, readMember } from './members.ts';
import { splitPath } from './path-and-name.ts';

/** @param text `DIR[:TAG]`, also `DIR@sha256:…`
 *  @throws WaterguardError as `resolveImage`, and `usage` where the layout has several images and none is named */
export async function openOciLayout(text: string, options: OpenOptions): Promise<OpenImage> {
  const { path, name } = await splitPath(text);
  await requireFolder(path);
  return openLayout(folderMembers(path, `oci:${printable(path)}`), name, options);
}

/** Closes `members` with the image, and when opening fails. */
export async function openLayout(
  members: Members,
  name: string | undefined,
  options: OpenOptions,
): Promise<OpenImage> {
  try {
    const manifests = await readLayoutIndex(members, options.signal);
    const chosen = chooseByName(manifests, name, members.where);
    const store = layoutStore(members, name);
    return await resolveImage(store, await rootOf(store, chosen), options);
  } catch (error) {
    await members.close().catch(() => undefined);
    throw error;
  }
}

/** Every image of a layout's folder, by name, and the store that `rootOf` reads them from.
 *  @throws WaterguardError as `readLayoutIndex`, `unreadable` where there is no such folder */
export async function listLayout(
  path: string,
  signal?: AbortSignal,
): Promise<{ readonly store: BlobStore; readonly images: readonly NamedImage[] }> {
  await requireFolder(path);
  const members = folderMembers(path, `oci:${printable(path)}`);
  const images = imagesByName(await readLayoutIndex(members, signal));
  return { store: layoutStore(members, undefined), images };
}

/** The root document of what one name means. */
export async function rootOf(store: BlobStore, chosen: readonly Descriptor[]): Promise<Root> {
  const [first] = chosen;
  if (chosen.length > 1 || first === undefined) return asIndex(chosen);
  return { ...(await store.readManifest(first.digest)), mediaType: first.mediaType, digest: first.digest };
}

function layoutStore(members: Members, name: string | undefined): BlobStore {
  return {
    reference: name === undefined ? members.where : members.where + joined(printable(name)),
    readManifest: async (digest) => ({
      bytes: await readMember(members, blobName(digest), manifestLimit),
      mediaType: '',
    }),
    openBlob: (descriptor, signal) => members.open(blobName(descriptor.digest), signal),
    skipped: [],
    close: () => members.close(),
  };
}

/** One tag that is there once per platform: the entries of `index.json` as an index of their own. */
function asIndex(manifests: readonly Descriptor[]) {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
  return { bytes, mediaType: '', digest: digestOf(bytes) };
}

/** A digest is two plain path components; anything else never becomes a path. */
function blobName(digest: string): string {
  if (!isDigest(digest)) throw new WaterguardError('corrupt', `${printable(digest, 100)} is not a digest.`);
  return 'blobs/' + digest.replace(':', '/');
}

function joined(name: string): string {
  return name.startsWith('@') ? name : ':' + name;
}

async function requireFolder(path: string): Promise<void> {
  const kind = await kindOfPath(path);
  if (kind === 'directory') return;
  const shown = printable(path);
  throw new WaterguardError(
    'unreadable',
    kind === undefined
      ? `There is no directory ${shown}. Give the path of an OCI layout, as oci:DIR or oci:DIR:TAG.`
      : `${shown} is not a directory. For an archive write oci-archive:FILE or docker-archive:FILE.`,
  );
}

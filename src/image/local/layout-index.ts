/** `index.json` of an OCI layout: which images it holds, under which names, and which one is meant. */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import type { Descriptor } from '../blob-store.ts';
import { manifestLimit, parseManifest } from '../manifest/manifest.ts';
import { type Members, readMember } from './members.ts';

/** @throws WaterguardError `unreadable` where there is no `index.json`; `corrupt`, `limit` */
export async function readLayoutIndex(
  members: Members,
  signal?: AbortSignal,
): Promise<readonly Descriptor[]> {
  if ((await members.size('index.json')) === undefined) throw await notALayout(members);
  const bytes = await readMember(members, 'index.json', manifestLimit, signal);
  const where = `index.json of ${members.where}`;
  const document = parseManifest(bytes, '', where);
  if (document.kind === 'index') return document.manifests;
  throw new WaterguardError('corrupt', `${where} is a manifest and not an index. Copy the image again.`);
}

/**
 * The descriptors meant by `tag`: more than one where the layout has the tag once per platform.
 * @param tag a name, `@sha256:…`, or undefined where the user named none
 * @throws WaterguardError `unreadable` for an empty layout or an unknown tag, `usage` where several are there
 *   and none is named; both list what is there
 */
export function chooseByName(
  manifests: readonly Descriptor[],
  tag: string | undefined,
  where: string,
): readonly Descriptor[] {
  if (manifests.length === 0) {
    throw new WaterguardError('unreadable', `${where} is an empty layout: its index.json lists no image.`);
  }
  if (tag === undefined) return chooseUnnamed(manifests, where);
  const found = manifests.filter((one) => one.digest === tag.slice(1) || imageNames(one).includes(tag));
  if (found.length > 0) return distinct(found);
  throw new WaterguardError(
    'unreadable',
    `${where} has no image with the tag ${printable(tag, 150)}. It has ${listing(manifests)}.`,
  );
}

/** One image of a layout; several descriptors where its tag is there once per platform. */
export interface NamedImage {
  /** As after the folder in a target: `:1`, or `@sha256:…` for an image without a name. */
  readonly suffix: string;
  readonly descriptors: readonly Descriptor[];
}

/** Tags in the order of the index. An image that containerd named in full goes by that name: its tag need not be alone. */
export function imagesByName(manifests: readonly Descriptor[]): readonly NamedImage[] {
  const named = new Map<string, Descriptor[]>();
  for (const one of manifests) {
    const name = imageNames(one).at(-1);
    const suffix = name === undefined ? '@' + one.digest : ':' + name;
    named.set(suffix, [...(named.get(suffix) ?? []), one]);
  }
  return [...named].map(([suffix, all]) => ({ suffix, descriptors: distinct(all) }));
}

/** Two tags ask for a choice even where they mean one image today: a report carries the name that was scanned. */
function chooseUnnamed(manifests: readonly Descriptor[], where: string): readonly Descriptor[] {
  const different = distinct(manifests);
  const tags = new Set(manifests.map((one) => imageNames(one)[0] ?? ''));
  if (tags.size === 1 && (different.length === 1 || statePlatforms(different))) return different;
  throw new WaterguardError(
    'usage',
    `${where} holds several images: name one, as ${where}:TAG. It has ${listing(manifests)}.`,
  );
}

/** One tag for several platforms is one image; several that state no platform are not. */
function statePlatforms(manifests: readonly Descriptor[]): boolean {
  return manifests.every((one) => one.platform !== undefined);
}

/** The tag by which an image is reached: of the OCI specification, or the full name that containerd adds. */
function imageNames(one: Descriptor): readonly string[] {
  const keys = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'];
  return keys.map((key) => one.annotations?.[key] ?? '').filter((name) => name !== '');
}

function distinct(manifests: readonly Descriptor[]): readonly Descriptor[] {
  return [...new Map(manifests.map((one) => [one.digest, one])).values()];
}

function listing(manifests: readonly Descriptor[]): string {
  const names = new Set(manifests.map((one) => imageNames(one)[0] ?? '@' + one.digest));
  const shown = [...names].slice(0, 20).map((name) => printable(name, 150));
  return shown.join(', ') + (names.size > 20 ? `, and ${names.size - 20} more` : '');
}

async function notALayout(members: Members): Promise<WaterguardError> {
  const docker = (await members.size('manifest.json')) !== undefined;
  return new WaterguardError(
    'unreadable',
    `${members.where} is not an OCI layout: it has no index.json. ` +
      (docker
        ? 'It has a manifest.json, as `docker save` writes: write docker-archive:FILE.'
        : 'To scan the files in a folder as they are, write dir:PATH.'),
  );
}

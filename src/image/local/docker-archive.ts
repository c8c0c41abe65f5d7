/**
 * Archives of `docker save` (before 25: `<id>/layer.tar`; since: an OCI layout with `manifest.json` beside),
 * `podman save` and `skopeo copy … docker-archive:`. `manifest.json` lists images, each with a configuration
 * and layer files; there is no manifest with digests, so layers are held against their diffIDs instead.
 */
import type { Skipped } from '../../model/coverage.ts';
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { fields, list, otherwise, parseJson, type Read, text, textThat } from '../go-json.ts';
import type { OpenImage, OpenOptions } from '../image.ts';
import { assembleImage, configOf, type StoredLayer } from '../manifest/assemble.ts';
import { configLimit } from '../manifest/config.ts';
import { manifestLimit } from '../manifest/manifest.ts';
import { isDigest } from '../reference.ts';
import { digestOf, verified } from '../verify.ts';
import { openArchiveFile } from './archive-file.ts';
import { memberName, truncatedArchive } from './archive-index.ts';
import { manifestDigest } from './docker-digest.ts';
import { chooseRecord } from './docker-name.ts';
import { type Members, readMember } from './members.ts';
import { splitPath } from './path-and-name.ts';

/** @param text `FILE[:REPO:TAG]` or `FILE:@N` for the N-th image from 0
 *  @throws WaterguardError `usage` where several images are there and none is named; `unreadable`, `corrupt`,
 *  `truncated`, `missing`, `limit`, `unsupported` */
export async function openDockerArchive(text: string, options: OpenOptions): Promise<OpenImage> {
  const { path, name } = await splitPath(text);
  const members = await openArchiveFile(path, `docker-archive:${printable(path)}`, options.signal);
  return openDocker(members, name, options);
}

/** Closes `members` with the image, and when opening fails. `name` as after the file in `openDockerArchive`. */
export async function openDocker(
  members: Members,
  name: string | undefined,
  options: OpenOptions,
): Promise<OpenImage> {
  try {
    const records = await readRecords(members, options.signal);
    const record = chooseRecord(records, name, members.where);
    const bytes = await readMember(members, record.Config, configLimit, options.signal);
    const configDigest = digestOf(bytes);
    const layers: StoredLayer[] = [];
    for (const [index, file] of record.Layers.entries()) layers.push(await storedLayer(members, file, index));
    return assembleImage({
      reference: name === undefined ? members.where : `${members.where}:${printable(name)}`,
      digest: (await manifestDigest(members, configDigest, options.signal)) ?? configDigest,
      config: configOf(bytes, members.where),
      layers,
      skipped: nameMismatch(record.Config, bytes),
      close: () => members.close(),
    });
  } catch (error) {
    await members.close().catch(() => undefined);
    throw error;
  }
}

/** The media type says a plain tar; what is compressed all the same, the decoder sees by its first bytes. */
async function storedLayer(members: Members, file: string, index: number): Promise<StoredLayer> {
  const mediaType = 'application/vnd.docker.image.rootfs.diff.tar';
  const digest = digestInName(file) ?? '';
  const digestFrom = digest === '' ? 'configuration' : 'file-name';
  const size = await members.size(file);
  if (size === undefined) {
    const detail = `${printable(file, 150)} is listed in manifest.json and not in the archive`;
    return {
      digest,
      digestFrom,
      size: 0,
      mediaType,
      unavailable: { reason: 'missing', detail },
      open: (s) => members.open(file, s),
    };
  }
  const what = `layer ${index} of ${members.where}`;
  const open = (signal?: AbortSignal) => {
    const chunks = members.open(file, signal);
    return digest === '' ? chunks : verified(chunks, { digest, size, what });
  };
  return { digest, digestFrom, size, mediaType, open };
}

/** `blobs/sha256/<hex>` names its content. */
function digestInName(file: string): string | undefined {
  const [, algorithm, hex] = /^blobs\/([a-z0-9]+)\/([0-9a-f]+)$/.exec(file) ?? [];
  const digest = `${algorithm}:${hex}`;
  return isDigest(digest) ? digest : undefined;
}

/** Engines call the configuration by its hash but do not check the name, so it is a hole and not an end. */
function nameMismatch(file: string, bytes: Buffer): Skipped[] {
  const hex = /^([0-9a-f]{64})\.json$/.exec(file)?.[1];
  const named = hex === undefined ? digestInName(file) : 'sha256:' + hex;
  if (named === undefined || named === digestOf(bytes, named.slice(0, named.indexOf(':')))) return [];
  const detail = 'the configuration does not have the digest that is its file name';
  return [{ path: printable(file, 200), reason: 'digest-mismatch', detail }];
}

const someText = textThat('a name of 1 to 4096 characters', (one) => one.length > 0 && one.length <= 4096);

/** As `docker load` joins paths: what would climb out stays inside. */
const fileName: Read<string> = (value, at) => memberName(someText(value, at));

export interface DockerRecord {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}

const dockerRecord = fields<DockerRecord>({
  Config: fileName,
  RepoTags: otherwise(list(text(4096), 1_000), []),
  Layers: (value, at) => (value === undefined ? [] : list(fileName, 1_000)(value, at)),
});

async function readRecords(
  members: Members,
  signal: AbortSignal | undefined,
): Promise<readonly DockerRecord[]> {
  if ((await members.size('manifest.json')) === undefined) throw await notDocker(members);
  const bytes = await readMember(members, 'manifest.json', manifestLimit, signal);
  return parseJson(bytes, list(dockerRecord, 10_000), `manifest.json of ${members.where}`);
}

async function notDocker(members: Members): Promise<WaterguardError> {
  if (members.isCut === true) return truncatedArchive(members.where);
  const isOci = (await members.size('index.json')) !== undefined;
  return new WaterguardError(
    'unreadable',
    `${members.where} is not an archive of \`docker save\`: it has no manifest.json. ` +
      (isOci
        ? 'It has an index.json: write oci-archive:FILE.'
        : 'An archive of `docker export` holds bare files: unpack it and write dir:PATH.'),
  );
}

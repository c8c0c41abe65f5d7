/** `docker save` and `load`: images as files. */
import { createHash } from 'node:crypto';
import { apiHeaders, type Call, flag } from '../api/call.ts';
import type { Route } from '../api/route.ts';
import { type TarEntry, tarEnd, tarEntry } from '../archive/tar.ts';
import { artefactsOf, openArchive } from '../archive/unpack.ts';
import { type ContainerConfig, configOf } from '../engine/config.ts';
import { imageOf, namesOf, tag } from '../engine/engine.ts';
import { DockerError, notFound } from '../engine/failure.ts';
import { type Image, madeImage } from '../engine/image.ts';
import { addImage } from '../engine/images.ts';
import { parseReference } from '../engine/reference.ts';
import { goJsonText, goTime } from '../json/encode.ts';
import { errorMessage, message, progressMessage } from '../json/progress.ts';

export const saveRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/images/get', handle: saveAll },
  { method: 'GET', pattern: '/images/{name}/get', handle: save },
  { method: 'POST', pattern: '/images/load', handle: load, recordsItself: true },
];

async function save(call: Call): Promise<void> {
  await send(call, [call.name]);
}

async function saveAll(call: Call): Promise<void> {
  await send(call, call.query.getAll('names'));
}

/** The layout of `docker save`; of layers only that there are some. */
async function send(call: Call, names: readonly string[]): Promise<void> {
  const { engine, exchange } = call;
  const images = names.map((name) => {
    try {
      return { name, image: imageOf(engine, name) };
    } catch (error) {
      if (error instanceof DockerError && error.status === 404) throw notFound(`No such image: ${name}`);
      throw error;
    }
  });
  const stream = exchange.stream(200, [...apiHeaders, ['Content-Type', 'application/x-tar']]);
  const file = (name: string, content: Uint8Array | string, mtime: number): Buffer =>
    tarEntry({
      name,
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime,
      target: '',
      content: Buffer.from(content),
    });
  const manifest: object[] = [];
  for (const { image } of images) {
    const hex = image.id.slice(7);
    const layers = image.layers.map(({ diffId }) => `${diffId.slice(7)}/layer.tar`);
    for (const layer of layers) await stream.write(file(layer, tarEnd, image.created.at));
    await stream.write(file(`${hex}.json`, configFile(image), image.created.at));
    manifest.push({ Config: `${hex}.json`, RepoTags: namesOf(engine, image.id).tags, Layers: layers });
  }
  await stream.write(file('manifest.json', `${goJsonText(manifest)}\n`, 0));
  await stream.write(tarEnd);
  stream.end();
}

function configFile(image: Image): string {
  return goJsonText({
    architecture: 'amd64',
    config: image.config,
    container: image.container,
    container_config: image.containerConfig,
    created: goTime(image.created),
    docker_version: image.dockerVersion,
    history: image.history.map(({ created, createdBy, size }) => ({
      created: goTime(created),
      created_by: createdBy,
      ...(size === 0 && { empty_layer: true }),
    })),
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: image.layers.map(({ diffId }) => diffId) },
  });
}

async function load(call: Call): Promise<void> {
  const { engine, exchange } = call;
  exchange.connection.relax();
  const { bytes, length } = await exchange.body();
  const archive = await openArchive(bytes);
  const manifests = manifestOf(archive.entries);
  const names = manifests.flatMap(({ RepoTags }) => RepoTags);
  await call.record('image.build', {
    raw: bytes,
    texts: manifests.map(({ text }) => text),
    images: names.slice(0, 100),
    artefacts: [
      ...(length > 0 ? [{ name: 'image', content: bytes }] : []),
      ...artefactsOf(archive.entries, 'image/'),
    ],
    data: { isLoad: true, tags: names.slice(0, 100), length },
  });
  const stream = exchange.stream(200, [...apiHeaders, ['Content-Type', 'application/json']]);
  if (archive.isBroken || archive.bytes.length < 1024)
    await stream.write(errorMessage('Error processing tar file(exit status 1): unexpected EOF'));
  else if (manifests.length === 0) {
    const folder = `/var/lib/docker/tmp/docker-import-${1e8 + Math.floor(Math.random() * 9e8)}`;
    await stream.write(errorMessage(`open ${folder}/repositories: no such file or directory`));
  }
  for (const { RepoTags, config, layers, name } of manifests) {
    for (const size of flag(call, 'quiet') || engine.images.has(`sha256:${name}`) ? [] : layers) {
      const id = createHash('sha256').update(`${Math.random()}`).digest('hex').slice(0, 12);
      for (const part of [0.3, 1])
        await stream.write(progressMessage('Loading layer', id, Math.round(size * part), size));
    }
    const known = engine.images.get(`sha256:${name}`);
    const size = layers.reduce((sum, one) => sum + one, 0);
    const image = known ?? madeImage({ config, createdBy: '', size, isOpaque: true, isKnown: false });
    addImage(engine, image);
    for (const one of RepoTags) tag(engine, one, image);
    if (RepoTags.length === 0) await stream.write(message({ stream: `Loaded image ID: ${image.id}\n` }));
    for (const one of RepoTags) await stream.write(message({ stream: `Loaded image: ${one}\n` }));
  }
  stream.end();
}

interface Loaded {
  /** Hex digits of its id, as its config is called. */
  readonly name: string;
  readonly RepoTags: readonly string[];
  readonly config: ContainerConfig;
  /** Bytes. */
  readonly layers: readonly number[];
  readonly text: string;
}

/** What `docker save` wrote: names, and the config of each image. What is not as it should be is left out. */
function manifestOf(entries: readonly TarEntry[]): Loaded[] {
  const byName = new Map(entries.map((entry) => [entry.name.replace(/^\.\//, ''), entry.content]));
  const json = (name: string): unknown => {
    const content = byName.get(name);
    if (content === undefined || content.length > 1 << 20) return undefined;
    try {
      return JSON.parse(Buffer.from(content).toString('utf8'));
    } catch {
      return undefined;
    }
  };
  const manifest = json('manifest.json');
  if (!Array.isArray(manifest)) return [];
  return manifest.slice(0, 16).map((one: { Config?: unknown; RepoTags?: unknown; Layers?: unknown }) => {
    const file = json(String(one?.Config)) as
      | { config?: { Cmd?: unknown; Entrypoint?: unknown; Env?: unknown } }
      | undefined;
    const strings = (value: unknown): string[] =>
      Array.isArray(value)
        ? value.filter((item): item is string => typeof item === 'string').slice(0, 500)
        : [];
    const { Cmd, Entrypoint, Env } = file?.config ?? {};
    return {
      name: String(one?.Config).replace(/\.json$/, ''),
      RepoTags: strings(one?.RepoTags).filter(isReference),
      config: configOf({
        Cmd: strings(Cmd).length > 0 ? strings(Cmd) : null,
        Entrypoint: strings(Entrypoint).length > 0 ? strings(Entrypoint) : null,
        Env: strings(Env).length > 0 ? strings(Env) : null,
      }),
      layers: strings(one?.Layers).map((layer) => byName.get(layer)?.length ?? 0),
      text: Buffer.from(byName.get(String(one?.Config)) ?? [])
        .subarray(0, 64 << 10)
        .toString('utf8'),
    };
  });
}

function isReference(text: string): boolean {
  try {
    parseReference(text);
    return true;
  } catch {
    return false;
  }
}

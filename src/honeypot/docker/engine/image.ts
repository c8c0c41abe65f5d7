/** Images: what one is, and how one that was never really pulled comes to look as if it had been. */
import { createHash } from 'node:crypto';
import type { Random } from '../../persona/random.ts';
import type { Node } from '../../world/files/node.ts';
import { type Moment, momentOf } from '../json/encode.ts';
import { type ContainerConfig, configOf, emptyConfig } from './config.ts';
import { type OfficialImage, officialImages, shells } from './official-images.ts';
import { familiarName, type Reference } from './reference.ts';

export interface Image {
  /** `sha256:` and 64 hex digits. */
  readonly id: string;
  readonly parent: string;
  readonly comment: string;
  readonly author: string;
  readonly container: string;
  readonly dockerVersion: string;
  readonly created: Moment;
  readonly config: ContainerConfig;
  readonly containerConfig: ContainerConfig;
  /** Bytes, unpacked. */
  readonly size: number;
  readonly layers: readonly Layer[];
  /** The oldest first. */
  readonly history: readonly HistoryEntry[];
  /** What it was made of, for the system that a container of it has: `alpine:3.19`. */
  readonly origin: string;
  /** Its own command is said to run and not emulated: a service, or what nobody here has seen. */
  readonly isOpaque: boolean;
  /** Whether it is known which programs it has; where it is not, there may be any. */
  readonly isKnown: boolean;
  /** Files that visitors put into it, by path. */
  readonly files: ReadonlyMap<string, Node>;
}

export interface Layer {
  readonly diffId: string;
  /** As the registry has it, compressed. */
  readonly digest: string;
  readonly compressed: number;
}

export interface HistoryEntry {
  /** Of the image that it made, where that is known; `<missing>` in what was pulled. */
  readonly id: string;
  readonly created: Moment;
  readonly createdBy: string;
  readonly comment: string;
  readonly size: number;
}

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** What unpacking makes of compressed layers, about. */
const expansion = 2.43;
const day = 86_400_000;
/** So often there is a new one under the same name. */
const renewal = 30 * day;

/**
 * An image as it comes from a registry.
 * @param random of the persona and the reference: two sensors pull different ones
 * @param now milliseconds since 1970; it was built before
 */
export function pulledImage(reference: Reference, random: Random, now: number): Image {
  const name = familiarName(reference);
  const official: OfficialImage = Object.hasOwn(officialImages, name)
    ? officialImages[name]!
    : unknownImage(random);
  const isAlpine = /alpine/.test(reference.tag ?? '');
  const sizes = (isAlpine ? official.alpineLayers : undefined) ?? official.layers;
  const layers = sizes.map((kib) =>
    layerOf(random, Math.max(92, Math.round(kib * 1024 * (0.97 + random.int(0, 60) / 1000)))),
  );
  const compressed = layers.reduce((sum, layer) => sum + layer.compressed, 0);
  const size = Math.round(compressed * expansion);
  const config = configOf({
    Env: [path, ...(official.env ?? [])],
    Cmd: official.cmd ?? null,
    Entrypoint: official.entrypoint ?? null,
    WorkingDir: official.workdir ?? '',
    ...(official.ports && { ExposedPorts: Object.fromEntries(official.ports.map((port) => [port, {}])) }),
    Volumes: official.volumes ? Object.fromEntries(official.volumes.map((volume) => [volume, {}])) : null,
    ...(official.stopSignal && { StopSignal: official.stopSignal }),
  });
  const created = {
    at: Math.floor(now / renewal) * renewal - random.int(4, 90) * day - random.int(0, day),
    nanoseconds: random.int(0, 999_999),
  };
  return {
    id: `sha256:${random.hex(64)}`,
    parent: '',
    comment: '',
    author: '',
    container: random.hex(64),
    dockerVersion: '20.10.23',
    created,
    config,
    containerConfig: {
      ...config,
      Hostname: random.hex(12),
      Cmd: ['/bin/sh', '-c', '#(nop) ', commandLine(official)],
    },
    size,
    layers,
    history: historyOf(layers, official, created, random, size / compressed),
    origin: `${name}:${reference.tag ?? 'latest'}`,
    isOpaque: !shells.has(official.cmd?.[0] ?? ''),
    isKnown: Object.hasOwn(officialImages, name),
    files: new Map(),
  };
}

/** Of what is not known nobody can tell its program; so it has one that is simply there. */
function unknownImage(random: Random): OfficialImage {
  return {
    entrypoint: [
      random.pick(['/entrypoint.sh', '/docker-entrypoint.sh', '/start.sh', '/usr/local/bin/start.sh']),
    ],
    layers: [3_330, ...Array.from({ length: random.int(2, 5) }, () => random.int(1, 9_000))],
  };
}

function layerOf(random: Random, compressed: number): Layer {
  return { diffId: `sha256:${random.hex(64)}`, digest: `sha256:${random.hex(64)}`, compressed };
}

function commandLine({ cmd, entrypoint }: OfficialImage): string {
  const words = cmd ?? entrypoint ?? [];
  return `${cmd ? 'CMD' : 'ENTRYPOINT'} [${words.map((one) => JSON.stringify(one)).join(' ')}]`;
}

function historyOf(
  layers: readonly Layer[],
  official: OfficialImage,
  created: Moment,
  random: Random,
  factor: number,
): HistoryEntry[] {
  const entry = (createdBy: string, size: number): HistoryEntry => ({
    id: '<missing>',
    created,
    createdBy,
    comment: '',
    size,
  });
  const [base, ...others] = layers;
  return [
    entry(`/bin/sh -c #(nop) ADD file:${random.hex(64)} in / `, Math.round(base!.compressed * factor)),
    ...(official.env ?? []).map((one) => entry(`/bin/sh -c #(nop)  ENV ${one}`, 0)),
    ...others.map(({ compressed }) =>
      compressed > 100_000
        ? entry('/bin/sh -c set -eux', Math.round(compressed * factor))
        : entry(`/bin/sh -c #(nop) COPY file:${random.hex(64)} in / `, Math.round(compressed * factor)),
    ),
    entry(`/bin/sh -c #(nop)  ${commandLine(official)}`, 0),
  ];
}

/** What a visitor makes of an image: by commit, build or import. */
export interface Made {
  readonly parent?: Image;
  readonly config: ContainerConfig;
  readonly containerConfig?: ContainerConfig;
  readonly container?: string;
  readonly comment?: string;
  readonly author?: string;
  readonly createdBy: string;
  /** Bytes that it adds. */
  readonly size: number;
  readonly files?: ReadonlyMap<string, Node>;
  /** Both as of `Image`; taken over from the parent where they are not told. */
  readonly isOpaque?: boolean;
  readonly isKnown?: boolean;
}

export function madeImage(made: Made): Image {
  const { parent, config } = made;
  const created = momentOf(Date.now());
  const id = digestOf(`${parent?.id}${created.at}${created.nanoseconds}${made.createdBy}`);
  const layer = { diffId: digestOf(`diff${id}`), digest: digestOf(`layer${id}`), compressed: made.size };
  const adds = made.size > 0 || parent === undefined;
  return {
    id,
    parent: parent?.id ?? '',
    comment: made.comment ?? '',
    author: made.author ?? '',
    container: made.container ?? '',
    dockerVersion: '20.10.24+dfsg1',
    created,
    config,
    containerConfig: made.containerConfig ?? emptyConfig,
    size: (parent?.size ?? 0) + made.size,
    layers: [...(parent?.layers ?? []), ...(adds ? [layer] : [])],
    history: [
      ...(parent?.history ?? []),
      { id, created, createdBy: made.createdBy, comment: made.comment ?? '', size: made.size },
    ],
    origin: parent?.origin ?? 'busybox:latest',
    isOpaque: made.isOpaque ?? parent?.isOpaque ?? false,
    isKnown: made.isKnown ?? parent?.isKnown ?? true,
    files: new Map([...(parent?.files ?? []), ...(made.files ?? [])]),
  };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

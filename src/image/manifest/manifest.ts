/**
 * Manifests and indexes, Docker's and OCI's alike: parsed once, here, at the boundary. What a document is
 * follows from its content, not from the media type beside it, which each source knows differently well; a
 * document that could be read as both is refused (CVE-2021-41190).
 */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import type { Descriptor } from '../blob-store.ts';
import {
  fields,
  list,
  optional,
  otherwise,
  parseJson,
  type Read,
  record,
  size,
  text,
  textThat,
} from '../go-json.ts';
import { isDigest } from '../reference.ts';

/** Bytes. What registries accept (docker-registry and the OCI distribution specification 1.1 of 2024: 4 MiB). */
export const manifestLimit = 4 * 1024 * 1024;

/** Engines stop at 127 (overlay2) or 500 (containerd); an image beyond this runs nowhere. */
const layerLimit = 1_000;

export interface ImageManifest {
  readonly kind: 'image';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  /** Set for OCI artifacts that are no images; empty otherwise. */
  readonly artifactType: string;
}

export interface ImageIndex {
  readonly kind: 'index';
  readonly manifests: readonly Descriptor[];
}

/**
 * @param mediaType as the source gave it; may be empty or wrong
 * @param where names the document in messages
 * @throws WaterguardError `unsupported` for schema 1 and for artifacts, `corrupt`, `limit`
 */
export function parseManifest(bytes: Buffer, mediaType: string, where: string): ImageManifest | ImageIndex {
  refuseOversize(bytes, where);
  const document = parseJson(bytes, manifestDocument, where);
  const { manifests, layers, config } = document;
  if (isSchema1(document, mediaType)) throw schema1(where);
  if (manifests !== undefined && (layers !== undefined || config !== undefined)) throw ambiguous(where);
  if (manifests !== undefined) return { kind: 'index', manifests };
  if (config === undefined) throw notAnImage(document.mediaType || mediaType, where);
  const list = layers ?? [];
  if (list.length > layerLimit) throw tooManyLayers(list.length, where);
  return { kind: 'image', config, layers: list, artifactType: document.artifactType };
}

const mediaTypeText = otherwise(text(255), '');

const textMap: Read<Readonly<Record<string, string>>> = (value, at) =>
  Object.fromEntries(Object.entries(anyMap(value, at)).filter(isTextPair));

const anyMap = otherwise(
  record((value) => value),
  {},
);

function isTextPair(pair: [string, unknown]): pair is [string, string] {
  return typeof pair[1] === 'string';
}

const platformFields = fields({
  os: otherwise(text(64), ''),
  architecture: otherwise(text(64), ''),
  variant: otherwise(text(64), undefined),
});

const digestText = textThat('a digest such as sha256:… with 64 hex digits', isDigest);

const descriptorFields = fields({
  mediaType: mediaTypeText,
  digest: digestText,
  /** Absent means unknown; engines refuse what is no size. */
  size: optional(size),
  annotations: textMap,
  platform: otherwise(platformFields, undefined),
  urls: otherwise(list(text(2048), 16), undefined),
});

/** One descriptor of `index.json`, a manifest or an index. */
const descriptor: Read<Descriptor> = (value, at) => {
  const { platform, urls, size: bytes = 0, ...rest } = descriptorFields(value, at);
  return {
    ...rest,
    size: bytes,
    ...(platform === undefined ? {} : { platform: withoutUndefined(platform) }),
    ...(urls === undefined ? {} : { urls }),
  };
};

function withoutUndefined(platform: ReturnType<typeof platformFields>): NonNullable<Descriptor['platform']> {
  const { os, architecture, variant } = platform;
  return variant === undefined ? { os, architecture } : { os, architecture, variant };
}

const manifestDocument = fields({
  schemaVersion: (value) => value,
  mediaType: mediaTypeText,
  artifactType: mediaTypeText,
  config: optional(descriptor),
  layers: optional(list(descriptor)),
  manifests: optional(list(descriptor)),
  fsLayers: (value) => value,
});

function isSchema1(document: ReturnType<typeof manifestDocument>, mediaType: string): boolean {
  return (
    document.schemaVersion === 1 ||
    document.fsLayers !== undefined ||
    /^application\/vnd\.docker\.distribution\.manifest\.v1\+/.test(document.mediaType || mediaType)
  );
}

/** @throws WaterguardError `limit` */
export function refuseOversize(bytes: Buffer, where: string): void {
  if (bytes.length <= manifestLimit) return;
  throw new WaterguardError(
    'limit',
    `${where} has ${bytes.length} bytes; manifests of more than ${manifestLimit} bytes are refused, as registries do.`,
  );
}

function schema1(where: string): WaterguardError {
  return new WaterguardError(
    'unsupported',
    `${where} is an image manifest of schema 1, which Docker gave up in 2023 because it does not verify the ` +
      'image configuration. Pull the image with an old Docker and push it again, or copy it with ' +
      '`skopeo copy --format v2s2`, then scan the copy.',
  );
}

function ambiguous(where: string): WaterguardError {
  return new WaterguardError(
    'corrupt',
    `${where} has both "manifests" and "layers" or "config", so that it could be read as an index or as an image ` +
      '(CVE-2021-41190). It is refused; treat it as hostile, or push the image again.',
  );
}

function notAnImage(mediaType: string, where: string): WaterguardError {
  const type = mediaType === '' ? '' : ` (${printable(mediaType, 100)})`;
  return new WaterguardError(
    'unsupported',
    `${where} is neither an image manifest nor an index${type}: it has no "config" and no "manifests". ` +
      'Name a container image.',
  );
}

function tooManyLayers(count: number, where: string): WaterguardError {
  return new WaterguardError(
    'limit',
    `${where} lists ${count} layers. No container engine runs an image of more than ${layerLimit}; it is refused.`,
  );
}

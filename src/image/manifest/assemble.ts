/**
 * From a verified configuration and a list of stored layers to the image that a scan walks through: layers
 * joined with their diffIDs and history lines, and whatever cannot be read named as a hole.
 */
import type { Skipped } from '../../model/coverage.ts';
import { printable } from '../../model/printable.ts';
import type { DigestOrigin, LayerSource, OpenImage } from '../image.ts';
import { isDigest } from '../reference.ts';
import { type ParsedConfig, parseConfig } from './config.ts';
import { boundedHistory } from './history.ts';
import { platformText } from './platform.ts';

/** A layer as a source has it. `open` verifies what can be verified, see `LayerSource.open`. */
export interface StoredLayer {
  /** Empty where the source knows none (`digestFrom` is then `configuration`); the diffID stands for it. */
  readonly digest: string;
  readonly digestFrom: DigestOrigin;
  readonly size: number;
  readonly mediaType: string;
  readonly unavailable?: Pick<Skipped, 'reason' | 'detail'>;
  open(signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface Parts {
  readonly reference: string;
  readonly digest: string;
  readonly config: ParsedConfig;
  readonly layers: readonly StoredLayer[];
  readonly skipped: readonly Skipped[];
  close(): Promise<void>;
}

/** Characters of a history line in a report; the configuration keeps the whole line. */
const createdByLimit = 4_000;

/** A layer that is not there is named on the layer (`unavailable`) and not once more in `skipped`. */
export function assembleImage(parts: Parts): OpenImage {
  const { config, platform, diffIds } = parts.config;
  const history = boundedHistory(config.history, parts.layers.length);
  const createdBy = new Map(history.map((line) => [line.layer, line.createdBy]));
  const layers = parts.layers.map((stored, index) =>
    layerSource(stored, index, diffIds[index] ?? '', createdBy.get(index) ?? ''),
  );
  return {
    kind: 'image',
    reference: parts.reference,
    digest: parts.digest,
    platform: platformText(platform),
    config: { ...config, history },
    layers,
    skipped: [...parts.skipped, ...diffIdSkips(layers, diffIds)],
    close: parts.close,
  };
}

function layerSource(stored: StoredLayer, index: number, listed: string, createdBy: string): LayerSource {
  const diffId = isDigest(listed) ? listed : '';
  const digest = stored.digest || diffId;
  const { unavailable } = stored;
  return {
    index,
    digest,
    digestFrom: stored.digestFrom,
    diffId,
    size: stored.size,
    mediaType: printable(stored.mediaType, 255),
    createdBy: printable(createdBy, createdByLimit),
    ...(unavailable === undefined ? {} : { unavailable: { path: digest, layer: index, ...unavailable } }),
    open: stored.open,
  };
}

/** Engines refuse an image whose layers and diffIDs do not pair up, but what is there can still be looked at. */
function diffIdSkips(layers: readonly LayerSource[], diffIds: readonly string[]): Skipped[] {
  const skips: Skipped[] = [];
  for (const { index, digest, diffId } of layers) {
    if (diffId !== '') continue;
    const detail =
      'the configuration lists no valid diffID for this layer, so its content cannot be verified';
    skips.push({ path: digest || `layer ${index}`, reason: 'missing', layer: index, detail });
  }
  const extra = diffIds.length - layers.length;
  if (extra > 0) {
    const detail = `the configuration lists ${diffIds.length} layers, the manifest ${layers.length}`;
    skips.push({ path: 'rootfs.diff_ids', reason: 'missing', detail });
  }
  return skips;
}

/** Reads a configuration, with its place in messages. */
export function configOf(bytes: Buffer, reference: string): ParsedConfig {
  return parseConfig(bytes, `The configuration of ${reference}`);
}

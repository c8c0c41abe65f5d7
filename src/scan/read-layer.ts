/**
 * From a layer blob to its report: decompress → verify diffID → walk the tar → collect → engine → report.
 * Nothing is unpacked to disk. What fails on the way becomes a hole in the report; what was read before stays.
 */
import { createHash } from 'node:crypto';
import { decompress } from '../image/decompress.ts';
import type { LayerSource } from '../image/image.ts';
import { createTarWalker } from '../image/tar/walker.ts';
import type { SkipReason } from '../model/coverage.ts';
import { messageOf, WaterguardError } from '../model/error.ts';
import type { Collector } from './collector.ts';
import type { LayerReport } from './layer-report.ts';

export interface LayerRead {
  readonly report: LayerReport;
  /** Nothing missing and every digest right: may be cached. */
  readonly complete: boolean;
}

/** @param collector fresh; used for this layer only */
export async function readLayer(
  layer: LayerSource,
  collector: Collector,
  signal: AbortSignal,
): Promise<LayerRead> {
  const digest = createHash('sha256');
  const walker = createTarWalker(collector, undefined, layer.digest);
  let fault: unknown;
  try {
    for await (const chunk of decompress(layer.open(signal), undefined, 'passing')) {
      digest.update(chunk);
      walker.push(chunk);
      await collector.ready();
      signal.throwIfAborted();
    }
  } catch (error) {
    fault = error;
  }
  walker.finish();
  const diffId = `sha256:${digest.digest('hex')}`;
  if (fault !== undefined) collector.skip(layer.digest, reasonOf(fault), messageOf(fault));
  else if (layer.diffId !== '' && diffId !== layer.diffId) {
    collector.skip(
      layer.digest,
      'digest-mismatch',
      `the layer's content is ${diffId}, the configuration says ${layer.diffId}`,
    );
  }
  const report: LayerReport = {
    diffId: layer.diffId === '' ? diffId : layer.diffId,
    digests: [layer.digest],
    ...(await collector.finish()),
  };
  return {
    report,
    complete:
      fault === undefined && diffId === report.diffId && report.errors.length === 0 && !hasTimeHole(report),
  };
}

/** A time limit depends on the machine's mood, so such a report is not kept. */
function hasTimeHole(report: LayerReport): boolean {
  return report.skipped.some((one) => one.reason === 'time-limit');
}

/** The hole that a failing read leaves. */
function reasonOf(error: unknown): SkipReason {
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return 'time-limit';
  if (!(error instanceof WaterguardError)) return 'missing';
  switch (error.code) {
    case 'digest-mismatch':
    case 'truncated':
    case 'missing':
    case 'unsupported':
      return error.code;
    case 'limit':
      return 'ratio-limit';
    case 'corrupt':
      return 'truncated';
    default:
      return 'missing';
  }
}

/**
 * From a layer to its report: the walk fills the collector, and the content is held against the diffID. What fails
 * on the way becomes a hole in the report; what was read before stays.
 */
import type { LayerSource } from '../image/image.ts';
import { walkLayer } from '../image/layer.ts';
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
  const { diffId, fault } = await walkLayer(layer, collector, { ready: () => collector.ready(), signal });
  const stated = layer.diffId === '' ? diffId : layer.diffId;
  if (fault !== undefined) {
    collector.skip(layer.digest, reasonOf(fault), messageOf(fault));
  } else if (diffId !== stated) {
    const detail = `the layer's content is ${diffId}, the configuration says ${stated}`;
    collector.skip(layer.digest, 'digest-mismatch', detail);
  }
  const report = { diffId: stated, digests: [layer.digest], ...(await collector.finish()) };
  const isWhole = fault === undefined && diffId === stated;
  return { report, complete: isWhole && report.errors.length === 0 && !hasTimeHole(report) };
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

/**
 * Reads and inspects what no cache knows: layers and directories. Everything that this takes, from the tar walker
 * to the detectors, loads with the first of them, because a rescan needs none of it.
 */
import { walkDirectory } from '../image/directory.ts';
import type { LayerSource } from '../image/image.ts';
import { messageOf } from '../model/error.ts';
import { type Collector, createCollector } from './collector.ts';
import type { LayerReport } from './layer-report.ts';
import { type LayerRead, readLayer } from './read-layer.ts';
import type { ScanSession } from './session.ts';

/** Keeps the report for the next scan where the layer was read whole. */
export async function inspectLayer(
  session: ScanSession,
  layer: LayerSource,
  signal: AbortSignal,
): Promise<LayerRead> {
  const { report, complete } = await readLayer(layer, await collectorOf(session), signal);
  if (complete) {
    const known = session.layers?.get(report.diffId);
    const digests = [...new Set([...(known?.digests ?? []), ...report.digests])].slice(-16);
    session.layers?.put({ ...report, digests });
  }
  return { report, complete };
}

/** Directories change without notice, so their reports are not kept; those of their files are. */
export async function inspectDirectory(
  session: ScanSession,
  root: string,
  signal: AbortSignal,
): Promise<LayerReport> {
  const collector = await collectorOf(session);
  try {
    const { maxFileSize } = session.limits;
    await walkDirectory(root, collector, { ready: () => collector.ready(), signal, maxFileSize });
  } catch (error) {
    if (!signal.aborted) throw error;
    collector.skip('/', 'time-limit', messageOf(error));
  }
  return { diffId: '', digests: [], ...(await collector.finish()) };
}

async function collectorOf(session: ScanSession): Promise<Collector> {
  const { engine, detectors } = await session.detection();
  return createCollector(engine, detectors, session.files, session.limits);
}

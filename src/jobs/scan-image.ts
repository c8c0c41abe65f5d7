/** One image of a hunt through the scanner, with the facts of those of its layers that are not recorded yet. */
import type { ImageQueue } from '../hunt/port.ts';
import type { Scan } from '../hunt/work.ts';
import type { LayerFacts } from '../model/layer-facts.ts';
import { layerFacts, type ScanSession, scanTarget } from '../scan/index.ts';

export function scanWith(session: ScanSession, { hasLayer }: Pick<ImageQueue, 'hasLayer'>): Scan {
  return async ({ target, platform, insecure }, signal) => {
    const layers = new Map<string, LayerFacts>();
    const options = {
      platform,
      insecure,
      env: process.env,
      layer: (one: Parameters<typeof layerFacts>[0]) => {
        if (one.diffId === '' || hasLayer(one.diffId) || layers.has(one.diffId)) return;
        layers.set(one.diffId, layerFacts(one, session));
      },
    };
    const report = await scanTarget(target, session, options, undefined, signal);
    return { report, layers: [...layers.values()] };
  };
}

/** The daemon that each source sees: kept while there is room, the one that was longest away goes first. */
import type { Site } from '../decoy.ts';
import { Quota } from '../world/files/quota.ts';
import { baseOf } from './engine/base.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import type { Runtime } from './engine/process.ts';

/** As many as hosts are kept. */
const mostEngines = 1000;
/** What all visitors may make: configs, logs, files of images; in bytes. */
const mostBytes = 24 << 20;
/** Milliseconds after which a daemon is as it was. */
const keptFor = 3_600_000;

export function createEngines(site: Site, runtime: Runtime): { of(source: string): Engine } {
  const base = baseOf(site.persona, Date.now());
  const quota = new Quota(mostBytes);
  const engines = new Map<string, { readonly engine: Engine; at: number }>();

  function forget(): void {
    for (const [source, { engine, at }] of engines) {
      if (engines.size < mostEngines && Date.now() - at < keptFor && !quota.isTight) return;
      engines.delete(source);
      close(engine);
    }
  }

  return {
    of(source) {
      const known = engines.get(source);
      engines.delete(source);
      const kept = known ?? { engine: createEngine(base, runtime, () => site.host(source), quota), at: 0 };
      kept.at = Date.now();
      forget();
      engines.set(source, kept);
      return kept.engine;
    },
  };
}

/** Ends what runs, and gives its memory back. */
function close({ containers, execs, quota }: Engine): void {
  for (const exec of execs.values()) exec.running?.kill(137);
  for (const container of containers.values()) {
    container.isStopped = true;
    container.running?.kill(137);
    container.world?.close();
  }
  quota.release();
}

/**
 * A scan session: what many scans share. Rules are read and compiled once, the engine starts with the first
 * layer that is not cached, and the caches stay open. `scanTarget` is the whole pipeline of one target.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Detector } from '../detect/detector.ts';
import { makeDetectors } from '../detect/list.ts';
import { loadNetworkLists, type NetworkLists } from '../detect/network/judge.ts';
import { makePlan, type Plan } from '../detect/runner.ts';
import { engineAvailable } from '../detect/yara/engine.ts';
import { loadRules, type RuleSet } from '../detect/yara/load.ts';
import type { Skipped } from '../model/coverage.ts';
import type { Tool } from '../model/report.ts';
import { openFileCache } from './cache/file-cache.ts';
import { cacheFolder } from './cache/folder.ts';
import { type LayerCache, openLayerCache } from './cache/layer-cache.ts';
import { compiledPlan } from './cache/plan-cache.ts';
import type { FileCache } from './collector.ts';
import { type Engine, startEngine } from './engine/client.ts';
import { type IgnoreEntry, readIgnoreFile } from './ignore.ts';
import { type ScanLimits, windowSize } from './limits.ts';
import { shippedRules, version } from '../package.ts';

export interface SessionOptions {
  /** Third-party rule folders besides the shipped rules. */
  readonly rules: readonly string[];
  /** Default true. */
  readonly shippedRules?: boolean;
  readonly ignoreFile?: string;
  /** CSV of domain and registration date. */
  readonly newDomainsFile?: string;
  readonly cache: boolean;
  readonly limits: ScanLimits;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}

export interface ScanSession {
  readonly tool: Tool;
  readonly ruleSet: RuleSet;
  readonly detectors: readonly Detector[];
  readonly lists: NetworkLists;
  readonly limits: ScanLimits;
  readonly ignores: readonly IgnoreEntry[];
  readonly now: () => Date;
  /** Holes that every report of the session has. */
  readonly skipped: readonly Skipped[];
  readonly layers: LayerCache | undefined;
  readonly files: FileCache;
  /** Starts it at the first call. */
  engine(): Engine;
  close(): Promise<void>;
}

/** @throws WaterguardError `usage` for a rule folder or an ignore file that cannot be read */
export async function openSession(options: SessionOptions): Promise<ScanSession> {
  const { env, limits } = options;
  const ignores = options.ignoreFile === undefined ? [] : readIgnoreFile(options.ignoreFile);
  const ruleSet = await loadRules(options.shippedRules === false ? options.rules : [shippedRules, ...options.rules]);
  const available = engineAvailable();
  const detectors = makeDetectors([]);
  const native = 'missing' in available ? undefined : available;
  const versions = detectors.map((one) => `${one.name}@${one.version}`).join(' ');
  const ruleset = `sha256:${hash('sha256', `${ruleSet.hash}\n${versions}`)}`;
  const context = [ruleset, native?.name ?? 'none', limits.maxFileSize, limits.fileTimeoutMs, windowSize].join('\n');
  const folder = (part: string): string | undefined => (options.cache ? cacheFolder(env, part) : undefined);
  const layerFolder = folder('layers');
  const fileFolder = folder('files');
  folder(join('files', 'packs'));
  const cached = fileFolder === undefined ? undefined : openFileCache(fileFolder, context);
  let engine: Engine | undefined;
  const plan = (): Plan => compiledPlan(folder('rules'), context, () => makePlan(detectors, ruleSet.sources, native));

  return {
    tool: { name: 'waterguard', version, ruleset },
    ruleSet,
    detectors,
    lists: loadNetworkLists(),
    limits,
    ignores,
    now: options.now,
    skipped: 'missing' in available ? [{ path: 'yara', reason: 'detector-missing', detail: available.missing }] : [],
    layers: layerFolder === undefined ? undefined : openLayerCache(layerFolder, context),
    files: withMemory(cached),
    engine() {
      engine ??= startEngine(plan(), [], limits.fileTimeoutMs);
      return engine;
    },
    async close() {
      await engine?.close();
      cached?.close();
    },
  };
}

/** Files repeat within one image, so results are kept in memory whether or not there is a cache on disk. */
function withMemory(cached: FileCache | undefined): FileCache {
  const mostKept = 200_000;
  const memory = new Map<string, ReturnType<FileCache['get']>>();
  const keyOf = (sha256: Buffer, opened: boolean): string => `${opened ? 1 : 0}${sha256.toString('latin1')}`;
  return {
    get(sha256, opened) {
      return memory.get(keyOf(sha256, opened)) ?? cached?.get(sha256, opened);
    },
    put(sha256, opened, found) {
      if (memory.size < mostKept) memory.set(keyOf(sha256, opened), found);
      cached?.put(sha256, opened, found);
    },
  };
}

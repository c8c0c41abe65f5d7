/**
 * A scan session: what many scans share. Rules are prepared once, the engine starts with the first
 * layer that is not cached, and the caches stay open. `scanTarget` is the whole pipeline of one target.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Detector, ImageInspection } from '../detect/detector.ts';
import { makeInspections } from '../detect/image-list.ts';
import { loadNetworkLists, type NetworkLists } from '../detect/network/judge.ts';
import type { RulePart } from '../detect/rules/part.ts';
import type { RuleSummary } from '../detect/rules/prepare.ts';
import { makeSecretMask } from '../detect/secrets/mask.ts';
import type { Skipped } from '../model/coverage.ts';
import { messageOf, WaterguardError } from '../model/error.ts';
import type { KnownIndicators } from '../model/known-indicator.ts';
import type { Tool } from '../model/report.ts';
import { version } from '../package.ts';
import type { IgnoreEntry } from '../verdict/ignore.ts';
import { type Bases, createBases } from './bases.ts';
import { openFileCache } from './cache/file-cache.ts';
import { cacheFolder } from './cache/folder.ts';
import { type LayerCache, format as layerFormat, openLayerCache } from './cache/layer-cache.ts';
import { withMemory } from './cache/memory-cache.ts';
import { openReachCache, type ReachCache } from './cache/reach-cache.ts';
import type { FileCache } from './collector.ts';
import type { Engine } from './engine/client.ts';
import type { EngineProcess } from './engine/process.ts';
import { type ScanLimits, windowSize } from './limits.ts';
import type { Registrations } from './registrations.ts';
import { openRules, type RuleOptions, type SessionRules } from './rules.ts';

export interface SessionOptions extends RuleOptions {
  readonly ignoreFile?: string;
  /** CSV of domain and registration date. */
  readonly newDomainsFile?: string;
  /** URL of a list of RDAP servers, or true for IANA's: allows to ask when domains were registered. */
  readonly rdap?: string | true;
  readonly cache: boolean;
  readonly limits: ScanLimits;
  readonly now: () => Date;
  /** Where machines share what they have read of layers. */
  readonly exchange?: LayerExchange;
  /** What was learned until the moment it is asked for. */
  readonly known?: () => KnownIndicators;
  /** Was launched before the session, for the first engine. */
  readonly launched?: EngineProcess;
}

/** What others have read of layers, as their caches pack it. */
export interface LayerExchange {
  /** @param context of the reports, as `ScanSession` has it
   *  @returns those that are there, by diffID */
  fetch(diffIds: readonly string[], context: string): Promise<ReadonlyMap<string, Buffer>>;
}

export interface ScanSession {
  readonly tool: Tool;
  readonly rules: RuleSummary;
  /** What `tool.ruleset` consists of. */
  ruleParts(): Promise<readonly RulePart[]>;
  /** What the user should know of before the scan, in sentences. */
  readonly warnings: readonly string[];
  readonly inspections: readonly ImageInspection[];
  /** Gives a text without the secrets in it. */
  readonly mask: (text: string) => string;
  readonly lists: NetworkLists;
  readonly limits: ScanLimits;
  readonly ignores: readonly IgnoreEntry[];
  readonly now: () => Date;
  readonly known?: () => KnownIndicators;
  /** Holes that every report of the session has. */
  readonly skipped: readonly Skipped[];
  /** Of all that a layer's report depends on beside the layer; 64 hexadecimal digits. */
  readonly context: string;
  readonly layers: LayerCache | undefined;
  readonly exchange?: LayerExchange;
  readonly files: FileCache;
  readonly reach?: ReachCache;
  readonly bases: Bases;
  readonly registrations?: Registrations;
  /** What inspects content; starts the engine at the first call. */
  detection(): Promise<{ readonly engine: Engine; readonly detectors: readonly Detector[] }>;
  /** Tells the engine to end until it is needed again: merging millions of entries wants its memory. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

/** @throws WaterguardError `usage` for a rule folder or an ignore file that cannot be read */
export async function openSession(options: SessionOptions): Promise<ScanSession> {
  const { env, limits } = options;
  const ignores = options.ignoreFile === undefined ? [] : await readIgnores(options.ignoreFile);
  const rules = await openRules(options);
  const context = [rules.context, limits.maxFileSize, limits.fileTimeoutMs, windowSize].join('\n');
  const warnings = new Set(rules.warnings);
  const folder = (part: string): string | undefined =>
    options.cache ? cacheFolder(env, part, (why) => warnings.add(why)) : undefined;
  const layerFolder = folder('layers');
  const reachFolder = folder('reach');
  const registrations = await openRdap(
    options,
    options.rdap === undefined ? undefined : folder('registrations'),
  );
  const packFolder = folder('files/packs');
  const cached = packFolder === undefined ? undefined : openFileCache(dirname(packFolder), context);
  let engine: Promise<Engine> | undefined;
  let { launched } = options;
  const startOnce = (): Promise<Engine> => {
    engine ??= start(rules, limits.fileTimeoutMs, launched);
    launched = undefined;
    return engine;
  };
  const ended: Promise<void>[] = [];
  const rest = async (): Promise<void> => {
    const ending = engine;
    engine = undefined;
    // One that could not start has told so where it was needed.
    const one = await ending?.catch(() => undefined);
    if (one !== undefined) ended.push(one.close());
  };
  // Without a cache every layer will need it: it starts while the target is being opened.
  if (!options.cache) startOnce().catch(() => {});

  return {
    tool: { name: 'waterguard', version, ruleset: rules.ruleset },
    rules: rules.summary,
    ruleParts: rules.parts,
    warnings: [...warnings],
    inspections: makeInspections(rules.summary.secrets),
    mask: makeSecretMask(rules.summary.secrets),
    lists: loadNetworkLists(readFeed(options.newDomainsFile)),
    limits,
    ignores,
    now: options.now,
    ...(options.known !== undefined && { known: options.known }),
    skipped:
      rules.missing === undefined
        ? []
        : [{ path: 'yara', reason: 'detector-missing', detail: rules.missing }],
    context: hash('sha256', `${layerFormat}\n${context}`),
    layers: layerFolder === undefined ? undefined : openLayerCache(layerFolder, context),
    ...(options.exchange !== undefined && { exchange: options.exchange }),
    files: withMemory(cached),
    bases: createBases(),
    ...(registrations !== undefined && { registrations }),
    ...(reachFolder !== undefined && { reach: openReachCache(reachFolder, context) }),
    async detection() {
      const one = await startOnce();
      one.forgive();
      return { engine: one, detectors: rules.detectors };
    },
    rest,
    async close() {
      await rest();
      await Promise.all(ended);
      cached?.close();
      registrations?.close();
    },
  };
}

async function start(rules: SessionRules, timeoutMs: number, launched?: EngineProcess): Promise<Engine> {
  const { startEngine } = await import('./engine/client.ts');
  const looksFor = { plan: await rules.plan(), secrets: rules.summary.secrets };
  return startEngine(looksFor, timeoutMs, launched === undefined ? {} : { launched });
}

async function openRdap(
  { rdap, env, now }: SessionOptions,
  folder: string | undefined,
): Promise<Registrations | undefined> {
  if (rdap === undefined) return undefined;
  const { ianaBootstrap, openRegistrations } = await import('./registrations.ts');
  return openRegistrations({ bootstrap: rdap === true ? ianaBootstrap : rdap, folder, env, now });
}

/** @throws WaterguardError `usage` where the file cannot be read */
function readFeed(path: string | undefined): string {
  if (path === undefined) return '';
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new WaterguardError('usage', `cannot read the list of new domains ${path}: ${messageOf(error)}`);
  }
}

async function readIgnores(path: string): Promise<readonly IgnoreEntry[]> {
  const { readIgnoreFile } = await import('./ignore-file.ts');
  return readIgnoreFile(path);
}

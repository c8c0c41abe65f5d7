/**
 * The scan of one target, from reference to report, as a table of contents:
 * open → read each layer (or take it from the cache) → merge → judge.
 */
import { resolve } from 'node:path';
import type { NetworkLists } from '../detect/network/judge.ts';
import { EntryTable } from '../image/entry-table.ts';
import { mergeLayers } from '../image/filesystem.ts';
import type { LayerSource, OpenDirectory, OpenImage, OpenOptions, OpenTarget } from '../image/image.ts';
import { openTarget } from '../image/target.ts';
import { verified } from '../image/verify.ts';
import type { Skipped } from '../model/coverage.ts';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import type { ArtifactLayer, ImageReport } from '../model/report.ts';
import type { MergedTarget } from './bases.ts';
import { startedDomains } from './candidates.ts';
import { judge } from './judge.ts';
import type { LayerReport } from './layer-report.ts';
import { type Reach, reachOf } from './reach-target.ts';
import type { LayerRead } from './read-layer.ts';
import type { ScanSession } from './session.ts';
import type { TargetFacts } from './target-facts.ts';
import { startTimeLimit, type TimeLimit } from './time-limit.ts';

/** Told what happens, for a progress line; `done` and `total` count layers. */
export type Progress = (done: number, total: number, what: string) => void;

export interface ScanOptions extends Omit<OpenOptions, 'signal'> {
  /** No other target follows in this session. */
  readonly isLast?: boolean;
  /** Told of each layer that was read whole, or known. */
  readonly layer?: (report: LayerReport) => void;
}

/**
 * @param target as in `waterguard scan`
 * @param stop ends the reading; the report then tells what was found until then, and has a hole
 * @throws WaterguardError when the target cannot be opened; what fails after that is a hole in the report
 */
export async function scanTarget(
  target: string,
  session: ScanSession,
  { isLast = false, layer = () => {}, ...options }: ScanOptions,
  progress: Progress = () => {},
  stop?: AbortSignal,
): Promise<ImageReport> {
  const startedAt = session.now();
  // The global `performance` is loaded when it is first used, which takes 5 ms of a rescan.
  const start = process.hrtime.bigint();
  const limit = startTimeLimit(session.limits.timeoutMs);
  const signal = stop === undefined ? limit.signal : AbortSignal.any([limit.signal, stop]);
  let opened: OpenTarget | undefined;
  try {
    opened = await openInTime(target, { ...options, signal }, limit);
    const facts =
      opened.kind === 'image'
        ? await readImage(target, opened, session, { progress, layer }, signal)
        : await readDirectory(target, opened, session, signal);
    // What is put together now gets the engine's memory.
    if (isLast) await session.rest();
    const { tool, inspections, mask, ignores, skipped } = session;
    const reach = reachOf(facts);
    const lists = await withRegistrations(session, facts, reach, signal);
    const known = session.known?.();
    const context = { tool, lists, known, inspections, mask, ignores, now: startedAt, skipped: [...skipped] };
    const report = judge({ ...facts, target: printable(target) }, context, reach);
    return {
      ...report,
      startedAt: startedAt.toISOString(),
      durationMs: Number((process.hrtime.bigint() - start + 500_000n) / 1_000_000n),
    };
  } finally {
    limit.end();
    await opened?.close();
  }
}

/** Before there is anything to report on, the end of the time is a failure: one of the target, not of ours. */
async function openInTime(target: string, options: OpenOptions, limit: TimeLimit): Promise<OpenTarget> {
  try {
    return await openTarget(target, options);
  } catch (error) {
    if (!limit.signal.aborted) throw error;
    throw new WaterguardError(
      'limit',
      `It could not be opened within ${limit.words}, the time limit for one target. Raise it with --timeout, ` +
        'or check that what it is read from answers.',
      { cause: error },
    );
  }
}

/** The day's lists, and where the operator allows it when the domains of started hosts were registered. */
async function withRegistrations(
  { lists, inspections, registrations }: ScanSession,
  facts: TargetFacts,
  reach: Reach,
  signal: AbortSignal,
): Promise<NetworkLists> {
  if (registrations === undefined) return lists;
  const domains = startedDomains(facts, inspections, reach).filter((one) => !lists.registered.has(one));
  const asked = await registrations.ask(domains, signal);
  return { ...lists, registered: new Map([...asked, ...lists.registered]) };
}

async function readImage(
  target: string,
  image: OpenImage,
  session: ScanSession,
  tell: { readonly progress: Progress; readonly layer: (report: LayerReport) => void },
  signal: AbortSignal,
): Promise<TargetFacts> {
  const layers: { index: number; report: LayerReport }[] = [];
  const skipped: Skipped[] = [...image.skipped];
  const whole: string[] = [];
  let cachedLayers = 0;
  /** Layers from the base up that were known, as another image stands on them. */
  let cachedBelow = 0;
  const elsewhere = fetchOnce(session, image);
  for (const layer of image.layers) {
    tell.progress(layer.index, image.layers.length, layer.digest);
    if (layer.unavailable !== undefined) {
      skipped.push({ ...layer.unavailable, layer: layer.index });
      continue;
    }
    if (signal.aborted) {
      skipped.push({
        path: layer.digest,
        reason: 'time-limit',
        layer: layer.index,
        detail: messageOf(signal.reason),
      });
      continue;
    }
    const known = await fromCache(session, elsewhere, layer, signal);
    if (known !== undefined) cachedLayers++;
    if (known !== undefined && cachedBelow === layer.index) cachedBelow++;
    const read =
      known === undefined ? await readAnew(session, layer, signal) : { report: known, complete: true };
    layers.push({ index: layer.index, report: read.report });
    if (!read.complete) continue;
    whole.push(layer.diffId);
    tell.layer(read.report);
  }
  const reach = whole.length === image.layers.length ? session.reach?.(image.config, whole) : undefined;
  const entries = layers.reduce((sum, one) => sum + one.report.entries.count, 0);
  if (entries > crowd) await session.rest();
  return {
    target,
    artifact: {
      kind: 'image',
      reference: image.reference,
      digest: image.digest,
      platform: image.platform,
      layers: image.layers.map(artifactLayer),
    },
    config: image.config,
    layers,
    merged: once(() => merge(session, image.layers.length, layers, cachedBelow)),
    ...(reach !== undefined && { reach }),
    skipped,
    errors: [],
    cachedLayers,
  };
}

/** From so many entries on, the merge gets the engine's memory; starting it again costs a third of a second. */
const crowd = 250_000;

/**
 * A report counts for a blob only if this very blob was once read and verified against the diffID. Where its digest
 * is no more than its author's word, the blob is first held against it.
 */
async function fromCache(
  session: ScanSession,
  elsewhere: Elsewhere,
  layer: LayerSource,
  signal: AbortSignal,
): Promise<LayerReport | undefined> {
  if (layer.diffId === '') return undefined;
  const known = session.layers?.get(layer.diffId) ?? (await elsewhere(layer.diffId));
  if (known === undefined) return undefined;
  const isKnown = layer.digestFrom === 'configuration' || known.digests.includes(layer.digest);
  if (!isKnown) return undefined;
  return layer.digestFrom === 'manifest' || (await hasItsDigest(layer, signal)) ? known : undefined;
}

/** What others have read of a layer that is not known here. */
type Elsewhere = (diffId: string) => Promise<LayerReport | undefined>;

/** Asked for all layers with the first that is not known. */
function fetchOnce({ exchange, layers, context }: ScanSession, image: OpenImage): Elsewhere {
  if (exchange === undefined || layers === undefined) return async () => undefined;
  const diffIds = image.layers.map((one) => one.diffId).filter((one) => one !== '');
  // Whoever does not answer has not read it.
  const fetched = once(() => exchange.fetch(diffIds, context).catch(() => new Map<string, Buffer>()));
  return async (diffId) => {
    const body = (await fetched()).get(diffId);
    return body && layers.adopt(diffId, body);
  };
}

/** One pass over the blob as it is stored. */
async function hasItsDigest(
  { digest, digestFrom, size, open }: LayerSource,
  signal: AbortSignal,
): Promise<boolean> {
  const blob = open(signal);
  const chunks = digestFrom === 'configuration' ? verified(blob, { digest, size, what: 'a layer' }) : blob;
  try {
    for await (const _ of chunks);
    return true;
  } catch {
    // Whatever it is, reading the layer runs into it again and names it.
    return false;
  }
}

async function readAnew(session: ScanSession, layer: LayerSource, signal: AbortSignal): Promise<LayerRead> {
  const { inspectLayer } = await import('./inspect.ts');
  return inspectLayer(session, layer, signal);
}

function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}

function merge(
  { bases }: ScanSession,
  count: number,
  layers: readonly { index: number; report: LayerReport }[],
  cachedBelow: number,
): MergedTarget {
  const reports = layers.map(({ report }) => report);
  if (layers.length === count) return bases.merge(reports, cachedBelow);
  return { view: mergeLayers(placed(count, layers)) };
}

/** One table per layer of the image; a layer that could not be read counts as empty. */
function placed(count: number, layers: readonly { index: number; report: LayerReport }[]): EntryTable[] {
  const tables = Array.from({ length: count }, () => new EntryTable());
  for (const { index, report } of layers) tables[index] = report.entries;
  return tables;
}

async function readDirectory(
  target: string,
  directory: OpenDirectory,
  session: ScanSession,
  signal: AbortSignal,
): Promise<TargetFacts> {
  const { inspectDirectory } = await import('./inspect.ts');
  const report = await inspectDirectory(session, directory.root, signal);
  return {
    target,
    artifact: {
      kind: 'directory',
      reference: printable(resolve(directory.root)),
      digest: '',
      platform: '',
      layers: [],
    },
    layers: [{ index: 0, report }],
    merged: once(() => ({ view: mergeLayers([report.entries]) })),
    skipped: [],
    errors: [],
    cachedLayers: 0,
  };
}

function artifactLayer({ index, digest, diffId, size, createdBy }: LayerSource): ArtifactLayer {
  return { index, digest, diffId, size, createdBy };
}

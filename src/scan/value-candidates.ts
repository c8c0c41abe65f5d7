/**
 * Candidates from values: hosts by the day's lists, and whatever was learned from attacks until now. Nothing of it is
 * in a cached layer, so that what is learned tomorrow counts there too.
 */
import { isDocumentation } from '../detect/context.ts';
import type { DetectedFinding, ImageDetection } from '../detect/detector.ts';
import { judgeKnown, knownFile } from '../detect/known/judge.ts';
import {
  judgeNetwork,
  type NetworkFinding,
  type NetworkLists,
  type SeenValue,
} from '../detect/network/judge.ts';
import type { KnownIndicator, KnownIndicators } from '../model/known-indicator.ts';
import { type Candidate, startedBy } from './candidates.ts';
import { type LayerReport, pathOf, shownPathOf } from './layer-report.ts';
import type { Reach } from './reach-target.ts';
import type { TargetFacts } from './target-facts.ts';

/** What values say by what is known today. */
export interface ValueContext {
  readonly lists: NetworkLists;
  readonly known: KnownIndicators | undefined;
  readonly now: Date;
}

function judgeValues(seen: readonly SeenValue[], { lists, known, now }: ValueContext): NetworkFinding[] {
  const listed = judgeNetwork(seen, lists, now);
  return known === undefined ? listed : [...listed, ...judgeKnown(seen, known)];
}

export function valueCandidates(
  facts: TargetFacts,
  inspected: ImageDetection,
  context: ValueContext,
  reach: Reach,
): Candidate[] {
  const found: Candidate[] = [];
  for (const { index, report } of facts.layers) {
    for (const { finding, ordinal, offset } of judgeValues(report.observables, context)) {
      found.push(candidateIn(report, index, ordinal, { ...finding, offset }, reach));
    }
  }
  const configured = inspected.observables.map((one, ordinal) => ({
    type: one.type,
    value: one.value,
    note: one.note ?? '',
    places: [{ ordinal, offset: one.offset }],
    files: 1,
  }));
  for (const { finding, ordinal } of judgeValues(configured, context)) {
    const key = inspected.observables[ordinal]?.key ?? '';
    const line = /^history\[(\d{1,9})\]$/.exec(key)?.[1];
    const layer = line === undefined ? undefined : facts.config?.history[Number(line)]?.layer;
    found.push({
      detected: finding,
      evidence: {
        kind: line === undefined ? 'config' : 'history',
        ...(layer !== undefined && { layer }),
        path: key,
        excerpt: finding.excerpt,
      },
      place: line === undefined ? key : 'history',
      identity: finding.value ?? '',
      state: 'present',
      reachable: key === 'Entrypoint' || key === 'Cmd' || key === 'Healthcheck',
      documentation: false,
    });
  }
  return found;
}

function candidateIn(
  report: LayerReport,
  index: number,
  ordinal: number,
  finding: DetectedFinding,
  reach: Reach,
): Candidate {
  const path = pathOf(report, ordinal);
  const shown = shownPathOf(report, ordinal);
  const sha256 = report.entries.sha256(ordinal)?.toString('hex') ?? '';
  const why = reach.why(path, sha256);
  return {
    detected: finding,
    evidence: {
      kind: 'file',
      layer: index,
      path: shown,
      ...(sha256 !== '' && { sha256 }),
      offset: finding.offset,
      length: finding.length,
      excerpt: finding.excerpt,
      ...startedBy(why),
    },
    place: shown,
    identity: finding.value ?? sha256,
    state: reach.state(index, ordinal),
    reachable: why.length > 0,
    documentation: why.length === 0 && isDocumentation(path),
  };
}

/** Files whose content is known from attacks, wherever they lie. */
export function knownFileCandidates(
  facts: TargetFacts,
  known: KnownIndicators | undefined,
  reach: Reach,
): Candidate[] {
  if (known === undefined || known.hashes.size === 0) return [];
  const found: Candidate[] = [];
  for (const { index, report } of facts.layers) {
    const { entries } = report;
    const bad = new Map<number, KnownIndicator>();
    for (let id = 0; id < entries.contentCount; id++) {
      const one = known.hashes.get(entries.contentHash(id).toString('hex'));
      if (one !== undefined) bad.set(id, one);
    }
    if (bad.size === 0) continue;
    for (let ordinal = 0; ordinal < entries.count; ordinal++) {
      const one = bad.get(entries.contentId(ordinal));
      if (one !== undefined) found.push(candidateIn(report, index, ordinal, knownFile(one), reach));
    }
  }
  return found;
}

/**
 * The judge: applies what changes with time or with the image — configuration, history, names, reachability,
 * the day's lists, ignore entries — to what the layers hold, and decides. None of this enters a cache key, so
 * a newly learned indicator reaches every cached layer without a rescan.
 */
import { isDocumentation } from '../detect/context.ts';
import type { DetectedFinding, ImageDetection, ImageInspection } from '../detect/detector.ts';
import { judgeNetwork, type NetworkLists } from '../detect/network/judge.ts';
import type { Coverage, Skipped } from '../model/coverage.ts';
import type { Category, Evidence, Finding, Severity, State } from '../model/finding.ts';
import { categories, severityRank } from '../model/finding.ts';
import { printable } from '../model/printable.ts';
import type { ImageReport, Tool } from '../model/report.ts';
import { collectIndicators, type Sighting } from './collect-indicators.ts';
import { findingId } from './identity.ts';
import { type IgnoreEntry, withIgnores } from './ignore.ts';
import { type LayerReport, pathOf } from './layer-report.ts';
import { reachable } from './reach.ts';
import type { TargetFacts } from './target-facts.ts';
import { decide, isThreat, type Judged, scoreOf, severityOf } from './verdict.ts';

export interface JudgeContext {
  readonly tool: Tool;
  readonly lists: NetworkLists;
  readonly inspections: readonly ImageInspection[];
  readonly ignores: readonly IgnoreEntry[];
  readonly now: Date;
  /** Holes that every report of this run has, such as a missing rule engine. */
  readonly skipped: Coverage['skipped'];
}

/** Confidence of text that lies where documentation lies: it names a threat, it is none. */
const documentationConfidence = 0.3;

/** A text by itself is at most strong. */
const textConfidence = 0.89;

/** A miner whose wallet or pool is verified, started by a start path. */
const provenConfidence = 0.95;

export function judge(
  facts: TargetFacts,
  context: JudgeContext,
): Omit<ImageReport, 'startedAt' | 'durationMs'> {
  const reach = reachOf(facts);
  const inspected = inspectImage(facts, context.inspections);
  const candidates = [
    ...fileCandidates(facts, reach),
    ...imageCandidates(inspected),
    ...networkCandidates(facts, inspected, context, reach),
  ];
  const judged = combine(candidates)
    .map((one) => weigh(one, context))
    .sort(worstFirst);
  const coverage = coverageOf(facts, context, reach);
  const { verdict, reasons } = decide(judged, coverage);
  const findings = judged.map((one) => one.finding);
  return {
    schemaVersion: 1,
    tool: context.tool,
    target: facts.target,
    artifact: facts.artifact,
    verdict,
    reasons: [...reasons],
    score: scoreOf(judged),
    categories: categoriesOf(findings),
    findings,
    indicators: collectIndicators(sightings(facts, inspected), judged),
    coverage,
  };
}

/** Whether a path, or the same content under another path (a hard link, a copy), is started with the container. */
interface Reach {
  has(path: string, sha256: string): boolean;
}

function reachOf(facts: TargetFacts): Reach {
  const reports = new Map(facts.layers.map((one) => [one.index, one.report]));
  const at = (path: string): { report: LayerReport; ordinal: number } | undefined => {
    const place = facts.view.lookup(path);
    const report = place === undefined ? undefined : reports.get(place.layer);
    return place === undefined || report === undefined ? undefined : { report, ordinal: place.ordinal };
  };
  const set = reachable(facts.view, facts.config, (path) => {
    const place = at(path);
    return place?.report.starts.get(place.ordinal);
  });
  const contents = new Set<string>();
  for (const path of set.paths()) {
    const place = at(path);
    const sha256 = place?.report.entries.sha256(place.ordinal);
    if (sha256 !== undefined) contents.add(sha256.toString('hex'));
  }
  return { has: (path, sha256) => set.has(path) || contents.has(sha256) };
}

/** A finding with its place, before findings with the same identity are put together. */
interface Candidate {
  readonly detected: DetectedFinding;
  readonly evidence: Evidence;
  readonly place: string;
  /** What the identity hashes: content or normalised value. */
  readonly identity: string;
  readonly state: State;
  readonly reachable: boolean;
  readonly documentation: boolean;
}

function fileCandidates(facts: TargetFacts, reach: Reach): Candidate[] {
  const found: Candidate[] = [];
  for (const { index, report } of facts.layers) {
    for (const one of report.findings) {
      const path = pathOf(report, one.ordinal);
      const shown = one.member === undefined ? path : `${path}!${one.member}`;
      const reached = reach.has(path, one.sha256);
      found.push({
        detected: one,
        evidence: {
          kind: 'file',
          layer: index,
          path: shown,
          ...(one.sha256 !== '' && { sha256: one.sha256 }),
          offset: one.offset,
          length: one.length,
          excerpt: one.excerpt,
        },
        place: shown,
        identity: one.value ?? one.sha256,
        state: facts.view.state(index, one.ordinal),
        reachable: reached,
        documentation: !reached && isDocumentation(path),
      });
    }
  }
  return found;
}

function inspectImage(facts: TargetFacts, inspections: readonly ImageInspection[]): ImageDetection {
  const { config } = facts;
  if (config === undefined) return { findings: [], observables: [] };
  const all = inspections.map((inspect) => inspect({ reference: facts.artifact.reference, config }));
  return { findings: all.flatMap((one) => one.findings), observables: all.flatMap((one) => one.observables) };
}

function imageCandidates(inspected: ImageDetection): Candidate[] {
  return inspected.findings.map((one) => ({
    detected: one,
    evidence: {
      kind: one.place,
      ...(one.layer !== undefined && { layer: one.layer }),
      path: one.key,
      excerpt: one.excerpt,
    },
    place: one.place === 'history' ? 'history' : one.key,
    identity: one.value ?? one.excerpt,
    state: 'present',
    reachable: one.runs,
    documentation: false,
  }));
}

function networkCandidates(
  facts: TargetFacts,
  inspected: ImageDetection,
  context: JudgeContext,
  reach: Reach,
): Candidate[] {
  const found: Candidate[] = [];
  for (const { index, report } of facts.layers) {
    for (const { finding, ordinal, offset } of judgeNetwork(report.observables, context.lists, context.now)) {
      const path = pathOf(report, ordinal);
      const sha256 = report.entries.sha256(ordinal)?.toString('hex') ?? '';
      const reached = reach.has(path, sha256);
      found.push({
        detected: finding,
        evidence: {
          kind: 'file',
          layer: index,
          path,
          ...(sha256 !== '' && { sha256 }),
          offset,
          length: finding.length,
          excerpt: finding.excerpt,
        },
        place: path,
        identity: finding.value ?? sha256,
        state: facts.view.state(index, ordinal),
        reachable: reached,
        documentation: !reached && isDocumentation(path),
      });
    }
  }
  const configured = inspected.observables.map((one, ordinal) => ({
    type: one.type,
    value: one.value,
    note: one.note ?? '',
    places: [{ ordinal, offset: one.offset }],
    files: 1,
  }));
  for (const { finding, ordinal } of judgeNetwork(configured, context.lists, context.now)) {
    const key = inspected.observables[ordinal]?.key ?? '';
    const isHistory = key.startsWith('history');
    found.push({
      detected: finding,
      evidence: { kind: isHistory ? 'history' : 'config', path: key, excerpt: finding.excerpt },
      place: key,
      identity: finding.value ?? '',
      state: 'present',
      reachable: key === 'Entrypoint' || key === 'Cmd' || key === 'Healthcheck',
      documentation: false,
    });
  }
  return found;
}

/** Candidates that are one finding: the same rule at the same place with the same content or value. */
function combine(candidates: readonly Candidate[]): Candidate[][] {
  const groups = new Map<string, Candidate[]>();
  for (const one of candidates) {
    const key = [one.detected.rule, one.evidence.kind, one.place, one.evidence.sha256 ?? one.identity].join(
      '\n',
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return mergeByIdentity([...groups.values()]);
}

/** The same value at the same path in several layers is one finding too. */
function mergeByIdentity(groups: readonly Candidate[][]): Candidate[][] {
  const merged = new Map<string, Candidate[]>();
  for (const group of groups) {
    const id = identityOf(group);
    merged.set(id, [...(merged.get(id) ?? []), ...group]);
  }
  return [...merged.values()];
}

function identityOf(group: readonly Candidate[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const values = [...new Set(group.map((one) => one.identity))].sort();
  return findingId(first.detected.rule, first.evidence.kind, first.place, values.join(','));
}

/** Most places shown for one finding. */
const mostEvidence = 20;

function weigh(group: readonly Candidate[], context: JudgeContext): Judged {
  const best = group.reduce((one, other) => (strength(other) > strength(one) ? other : one));
  const { detected } = best;
  const state = stateOf(group.map((one) => one.state));
  const isReachable = group.some((one) => one.reachable && one.state === 'present');
  const confidence = confidenceOf(best, isReachable, state);
  const finding: Finding = {
    id: identityOf(group),
    rule: detected.rule,
    category: detected.category,
    title: detected.title,
    severity: 'info',
    confidence,
    state,
    attack: [...detected.attack],
    reachable: isReachable,
    evidence: group.slice(0, mostEvidence).map((one) => one.evidence),
    source: detected.source ?? { author: 'Waterguard', licence: 'Apache-2.0' },
  };
  const malware = detected.malware === true;
  const severity = severityFor(best, finding, malware);
  const today = context.now.toISOString().slice(0, 10);
  return {
    finding: withIgnores({ ...finding, severity }, context.ignores, today),
    malware,
    secret: detected.subject === 'secret',
  };
}

function strength(one: Candidate): number {
  return one.detected.confidence + (one.reachable ? 1 : 0) + (one.state === 'present' ? 2 : 0);
}

function stateOf(states: readonly State[]): State {
  return states.includes('present') ? 'present' : states.includes('shadowed') ? 'shadowed' : 'deleted';
}

function confidenceOf(one: Candidate, isReachable: boolean, state: State): number {
  const { detected } = one;
  if (one.documentation && detected.subject !== 'program')
    return Math.min(detected.confidence, documentationConfidence);
  const proven =
    detected.category === 'cryptomining' && (detected.proves === 'pool' || detected.proves === 'wallet');
  if (proven && isReachable && state === 'present') return Math.max(detected.confidence, provenConfidence);
  return detected.subject === 'text' ? Math.min(detected.confidence, textConfidence) : detected.confidence;
}

function severityFor(best: Candidate, finding: Finding, malware: boolean): Severity {
  if (best.documentation && best.detected.subject !== 'program') {
    return severityRank(best.detected.severity) > severityRank('low') ? 'low' : best.detected.severity;
  }
  const threat = isThreat({ finding, malware });
  return severityOf(best.detected.severity, threat, finding.confidence, finding.state, finding.reachable);
}

function worstFirst(a: Judged, b: Judged): number {
  return (
    Number(a.finding.ignored !== undefined) - Number(b.finding.ignored !== undefined) ||
    severityRank(b.finding.severity) - severityRank(a.finding.severity) ||
    b.finding.confidence - a.finding.confidence ||
    (a.finding.id < b.finding.id ? -1 : 1)
  );
}

function categoriesOf(findings: readonly Finding[]): Category[] {
  const seen = new Set(
    findings
      .filter((one) => one.ignored === undefined && severityRank(one.severity) >= severityRank('medium'))
      .map((one) => one.category),
  );
  return categories.filter((one) => seen.has(one));
}

function coverageOf(facts: TargetFacts, context: JudgeContext, reach: Reach): Coverage {
  return {
    layers: facts.layers.length,
    files: facts.layers.reduce((sum, one) => sum + one.report.files, 0),
    bytes: facts.layers.reduce((sum, one) => sum + one.report.bytes, 0),
    cachedLayers: facts.cachedLayers,
    skipped: [
      ...context.skipped,
      ...facts.skipped,
      ...facts.layers.flatMap(({ index, report }) => report.skipped.map((one) => ({ ...one, layer: index }))),
      ...facts.layers.flatMap(({ index, report }) => closedButReached(index, report, reach)),
    ],
    errors: [...facts.errors, ...facts.layers.flatMap(({ report }) => report.errors)],
  };
}

/** Compressed documentation is left closed because nothing starts from there; where something does, that is a hole. */
function closedButReached(layer: number, report: LayerReport, reach: Reach): Skipped[] {
  const detail = 'compressed documentation that a start path reads; it was not looked into';
  return report.closed
    .map((ordinal) => ({
      path: pathOf(report, ordinal),
      sha256: report.entries.sha256(ordinal)?.toString('hex') ?? '',
    }))
    .filter(({ path, sha256 }) => reach.has(path, sha256))
    .map(({ path }) => ({ path: printable(path), reason: 'unsupported', layer, detail }));
}

/** Every observable with where it was seen, for the indicators. */
function sightings(facts: TargetFacts, inspected: ImageDetection): Sighting[] {
  const all: Sighting[] = [];
  for (const { report } of facts.layers) {
    for (const { type, value, note, places } of report.observables) {
      all.push({ type, value, note, paths: places.map((one) => pathOf(report, one.ordinal)) });
    }
  }
  for (const one of inspected.observables) {
    all.push({ type: one.type, value: one.value, note: one.note ?? '', paths: [one.key] });
  }
  return all;
}

/**
 * The judge: applies what changes with time or with the image — configuration, history, names, reachability,
 * the day's lists, ignore entries — to what the layers hold, and decides. None of this enters a cache key, so
 * a newly learned indicator reaches every cached layer without a rescan.
 */
import type { ImageDetection, ImageInspection } from '../detect/detector.ts';
import type { NetworkLists } from '../detect/network/judge.ts';
import type { Coverage, Skipped } from '../model/coverage.ts';
import type { Evidence, Finding, Severity, State } from '../model/finding.ts';
import type { Indicator } from '../model/indicator.ts';
import type { KnownIndicators } from '../model/known-indicator.ts';
import { printable } from '../model/printable.ts';
import type { Artifact, ImageReport, Tool } from '../model/report.ts';
import { severityRank } from '../model/terms.ts';
import {
  categoriesOf,
  decide,
  isThreat,
  type Judged,
  judgedOf,
  scoreOf,
  severityOf,
} from '../verdict/decide.ts';
import { type IgnoreEntry, withIgnores } from '../verdict/ignore.ts';
import {
  type Candidate,
  combine,
  fileCandidates,
  identityOf,
  imageCandidates,
  inspectImage,
} from './candidates.ts';
import { collectIndicators, type Sighting } from './collect-indicators.ts';
import { shownPathOf } from './layer-report.ts';
import { type ClosedFile, type Reach, reachOf } from './reach-target.ts';
import type { TargetFacts } from './target-facts.ts';
import { knownFileCandidates, valueCandidates } from './value-candidates.ts';

export interface JudgeContext {
  readonly tool: Tool;
  readonly lists: NetworkLists;
  /** What was learned until now; undefined where nobody learns. */
  readonly known?: KnownIndicators | undefined;
  readonly inspections: readonly ImageInspection[];
  /** Gives a text without the secrets in it. */
  readonly mask: (text: string) => string;
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

/** @param reach of `reachOf(facts)`, where the caller has it */
export function judge(
  facts: TargetFacts,
  context: JudgeContext,
  reach: Reach = reachOf(facts),
): Omit<ImageReport, 'startedAt' | 'durationMs'> {
  const inspected = inspectImage(facts, context.inspections, reach);
  const candidates = [
    ...fileCandidates(facts, reach),
    ...imageCandidates(facts, inspected, reach),
    ...valueCandidates(facts, inspected, { ...context, known: context.known }, reach),
    ...knownFileCandidates(facts, context.known, reach),
  ];
  const judged = combine(candidates)
    .map((one) => weigh(one, context))
    .sort(worstFirst);
  const coverage = named(coverageOf(facts, context, reach), context);
  const { verdict, reasons } = decide(judged, coverage);
  const findings = judged.map((one) => one.finding);
  return {
    schemaVersion: 1,
    tool: context.tool,
    target: facts.target,
    artifact: withoutSecrets(facts.artifact, context),
    verdict,
    reasons: reasons.map(context.mask),
    score: scoreOf(judged),
    categories: categoriesOf(findings),
    findings,
    indicators: collectIndicators(sightings(facts, inspected), judged).map((one) => shown(one, context)),
    coverage,
  };
}

/** The history keeps what a build was given. */
function withoutSecrets(artifact: Artifact, { mask }: JudgeContext): Artifact {
  return { ...artifact, layers: artifact.layers.map((one) => ({ ...one, createdBy: mask(one.createdBy) })) };
}

/** A URL is quoted from the artifact, and so are names of files; other indicators are what they say, or hashes. */
function shown(indicator: Indicator, { mask }: JudgeContext): Indicator {
  const context = mask(indicator.context);
  return { ...indicator, context, ...(indicator.type === 'url' && { value: mask(indicator.value) }) };
}

/** Names, and whatever a detector quotes. What those for secrets quote is redacted already. */
function quoted({ detected, evidence }: Candidate, { mask }: JudgeContext): Evidence {
  const { excerpt, path, startedBy } = evidence;
  return {
    ...evidence,
    ...(path !== undefined && { path: mask(path) }),
    ...(startedBy !== undefined && { startedBy: startedBy.map(mask) }),
    ...(excerpt !== undefined && detected.subject !== 'secret' && { excerpt: mask(excerpt) }),
  };
}

/** What was not seen is named, and names are quoted from the artifact. */
function named(coverage: Coverage, { mask }: JudgeContext): Coverage {
  return {
    ...coverage,
    skipped: coverage.skipped.map((one) => ({ ...one, path: mask(one.path) })),
    errors: coverage.errors.map((one) => ({ ...one, where: mask(one.where) })),
  };
}

/** Most places shown for one finding. */
const mostEvidence = 20;

function weigh(group: readonly Candidate[], context: JudgeContext): Judged {
  const best = group.reduce((one, other) => (strength(other) > strength(one) ? other : one));
  const { detected } = best;
  const state = stateOf(group.map((one) => one.state));
  const isReachable = group.some((one) => one.reachable && one.state === 'present');
  const confidence = confidenceOf(best, isReachable, state);
  const malware = detected.malware === true;
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
    evidence: [best, ...group.filter((one) => one !== best)]
      .slice(0, mostEvidence)
      .map((one) => quoted(one, context)),
    source: detected.source ?? { author: 'Waterguard', licence: 'Apache-2.0' },
    ...(malware && { malware }),
  };
  const severity = severityFor(best, finding, malware);
  const today = context.now.toISOString().slice(0, 10);
  return judgedOf(withIgnores({ ...finding, severity }, context.ignores, today));
}

function strength(one: Candidate): number {
  return (
    confidenceOf(one, one.reachable, one.state) + (one.reachable ? 1 : 0) + (one.state === 'present' ? 2 : 0)
  );
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
  const starts = isReachable && state === 'present';
  if (proven && starts) return Math.max(detected.confidence, provenConfidence);
  const confidence = starts ? Math.max(detected.confidence, detected.whenStarted ?? 0) : detected.confidence;
  return detected.subject === 'text' ? Math.min(confidence, textConfidence) : confidence;
}

function severityFor(best: Candidate, finding: Finding, malware: boolean): Severity {
  if (best.documentation && best.detected.subject !== 'program') {
    return severityRank(best.detected.severity) > severityRank('low') ? 'low' : best.detected.severity;
  }
  const threat = isThreat({ finding, malware });
  const starts = finding.reachable && finding.state === 'present';
  const isTelling = starts && (best.detected.whenStarted ?? 0) >= tellingWhenStarted;
  const { severity } = best.detected;
  const rule = isTelling && severityRank(severity) < severityRank('medium') ? 'medium' : severity;
  return severityOf(rule, threat, finding.confidence, finding.state, finding.reachable);
}

/** What weighs so much where it is started is worth a look there, however common it is where nothing starts it. */
const tellingWhenStarted = 0.4;

function worstFirst(a: Judged, b: Judged): number {
  return (
    Number(a.finding.ignored !== undefined) - Number(b.finding.ignored !== undefined) ||
    severityRank(b.finding.severity) - severityRank(a.finding.severity) ||
    b.finding.confidence - a.finding.confidence ||
    (a.finding.id < b.finding.id ? -1 : 1)
  );
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
      ...reach.closed.map(closedButReached),
      ...notFollowed(reach),
    ],
    errors: [...facts.errors, ...facts.layers.flatMap(({ report }) => report.errors)],
  };
}

/** Some compressed files are left closed because nothing starts from there; where something does, that is a hole. */
function closedButReached({ path, layer }: ClosedFile): Skipped {
  const detail = 'a compressed file that a start path reads; it was not looked into';
  return { path: printable(path), reason: 'unsupported', layer, detail };
}

/** Where the walk from the start paths broke off, what starts behind that is not known. */
function notFollowed({ partly, complete }: Reach): Skipped[] {
  const holes: Skipped[] = partly.map((path) => ({
    path: printable(path),
    reason: 'unsupported',
    detail: 'it is run, and was not read, or not to its end, for what it starts',
  }));
  if (complete) return holes;
  const detail = 'what starts with the container was followed in part: it is more than any real image starts';
  return [...holes, { path: '/', reason: 'entry-limit', detail }];
}

/** Every observable with where it was seen, for the indicators. */
function sightings(facts: TargetFacts, inspected: ImageDetection): Sighting[] {
  const all: Sighting[] = [];
  for (const { report } of facts.layers) {
    // Most files that hold one host hold many.
    const shown = new Map<number, string>();
    const pathAt = (ordinal: number): string => {
      const path = shown.get(ordinal) ?? shownPathOf(report, ordinal);
      shown.set(ordinal, path);
      return path;
    };
    for (const { type, value, note, places } of report.observables)
      all.push({ type, value, note, paths: places.map((one) => pathAt(one.ordinal)) });
  }
  for (const one of inspected.observables) {
    all.push({ type: one.type, value: one.value, note: one.note ?? '', paths: [one.key] });
  }
  return all;
}

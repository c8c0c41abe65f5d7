/**
 * Candidates: findings with their place, state and reach, from every source (files, configuration, history, name,
 * network lists), put together where they are one finding. What they weigh is decided in `judge.ts`.
 */
import { isDocumentation } from '../detect/context.ts';
import type { DetectedFinding, ImageDetection, ImageInspection } from '../detect/detector.ts';
import { completed } from '../detect/persistence/completed.ts';
import { parseDomain } from '../indicator/domain.ts';
import type { Evidence, State } from '../model/finding.ts';
import { printable } from '../model/printable.ts';
import { findingId } from './identity.ts';
import { pathOf, shownPathOf } from './layer-report.ts';
import type { Reach } from './reach-target.ts';
import type { TargetFacts } from './target-facts.ts';

/** A finding with its place, before findings with the same identity are put together. */
export interface Candidate {
  readonly detected: DetectedFinding;
  readonly evidence: Evidence;
  readonly place: string;
  /** What the identity hashes: content or normalised value. */
  readonly identity: string;
  readonly state: State;
  readonly reachable: boolean;
  readonly documentation: boolean;
}

export function fileCandidates(facts: TargetFacts, reach: Reach): Candidate[] {
  const found: Candidate[] = [];
  for (const { index, report } of facts.layers) {
    for (const one of report.findings) {
      const path = pathOf(report, one.ordinal);
      const outer = shownPathOf(report, one.ordinal);
      const shown = one.member === undefined ? outer : `${outer}!${printable(one.member)}`;
      const why = reach.why(path, one.sha256);
      const commands = reach.commands.filter(({ by }) => by === path);
      found.push({
        detected: completed(one, commands),
        evidence: {
          kind: 'file',
          layer: index,
          path: shown,
          ...(one.sha256 !== '' && { sha256: one.sha256 }),
          offset: one.offset,
          length: one.length,
          excerpt: one.excerpt,
          ...startedBy(why),
        },
        place: shown,
        identity: one.value ?? one.sha256,
        state: reach.state(index, one.ordinal),
        reachable: why.length > 0,
        documentation: why.length === 0 && (isDocumentation(path) || isDocumentation(one.member ?? '')),
      });
    }
  }
  return found;
}

/** Without the file itself. */
export function startedBy(why: readonly string[]): { startedBy?: string[] } {
  return why.length > 1 ? { startedBy: why.slice(0, -1).map((one) => printable(one)) } : {};
}

export function inspectImage(
  facts: TargetFacts,
  inspections: readonly ImageInspection[],
  { commands }: Reach,
): ImageDetection {
  const { config } = facts;
  if (config === undefined) return { findings: [], observables: [] };
  const all = inspections.map((inspect) =>
    inspect({ reference: facts.artifact.reference, config, commands }),
  );
  return { findings: all.flatMap((one) => one.findings), observables: all.flatMap((one) => one.observables) };
}

export function imageCandidates(facts: TargetFacts, inspected: ImageDetection, reach: Reach): Candidate[] {
  return inspected.findings.map((one) => ({
    detected: one,
    evidence: {
      kind: one.place,
      ...(one.layer !== undefined && { layer: one.layer }),
      ...(one.place === 'file' && { layer: facts.merged().view.lookup(one.key)?.layer ?? 0 }),
      path: one.key,
      excerpt: one.excerpt,
      ...(one.place === 'file' && startedBy(reach.why(one.key, ''))),
    },
    place: one.place === 'history' ? 'history' : one.key,
    identity: one.value ?? one.excerpt,
    state: 'present',
    reachable: one.runs,
    documentation: false,
  }));
}

/** Registered domains of the hosts in an image's configuration, and in its files that start. */
export function startedDomains(
  facts: TargetFacts,
  inspections: readonly ImageInspection[],
  reach: Reach,
): string[] {
  const hosts = inspectImage(facts, inspections, reach)
    .observables.filter(({ type }) => type === 'domain')
    .map(({ value }) => value);
  for (const { report } of facts.layers) {
    const starts = (ordinal: number): boolean =>
      reach.why(pathOf(report, ordinal), report.entries.sha256(ordinal)?.toString('hex') ?? '').length > 0;
    for (const { type, value, places } of report.observables)
      if (type === 'domain' && places.some(({ ordinal }) => starts(ordinal))) hosts.push(value);
  }
  return [...new Set(hosts.flatMap((host) => parseDomain(host)?.registrable ?? []))];
}

/** Candidates that are one finding: the same rule at the same place with the same content or value. */
export function combine(all: readonly Candidate[]): Candidate[][] {
  const candidates = withoutEchoes(all);
  const groups = new Map<string, Candidate[]>();
  for (const one of candidates) {
    const key = [one.detected.rule, one.evidence.kind, one.place, one.evidence.sha256 ?? one.identity].join(
      '\n',
    );
    append(groups, key, one);
  }
  return mergeByIdentity([...groups.values()]);
}

/** A secret that two rules see (an AWS key is also a password in a settings file) is told once, by the surer rule. */
function withoutEchoes(all: readonly Candidate[]): Candidate[] {
  const spans = new Map<string, Candidate[]>();
  for (const one of all) {
    if (one.detected.subject !== 'secret') continue;
    const { kind, layer, sha256 } = one.evidence;
    append(spans, `${kind}\n${layer}\n${one.place}\n${sha256}`, one);
  }
  const echoes = new Set<Candidate>();
  for (const group of spans.values()) {
    const kept = new Map<string, Candidate>();
    for (const one of group.sort((a, b) => b.detected.confidence - a.detected.confidence)) {
      if ([...kept.values()].some((other) => overlap(one, other))) echoes.add(one);
      else kept.set(`${one.detected.rule}\n${one.detected.offset}\n${one.detected.length}`, one);
    }
  }
  return all.filter((one) => !echoes.has(one));
}

function overlap(one: Candidate, other: Candidate): boolean {
  if (one.detected.rule === other.detected.rule) return false;
  const [a, b] = [one.detected, other.detected];
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

/** The same value at the same path in several layers is one finding too. */
function mergeByIdentity(groups: readonly Candidate[][]): Candidate[][] {
  const merged = new Map<string, Candidate[]>();
  for (const group of groups) {
    const id = identityOf(group);
    for (const one of group) append(merged, id, one);
  }
  return [...merged.values()];
}

function append(groups: Map<string, Candidate[]>, key: string, one: Candidate): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [one]);
  else group.push(one);
}

export function identityOf(group: readonly Candidate[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const values = [...new Set(group.map((one) => one.identity))].sort();
  return findingId(first.detected.rule, first.evidence.kind, first.place, values.join(','));
}

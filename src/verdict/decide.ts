/**
 * The verdict: stated rules over findings, first match wins. Detectors give evidence, this file decides, and
 * every decision comes with its reason.
 */

import type { Coverage } from '../model/coverage.ts';
import type { Category, Finding, Severity, State } from '../model/finding.ts';
import type { ImageReport, Verdict } from '../model/report.ts';
import { categories, hasHole, severityRank, threats } from '../model/terms.ts';

/** A finding as the verdict sees it. */
export interface Judged {
  readonly finding: Finding;
  /** A threat although its category is not (malware of category `other`). */
  readonly malware: boolean;
  readonly secret: boolean;
}

/** A finding carries all that a verdict needs, so that one can be given again where somebody ignores a finding. */
export function judgedOf(finding: Finding): Judged {
  return { finding, malware: finding.malware === true, secret: finding.category === 'embedded-secret' };
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

export function decide(all: readonly Judged[], coverage: Pick<Coverage, 'skipped' | 'errors'>): Decision {
  const open = all.filter((one) => one.finding.ignored === undefined);
  const malicious = open.filter(
    (one) =>
      isThreat(one) &&
      one.finding.state === 'present' &&
      (isConclusive(one) || (isStrong(one) && one.finding.reachable)),
  );
  if (malicious.length > 0)
    return { verdict: 'malicious', reasons: malicious.map((one) => reasonOf(one.finding)) };
  const suspicious = open.filter((one) => isThreat(one) && (isConclusive(one) || isStrong(one)));
  if (suspicious.length > 0)
    return { verdict: 'suspicious', reasons: suspicious.map((one) => reasonOf(one.finding)) };
  const risky = open.filter((one) => isOpen(one.finding));
  if (risky.length > 0) return { verdict: 'risky', reasons: risky.map((one) => reasonOf(one.finding)) };
  if (hasHole(coverage))
    return { verdict: 'incomplete', reasons: ['Part of the artifact could not be inspected.'] };
  return {
    verdict: 'clean',
    reasons: ['Nothing of medium severity or more was found in what was inspected.'],
  };
}

export function isThreat({ finding, malware }: Pick<Judged, 'finding' | 'malware'>): boolean {
  return malware || threats.has(finding.category);
}

function isConclusive({ finding }: Judged): boolean {
  return finding.confidence >= 0.9;
}

function isStrong({ finding }: Judged): boolean {
  return finding.confidence >= 0.6 && finding.confidence < 0.9;
}

/**
 * The severity that the verdict rules demand: a finding that makes an artifact malicious is critical, one that
 * makes it suspicious at least high; a weak threat keeps what its rule says, at most medium.
 */
export function severityOf(
  rule: Severity,
  threat: boolean,
  confidence: number,
  state: State,
  reachable: boolean,
): Severity {
  if (!threat) return rule;
  const conclusive = confidence >= 0.9;
  const strong = confidence >= 0.6;
  if (state === 'present' && (conclusive || (strong && reachable))) return 'critical';
  if (conclusive || strong) return severityRank(rule) > severityRank('high') ? rule : 'high';
  return severityRank(rule) > severityRank('medium') ? 'medium' : rule;
}

/** Weight of a finding by its severity, from `info` to `critical`. */
const weights: readonly number[] = [0, 0.05, 0.25, 0.6, 0.95];

/** For sorting only, 0 to 100; decides nothing. */
export function scoreOf(all: readonly Judged[]): number {
  let left = 1;
  for (const { finding, secret } of all) {
    if (finding.ignored !== undefined) continue;
    const weight = weights[severityRank(finding.severity)] ?? 0;
    const faded = finding.state !== 'present' && !secret ? 0.5 : 1;
    left *= 1 - weight * finding.confidence * faded;
  }
  return Math.round(100 * (1 - left));
}

/** Those of findings of medium severity or more that nobody ignores. */
export function categoriesOf(findings: readonly Finding[]): Category[] {
  const seen = new Set(findings.filter(isOpen).map((one) => one.category));
  return categories.filter((one) => seen.has(one));
}

/** What people have to look at: of medium severity or more, and not ignored. */
export function isOpen({ ignored, severity }: Pick<Finding, 'ignored' | 'severity'>): boolean {
  return ignored === undefined && severityRank(severity) >= severityRank('medium');
}

/** A report whose verdict, score and categories follow from its findings as they are now. */
export function decideAgain(report: ImageReport, findings: readonly Finding[]): ImageReport {
  const judged = findings.map(judgedOf);
  const { verdict, reasons } = decide(judged, report.coverage);
  return {
    ...report,
    findings: [...findings],
    verdict,
    reasons: [...reasons],
    score: scoreOf(judged),
    categories: categoriesOf(findings),
  };
}

function reasonOf(finding: Finding): string {
  const [first] = finding.evidence;
  const where = first?.path === undefined ? '' : ` in ${first.path}`;
  const reach = finding.reachable ? ', started with the container' : '';
  const state = finding.state === 'present' ? '' : `, ${finding.state} by a later layer`;
  return `${finding.title}${where}${reach}${state} (${finding.rule}, confidence ${finding.confidence.toFixed(2)}).`;
}

/** What is read first: the worst image, and in it the worst finding. */
import type { Finding } from '../model/finding.ts';
import type { ImageReport } from '../model/report.ts';
import { type Severity, severities, severityRank, threats, verdicts } from '../model/terms.ts';

/** Findings of one rule; the first is the worst. */
export interface FindingGroup {
  readonly rule: string;
  readonly findings: readonly [Finding, ...Finding[]];
}

/** Worst verdict first, then score, then target. */
export function worstFirst(reports: readonly ImageReport[]): readonly ImageReport[] {
  return reports.toSorted(
    (a, b) =>
      verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) ||
      b.score - a.score ||
      compare(a.target, b.target),
  );
}

/** By severity, then threats before secrets and the rest, what runs, what is there, confidence; ignored findings are left out. */
export function orderFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings
    .filter((one) => one.ignored === undefined)
    .toSorted(
      (a, b) =>
        severityRank(b.severity) - severityRank(a.severity) ||
        Number(threats.has(b.category)) - Number(threats.has(a.category)) ||
        Number(b.reachable) - Number(a.reachable) ||
        Number(b.state === 'present') - Number(a.state === 'present') ||
        b.confidence - a.confidence ||
        compare(a.rule, b.rule) ||
        compare(a.id, b.id),
    );
}

/** Groups by rule and severity, in the order of each group's worst finding. */
export function groupFindings(ordered: readonly Finding[]): readonly FindingGroup[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of ordered) {
    const key = `${finding.rule} ${finding.severity}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].map((findings) => ({ rule: findings[0].rule, findings }));
}

/** How many findings of each severity, ignored ones apart. */
export function countFindings(findings: readonly Finding[]): Readonly<Record<Severity | 'ignored', number>> {
  const counts = { info: 0, low: 0, medium: 0, high: 0, critical: 0, ignored: 0 };
  for (const finding of findings) counts[finding.ignored === undefined ? finding.severity : 'ignored']++;
  return counts;
}

/** Worst first. */
export const worstSeverities: readonly Severity[] = severities.toReversed();

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

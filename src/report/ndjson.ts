/**
 * One JSON object a line, for pipelines that stream. For each report its findings, worst first, then one line
 * that sums the report up; fields are added, never renamed.
 *
 * - `{"schemaVersion":1,"type":"finding","target":…,"reference":…,"digest":…,"platform":…, …finding}`: the
 *   finding's own fields as in the JSON report; ignored findings come last and carry `ignored`
 * - `{"schemaVersion":1,"type":"report","target":…, …, "verdict":…,"score":…,"counts":{"critical":0,…}, …}`: all of
 *   the report but findings and layers
 *
 * Last come the targets without a report: `{"schemaVersion":1,"type":"unreadable","target":…,"code":…,"message":…}`.
 */
import type { Finding } from '../model/finding.ts';
import type { ImageReport, UnreadableTarget } from '../model/report.ts';
import { countFindings, orderFindings } from './order.ts';
import { safeJson } from './safe-text.ts';

export function renderNdjson(
  reports: readonly ImageReport[],
  unreadable: readonly UnreadableTarget[] = [],
): string {
  let out = '';
  for (const report of reports) {
    const ignored = report.findings.filter((one) => one.ignored !== undefined);
    for (const finding of [...orderFindings(report.findings), ...ignored]) {
      out += safeJson(findingLine(report, finding)) + '\n';
    }
    out += safeJson(reportLine(report)) + '\n';
  }
  for (const one of unreadable) out += safeJson({ schemaVersion: 1, type: 'unreadable', ...one }) + '\n';
  return out;
}

function findingLine(report: ImageReport, finding: Finding) {
  return { schemaVersion: 1, type: 'finding', ...subject(report), ...finding };
}

function reportLine(report: ImageReport) {
  return {
    schemaVersion: 1,
    type: 'report',
    ...subject(report),
    verdict: report.verdict,
    reasons: report.reasons,
    score: report.score,
    categories: report.categories,
    counts: countFindings(report.findings),
    indicators: report.indicators,
    coverage: report.coverage,
    startedAt: report.startedAt,
    durationMs: report.durationMs,
    tool: report.tool,
  };
}

function subject({ target, artifact }: ImageReport) {
  const { reference, digest, platform } = artifact;
  return { target, reference, digest, platform };
}

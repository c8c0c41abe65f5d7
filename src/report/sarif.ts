/**
 * SARIF 2.1.0 (OASIS, 2020, errata 01 of 2023), for code-scanning platforms and viewers. One run per image; for a
 * target that could not be read, one without results whose invocation has failed.
 *
 * Places inside an image: a file is a path relative to the base `IMAGE` (its root). Configuration, history and
 * name are in `config.json` of the base `METADATA`, with a logical location that names the key, since platforms
 * refuse results without a physical one. Offsets are in bytes, as most files of interest are no text.
 */
import type { CoverageError, Skipped } from '../model/coverage.ts';
import type { Evidence, Finding, Severity } from '../model/finding.ts';
import type { ImageReport, UnreadableTarget } from '../model/report.ts';
import { isHole, severityRank } from '../model/terms.ts';
import { version } from '../package.ts';
import { orderFindings } from './order.ts';
import { isWebAddress, safeJson } from './safe-text.ts';
import { adviceOn, layerLine, percent, placeOf, stateWords } from './wording.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** How code-scanning platforms rank (their `security-severity`, a CVSS-like number): above 9 is critical. */
const securitySeverity: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: '0.0',
};

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** Code-scanning platforms refuse runs with more results (GitHub, read 2026-11); the worst come first. */
const mostResults = 25_000;

/** Most holes listed as notifications; the rest is counted. */
const mostNotifications = 1000;

export function renderSarif(
  reports: readonly ImageReport[],
  unreadable: readonly UnreadableTarget[] = [],
): string {
  const runs = [...reports.map(runOf), ...unreadable.map(failedRun)];
  return safeJson({ $schema: schema, version: '2.1.0', runs }, 2) + '\n';
}

/** Under an id of its own: platforms take an empty run under an image's id for one whose findings are fixed. */
function failedRun({ target, code, message }: UnreadableTarget) {
  const notification = {
    descriptor: { id: 'target/unreadable', index: 0 },
    level: 'error',
    message: sarifMessage(`${target}: ${message}`),
  };
  const described = { id: 'target/unreadable', shortDescription: { text: 'A target could not be read' } };
  return {
    tool: { driver: { name: 'Waterguard', version, notifications: [described] } },
    automationDetails: { id: `waterguard/unreadable/${target}/` },
    invocations: [{ executionSuccessful: false, toolExecutionNotifications: [notification] }],
    results: [],
    properties: { target, code },
  };
}

function runOf(report: ImageReport) {
  const ignored = report.findings.filter((one) => one.ignored !== undefined);
  const findings = [...orderFindings(report.findings), ...ignored].slice(0, mostResults);
  const byRule = Map.groupBy(findings, (one) => one.rule);
  const ruleIndex = new Map([...byRule.keys()].map((rule, index) => [rule, index]));
  const { artifact } = report;
  return {
    tool: {
      driver: {
        name: 'Waterguard',
        version: report.tool.version,
        rules: [...byRule].map(([rule, ofRule]) => ruleOf(rule, ofRule)),
        notifications: [
          { id: 'coverage/skipped', shortDescription: { text: 'Part of the image was not seen' } },
          { id: 'coverage/error', shortDescription: { text: 'Part of the image could not be read' } },
        ],
        properties: { ruleset: report.tool.ruleset },
      },
    },
    automationDetails: { id: `waterguard/${artifact.reference}/${artifact.platform}/` },
    invocations: [invocationOf(report)],
    originalUriBaseIds: {
      IMAGE: { description: { text: "The root of the image's file system" } },
      METADATA: { description: { text: "The image's manifest and configuration" } },
    },
    results: findings.map((finding) => resultOf(report, finding, ruleIndex.get(finding.rule) ?? 0)),
    columnKind: 'utf16CodeUnits',
    properties: {
      target: report.target,
      artifact,
      verdict: report.verdict,
      reasons: report.reasons,
      score: report.score,
      categories: report.categories,
      advice: adviceOn(report),
      indicators: report.indicators,
    },
  };
}

/** What all findings of a rule say of it; where they differ, the worst speaks. */
function ruleOf(id: string, findings: readonly Finding[]) {
  const worst = findings.reduce((a, b) => (severityRank(b.severity) > severityRank(a.severity) ? b : a));
  const { author, licence, reference } = worst.source;
  const credit = [author, licence].filter((one) => one !== undefined).join(', ');
  const techniques = [...new Set(findings.flatMap((one) => one.attack))];
  const text = [
    `${worst.title}.`,
    `Category: ${worst.category}.`,
    ...(techniques.length > 0 ? [`MITRE ATT&CK: ${techniques.join(', ')}.`] : []),
    ...(credit === '' ? [] : [`Rule by ${credit}.`]),
    ...(reference === undefined ? [] : [`Reference: ${reference}`]),
  ];
  const links = techniques.map(
    (one) => `[${one}](https://attack.mitre.org/techniques/${one.replace('.', '/')}/)`,
  );
  return {
    id,
    name: id,
    shortDescription: { text: worst.title },
    fullDescription: { text: text.join(' ') },
    ...(reference !== undefined && isWebAddress(reference) ? { helpUri: reference } : {}),
    help: {
      text: text.join('\n'),
      markdown: [`**${markdownText(worst.title)}** (${worst.category})`, links.join(', ')]
        .join('\n\n')
        .trim(),
    },
    defaultConfiguration: { level: levels[worst.severity] },
    properties: {
      'security-severity': securitySeverity[worst.severity],
      precision: worst.confidence >= 0.9 ? 'very-high' : worst.confidence >= 0.6 ? 'high' : 'medium',
      tags: ['security', worst.category, ...techniques],
    },
  };
}

function resultOf(report: ImageReport, finding: Finding, ruleIndex: number) {
  const [evidence] = finding.evidence;
  const place = evidence === undefined ? '' : ` in ${placeOf(evidence)}`;
  return {
    ruleId: finding.rule,
    ruleIndex,
    kind: 'fail',
    level: levels[finding.severity],
    rank: Math.round(finding.confidence * 1000) / 10,
    message: sarifMessage(
      `${finding.title}${place} (${stateWords(finding)}; confidence ${percent(finding.confidence)}).`,
    ),
    locations: finding.evidence.slice(0, 1).map((one) => locationOf(report, one)),
    ...(finding.evidence.length > 1
      ? {
          relatedLocations: finding.evidence
            .slice(1)
            .map((one, index) => ({ id: index + 1, ...locationOf(report, one) })),
        }
      : {}),
    partialFingerprints: { 'waterguardFinding/v1': finding.id },
    ...(finding.ignored === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: `${finding.ignored.reason} (until ${finding.ignored.expires})`,
            },
          ],
        }),
    properties: {
      severity: finding.severity,
      'security-severity': securitySeverity[finding.severity],
      confidence: finding.confidence,
      state: finding.state,
      reachable: finding.reachable,
      category: finding.category,
      attack: finding.attack,
      source: finding.source,
    },
  };
}

function locationOf(report: ImageReport, evidence: Evidence) {
  const line = layerLine(report, evidence.layer);
  const layer =
    evidence.layer === undefined ? '' : `layer ${evidence.layer}${line === '' ? '' : `: ${line}`}`;
  const message = layer === '' ? {} : { message: sarifMessage(layer) };
  if (evidence.kind === 'file') {
    return {
      physicalLocation: {
        artifactLocation: { uri: relativeUri(evidence.path ?? '/'), uriBaseId: 'IMAGE' },
        ...regionOf(evidence),
      },
      ...message,
    };
  }
  const kind = { config: 'configuration', history: 'history', name: 'reference' }[evidence.kind];
  const name = evidence.path ?? (evidence.kind === 'name' ? report.artifact.reference : kind);
  return {
    physicalLocation: { artifactLocation: { uri: 'config.json', uriBaseId: 'METADATA' } },
    logicalLocations: [{ name, fullyQualifiedName: `${kind}/${name}`, kind }],
    ...(evidence.excerpt === undefined || evidence.excerpt === ''
      ? message
      : { message: sarifMessage([layer, evidence.excerpt].filter((one) => one !== '').join(' | ')) }),
  };
}

function regionOf(evidence: Evidence) {
  if (evidence.offset === undefined) return {};
  return {
    region: {
      byteOffset: evidence.offset,
      ...(evidence.length === undefined ? {} : { byteLength: evidence.length }),
      ...(evidence.excerpt === undefined || evidence.excerpt === ''
        ? {}
        : { snippet: { text: evidence.excerpt } }),
    },
  };
}

function invocationOf(report: ImageReport) {
  const { coverage } = report;
  const started = new Date(report.startedAt);
  const ended = new Date(started.getTime() + report.durationMs);
  const times = Number.isNaN(ended.getTime())
    ? {}
    : { startTimeUtc: started.toISOString(), endTimeUtc: ended.toISOString() };
  const listed = coverage.skipped.slice(0, mostNotifications);
  const rest = coverage.skipped.length - listed.length;
  return {
    executionSuccessful: coverage.errors.length === 0,
    ...times,
    toolExecutionNotifications: [
      ...coverage.errors.slice(0, mostNotifications).map(errorNotification),
      ...listed.map(skipNotification),
      ...(report.findings.length > mostResults
        ? [
            {
              level: 'warning',
              message: {
                text: `${report.findings.length - mostResults} findings of least weight are left out`,
              },
            },
          ]
        : []),
      ...(rest > 0 ? [{ level: 'warning', message: { text: `${rest} more places were not seen` } }] : []),
    ],
  };
}

function errorNotification(error: CoverageError) {
  return {
    descriptor: { id: 'coverage/error', index: 1 },
    level: 'error',
    message: sarifMessage(`${error.code} at ${error.where}: ${error.message}`),
  };
}

function skipNotification(skip: Skipped) {
  const detail = skip.detail === undefined ? '' : ` (${skip.detail})`;
  const file = skip.path.startsWith('/')
    ? [{ physicalLocation: { artifactLocation: { uri: relativeUri(skip.path), uriBaseId: 'IMAGE' } } }]
    : [];
  return {
    descriptor: { id: 'coverage/skipped', index: 0 },
    level: isHole(skip.reason) ? 'warning' : 'note',
    message: sarifMessage(`${skip.reason}: ${skip.path}${detail}`),
    ...(file.length > 0 ? { locations: file } : {}),
  };
}

/** Viewers make a link of `[text](address)` (SARIF 3.11.6): none is made of what an artefact says. */
function sarifMessage(text: string): { readonly text: string } {
  return { text: text.replaceAll('](', '] (') };
}

/** RFC 3986: every part percent-encoded, no leading slash, so that a path can only lie below its base. */
function relativeUri(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  const encoded = parts.map((part) =>
    part === '..' || part === '.' ? part.replaceAll('.', '%2E') : encodePart(part),
  );
  return encoded.length === 0 ? './' : encoded.join('/');
}

function encodePart(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replace(/[!'()*]/g, (character) => {
    return '%' + character.charCodeAt(0).toString(16).toUpperCase();
  });
}

function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>-]/g, '\\$&');
}

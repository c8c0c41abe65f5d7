/**
 * The report for a person at a terminal: short, the worst first, and every line that holds text from the
 * artefact begins with something of ours, so that neither a terminal nor a CI log takes it for a command.
 */
import type { Finding, Severity } from '../model/finding.ts';
import type { ImageReport, UnreadableTarget, Verdict } from '../model/report.ts';
import { countFindings, type FindingGroup, groupFindings, orderFindings, worstFirst } from './order.ts';
import { safeLine } from './safe-text.ts';
import {
  adviceOn,
  byteWords,
  countWords,
  coverageWords,
  creditOf,
  layerLine,
  percent,
  placeOf,
  shortDigest,
  skipSummary,
  startWords,
  stateWords,
} from './wording.ts';

/** What is shown each; the rest is counted, and in the other formats. */
const mostGroups = 25;
const mostPlaces = 4;
const mostIndicators = 8;

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** What drawing needs: `line` adds one, `paint` colours only when asked to. */
interface Page {
  readonly width: number;
  line(text?: string): void;
  paint(style: Style, text: string): string;
}

export function renderTable(
  reports: readonly ImageReport[],
  options: { readonly colour: boolean; readonly width: number },
  unreadable: readonly UnreadableTarget[] = [],
): string {
  const lines: string[] = [];
  const page: Page = {
    width: Math.min(Math.max(options.width, 40), 160),
    line: (text = '') => lines.push(text.trimEnd()),
    paint: (style, text) => (options.colour ? `\x1b[${codes[style]}m${text}\x1b[0m` : text),
  };
  const ordered = worstFirst(reports);
  for (const report of ordered) {
    drawReport(page, report);
    page.line();
  }
  for (const one of unreadable) drawUnreadable(page, one);
  if (ordered.length + unreadable.length > 1) drawTotals(page, ordered, unreadable.length);
  return lines.join('\n').trimEnd() + '\n';
}

function drawUnreadable(page: Page, { target, message }: UnreadableTarget): void {
  page.line(`${page.paint('yellow', page.paint('bold', 'NOT READ'))}  ${safeLine(target, page.width - 14)}`);
  drawText(page, '  │ ', message);
  page.line();
}

function drawReport(page: Page, report: ImageReport): void {
  drawHeader(page, report);
  const ordered = orderFindings(report.findings);
  const weighty = ordered.filter((one) => one.severity !== 'low' && one.severity !== 'info');
  const groups = groupFindings(weighty);
  for (const group of groups.slice(0, mostGroups)) drawGroup(page, report, group);
  if (groups.length > mostGroups) {
    page.line();
    drawField(
      page,
      'more',
      `findings of ${countWords(groups.length - mostGroups, 'other rule')} (see --format json)`,
    );
  }
  drawCounted(page, report);
  drawIndicators(page, report);
  drawUnseen(page, report);
  page.line();
  drawText(page, '  → ', adviceOn(report));
}

function drawHeader(page: Page, report: ImageReport): void {
  const { artifact } = report;
  const verdict = page.paint(verdictStyles[report.verdict], page.paint('bold', report.verdict.toUpperCase()));
  page.line(`${verdict}  ${safeLine(report.target, page.width - 14)}`);
  for (const reason of report.reasons) drawText(page, '  │ ', reason);
  const reference = artifact.reference === report.target ? [] : [artifact.reference];
  const digest = artifact.digest === '' ? [] : [shortDigest(artifact.digest)];
  const size = artifact.layers.reduce((sum, layer) => sum + layer.size, 0);
  const layers =
    artifact.layers.length === 0
      ? []
      : [`${countWords(artifact.layers.length, 'layer')}, ${byteWords(size)} stored`];
  drawField(
    page,
    'image',
    [...reference, artifact.platform, ...digest, ...layers].filter((one) => one !== '').join(' · '),
  );
  drawField(page, 'seen', coverageWords(report));
  const about = report.categories.length === 0 ? '' : ` · ${report.categories.join(', ')}`;
  drawField(page, 'score', `${report.score} of 100${about}`);
}

function drawGroup(page: Page, report: ImageReport, group: FindingGroup): void {
  const [first] = group.findings;
  page.line();
  const label = severityLabel(page, first.severity);
  const title = safeLine(first.title, page.width - 14);
  page.line(`  ${label} ${page.paint('bold', title)}`);
  const facts = [group.rule, `confidence ${percent(first.confidence)}`, ...first.attack];
  drawText(page, '           ', facts.join(' · '), 'dim');
  let layer: number | undefined;
  for (const finding of group.findings.slice(0, mostPlaces)) {
    layer = drawPlace(page, report, finding, layer);
  }
  const rest = group.findings.length - mostPlaces;
  if (rest > 0) page.line(`           ${page.paint('dim', `… and ${countWords(rest, 'more place')}`)}`);
  const credit = creditOf(first);
  if (credit !== '') drawText(page, '           ', `rule by ${credit}`, 'dim');
}

/**
 * One place of a finding. The layer's line is left out where the place before it has the same.
 * @returns the layer that was named last
 */
function drawPlace(
  page: Page,
  report: ImageReport,
  finding: Finding,
  layerBefore: number | undefined,
): number | undefined {
  const [evidence] = finding.evidence;
  if (evidence === undefined) return layerBefore;
  drawText(page, '         • ', `${placeOf(evidence)}  [${stateWords(finding)}]`);
  const start = startWords(evidence);
  if (start !== '') drawClipped(page, '           │ ', `started by ${start}`, 'dim');
  if (evidence.layer !== undefined && evidence.layer !== layerBefore) {
    const line = layerLine(report, evidence.layer);
    drawClipped(page, '           │ ', `layer ${evidence.layer}  ${line}`, 'dim');
  }
  if (evidence.excerpt !== undefined && evidence.excerpt !== '') {
    drawClipped(page, '           │ ', evidence.excerpt, 'cyan');
  }
  return evidence.layer;
}

/** What is not worth a reader's line each. */
function drawCounted(page: Page, report: ImageReport): void {
  const counts = countFindings(report.findings);
  const parts: string[] = [];
  if (counts.low > 0) parts.push(`${counts.low} low`);
  if (counts.info > 0) parts.push(`${counts.info} info`);
  if (counts.ignored > 0) parts.push(`${counts.ignored} ignored by the ignore file`);
  if (parts.length === 0) return;
  page.line();
  drawField(page, 'also', `${parts.join(', ')} (listed by --format json or html)`);
}

function drawIndicators(page: Page, report: ImageReport): void {
  if (report.indicators.length === 0) return;
  page.line();
  page.line(`  ${page.paint('bold', 'Indicators')}`);
  for (const one of report.indicators.slice(0, mostIndicators)) {
    const room = page.width - 14;
    const value = safeLine(one.value, Math.max(24, room));
    const context =
      room - value.length > 12
        ? `  ${page.paint('dim', safeLine(one.context, room - value.length - 2))}`
        : '';
    page.line(`  ${one.type.padEnd(10)}  ${value}${context}`);
  }
  const rest = report.indicators.length - mostIndicators;
  if (rest > 0) page.line(`  ${page.paint('dim', `… and ${rest} more`)}`);
}

function drawUnseen(page: Page, report: ImageReport): void {
  const skips = skipSummary(report.coverage);
  const { errors } = report.coverage;
  if (skips.length === 0 && errors.length === 0) return;
  page.line();
  page.line(`  ${page.paint('bold', 'Not seen')}`);
  for (const error of errors.slice(0, 5)) {
    drawClipped(page, '  │ ', `${error.code}  ${error.where}: ${error.message}`, 'yellow');
  }
  if (errors.length > 5) page.line(`  │ … and ${errors.length - 5} more errors`);
  for (const skip of skips) {
    const places = skip.places.join(', ') + (skip.count > skip.places.length ? ', …' : '');
    const note = skip.hole ? '' : ' (no hole)';
    drawClipped(
      page,
      '  │ ',
      `${skip.reason}${note}  ${skip.count} ×  ${places}`,
      skip.hole ? 'yellow' : 'dim',
    );
  }
}

function drawTotals(page: Page, reports: readonly ImageReport[], unreadable: number): void {
  const counts = new Map<Verdict, number>();
  for (const report of reports) counts.set(report.verdict, (counts.get(report.verdict) ?? 0) + 1);
  const parts = [...counts].map(([verdict, count]) => `${count} ${verdict}`);
  if (unreadable > 0) parts.push(`${unreadable} not read`);
  drawText(page, '', `${countWords(reports.length + unreadable, 'target')}: ${parts.join(', ')}`);
}

function drawField(page: Page, name: string, text: string): void {
  drawText(page, `  ${name.padEnd(7)}`, text);
}

/** Wrapped at words; lines after the first keep the prefix's width and a bar, never only white space. */
function drawText(page: Page, prefix: string, text: string, style?: Style): void {
  const room = Math.max(16, page.width - prefix.length);
  const rows = wrap(safeLine(text, 2000), room);
  rows.forEach((row, index) => {
    const shown = style === undefined ? row : page.paint(style, row);
    page.line((index === 0 ? prefix : continuation(prefix)) + shown);
  });
}

function drawClipped(page: Page, prefix: string, text: string, style: Style): void {
  page.line(prefix + page.paint(style, safeLine(text, Math.max(16, page.width - prefix.length))));
}

function continuation(prefix: string): string {
  return prefix.length < 2 ? '│ ' : prefix.slice(0, -2).replace(/[^ ]/g, ' ') + '│ ';
}

function wrap(text: string, width: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (row !== '' && row.length + 1 + rest.length > width) {
      rows.push(row);
      row = '';
    }
    while (rest.length > width) {
      rows.push(rest.slice(0, width));
      rest = rest.slice(width);
    }
    row = row === '' ? rest : `${row} ${rest}`;
  }
  rows.push(row);
  return rows;
}

function severityLabel(page: Page, severity: Severity): string {
  const label = severity.toUpperCase().padEnd(8);
  if (severity === 'critical' || severity === 'high') return page.paint('red', label);
  return severity === 'medium' ? page.paint('yellow', label) : page.paint('dim', label);
}

const verdictStyles: Readonly<Record<Verdict, Style>> = {
  malicious: 'red',
  suspicious: 'red',
  risky: 'yellow',
  incomplete: 'yellow',
  clean: 'green',
};

/** SGR numbers (ECMA-48). */
const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32, cyan: 36 };

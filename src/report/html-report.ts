/** One image of the HTML report: verdict, findings with evidence, the layers that brought them, what was not seen. */
import type { Finding } from '../model/finding.ts';
import type { ImageReport, Verdict } from '../model/report.ts';
import { findingSections, marks, type Page } from './html-findings.ts';
import { html, type Markup } from './markup.ts';
import { countFindings, orderFindings, worstSeverities } from './order.ts';
import {
  adviceOn,
  byteWords,
  countWords,
  coverageWords,
  dockerfileLine,
  placeOf,
  shortDigest,
  skipSummary,
} from './wording.ts';

/** A page stays readable, and loads; the rest is counted. */
const mostIgnored = 300;
const mostLayers = 500;
const mostIndicators = 500;

/** @param anchor of the report in the page; no other text takes part in ids */
export function reportArticle(report: ImageReport, anchor: string): Markup {
  const shown = report.artifact.layers.slice(0, mostLayers);
  const page: Page = { anchor, layers: new Set(shown.map((layer) => layer.index)) };
  const ordered = orderFindings(report.findings);
  const weighty = ordered.filter((one) => one.severity !== 'low' && one.severity !== 'info');
  const light = ordered.filter((one) => one.severity === 'low' || one.severity === 'info');
  const ignored = report.findings.filter((one) => one.ignored !== undefined);
  return html`<article id="${anchor}">
${heading(report)}
<h2>Findings</h2>
${severityCounts(report)}
${findingSections(weighty, page)}
${folded(`${countWords(light.length, 'finding')} of low weight`, light.length, findingSections(light, page))}
${folded(`${countWords(ignored.length, 'ignored finding')}`, ignored.length, ignored.slice(0, mostIgnored).map(ignoredLine))}
${layerTimeline(report, ordered, anchor)}
${indicatorTable(report)}
${coverageSection(report)}
</article>
`;
}

export function verdictMark(verdict: Verdict): Markup {
  return html`<span class="verdict ${verdict}">${verdict}</span>`;
}

function heading(report: ImageReport): Markup {
  const { artifact } = report;
  const stored = artifact.layers.reduce((sum, layer) => sum + layer.size, 0);
  const reference =
    artifact.reference === report.target
      ? undefined
      : fact('Image', html`<code>${artifact.reference}</code>`);
  return html`${verdictMark(report.verdict)}
<h1>${report.target}</h1>
<ul class="reasons">${report.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
<p class="advice">${adviceOn(report)}</p>
<dl class="facts">${reference}${fact('Platform', html`${artifact.platform}`)}
${artifact.digest === '' ? undefined : fact('Digest', html`<code title="${artifact.digest}">${shortDigest(artifact.digest)}</code>`)}
${fact('Stored', html`${countWords(artifact.layers.length, 'layer')}, ${byteWords(stored)}`)}
${fact('Seen', html`${coverageWords(report)}`)}
${fact('Score', html`${report.score} of 100`)}
${report.categories.length === 0 ? undefined : fact('Categories', html`${report.categories.join(', ')}`)}
${fact('Scanned', html`<time datetime="${report.startedAt}">${report.startedAt.replace('T', ' ').slice(0, 16)} UTC</time>`)}</dl>
`;
}

function fact(name: string, value: Markup): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function severityCounts(report: ImageReport): Markup {
  const counts = countFindings(report.findings);
  const items = worstSeverities.map(
    (severity) =>
      html`<li class="${counts[severity] === 0 ? 'none' : severity}"><span aria-hidden="true">${marks[severity]}</span> ${counts[severity]} ${severity}</li>`,
  );
  return html`<ul class="counts">${items}</ul>
`;
}

function ignoredLine(finding: Finding): Markup {
  const [evidence] = finding.evidence;
  const where = evidence === undefined ? '' : placeOf(evidence);
  return html`<p><code>${finding.rule}</code> ${where} <span class="soft">${finding.ignored?.reason ?? ''}, until ${finding.ignored?.expires ?? ''}</span></p>
`;
}

function folded(title: string, count: number, content: readonly Markup[]): Markup | undefined {
  return count === 0 ? undefined : html`<details><summary>${title}</summary>${content}</details>`;
}

function layerTimeline(
  report: ImageReport,
  findings: readonly Finding[],
  anchor: string,
): Markup | undefined {
  const { layers } = report.artifact;
  if (layers.length === 0) return undefined;
  const byLayer = Map.groupBy(findings, (one) => one.evidence[0]?.layer);
  const largest = Math.max(1, ...layers.slice(0, mostLayers).map((layer) => layer.size));
  const items = layers.slice(0, mostLayers).map((layer) => {
    const here = byLayer.get(layer.index) ?? [];
    const worst = here[0];
    const found =
      worst === undefined
        ? undefined
        : html`<span class="${worst.severity}"><span aria-hidden="true">${marks[worst.severity]}</span> ${countWords(here.length, 'finding')}, worst ${worst.severity}</span>`;
    const length = Math.max(1, Math.round((layer.size / largest) * 100));
    return html`<li id="${anchor}-layer-${layer.index}" class="${worst === undefined ? '' : 'hit'}"><div class="layer-head"><b>${layer.index}</b>
<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="100" height="6"/><rect width="${length}" height="6"/></svg>
<span>${byteWords(layer.size)}</span><span class="mono" title="${layer.digest}">${shortDigest(layer.digest)}</span>${found}</div>
<code>${dockerfileLine(layer.createdBy)}</code></li>
`;
  });
  const rest = layers.length - mostLayers;
  return html`<h2>Layers</h2>
<ol class="layers">${items}</ol>${rest > 0 ? html`<p class="soft">and ${rest} more layers</p>` : undefined}
`;
}

function indicatorTable(report: ImageReport): Markup | undefined {
  if (report.indicators.length === 0) return undefined;
  const rows = report.indicators.slice(0, mostIndicators).map(
    (one) => html`<tr><td>${one.type}</td><td class="mono">${one.value}</td><td>${one.context}</td></tr>
`,
  );
  const rest = report.indicators.length - mostIndicators;
  return html`<h2>Indicators</h2>
<table class="stack"><thead><tr><th scope="col">Type</th><th scope="col">Value</th><th scope="col">Seen as</th></tr></thead><tbody>
${rows}</tbody></table>${rest > 0 ? html`<p class="soft">and ${rest} more, in the JSON report</p>` : undefined}
`;
}

function coverageSection(report: ImageReport): Markup {
  const { errors } = report.coverage;
  const skips = skipSummary(report.coverage, 20);
  if (errors.length === 0 && skips.length === 0)
    return html`<h2>Not seen</h2>
<p>Nothing: every layer and file was looked at.</p>
`;
  const rows = [
    ...errors.slice(0, 100).map(
      (
        error,
      ) => html`<tr><td>${error.code}</td><td class="mono">${error.where}</td><td>${error.message}</td></tr>
`,
    ),
    ...skips.map(
      (
        skip,
      ) => html`<tr><td>${skip.reason}</td><td class="mono">${skip.places.join(', ')}${skip.count > skip.places.length ? ', …' : ''}</td>
<td>${countWords(skip.count, 'place')}${skip.hole ? '' : ', hides nothing'}</td></tr>
`,
    ),
  ];
  return html`<h2>Not seen</h2>
<table class="stack"><thead><tr><th scope="col">Reason</th><th scope="col">Where</th><th scope="col">Detail</th></tr></thead><tbody>
${rows}</tbody></table>
`;
}

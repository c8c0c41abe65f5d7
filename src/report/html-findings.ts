/** Findings of the HTML report: one section for each rule, in it every place with its evidence. */
import type { Evidence, Finding, Severity } from '../model/finding.ts';
import { html, type Markup } from './markup.ts';
import { type FindingGroup, groupFindings } from './order.ts';
import { isWebAddress } from './safe-text.ts';
import { countWords, creditOf, percent, placeOf, startWords } from './wording.ts';

/** Where the report stands in the page, and which layers have a place of their own to link to. */
export interface Page {
  readonly anchor: string;
  readonly layers: ReadonlySet<number>;
}

/** A mark of its own shape for each severity, so that colour is never alone. */
export const marks: Readonly<Record<Severity, string>> = {
  critical: '◆',
  high: '▲',
  medium: '■',
  low: '●',
  info: '○',
};

/** Shown at once, then folded, then only counted: a page stays readable, and loads. */
const mostGroups = 300;
const openPlaces = 4;
const mostPlaces = 200;

export function findingSections(findings: readonly Finding[], page: Page): readonly Markup[] {
  const groups = groupFindings(findings);
  const sections = groups.slice(0, mostGroups).map((group) => findingSection(group, page));
  const rest = groups.length - sections.length;
  return rest > 0
    ? [
        ...sections,
        html`<p class="soft">and findings of ${countWords(rest, 'other rule')}, in the JSON report</p>`,
      ]
    : sections;
}

function findingSection(group: FindingGroup, page: Page): Markup {
  const [first] = group.findings;
  const open = group.findings.slice(0, openPlaces).map((finding) => place(finding, page));
  const more = group.findings.slice(openPlaces, mostPlaces).map((finding) => place(finding, page));
  const rest = group.findings.length - mostPlaces;
  const hidden = Math.max(0, group.findings.length - openPlaces);
  return html`<section class="finding"><p class="label ${first.severity}"><span aria-hidden="true">${marks[first.severity]}</span> ${first.severity}</p>
<div><h3>${first.title}</h3>
<p class="meta"><code>${first.rule}</code> · ${first.category} · confidence ${percent(first.confidence)}${first.attack.map(technique)}${sourceOf(first)}</p>
<ul class="places">${open}${
    hidden === 0
      ? undefined
      : html`<li><details><summary>${countWords(hidden, 'more place')}</summary><ul class="places">${more}</ul>${rest > 0 ? html`<p class="soft">and ${rest} more, in the JSON report</p>` : undefined}</details></li>`
  }</ul></div></section>
`;
}

function technique(id: string): Markup {
  if (!/^T\d{4}(?:\.\d{3})?$/.test(id)) return html` · ${id}`;
  return html` · <a href="https://attack.mitre.org/techniques/${id.replace('.', '/')}/" rel="noopener noreferrer">${id}</a>`;
}

function sourceOf(finding: Finding): Markup {
  const credit = creditOf(finding);
  const { reference } = finding.source;
  const link =
    reference !== undefined && isWebAddress(reference)
      ? html` · <a href="${reference}" rel="noopener noreferrer">reference</a>`
      : undefined;
  return html`${credit === '' ? undefined : html` · rule by ${credit}`}${link}`;
}

function place(finding: Finding, page: Page): Markup {
  return html`<li>${finding.evidence.map((evidence) => evidenceOf(finding, evidence, page))}</li>
`;
}

function evidenceOf(finding: Finding, evidence: Evidence, page: Page): Markup {
  const layer =
    evidence.layer === undefined || !page.layers.has(evidence.layer)
      ? undefined
      : html`<a class="state" href="#${page.anchor}-layer-${evidence.layer}">layer ${evidence.layer}</a>`;
  const state = {
    present: 'present',
    shadowed: 'overwritten by a later layer',
    deleted: 'deleted by a later layer',
  }[finding.state];
  const start = startWords(evidence);
  const runs = finding.reachable
    ? html`<span class="state runs">▸ runs when the container starts${start === '' ? '' : `: ${start}`}</span>`
    : undefined;
  const at =
    evidence.sha256 === undefined && (evidence.offset ?? 0) === 0
      ? undefined
      : html`<p class="digest">${evidence.offset === undefined ? undefined : html`byte ${evidence.offset.toLocaleString('en-US')} `}${
          evidence.sha256 === undefined
            ? undefined
            : html`<span class="mono">sha256:${evidence.sha256}</span>`
        }</p>`;
  const excerpt =
    evidence.excerpt === undefined || evidence.excerpt === ''
      ? undefined
      : html`<code class="excerpt">${evidence.excerpt}</code>`;
  return html`<div class="where"><code>${placeOf(evidence)}</code>${layer}<span class="state">${state}</span>${runs}</div>${excerpt}${at}`;
}

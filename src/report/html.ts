/**
 * The report as one self-contained page: no script, no request, nothing but a style that the page's own policy
 * names by its hash. Made to be read, printed and attached to a ticket.
 */
import { createHash } from 'node:crypto';
import type { ImageReport, UnreadableTarget } from '../model/report.ts';
import { reportArticle, verdictMark } from './html-report.ts';
import { style } from './html-style.ts';
import { html, type Markup } from './markup.ts';
import { worstFirst } from './order.ts';
import { countWords, shortDigest } from './wording.ts';

export function renderHtml(
  reports: readonly ImageReport[],
  unreadable: readonly UnreadableTarget[] = [],
): string {
  const ordered = worstFirst(reports);
  const [first] = ordered;
  const count = reports.length + unreadable.length;
  const title =
    count === 1 && first !== undefined
      ? `${first.verdict}: ${first.target}`
      : `Waterguard: ${countWords(count, 'target')}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Waterguard">
<link rel="icon" href="data:,">
<title>${title}</title>
${styleElement()}
</head>
<body>
<header class="top"><span><b>Waterguard</b> image report</span>${first === undefined ? undefined : madeBy(first)}</header>
<main>
${count > 1 ? overview(ordered, unreadable) : undefined}
${ordered.map((report, index) => reportArticle(report, `r${index}`))}
</main>
<footer>What is quoted here comes from the images and is shown as text; nothing in this page runs or loads anything.</footer>
</body>
</html>
`;
  return page.markup;
}

function policy(): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** Written as it is: the policy's hash covers every byte of it. */
function styleElement(): Markup {
  return { markup: `<style>${style}</style>` };
}

function madeBy(report: ImageReport): Markup {
  const { tool } = report;
  return html`<span class="soft">version ${tool.version}, rules <code>${shortDigest(tool.ruleset)}</code></span>`;
}

function overview(reports: readonly ImageReport[], unreadable: readonly UnreadableTarget[]): Markup {
  const rows = reports.map(
    (
      report,
      index,
    ) => html`<tr><td>${verdictMark(report.verdict)}</td><td><a href="#r${index}" class="mono">${report.target}</a></td>
<td class="number">${report.score}</td><td>${report.categories.join(', ')}</td></tr>
`,
  );
  const failed = unreadable.map(
    (
      one,
    ) => html`<tr><td><span class="verdict incomplete">not read</span></td><td class="mono">${one.target}</td>
<td colspan="2">${one.message}</td></tr>
`,
  );
  return html`<h2>${countWords(reports.length + unreadable.length, 'target')}</h2>
<table class="stack"><thead><tr><th scope="col">Verdict</th><th scope="col">Target</th>
<th scope="col" class="number">Score</th><th scope="col">Categories</th></tr></thead><tbody>
${rows}${failed}</tbody></table>
`;
}

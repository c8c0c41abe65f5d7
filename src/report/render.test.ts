import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { cleanReport, hostileReport, maliciousReport, riskyReport } from '../../test/fixtures/reports.ts';
import { imageReport } from '../model/report.ts';
import { formats, render } from './render.ts';

const options = { colour: false, width: 100 };
const all = [cleanReport, riskyReport, maliciousReport];

test('the samples are reports as the model has them', async () => {
  for (const report of all) assert.deepEqual(imageReport.parse(report), report);
});

test('every format ends with a line break and is the same on every call', async () => {
  for (const format of formats) {
    const text = await render(all, format, options);
    assert.ok(text.endsWith('\n'), format);
    assert.equal(await render(all, format, options), text);
  }
});

test('no format lets a control character or a CI command through', async () => {
  for (const format of formats) {
    const text = await render([hostileReport()], format, options);
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/, format);
    assert.doesNotMatch(text, /##[\w-]*\[/, format);
    for (const line of text.split('\n')) assert.doesNotMatch(line, /^\s*::/, format);
  }
});

test('json is the report itself, and reads back as what it was, hostile text too', async () => {
  assert.deepEqual(JSON.parse(await render([maliciousReport], 'json', options)), maliciousReport);
  const hostile = hostileReport();
  assert.equal(JSON.parse(await render([hostile], 'json', options)).target, hostile.target);
});

test('several reports are one json document', async () => {
  const document = JSON.parse(await render(all, 'json', options));
  assert.equal(document.schemaVersion, 1);
  assert.deepEqual(document.reports, all);
});

test('several targets are a list even when only one, or none, could be read', async () => {
  const unreadable = [{ target: 'oci:/nonesuch', code: 'unreadable', message: 'There is no directory.' }];
  for (const reports of [[cleanReport], []]) {
    const document = JSON.parse(await render(reports, 'json', options, unreadable.concat(unreadable)));
    assert.deepEqual(document, { schemaVersion: 1, reports, unreadable: [...unreadable, ...unreadable] });
  }
  const whole = JSON.parse(await render([cleanReport, riskyReport], 'json', options));
  assert.deepEqual(whole.unreadable, []);
});

test('every format names a target that could not be read, and why, safely', async () => {
  const nasty = '\x1b[2J\n::error::owned ##vso[x]<script>';
  const failed = { target: `oci:${nasty}`, code: 'limit', message: `Not in time: ${nasty}` };
  for (const format of formats) {
    const text = await render([cleanReport], format, options, [failed]);
    assert.ok(text.includes('Not in time'), format);
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, format);
    assert.doesNotMatch(text, /##[\w-]*\[/, format);
    if (format === 'html') assert.doesNotMatch(text, /<script/);
    for (const line of text.split('\n')) assert.doesNotMatch(line, /^\s*::/, format);
  }
  const table = await render([cleanReport], 'table', options, [failed]);
  assert.match(table, /\n2 targets: 1 clean, 1 not read\n$/);
  const last = (await render([cleanReport], 'ndjson', options, [failed])).trimEnd().split('\n').at(-1);
  assert.deepEqual(JSON.parse(last ?? ''), { schemaVersion: 1, type: 'unreadable', ...failed });
});

test('ndjson has a line for each finding, worst first, and closes each report with its summary', async () => {
  const lines = (await render([maliciousReport, cleanReport], 'ndjson', options))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const count = maliciousReport.findings.length;
  assert.deepEqual(
    lines.map((line) => line.type),
    [...Array(count).fill('finding'), 'report', 'report'],
  );
  assert.equal(lines[0].severity, 'critical');
  assert.equal(lines[0].digest, maliciousReport.artifact.digest);
  assert.ok(lines[count - 1].ignored);
  assert.deepEqual(lines[count].counts, { info: 0, low: 1, medium: 1, high: 7, critical: 1, ignored: 1 });
  assert.equal(lines[count + 1].verdict, 'clean');
});

test('html allows its one style by hash and nothing else', async () => {
  const page = await render(all, 'html', options);
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  assert.ok(page.replaceAll('&#39;', "'").includes(`default-src 'none'; style-src 'sha256-${hash}'`));
  assert.doesNotMatch(page, /<script|\sstyle="|\son\w+=|src="/i);
});

test('html escapes what an artefact says, and links only to web addresses and to itself', async () => {
  const page = await render([hostileReport()], 'html', options);
  assert.ok(page.includes('&#60;script&#62;alert(1)'));
  assert.doesNotMatch(page, /<script/i);
  for (const [, link = ''] of page.matchAll(/href="([^"]*)"/g))
    assert.match(link, /^(?:https:\/\/|#|data:,$)/);
});

test('every link within the html page has its aim', async () => {
  const directory = { ...maliciousReport, artifact: { ...maliciousReport.artifact, layers: [] } };
  const page = await render([...all, directory], 'html', options);
  const links = [...page.matchAll(/href="#([^"]*)"/g)].map((match) => match[1]);
  assert.ok(links.length > 5);
  for (const link of links) assert.ok(page.includes(`id="${link}"`), link);
});

test('html says severity in words beside mark and colour, and shows state, reach and layer', async () => {
  const page = await render([maliciousReport], 'html', options);
  for (const words of [
    '</span> critical</p>',
    'deleted by a later layer',
    'runs when the container starts',
    'layer 2</a>',
  ]) {
    assert.ok(page.includes(words), words);
  }
});

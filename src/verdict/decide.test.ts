import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleFinding } from '../../test/fixtures/reports.ts';
import type { Category, Finding, Severity, State } from '../model/finding.ts';
import type { Verdict } from '../model/report.ts';
import { categories, severities, states } from '../model/terms.ts';
import { decide, isThreat, type Judged, scoreOf, severityOf } from './decide.ts';

type Seen = Parameters<typeof decide>[1];

const whole: Seen = { skipped: [], errors: [] };
const hole: Seen = { skipped: [{ path: '/a', reason: 'encrypted' }], errors: [] };
const note: Seen = { skipped: [{ path: '/a', reason: 'windowed' }], errors: [] };
const failed: Seen = { skipped: [], errors: [{ where: '/a', code: 'engine', message: '' }] };

/** With the severity that the judge gives it. */
function judged(changes: Partial<Finding>, more: Partial<Judged> = {}): Judged {
  const { ignored: _, ...plain } = sampleFinding(changes);
  const { malware = false, secret = false } = more;
  const threat = isThreat({ finding: plain, malware });
  const severity = severityOf(plain.severity, threat, plain.confidence, plain.state, plain.reachable);
  return {
    finding: { ...plain, severity, ...(changes.ignored && { ignored: changes.ignored }) },
    malware,
    secret,
  };
}

const verdictOf = (all: readonly Judged[], coverage: Seen = whole): Verdict => decide(all, coverage).verdict;

const threats: readonly Category[] = ['cryptomining', 'backdoor', 'ddos', 'hacking', 'malicious-website'];

test('five categories are threats, and malware of any category', () => {
  for (const category of categories) {
    assert.equal(isThreat(judged({ category })), threats.includes(category), category);
    assert.equal(isThreat(judged({ category }, { malware: true })), true);
  }
});

test('a threat is malicious or suspicious by its confidence, state and reach', () => {
  const table: readonly (readonly [number, State, boolean, Verdict])[] = [
    // Conclusive: present is enough.
    [1, 'present', false, 'malicious'],
    [0.9, 'present', false, 'malicious'],
    [0.9, 'present', true, 'malicious'],
    // Strong: present and reached.
    [0.89, 'present', true, 'malicious'],
    [0.6, 'present', true, 'malicious'],
    [0.89, 'present', false, 'suspicious'],
    [0.6, 'present', false, 'suspicious'],
    // Gone from the final file system.
    [1, 'shadowed', false, 'suspicious'],
    [1, 'deleted', false, 'suspicious'],
    [0.6, 'shadowed', false, 'suspicious'],
    [0.6, 'deleted', false, 'suspicious'],
    // Weak: a risk at most.
    [0.59, 'present', true, 'risky'],
    [0.59, 'deleted', false, 'risky'],
  ];
  for (const category of threats) {
    for (const [confidence, state, reachable, expected] of table) {
      const one = judged({ category, confidence, state, reachable, severity: 'medium' });
      assert.equal(verdictOf([one]), expected, `${category} ${confidence} ${state} ${reachable}`);
    }
  }
});

test('malware of category other counts as a threat', () => {
  const eicar = { category: 'other', confidence: 1, severity: 'critical', reachable: false } as const;
  assert.equal(verdictOf([judged(eicar, { malware: true })]), 'malicious');
  assert.equal(verdictOf([judged({ ...eicar, state: 'deleted' }, { malware: true })]), 'suspicious');
  assert.equal(verdictOf([judged(eicar)]), 'risky');
});

test('what is no threat is risky from medium on, in any state and with any confidence', () => {
  for (const category of categories.filter((one) => !threats.includes(one))) {
    for (const state of states) {
      for (const severity of severities) {
        const expected = ['medium', 'high', 'critical'].includes(severity) ? 'risky' : 'clean';
        const one = judged({ category, state, severity, confidence: 1 });
        assert.equal(verdictOf([one]), expected, `${category} ${state} ${severity}`);
      }
    }
  }
});

test('a hole makes incomplete what would be clean, and nothing else', () => {
  assert.equal(verdictOf([], whole), 'clean');
  assert.equal(verdictOf([], note), 'clean');
  assert.equal(verdictOf([], hole), 'incomplete');
  assert.equal(verdictOf([], failed), 'incomplete');
  assert.equal(verdictOf([judged({ category: 'other', severity: 'low' })], hole), 'incomplete');
  assert.equal(verdictOf([judged({ category: 'other', severity: 'medium' })], hole), 'risky');
});

test('the first rule that matches wins', () => {
  const malicious = judged({ confidence: 1 });
  const suspicious = judged({ confidence: 1, state: 'deleted' });
  const risky = judged({ category: 'embedded-secret' });
  assert.equal(verdictOf([risky, suspicious, malicious], hole), 'malicious');
  assert.equal(verdictOf([risky, suspicious], hole), 'suspicious');
  assert.equal(verdictOf([risky], hole), 'risky');
});

test('ignored findings decide nothing', () => {
  const ignored = judged({ confidence: 1, ignored: { reason: 'ours', expires: '2027-01-01' } });
  assert.equal(verdictOf([ignored]), 'clean');
  assert.equal(verdictOf([ignored], hole), 'incomplete');
  assert.equal(scoreOf([ignored]), 0);
});

test('reasons name the deciding findings only', () => {
  const { reasons } = decide(
    [
      judged({ title: 'Miner', state: 'present', reachable: true, confidence: 0.95 }),
      judged({ title: 'Secret', category: 'embedded-secret' }),
    ],
    whole,
  );
  assert.deepEqual(reasons, [
    'Miner in /opt/.cache/config.json, started with the container (miner/xmrig-configuration, confidence 0.95).',
  ]);
  const [gone] = decide([judged({ title: 'Miner', state: 'deleted', reachable: false })], whole).reasons;
  assert.match(gone ?? '', /^Miner in \/opt\/\.cache\/config\.json, deleted by a later layer \(/);
  assert.equal(decide([], hole).reasons.length, 1);
  assert.equal(decide([], whole).reasons.length, 1);
});

test('a threat has the severity that its verdict demands', () => {
  const severity = (rule: Severity, confidence: number, state: State, reachable: boolean): Severity =>
    severityOf(rule, true, confidence, state, reachable);
  for (const rule of severities) {
    assert.equal(severity(rule, 0.9, 'present', false), 'critical');
    assert.equal(severity(rule, 0.6, 'present', true), 'critical');
    assert.equal(severityOf(rule, false, 1, 'present', true), rule);
  }
  assert.equal(severity('low', 0.6, 'present', false), 'high');
  assert.equal(severity('low', 0.9, 'deleted', false), 'high');
  assert.equal(severity('critical', 0.9, 'shadowed', true), 'critical');
  assert.equal(severity('critical', 0.59, 'present', true), 'medium');
  assert.equal(severity('low', 0.59, 'present', true), 'low');
});

test('the score follows its formula', () => {
  const plain = { category: 'other', state: 'present', confidence: 1 } as const;
  const scores = severities.map((severity) => scoreOf([judged({ ...plain, severity })]));
  assert.deepEqual(scores, [0, 5, 25, 60, 95]);
  assert.equal(scoreOf([]), 0);
  assert.equal(scoreOf([judged({ ...plain, severity: 'high', confidence: 0.5 })]), 30);
  assert.equal(scoreOf([judged({ ...plain, severity: 'high', state: 'deleted' })]), 30);
  assert.equal(scoreOf([judged({ ...plain, severity: 'high', state: 'shadowed' })]), 30);
  assert.equal(scoreOf([judged({ ...plain, severity: 'high', state: 'deleted' }, { secret: true })]), 60);
  // 1 − 0.4 · 0.75
  const two = [judged({ ...plain, severity: 'high' }), judged({ ...plain, severity: 'medium' })];
  assert.equal(scoreOf(two), 70);
  assert.equal(scoreOf(two.toReversed()), 70);
});

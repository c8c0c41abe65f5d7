import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ago } from './age.ts';
import { fieldSelector, labelSelector, matchesSelector } from './selector.ts';
import { Refused } from './status.ts';

const labels = { app: 'web', tier: 'front' };

it('label selectors choose as kubectl writes them', () => {
  const chosen: readonly (readonly [string, boolean])[] = [
    ['', true],
    ['app=web', true],
    ['app==web,tier!=back', true],
    ['app in (api, web),tier', true],
    ['app notin (web)', false],
    ['!other,app', true],
    ['other', false],
    ['app=', false],
  ];
  for (const [text, is] of chosen) assert.equal(labelSelector(text)(labels), is, text);
  assert.throws(() => labelSelector('app in web'), Refused);
  assert.throws(() => labelSelector('(('), Refused);
});

it('field selectors choose by fields that the kind has', () => {
  const pod = {
    kind: 'Pod',
    metadata: { name: 'x' },
    spec: { nodeName: 'n' },
    status: { phase: 'Running' },
  } as never;
  assert.equal(fieldSelector('metadata.name=x,spec.nodeName=n,status.phase!=Failed', 'Pod')(pod), true);
  assert.equal(fieldSelector('status.phase=Failed', 'Pod')(pod), false);
  assert.throws(() => fieldSelector('spec.image=x', 'Pod'), {
    message: 'field label not supported: spec.image',
  });
});

it('selectors of workloads match labels and expressions', () => {
  assert.equal(matchesSelector({ matchLabels: { app: 'web' } }, labels), true);
  assert.equal(
    matchesSelector({ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] }, labels),
    false,
  );
  assert.equal(matchesSelector({ app: 'web' }, labels), true);
});

it('ages are told as kubectl tells them', () => {
  const now = Date.parse('2026-01-15T12:00:00Z');
  const told: readonly (readonly [number, string])[] = [
    [3, '3s'],
    [119, '119s'],
    [125, '2m5s'],
    [3600, '60m'],
    [3 * 3600 + 60, '3h1m'],
    [30 * 3600, '30h'],
    [3 * 86_400 + 7200, '3d2h'],
    [100 * 86_400, '100d'],
    [800 * 86_400, '2y70d'],
  ];
  for (const [seconds, text] of told)
    assert.equal(ago(new Date(now - seconds * 1000).toISOString(), now), text);
});

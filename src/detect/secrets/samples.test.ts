import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keywordPlaces } from './keyword-places.ts';
import { shippedSecretRules } from './load.ts';
import type { SecretRule } from './rule.ts';
import { fillSample } from './samples.ts';
import { findSecrets } from './search.ts';

const { rules, refused } = shippedSecretRules();

const finds = (rule: SecretRule, sample: string): boolean => {
  const bytes = Buffer.from(fillSample(sample), 'latin1');
  const places = keywordPlaces(rule.keywords)(bytes);
  return places !== undefined && findSecrets(bytes, [rule], places, '', { check() {} }).length > 0;
};

test('every shipped rule compiles, and ids are unique', () => {
  assert.deepEqual(refused, []);
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
});

test('every rule of our own has a sample that must match, and each of its samples does', () => {
  for (const rule of rules.filter(({ source }) => source.author === 'Waterguard')) {
    assert.notEqual(rule.samples.match.length, 0, `${rule.id} has no sample`);
    for (const sample of rule.samples.match) assert.ok(finds(rule, sample), `${rule.id} misses ${sample}`);
  }
});

test('no rule matches a sample that it must reject', () => {
  for (const rule of rules) {
    for (const sample of rule.samples.reject) assert.ok(!finds(rule, sample), `${rule.id} matches ${sample}`);
  }
});

test('samples are filled with the same text on every run, and as written set off no distinctive rule', () => {
  assert.equal(fillSample('a<|>b <hex:8>'), fillSample('a<|>b <hex:8>'));
  assert.match(fillSample('gh<|>p_<alnum:36>'), /^ghp_[A-Za-z0-9]{36}$/);
  const distinctive = rules.filter(({ scope }) => scope === 'anywhere');
  for (const sample of rules.flatMap((rule) => rule.samples.match).filter((text) => text.includes('<'))) {
    const bytes = Buffer.from(sample, 'latin1');
    const places = keywordPlaces(distinctive.flatMap(({ keywords }) => keywords))(bytes) ?? (() => []);
    assert.deepEqual(findSecrets(bytes, distinctive, places, '', { check() {} }), [], sample);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWaterguardRules } from './waterguard-rules.ts';

const parse = (text: string) => parseWaterguardRules({ origin: 'a.yaml', namespace: 'a', text });
const rule = (more: string) =>
  `waterguard: 1\nrules:\n  - {id: some-rule, title: t, severity: low, confidence: 0.5, regex: 'abcd\\d', keywords: [abcd]${more}}\n`;

test('a rule gets the documented defaults', () => {
  const [one] = parse(rule('')).rules;
  assert.equal(one?.category, 'embedded-secret');
  assert.equal(one?.scope, 'anywhere');
  assert.deepEqual(one?.attack, ['T1552.001']);
  assert.equal(one?.reach, 1024);
});

test('a group named secret holds the secret', () => {
  const text = rule('').replace('abcd\\d', 'abcd(?P<secret>\\d)');
  assert.equal(parse(text).rules[0]?.secretGroup, 'secret');
});

test('each fault refuses its rule and says why', () => {
  const reasonOf = (text: string) =>
    parse(text)
      .refused.map(({ rule: id, message }) => `${id}: ${message}`)
      .join();
  assert.match(reasonOf(rule(', entropi: 3')), /some-rule: .*entropi/);
  assert.match(reasonOf(rule(', path: x')), /some-rule: path needs scope: settings/);
  assert.match(reasonOf(rule('').replace('[abcd]', '[ab]')), /keyword "ab" is shorter than 4/);
  assert.match(reasonOf(rule('').replace('abcd\\d', '(?<=x)y')), /some-rule: error parsing regexp/);
  assert.match(reasonOf(rule('').replace('0.5', '0.95')), /confidence/);
  assert.match(reasonOf('waterguard: 2\nrules: []'), /waterguard/);
  assert.match(reasonOf('{'), /./);
});

test('an alias bomb is refused', () => {
  const bomb = `waterguard: 1\na: &a [1,1,1,1,1,1,1,1,1,1]\n${'bcdefgh'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[index]}`).join()}]`)
    .join('\n')}\nrules: *h\n`;
  assert.equal(parse(bomb).rules.length, 0);
  assert.equal(parse(bomb).refused.length, 1);
});

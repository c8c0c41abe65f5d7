import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { parseGitleaksRules, wholeSelection } from './gitleaks.ts';
import { combine, parseSecretRules, shippedSecretRules } from './load.ts';
import type { SecretRule } from './rule.ts';
import { fillSample } from './samples.ts';
import { findSecrets } from './search.ts';

const parse = (text: string) => parseGitleaksRules({ origin: 'a.toml', namespace: 'a', text });

const names = z.record(z.string(), z.unknown());

const matches = (rule: SecretRule | undefined, sample: string, path = ''): boolean => {
  assert.ok(rule !== undefined);
  const bytes = Buffer.from(fillSample(sample), 'latin1');
  return findSecrets(bytes, [rule], () => [0], path, { check() {} }).length > 0;
};

test('a rule with a fault is refused by name and the others are used', () => {
  const { rules, refused } = parse(`
[[rules]]
id = "good"
regex = '''good_[a-z0-9]{20}'''
keywords = ["good_"]
[[rules]]
id = "lookahead"
regex = '''(?=x)y'''
keywords = ["yyyy"]
[[rules]]
id = "no-keyword"
regex = '''y+'''
[[rules]]
id = 7
[[rules]]
id = "path-alone"
path = '''\\.p12$'''
`);
  assert.deepEqual(
    rules.map(({ id }) => id),
    ['good'],
  );
  assert.deepEqual(
    refused.map(({ rule }) => rule),
    ['lookahead', 'no-keyword', 'number 4', 'path-alone'],
  );
});

test('text that is no TOML is one refusal, not a crash', () => {
  const { rules, refused } = parse('[[rules]\nid = ');
  assert.equal(rules.length, 0);
  assert.equal(refused.length, 1);
});

test('the shape decides where a rule runs: a prefix everywhere, an assignment or a short word in settings', () => {
  const { rules } = parse(`
[[rules]]
id = "prefix"
regex = '''abcd_[a-z0-9]{20}'''
keywords = ["abcd_"]
[[rules]]
id = "assignment"
regex = '''(?i)[\\w.-]{0,50}?(?:dropbox)(?:[ \\t\\w.-]{0,20})=([a-z0-9]{15})'''
keywords = ["dropbox"]
[[rules]]
id = "short"
regex = '''hf_[a-z]{34}'''
keywords = ["hf_"]
`);
  assert.deepEqual(
    rules.map(({ scope }) => scope),
    ['anywhere', 'settings', 'settings'],
  );
});

test('a keyword is searched for exactly where the regex spells it, else without regard to case', () => {
  const { rules } = parse(`
[[rules]]
id = "exact"
regex = '''LTAI(?i)[a-z0-9]{20}'''
keywords = ["ltai"]
[[rules]]
id = "nocase"
regex = '''(?i)abcd_[a-z0-9]{20}'''
keywords = ["abcd_"]
`);
  assert.deepEqual(rules[0]?.keywords, [{ text: 'LTAI', nocase: false }]);
  assert.deepEqual(rules[1]?.keywords, [{ text: 'abcd_', nocase: true }]);
});

test('allow-lists apply by secret, match, line, stop word and path, each and all together', () => {
  const { rules } = parse(`
[allowlist]
regexes = ['''^0000''']
[[rules]]
id = "r"
regex = '''key_([a-z0-9]{16,24})'''
keywords = ["key_"]
[[rules.allowlists]]
stopwords = ["Harmless"]
[[rules.allowlists]]
regexTarget = "line"
regexes = ['''^#''']
[[rules.allowlists]]
condition = "AND"
paths = ['''\\.md$''']
regexes = ['''^9''']
`);
  const [rule] = rules;
  assert.ok(matches(rule, 'key_<lower:20>'));
  assert.ok(!matches(rule, 'key_0000<lower:16>'));
  assert.ok(!matches(rule, 'key_<lower:8>harmless<lower:4>'));
  assert.ok(!matches(rule, '# key_<lower:20>'));
  assert.ok(matches(rule, 'key_9<lower:19>', '/a.txt'));
  assert.ok(!matches(rule, 'key_9<lower:19>', '/a.md'));
});

test('entropy and secret group are those of the rule', () => {
  const { rules } = parse(`
[[rules]]
id = "r"
regex = '''(aaaa|bbbb)_([a-z0-9]{20})'''
keywords = ["aaaa_", "bbbb_"]
secretGroup = 2
entropy = 3
`);
  assert.ok(matches(rules[0], 'aaaa_<lower:20>'));
  assert.ok(!matches(rules[0], `aaaa_${'abcde'.repeat(4)}`));
});

test('the selection names only rules that are there, and all others of the shipped copy run', () => {
  const read = (name: string) =>
    readFileSync(new URL(`../../../rules/secrets/gitleaks/${name}`, import.meta.url), 'utf8');
  const ids = [...read('gitleaks.toml').matchAll(/^id = "([^"]+)"$/gm)].map(([, id]) => id ?? '');
  const { off, keywords, settings, severity } = z
    .object({ off: names, keywords: names, settings: z.array(z.string()), severity: names })
    .parse(parseYaml(read('selection.yaml')));
  for (const id of [off, keywords, severity].flatMap(Object.keys).concat(settings))
    assert.ok(ids.includes(id), id);
  const used = shippedSecretRules().rules.filter(({ source }) => source.author === 'gitleaks');
  assert.equal(used.length, ids.length - Object.keys(off).length);
  assert.equal(ids.length, 222);
});

test('of two rules with one id the later one counts', () => {
  const text = (word: string) =>
    `waterguard: 1\nrules: [{id: same-id, title: ${word}, severity: low, confidence: 0.5, regex: abcd, keywords: [abcd]}]`;
  const sets = ['one', 'two'].map((word) =>
    parseSecretRules({ origin: 'a.yaml', namespace: '', text: text(word) }),
  );
  assert.deepEqual(
    combine(sets).rules.map(({ title }) => title),
    ['two'],
  );
  assert.deepEqual(wholeSelection.off, {});
});

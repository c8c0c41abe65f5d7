import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { type RuleFiles, readRuleFiles } from './files.ts';
import { shippedRules } from './folders.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-files-'));
after(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

const read = (...folders: readonly string[]): RuleFiles =>
  readRuleFiles({ folders, shippedYara: false, shippedText: false });

const yara = 'rule a { condition: true }';
const text = 'waterguard: 1\nrules: []\n';

test('YARA and text rules are told from other YAML and TOML of a folder', () => {
  const path = folder('mixed', {
    'a.yar': yara,
    'a.samples.yaml': 'rules: {}',
    'ours.yaml': text,
    'forgotten.yml': 'rules: []',
    'workflow.yml': 'jobs: {}',
    'gitleaks.toml': '[[rules]]\nid = "x"\n',
    'pyproject.toml': '[project]\nrules = "no list"\n',
  });
  const files = read(path);
  const names = (all: readonly { readonly namespace: string }[]) => all.map((one) => one.namespace);
  assert.deepEqual(names(files.yara), ['mixed/a']);
  assert.deepEqual(names(files.text), ['mixed/forgotten', 'mixed/gitleaks', 'mixed/ours']);
});

test('a file named by itself is taken for rules whatever it holds, and counts once', () => {
  const path = folder('named', { 'any.yaml': 'jobs: {}', 'any.rules': yara });
  const yaml = join(path, 'any.yaml');
  assert.equal(read(yaml, yaml, path).text.length, 1);
  assert.equal(read(join(path, 'any.rules')).yara.length, 1);
});

test('the hash is that of the rules, the identity also that of names and licences', () => {
  const one = read(folder('one', { 'a.yar': yara, 'b.yaml': text }));
  const moved = read(folder('moved', { 'x.yar': yara, 'y.yaml': text }));
  assert.equal(one.hash, moved.hash);
  assert.notEqual(one.identity, moved.identity);
  const licensed = read(folder('licensed/one', { 'a.yar': yara, 'b.yaml': text, LICENSE: 'Some Licence' }));
  assert.equal(licensed.hash, one.hash);
  assert.notEqual(licensed.identity, one.identity);
  assert.equal(licensed.yara[0]?.licence, 'Some Licence');
  assert.notEqual(read(folder('other', { 'a.yar': yara, 'b.yaml': `${text}\n` })).hash, one.hash);
});

test('the shipped folder is shipped also where it is named', () => {
  const named = read(shippedRules);
  const shipped = readRuleFiles({ folders: [], shippedYara: true, shippedText: true });
  assert.equal(named.identity, shipped.identity);
  assert.equal(named.text.length, 0);
  assert.ok(named.yara.length > 10 && named.shippedText.length > 3);
});

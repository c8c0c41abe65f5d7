import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { engineAvailable } from './engine.ts';
import { loadRules } from './load.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-rules-'));
after(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

test('YARA files of a folder are found at any depth, other formats left to others', async () => {
  const path = folder('formats', {
    'a.yar': 'rule a { condition: true }',
    'sub/b.YARA': 'rule b { condition: true }',
    'c.yaml': 'rules: []',
    '.hidden/d.yar': 'rule d { condition: true }',
  });
  symlinkSync('/etc', join(path, 'link'));
  const { rules } = await loadRules([path]);
  assert.deepEqual(
    rules.map((rule) => [rule.namespace, rule.name]),
    [
      ['formats/a', 'a'],
      ['formats/sub/b', 'b'],
    ],
  );
});

test('the hash depends on the rules, not on their order or folder', async () => {
  const [a, b] = ['rule a { condition: true }', 'rule b { condition: true }'];
  const one = await loadRules([folder('hash1', { '1.yar': a, '2.yar': b })]);
  const other = await loadRules([folder('hash2', { 'x.yar': b, 'y.yar': a })]);
  const third = await loadRules([folder('hash3', { '1.yar': a })]);
  assert.match(one.hash, /^sha256:[0-9a-f]{64}$/);
  assert.equal(one.hash, other.hash);
  assert.notEqual(one.hash, third.hash);
});

test('rules are sorted by class and carry their helpers, which report only once', async () => {
  const path = folder('classes', {
    'r.yar': `rule helper { condition: filesize > 2 }
      private rule is_elf { condition: uint32(0) == 0x464c457f }
      rule program { condition: is_elf and helper }
      rule named { condition: helper and filename == "x" }`,
  });
  const { groups, rules } = await loadRules([path]);
  assert.deepEqual(Object.fromEntries(rules.map((rule) => [rule.name, rule.class])), {
    helper: 'any',
    is_elf: 'elf',
    program: 'elf',
    named: 'path',
  });
  const engine = engineAvailable();
  if ('missing' in engine) return;
  const content = groups.filter((one) => one.class !== 'path');
  const compiled = engine.compile(content.flatMap((one) => one.sources));
  assert.deepEqual(compiled.refused, []);
  const found = engine.load(compiled.bytes, 5_000).scan(Buffer.from('\x7fELF12'));
  assert.deepEqual(found.map((one) => one.rule).sort(), ['helper', 'program']);
});

test("the licence of a file's head, else of its folder, travels in the metadata", async () => {
  const path = folder('licences', {
    LICENSE: '# Detection Rule License (DRL) 1.1\n\ntext',
    'plain.yar': 'rule a { meta: author = "A" condition: true } rule bare { condition: true }',
    'own.yar': '/* Licence: BSD 2-Clause "x" */\nrule b { condition: true }',
    'meta.yar': 'rule c { meta: license = "MIT" condition: true }',
  });
  const { rules, groups } = await loadRules([path]);
  const licences = rules.map((rule) => [rule.name, rule.meta.waterguard_licence]);
  assert.deepEqual(Object.fromEntries(licences), {
    a: 'Detection Rule License (DRL) 1.1',
    bare: 'Detection Rule License (DRL) 1.1',
    b: 'BSD 2-Clause "x"',
    c: undefined,
  });
  const engine = engineAvailable();
  if (!('missing' in engine))
    assert.deepEqual(engine.compile(groups.flatMap((one) => one.sources)).refused, []);
});

test('two folders of the same name do not collide', async () => {
  const files = { 'r.yar': 'rule a { condition: true }' };
  const { rules } = await loadRules([folder('one/rules', files), folder('two/rules', files)]);
  assert.deepEqual(
    rules.map((rule) => rule.namespace),
    ['rules/r', 'rules/r~2'],
  );
});

test('includes, unfinished rules and outsized files are refused by name', async () => {
  const path = folder('refused', {
    'r.yar': 'include "x.yar"\nrule open { condition: (true\nrule good { condition: true }\n',
    'huge.yar': '',
  });
  truncateSync(join(path, 'huge.yar'), 17 * 1024 * 1024);
  const { rules, refused } = await loadRules([path]);
  assert.deepEqual(refused.map((one) => one.rule).sort(), ['(file)', '(include)', 'open']);
  assert.deepEqual(
    rules.map((rule) => rule.name),
    ['good'],
  );
});

test('a folder that is not there is a usage error that names it', async () => {
  await assert.rejects(loadRules([join(root, 'nonesuch')]), { code: 'usage', message: /nonesuch/ });
});

test('a file that is no text and has no rule is refused by name; one of comments alone is fine', async () => {
  const { refused } = await loadRules([
    folder('binary', { 'a.yar': '\x7f\0\0junk {', 'b.yar': '// to come\n' }),
  ]);
  assert.deepEqual(
    refused.map(({ origin, message }) => [origin.replace(/.*\//, ''), message]),
    [['a.yar', 'there is no rule in it, and it is no text']],
  );
});

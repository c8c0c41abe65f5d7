import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { categories, severities } from '../../model/terms.ts';
import { shippedSecretRules } from '../secrets/load.ts';
import { engineAvailable } from '../yara/engine.ts';
import { loadRules } from '../yara/load.ts';
import { addRules, updateRules } from './add.ts';
import { readRuleFiles } from './files.ts';
import { shippedRules, userRules } from './folders.ts';
import { listRules } from './list.ts';
import { contentOf, readSamples } from './sample.ts';
import { testRules } from './test-rules.ts';

const engine = engineAvailable();
const present: { skip: string | false } = { skip: 'missing' in engine ? engine.missing : false };
const root = mkdtempSync(join(tmpdir(), 'waterguard-add-'));
after(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(join(root, name), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, name, file), text);
  return join(root, name);
}

test('every shipped rule matches its samples and leaves the clean ones alone', present, async () => {
  const tested = await testRules();
  const failures = tested.filter((one) => !one.pass).map((one) => `${one.id}: ${one.failures.join('; ')}`);
  assert.deepEqual(failures, []);
  assert.ok(tested.length >= 100);
});

test('every shipped rule states a known category, a severity, a reference and techniques', async () => {
  const rules = (await loadRules([shippedRules])).rules.filter((rule) => !rule.private);
  const ids = new Set(rules.map((rule) => rule.meta.id));
  assert.equal(ids.size, rules.length, 'ids are unique');
  for (const { name, meta } of rules) {
    assert.equal(name, 'WG_' + String(meta.id).replaceAll('-', '_'));
    assert.ok(
      categories.some((one) => one === meta.category),
      name,
    );
    assert.ok(
      severities.some((one) => one === meta.severity),
      name,
    );
    assert.match(String(meta.reference), /^https:\/\//, name);
    assert.match(String(meta.attack), /^(T1\d{3}(\.\d{3})?(,T1\d{3}(\.\d{3})?)*)?$/, name);
    assert.ok(Number(meta.confidence) >= 30 && Number(meta.confidence) <= 100, name);
  }
});

test('a text by itself is at most strong', async () => {
  for (const { name, meta } of (await loadRules([shippedRules])).rules) {
    if (meta.subject === 'text') assert.ok(Number(meta.confidence) < 90, name);
  }
});

test('the shipped rules and samples do not match themselves', present, async () => {
  assert.ok(!('missing' in engine));
  const { groups } = await loadRules([shippedRules]);
  const content = groups.filter((one) => one.class !== 'path');
  const rules = engine.load(engine.compile(content.flatMap((one) => one.sources)).bytes, 5_000);
  for (const entry of readdirSync(shippedRules, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const found = rules.scan(readFileSync(join(entry.parentPath, entry.name)));
    assert.deepEqual(
      found.map((one) => one.rule),
      [],
      entry.name,
    );
  }
});

test('a rule without samples, with wrong samples or without its metadata fails', present, async () => {
  const path = folder('failing', {
    'a.yar': `rule lonely { strings: $a = "needle" condition: $a }
      rule wrong { strings: $a = "needle" condition: $a }
      rule right { strings: $a = "needle" condition: $a }
      rule poor { meta: author = "Waterguard" id = "poor" strings: $a = "needle" condition: $a }`,
    'a.samples.yaml': `
wrong: { match: [{ text: hay }], clean: [{ text: needle, note: obvious }] }
right: { match: [{ join: [nee, dle] }, { rot13: true, text: arrqyr }, { hex: 6e6565646c65 }], clean: [{ text: hay }] }
poor: { match: [{ text: needle }], clean: [{ text: hay }] }
gone: { match: [{ text: needle }], clean: [{ text: hay }] }
`,
  });
  const failures = Object.fromEntries(
    (await testRules(path)).map((one) => [one.id, one.failures.join('; ')]),
  );
  assert.match(failures.lonely ?? '', /no samples/);
  assert.match(failures.wrong ?? '', /does not match sample 1; matches the clean sample 1 \(obvious\)/);
  assert.equal(failures.right, '');
  assert.match(failures.poor ?? '', /lacks the metadata title/);
  assert.match(failures.gone ?? '', /no such rule/);
});

test('a sample file that is not one is named with what is wrong', async () => {
  const path = join(
    folder('bad', { 'x.samples.yaml': 'rule: { match: [{ txt: a }], clean: [] }' }),
    'x.samples.yaml',
  );
  await assert.rejects(readSamples(path), { code: 'usage', message: /x\.samples\.yaml/ });
});

test('an ELF sample begins with a header that readers accept', () => {
  const content = contentOf({ elf: true, strings: ['a', 'b'], size: 300 });
  assert.equal(content.readUInt32LE(0), 0x464c457f);
  assert.equal(content.length, 300);
  assert.equal(content.subarray(128, 132).toString('latin1'), 'a\0b\0');
});

test('the list names each rule as findings do, those of detectors as well', () => {
  const files = readRuleFiles({ folders: [], shippedYara: true, shippedText: true });
  const rules = listRules(files, {
    secrets: shippedSecretRules().rules,
    pathRules: false,
    accepted: 0,
    refused: [],
  });
  const eicar = rules.find((one) => one.rule === 'yara/eicar');
  assert.deepEqual(
    [eicar?.category, eicar?.severity, eicar?.confidence, eicar?.class],
    ['other', 'critical', 1, 'any'],
  );
  for (const rule of ['secrets/aws-key-pair', 'miner/config', 'network/mining-pool', 'names/typosquat']) {
    assert.ok(
      rules.some((one) => one.rule === rule),
      rule,
    );
  }
  assert.equal(new Set(rules.map((one) => one.rule)).size, rules.length, 'each once');
});

test('a refused rule is not listed', () => {
  const path = folder('refusing', {
    'r.yar': 'rule good { condition: true }\nrule bad { condition: nonesuch }',
  });
  const files = readRuleFiles({ folders: [path], shippedYara: false, shippedText: false });
  const refused = [{ origin: join(path, 'r.yar'), rule: 'bad', message: 'unknown' }];
  const names = listRules(files, { secrets: [], pathRules: false, accepted: 1, refused })
    .filter((one) => one.kind === 'yara')
    .map((one) => one.rule);
  assert.deepEqual(names, ['yara/refusing/r/good']);
});

test(
  'a third-party folder is copied with its licence and a manifest that counts its rules',
  present,
  async () => {
    const from = folder('theirs', {
      'r.yar': 'rule good { condition: true }\nrule bad { condition: nonesuch }',
      'gitleaks.toml': 'title = "x"',
      LICENSE: 'Some Licence 1.0',
      'run.sh': 'echo',
    });
    const made = await addRules(from, join(root, 'user'), new Date(0));
    assert.deepEqual([made.name, made.origin, made.accepted, made.files], ['theirs', from, 1, 2]);
    assert.deepEqual([made.licence, made.addedAt], ['Some Licence 1.0', '1970-01-01T00:00:00.000Z']);
    assert.deepEqual(
      made.refused.map((one) => one.rule),
      ['bad'],
    );
    assert.equal(existsSync(join(root, 'user', 'theirs', 'run.sh')), false);
    assert.equal(existsSync(join(root, 'user', 'theirs', 'LICENSE')), true);
    await assert.rejects(addRules(from, join(root, 'user')), { code: 'usage', message: /update/ });

    writeFileSync(join(from, 'r.yar'), 'rule good { condition: true }\nrule second { condition: true }');
    const { updated } = await updateRules(join(root, 'user'));
    assert.equal(updated[0]?.accepted, 2);
    rmSync(from, { recursive: true });
    const { kept } = await updateRules(join(root, 'user'));
    assert.equal(kept[0]?.name, 'theirs');
    assert.equal((await loadRules([join(root, 'user')])).rules.length, 2);
  },
);

test('a folder without rules is refused', present, async () => {
  await assert.rejects(addRules(folder('empty', { 'readme.txt': 'x' }), join(root, 'user2')), {
    code: 'usage',
  });
  await assert.rejects(addRules(join(root, 'nonesuch'), join(root, 'user2')), { code: 'usage' });
});

test('where they cannot be written, that is said', present, async () => {
  const from = folder('fine', { 'r.yar': 'rule good { condition: true }' });
  const refused = { code: 'usage', message: /cannot be written/ };
  await assert.rejects(addRules(from, '/proc/nonesuch/deep'), refused);
  await assert.rejects(addRules(from, join(from, 'r.yar')), refused);
});

test("the user's rules lie in the data folder", () => {
  assert.equal(userRules({ XDG_DATA_HOME: '/data' }), '/data/waterguard/rules');
  assert.equal(
    userRules({ XDG_DATA_HOME: 'relative', HOME: '/home/x' }),
    '/home/x/.local/share/waterguard/rules',
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DetectedFinding, OpenFile } from '../detector.ts';
import type { RuleMatch } from '../rule-engine.ts';
import { yara, yaraPath } from './index.ts';

const ours = {
  id: 'sample-rule',
  title: 'Sample',
  category: 'ddos',
  severity: 'critical',
  confidence: 92,
  attack: 'T1498.001, T1071',
  subject: 'text',
  malware: true,
  proves: 'miner',
  author: 'Waterguard',
  licence: 'Apache-2.0',
  reference: 'https://example.test/',
};

function match(meta: RuleMatch['meta'], extra: Partial<RuleMatch> = {}): RuleMatch {
  return { rule: 'Rule_Name', namespace: 'folder/file', tags: [], meta, places: [], ...extra };
}

function inspect(one: RuleMatch, file: Partial<OpenFile> = {}): readonly DetectedFinding[] {
  const bytes = file.bytes ?? Buffer.from('0123456789');
  const open: OpenFile = {
    path: '',
    size: bytes.length,
    mode: 0,
    uid: 0,
    gid: 0,
    kind: 'elf',
    bytes,
    offset: 0,
    matches: [one],
    hits: () => [],
    ...file,
  };
  return yara.inspect(open, { check() {} }).findings;
}

test('two detectors differ in what they need', () => {
  assert.deepEqual(
    [yara.name, yara.needs, yaraPath.name, yaraPath.needs],
    ['yara', 'content', 'yara-path', 'path'],
  );
});

test('a rule of ours says itself what it means', () => {
  const [finding] = inspect(match(ours, { places: [{ pattern: '$a', offset: 2, length: 3 }] }), {
    offset: 100,
  });
  assert.deepEqual(finding, {
    rule: 'yara/sample-rule',
    title: 'Sample',
    category: 'ddos',
    severity: 'critical',
    confidence: 0.92,
    attack: ['T1498.001', 'T1071'],
    subject: 'text',
    malware: true,
    proves: 'miner',
    source: { author: 'Waterguard', licence: 'Apache-2.0', reference: 'https://example.test/' },
    offset: 102,
    length: 3,
    excerpt: '234',
  });
});

test('a third-party rule is strong malware of category other unless its words say more', () => {
  const [finding] = inspect(
    match({ author: 'Someone', description: 'Detects Foo', waterguard_licence: 'DRL 1.1' }),
  );
  assert.deepEqual(
    [finding?.rule, finding?.category, finding?.severity, finding?.confidence, finding?.malware],
    ['yara/folder/file/Rule_Name', 'other', 'high', 0.75, true],
  );
  assert.deepEqual(finding?.source, { author: 'Someone', licence: 'DRL 1.1' });
});

test("a third-party rule's words choose the category", () => {
  const categoryOf = (rule: string, description = '', tags: string[] = []) =>
    inspect(match({ description }, { rule, tags }))[0]?.category;
  assert.equal(categoryOf('CoinMiner_Strings'), 'cryptomining');
  assert.equal(categoryOf('Mirai_Botnet_Malware'), 'ddos');
  assert.equal(categoryOf('X', 'Detects a rootkit for Linux'), 'backdoor');
  assert.equal(categoryOf('X', '', ['webshell']), 'backdoor');
  assert.equal(categoryOf('HKTL_Something'), 'hacking');
  assert.equal(categoryOf('Determined_Operator', 'operations'), 'other');
});

test('a third-party score sets confidence and severity, and never makes a match conclusive', () => {
  const strength = (score: number) => {
    const [finding] = inspect(match({ score }));
    return [finding?.confidence, finding?.severity];
  };
  assert.deepEqual(strength(100), [0.85, 'high']);
  assert.deepEqual(strength(60), [0.6, 'medium']);
  assert.deepEqual(strength(40), [0.4, 'low']);
  assert.deepEqual(strength(-5), [0.75, 'high']);
});

test('a hunting rule is weak and no malware', () => {
  const [finding] = inspect(
    match({ description: 'Detects suspicious things', score: 80 }, { rule: 'SUSP_ELF' }),
  );
  assert.deepEqual([finding?.confidence, finding?.severity, finding?.malware], [0.4, 'low', undefined]);
});

test('technique ids are read from tags and metadata', () => {
  const [finding] = inspect(
    match({ mitre_att: 'T1496.001', note: 'AT1234B' }, { tags: ['attack_t1014', 'T1059'] }),
  );
  assert.deepEqual([...(finding?.attack ?? [])].sort(), ['T1014', 'T1059', 'T1496.001']);
});

test('the class mark of the namespace stays inside', () => {
  assert.equal(inspect(match({}, { namespace: 'a/b#elf' }))[0]?.rule, 'yara/a/b/Rule_Name');
});

test('excerpts are printable, short, and of the longest pattern', () => {
  const bytes = Buffer.concat([Buffer.from('ab\x1b[31m'), Buffer.alloc(1000, 0x41)]);
  const places = [
    { pattern: '$a', offset: 0, length: 2 },
    { pattern: '$b', offset: 2, length: 900 },
  ];
  const [finding] = inspect(match(ours, { places }), { bytes });
  assert.equal(finding?.offset, 2);
  assert.ok((finding?.excerpt.length ?? 0) <= 200);
  assert.ok(finding?.excerpt.startsWith('\\x1b[31mAAA'));
});

test('of a secret only its beginning is shown', () => {
  const places = [{ pattern: '$a', offset: 0, length: 10 }];
  const [finding] = inspect(match({ ...ours, subject: 'secret' }, { places }));
  assert.equal(finding?.excerpt, '0123');
});

test('a rule about a whole file says nothing in a window of a larger one', () => {
  const whole = match({ ...ours, whole_file: true });
  assert.equal(inspect(whole).length, 1);
  assert.equal(inspect(whole, { size: 5_000, offset: 4_990 }).length, 0);
});

test('hostile metadata are made printable', () => {
  const [finding] = inspect(match({ description: 'x\x1b]0;evil\x07', author: 'a\nb' }));
  assert.doesNotMatch(`${finding?.title}${finding?.source?.author}`, /[\x00-\x1f]/);
});

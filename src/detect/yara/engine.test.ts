import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxHits } from '../detector.ts';
import type { RuleEngine, RuleText } from '../rule-engine.ts';
import { engineAvailable, noVariables } from './engine.ts';

const engine = engineAvailable();
const present: { skip: string | false } = { skip: 'missing' in engine ? engine.missing : false };

function compile(...texts: string[]) {
  assert.ok(!('missing' in engine));
  return engine.compile(texts.map((text, index) => source(`file${index}`, text)));
}

function source(name: string, text: string): RuleText {
  return { origin: `${name}.yar`, namespace: name, text };
}

function scanner(compiled: { bytes: Buffer }, timeoutMs = 5_000) {
  return (engine as RuleEngine).load(compiled.bytes, timeoutMs);
}

function names(found: readonly { namespace: string; rule: string }[]): string[] {
  return found.map((one) => `${one.namespace}/${one.rule}`).sort();
}

test('without the binding the reason is told and nothing is thrown', () => {
  const missing = engineAvailable(() => {
    throw new Error('Cannot find module');
  });
  assert.ok('missing' in missing);
  assert.match(missing.missing, /@litko\/yara-x.*Cannot find module/);
});

test('a match tells rule, namespace, tags, metadata and places', present, () => {
  const compiled = compile('rule a : t { meta: x = 1 strings: $p = "abc" condition: $p }');
  assert.equal(compiled.accepted, 1);
  assert.deepEqual(scanner(compiled).scan(Buffer.from('zzabc')), [
    {
      rule: 'a',
      namespace: 'file0',
      tags: ['t'],
      meta: { x: 1 },
      places: [{ pattern: '$p', offset: 2, length: 3 }],
    },
  ]);
});

test('rules of the same name in two files live side by side', present, () => {
  const compiled = compile('rule a { condition: true }', 'rule a { condition: true }');
  assert.deepEqual(names(scanner(compiled).scan(Buffer.from(''))), ['file0/a', 'file1/a']);
});

test('a bad rule is refused by name with its reason, and the others stay', present, () => {
  const compiled = compile(
    `rule good { condition: true }
     rule unknown { condition: nonesuch }
     rule follows { condition: unknown }
     rule grammar { condition: tr ue }
     rule unused { strings: $a = "abc" condition: true }
     rule last { condition: good }`,
    'import "nonesuch"\nrule needs_module { condition: nonesuch.field == 1 }\nrule beside { condition: true }',
  );
  assert.deepEqual(names(scanner(compiled).scan(Buffer.from('x'))), [
    'file0/good',
    'file0/last',
    'file1/beside',
  ]);
  assert.deepEqual(compiled.refused.map((one) => `${one.origin}:${one.rule}`).sort(), [
    'file0.yar:follows',
    'file0.yar:grammar',
    'file0.yar:unknown',
    'file0.yar:unused',
    'file1.yar:needs_module',
  ]);
  assert.equal(compiled.accepted, 3);
  assert.match(compiled.refused.find((one) => one.rule === 'unknown')?.message ?? '', /nonesuch/);
});

test('global and private rules keep their effect beside a refused rule', present, () => {
  const compiled = compile(
    `global private rule long { condition: filesize > 3 }
     private rule helper { condition: true }
     rule bad { condition: nonesuch }
     rule good { condition: helper }`,
  );
  assert.deepEqual(names(scanner(compiled).scan(Buffer.from('1234'))), ['file0/good']);
  assert.deepEqual(scanner(compiled).scan(Buffer.from('12')), []);
});

test('an include is never opened', present, () => {
  const compiled = compile('include "/etc/passwd"\nrule a { condition: true }');
  assert.deepEqual(
    compiled.refused.map((one) => one.rule),
    ['(include)'],
  );
  assert.equal(compiled.accepted, 1);
});

test('expressions that only YARA 4 accepts are accepted', present, () => {
  const compiled = compile(String.raw`rule a { strings: $a = /fo\o{bar/ condition: $a }`);
  assert.deepEqual(names(scanner(compiled).scan(Buffer.from('foo{bar'))), ['file0/a']);
});

test('variables of one scan are gone in the next', present, () => {
  const rules = scanner(compile('rule named { condition: filename == "x" }'));
  assert.equal(rules.scan(Buffer.from(''), { ...noVariables, filename: 'x' }).length, 1);
  assert.equal(rules.scan(Buffer.from('')).length, 0);
});

test('an empty file and shared memory are scanned', present, () => {
  const rules = scanner(compile('rule small { condition: filesize < 20 }'));
  assert.equal(rules.scan(Buffer.alloc(0)).length, 1);
  assert.equal(rules.scan(Buffer.from(new SharedArrayBuffer(64), 8, 10)).length, 1);
});

test('places are capped per pattern', present, () => {
  const rules = scanner(compile('rule a { strings: $p = "abcd" condition: $p }'));
  assert.equal(rules.scan(Buffer.alloc(40_000, 'abcd'))[0]?.places.length, maxHits);
});

test('a rule that never ends is stopped and the scanner goes on', present, () => {
  const rules = scanner(
    compile(
      'rule slow { condition: filesize > 1 and for any i in (0..2000000000) : (i * i % 1000003 == 1000004) }',
    ),
    500,
  );
  assert.throws(() => rules.scan(Buffer.from('xx')), { code: 'limit' });
  assert.deepEqual(rules.scan(Buffer.from('')), []);
});

test('damaged compiled rules are refused before the engine reads them', present, () => {
  const { bytes } = compile('rule a { condition: true }');
  bytes.writeUInt8((bytes[60] ?? 0) ^ 0xff, 60);
  assert.throws(() => (engine as RuleEngine).load(bytes, 1_000), { code: 'engine' });
  assert.throws(() => (engine as RuleEngine).load(Buffer.alloc(3), 1_000), { code: 'engine' });
});

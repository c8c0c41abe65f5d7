import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import { assemble, metaOf, parseRules, section } from './source.ts';

test('braces and keywords inside strings, regular expressions, hexadecimal and comments mean nothing', () => {
  const { rules, broken } = parseRules(String.raw`
    // rule commented { condition: true }
    /* rule also_commented { condition: true } */
    rule one : first second {
      strings:
        $a = "} rule fake {" // }
        $b = /\/rule x {2,3}[}]/i
        $c = { 41 ( 42 | 43 ) [2-4] 44 }
        $d = "ends with \\"
      condition: any of them
    }
    private global rule two { condition: true }`);
  assert.deepEqual(broken, []);
  assert.deepEqual(
    rules.map((rule) => [rule.name, rule.tags, rule.private, rule.global]),
    [
      ['one', ['first', 'second'], false, false],
      ['two', [], true, true],
    ],
  );
});

test('a rule without an end is named and the next one survives', () => {
  const { rules, broken } = parseRules('rule open { condition: (true\nrule good { condition: true }\n');
  assert.deepEqual(
    broken.map((one) => one.rule),
    ['open'],
  );
  assert.deepEqual(
    rules.map((rule) => rule.name),
    ['good'],
  );
});

test('a rule declared twice is named and the first one kept', () => {
  const { rules, broken } = parseRules('rule a { condition: true } rule a { condition: false }');
  assert.equal(rules.length, 1);
  assert.match(broken[0]?.message ?? '', /twice/);
});

test('includes are listed and imports kept once', () => {
  const { includes, imports } = parseRules('import "elf"\nimport "elf"\ninclude "/etc/other.yar"\n');
  assert.deepEqual(includes, ['/etc/other.yar']);
  assert.deepEqual(imports, ['import "elf"']);
});

test('rules are put together with the imports that they use and no others', () => {
  const { rules, imports } = parseRules(
    'import "elf"\nimport "pe"\nrule a { condition: elf.type == elf.ET_EXEC }\n',
  );
  assert.equal(assemble(rules, imports).includes('import "elf"'), true);
  assert.equal(assemble(rules, imports).includes('import "pe"'), false);
});

test('metadata keep their types, and escapes are resolved', () => {
  const [rule] = parseRules(
    String.raw`rule a { meta: s = "x\"\x41\\" n = 12 m = -3 t = true f = false condition: true }`,
  ).rules;
  assert.ok(rule);
  assert.deepEqual(metaOf(rule), { s: 'x"A\\', n: 12, m: -3, t: true, f: false });
  assert.equal(section(rule, 'condition').length, 1);
});

test('hostile text is read in linear time', { timeout: 20_000 }, () => {
  const hostile = ['{'.repeat(100_000), 'rule a {\n'.repeat(30_000), 'rule a : ' + 'rule '.repeat(80_000)];
  const used = processorTime();
  for (const text of [...hostile, '/*'.repeat(100_000), '/a'.repeat(100_000), '"\\'.repeat(100_000)]) {
    parseRules(text);
  }
  assert.ok(used() < 8_000, 'quadratic parsing takes minutes');
});

test('a file with too many tokens is refused', () => {
  assert.throws(() => parseRules('{'.repeat(2_000_001)), { code: 'limit' });
});

test('a rule nested so deeply that it would crash the engine is refused by name', () => {
  for (const deep of ['not '.repeat(1_000), '-'.repeat(1_000), '('.repeat(1_000), 'not ('.repeat(150)]) {
    const { rules, broken } = parseRules(
      `rule deep { condition: ${deep} true }\nrule good { condition: true }`,
    );
    assert.equal(broken[0]?.message, 'is nested too deeply');
    assert.equal(rules[0]?.name, 'good');
  }
});

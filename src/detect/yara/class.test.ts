import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classesOf, helpersOf } from './class.ts';
import { parseRules } from './source.ts';

function classOf(condition: string, before = ''): string | undefined {
  const { rules } =
    parseRules(`${before} rule probe { strings: $a = "abc" $m = { 7f 45 4c 46 } $n = "\\x7fELF"
    $other = { 7f 45 4c 46 02 } condition: ${condition} }`);
  return classesOf(rules).get('probe');
}

test('a condition that demands the ELF magic makes an elf rule, however it is spelled', () => {
  for (const condition of [
    'uint32(0) == 0x464c457f and $a',
    'uint32(0)==0x464C457F and $a',
    '0x464c457f == uint32(0) and $a',
    '$a and (uint32be(0) == 0x7f454c46)',
    'uint32(0) == 1179403647 and ($a or filesize < 10)',
    '(uint16(0) == 0x457f and $a) or (uint32(0) == 0x464c457f and filesize < 3)',
    '$m at 0 and $a',
    '$n at 0',
    'elf.type == elf.ET_EXEC and $a',
    '((uint32(0x0) == 0x464c457f)) and for any i in (1..#a) : (@a[i] > 3)',
  ]) {
    assert.equal(classOf(condition), 'elf', condition);
  }
});

test('a condition that other files can meet makes an any rule', () => {
  for (const condition of [
    '$a',
    'uint32(0) == 0x464c457f or $a',
    'not uint32(0) == 0x464c457f',
    '$a and not (uint32(0) == 0x464c457f)',
    'uint32(4) == 0x464c457f and $a',
    'uint32(0) != 0x464c457f and $a',
    '$m and $a',
    '$m at 4 and $a',
    '$other at 0 and $a or $a',
    'for any i in (0..3) : (uint32(0) == 0x464c457f or i == 2)',
    'not elf.type == elf.ET_EXEC',
    'defined elf.type',
    'elf.number_of_sections',
    '(uint32(0) == 0x464c457f and $a) or (uint16(0) == 0x5a4d and $a)',
  ]) {
    assert.equal(classOf(condition), 'any', condition);
  }
});

test('a rule that reads an external variable is a path rule, also through a helper', () => {
  assert.equal(classOf('$a and filename == "x"'), 'path');
  assert.equal(classOf('uint32(0) == 0x464c457f and filepath contains "x"'), 'path');
  assert.equal(classOf('named and $a', 'private rule named { condition: owner == "root" }'), 'path');
  assert.equal(classOf('any of (na*)', 'rule named { condition: extension == ".so" }'), 'path');
  assert.equal(classOf('$a', 'global rule every { condition: filetype == "ELF" }'), 'path');
});

test('a rule is an elf rule through its helper or a global rule', () => {
  const isElf = 'condition: uint32(0) == 0x464c457f }';
  assert.equal(classOf('is_elf and $a', `private rule is_elf { ${isElf}`), 'elf');
  assert.equal(classOf('is_elf or $a', `private rule is_elf { ${isElf}`), 'any');
  assert.equal(classOf('$a', `global private rule only_elf { ${isElf}`), 'elf');
});

test('a variable of the same name in a module is not an external variable', () => {
  assert.equal(classOf('$a and thing.filename == "x"'), 'any');
});

test('helpers are followed through helpers, and a cycle ends', () => {
  const { rules } = parseRules(
    'rule a { condition: b } rule b { condition: c and a } rule c { condition: true }',
  );
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  assert.deepEqual([...helpersOf('a', byName)].sort(), ['b', 'c']);
  assert.equal(classesOf(rules).get('a'), 'any');
});

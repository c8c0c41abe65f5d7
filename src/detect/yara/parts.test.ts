import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allForms, elfForm } from '../form.ts';
import { differenceOf } from '../rules/part.ts';
import { parseYaraFiles } from './load.ts';

const parts = (text: string) =>
  parseYaraFiles([{ origin: 'a.yar', namespace: 'a', text, licence: undefined }]).parts;

const rule = (name: string, condition: string, word = 'word'): string =>
  `rule ${name} { strings: $a = "${word}" condition: ${condition} }`;

const one = rule('One', '$a');
const elf = rule('Elf', 'uint32(0) == 0x464c457f and $a');
const windows = rule('Windows', 'uint16(0) == 0x5a4d and $a');

test('a set is the same whatever the order, the blanks and the comments', () => {
  const before = parts(`${one}\n${elf}`);
  const after = parts(`// comment\n${elf}\n\n${one.replace('strings', '\n /* more */ strings')}`);
  assert.deepEqual(differenceOf(before, after), { forms: 0, wide: false });
});

test('a new rule reaches the forms of files that it can match', () => {
  assert.deepEqual(differenceOf(parts(one), parts(`${one}\n${elf}`)), { forms: elfForm, wide: false });
  const { forms } = differenceOf(parts(one), parts(`${one}\n${windows}`));
  assert.equal(forms & elfForm, 0);
  assert.equal(Math.log2(forms) % 1, 0);
  assert.equal(differenceOf(parts(elf), parts(`${elf}\n${one}`)).forms, allForms);
});

test('a rule that is gone, or says something else, reaches as far as it did', () => {
  assert.equal(differenceOf(parts(`${one}\n${elf}`), parts(one)).forms, elfForm);
  const changed = elf.replace('strings:', 'meta: severity = "high" strings:');
  assert.equal(differenceOf(parts(elf), parts(changed)).forms, elfForm);
});

test('a rule changes with those that it builds on', () => {
  const helper = (word: string) => `private ${rule('Helper', '$a', word)}`;
  const user = 'rule User { condition: Helper and uint32(0) == 0x464c457f }';
  const set = (word: string) => parts(`${helper(word)}\n${user}\n${one}`);
  assert.equal(differenceOf(set('first'), set('second')).forms, elfForm);
  assert.equal(set('first').length, 2);
});

test('a global rule is part of every rule of its file', () => {
  const filter = `global ${rule('Filter', 'filesize < 100')}`;
  assert.equal(differenceOf(parts(one), parts(`${filter}\n${one}`)).forms, allForms);
});

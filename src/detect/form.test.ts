import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allForms, elfForm, formOf, formsMeeting, noForms } from './form.ts';
import { kindOf } from './kind.ts';
import { all, always, any, type Need, never } from './need.ts';

function form(head: string): number {
  const bytes = Buffer.from(head, 'latin1');
  return formOf(bytes, kindOf(bytes));
}

const heads = {
  elf: '\x7fELF\x02\x01',
  script: '#!/bin/sh\n',
  text: 'pool = example\n',
  archive: '\x1f\x8b\x08\x00',
  binary: '\x00\x01\x02\x00',
  windows: 'MZ\x90\x00',
  'a text that begins like a program of Windows': 'MZ is a text',
};

const beginsWith = (text: string): Need => {
  const head = Buffer.alloc(4);
  head.write(text, 'latin1');
  return { kind: 'begins', value: head.readUInt32LE(), bytes: text.length as 1 | 2 | 4 };
};

const literal: Need = { kind: 'literal', number: 0, telling: 6 };

test('every file has one form, and those that begin alike have the same', () => {
  const found = Object.values(heads).map(form);
  for (const one of found) assert.equal(Math.log2(one) % 1, 0);
  assert.equal(new Set(found).size, 6);
  assert.equal(form(heads.windows), form('MZ is a text'));
  assert.equal(
    found.reduce((forms, one) => forms | one, noForms),
    allForms,
  );
});

test('a need is met by the forms of which a file may meet it', () => {
  const meeting: readonly (readonly [Need, readonly (keyof typeof heads)[]])[] = [
    [always, Object.keys(heads) as (keyof typeof heads)[]],
    [never, []],
    [literal, Object.keys(heads) as (keyof typeof heads)[]],
    [beginsWith('\x7fELF'), ['elf']],
    [beginsWith('MZ'), ['windows']],
    [beginsWith('#!'), ['script']],
    [all([beginsWith('MZ'), literal]), ['windows']],
    [any([beginsWith('MZ'), beginsWith('\x7fELF')]), ['windows', 'elf']],
    [all([beginsWith('MZ'), beginsWith('\x7fELF')]), []],
  ];
  for (const [need, expected] of meeting) {
    const forms = expected.reduce((found, one) => found | form(heads[one]), noForms);
    // A tar begins with any name, so that archives stay where nothing tells them apart.
    assert.equal(formsMeeting(need), forms, JSON.stringify(need));
  }
});

test('no file meets a need that its form cannot meet', () => {
  for (const text of [
    'M',
    'MZ',
    'PK\x03\x04',
    '\x7f',
    '\x7fE',
    '#',
    '#!',
    'tool',
    '\x00\x00',
    '\xcf\xfa\xed\xfe',
  ]) {
    const need = formsMeeting(beginsWith(text));
    for (const rest of ['', ' a text\n', '\x00\x01', 'ELF', 'LF\x02', '!/bin/sh', 'Z\x90\x00']) {
      const one = form(`${text}${rest}`);
      assert.notEqual(need & one, 0, JSON.stringify([text, rest]));
    }
  }
});

test('what only ELF files have is one form', () => {
  assert.equal(form(heads.elf), elfForm);
});

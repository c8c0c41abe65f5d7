import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { WaterguardError } from '../model/error.ts';
import { readIgnoreFile } from './ignore-file.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-ignore-'));
after(() => rmSync(root, { recursive: true }));

function read(yaml: string): ReturnType<typeof readIgnoreFile> {
  const path = join(root, 'ignore.yaml');
  writeFileSync(path, yaml);
  return readIgnoreFile(path);
}

describe('an ignore file', () => {
  it('is a list of entries with a reason and a last day', () => {
    assert.deepEqual(read('- {rule: a/b, path: /x/**, reason: ours, expires: 2027-01-31}'), [
      { rule: 'a/b', path: '/x/**', reason: 'ours', expires: '2027-01-31' },
    ]);
    assert.deepEqual(read('# nothing yet'), []);
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['has no reason', '- {rule: a, expires: 2027-01-31}', /: entry 1: reason is required: a text/],
    ['has an empty reason', "- {rule: a, reason: '', expires: 2027-01-31}", /: entry 1: reason is required/],
    ['has no last day', '- {rule: a, reason: x}', /: entry 1: expires is required: .* 2027-01-31$/],
    ['has no day of the calendar', '- {rule: a, reason: x, expires: soon}', /: entry 1: expires is required/],
    ['lacks both', '- {rule: a}', /entry 1: reason is required: [^;]*; entry 1: expires is required/],
    ['has neither rule nor id', '- {reason: x, expires: 2027-01-31}', /: entry 1: give either rule or id$/],
    ['has an unknown field', '- {rule: a, why: x, reason: x, expires: 2027-01-31}', /entry 1: .*"why"/],
    ['is a map', 'rule: a\nreason: x\nexpires: 2027-01-31', /: it is no list; begin each entry with a dash$/],
    ['has a list of texts', '- rule', /: entry 1: /],
    ['is no YAML', '- {rule: [', /^cannot read the ignore file [^\n]*$/],
  ];
  for (const [sentence, yaml, message] of wrong) {
    it(`that ${sentence} is refused with what to do`, () => {
      assert.throws(
        () => read(yaml),
        (error) => error instanceof WaterguardError && error.code === 'usage' && message.test(error.message),
      );
    });
  }

  it('counts entries from 1', () => {
    const good = '- {rule: a, reason: x, expires: 2027-01-31}';
    assert.throws(() => read(`${good}\n- {rule: b, reason: x}\n`), /entry 2: expires/);
  });
});

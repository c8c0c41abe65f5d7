import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import type { ChannelRule } from '../api/upkeep.ts';
import { matchesPattern, wants } from './match.ts';
import { type NoticeDraft, noticeOf } from './notice.ts';

const all: ChannelRule = { severity: 'info', categories: [], artifacts: [], digestMinutes: 0 };
const notice = (parts: Partial<NoticeDraft> = {}) =>
  noticeOf({
    key: 'k',
    at: new Date(0),
    type: 'finding.new',
    severity: 'high',
    categories: ['cryptomining'],
    reference: 'docker.io/acme/web:1',
    title: 't',
    ...parts,
  });

describe('a rule', () => {
  it('wants its severity and all above', () => {
    const wanted = (['info', 'low', 'medium', 'high', 'critical'] as const).filter((severity) =>
      wants({ ...all, severity: 'high' }, notice({ severity })),
    );
    assert.deepEqual(wanted, ['high', 'critical']);
  });

  it('wants any of its categories, and none but them', () => {
    const rule: ChannelRule = { ...all, categories: ['ddos', 'cryptomining'] };
    assert.equal(wants(rule, notice()), true);
    assert.equal(wants(rule, notice({ categories: ['backdoor'] })), false);
    assert.equal(wants(rule, notice({ categories: [] })), false);
    assert.equal(wants(all, notice({ categories: [] })), true);
  });

  it('wants artifacts that match one of its patterns', () => {
    const rule = { ...all, artifacts: ['ghcr.io/*', 'docker.io/acme/*'] };
    assert.equal(wants(rule, notice()), true);
    assert.equal(wants(rule, notice({ reference: 'docker.io/other/web:1' })), false);
    assert.equal(wants(rule, notice({ reference: undefined })), false);
    assert.equal(wants(all, notice({ reference: undefined })), true);
  });
});

describe('a pattern', () => {
  it('is the whole reference, with any characters in place of each *', () => {
    const cases: [string, string, boolean][] = [
      ['a/b:1', 'a/b:1', true],
      ['a/b', 'a/b:1', false],
      ['b:1', 'a/b:1', false],
      ['*', '', true],
      ['*', 'a/b:1', true],
      ['**', 'x', true],
      ['a/*', 'a/b/c:1', true],
      ['*:latest', 'a:latest', true],
      ['*:latest', 'a:latest2', false],
      ['a*a', 'a', false],
      ['a*a', 'aa', true],
      ['*/web*:*', 'r/acme/web-1:2', true],
      ['*ab*ab*', 'xabx', false],
      ['*a*bc', 'abc', true],
      ['ab*bc', 'abc', false],
      ['a.c', 'abc', false],
      ['[a]?', '[a]?', true],
    ];
    for (const [pattern, reference, expected] of cases) {
      assert.equal(matchesPattern(pattern, reference), expected, `${pattern} on ${reference}`);
    }
  });

  it('agrees with a regular expression on every short word', () => {
    const letters = ['', 'a', 'b', '*'];
    const words: string[] = [];
    for (let number = 0; number < 4 ** 5; number++) {
      words.push([0, 1, 2, 3, 4].map((place) => letters[Math.floor(number / 4 ** place) % 4]).join(''));
    }
    const plain = [...new Set(words.filter((word) => !word.includes('*')))];
    for (const pattern of new Set(words)) {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
      for (const word of plain) {
        assert.equal(matchesPattern(pattern, word), expression.test(word), `${pattern} on ${word}`);
      }
    }
  });

  it('takes no time on a reference that is made to cost much', () => {
    const used = processorTime();
    const hostile = 'a'.repeat(100_000);
    for (let round = 0; round < 20; round++) {
      assert.equal(matchesPattern(`${'*a'.repeat(140)}*b*`, hostile), false);
    }
    assert.ok(used() < 500);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ended } from '../../program.ts';
import { compile, ends, matches } from './pattern.ts';

describe('patterns', () => {
  it('match as POSIX and extglob say', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['a*c', 'abbc', true],
      ['a?c', 'ac', false],
      ['[!a-c]x', 'dx', true],
      ['[[:digit:]]*', '1a', true],
      ['[]a]', ']', true],
      ['[a', '[a', true],
      ['\\*', '*', true],
      ['\\*', 'x', false],
      ['+(ab|c)', 'abcab', true],
      ['!(foo)', 'foo', false],
      ['!(foo)', 'fool', true],
      ['@(a|b)?(c)*(d)', 'bdd', true],
      ['*.@(tar.gz|tgz)', 'x.tar.gz', true],
    ];
    for (const [pattern, text, wanted] of cases)
      assert.equal(matches(compile(pattern, true), text), wanted, `${pattern} ${text}`);
  });

  it('know all lengths that they match', () => {
    assert.deepEqual(ends(compile('a*b'), 'aabab'), [3, 5]);
  });

  it('take no longer than they may, however stars are put', () => {
    const begun = performance.now();
    const pattern = compile('*a'.repeat(50));
    try {
      assert.equal(matches(pattern, `${'a'.repeat(60_000)}b`), false);
    } catch (error) {
      assert.ok(error instanceof Ended);
    }
    assert.ok(performance.now() - begun < 250);
  });
});

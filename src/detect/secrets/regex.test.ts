import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { regexOf } from './regex.ts';

describe('a regex of a rule', () => {
  it('is compiled once, and forgotten when a thousand others came after it', () => {
    const first = regexOf('first');
    assert.equal(regexOf('first'), first);
    for (let other = 0; other < 1000; other++) regexOf(`other${other}`);
    assert.notEqual(regexOf('first'), first);
    assert.ok(regexOf('first').matches('first'));
  });

  it('is refused where it is too long or no regex', () => {
    assert.throws(() => regexOf('a'.repeat(10_001)), /longer than/);
    assert.throws(() => regexOf('a('));
  });
});

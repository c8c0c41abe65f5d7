import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfter } from './retry-after.ts';

test('reads Retry-After as seconds and as a date', () => {
  const now = Date.parse('2026-11-23T06:00:00Z');
  assert.equal(retryAfter('120', now), 120_000);
  assert.equal(retryAfter('Mon, 23 Nov 2026 06:00:30 GMT', now), 30_000);
  assert.equal(retryAfter('Mon, 23 Nov 2026 05:00:00 GMT', now), 0);
  // Docker Hub's API names the Unix time.
  assert.equal(retryAfter(`${now / 1000 + 20}`, now), 20_000);
  assert.equal(retryAfter(`${now / 1000 - 20}`, now), 0);
  for (const nonsense of [undefined, '', '-5', '1e9', 'soon', '99999999999999999999']) {
    assert.equal(retryAfter(nonsense, now), undefined, nonsense);
  }
});

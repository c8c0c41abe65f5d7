import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBufferPool } from './buffer-pool.ts';

test('memory is used again, the smallest block that is large enough first', () => {
  const pool = createBufferPool(10, 1000);
  const small = pool.take(5);
  const large = pool.take(25);
  assert.deepEqual([small.byteLength, large.byteLength], [10, 30]);
  pool.give(large);
  pool.give(small);
  assert.equal(pool.take(10), small);
  assert.equal(pool.take(11), large);
  assert.notEqual(pool.take(1), small);
});

test('what waits is bounded, and the oldest is freed first', () => {
  const pool = createBufferPool(10, 30);
  const blocks = [pool.take(10), pool.take(20), pool.take(10)];
  for (const one of blocks) pool.give(one);
  assert.deepEqual(
    blocks.map((one) => one.byteLength),
    [0, 20, 10],
  );
  pool.clear();
  assert.deepEqual(
    blocks.map((one) => one.byteLength),
    [0, 0, 0],
  );
});

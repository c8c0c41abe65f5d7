import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createTidy } from './tidy.ts';

const mebibyte = 1 << 20;

test('garbage goes when it is quiet, and not before', async () => {
  // Before its first turn the loop counts nothing.
  await wait(50);
  const tidy = createTidy();
  let garbage: unknown[] | undefined = Array.from({ length: 40 }, () => new Array(mebibyte / 8).fill(0));
  const held = process.memoryUsage().heapUsed;
  garbage = undefined;
  const until = performance.now() + 60;
  while (performance.now() < until);
  tidy();
  assert.ok(
    process.memoryUsage().heapUsed > held - 20 * mebibyte,
    `${garbage ?? 'garbage'} of who is at work stays`,
  );
  await wait(300);
  tidy();
  assert.ok(process.memoryUsage().heapUsed < held - 30 * mebibyte);
});

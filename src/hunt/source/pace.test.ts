import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPace } from './pace.ts';

test('runs no more at once than it may, in the order of asking', async () => {
  const pace = openPace(3);
  const order: number[] = [];
  let active = 0;
  let most = 0;
  const work = Array.from({ length: 20 }, (_, index) =>
    pace.run(async () => {
      order.push(index);
      most = Math.max(most, ++active);
      await new Promise((done) => setTimeout(done, 1));
      active -= 1;
    }),
  );
  await Promise.all(work);
  assert.equal(most, 3);
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
});

test('gives the place of a failure to the next', async () => {
  const pace = openPace(1);
  await assert.rejects(
    pace.run(() => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await pace.run(async () => 'yes'), 'yes');
});

test('halves once for one overload, however many answers complain, and rises again slowly', async () => {
  const pace = openPace(8);
  const releases: (() => void)[] = [];
  const held = Array.from({ length: 8 }, () =>
    pace.run(() => new Promise<void>((release) => void releases.push(release))),
  );
  await new Promise((done) => setImmediate(done));
  for (let answer = 0; answer < 8; answer++) pace.answered(429);
  assert.equal(pace.width, 4);
  pace.answered(503);
  assert.equal(pace.width, 2);
  for (const release of releases) release();
  await Promise.all(held);
  for (let answer = 0; answer < 7; answer++) pace.answered(200);
  assert.equal(pace.width, 2);
  for (let answer = 0; answer < 1000; answer++) pace.answered(200);
  assert.equal(pace.width, 8);
});

test('never stops altogether', () => {
  const pace = openPace(1);
  for (let answer = 0; answer < 10; answer++) pace.answered(429);
  assert.equal(pace.width, 1);
});

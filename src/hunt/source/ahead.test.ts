import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ahead } from './ahead.ts';

test('works on several at once and gives the results in order', async () => {
  let active = 0;
  let most = 0;
  const results = ahead(numbers(12), 4, async (number) => {
    most = Math.max(most, ++active);
    await later(number % 3 === 0 ? 8 : 1);
    active -= 1;
    return number * 2;
  });
  const all: number[] = [];
  for await (const one of results) all.push(one);
  assert.deepEqual(all, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
  assert.equal(most, 4);
});

test('gives what is ready while the source is still looking for more', async () => {
  async function* slow() {
    yield 1;
    await new Promise(() => {});
  }
  const results = ahead(slow(), 4, async (number) => number);
  assert.deepEqual(await results.next(), { done: false, value: 1 });
  await results.return(undefined);
});

test('begins no more than may wait for a slow consumer', async () => {
  let begun = 0;
  let taken = 0;
  const begin = async () => {
    begun += 1;
  };
  for await (const _ of ahead(numbers(1000), 5, begin)) {
    taken += 1;
    await later(1);
    assert.ok(begun - taken <= 5, `${begun - taken}`);
    if (taken === 20) break;
  }
});

test('a failure comes where its result would, and an early end leaves none behind', async () => {
  const seen: number[] = [];
  const failing = ahead(numbers(10), 4, async (number) => {
    if (number > 1) throw new Error(`at ${number}`);
    return number;
  });
  await assert.rejects(async () => {
    for await (const one of failing) seen.push(one);
  }, /at 2/);
  assert.deepEqual(seen, [0, 1]);
});

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number++) yield number;
}

function later(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createThrottle } from './throttle.ts';

const work = (ms: number) => () => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

describe('a throttle', () => {
  it('does the first work at once, and the next when nine times its duration has passed', async () => {
    const throttle = createThrottle();
    const begin = performance.now();
    assert.equal(throttle.inTurn(work(10)), undefined);
    let doneAt = 0;
    await throttle.inTurn(() => (doneAt = performance.now() - begin));
    assert.ok(doneAt >= 99, `${doneAt} ms`);
  });

  it('counts work that was not put off', async () => {
    const throttle = createThrottle();
    const begin = performance.now();
    throttle.now(work(5));
    throttle.now(work(5));
    await throttle.inTurn(() => {});
    assert.ok(performance.now() - begin >= 94);
  });
});

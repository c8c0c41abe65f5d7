import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ended } from '../../program.ts';
import { Life } from './life.ts';

test('whoever waits is told when the life ends, and what comes later is not waited for', async () => {
  const life = new Life();
  const waiting = life.race(new Promise(() => {}));
  life.end(143);
  await assert.rejects(waiting, (error) => error instanceof Ended && error.exitCode === 143);
});

test('what fails after the end of a life is nobody’s fault', async () => {
  const life = new Life();
  life.end(143);
  // A rejection that nobody handles would end the process.
  const failing = new Promise<void>((_, reject) => setTimeout(reject, 5, new Error('late')));
  assert.throws(() => life.race(failing), Ended);
  await new Promise((resolve) => setTimeout(resolve, 20));
});

test('a life within another ends with it', () => {
  const outer = new Life();
  const inner = new Life(outer);
  outer.end(129);
  assert.throws(() => inner.check(), Ended);
});

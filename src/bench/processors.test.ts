import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { processorsTogether } from './processors.ts';

test('processors together do more than nothing, and hardly more than as many alone', async () => {
  const together = await processorsTogether();
  assert.ok(together > 0 && together < availableParallelism() * 3, `${together}`);
});

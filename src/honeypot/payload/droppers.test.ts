import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePayload } from './decode.ts';
import { downloads } from './fixtures/downloads.ts';
import { recordedShapes } from './fixtures/recorded-shapes.ts';
import { stageScripts } from './fixtures/stage-scripts.ts';

for (const [what, droppers] of Object.entries({
  downloads,
  'recorded shapes': recordedShapes,
  'second stages': stageScripts,
})) {
  test(`all hosts of ${what} are found, and no others`, () => {
    for (const [text, hosts] of droppers)
      assert.deepEqual(decodePayload(text).hosts.toSorted(), [...new Set(hosts)].sort(), text);
  });
}

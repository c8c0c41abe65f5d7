/** A short run of the fuzz suite with a fixed seed. `npm run fuzz` is the whole, `.ci/run` has a longer one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { targets } from '../fuzz/list.ts';
import { makeInput } from '../fuzz/mutate.ts';
import { fuzzTarget } from '../fuzz/watch.ts';

const inputs = 500;

describe(`${inputs} hostile inputs`, { concurrency: 2 }, () => {
  for (const { name } of targets) {
    it(`neither break nor stall the target ${name}`, async () => {
      const result = await fuzzTarget(name, 1, inputs);
      const [first] = result.failures;
      const repeat = `npm run fuzz -- --seed 1 --only ${name} --from ${first?.index} --inputs 1`;
      assert.ok(first === undefined, `${result.failures.length} inputs fail; ${repeat}\n${first?.message}`);
      assert.equal(result.inputs, inputs);
    });
  }
});

describe('the fuzz suite', () => {
  it('makes the same input from the same seed, and other inputs from other seeds', () => {
    for (const target of targets) {
      const seeds = target.seeds();
      const inputs = (seed: number): Buffer[] =>
        Array.from({ length: 50 }, (_, at) => makeInput(target, seeds, seed, seeds.length + at));
      assert.deepEqual(inputs(7), inputs(7), target.name);
      assert.notDeepEqual(inputs(7), inputs(8), target.name);
    }
  });
});

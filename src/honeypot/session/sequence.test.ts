import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { add, countOf, emptySequence, has, mostHoles, rangesOf, type Sequence } from './sequence.ts';

const of = (...numbers: number[]): Sequence => add(emptySequence, rangesOf(numbers));

describe('numbers of a sensor’s start', () => {
  it('that come in their order leave nothing beyond', () => {
    assert.deepEqual(of(1, 2, 3), { contiguous: 3, highest: 3, beyond: [] });
    assert.deepEqual(add(of(1, 2), [[3, 500]]), { contiguous: 500, highest: 500, beyond: [] });
  });

  it('are known with their holes', () => {
    const sequence = of(1, 2, 5, 6, 9);
    assert.deepEqual(sequence, {
      contiguous: 2,
      highest: 9,
      beyond: [
        [5, 6],
        [9, 9],
      ],
    });
    const here = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((one) => has(sequence, one));
    assert.deepEqual(here, [1, 2, 5, 6, 9]);
    assert.equal(countOf(sequence), 5);
  });

  it('that fill a hole join what lies on both sides', () => {
    assert.deepEqual(add(of(1, 3, 5), [[4, 4]]), { contiguous: 1, highest: 5, beyond: [[3, 5]] });
    assert.deepEqual(add(of(1, 3, 5), [[2, 4]]), { contiguous: 5, highest: 5, beyond: [] });
  });

  it('may come in any order, and again', () => {
    const numbers = Array.from({ length: 200 }, (_, at) => ((at * 73) % 200) + 1);
    let sequence = emptySequence;
    for (const [at, one] of numbers.entries()) {
      assert.equal(has(sequence, one), false);
      sequence = add(sequence, [[one, one]]);
      assert.equal(has(sequence, one), true);
      assert.equal(countOf(sequence), at + 1);
      assert.deepEqual(add(sequence, [[one, one]]), sequence);
    }
    assert.deepEqual(sequence, { contiguous: 200, highest: 200, beyond: [] });
  });

  it('with more holes than are kept lose the oldest holes, and none of what is newer', () => {
    const odd = Array.from({ length: mostHoles + 10 }, (_, at) => 2 * at + 3);
    const sequence = of(...odd);
    assert.equal(sequence.beyond.length, mostHoles);
    assert.equal(sequence.contiguous, 21);
    assert.equal(has(sequence, 2), true, 'given up');
    assert.equal(has(sequence, 24), false);
    assert.equal(has(sequence, odd.at(-1)!), true);
  });
});

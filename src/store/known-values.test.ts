import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKnownValues } from './known-values.ts';

describe('values that are known', () => {
  it('are so for a while after they were written last, and until something fails', () => {
    let now = 0;
    const known = createKnownValues(() => now);
    known.add([['a', 1]]);
    known.add([['b', 2]]);
    now += 31 * 60_000;
    assert.deepEqual([known.get('a'), known.get('b'), known.get('c')], [1, 2, undefined]);
    known.add([['a', 1]]);
    now += 31 * 60_000;
    assert.deepEqual([known.get('a'), known.get('b')], [1, undefined]);
    known.forget();
    assert.equal(known.get('a'), undefined);
    known.add([['d', 4]]);
    now += 61 * 60_000;
    assert.equal(known.get('d'), undefined, 'also where nobody asked meanwhile');
  });

  it('are not more than fit, those first forgotten that were not written for long', () => {
    const known = createKnownValues(() => 0);
    known.add([['often', 0]]);
    for (let at = 1; at <= 100_000; at += 1) {
      known.add([[`${at}`, at]]);
      if (at % 1000 === 0) known.add([['often', 0]]);
    }
    assert.deepEqual([known.get('often'), known.get('100000'), known.get('1')], [0, 100_000, undefined]);
    let count = 0;
    for (let at = 1; at <= 100_000; at += 1) if (known.get(`${at}`) !== undefined) count += 1;
    assert.ok(count <= 30_000, `${count}`);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRecent } from './recent.ts';

describe('what was put lately', () => {
  it('is there for an age or two after it was put last, and until it is forgotten', () => {
    let now = 0;
    const recent = createRecent<string, number>({ most: 100, age: 30, now: () => now });
    recent.set('a', 1);
    recent.set('b', 2);
    now += 31;
    assert.deepEqual([recent.get('a'), recent.get('b'), recent.get('c')], [1, 2, undefined]);
    recent.set('a', 3);
    now += 31;
    assert.deepEqual([recent.get('a'), recent.get('b')], [3, undefined]);
    recent.delete('a');
    assert.equal(recent.get('a'), undefined);
    recent.set('a', 3);
    recent.forget();
    assert.equal(recent.get('a'), undefined);
    recent.set('d', 4);
    now += 61;
    assert.equal(recent.get('d'), undefined, 'also where nobody asked meanwhile');
  });

  it('is not more than fits, that first forgotten which was not put for long', () => {
    const recent = createRecent<string, number>({ most: 30_000, age: 1, now: () => 0 });
    recent.set('often', 0);
    for (let at = 1; at <= 100_000; at += 1) {
      recent.set(`${at}`, at);
      if (at % 1000 === 0) recent.set('often', 0);
    }
    assert.deepEqual([recent.get('often'), recent.get('100000'), recent.get('1')], [0, 100_000, undefined]);
    let count = 0;
    for (let at = 1; at <= 100_000; at += 1) if (recent.get(`${at}`) !== undefined) count += 1;
    assert.ok(count <= 30_000, `${count}`);
  });
});

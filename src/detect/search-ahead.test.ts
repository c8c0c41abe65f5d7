import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostPlaces } from './anchors.ts';
import type { Detector, FileKind } from './detector.ts';
import { createLiteralTable } from './literals/table.ts';
import { makePlan } from './plan.ts';
import { createSearcher } from './search.ts';
import { createAheadSearcher } from './search-ahead.ts';

const detector: Detector = {
  name: 'one',
  version: 1,
  needs: 'content',
  findings: [],
  anchors: { needle: { text: 'needle' }, elf: { text: 'symbol', kinds: ['elf'] } },
  wants: () => true,
  inspect: () => ({ findings: [], observables: [] }),
};
const plan = makePlan([detector], { groups: [], literals: createLiteralTable() }, undefined);

/** Where each anchor stands, with the search done ahead and with it done in one go. */
function both(bytes: Buffer, kind: FileKind) {
  const found: number[] = [];
  ahead.search(bytes, kind, found);
  return [Uint32Array.from(found), undefined].map((places) => {
    const { hits } = createSearcher(plan, undefined, 1000).search(bytes, kind, places);
    return ['needle', 'elf'].map((anchor) => hits.of('one', anchor));
  });
}
const ahead = createAheadSearcher(plan);

test('what is searched ahead is what a searcher finds itself', () => {
  const bytes = Buffer.from('hay needle symbol needle');
  assert.deepEqual(both(bytes, 'text'), [
    [[4, 18], []],
    [[4, 18], []],
  ]);
  assert.deepEqual(both(bytes, 'elf'), [
    [[4, 18], [11]],
    [[4, 18], [11]],
  ]);
  assert.deepEqual(both(Buffer.from('hay'), 'text'), [
    [[], []],
    [[], []],
  ]);
});

test('a file full of one literal gives so many places and no more, and so does the next', () => {
  const bytes = Buffer.alloc(6 * (mostPlaces + 5), 'needle');
  for (let time = 0; time < 2; time++) {
    const found: number[] = [];
    ahead.search(bytes, 'binary', found);
    assert.equal(found.length, 2 * mostPlaces);
    const [[first], [second]] = both(bytes, 'binary') as [[number[]], [number[]]];
    assert.deepEqual(first, second);
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SortedSet } from '../sorted-set.ts';
import { bitsOf, cellOf, maxStep, neighbourOf, positionOf } from './cell.ts';
import { distance } from './distance.ts';
import { search } from './search.ts';

const palermo = { longitude: 13.361389, latitude: 38.115556 };
const catania = { longitude: 15.087269, latitude: 37.502669 };
/** As redis-server 7.0.15 has them (26 November 2026). */
const scores = { palermo: 3479099956230698, catania: 3479447370796909 };

describe('places on the Earth', () => {
  it('have the scores of Redis, and come back from them', () => {
    assert.equal(bitsOf(cellOf(palermo, maxStep)), scores.palermo);
    assert.equal(bitsOf(cellOf(catania, maxStep)), scores.catania);
    const back = positionOf(scores.palermo);
    assert.equal(back.longitude.toFixed(17), '13.36138933897018433');
    assert.equal(back.latitude.toFixed(17), '38.11555639549629859');
  });

  it('are as far from each other as Redis says', () => {
    const far = distance(positionOf(scores.palermo), positionOf(scores.catania));
    assert.equal(far.toFixed(4), '166274.1516');
  });

  it('have neighbours beyond the end of the world', () => {
    assert.deepEqual(neighbourOf({ step: 2, column: 0, row: 3 }, -1, 1), { step: 2, column: 3, row: 0 });
  });

  it('are found in circles and boxes, and only so many where that is enough', () => {
    const set = new SortedSet(Object.entries(scores));
    const centre = { longitude: 15, latitude: 37 };
    const names = (shape: Parameters<typeof search>[1], enough?: number): string[] =>
      search(set.all, shape, enough).map(({ member }) => member);
    assert.deepEqual(names({ kind: 'circle', centre, radius: 200_000 }).sort(), ['catania', 'palermo']);
    assert.deepEqual(names({ kind: 'circle', centre, radius: 100_000 }), ['catania']);
    assert.equal(names({ kind: 'circle', centre, radius: 200_000 }, 1).length, 1);
    assert.deepEqual(names({ kind: 'box', centre, width: 400_000, height: 150_000 }), ['catania']);
    assert.equal(names({ kind: 'circle', centre, radius: 30_000_000 }).length, 2);
  });
});

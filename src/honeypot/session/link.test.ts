import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type LastSeen, linkSightings, mostSources, type Sighting } from './link.ts';

const minute = 60_000;

function sighting(session: number, src: string, at: number, key = 'mark'): Sighting {
  return { key, reason: 'same ja4 and url', session, src, at: at * minute };
}

/** From the minute 0 on. */
function seen(session: number, src: string, last: number, sources = 1): ReadonlyMap<string, LastSeen> {
  return new Map([['mark', { session, src, sources, firstAt: 0, lastAt: last * minute }]]);
}

describe('a mark', () => {
  it('links the session of another address to the one that had it last', () => {
    const { links, marks } = linkSightings([sighting(2, 'b', 20)], seen(1, 'a', 0));
    assert.deepEqual(links, [{ session: 2, earlier: 1, reason: 'same ja4 and url' }]);
    const at = 20 * minute;
    assert.deepEqual(marks.get('mark'), { session: 2, src: 'b', sources: 2, firstAt: at, lastAt: at });
  });

  it('links nothing once the other has been away for a pause, and begins anew', () => {
    const { links, marks } = linkSightings([sighting(2, 'b', 121)], seen(1, 'a', 90, 5));
    assert.deepEqual(links, []);
    assert.equal(marks.get('mark')?.sources, 1);
    assert.equal(linkSightings([sighting(2, 'b', 120)], seen(1, 'a', 90, 5)).links.length, 1);
  });

  it('links sessions of one delivery in their order, and each pair once', () => {
    const some = [sighting(1, 'a', 0), sighting(2, 'b', 1), sighting(3, 'c', 2), sighting(2, 'b', 3)];
    const { links } = linkSightings(some, new Map());
    assert.deepEqual(
      links.map((one) => [one.session, one.earlier]),
      [
        [2, 1],
        [3, 2],
        [2, 3],
      ],
    );
  });

  it('links nothing of the same address, which is the same source anyway', () => {
    assert.deepEqual(linkSightings([sighting(2, 'a', 5)], seen(1, 'a', 0)).links, []);
  });

  it('that many sources have is a tool that they have in common, and links no more', () => {
    const some = Array.from({ length: 20 }, (_, index) => sighting(index, `source ${index}`, index));
    const { links, marks } = linkSightings(some, new Map());
    assert.equal(links.length, mostSources - 1);
    const next = linkSightings([sighting(99, 'next', 21)], marks);
    assert.deepEqual(next.links, []);
  });

  it('that comes late does not move what is known of it back', () => {
    const { marks } = linkSightings([sighting(2, 'b', -40)], seen(1, 'a', 0));
    assert.equal(marks.size, 0);
  });
});

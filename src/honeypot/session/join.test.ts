import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinSessions, longestSession, pause } from './join.ts';

const minute = 60_000;
const start = Date.UTC(2026, 10, 26, 12);
const at = (...minutes: number[]) => minutes.map((one) => ({ at: start + one * minute }));
const span = (first: number, last: number) => ({
  firstAt: start + first * minute,
  lastAt: start + last * minute,
});

/** The minutes of each session, and whether it was known. */
function joined(minutes: number[], known: { firstAt: number; lastAt: number }[] = []) {
  return joinSessions(at(...minutes), known).map((one) => [
    one.known === undefined ? 'new' : known.indexOf(one.known),
    one.events.map((event) => (event.at - start) / minute),
  ]);
}

describe('events of one source', () => {
  it('are one session for as long as no pause between them is longer than half an hour', () => {
    assert.equal(pause, 30 * minute);
    assert.deepEqual(joined([0, 29, 58, 88]), [['new', [0, 29, 58, 88]]]);
    assert.deepEqual(joined([0, 30, 61]), [
      ['new', [0, 30]],
      ['new', [61]],
    ]);
  });

  it('are put in the order of their times first', () => {
    assert.deepEqual(joined([50, 0, 25]), [['new', [0, 25, 50]]]);
  });

  it('go on with a session that is known, whatever start of the sensor it is from', () => {
    assert.deepEqual(joined([30, 60], [span(0, 10)]), [[0, [30, 60]]]);
    assert.deepEqual(joined([41], [span(0, 10)]), [['new', [41]]]);
  });

  it('that come late go to the session that they fall into or are nearest to', () => {
    const known = [span(0, 10), span(60, 100), span(200, 201)];
    assert.deepEqual(joined([70], known), [[1, [70]]]);
    assert.deepEqual(joined([36], known), [[1, [36]]]);
    assert.deepEqual(joined([34], known), [[0, [34]]]);
    assert.deepEqual(joined([-31], known), [['new', [-31]]]);
  });

  it('begin another session once one has lasted a day, though there is no pause', () => {
    const all = Array.from({ length: 100 }, (_, index) => index * 20);
    const sessions = joined(all);
    assert.equal(longestSession, 1440 * minute);
    assert.deepEqual(
      sessions.map(([, events]) => (events as number[]).length),
      [73, 27],
    );
  });

  it('leave alone what was handed in', () => {
    const known = [span(0, 10)];
    joined([20], known);
    assert.deepEqual(known, [span(0, 10)]);
  });
});

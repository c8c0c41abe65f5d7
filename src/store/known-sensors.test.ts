import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptySequence } from '../honeypot/session/sequence.ts';
import { draftOf, summaryOf } from '../honeypot/session/summary.ts';
import type { ChangedSession } from './event-sessions.ts';
import { createKnownSensors, type Left } from './known-sensors.ts';
import type { DeliveringSensor } from './sensor-boots.ts';

const boot = { id: 3, boot: 'a start', sequence: emptySequence };
const src = '203.0.113.1';
const starts = (...boots: string[]) => ({ sensor: 7, boots: new Set(boots), receivedAt: new Date(0) });

function sensor(batches: number): DeliveringSensor {
  return { id: 7, name: 'seven', batches, boots: new Map([[boot.boot, boot]]) };
}

function session(id: number, lastAt: number): ChangedSession {
  const summary = summaryOf(draftOf());
  return {
    id,
    sensor: 7,
    src,
    firstAt: lastAt - 1,
    lastAt,
    summary,
    seen: '',
    location: {},
    seenNow: '',
  };
}

function left(batches: number, changes: Partial<Left> = {}): Left {
  const past = { from: 1000, sessions: [] };
  return {
    sensor: sensor(batches),
    boots: [boot],
    pasts: new Map([[src, past]]),
    sessions: [session(100, 5000)],
    marks: [],
    ...changes,
  };
}

describe('what is known of a sensor', () => {
  it('goes on from batch to batch, with the starts and sources that were in them', () => {
    const known = createKnownSensors();
    assert.equal(known.find(starts('a start')), undefined);
    known.wrote(left(0));
    assert.equal(known.find(starts('a start')), undefined, 'nobody read it');
    known.keep(sensor(0));
    known.wrote(left(0));
    assert.equal(known.find(starts('a start'))?.batches, 1);
    assert.equal(known.find(starts('a start', 'another')), undefined);
    assert.deepEqual(
      known.pastOf(7, src, 1000)?.sessions.map((one) => one.id),
      [100],
    );
    assert.equal(known.pastOf(7, src, 999), undefined, 'what ended before may be missing');
    assert.equal(known.pastOf(8, src, 1000), undefined);
    known.forget();
    assert.deepEqual([known.find(starts('a start')), known.pastOf(7, src, 1000)], [undefined, undefined]);
  });

  it('is nothing once another process wrote, nor for a while afterwards', () => {
    const known = createKnownSensors();
    known.keep(sensor(0));
    known.wrote(left(0));
    known.keep(sensor(2));
    known.wrote(left(2));
    assert.deepEqual([known.find(starts('a start')), known.pastOf(7, src, 1000)], [undefined, undefined]);
    known.keep(sensor(3));
    assert.equal(known.find(starts('a start')), undefined);
  });

  it('begins anew once it was forgotten, also of a sensor that another process wrote', () => {
    const known = createKnownSensors();
    known.keep(sensor(0));
    known.keep(sensor(2));
    known.forget();
    known.keep(sensor(3));
    assert.equal(known.find(starts('a start'))?.batches, 3);
    known.wrote(left(3));
    assert.equal(known.find(starts('a start'))?.batches, 4);
    known.keep(sensor(6));
    assert.equal(known.find(starts('a start')), undefined, 'another process wrote again');
  });

  it('is of a source its last sessions, and says from when on these are all', () => {
    const known = createKnownSensors();
    known.keep(sensor(0));
    const sessions = [9000, 3000, 7000, 1500, 5000, 2500].map((lastAt, at) => session(100 + at, lastAt));
    known.wrote(left(0, { sessions }));
    assert.deepEqual(
      known.pastOf(7, src, 2501)?.sessions.map((one) => one.lastAt),
      [9000, 3000, 7000, 5000],
    );
    assert.equal(known.pastOf(7, src, 2500), undefined);
    known.wrote(left(1, { pasts: new Map([[src, { from: undefined, sessions: [] }]]) }));
    assert.equal(known.pastOf(7, src, 9999), undefined, 'later ones may be missing');
  });

  it('is of a mark whose it was last, and how long that lasted by now', () => {
    const known = createKnownSensors();
    known.keep(sensor(0));
    const mark = { sensor: 7, key: 'a mark', session: 100, src, sources: 2, firstAt: 4999, lastAt: 5000 };
    known.wrote(left(0, { marks: [mark] }));
    known.wrote(left(1, { sessions: [session(100, 8000)] }));
    const { session: id, sources, lastAt } = known.lastSeen(7, 'a mark')!;
    assert.deepEqual([id, sources, lastAt], [100, 2, 8000]);
    assert.equal(known.lastSeen(7, 'another'), undefined);
  });
});

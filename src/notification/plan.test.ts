import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noticeOf } from './notice.ts';
import { deliveryId, largestDelivery, nextTry, planDeliveries } from './plan.ts';

const minute = 60_000;
const hour = 60 * minute;
const notice = (key: string, at: number) =>
  noticeOf({ key, at: new Date(at), type: 'finding.new', severity: 'high', title: key });
const keysOf = (plan: ReturnType<typeof planDeliveries>) =>
  plan.due.map((one) => one.notices.map((each) => each.key));

describe('a plan', () => {
  it('without a digest tells each notice by itself, at once, the oldest first', () => {
    const plan = planDeliveries(1, { digestMinutes: 0 }, [notice('b', 2), notice('a', 1), notice('a', 1)], 5);
    assert.deepEqual(keysOf(plan), [['a'], ['b']]);
    assert.equal(plan.nextAt, undefined);
  });

  it('with a digest waits for the end of the window and puts together what lies in it', () => {
    const waiting = [
      notice('c', hour + minute),
      notice('b', hour - 1),
      notice('a', minute),
      notice('d', 3 * hour),
    ];
    const at = (now: number) => planDeliveries(1, { digestMinutes: 60 }, waiting, now);
    assert.deepEqual([keysOf(at(hour - 1)), at(hour - 1).nextAt], [[], hour]);
    assert.deepEqual([keysOf(at(hour)), at(hour).nextAt], [[['a', 'b']], 2 * hour]);
    assert.deepEqual([keysOf(at(9 * hour)), at(9 * hour).nextAt], [[['a', 'b'], ['c'], ['d']], undefined]);
  });

  it('is the same for every worker, whenever it is made and in whichever order notices come', () => {
    const waiting = [notice('a', minute), notice('b', 2 * minute), notice('c', 61 * minute)];
    const ids = (now: number, notices = waiting) =>
      planDeliveries(1, { digestMinutes: 60 }, notices, now).due.map((one) => one.id);
    assert.deepEqual(ids(hour), ids(hour + 59 * minute, waiting.toReversed()));
    assert.equal(ids(5 * hour)[0], ids(hour)[0]);
  });

  it('sends a long digest in parts, without loss and without repetition', () => {
    const waiting = Array.from({ length: 1201 }, (_, number) => notice(`k${number}`, number));
    const plan = planDeliveries(1, { digestMinutes: 60 }, waiting, hour);
    assert.deepEqual(
      plan.due.map((one) => one.notices.length),
      [largestDelivery, largestDelivery, 201],
    );
    assert.equal(new Set(keysOf(plan).flat()).size, 1201);
    assert.equal(new Set(plan.due.map((one) => one.id)).size, 3);
  });
});

describe('the id of a delivery', () => {
  it('follows from channel and keys, in any order', () => {
    assert.match(deliveryId(1, ['a']), /^wg_[0-9a-f]{32}$/);
    assert.equal(deliveryId(1, ['a', 'b']), deliveryId(1, ['b', 'a']));
    const ids = [
      deliveryId(1, ['a', 'b']),
      deliveryId(2, ['a', 'b']),
      deliveryId(1, ['a']),
      deliveryId(1, ['ab']),
    ];
    assert.equal(new Set(ids).size, 4);
  });
});

describe('the next try', () => {
  it('comes later each time, and not at all after three days', () => {
    const waits: number[] = [];
    let now = 0;
    for (let tried = 1; ; tried++) {
      const next = nextTry('wg_1', tried, now);
      if (next === undefined) break;
      waits.push(next - now);
      now = next;
    }
    assert.equal(waits.length, 9);
    assert.deepEqual(
      waits,
      waits.toSorted((a, b) => a - b),
    );
    assert.ok(now > 75 * hour && now < 84 * hour, `${now / hour}`);
    assert.ok((waits[0] ?? 0) >= 5000 && (waits[0] ?? 0) <= 5500);
  });

  it('is not before the receiver wants it, and not after a day', () => {
    assert.equal(nextTry('wg_1', 1, 100, 120_000), 120_100);
    assert.equal(nextTry('wg_1', 1, 0, 1e12), 24 * hour);
  });

  it('differs between deliveries that failed together', () => {
    const times = Array.from({ length: 20 }, (_, number) => nextTry(`wg_${number}`, 2, 0));
    assert.ok(new Set(times).size > 10);
  });
});

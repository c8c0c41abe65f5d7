import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGate, neighbourhoodOf } from './gate.ts';

const limits = { all: 1000, perSource: 3, perNeighbourhood: 5, burst: 100, perSecond: 10 };

test('one source holds so many connections at once, its neighbours so many together', () => {
  const gate = createGate(limits);
  for (let n = 0; n < 3; n += 1) assert.ok(gate.enter('192.0.2.1'));
  assert.equal(gate.enter('192.0.2.1'), false);
  assert.ok(gate.enter('192.0.2.2') && gate.enter('192.0.2.3'));
  assert.equal(gate.enter('192.0.2.4'), false, 'the neighbourhood is full');
  assert.ok(gate.enter('198.51.100.1'));
  gate.leave('192.0.2.1');
  assert.ok(gate.enter('192.0.2.4'));
});

test('all together hold so many', () => {
  const gate = createGate({ ...limits, all: 2 });
  assert.ok(gate.enter('127.0.0.1') && gate.enter('192.0.2.1'));
  assert.equal(gate.enter('198.51.100.1'), false);
  assert.equal(gate.open, 2);
});

test('a source may come often, and then as often as time passes', () => {
  let now = 0;
  const gate = createGate({ ...limits, burst: 5, perSecond: 2 }, () => now);
  const come = (): boolean => {
    const isIn = gate.enter('192.0.2.1');
    if (isIn) gate.leave('192.0.2.1');
    return isIn;
  };
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(come), [true, true, true, true, true, false]);
  now = 1000;
  assert.deepEqual([1, 2, 3].map(come), [true, true, false]);
});

test('loopback is the operator, and meets the global bound alone', () => {
  const gate = createGate(limits);
  for (let n = 0; n < 500; n += 1) assert.ok(gate.enter('127.0.0.1'));
});

test('neighbours are a /24, or the /48 of one customer', () => {
  assert.equal(neighbourhoodOf('192.0.2.77'), '192.0.2');
  assert.equal(neighbourhoodOf('2001:db8:1:2::3'), '2001:db8:1');
  assert.equal(neighbourhoodOf('2001:db8::3'), '2001:db8:0');
  assert.equal(neighbourhoodOf('::ffff'), '0:0:0');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSince } from './hunt.ts';

test('a time is a day that there is, with or without an hour', () => {
  for (const [text, time] of [
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2024-02-29T12:00Z', '2024-02-29T12:00:00.000Z'],
    ['2026-03-01T00:30:00+02:00', '2026-02-28T22:30:00.000Z'],
  ] as const)
    assert.equal(parseSince(text).toISOString(), time);
  for (const text of [
    '2026-02-30',
    '2026-02-30T12:00Z',
    '2026-11-31',
    '2026-13-01',
    '2026-11-01T12:00',
    'yesterday',
  ])
    assert.throws(() => parseSince(text), /give a date such as 2026-11-01/, text);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cursorOf, type Order, pageFrom, readCursor } from './page.ts';

const order: Order = { list: 'test', by: ['int', 'text', 'time', 'bigint', 'uuid', 'smallint'] };
const values = [
  -2_147_483_647,
  'a “text”',
  '2026-11-23T06:30:00.123Z',
  Number.MAX_SAFE_INTEGER,
  '0b1c2d3e-0000-4000-8000-00000000000f',
  -1,
];
const refused = { code: 'usage', message: /the cursor is none that this list gave/ };

describe('a cursor', () => {
  it('is read as it was written, and may stand in a URL', () => {
    const cursor = cursorOf(order, values);
    assert.match(cursor, /^[\w-]+$/);
    assert.deepEqual(readCursor(cursor, order), values);
    assert.equal(readCursor(undefined, order), undefined);
  });

  it('of another list is refused, also where it sorts by the same', () => {
    assert.throws(() => readCursor(cursorOf({ ...order, list: 'other' }, values), order), refused);
  });

  it('is refused where the database would refuse a value of it', () => {
    const wrong: Readonly<Record<number, readonly unknown[]>> = {
      0: [2 ** 31, 1.5, '1', null, 1e300, {}],
      1: [1, null, ['x']],
      2: ['', 'yesterday', '2026-13-01T00:00:00.000Z', '2026-11-23', 1, '2026-11-23T06:30:00.123Z; select 1'],
      3: [2 ** 53, '7', 0.1],
      4: ['', 'x', '0b1c2d3e-0000-4000-8000-00000000000', 4],
      5: [32_768, -32_768.5],
    };
    for (const [place, some] of Object.entries(wrong)) {
      for (const value of some) {
        const forged = cursorOf(order, values.with(Number(place), value as string));
        assert.throws(() => readCursor(forged, order), refused, JSON.stringify(value));
      }
    }
  });

  it('is refused where it is cut, longer, empty, or nothing at all', () => {
    const good = cursorOf(order, values);
    for (const cursor of [
      '',
      ' ',
      'x',
      '\0',
      good.slice(1),
      good.slice(0, -4),
      cursorOf(order, [...values, 1]),
    ]) {
      assert.throws(() => readCursor(cursor, order), refused, cursor);
    }
    for (const json of ['null', '{}', '"test"', '[]', '["test"]', '7', '[[]]']) {
      assert.throws(() => readCursor(Buffer.from(json).toString('base64url'), order), refused, json);
    }
  });
});

describe('a page', () => {
  const numbers: Order = { list: 'numbers', by: ['int'] };
  const page = (rows: readonly number[], limit: number) =>
    pageFrom(rows, limit, numbers, String, (row) => [row]);

  it('has as many items as were asked for, and a cursor where more follow', () => {
    assert.deepEqual(page([3, 2, 1], 2), { items: ['3', '2'], next: cursorOf(numbers, [2]) });
  });

  it('is the last one without a cursor', () => {
    assert.deepEqual(page([2, 1], 2), { items: ['2', '1'] });
    assert.deepEqual(page([], 2), { items: [] });
  });
});

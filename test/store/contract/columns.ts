/** Columns in the binary format come to the database as they were given. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RawBuilder, sql } from 'kysely';
import { byteas, int2s, int4s, int8s, texts, times } from '../../../src/store/columns.ts';
import type { Get } from './opened.ts';

export function columns(get: Get): void {
  const read = async (array: Buffer, type: RawBuilder<unknown>): Promise<unknown[]> => {
    const { rows } = await sql<{ value: unknown }>`
      select value from unnest(${array}::${type}[]) as t(value)`.execute(get().store.db);
    return rows.map((one) => one.value);
  };

  describe('a column in the binary format', () => {
    it('has numbers of every size, and none', async () => {
      const small = [0, 1, -1, 32_767, -32_768];
      assert.deepEqual(await read(int2s(small), sql`smallint`), small);
      const middle = [...small, 2 ** 31 - 1, -(2 ** 31)];
      assert.deepEqual(await read(int4s(middle), sql`int`), middle);
      const large = [
        ...middle,
        2 ** 32,
        2 ** 32 - 1,
        -(2 ** 32),
        Number.MAX_SAFE_INTEGER,
        -Number.MAX_SAFE_INTEGER,
      ];
      assert.deepEqual(await read(int8s(large), sql`bigint`), large);
      assert.deepEqual(await read(int8s([1, undefined, 3]), sql`bigint`), [1, null, 3]);
    });

    it('has times to the millisecond, before and after the epoch', async () => {
      const some = [
        '1999-12-31T23:59:59.999Z',
        '2000-01-01T00:00:00.000Z',
        '2026-11-26T12:34:56.789Z',
        '0001-01-01T00:00:00.000Z',
      ];
      const given = times(some.map((one) => Date.parse(one)));
      assert.deepEqual(
        (await read(given, sql`timestamptz`)).map((one) => (one as Date).toISOString()),
        some,
      );
    });

    it('has texts and bytes, also empty ones and none', async () => {
      const some = ['', 'a', 'é €\u{1f600}', '{"a",b}', '\\', 'NULL', undefined, 'x'.repeat(100_000)];
      assert.deepEqual(
        await read(texts(some), sql`text`),
        some.map((one) => one ?? null),
      );
      const bytes = ['', '\0\xff', undefined, '\xab'.repeat(50_000)];
      assert.deepEqual(
        (await read(byteas(bytes), sql`bytea`)).map((one) => (one as Buffer | null)?.toString('latin1')),
        bytes,
      );
    });

    it('may have no rows', async () => {
      for (const [array, type] of [
        [int2s([]), sql`smallint`],
        [texts([]), sql`text`],
        [times([]), sql`timestamptz`],
      ] as const)
        assert.deepEqual(await read(array, type), []);
    });
  });
}

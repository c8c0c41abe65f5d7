/** How a store gets its tables, whoever comes first. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { migrate, newestMigration, schemaOf } from '../../src/store/migrate.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { openQueue } from '../../src/store/queue.ts';
import { type Place, type StoreProcess, startStoreProcess } from '../fixtures/store-process.ts';

/**
 * @param empty gives the place of a store that has nothing in it yet
 * @param count of processes that come at once
 */
export function migrations(name: string, empty: () => Promise<Place>, count: number): void {
  describe(`the tables of ${name}`, () => {
    const processes: StoreProcess[] = [];
    let place: Place;
    let store: Store;

    before(async () => {
      place = await empty();
    });
    after(async () => {
      await store?.close();
      await Promise.all(processes.map((one) => one.kill()));
    });

    it('are made once by several processes that come at the same moment', async () => {
      for (let at = 0; at < count; at++) processes.push(startStoreProcess());
      const opened = await Promise.all(processes.map((one) => one.open(place)));
      assert.deepEqual(
        opened.filter((one) => one.error !== undefined),
        [],
      );
      const started = await Promise.all(processes.map((one) => one.startQueue()));
      assert.deepEqual(
        started.filter((one) => one.error !== undefined),
        [],
      );
      // All have the same store, and write to it.
      await Promise.all(
        processes.map((one, at) =>
          one.query('insert into users (name, role) values ($1, $2)', `p${at}`, 'viewer'),
        ),
      );
      for (const one of processes) assert.equal((await one.query('select * from users')).length, count);
      await Promise.all(processes.map((one) => one.close()));
    });

    it('are not made again', async () => {
      store = await openStore({ env: { DATABASE_URL: place.url }, data: place.data, command: 'test' });
      assert.equal(await schemaOf(store.db), newestMigration);
      assert.deepEqual(await migrate(store.db), []);
      assert.equal((await store.pool.query('select * from users')).rows.length, count);
      const { rows } = await store.pool.query('select count(*) as n from migrations');
      assert.deepEqual(rows, [{ n: Number.parseInt(newestMigration, 10) }]);
      const queue = await openQueue(store, { schedules: false, problem: assert.fail });
      await queue.close();
    });

    it('of a newer Waterguard are left alone', async () => {
      const newer = '9999-from-the-future';
      await store.pool.query('insert into migrations (name, timestamp) values ($1, $2)', [newer, 'now']);
      const options = { env: { DATABASE_URL: place.url }, data: place.data, command: 'test' };
      await assert.rejects(openStore(options), { code: 'usage', message: new RegExp(`${newer}.*newer one`) });
      await store.pool.query('delete from migrations where name = $1', [newer]);
      await (await openStore(options)).close();
    });

    it('need not be there for whoever does not ask for them', async () => {
      const options = { env: { DATABASE_URL: place.url }, data: place.data, command: 'test', migrate: false };
      const unasked = await openStore(options);
      assert.equal(unasked.kind, place.url === undefined ? 'embedded' : 'postgresql');
      await unasked.close();
    });
  });
}

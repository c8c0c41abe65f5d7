/** How a store gets its tables, whoever comes first. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { migrate, newestMigration, schemaOf } from '../../src/store/migrate.ts';
import { openStore, type Store, type StoreOptions } from '../../src/store/open.ts';
import { openQueue } from '../../src/store/queue.ts';
import { type Place, type StoreProcess, startStoreProcess } from '../fixtures/store-process.ts';

/**
 * @param empty gives the place of a store that has nothing in it yet
 * @param count of other processes that come at once
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

    it('are made once by several that come at the same moment', async () => {
      const options = { env: { DATABASE_URL: place.url }, data: place.data, command: 'test' };
      for (let at = 0; at < count; at++) processes.push(startStoreProcess());
      await Promise.all(processes.map((one) => one.ready()));
      const [here, ...there] = await Promise.all([
        openHere(options),
        ...processes.map(async (one) => {
          const opened = await one.open(place);
          assert.equal(opened.error, undefined);
          const started = await one.startQueue();
          assert.equal(started.error, undefined);
          return one;
        }),
      ]);
      // All have the same store, and write to it.
      const add = 'insert into users (name, role) values ($1, $2)';
      await Promise.all(there.map((one, at) => one.query(add, `there ${at}`, 'viewer')));
      await Promise.all(here.map((one, at) => one.pool.query(add, [`here ${at}`, 'viewer'])));
      for (const one of there)
        assert.equal((await one.query('select * from users')).length, count + here.length);
      await Promise.all(there.map((one) => one.close()));
      store = here.pop()!;
      for (const one of here) await one.close();
    });

    it('are not made again', async () => {
      assert.equal(await schemaOf(store.db), newestMigration);
      assert.deepEqual(await migrate(store.db), []);
      assert.equal((await store.pool.query('select * from users')).rows.length, count + 3);
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

/** Three of them in this process, with their queues. */
function openHere(options: StoreOptions): Promise<Store[]> {
  return Promise.all(
    [1, 2, 3].map(async () => {
      const store = await openStore(options);
      const queue = await openQueue(store, { schedules: false, problem: assert.fail });
      await queue.ready('images.test');
      await queue.close();
      return store;
    }),
  );
}

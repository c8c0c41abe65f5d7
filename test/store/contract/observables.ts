/** Values seen in layers and images, and where they are found again. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { sighting } from '../../../src/api/images.ts';
import type { IndicatorType } from '../../../src/model/terms.ts';
import { findSightings } from '../../../src/store/observables.ts';
import { type Get, layerOf, miner, observed, record, scanned } from './opened.ts';

export function observables(get: Get): void {
  const find = (value: string, type?: IndicatorType, limit = 100) =>
    findSightings(get().store.db, { value, type, limit });

  describe('a value', () => {
    it('is found in every image that has its layer, with the layer and the file', async () => {
      const { store } = get();
      const base = layerOf('value base', [observed('pool.value.invalid', { path: '/opt/config.json' })]);
      const top = layerOf('value top');
      const layers = [top, base];
      const one = await record(store, scanned('value one', { layers, findings: [miner('value')] }));
      const two = await record(store, scanned('value two', { layers: [base] }));
      const { items, next } = await find('pool.value.invalid');
      for (const item of items) sighting.parse(item);
      const place = { type: 'domain', value: 'pool.value.invalid', path: '/opt/config.json' } as const;
      assert.deepEqual(items, [
        {
          ...place,
          image: one,
          layer: 1,
          reference: 'registry.example.invalid/value one:1',
          verdict: 'malicious',
        },
        {
          ...place,
          image: two,
          layer: 0,
          reference: 'registry.example.invalid/value two:1',
          verdict: 'clean',
        },
      ]);
      assert.equal(next, undefined);
    });

    it('is found in an image that is recorded after its layer was known', async () => {
      const { store } = get();
      const base = layerOf('known base', [observed('known.value.invalid')]);
      await record(store, scanned('known one', { layers: [base] }));
      // Its layers are known to be recorded, so the scan does not give them.
      const image = { ...scanned('known two', { layers: [base] }), layers: [] };
      await record(store, image);
      assert.equal((await find('known.value.invalid')).items.length, 2);
    });

    it('is told apart by its type', async () => {
      const { store } = get();
      const value = 'typed.value.invalid';
      const layers = [layerOf('typed', [observed(value), observed(value, { type: 'pool', path: '/pool' })])];
      await record(store, scanned('typed', { layers }));
      assert.equal((await find(value, 'pool')).items[0]?.path, '/pool');
      assert.equal((await find(value, 'domain')).items[0]?.path, '/etc/pool.conf');
      assert.deepEqual((await find(value, 'wallet')).items, []);
      assert.equal((await find(value)).items.length, 1, 'an image once for each layer');
    });

    it('is what was asked for, not what only begins with it', async () => {
      const { store } = get();
      await record(
        store,
        scanned('exact', { layers: [layerOf('exact', [observed('exact.value.invalid')])] }),
      );
      assert.deepEqual((await find('exact.value')).items, []);
      assert.deepEqual((await find('EXACT.value.invalid')).items, []);
    });

    it('of an image’s own configuration is found, and gone when the next scan has it no more', async () => {
      const { store } = get();
      const indicator = {
        type: 'wallet',
        value: `4${'7'.repeat(94)}`,
        context: 'monero, Env.WALLET',
      } as const;
      const image = await record(store, scanned('own', { report: { indicators: [indicator] } }));
      const { items } = await find(indicator.value);
      assert.equal(items.length, 1);
      assert.equal(items[0]?.image, image);
      assert.equal(items[0]?.layer, undefined);
      await record(store, scanned('own'));
      assert.deepEqual((await find(indicator.value)).items, []);
    });

    it('may be longer than an index entry', async () => {
      const { store } = get();
      const values = ['x', 'y'].map(
        (one) => `${createHash('sha512').update(one).digest('hex').repeat(8000)}${one}`,
      );
      await record(
        store,
        scanned('long', {
          layers: [
            layerOf(
              'long',
              values.map((one) => observed(one)),
            ),
          ],
        }),
      );
      assert.equal((await find(values[0]!)).items.length, 1);
      assert.equal((await find(values[1]!)).items.length, 1);
      assert.deepEqual((await find(values[0]!.slice(0, -1))).items, []);
    });

    it('is one of ten thousand in a layer', async () => {
      const { store } = get();
      const many = Array.from({ length: 10_000 }, (_, at) => observed(`host-${at}.many.invalid`));
      const files = Array.from({ length: 10_000 }, (_, at) => String(at));
      const start = performance.now();
      await record(store, scanned('many', { layers: [layerOf('many', many, files)] }));
      assert.ok(performance.now() - start < 5000, 'in seconds, not minutes');
      assert.equal((await find('host-9999.many.invalid')).items.length, 1);
      const { count } = await store.db
        .selectFrom('observables')
        .select((of) => of.fn.countAll<number>().as('count'))
        .where('value', 'like', 'host-%.many.invalid')
        .executeTakeFirstOrThrow();
      assert.equal(count, 10_000);
    });
  });

  describe('the hash of a file', () => {
    it('is found by the whole SHA-256, whatever files the layer has beside it', async () => {
      const { store } = get();
      const layer = layerOf('hashes', [], ['a', 'b']);
      const image = await record(store, scanned('hashes', { layers: [layer] }));
      const hash = createHash('sha256').update('hashesb').digest('hex');
      const { items } = await find(hash);
      assert.deepEqual(
        items.map((one) => [one.image, one.layer, one.type]),
        [[image, 0, 'sha256']],
      );
      assert.equal((await find(hash, 'sha256')).items.length, 1);
      assert.deepEqual((await find(hash, 'domain')).items, []);
      assert.deepEqual((await find(createHash('sha256').update('other').digest('hex'))).items, []);
    });

    it('may begin with any bit', async () => {
      const { store } = get();
      const hashes = Buffer.from(
        'ffffffffffffffff8000000000000000000000000000000000000000000000017fffffffffffffff',
        'hex',
      );
      const layer = { ...layerOf('bits'), hashes };
      await record(store, scanned('bits', { layers: [layer] }));
      for (const start of ['ffffffffffffffff', '8000000000000000', '0000000000000001', '7fffffffffffffff'])
        assert.equal((await find(start.padEnd(64, '0'))).items.length, 1, start);
    });
  });
}

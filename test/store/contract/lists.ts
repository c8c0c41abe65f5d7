/** Lists in pages: every row once, whatever comes in between, and no cursor but the list's own. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { imageSorts } from '../../../src/api/images.ts';
import type { Page } from '../../../src/api/page.ts';
import { pageQuery } from '../../../src/api/page.ts';
import { audit, listAudit } from '../../../src/store/access.ts';
import { listFindings } from '../../../src/store/findings.ts';
import { listHuntImages, listHunts } from '../../../src/store/hunt-list.ts';
import { huntStore } from '../../../src/store/hunts.ts';
import { listImages } from '../../../src/store/images.ts';
import { addIndicator, listIndicators } from '../../../src/store/indicators.ts';
import { listJobs } from '../../../src/store/jobs.ts';
import { findSightings } from '../../../src/store/observables.ts';
import { listRetroHunts } from '../../../src/store/retro-hunts.ts';
import {
  digestOf,
  type Get,
  layerOf,
  listed,
  miner,
  observed,
  record,
  request,
  type Sample,
  scanned,
} from './opened.ts';

interface List {
  readonly name: string;
  /** Of its pages, where the usual ones would take long. */
  readonly limits?: readonly number[];
  /** Adds so many rows; those after the first call come while pages are read. */
  add(count: number): Promise<void>;
  page(cursor: string | undefined, limit: number): Promise<Page<unknown>>;
  /** What tells rows apart. */
  key(item: never): unknown;
}

export function lists(get: Get): void {
  /** Rows of this part are told from others by a name in them. */
  let serial = 0;
  const next = (): number => ++serial;

  const many: List[] = [
    ...imageSorts.map((sort) => ({
      name: `images by ${sort}`,
      async add(count: number) {
        for (let added = 0; added < count; added++) {
          // All the same but for a few, so that most rows are ties.
          const size = added % 4 === 0 ? 77 : 1000;
          const tied: Sample = {
            repository: `registry.example.invalid/page-${sort}`,
            content: `page ${sort} ${next()}`,
            sizes: [size],
            findings: added % 3 === 0 ? [miner(`page ${sort}`)] : [],
            report: { startedAt: `2026-11-2${added % 2}T00:00:00.000Z` },
          };
          await record(get().store, scanned('page', tied));
        }
      },
      page: (cursor: string | undefined, limit: number) =>
        listImages(get().store.db, { q: `page-${sort}`, sort, cursor, limit }),
      key: (item: { id: number }) => item.id,
    })),
    {
      name: 'findings',
      async add(count) {
        const severities = ['critical', 'low', 'low'] as const;
        const findings = Array.from({ length: count }, (_, at) =>
          miner(`page finding ${next()}`, { rule: 'test/page', severity: severities[at % 3]! }),
        );
        await record(get().store, scanned(`page findings ${next()}`, { findings }));
      },
      page: (cursor, limit) => listFindings(get().store.db, { rule: 'test/page', cursor, limit }),
      key: (item: { id: number }) => item.id,
    },
    {
      name: 'hunts',
      limits: [9, 70],
      async add(count) {
        const { store, queue } = get();
        const hunts = huntStore(store.db, queue, 'host');
        for (let added = 0; added < count; added++) await hunts.begin(request(`registry:page ${next()}`));
      },
      page: (cursor, limit) => listHunts(get().store.db, { cursor, limit }),
      key: (item: { id: number }) => item.id,
    },
    {
      name: 'images of a hunt',
      async add(count) {
        const { store, queue } = get();
        const hunts = huntStore(store.db, queue, 'host');
        const { id } = await hunts.begin(request('registry:page of images'));
        huntId = id;
        await hunts.add(
          id,
          Array.from({ length: count }, () => listed('registry.example.invalid/page', `page ${next()}`)),
        );
      },
      page: (cursor, limit) => listHuntImages(get().store.db, huntId, { cursor, limit }),
      key: (item: { digest: string }) => item.digest,
    },
    {
      name: 'sightings',
      async add(count) {
        const layer = layerOf('page layer', [observed('page.example.invalid')]);
        for (let added = 0; added < count; added++) {
          const image = scanned(`page sighting ${next()}`, { layers: [layer, layerOf('page other'), layer] });
          await record(get().store, { ...image, layers: [layer] });
        }
      },
      page: (cursor, limit) =>
        findSightings(get().store.db, { value: 'page.example.invalid', cursor, limit }),
      key: ({ image, layer }: { image: number; layer: number }) => `${image} ${layer}`,
    },
    {
      name: 'the audit log',
      async add(count) {
        await get()
          .store.db.transaction()
          .execute(async (tx) => {
            for (let added = 0; added < count; added++)
              await audit(tx, { name: 'system' }, 'test.page', `test:${next()}`);
          });
      },
      page: (cursor, limit) => listAudit(get().store.db, { action: 'test.page', cursor, limit }),
      key: (item: { id: number }) => item.id,
    },
    {
      name: 'indicators',
      async add(count) {
        const by = { category: 'other', source: '', note: '', by: 'user:test' } as const;
        await get()
          .store.db.transaction()
          .execute(async (tx) => {
            for (let added = 0; added < count; added++)
              await addIndicator(tx, { type: 'domain', value: `page-${next()}.example.invalid`, ...by });
          });
      },
      page: (cursor, limit) => listIndicators(get().store.db, { cursor, limit }),
      key: (item: { id: number }) => item.id,
    },
    {
      name: 'retro-hunts',
      async add(count) {
        const row = { kind: 'rules', subject: 'test', state: 'done' };
        for (let added = 0; added < count; added++)
          await get().store.db.insertInto('retro_hunts').values(row).execute();
      },
      page: (cursor, limit) => listRetroHunts(get().store.db, { cursor, limit }),
      key: (item: { id: number }) => item.id,
    },
    {
      name: 'jobs',
      async add(count) {
        const { queue } = get();
        await queue.ready('page-jobs');
        // In one statement they are of the same moment.
        await queue.boss.insert(
          'page-jobs',
          Array.from({ length: count }, () => ({ data: { hunt: next() } })),
        );
      },
      page: (cursor, limit) => listJobs(get().store.db, { queue: 'page-jobs', cursor, limit }),
      key: (item: { id: string }) => item.id,
    },
  ];
  let huntId = 0;

  describe('pages of', () => {
    before(async () => {
      for (const list of many) await list.add(10);
    });

    for (const list of many) {
      it(`${list.name} have every row once, while others come`, async () => {
        const there = await all(list, 200);
        assert.ok(there.length >= 10);
        assert.equal(new Set(there).size, there.length);
        for (const limit of list.limits ?? [2, 7]) {
          const seen = await all(list, limit, () => list.add(2));
          assert.equal(new Set(seen).size, seen.length, 'a row was seen twice');
          const missing = there.filter((one) => !seen.includes(one));
          assert.deepEqual(missing, [], `pages of ${limit}`);
        }
      });

      it(`${list.name} end where the rows do`, async () => {
        const there = await all(list, 200);
        const exact = await list.page(undefined, there.length);
        assert.equal(exact.items.length, there.length);
        assert.equal(exact.next, undefined);
      });

      it(`${list.name} do not go on from a cursor of another list`, async () => {
        for (const foreign of many) {
          if (foreign === list) continue;
          const { next: cursor } = await foreign.page(undefined, 1);
          assert.ok(cursor);
          await assert.rejects(list.page(cursor, 1), { code: 'usage' }, foreign.name);
        }
      });

      it(`${list.name} refuse what is no cursor, before the database sees it`, async () => {
        const { next: good } = await list.page(undefined, 1);
        pageQuery.parse({ cursor: good });
        const [name, ...values]: unknown[] = JSON.parse(Buffer.from(good!, 'base64url').toString());
        const wrong = [
          1e300,
          1.5,
          -1e18,
          2 ** 53,
          "'; select 1",
          null,
          {},
          true,
          '2026-99-99T00:00:00.000Z',
          '\0',
        ];
        const forged = wrong.flatMap((value) =>
          values.map((old, place) =>
            typeof old === 'string' && place === 0 && typeof value === 'string'
              ? []
              : [name, ...values.with(place, value)],
          ),
        );
        const texts = [...forged, [name], [name, ...values, 1], [], {}, 'x', null].map((one) =>
          Buffer.from(JSON.stringify(one)).toString('base64url'),
        );
        for (const cursor of [...texts, '', 'x', '%%%', good!.slice(0, -3), '\0']) {
          await assert.rejects(list.page(cursor, 1), { code: 'usage' }, cursor);
        }
      });
    }
  });

  describe('a list of images', () => {
    it('is in the order that was asked for, and says how many there are on its first page', async () => {
      const repository = 'registry.example.invalid/in-order';
      for (const [tag, size] of [
        ['b', 10],
        ['a', 5],
        ['c', 7],
      ] as const)
        await record(get().store, scanned('x', { repository, tag, content: `order ${tag}`, sizes: [size] }));
      const query = { q: 'in-order', limit: 2 };
      const first = await listImages(get().store.db, { ...query, sort: 'reference' });
      assert.equal(first.total, 3);
      const second = await listImages(get().store.db, { ...query, sort: 'reference', cursor: first.next });
      assert.equal(second.total, undefined);
      assert.deepEqual(
        [...first.items, ...second.items].map((one) => one.reference.slice(-1)),
        ['a', 'b', 'c'],
      );
      const bySize = await listImages(get().store.db, { ...query, sort: 'size' });
      assert.deepEqual(
        bySize.items.map((one) => one.size),
        [10, 7],
      );
    });

    it('takes verdict, category and hunt together', async () => {
      const repository = 'registry.example.invalid/filtered';
      const bad = await record(
        get().store,
        scanned('filtered bad', { repository, findings: [miner('filtered')] }),
      );
      await record(get().store, scanned('filtered good', { repository }));
      const query = { q: 'filtered', limit: 10, sort: 'score' } as const;
      const { items } = await listImages(get().store.db, {
        ...query,
        verdict: 'malicious',
        category: 'cryptomining',
      });
      assert.deepEqual(
        items.map((one) => one.id),
        [bad],
      );
      const none = await listImages(get().store.db, { ...query, verdict: 'malicious', category: 'ddos' });
      assert.deepEqual(none, { items: [], total: 0 });
      const { store, queue } = get();
      const hunts = huntStore(store.db, queue, 'host');
      const { id } = await hunts.begin(request('registry:filtered'));
      await hunts.add(id, [{ ...listed(repository, 'filtered bad'), digest: digestOf('filtered bad') }]);
      const hunted = await listImages(store.db, { ...query, hunt: id });
      assert.equal(hunted.total, 1);
    });
  });
}

async function all(list: List, limit: number, meanwhile?: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const { items, next } = await list.page(cursor, limit);
    assert.ok(items.length <= limit);
    seen.push(...items.map((one) => list.key(one as never)));
    cursor = next;
    // In the middle, and not for ever.
    if (++pages === 2) await meanwhile?.();
  } while (cursor !== undefined);
  return seen;
}

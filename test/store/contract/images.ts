/** Images as they are recorded: once, whole, and again when they are scanned again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imageDetail as detailShape } from '../../../src/api/images.ts';
import { imageDetail, listImages } from '../../../src/store/images.ts';
import { layerExchange } from '../../../src/store/layer-reports.ts';
import { readLayer } from '../../../src/store/layers.ts';
import { readOverview } from '../../../src/store/overview.ts';
import { readStatus } from '../../../src/store/status.ts';
import {
  digestOf,
  type Get,
  layerOf,
  miner,
  observed,
  otherRuleset,
  record,
  reportOf,
  ruleset,
  scanned,
  secret,
} from './opened.ts';

export function images(get: Get): void {
  describe('an image', () => {
    it('recorded twice is the same as once', async () => {
      const { store } = get();
      const layers = [layerOf('twice base', [observed('twice.example.invalid')], ['a', 'b'])];
      const image = scanned('twice', { findings: [miner('twice'), secret('twice key')], layers });
      const id = await record(store, image);
      const once = await imageDetail(store.db, id);
      const sums = await contents(get, id, layers[0]!.diffId);
      assert.equal(await record(store, image), id);
      const again = await imageDetail(store.db, id);
      const timeless = (detail: typeof once) => detail?.findings.map((one) => ({ ...one, lastSeenAt: '' }));
      assert.deepEqual(timeless(again), timeless(once));
      assert.deepEqual(again?.report, once?.report);
      assert.deepEqual(again?.image, once?.image);
      assert.deepEqual(await contents(get, id, layers[0]!.diffId), sums);
    });

    it('has the whole report that the scan gave, and its row says the same', async () => {
      const { store } = get();
      const image = scanned('whole', {
        findings: [miner('whole'), secret('whole key'), secret('whole note', { severity: 'low' })],
        sizes: [1000, 5_000_000_000],
        report: { startedAt: '2026-11-23T06:30:00.123Z' },
      });
      const id = await record(store, image);
      const detail = await imageDetail(store.db, id);
      assert.ok(detail);
      detailShape.parse(detail);
      assert.deepEqual(new Set(detail.report.findings), new Set(image.report.findings));
      assert.deepEqual(
        { ...detail.report, findings: [], reasons: [] },
        { ...image.report, findings: [], reasons: [] },
      );
      assert.deepEqual(detail.image, {
        id,
        reference: image.reference,
        repository: image.repository,
        digest: image.report.artifact.digest,
        platform: 'linux/amd64',
        verdict: 'malicious',
        score: image.report.score,
        categories: ['cryptomining', 'embedded-secret'],
        findings: 2,
        layers: 2,
        size: 5_000_001_000,
        firstSeenAt: detail.image.firstSeenAt,
        scannedAt: '2026-11-23T06:30:00.123Z',
      });
    });

    it('of the same digest in another repository is another image', async () => {
      const { store } = get();
      const one = await record(store, scanned('same here', { content: 'same' }));
      const two = await record(store, scanned('same there', { content: 'same' }));
      assert.notEqual(one, two);
    });

    it('keeps when it was first seen, and takes everything else from the last scan', async () => {
      const { store } = get();
      const id = await record(store, scanned('later', { findings: [miner('later')] }));
      const first = await imageDetail(store.db, id);
      const report = { startedAt: '2026-12-01T00:00:00.000Z', durationMs: 7.4 };
      await record(store, scanned('later', { tag: '2', rules: otherRuleset, report }));
      const last = await imageDetail(store.db, id);
      assert.equal(last?.image.firstSeenAt, first?.image.firstSeenAt);
      assert.equal(last?.image.scannedAt, report.startedAt);
      assert.equal(last?.image.verdict, 'clean');
      assert.equal(last?.image.score, 0);
      assert.deepEqual(last?.image.categories, []);
      assert.match(last?.image.reference ?? '', /:2$/);
      assert.equal(last?.report.tool.ruleset, otherRuleset);
    });

    it('that names a finding twice has it once', async () => {
      const { store } = get();
      const report = reportOf('double', { findings: [secret('double'), secret('double')] });
      const id = await record(store, { ...scanned('double'), report });
      assert.equal((await imageDetail(store.db, id))?.findings.length, 1);
    });

    it('is recorded by two at once as by one', async () => {
      const { store, other } = get();
      const layers = ['left', 'right'].map((one) =>
        layerOf(`both ${one}`, [observed('both.example.invalid')]),
      );
      const image = scanned('both', { findings: [miner('both')], layers });
      const turned = { ...image, layers: [...layers].reverse() };
      const ids = await Promise.all(
        [store, other, store, other].map((one, at) => record(one, at % 2 ? turned : image)),
      );
      assert.equal(new Set(ids).size, 1);
      assert.equal((await contents(get, ids[0]!, layers[0]!.diffId)).observables, 1);
    });

    it('without layers, findings and indicators is recorded too', async () => {
      const { store } = get();
      const report = reportOf('bare', { sizes: [] });
      const id = await record(store, { ...scanned('bare'), report });
      const detail = await imageDetail(store.db, id);
      assert.deepEqual(detail?.report.artifact.layers, []);
      assert.deepEqual(detail?.sharedBy, []);
    });

    it('is nothing where there is none', async () => {
      assert.equal(await imageDetail(get().store.db, 2_000_000_000), undefined);
      assert.equal(await readLayer(get().store.db, digestOf('no such layer')), undefined);
    });

    it('is found by part of its name, by its digest, by a layer and by a value that it holds', async () => {
      const { store } = get();
      const layers = [layerOf('found base', [observed('found-value.example.invalid')])];
      const id = await record(store, scanned('find_me%really', { layers }));
      await record(store, scanned('findXmeXreally', {}));
      const search = async (q: string): Promise<number[]> => {
        const { items, total } = await listImages(store.db, { q, limit: 10, sort: 'score' });
        assert.equal(total, items.length);
        return items.map((one) => one.id);
      };
      assert.deepEqual(await search('find_me%'), [id]);
      assert.deepEqual(await search('FIND_ME%REALLY'), [id]);
      assert.deepEqual(await search(digestOf('find_me%really').slice(0, 20)), [id]);
      assert.deepEqual(await search(digestOf('find_me%really').slice(7, 20)), [id]);
      assert.deepEqual(await search(layers[0]!.diffId), [id]);
      assert.deepEqual(await search('found-value.example.invalid'), [id]);
      assert.deepEqual(await search('found-value.example'), []);
      assert.deepEqual(await search('\\'), []);
      assert.deepEqual(await search("'; drop table images; --"), []);
    });
  });

  describe('a layer', () => {
    it('is recorded once, whichever image brings it', async () => {
      const { store } = get();
      const layer = layerOf('shared base', [observed('first.example.invalid')], ['a', 'b', 'c']);
      const one = await record(store, scanned('shared one', { layers: [layer] }));
      const changed = { ...layer, observables: [observed('second.example.invalid')], files: 9 };
      await record(store, scanned('shared two', { layers: [changed] }));
      assert.deepEqual(await contents(get, one, layer.diffId), { observables: 1, hashes: 3, files: 3 });
      const seen = await readLayer(store.db, layer.diffId);
      assert.deepEqual(seen?.images.map((image) => image.repository).sort(), [
        'registry.example.invalid/shared one',
        'registry.example.invalid/shared two',
      ]);
      const detail = await imageDetail(store.db, one);
      assert.deepEqual(detail?.sharedBy, [{ index: 0, diffId: layer.diffId, images: 1 }]);
    });

    it('is recorded again where it was read in another way, and nothing of the old record is left', async () => {
      const { store } = get();
      const old = layerOf('renewed', [observed('old.example.invalid')], ['a', 'b']);
      const id = await record(store, scanned('renewed', { layers: [old] }));
      const renewed = {
        ...layerOf('renewed', [observed('n1'), observed('n2')], ['z']),
        context: otherRuleset,
        files: 5,
      };
      await record(store, scanned('renewed', { layers: [renewed], rules: otherRuleset }));
      assert.deepEqual(await contents(get, id, old.diffId), { observables: 2, hashes: 1, files: 5 });
    });

    it('is kept as caches have it, for whoever read it in the same way', async () => {
      const { store, other } = get();
      const kept = { ...layerOf('kept whole'), report: () => Buffer.from([0, 255, 1]) };
      const large = { ...layerOf('kept not'), report: () => Buffer.alloc(9 * 1024 * 1024) };
      const without = { ...layerOf('without'), report: () => undefined };
      await record(store, scanned('kept', { layers: [kept, large, without] }));
      const { fetch } = layerExchange(other.db);
      const diffIds = [kept, large, without, layerOf('unheard of')].map((one) => one.diffId);
      const found = await fetch(diffIds, ruleset);
      assert.deepEqual([...found], [[kept.diffId, Buffer.from([0, 255, 1])]]);
      assert.deepEqual([...(await fetch(diffIds, otherRuleset))], []);
      const again = { ...kept, context: otherRuleset, report: () => Buffer.from('second') };
      await record(store, scanned('kept', { layers: [again] }));
      assert.deepEqual([...(await fetch(diffIds, ruleset))], []);
      assert.equal((await fetch(diffIds, otherRuleset)).get(kept.diffId)?.toString(), 'second');
    });

    it('is not put together again where it is known', async () => {
      const { store } = get();
      let asked = 0;
      const report = (): Buffer => Buffer.from(`${asked++}`);
      const layer = { ...layerOf('put together'), report };
      await record(store, scanned('first with it', { layers: [layer] }));
      await record(store, scanned('second with it', { layers: [layer] }));
      assert.equal(asked, 1);
    });
  });

  describe('the overview', () => {
    it('sums images by verdict and category, and open findings only', async () => {
      const { store } = get();
      const before = await readOverview(store.db);
      const ignored = { reason: 'ours', expires: '2099-01-01' };
      const findings = [miner('summed'), secret('summed key'), secret('summed ignored', { ignored })];
      await record(store, scanned('summed', { findings }));
      const after = await readOverview(store.db);
      assert.equal(after.images.byVerdict.malicious, before.images.byVerdict.malicious + 1);
      assert.equal(after.images.total, before.images.total + 1);
      assert.equal(
        after.images.total,
        Object.values(after.images.byVerdict).reduce((sum, one) => sum + one, 0),
      );
      assert.equal(after.categoryTotal, before.categoryTotal + 2);
      assert.equal(secretsOpen(after), secretsOpen(before) + 1);
    });

    function secretsOpen({ openFindings }: Awaited<ReturnType<typeof readOverview>>): number {
      return openFindings.find((one) => one.category === 'embedded-secret')?.bySeverity.medium ?? 0;
    }

    it('says what the store holds', async () => {
      const { store } = get();
      await record(store, scanned('counted'));
      const status = await readStatus(store);
      assert.ok((status.counts.images ?? 0) > 0);
      assert.ok(status.size > 1_000_000);
      assert.doesNotMatch(status.place, /password/);
    });
  });
}

/** How many rows there are of a layer, and of files as its record says. */
async function contents(get: Get, image: number, diffId: string) {
  const { db } = get().store;
  const layer = await db
    .selectFrom('layers')
    .selectAll()
    .where('diff_id', '=', diffId)
    .executeTakeFirstOrThrow();
  const { observables } = await db
    .selectFrom('observables')
    .select((of) => of.fn.countAll<number>().as('observables'))
    .where((of) => of.or([of('layer_id', '=', layer.id), of('image_id', '=', image)]))
    .executeTakeFirstOrThrow();
  const { hashes } = await db
    .selectFrom('file_hashes')
    .select((of) => of.fn.countAll<number>().as('hashes'))
    .where('layer_id', '=', layer.id)
    .executeTakeFirstOrThrow();
  assert.ok(layer.context === ruleset || layer.context === otherRuleset);
  return { observables, hashes, files: layer.files };
}

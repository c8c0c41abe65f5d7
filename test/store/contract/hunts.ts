/** Hunts: begun, interrupted, gone on with, ended; and the table that they end with. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { type HuntResult, huntResult, hunt as huntShape } from '../../../src/api/hunts.ts';
import type { Claim, HuntStore, Outcome } from '../../../src/hunt/port.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { cancelHunt, failHunt } from '../../../src/store/hunt-end.ts';
import { huntById, listHuntImages, runningHunts } from '../../../src/store/hunt-list.ts';
import { huntStore } from '../../../src/store/hunts.ts';
import { imageQueue } from '../../../src/store/image-queue.ts';
import { imageDetail } from '../../../src/store/images.ts';
import {
  digestOf,
  type Get,
  listed,
  miner,
  type Opened,
  otherRuleset,
  record,
  reportOf,
  request,
  type Sample,
  scanned,
  secret,
} from './opened.ts';

export function hunts(get: Get): void {
  const begin = (source: string, changes: Parameters<typeof request>[1] = {}) =>
    storeOf(get()).begin(request(source, changes));

  describe('a hunt', () => {
    it('that was interrupted goes on, where source, rules and options are the same', async () => {
      const first = await begin('registry:resumed');
      assert.deepEqual({ ...first, id: 0 }, { id: 0, resumed: false, listed: false });
      assert.deepEqual(await begin('registry:resumed'), { id: first.id, resumed: true, listed: false });
      await storeOf(get()).listed(first.id, []);
      assert.deepEqual(await begin('registry:resumed', { startedBy: 'user:other' }), {
        id: first.id,
        resumed: true,
        listed: true,
      });
      assert.equal((await begin('registry:resumed', { since: undefined })).id, first.id);
    });

    const different: readonly [string, NonNullable<Parameters<typeof request>[1]>][] = [
      ['other rules', { ruleset: otherRuleset }],
      ['another platform', { platform: 'linux/arm64' }],
      ['plain HTTP', { insecure: true }],
      ['another date', { since: '2026-01-01T00:00:00.000Z' }],
      ['another limit', { limit: 10 }],
      ['the wish to begin anew', { restart: true }],
    ];
    for (const [name, changes] of different) {
      it(`with ${name} begins anew, and the one before is cancelled`, async () => {
        const source = `registry:${name}`;
        const first = await begin(source);
        const second = await begin(source, changes);
        assert.notEqual(second.id, first.id);
        assert.equal(second.resumed, false);
        assert.equal((await huntById(get().store.db, first.id))?.state, 'cancelled');
        assert.equal((await huntById(get().store.db, second.id))?.state, 'running');
      });
    }

    it('begun by two at once is one hunt', async () => {
      const { store, other, queue } = get();
      const both = [store, other].map(({ db }) => huntStore(db, queue, 'host'));
      const begun = await Promise.all(
        [...both, ...both].map((one) => one.begin(request('registry:at once'))),
      );
      assert.equal(new Set(begun.map((one) => one.id)).size, 1);
      assert.equal(begun.filter((one) => !one.resumed).length, 1);
    });

    it('over another source leaves it alone', async () => {
      const one = await begin('registry:alone/a');
      const two = await begin('registry:alone/b');
      assert.notEqual(one.id, two.id);
      assert.equal((await huntById(get().store.db, one.id))?.state, 'running');
    });

    it('that has ended is not gone on with', async () => {
      const { hunts, id } = await emptyHunt('registry:ended');
      assert.ok(await hunts.finish(id));
      assert.equal((await begin('registry:ended')).resumed, false);
    });

    it('is known from its beginning, with all that the interface promises', async () => {
      const { id } = await begin('registry:known');
      const seen = await huntById(get().store.db, id);
      huntShape.parse(seen);
      assert.equal(seen?.startedBy, 'user:test');
      assert.ok((await runningHunts(get().store.db)).some((one) => one.id === id));
      assert.equal(await huntById(get().store.db, 2_000_000_000), undefined);
    });
  });

  describe('what a hunt lists', () => {
    it('is queued once, however often it is added', async () => {
      const { hunts, id, rules } = await freshHunt('listed twice');
      const images = ['a', 'b', 'c'].map((one) =>
        listed('registry.example.invalid/once', `once ${one}`, one),
      );
      await hunts.add(id, images.slice(0, 2));
      await hunts.add(id, images);
      await hunts.add(id, images);
      await hunts.add(id, []);
      assert.equal((await hunts.standing(id)).total, 3);
      assert.equal((await claimAll(rules)).length, 3);
    });

    it('counts tags that share a digest once, and keeps all their names', async () => {
      const { store } = get();
      const { hunts, id, rules } = await freshHunt('tags');
      const repository = 'registry.example.invalid/tags';
      await hunts.add(id, [listed(repository, 'tagged', '1'), listed(repository, 'tagged', '1.0')]);
      await hunts.add(id, [listed(repository, 'tagged', 'latest'), listed(repository, 'tagged', '1')]);
      await hunts.listed(id, []);
      const [claim, none] = await claimAll(rules);
      assert.equal(none, undefined);
      assert.equal(claim?.reference, `${repository}:1`);
      await recordClaim(rules, claim!, scannedOf('tagged', {}, rules));
      const result = await hunts.finish(id);
      assert.equal(result?.images.total, 1);
      const { items } = await listHuntImages(store.db, id, { limit: 10 });
      const detail = await imageDetail(store.db, items[0]!.image!);
      assert.deepEqual(detail?.references.map((one) => one.reference).sort(), [
        `${repository}:1`,
        `${repository}:1.0`,
        `${repository}:latest`,
      ]);
    });

    it('is told apart by repository, also where the digest is the same', async () => {
      const { hunts, id } = await freshHunt('mirrors');
      await hunts.add(id, [listed('a.invalid/x', 'mirrored'), listed('b.invalid/x', 'mirrored')]);
      assert.equal((await hunts.standing(id)).total, 2);
    });

    it('is unchanged where the digest was scanned with the same rules, and not queued', async () => {
      const { store } = get();
      const { hunts, id, rules } = await freshHunt('unchanged');
      const repository = 'registry.example.invalid/unchanged';
      const sample: Sample = { repository, rules, findings: [secret('unchanged')] };
      const known = await record(store, scanned('unchanged same', sample));
      await record(store, scanned('unchanged old rules', { repository, rules: otherRuleset }));
      await record(store, scanned('unchanged elsewhere', { rules }));
      await hunts.add(id, [
        listed(repository, 'unchanged same', 'new-name'),
        listed(repository, 'unchanged old rules'),
        listed(repository, 'unchanged elsewhere'),
        listed(repository, 'unchanged never seen'),
      ]);
      const standing = await hunts.standing(id);
      assert.deepEqual(standing, {
        state: 'running',
        total: 4,
        done: 0,
        unchanged: 1,
        failed: 0,
        listed: false,
      });
      assert.equal((await claimAll(rules)).length, 3);
      const detail = await imageDetail(store.db, known);
      assert.ok(detail?.references.some((one) => one.reference === `${repository}:new-name`));
      const { items } = await listHuntImages(store.db, id, { state: 'unchanged', limit: 10 });
      assert.equal(items[0]?.verdict, 'risky');
    });

    it('moves a name to the image that has it now', async () => {
      const { store } = get();
      const repository = 'registry.example.invalid/moving';
      const old = await huntOne('moving 1', listed(repository, 'moving old', 'latest'));
      const now = await huntOne('moving 2', listed(repository, 'moving new', 'latest'));
      assert.deepEqual(await currents(store, old), [false]);
      assert.deepEqual(await currents(store, now), [true]);
      await huntOne('moving 3', listed(repository, 'moving old', 'latest'));
      assert.deepEqual(await currents(store, old), [true]);
      assert.deepEqual(await currents(store, now), [false]);
    });

    it('is added no more once the hunt is cancelled', async () => {
      const { hunts, id } = await freshHunt('added late');
      await cancel(id);
      await hunts.add(id, [listed('registry.example.invalid/late', 'late')]);
      assert.equal((await hunts.standing(id)).total, 0);
    });

    it('is a thousand images at a time', async () => {
      const { hunts, id, rules } = await freshHunt('thousand');
      const repository = 'registry.example.invalid/thousand';
      await hunts.add(
        id,
        Array.from({ length: 1000 }, (_, at) => listed(repository, `thousand ${at}`, String(at))),
      );
      assert.equal((await hunts.standing(id)).total, 1000);
      const { images } = await queueOf(rules);
      assert.equal((await images.claim(1000)).length, 1000);
    });
  });

  describe('the manifest that an index has for a platform', () => {
    it('is asked for by many at once, each platform by itself', async () => {
      const { known } = storeOf(get());
      const index = digestOf('index');
      await known.put(index, 'linux/amd64', digestOf('amd64'));
      await known.put(index, 'linux/amd64', digestOf('amd64'));
      await known.put(index, 'linux/arm64', 'no-platform');
      const answers = await Promise.all([
        known.get(index, 'linux/arm64'),
        known.get(digestOf('no index'), 'linux/amd64'),
        known.get(index, 'linux/amd64'),
        known.get(index, 'linux/amd64'),
        known.get(index, 'linux/s390x'),
      ]);
      assert.deepEqual(answers, ['no-platform', undefined, digestOf('amd64'), digestOf('amd64'), undefined]);
    });
  });

  describe('the end of a hunt', () => {
    it('has one verdict for each image, categories by image, and bytes once and all', async () => {
      const { store } = get();
      const { hunts, id, rules } = await freshHunt('table');
      const repository = 'registry.example.invalid/table';
      const packed = miner('table weak', { confidence: 0.7, reachable: false });
      const outcomes: Readonly<Record<string, readonly Finding[] | 'fails' | 'hole'>> = {
        malicious: [miner('table'), secret('table key')],
        suspicious: [packed],
        risky: [secret('table key only')],
        clean: [],
        incomplete: 'hole',
        failed: 'fails',
      };
      await record(
        store,
        scanned('table unchanged', { repository, rules, findings: [miner('table unchanged')] }),
      );
      await hunts.add(
        id,
        [...Object.keys(outcomes), 'unchanged'].map((one) => listed(repository, `table ${one}`, one)),
      );
      for (const claim of await claimAll(rules)) {
        assert.equal(await hunts.finish(id), undefined, 'not while it is listed');
        const name = claim.reference.slice(repository.length + 1);
        const outcome = outcomes[name];
        if (outcome === 'fails') {
          await recordClaim(rules, claim, { kind: 'failed', code: 'missing', message: 'gone', again: false });
        } else {
          const hole = {
            ...reportOf('').coverage,
            skipped: [{ path: '/big', reason: 'size-limit', layer: 0 }],
          };
          const sample: Sample =
            outcome === 'hole' ? { report: { coverage: hole as never } } : { findings: outcome ?? [] };
          // They share their first layer; of the second each has its own.
          const report = { ...reportOf(`table ${name}`, { ...sample, rules, sizes: [500, 20] }) };
          const [first, second] = report.artifact.layers;
          const base = { ...first!, digest: digestOf('table base packed'), diffId: digestOf('table base') };
          const artifact = { ...report.artifact, layers: [base, second!] };
          await recordClaim(rules, claim, { kind: 'scanned', report: { ...report, artifact }, layers: [] });
        }
      }
      assert.equal(await hunts.finish(id), undefined, 'not before all is listed');
      await hunts.listed(id, []);
      const standing = await hunts.standing(id);
      assert.deepEqual(standing, {
        state: 'running',
        total: 7,
        done: 5,
        unchanged: 1,
        failed: 1,
        listed: true,
      });
      const result = await hunts.finish(id);
      checkShape(result);
      assert.deepEqual(
        { ...result, durationMs: 0 },
        {
          schemaVersion: 1,
          hunt: String(id),
          source: 'registry:table',
          images: { total: 7, malicious: 2, suspicious: 1, risky: 1, clean: 1, incomplete: 2, unchanged: 1 },
          categories: { cryptomining: 3, 'embedded-secret': 2 },
          categoryTotal: 5,
          // Five with 500 in common and 20 of their own, and the unchanged one with 1000.
          bytes: { unique: 500 + 5 * 20 + 1000, referenced: 5 * 520 + 1000 },
          durationMs: 0,
        },
      );
      assert.ok(result!.durationMs > 0);
      const seen = await huntById(store.db, id);
      assert.equal(seen?.state, 'done');
      assert.ok(seen?.endedAt);
      assert.deepEqual(seen?.result, result);
      huntShape.parse(seen);
    });

    it('comes only when every image is done', async () => {
      const { hunts, id, rules } = await freshHunt('patient');
      await hunts.add(
        id,
        ['a', 'b'].map((one) => listed('registry.example.invalid/patient', `patient ${one}`, one)),
      );
      await hunts.listed(id, []);
      const claims = await claimAll(rules);
      assert.equal(await hunts.finish(id), undefined);
      await recordClaim(rules, claims[0]!, scannedOf('patient a', {}, rules));
      assert.equal(await hunts.finish(id), undefined);
      await recordClaim(rules, claims[1]!, scannedOf('patient b', {}, rules));
      checkShape(await hunts.finish(id));
    });

    it('is seen by several at once as the same, and told once', async () => {
      const { store, other, queue } = get();
      const { hunts, id } = await emptyHunt('registry:told once');
      const results = await Promise.all(
        [hunts, huntStore(other.db, queue, 'host'), hunts].map((one) => one.finish(id)),
      );
      assert.deepEqual(results[1], results[0]);
      assert.deepEqual(results[2], results[0]);
      const told = await store.db
        .selectFrom('activity')
        .selectAll()
        .where('link', '=', `/hunts/${id}`)
        .execute();
      assert.deepEqual(
        told.map((one) => one.type),
        ['hunt.started', 'hunt.done'],
      );
    });

    it('of an empty source is a table of zeros', async () => {
      const { hunts, id } = await emptyHunt('registry:empty');
      const result = await hunts.finish(id);
      checkShape(result);
      assert.equal(result?.images.total, 0);
      assert.deepEqual(result?.categories, {});
    });

    it('keeps what could not be listed', async () => {
      const { hunts, id } = await freshHunt('problems');
      await hunts.listed(id, [{ where: 'team/app', code: 'unauthorized', message: 'not allowed' }]);
      assert.deepEqual((await huntById(get().store.db, id))?.problems, ['team/app: not allowed']);
    });

    it('has verdicts as they are now, not as they were when it began', async () => {
      const { store } = get();
      const { hunts, id, rules } = await freshHunt('since');
      const repository = 'registry.example.invalid/since';
      await record(store, scanned('since', { repository, rules }));
      await hunts.add(id, [listed(repository, 'since')]);
      await record(store, scanned('since', { repository, rules, findings: [miner('since')] }));
      await hunts.listed(id, []);
      const result = await hunts.finish(id);
      assert.equal(result?.images.malicious, 1);
      assert.equal(result?.images.unchanged, 1);
    });
  });

  describe('a cancelled hunt', () => {
    it('has the table of what was done, hands out nothing more, and is told once', async () => {
      const { store } = get();
      const { hunts, id, rules } = await freshHunt('cancelled');
      const repository = 'registry.example.invalid/cancelled';
      await hunts.add(
        id,
        ['a', 'b', 'c'].map((one) => listed(repository, `cancelled ${one}`, one)),
      );
      await hunts.listed(id, []);
      const { images } = await queueOf(rules);
      const [done, inHand] = await images.claim(2);
      await images.record([
        { claim: done!, outcome: scannedOf('cancelled a', { findings: [miner('cancelled')] }, rules) },
      ]);
      assert.equal(await cancel(id), true);
      assert.equal(await cancel(id), false);
      assert.deepEqual(await images.claim(5), []);
      const result = await hunts.finish(id);
      checkShape(result);
      assert.deepEqual(result?.images, {
        total: 1,
        malicious: 1,
        suspicious: 0,
        risky: 0,
        clean: 0,
        incomplete: 0,
        unchanged: 0,
      });
      assert.equal((await hunts.standing(id)).state, 'cancelled');
      // The one in hand is finished, as it is scanned already.
      await images.record([{ claim: inHand!, outcome: scannedOf('cancelled b', {}, rules) }]);
      assert.equal((await hunts.standing(id)).done, 2);
      const told = await store.db
        .selectFrom('activity')
        .selectAll()
        .where('key', '=', `hunt.cancelled/${id}`)
        .execute();
      assert.equal(told.length, 1);
    });
  });

  describe('a hunt that fails', () => {
    it('says why, and is not failed twice', async () => {
      const { store } = get();
      const { id, hunts } = await freshHunt('failing');
      await failHunt(store.db, id, 'the registry does not answer');
      await failHunt(store.db, id, 'again');
      const seen = await huntById(store.db, id);
      assert.equal(seen?.state, 'failed');
      assert.deepEqual(seen?.problems, ['the registry does not answer']);
      huntShape.parse(seen);
      checkShape(await hunts.finish(id));
    });
  });

  describe('the hunt before', () => {
    it('is the last one over the same source that was done', async () => {
      const source = 'registry:history';
      const first = await emptyHunt(source);
      assert.equal(await first.hunts.before(first.id), undefined);
      const result = await first.hunts.finish(first.id);
      const foreign = await emptyHunt('registry:history/other');
      await foreign.hunts.finish(foreign.id);
      const cancelled = await emptyHunt(source);
      await cancel(cancelled.id);
      const now = await emptyHunt(source);
      assert.deepEqual(await now.hunts.before(now.id), result);
      await now.hunts.finish(now.id);
      assert.deepEqual(await now.hunts.before(now.id), result, 'not itself');
    });
  });

  function storeOf({ store, queue }: Opened): HuntStore {
    return huntStore(store.db, queue, 'host');
  }

  /** With rules of its own, so that its queue holds nothing of other tests. */
  async function freshHunt(name: string) {
    const rules = digestOf(`rules of ${name}`);
    const { id } = await begin(`registry:${name}`, { ruleset: rules });
    return { hunts: storeOf(get()), id, rules };
  }

  async function emptyHunt(source: string) {
    const { id } = await begin(source);
    const hunts = storeOf(get());
    await hunts.listed(id, []);
    return { hunts, id };
  }

  async function queueOf(rules: string) {
    const { store, queue } = get();
    return { images: await imageQueue(store.db, queue, rules, 'host') };
  }

  async function claimAll(rules: string): Promise<readonly Claim[]> {
    const { images } = await queueOf(rules);
    return images.claim(100);
  }

  async function recordClaim(rules: string, claim: Claim, outcome: Outcome): Promise<void> {
    const { images } = await queueOf(rules);
    await images.record([{ claim, outcome }]);
  }

  /** @returns the image's row */
  async function huntOne(name: string, image: ReturnType<typeof listed>): Promise<number> {
    const { hunts, id, rules } = await freshHunt(name);
    await hunts.add(id, [image]);
    await hunts.listed(id, []);
    const [claim] = await claimAll(rules);
    await recordClaim(rules, claim!, scannedOf(contentOf(image), {}, rules));
    const { items } = await listHuntImages(get().store.db, id, { limit: 1 });
    return items[0]!.image!;
  }

  async function cancel(id: number): Promise<boolean> {
    return get()
      .store.db.transaction()
      .execute((tx) => cancelHunt(tx, id, 'user:test'));
  }
}

/** A report that has the digest of what is listed. */
function scannedOf(content: string, sample: Sample, rules: string): Outcome {
  return { kind: 'scanned', report: reportOf(content, { ...sample, rules }), layers: [] };
}

const contents = ['moving old', 'moving new'];

function contentOf({ digest }: ReturnType<typeof listed>): string {
  return contents.find((one) => digestOf(one) === digest)!;
}

async function currents({ db }: Opened['store'], image: number): Promise<boolean[]> {
  return (await imageDetail(db, image))?.references.map((one) => one.current) ?? [];
}

/** Nothing more and nothing less than the interface names, and sums that are sums. */
function checkShape(result: HuntResult | undefined): void {
  const exact = z.strictObject({
    ...huntResult.shape,
    images: z.strictObject(huntResult.shape.images.shape),
    bytes: z.strictObject(huntResult.shape.bytes.shape),
  });
  const { images, categories, categoryTotal } = exact.parse(result);
  const { total, unchanged, ...verdicts } = images;
  assert.equal(sum(verdicts), total);
  assert.ok(unchanged <= total);
  assert.equal(sum(categories), categoryTotal);
}

function sum(counts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counts).reduce<number>((all, one) => all + (one ?? 0), 0);
}

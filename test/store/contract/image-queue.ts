/** The queue of images: who gets which, for how long, and what is left of an image when its worker fails. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import type { Claim, HuntRequest, ImageQueue, Outcome } from '../../../src/hunt/port.ts';
import { listHuntImages } from '../../../src/store/hunt-list.ts';
import { huntStore, listingQueueName, queueListing } from '../../../src/store/hunts.ts';
import { imageQueue, imageQueueName } from '../../../src/store/image-queue.ts';
import { imageDetail } from '../../../src/store/images.ts';
import { deadQueue, mostTries } from '../../../src/store/queue.ts';
import { queueRescan } from '../../../src/store/rescans.ts';
import {
  digestOf,
  type Get,
  layerOf,
  listed,
  miner,
  observed,
  record,
  reportOf,
  request,
  scanned,
} from './opened.ts';

export function imageQueues(get: Get): void {
  describe('an image that is queued', () => {
    it('is handed out once, to many who ask at once', async () => {
      const { images, id } = await hunt('many claimers', 120);
      const others = await Promise.all(Array.from({ length: 7 }, () => queueOf('many claimers')));
      const claims = await Promise.all(
        [images, ...others].map(async (one) => {
          const all: Claim[] = [];
          for (let some = await one.claim(7); some.length > 0; some = await one.claim(7)) all.push(...some);
          return all;
        }),
      );
      const ordinals = claims.flat().map((one) => one.place?.ordinal);
      assert.equal(ordinals.length, 120);
      assert.equal(new Set(ordinals).size, 120);
      assert.ok(claims.flat().every((one) => one.place?.hunt === id));
    });

    it('carries all that a worker needs', async () => {
      const { images, id } = await hunt('carried', 1, { platform: 'linux/arm64', insecure: true });
      const [claim] = await images.claim(1);
      const { job, ...rest } = claim!;
      assert.equal(job.retryCount, 0);
      const image = listed(repositoryOf('carried'), 'carried 0', '0');
      assert.deepEqual(rest, {
        place: { hunt: id, ordinal: 1 },
        reference: image.reference,
        repository: image.repository,
        target: image.target,
        platform: 'linux/arm64',
        insecure: true,
        isLastTry: false,
      });
    });

    it('is not for workers with other rules, nor for other machines where it lies on a disk', async () => {
      const { store, queue } = get();
      const { images } = await hunt('here only', 2, { isLocal: true });
      const elsewhere = await imageQueue(store.db, queue, rulesOf('here only'), 'other-host');
      assert.deepEqual(await elsewhere.claim(10), []);
      assert.deepEqual(await (await queueOf('other rules altogether')).claim(10), []);
      assert.equal((await images.claim(10)).length, 2);
    });

    it('is handed out as many at a time as are asked for', async () => {
      const { images } = await hunt('counted out', 5);
      assert.deepEqual(
        [await images.claim(2), await images.claim(2), await images.claim(2), await images.claim(2)].map(
          (one) => one.length,
        ),
        [2, 2, 1, 0],
      );
    });

    it('goes to somebody else when its lease has lapsed, and the late record changes nothing twice', async () => {
      const { images, id } = await hunt('lapsed', 1);
      const somebodyElse = await queueOf('lapsed');
      const [late] = await images.claim(1);
      await lapse('lapsed');
      const [claim] = await somebodyElse.claim(1);
      assert.equal(claim?.place?.ordinal, late?.place?.ordinal);
      assert.equal(claim?.job.retryCount, 1);
      await somebodyElse.record([{ claim: claim!, outcome: outcome('lapsed 0', 'lapsed') }]);
      const before = await state(id);
      await images.record([
        { claim: late!, outcome: outcome('lapsed 0', 'lapsed', { findings: [miner('late')] }) },
      ]);
      await images.record([
        { claim: late!, outcome: { kind: 'failed', code: 'network', message: 'late', again: true } },
      ]);
      await images.record([
        { claim: late!, outcome: { kind: 'failed', code: 'missing', message: 'late', again: false } },
      ]);
      assert.deepEqual(await state(id), before);
      assert.deepEqual(await images.claim(1), []);
    });

    it('recorded by the first one late ends it for the second one too', async () => {
      const { images, id } = await hunt('late first', 1);
      const somebodyElse = await queueOf('late first');
      const [late] = await images.claim(1);
      await lapse('late first');
      const [claim] = await somebodyElse.claim(1);
      await images.record([
        { claim: late!, outcome: outcome('late first 0', 'late first', { findings: [miner('late first')] }) },
      ]);
      const before = await state(id);
      assert.equal(before[0]?.verdict, 'malicious');
      await somebodyElse.keep([claim!]);
      await somebodyElse.record([{ claim: claim!, outcome: outcome('late first 0', 'late first') }]);
      assert.deepEqual(await state(id), before);
      const told = await get()
        .store.db.selectFrom('activity')
        .selectAll()
        .where('link', '=', `/images/${before[0]!.image}`)
        .execute();
      assert.equal(told.length, 1);
    });

    it('stays with whoever renews its lease', async () => {
      const { images } = await hunt('renewed lease', 1);
      const claims = await images.claim(1);
      await lapse('renewed lease', async () => images.keep(claims));
      assert.deepEqual(await images.claim(1), []);
      await images.keep([]);
    });

    it('is given back without losing a try, for anybody at once', async () => {
      const { images } = await hunt('given back', 2);
      const other = await queueOf('given back');
      for (let round = 0; round < mostTries + 1; round++) {
        const claims = await images.claim(2);
        assert.deepEqual(
          claims.map((one) => one.job.retryCount),
          [0, 0],
        );
        await images.release(claims);
      }
      assert.equal((await other.claim(2)).length, 2);
      await images.release([]);
    });

    it('given back by somebody who has lost it stays with whoever has it', async () => {
      const { images } = await hunt('lost and given', 1);
      const [lost] = await images.claim(1);
      await lapse('lost and given');
      const [held] = await images.claim(1);
      await images.release([lost!]);
      assert.deepEqual(await images.claim(1), [], 'it was handed out a third time');
      await images.record([{ claim: held!, outcome: outcome('lost and given 0', 'lost and given') }]);
      await images.release([held!]);
      assert.deepEqual(await images.claim(1), [], 'what is done was handed out again');
    });

    it('that fails for now comes back a little later', async () => {
      const { images, id } = await hunt('for now', 1);
      const [claim] = await images.claim(1);
      await images.record([
        { claim: claim!, outcome: { kind: 'failed', code: 'network', message: 'no route', again: true } },
      ]);
      assert.deepEqual(await images.claim(1), [], 'at once it would only fail again');
      assert.equal((await state(id))[0]?.state, 'waiting');
      await comeBack('for now');
      const [again] = await images.claim(1);
      assert.equal(again?.job.retryCount, 1);
      assert.equal(again?.isLastTry, false);
      await images.record([{ claim: again!, outcome: outcome('for now 0', 'for now') }]);
      assert.equal((await state(id))[0]?.state, 'done');
    });

    it('that fails for good is recorded at once', async () => {
      const { images, id, hunts } = await hunt('for good', 1);
      const [claim] = await images.claim(1);
      await images.record([
        {
          claim: claim!,
          outcome: {
            kind: 'failed',
            code: 'missing',
            message: 'no such manifest',
            again: false,
          },
        },
      ]);
      assert.deepEqual(await state(id), [{ state: 'failed', problem: 'no such manifest' }]);
      assert.equal((await hunts.finish(id))?.images.incomplete, 1);
    });

    it('that fails at its last try is recorded as failed, whatever may help', async () => {
      const { images, id } = await hunt('last try', 1);
      await setTries('last try', mostTries - 2);
      const [claim] = await images.claim(1);
      assert.equal(claim?.isLastTry, false);
      await images.release([claim!]);
      await setTries('last try', mostTries - 1);
      const [last] = await images.claim(1);
      assert.equal(last?.isLastTry, true);
      await images.record([
        {
          claim: last!,
          outcome: { kind: 'failed', code: 'network', message: 'still no route', again: true },
        },
      ]);
      assert.deepEqual(await state(id), [{ state: 'failed', problem: 'still no route' }]);
      await comeBack('last try');
      assert.deepEqual(await images.claim(1), []);
    });

    it('whose workers all died lies among the dead, and fails its hunt’s image', async () => {
      const { queue } = get();
      const { images, id, hunts } = await hunt('dead', 2);
      await setTries('dead', mostTries - 1);
      const [one, two] = await images.claim(2);
      await images.record([{ claim: two!, outcome: outcome(`dead ${two!.place!.ordinal - 1}`, 'dead') }]);
      await lapse('dead');
      assert.deepEqual(await images.claim(2), []);
      const dead = await queue.boss.findJobs<{ hunt: number; reference: string }>(deadQueue, {
        data: { hunt: id },
      });
      assert.deepEqual(
        dead.map((job) => job.data.reference),
        [one!.reference],
      );
      const result = await hunts.finish(id);
      assert.equal(result?.images.incomplete, 1);
      assert.equal(result?.images.clean, 1);
      const failed = (await state(id)).find((each) => each.state === 'failed');
      assert.match(failed?.problem ?? '', /again and again/);
      // Its last worker was not dead after all.
      await images.record([{ claim: one!, outcome: outcome('dead late', 'dead') }]);
      assert.deepEqual(await hunts.finish(id), result);
    });
  });

  describe('the record of a scanned image', () => {
    it('is all or nothing', async () => {
      const { store } = get();
      const { images, id } = await hunt('nothing', 1);
      const [claim] = await images.claim(1);
      const good = layerOf('nothing good', [observed('nothing.example.invalid')]);
      // Written last, and more than its column holds.
      const bad = { ...layerOf('nothing bad'), files: 2 ** 40 };
      const layers = [good, bad];
      const findings = [miner('nothing')];
      const failing = outcome('nothing 0', 'nothing', { findings, layers });
      await assert.rejects(images.record([{ claim: claim!, outcome: failing }]), /out of range/);
      assert.deepEqual(await state(id), [{ state: 'waiting' }]);
      const digest = digestOf('nothing 0');
      for (const [table, column, value] of [
        ['images', 'digest', digest],
        ['layers', 'diff_id', good.diffId],
        ['observables', 'value', 'nothing.example.invalid'],
        ['findings', 'finding', findings[0]!.id],
      ] as const) {
        const { rows } =
          await sql`select 1 from ${sql.table(table)} where ${sql.ref(column)} = ${value}`.execute(store.db);
        assert.equal(rows.length, 0, `${table} has part of it`);
      }
      assert.equal(images.hasLayer(good.diffId), false);
      // It is still in hand, and may be recorded otherwise.
      await images.record([
        { claim: claim!, outcome: outcome('nothing 0', 'nothing', { findings, layers: [good] }) },
      ]);
      assert.equal((await state(id))[0]?.verdict, 'malicious');
      assert.equal(images.hasLayer(good.diffId), true);
    });

    it('tells of a bad image once, and again when its verdict changed in between', async () => {
      const { store } = get();
      const findings = [miner('news')];
      const told = async (image: number): Promise<string[]> => {
        const rows = await store.db
          .selectFrom('activity')
          .selectAll()
          .where('link', '=', `/images/${image}`)
          .execute();
        return rows.map((one) => one.type);
      };
      const image = await record(store, scanned('news', { repository: repositoryOf('news'), rules: 'none' }));
      assert.deepEqual(await told(image), []);
      for (const round of [1, 2]) {
        const { images } = await hunt(`news ${round}`, 0);
        await rescan(image, `news ${round}`);
        const [claim] = await images.claim(1);
        await images.record([{ claim: claim!, outcome: outcome('news', `news ${round}`, { findings }) }]);
        assert.deepEqual(await told(image), ['image.malicious']);
      }
    });
  });

  describe('an image that somebody wants scanned', () => {
    it('comes before those of hunts, and is queued once', async () => {
      const { store } = get();
      const { images } = await hunt('wanted', 3);
      const id = await record(store, scanned('wanted', { findings: [miner('wanted')] }));
      await rescan(id, 'wanted');
      await rescan(id, 'wanted');
      const claims = await images.claim(10);
      assert.equal(claims.length, 4);
      const [first] = claims;
      assert.equal(first?.place, undefined);
      assert.equal(first?.reference, 'registry.example.invalid/wanted:1');
      await images.record([{ claim: first!, outcome: outcome('wanted', 'wanted') }]);
      assert.equal((await imageDetail(store.db, id))?.image.verdict, 'clean');
      // Recorded late by another worker, it is what that one says.
      await images.record([{ claim: first!, outcome: outcome('wanted', 'wanted') }]);
      assert.equal((await imageDetail(store.db, id))?.image.verdict, 'clean');
    });

    it('of a hunt’s source is listed once, however often it is asked for', async () => {
      const { store, queue } = get();
      const { id } = await huntStore(store.db, queue, 'host').begin(request('registry:listed once'));
      const rules = rulesOf('listings');
      await Promise.all([1, 2, 3].map(() => queueListing(queue, id, rules)));
      const jobs = await queue.boss.fetch(listingQueueName(rules), { batchSize: 10 });
      assert.deepEqual(
        jobs.map((one) => one.data),
        [{ hunt: id }],
      );
    });

    it('and is not there is not queued', async () => {
      const { store, queue } = get();
      assert.equal(await queueRescan(store.db, queue, 2_000_000_000, rulesOf('none')), undefined);
    });
  });

  async function hunt(name: string, count: number, changes: Partial<HuntRequest> = {}) {
    const { store, queue } = get();
    const hunts = huntStore(store.db, queue, 'host');
    const { id } = await hunts.begin(
      request(`registry:queue ${name}`, { ruleset: rulesOf(name), ...changes }),
    );
    const images = Array.from({ length: count }, (_, at) =>
      listed(repositoryOf(name), `${name} ${at}`, String(at)),
    );
    await hunts.add(id, images);
    await hunts.listed(id, []);
    return { hunts, id, images: await queueOf(name) };
  }

  async function queueOf(name: string): Promise<ImageQueue> {
    const { store, queue } = get();
    return imageQueue(store.db, queue, rulesOf(name), 'host');
  }

  async function rescan(image: number, name: string): Promise<void> {
    const { store, queue } = get();
    await queueRescan(store.db, queue, image, rulesOf(name));
  }

  async function state(id: number) {
    const { items } = await listHuntImages(get().store.db, id, { limit: 100 });
    return items.map(({ state, problem, verdict, image }) => ({
      state,
      ...(problem !== undefined && { problem }),
      ...(verdict !== undefined && { verdict }),
      ...(image !== undefined && { image }),
    }));
  }

  /** The clock of the queue is turned, so that nobody has to wait; `test/slow/` waits. */
  async function lapse(name: string, meanwhile?: () => Promise<void>): Promise<void> {
    const { store, queue } = get();
    const queueName = imageQueueName(rulesOf(name), undefined);
    await sql`update pgboss.job set heartbeat_on = heartbeat_on - interval '1 minute'
      where name = ${queueName} and state = 'active'`.execute(store.db);
    await meanwhile?.();
    // It looks at a queue once in a while only.
    await sql`update pgboss.queue set monitor_on = null where name = ${queueName}`.execute(store.db);
    await queue.boss.supervise(queueName);
    await comeBack(name);
  }

  async function comeBack(name: string): Promise<void> {
    await sql`update pgboss.job set start_after = now() - interval '1 second'
      where name = ${imageQueueName(rulesOf(name), undefined)} and state = 'retry'`.execute(get().store.db);
  }

  async function setTries(name: string, tries: number): Promise<void> {
    await sql`update pgboss.job set retry_count = ${tries}
      where name = ${imageQueueName(rulesOf(name), undefined)}`.execute(get().store.db);
  }
}

function rulesOf(name: string): string {
  return digestOf(`rules of queue ${name}`);
}

function repositoryOf(name: string): string {
  return `registry.example.invalid/queue/${name}`;
}

function outcome(content: string, name: string, sample: Parameters<typeof reportOf>[1] = {}): Outcome {
  const report = reportOf(content, { ...sample, rules: rulesOf(name) });
  return { kind: 'scanned', report, layers: sample.layers ?? [] };
}

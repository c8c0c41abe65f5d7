/** Tags move and go: what no name leads to any more is kept, and nothing of it is open until it is back. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ListedImage } from '../../../src/hunt/source/source.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { huntStore } from '../../../src/store/hunts.ts';
import { imageQueue, imageQueueName } from '../../../src/store/image-queue.ts';
import { imageDetail } from '../../../src/store/images.ts';
import { queueRescan } from '../../../src/store/rescans.ts';
import { digestOf, type Get, listed, miner, reportOf, request, secret } from './opened.ts';

export function names(get: Get): void {
  describe('names', () => {
    interface Content {
      readonly digest: string;
      readonly findings: readonly Finding[];
      /** Cannot be scanned. */
      readonly fails?: boolean;
    }

    /** Hunts a source that lists these images, and scans what is new of them. */
    async function hunt(
      source: string,
      images: readonly ListedImage[],
      contents: readonly Content[],
      changes: { readonly rules?: string; readonly platform?: string; readonly whole?: undefined } = {},
    ): Promise<void> {
      const { rules = digestOf(source), platform = 'linux/amd64' } = changes;
      const whole = 'whole' in changes ? undefined : source.slice('registry:'.length);
      const { store, queue } = get();
      const hunts = huntStore(store.db, queue, 'host');
      const { id } = await hunts.begin(request(source, { ruleset: rules, platform }));
      await hunts.add(id, images);
      await hunts.listed(id, [], whole);
      await scanAll(rules, contents);
      assert.ok(await hunts.finish(id));
    }

    async function scanAll(rules: string, contents: readonly Content[]): Promise<void> {
      const { store, queue } = get();
      const images = await imageQueue(store.db, queue, rules, 'host');
      for (const claim of await images.claim(100)) {
        const content = contents.find((one) => claim.target.endsWith(`@${digestOf(one.digest)}`));
        assert.ok(content !== undefined, claim.target);
        const { findings, fails = false } = content;
        const report = reportOf(claim.reference, { content: content.digest, findings, rules });
        const failed = { kind: 'failed', code: 'missing', message: 'gone', again: false } as const;
        await images.record([{ claim, outcome: fails ? failed : { kind: 'scanned', report, layers: [] } }]);
      }
    }

    async function detailOf(repository: string, content: string) {
      const { db } = get().store;
      const { id } = await db
        .selectFrom('images')
        .select('id')
        .where('repository', '=', repository)
        .where('digest', '=', digestOf(content))
        .executeTakeFirstOrThrow();
      return (await imageDetail(db, id))!;
    }

    async function stateOf(repository: string, content: string) {
      const { image, findings } = await detailOf(repository, content);
      return {
        verdict: image.verdict,
        open: image.findings,
        gone: image.goneAt !== undefined,
        findings: findings.map((one) => one.status).sort(),
      };
    }

    const host = 'names.example.com';
    const source = `registry:${host}`;
    const there = { verdict: 'malicious', gone: false, open: 1 };
    const away = { verdict: 'malicious', gone: true, open: 0, findings: ['resolved'] };

    it('that move take the findings of the image before with them, and bring them back', async () => {
      const repository = `${host}/moved/app`;
      const bad = { digest: 'moved bad', findings: [miner('moved')] };
      const good = { digest: 'moved good', findings: [] };
      const over = `${source}/moved`;
      await hunt(over, [listed(repository, bad.digest)], [bad]);
      assert.deepEqual(await stateOf(repository, bad.digest), { ...there, findings: ['open'] });
      await hunt(over, [listed(repository, good.digest)], [good]);
      assert.deepEqual(await stateOf(repository, bad.digest), away);
      assert.equal((await detailOf(repository, bad.digest)).references[0]?.current, false);
      // Unchanged since it was scanned, and back under another tag.
      await hunt(over, [listed(repository, bad.digest, '2'), listed(repository, good.digest)], []);
      assert.deepEqual(await stateOf(repository, bad.digest), { ...there, findings: ['reopened'] });
      assert.equal((await stateOf(repository, good.digest)).gone, false);
    });

    it('that a whole listing does not tell of are gone, and those of other repositories and platforms are not', async () => {
      const images = ['lost/a', 'lost/b', 'lost-too/a'].map((one) => listed(`${host}/${one}`, one));
      const contents = ['lost/a', 'lost/b', 'lost-too/a'].map((one) => ({
        digest: one,
        findings: [miner(one)],
      }));
      const rules = digestOf('rules of the lost');
      await hunt(source, images, contents, { rules });
      await hunt(`${source}/lost`, [images[0]!], contents, { rules });
      assert.deepEqual(await stateOf(`${host}/lost/b`, 'lost/b'), away);
      for (const one of ['lost/a', 'lost-too/a'])
        assert.equal((await stateOf(`${host}/${one}`, one)).gone, false, one);
      await hunt(`${source}/lost`, [], [], { rules, platform: 'linux/arm64' });
      assert.equal((await stateOf(`${host}/lost/a`, 'lost/a')).gone, false);
    });

    it('stay where a listing did not tell of all', async () => {
      const image = listed(`${host}/partly/app`, 'partly');
      await hunt(`${source}/partly`, [image], [{ digest: 'partly', findings: [miner('partly')] }]);
      await hunt(`${source}/partly`, [], [], { whole: undefined });
      assert.equal((await stateOf(`${host}/partly/app`, 'partly')).gone, false);
    });

    it('stay where the image could not be scanned again', async () => {
      const repository = `${host}/broken/app`;
      const content = { digest: 'broken', findings: [miner('broken')] };
      await hunt(`${source}/broken`, [listed(repository, content.digest)], [content]);
      const rules = digestOf('other rules for the broken');
      await hunt(`${source}/broken`, [listed(repository, content.digest)], [{ ...content, fails: true }], {
        rules,
      });
      assert.deepEqual(await stateOf(repository, content.digest), { ...there, findings: ['open'] });
    });

    it('are not taken from the image that has them when one that had them is scanned again', async () => {
      const { store, queue } = get();
      const repository = `${host}/rescanned/app`;
      const over = `${source}/rescanned`;
      const rules = digestOf(over);
      const bad = { digest: 'rescanned bad', findings: [miner('rescanned')] };
      const good = { digest: 'rescanned good', findings: [] };
      await hunt(over, [listed(repository, bad.digest)], [bad]);
      await hunt(over, [listed(repository, good.digest)], [good]);
      const { image } = await detailOf(repository, bad.digest);
      await queue.ready(imageQueueName(rules, undefined));
      assert.ok(await queueRescan(store.db, queue, image.id, rules));
      // With more in it than before; and nothing of that is open.
      const found = { ...bad, findings: [miner('rescanned'), secret('rescanned key')] };
      await scanAll(rules, [found]);
      assert.deepEqual(await stateOf(repository, bad.digest), {
        ...away,
        findings: ['resolved', 'resolved'],
      });
      assert.equal((await detailOf(repository, good.digest)).references[0]?.current, true);
    });

    it('that come back do not reopen what a scan meanwhile did not find', async () => {
      const { store, queue } = get();
      const repository = `${host}/healed/app`;
      const over = `${source}/healed`;
      const rules = digestOf(over);
      const bad = { digest: 'healed', findings: [miner('healed'), secret('healed key')] };
      await hunt(over, [listed(repository, bad.digest)], [bad]);
      await hunt(over, [], []);
      const { image } = await detailOf(repository, bad.digest);
      assert.ok(image.goneAt !== undefined);
      assert.ok(await queueRescan(store.db, queue, image.id, rules));
      await scanAll(rules, [{ ...bad, findings: [miner('healed')] }]);
      await hunt(over, [listed(repository, bad.digest)], []);
      assert.deepEqual(await stateOf(repository, bad.digest), {
        ...there,
        findings: ['reopened', 'resolved'],
      });
    });
  });
}

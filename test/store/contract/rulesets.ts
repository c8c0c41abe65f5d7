/** New rules and what was seen before: what they could match is scanned again, and nothing else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RulePart } from '../../../src/detect/rules/part.ts';
import { imageQueue, imageQueueName } from '../../../src/store/image-queue.ts';
import { beginRuleHunt, endRuleHunts, retroHuntById } from '../../../src/store/retro-hunts.ts';
import { addRuleset, claimRuleHunt, outdatedBy } from '../../../src/store/rulesets.ts';
import { digestOf, type Get, layerOf, miner, record, reportOf, scanned } from './opened.ts';

const programs = 1;
const texts = 4;

const part = (name: string, changes: Partial<RulePart> = {}): RulePart => ({
  digest: digestOf(name).slice(7, 23),
  forms: programs,
  wide: false,
  ...changes,
});

export function rulesets(get: Get): void {
  describe('rulesets', () => {
    const before = digestOf('rules of yesterday');
    const layers = (name: string, forms: number) => [{ ...layerOf(name), forms }];

    /** Three images of the rules of yesterday: with a program, with texts, and with a layer of which nothing is known. */
    async function yesterday(name: string) {
      const { store } = get();
      const sample = { rules: before };
      return {
        program: await record(
          store,
          scanned(`${name} program`, { ...sample, layers: layers(name, programs | texts) }),
        ),
        text: await record(
          store,
          scanned(`${name} text`, { ...sample, layers: layers(`${name} text`, texts) }),
        ),
        unknown: await record(store, scanned(`${name} unknown`, sample)),
      };
    }

    const outdated = (digest: string) =>
      get()
        .store.db.transaction()
        .execute((tx) => outdatedBy(tx, digest));

    async function rulesetOf(id: number): Promise<string> {
      const row = await get()
        .store.db.selectFrom('images')
        .select('ruleset')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return row.ruleset;
    }

    it('are added once, and searched with once', async () => {
      const { db } = get().store;
      const digest = digestOf('rules that come twice');
      assert.equal(await addRuleset(db, digest, [part('one')]), true);
      assert.equal(await addRuleset(db, digest, [part('one')]), false);
      const claim = () => db.transaction().execute((tx) => claimRuleHunt(tx, digest));
      assert.equal(await claim(), true);
      assert.equal(await claim(), false);
      const unknown = await db.transaction().execute((tx) => claimRuleHunt(tx, digestOf('nobody')));
      assert.equal(unknown, false);
    });

    it('see again the images in which their difference could match, and take the others for seen', async () => {
      const { db } = get().store;
      await addRuleset(db, before, [part('kept', { forms: texts }), part('gone')]);
      const images = await yesterday('programs only');
      const digest = digestOf('rules for programs');
      await addRuleset(db, digest, [part('kept', { forms: texts }), part('new')]);
      const { images: again } = await outdated(digest);
      assert.ok(again.includes(images.program));
      assert.ok(again.includes(images.unknown));
      assert.ok(!again.includes(images.text));
      assert.equal(await rulesetOf(images.program), before);
      assert.equal(await rulesetOf(images.text), digest);
    });

    it('see all again where they say nothing of themselves, or differ in what looks beyond files', async () => {
      const { db } = get().store;
      const images = await yesterday('wide');
      const unknown = digestOf('rules of which nothing is known');
      const wide = digestOf('rules that look at names');
      await addRuleset(db, wide, [
        part('kept', { forms: texts }),
        part('gone'),
        part('names', { wide: true }),
      ]);
      for (const digest of [unknown, wide]) {
        const { images: again } = await outdated(digest);
        for (const id of Object.values(images)) assert.ok(again.includes(id));
        assert.equal(await rulesetOf(images.text), before);
      }
    });

    it('have a retro-hunt that counts what it found, and ends with the last of its images', async () => {
      const { store, queue } = get();
      const { db } = store;
      const digest = digestOf('rules that find more');
      const name = `found later ${Date.now()}`;
      const { program, text } = await yesterday(name);
      await addRuleset(db, digest, [part('kept', { forms: texts }), part('gone'), part('more')]);
      await queue.ready(imageQueueName(digest, undefined));
      // Of the images of other tests there is nobody to ask.
      await db
        .updateTable('images')
        .set({ ruleset: digest })
        .where('id', 'not in', [program, text])
        .execute();
      const id = await db.transaction().execute((tx) => beginRuleHunt(tx, queue, digest, { always: false }));
      assert.ok(id !== undefined);
      const begun = await retroHuntById(db, id);
      assert.equal(begun?.state, 'running');
      assert.equal(begun.rescanned, 1);
      await endRuleHunts(db);
      assert.equal((await retroHuntById(db, id))?.state, 'running');

      const images = await imageQueue(db, queue, digest, 'here');
      const [claim, ...others] = await images.claim(10);
      assert.equal(others.length, 0);
      assert.equal(claim?.retro, id);
      const report = reportOf(`${name} program`, {
        rules: digest,
        layers: layers(name, programs | texts),
        findings: [miner(name)],
      });
      await images.record([{ claim, outcome: { kind: 'scanned', report, layers: [] } }]);
      await endRuleHunts(db);
      const ended = await retroHuntById(db, id);
      assert.equal(ended?.state, 'done');
      assert.equal(ended.hits, 1);
      assert.ok(ended.endedAt !== undefined);
    });

    it('begin no retro-hunt where there is nothing to see again, unless they are told to', async () => {
      const { store, queue } = get();
      const digest = digestOf('rules of everybody');
      await store.db.updateTable('images').set({ ruleset: digest }).execute();
      const begin = (always: boolean) =>
        store.db.transaction().execute((tx) => beginRuleHunt(tx, queue, digest, { always }));
      assert.equal(await begin(false), undefined);
      const id = await begin(true);
      await endRuleHunts(store.db);
      assert.equal((await retroHuntById(store.db, id!))?.state, 'done');
    });
  });
}

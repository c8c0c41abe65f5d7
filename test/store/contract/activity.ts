/** The feed: numbers become visible in their order, so that whoever follows it misses nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { activity as activityShape } from '../../../src/api/overview.ts';
import { addActivity } from '../../../src/store/activity.ts';
import { activityAfter, recentActivity } from '../../../src/store/overview.ts';
import type { Get } from './opened.ts';

export function activity(get: Get): void {
  const add = (key: string, text = key, wait = 0): Promise<void> =>
    get()
      .store.db.transaction()
      .execute(async (tx) => {
        await addActivity(tx, { type: 'test.fed', severity: 'info', text, key, link: '/images/1' });
        // What a commit takes on a slow disk.
        await sleep(wait);
      });

  describe('the feed', () => {
    it('told by many at once is read by its numbers without a gap', async () => {
      const { other } = get();
      const last = (await recentActivity(other.db, 1))[0]?.id ?? 0;
      const writers = 8;
      const each = 8;
      let isOver = false;
      const written = Promise.all(
        Array.from({ length: writers }, async (_, writer) => {
          for (let at = 0; at < each; at++)
            await add(`fed ${writer} ${at}`, undefined, (writer * 7 + at * 3) % 5);
        }),
      ).then(() => {
        isOver = true;
      });
      const seen: string[] = [];
      let after = last;
      while (true) {
        const wasOver = isOver;
        const some = await activityAfter(other.db, after, 5);
        for (const one of some) {
          assert.ok(one.id > after);
          after = one.id;
          if (one.text.startsWith('fed ')) seen.push(one.text);
        }
        if (some.length === 0 && wasOver) break;
      }
      await written;
      assert.equal(seen.length, writers * each);
      assert.equal(new Set(seen).size, writers * each);
    });

    it('has what is told twice once', async () => {
      await Promise.all([add('twice told'), add('twice told'), add('twice told')]);
      const all = await recentActivity(get().store.db, 20);
      assert.equal(all.filter((one) => one.text === 'twice told').length, 1);
    });

    it('has nothing of what was taken back', async () => {
      const { store } = get();
      const told = store.db.transaction().execute(async (tx) => {
        await addActivity(tx, { type: 'test', severity: 'high', text: 'taken back', key: 'taken back' });
        throw new Error('taken back');
      });
      await assert.rejects(told, /taken back/);
      assert.ok((await recentActivity(store.db, 20)).every((one) => one.text !== 'taken back'));
    });

    it('gives its lines in the form that is promised, the newest first', async () => {
      await add('form 1');
      await add('form 2');
      const [newest, second] = await recentActivity(get().store.db, 2);
      activityShape.parse(newest);
      assert.equal(newest?.text, 'form 2');
      assert.equal(second?.text, 'form 1');
    });
  });
}

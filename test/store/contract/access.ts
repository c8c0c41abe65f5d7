/** Who may come in, and the log of what they did. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { auditEntry, token as tokenShape, user as userShape } from '../../../src/api/access.ts';
import {
  addLink,
  audit,
  closeSession,
  findSession,
  findToken,
  listAudit,
  newSecret,
  openSession,
  storedSecret,
  takeLink,
} from '../../../src/store/access.ts';
import { firstLink } from '../../../src/store/first-user.ts';
import type { Get } from './opened.ts';

export function access(get: Get): void {
  describe('a sign-in link', () => {
    it('signs in once', async () => {
      const id = await user('once');
      const { secret, expiresAt } = await addLink(get().store.db, id);
      assert.ok(Date.parse(expiresAt) > Date.now() + 9 * 60_000);
      assert.ok(Date.parse(expiresAt) < Date.now() + 11 * 60_000);
      const taken = await take(secret);
      userShape.parse(taken);
      assert.equal(taken?.id, id);
      assert.equal(await take(secret), undefined);
    });

    it('signs in one of two that come at the same moment', async () => {
      const { store, other } = get();
      for (let round = 0; round < 5; round++) {
        const { secret } = await addLink(store.db, await user(`two-${round}`));
        const both = await Promise.all([take(secret), take(secret, other), take(secret)]);
        assert.equal(both.filter((one) => one !== undefined).length, 1);
      }
    });

    it('is worth nothing when its time is over, for somebody who is shut out, or guessed', async () => {
      const { db } = get().store;
      const over = await addLink(db, await user('over'));
      await db.updateTable('sign_in_links').set({ expires_at: sql<Date>`now()` }).execute();
      assert.equal(await take(over.secret), undefined);
      const out = await addLink(db, await user('out', { disabled: true }));
      assert.equal(await take(out.secret), undefined);
      for (const guess of ['', 'x', newSecret().secret, '\0']) assert.equal(await take(guess), undefined);
    });

    it('that was not used is still good when its use failed', async () => {
      const { store } = get();
      const { secret } = await addLink(store.db, await user('failed'));
      const failing = store.db.transaction().execute(async (tx) => {
        await takeLink(tx, secret);
        throw new Error('no session');
      });
      await assert.rejects(failing, /no session/);
      assert.ok(await take(secret));
    });

    it('is given to the first admin at every start, who is one and the same', async () => {
      const { store, other } = get();
      const links = await Promise.all([firstLink(store.db), firstLink(other.db), firstLink(store.db)]);
      const users = [];
      for (const { secret } of links) users.push(await take(secret));
      assert.equal(new Set(users.map((one) => one?.id)).size, 1);
      assert.equal(users[0]?.role, 'admin');
      assert.equal(users[0]?.hasPassword, false);
    });

    it('opens the door again where every admin is shut out', async () => {
      const { db } = get().store;
      await db.updateTable('users').set({ disabled: true }).where('role', '=', 'admin').execute();
      const { secret } = await firstLink(db);
      const admin = await take(secret);
      assert.equal(admin?.role, 'admin');
      assert.equal(admin?.disabled, false);
    });
  });

  describe('a session', () => {
    it('is its user’s until it is closed', async () => {
      const { store } = get();
      const id = await user('session');
      const { secret } = await open(id);
      const found = await findSession(store.db, secret);
      assert.equal(found?.user.id, id);
      assert.ok(found?.user.lastSeenAt);
      await closeSession(store.db, secret);
      assert.equal(await findSession(store.db, secret), undefined);
      await closeSession(store.db, secret);
    });

    it('ends by itself, and is prolonged while it is used', async () => {
      const { db } = get().store;
      const { secret } = await open(await user('prolonged'));
      const stored = storedSecret(secret);
      const left = async (minutes: number) => {
        const until = sql<Date>`now() + ${minutes} * interval '1 minute'`;
        await db.updateTable('sessions').set({ expires_at: until }).where('secret', '=', stored).execute();
      };
      await left(5);
      assert.ok(await findSession(db, secret));
      const again = await findSession(db, secret);
      assert.ok(Date.parse(again!.expiresAt) > Date.now() + 11 * 3_600_000);
      await left(-1);
      assert.equal(await findSession(db, secret), undefined);
      // The next one to sign in takes it away.
      await open(await user('next'));
      const rows = await db.selectFrom('sessions').select('user_id').where('secret', '=', stored).execute();
      assert.deepEqual(rows, []);
    });

    it('ends with its user’s access, and with its user', async () => {
      const { db } = get().store;
      const id = await user('shut-out');
      const { secret } = await open(id);
      await db.updateTable('users').set({ disabled: true }).where('id', '=', id).execute();
      assert.equal(await findSession(db, secret), undefined);
      await db.deleteFrom('users').where('id', '=', id).execute();
      assert.equal(await findSession(db, secret), undefined);
    });

    it('is kept as a hash, so that a copy of the store lets nobody in', async () => {
      const { store } = get();
      const { secret } = await open(await user('hashed'));
      const link = await addLink(store.db, await user('hashed-link'));
      for (const table of ['sessions', 'sign_in_links'] as const) {
        const rows = await store.db.selectFrom(table).select('secret').execute();
        for (const row of rows) {
          assert.equal(row.secret.length, 32);
          assert.ok(!row.secret.includes(Buffer.from(secret).subarray(0, 8)));
          assert.ok(!row.secret.includes(Buffer.from(link.secret).subarray(0, 8)));
        }
      }
    });
  });

  describe('a token', () => {
    it('is good until its date, or for ever without one', async () => {
      const { db } = get().store;
      const tomorrow = new Date(Date.now() + 86_400_000);
      const good = await token('good', tomorrow);
      const found = await findToken(db, good);
      tokenShape.parse(found);
      assert.deepEqual(found?.scopes, ['read', 'hunt']);
      assert.equal(found?.expiresAt, tomorrow.toISOString());
      assert.ok(!JSON.stringify(found).includes(good));
      assert.ok(await findToken(db, await token('for ever', null)));
      assert.equal(await findToken(db, await token('over', new Date(Date.now() - 1000))), undefined);
      assert.equal(await findToken(db, `${good}x`), undefined);
      assert.equal(await findToken(db, ''), undefined);
    });

    it('knows its last use, to the minute', async () => {
      const { db } = get().store;
      const secret = await token('used', null);
      const stored = storedSecret(secret);
      await findToken(db, secret);
      const first = (await findToken(db, secret))?.lastUsedAt;
      assert.ok(first);
      assert.equal((await findToken(db, secret))?.lastUsedAt, first);
      const old = new Date(Date.now() - 120_000);
      await db.updateTable('tokens').set({ last_used_at: old }).where('secret', '=', stored).execute();
      await findToken(db, secret);
      assert.ok(Date.parse((await findToken(db, secret))!.lastUsedAt!) > old.getTime());
    });
  });

  describe('the audit log', () => {
    it('has no line of what was not done, and nothing is done without its line', async () => {
      const { store } = get();
      const action = 'test.transaction';
      const attempt = (fails: boolean) =>
        store.db.transaction().execute(async (tx) => {
          await tx
            .insertInto('users')
            .values({ name: `audited-${fails}`, role: 'viewer' })
            .execute();
          await audit(tx, { name: 'user:test', address: '127.0.0.1' }, action, `user:${fails}`, { fails });
          if (fails) throw new Error('not done');
        });
      await assert.rejects(attempt(true), /not done/);
      await attempt(false);
      const { items } = await listAudit(store.db, { action, limit: 10 });
      assert.deepEqual(
        items.map((one) => [one.subject, one.detail, one.actor, one.address]),
        [['user:false', { fails: false }, 'user:test', '127.0.0.1']],
      );
      for (const item of items) auditEntry.parse(item);
      const users = await store.db
        .selectFrom('users')
        .select('name')
        .where('name', 'like', 'audited-%')
        .execute();
      assert.deepEqual(users, [{ name: 'audited-false' }]);
    });

    it('takes the change with it where it cannot be written', async () => {
      const { store } = get();
      const change = store.db.transaction().execute(async (tx) => {
        await tx.insertInto('users').values({ name: 'unaudited', role: 'viewer' }).execute();
        await audit(tx, { name: null as unknown as string }, 'test.unaudited', 'user:unaudited');
      });
      await assert.rejects(change);
      const users = await store.db.selectFrom('users').select('id').where('name', '=', 'unaudited').execute();
      assert.deepEqual(users, []);
    });
  });

  async function user(name: string, more: { readonly disabled?: boolean } = {}): Promise<number> {
    const { id } = await get()
      .store.db.insertInto('users')
      .values({ name: `test-${name}`, role: 'analyst', ...more })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }

  async function take(secret: string, { db } = get().store) {
    return db.transaction().execute((tx) => takeLink(tx, secret));
  }

  async function open(id: number) {
    return get()
      .store.db.transaction()
      .execute((tx) => openSession(tx, id));
  }

  async function token(name: string, expires: Date | null): Promise<string> {
    const { secret, stored } = newSecret('wg_');
    await get()
      .store.db.insertInto('tokens')
      .values({
        name,
        secret: stored,
        prefix: secret.slice(0, 8),
        scopes: sql<string[]>`array['read', 'hunt']`,
        created_by: 'user:test',
        expires_at: expires,
      })
      .execute();
    return secret;
  }
}

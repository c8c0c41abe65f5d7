/** The ways in and out: links, passwords, sessions that end, and the admin who must not be the last one to go. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Role } from '../../src/api/access.ts';
import { addLink } from '../../src/store/access.ts';
import { assertProblem } from '../fixtures/problem.ts';
import { type Answer, startServer, type TestServer } from '../fixtures/server.ts';

let server: TestServer;
before(async () => {
  server = await startServer({ empty: true });
});
after(() => server.close());

const own = { 'sec-fetch-site': 'same-origin' };
const admin = { role: 'admin' } as const;

/** From an address of its own each time, so that no limit is in the way. */
let addresses = 0;
function signIn(body: unknown, from = `203.0.113.${++addresses}`): Promise<Answer> {
  return server.ask('POST', '/v1/session', { body, headers: own, from });
}

const cookieOf = (answer: Answer): string => String(answer.headers['set-cookie']).split(';')[0] ?? '';

async function whoIs(cookie: string): Promise<Answer> {
  return server.ask('GET', '/v1/session', { headers: { cookie } });
}

async function userWith(password: string, role: Role = 'viewer'): Promise<{ id: number; name: string }> {
  const name = `person-${++people}`;
  const id = await server.addUser(name, role);
  const cookie = `waterguard_session=${await server.signIn(id)}`;
  const set = await server.ask('PUT', '/v1/session/password', {
    headers: { ...own, cookie },
    body: { password },
    from: `198.51.100.${people}`,
  });
  assert.equal(set.status, 204, set.text);
  return { id, name };
}
let people = 0;

describe('a sign-in link', () => {
  const link = async (user = server.users.analyst): Promise<string> =>
    (await addLink(server.store.db, user)).secret;

  it('signs in whom it was made for', async () => {
    const answer = await signIn({ link: await link() });
    assert.equal(answer.status, 200);
    assert.equal(answer.json.user.name, 'the-analyst');
    assert.deepEqual(answer.json.scopes, ['read', 'hunt', 'triage', 'learn']);
    const known = await whoIs(cookieOf(answer));
    assert.deepEqual(known.json.user, answer.json.user);
    const hours = (Date.parse(answer.json.expiresAt) - Date.now()) / 3_600_000;
    assert.ok(hours > 11.9 && hours <= 12, `${hours}`);
  });

  it('works once, also for two who come at the same time', async () => {
    const secret = await link();
    const answers = await Promise.all([1, 2, 3, 4].map(() => signIn({ link: secret })));
    assert.deepEqual(answers.map((one) => one.status).sort(), [200, 401, 401, 401]);
    assertProblem(await signIn({ link: secret }), 401);
  });

  it('that an admin makes is good for ten minutes', async () => {
    const made = await server.ask('POST', `/v1/users/${server.users.viewer}/link`, { as: admin });
    assert.equal(made.status, 200);
    const minutes = (Date.parse(made.json.expiresAt) - Date.now()) / 60_000;
    assert.ok(minutes > 9.9 && minutes <= 10, `${minutes}`);
    const secret = made.json.url.split('#')[1];
    assert.equal((await signIn({ link: secret })).json.user.name, 'the-viewer');
  });

  it('that is too old, used, wrong, or of somebody without access gets one and the same answer', async () => {
    const old = await link();
    await server.store.pool.query("update sign_in_links set expires_at = now() - interval '1 second'");
    const used = await link();
    await signIn({ link: used });
    const gone = await server.addUser('gone', 'viewer');
    const ofGone = await link(gone);
    await server.ask('PATCH', `/v1/users/${gone}`, { as: admin, body: { disabled: true } });
    const texts = new Set<string>();
    for (const secret of [old, used, 'x'.repeat(43), ofGone, `${await link()}x`]) {
      const answer = await signIn({ link: secret });
      assertProblem(answer, 401);
      assert.equal(answer.headers['set-cookie'], undefined);
      texts.add(answer.text);
    }
    assert.equal(texts.size, 1);
  });

  it('is made for nobody who has no access', async () => {
    const id = await server.addUser('off', 'viewer');
    await server.ask('PATCH', `/v1/users/${id}`, { as: admin, body: { disabled: true } });
    assertProblem(await server.ask('POST', `/v1/users/${id}/link`, { as: admin }), 409);
    assertProblem(await server.ask('POST', '/v1/users/2147483000/link', { as: admin }), 404);
  });
});

describe('a password', () => {
  it('that is wrong, of an unknown name or of a user without any gets one answer in like time', async () => {
    const password = 'correct horse battery';
    const { name } = await userWith(password);
    const disabled = await userWith(password);
    await server.ask('PATCH', `/v1/users/${disabled.id}`, { as: admin, body: { disabled: true } });

    const wrong = {
      'a wrong password': { name, password: 'incorrect horse' },
      'an unknown name': { name: 'nobody-at-all', password },
      'a user without a password': { name: 'the-viewer', password },
      'a disabled user': { name: disabled.name, password },
    };
    const texts = new Set<string>();
    const times: Record<string, number> = {};
    for (const [what, body] of Object.entries(wrong)) {
      const before = performance.now();
      const answer = await signIn(body);
      times[what] = performance.now() - before;
      assert.equal(assertProblem(answer, 401, what).code, 'sign-in-failed');
      assert.equal(answer.headers['set-cookie'], undefined, what);
      texts.add(answer.text);
    }
    assert.equal(texts.size, 1);
    const [least = 0, most = 0] = [Math.min(...Object.values(times)), Math.max(...Object.values(times))];
    // Without the work of checking a password it would be a hundredth.
    assert.ok(most < 5 * least, JSON.stringify(times));
    assert.ok(least > 50, JSON.stringify(times));
  });

  it('is tried ten times a minute from one address, whatever is tried', async () => {
    const from = '203.0.113.250';
    const { secret } = await addLink(server.store.db, server.users.viewer);
    for (let tries = 1; tries <= 10; tries++)
      assertProblem(await signIn({ link: `wrong-link-number-${tries}-of-ten` }, from), 401);
    const refused = await signIn({ link: secret }, from);
    assert.equal(assertProblem(refused, 429).code, 'rate-limited');
    const seconds = Number(refused.headers['retry-after']);
    assert.ok(seconds > 0 && seconds <= 60, `${seconds}`);
    // Others are not kept out, and the link is still there for them.
    assert.equal((await signIn({ link: secret })).status, 200);
    // A header names no other address.
    const forwarded = await server.ask('POST', '/v1/session', {
      body: { link: secret },
      headers: { ...own, 'x-forwarded-for': '192.0.2.99' },
      from,
    });
    assertProblem(forwarded, 429);
    // What needs no trying goes on.
    assert.equal((await server.ask('GET', '/v1/images', { as: admin, from })).status, 200);
  });

  it('is set by its owner alone, who knows the one before', async () => {
    const { id, name } = await userWith('the first password');
    const cookie = `waterguard_session=${await server.signIn(id)}`;
    const other = `waterguard_session=${await server.signIn(id)}`;
    const set = (body: object): Promise<Answer> =>
      server.ask('PUT', '/v1/session/password', {
        headers: { ...own, cookie },
        body,
        from: '198.51.100.201',
      });
    assertProblem(await set({ password: 'short' }), 400);
    assertProblem(await set({ password: 'another password', current: 'a wrong guess' }), 403);
    assert.equal((await whoIs(other)).status, 200);
    // All of it counts: it is cut neither at a length nor at NUL.
    const password = `${'long '.repeat(20)}\0end`;
    assert.equal((await set({ password, current: 'the first password' })).status, 204);
    // Whoever else was signed in with the old one is no longer; the one who changed it is.
    assert.equal((await whoIs(cookie)).status, 200);
    assertProblem(await whoIs(other), 401);
    for (const wrong of ['the first password', password.slice(0, -1), password.slice(0, 100)])
      assertProblem(await signIn({ name, password: wrong }), 401);
    const right = await signIn({ name, password });
    assert.equal(right.status, 200);
    assert.equal((await whoIs(cookieOf(right))).json.user.hasPassword, true);
    const byToken = await server.ask('PUT', '/v1/session/password', {
      as: { scope: 'read' },
      body: { password: 'a token has none' },
    });
    assertProblem(byToken, 403);
  });
});

describe('a session', () => {
  it('ends when its owner signs out, and no other does', async () => {
    const [one, two] = [await server.signIn(server.users.viewer), await server.signIn(server.users.viewer)];
    const [first, second] = [`waterguard_session=${one}`, `waterguard_session=${two}`];
    const out = await server.ask('DELETE', '/v1/session', { headers: { ...own, cookie: first } });
    assert.equal(out.status, 204);
    assert.equal(out.text, '');
    assertProblem(await whoIs(first), 401);
    assert.equal((await whoIs(second)).status, 200);
    assertProblem(await server.ask('DELETE', '/v1/session', { headers: { ...own, cookie: first } }), 401);
  });

  it('is nothing that a token has', async () => {
    assertProblem(await server.ask('GET', '/v1/session', { as: { scope: 'read' } }), 404);
    assertProblem(await server.ask('DELETE', '/v1/session', { as: { scope: 'read' } }), 404);
    // Nor does a token end the session of a cookie beside it.
    const cookie = `waterguard_session=${await server.signIn(server.users.viewer)}`;
    const authorization = `Bearer ${server.tokens.read}`;
    await server.ask('DELETE', '/v1/session', { headers: { authorization, cookie } });
    assert.equal((await whoIs(cookie)).status, 200);
  });

  it('ends at once when its owner is disabled or removed, and does not come back', async () => {
    const id = await server.addUser('leaving', 'analyst');
    const cookie = `waterguard_session=${await server.signIn(id)}`;
    assert.equal((await whoIs(cookie)).status, 200);
    const set = (disabled: boolean): Promise<Answer> =>
      server.ask('PATCH', `/v1/users/${id}`, { as: admin, body: { disabled } });
    assert.equal((await set(true)).json.disabled, true);
    assertProblem(await whoIs(cookie), 401);
    assert.equal((await set(false)).json.disabled, false);
    assertProblem(await whoIs(cookie), 401);
    const again = `waterguard_session=${await server.signIn(id)}`;
    assert.equal((await whoIs(again)).status, 200);
    assert.equal((await server.ask('DELETE', `/v1/users/${id}`, { as: admin })).status, 204);
    assertProblem(await whoIs(again), 401);
  });

  it('ends with its time', async () => {
    const id = await server.addUser('asleep', 'viewer');
    const cookie = `waterguard_session=${await server.signIn(id)}`;
    await server.store.db
      .updateTable('sessions')
      .set({ expires_at: new Date(Date.now() - 1) })
      .where('user_id', '=', id)
      .execute();
    assertProblem(await whoIs(cookie), 401);
  });

  it('cannot be chosen by somebody else: signing in makes a new one each time', async () => {
    const { secret } = await addLink(server.store.db, server.users.viewer);
    const planted = `waterguard_session=${'p'.repeat(43)}`;
    const answer = await server.ask('POST', '/v1/session', {
      body: { link: secret },
      headers: { ...own, cookie: planted },
      from: '203.0.113.251',
    });
    assert.equal(answer.status, 200);
    assert.notEqual(cookieOf(answer), planted);
    assertProblem(await whoIs(planted), 401);
  });

  it('of a cookie that is none is nobody’s', async () => {
    for (const value of ['', 'x', 'x'.repeat(5000), '%00', '"', '\\', "' or 1=1 --", '{}'])
      assertProblem(await whoIs(`waterguard_session=${value}`), 401, value.slice(0, 20));
    assertProblem(await whoIs('waterguard_session'), 401);
    assertProblem(await whoIs('__proto__=1; constructor=2'), 401);
  });
});

describe('the last admin', () => {
  it('cannot be removed, disabled or made less', async () => {
    const id = server.users.admin;
    for (const body of [{ disabled: true }, { role: 'analyst' }, { role: 'viewer', disabled: true }]) {
      const answer = await server.ask('PATCH', `/v1/users/${id}`, { as: admin, body });
      assert.equal(assertProblem(answer, 409, JSON.stringify(body)).code, 'conflict');
    }
    assertProblem(await server.ask('DELETE', `/v1/users/${id}`, { as: admin }), 409);
    assertProblem(await server.ask('DELETE', `/v1/users/${id}`, { as: { scope: 'admin' } }), 409);
    const { json } = await server.ask('GET', '/v1/users', { as: admin });
    const still = json.items.find((one: { id: number }) => one.id === id);
    assert.deepEqual([still.role, still.disabled], ['admin', false]);
    assert.equal((await server.ask('GET', '/v1/session', { as: admin })).status, 200);
  });

  it('is one who has access: a disabled admin lets nobody in', async () => {
    const other = await server.addUser('second', 'admin');
    await server.ask('PATCH', `/v1/users/${other}`, { as: admin, body: { disabled: true } });
    assertProblem(await server.ask('DELETE', `/v1/users/${server.users.admin}`, { as: admin }), 409);
    await server.ask('DELETE', `/v1/users/${other}`, { as: admin });
  });

  it('stays, though two admins make each other less at the same time', async () => {
    const other = await server.addUser('rival', 'admin');
    const less = (id: number): Promise<Answer> =>
      server.ask('PATCH', `/v1/users/${id}`, { as: { scope: 'admin' }, body: { role: 'viewer' } });
    const answers = await Promise.all([less(other), less(server.users.admin)]);
    assert.deepEqual(answers.map((one) => one.status).sort(), [200, 409]);
    const { rows } = await server.store.pool.query("select id from users where role = 'admin'");
    assert.equal(rows.length, 1);
  });
});

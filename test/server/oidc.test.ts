/** Single sign-on: there and back with a provider on loopback, and everything that must not let anybody in. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { oidcSettings, openProvider } from '../../src/server/oidc.ts';
import { type OidcProvider, startProvider } from '../fixtures/oidc-provider.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';

let provider: OidcProvider & { readonly clientId: string };
let server: TestServer;
let url: string;

before(async () => {
  provider = await startProvider();
  const settings = oidcSettings({
    WATERGUARD_OIDC_ISSUER: provider.issuer,
    WATERGUARD_OIDC_CLIENT_ID: provider.clientId,
    WATERGUARD_OIDC_CLIENT_SECRET: 'inert-test-secret',
    WATERGUARD_OIDC_NAME: 'The provider',
  });
  assert.ok(settings);
  server = await startServer({ empty: true, oidc: openProvider(settings) });
  url = await server.listen();
  await server.addUser('anna@example.com', 'analyst');
});
after(async () => {
  await server.close();
  await provider.close();
});
beforeEach(() => {
  provider.claims = { email: 'anna@example.com', email_verified: true };
  provider.spoil = 'nothing';
});

interface Trip {
  readonly status: number;
  readonly location: string | null;
  readonly session: string | undefined;
}

/** As a browser goes. @param change what somebody in between makes of the way back */
async function signIn(
  change: (back: URL, cookie: string) => [URL, string] = (back, cookie) => [back, cookie],
): Promise<Trip> {
  const start = await fetch(`${url}/v1/oidc/start`, { redirect: 'manual' });
  assert.equal(start.status, 302);
  const cookie = start.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const there = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' });
  const [back, sent] = change(new URL(there.headers.get('location') ?? ''), cookie);
  const done = await fetch(back, { redirect: 'manual', headers: { cookie: sent } });
  const session = done.headers.getSetCookie().find((one) => one.startsWith('waterguard_session='));
  return { status: done.status, location: done.headers.get('location'), session: session?.split(';')[0] };
}

describe('single sign-on', () => {
  it('is offered by its name', async () => {
    const { json } = await server.ask('GET', '/v1/sign-in/options');
    assert.deepEqual(json, { password: true, oidc: 'The provider' });
  });

  it('signs in the user of that name', async () => {
    const { status, location, session } = await signIn();
    assert.deepEqual([status, location], [302, '/']);
    const who = await server.ask('GET', '/v1/session', { headers: { cookie: session ?? '' } });
    assert.deepEqual([who.json.user.name, who.json.user.role], ['anna@example.com', 'analyst']);
  });

  for (const [what, spoil] of [
    ['for another client', 'audience'],
    ['of another sign-in', 'nonce'],
    ['that somebody else has signed', 'signature'],
  ] as const) {
    it(`takes no token ${what}`, async () => {
      provider.spoil = spoil;
      const { status, session } = await signIn();
      assert.deepEqual([status, session], [401, undefined]);
    });
  }

  it('takes no address that is not confirmed, and no name that is none', async () => {
    for (const claims of [
      { email: 'anna@example.com', email_verified: false },
      { email: '' },
      {},
      { email: 'anna@example.com\u0000admin' },
      { email: ['anna@example.com'] },
    ]) {
      provider.claims = claims;
      const { status, session } = await signIn();
      assert.deepEqual([status, session], [401, undefined], JSON.stringify(claims));
    }
  });

  it('lets nobody in who is no user', async () => {
    provider.claims = { email: 'stranger@example.com', email_verified: true };
    const { status, session } = await signIn();
    assert.deepEqual([status, session], [403, undefined]);
  });

  it('lets nobody in on the way of somebody else: state and cookie belong together', async () => {
    const forged = await signIn((back, cookie) => {
      back.searchParams.set('state', 'forged');
      return [back, cookie];
    });
    assert.deepEqual([forged.status, forged.session], [401, undefined]);
    const without = await signIn((back) => [back, '']);
    assert.deepEqual([without.status, without.session], [400, undefined]);
    const rubbish = await signIn((back) => [back, 'waterguard_oidc=%7Bno-json']);
    assert.deepEqual([rubbish.status, rubbish.session], [400, undefined]);
  });

  it('uses a code once', async () => {
    let used: [URL, string] | undefined;
    await signIn((back, cookie) => {
      used = [back, cookie];
      return used;
    });
    assert.ok(used);
    const again = await fetch(used[0], { redirect: 'manual', headers: { cookie: used[1] } });
    assert.equal(again.status, 401);
  });

  it('makes newcomers users where that is wanted', async () => {
    const settings = oidcSettings({
      WATERGUARD_OIDC_ISSUER: provider.issuer,
      WATERGUARD_OIDC_CLIENT_ID: provider.clientId,
      WATERGUARD_OIDC_NEW_ROLE: 'viewer',
    });
    assert.equal(settings?.newRole, 'viewer');
    assert.equal(settings?.claim, 'email');
  });

  it('is refused at the start with settings that cannot be', () => {
    const issuer = { WATERGUARD_OIDC_ISSUER: 'https://accounts.example.com' };
    const client = { WATERGUARD_OIDC_CLIENT_ID: 'x' };
    for (const env of [
      { WATERGUARD_OIDC_ISSUER: 'http://accounts.example.com', ...client },
      { WATERGUARD_OIDC_ISSUER: 'accounts', ...client },
      issuer,
      { ...issuer, ...client, WATERGUARD_OIDC_NEW_ROLE: 'owner' },
    ]) {
      assert.throws(() => oidcSettings(env), /see docs\/operating\.md/);
    }
    assert.equal(oidcSettings({}), undefined);
  });
});

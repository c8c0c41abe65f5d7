/** Every route against every kind of credentials: who is let in follows from the scope that the route names. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import Fastify, { type RouteOptions } from 'fastify';
import { roles, type Scope, scopes, scopesOfRole } from '../../src/api/access.ts';
import { guard } from '../../src/server/access.ts';
import type { App, ServerContext } from '../../src/server/context.ts';
import { makeConsole, startServer, type TestServer } from '../fixtures/server.ts';

/** What a route asks for; `undefined` would be let in by nobody. */
type Asked = RouteOptions['config'] extends infer C ? NonNullable<C> : never;

interface Caller {
  readonly name: string;
  /** Undefined for who is nobody. */
  readonly scopes: readonly Scope[] | undefined;
  headers(request?: string): Promise<Record<string, string>>;
}

let server: TestServer;
let callers: readonly Caller[];
let address = 0;

before(async () => {
  server = await startServer({ consoleFolder: makeConsole() });
  const expired = await server.addToken('expired', ['read', 'admin'], new Date(Date.now() - 1000));
  const bearer = (name: string, granted: Caller['scopes'], secret: string): Caller => ({
    name,
    scopes: granted,
    headers: async () => ({ authorization: `Bearer ${secret}` }),
  });
  callers = [
    { name: 'nobody', scopes: undefined, headers: async () => ({}) },
    bearer('a wrong token', undefined, `wg_${'x'.repeat(43)}`),
    bearer('a text that is no token', undefined, 'secret'),
    bearer('an expired token', undefined, expired),
    {
      name: 'a wrong session',
      scopes: undefined,
      headers: async () => ({
        cookie: `waterguard_session=${'x'.repeat(43)}`,
        'sec-fetch-site': 'same-origin',
      }),
    },
    ...scopes.map((one) => bearer(`a token for ${one}`, [one], server.tokens[one])),
    ...roles.map((role) => ({
      name: `a ${role}`,
      scopes: scopesOfRole[role],
      // One of the routes ends it.
      headers: async (request?: string) => ({
        cookie: `waterguard_session=${request === 'DELETE /v1/session' ? await server.signIn(server.users[role]) : server.sessions[role]}`,
        'sec-fetch-site': 'same-origin',
      }),
    })),
  ];
});
after(() => server.close());

/** Of things that are not there, so that nothing changes. */
function urlOf(route: string): string {
  return route
    .replace('/jobs/:id', '/jobs/7c0e1a52-3d4f-4b6a-9c8d-0e1f2a3b4c5d')
    .replace(':id', '2147483000')
    .replace(':diffId', `sha256:${'0'.repeat(64)}`)
    .replace(':sha256', '0'.repeat(64))
    .replace('*', 'nothing');
}

async function statusOf(method: string, url: string, headers: Record<string, string>): Promise<number> {
  // Limits go by addresses: they are not what is tested here.
  const from = `192.0.2.${address++ % 250}`;
  return (await server.ask(method, url, { headers, from })).status;
}

function verdictOf(status: number): string {
  return status === 401 || status === 403 ? String(status) : 'let in';
}

function expected({ scopes: granted }: Caller, scope: Scope | 'open'): string {
  if (scope === 'open') return 'let in';
  if (granted === undefined) return '401';
  return granted.includes(scope) ? 'let in' : '403';
}

function routesByName(): Map<string, Scope | 'open' | undefined> {
  const named = new Map<string, Scope | 'open' | undefined>();
  for (const { method, url, config } of server.routes) {
    for (const one of [method].flat()) named.set(`${one} ${url}`, (config as Asked | undefined)?.scope);
  }
  return named;
}

describe('scopes of routes', () => {
  it('every route names a scope or says that it is open', () => {
    const named = routesByName();
    assert.ok(named.size > 60, `${named.size} routes`);
    const known: readonly unknown[] = [...scopes, 'open'];
    const silent = [...named].filter(([, scope]) => !known.includes(scope));
    assert.deepEqual(silent, []);
  });

  it('a route without a scope is refused when it is defined', async () => {
    const app = Fastify() as unknown as App;
    guard(app, {} as ServerContext, undefined);
    assert.throws(
      () => app.get('/v1/secrets', async () => 'all of them'),
      /GET \/v1\/secrets names no scope/,
    );
    assert.throws(() => app.options('/v1/secrets', async () => ''), /names no scope/);
    assert.throws(
      () => app.post('/v1/secrets', { config: {} }, async () => ''),
      /POST \/v1\/secrets names no scope/,
    );
    await app.close();
  });

  it('only the ways in, probes, the description and the console are open', () => {
    const open = [...routesByName()].flatMap(([name, scope]) =>
      scope === 'open' && !name.startsWith('HEAD') ? [name] : [],
    );
    assert.deepEqual(open.sort(), [
      'GET /*',
      'GET /assets/*',
      'GET /healthz',
      'GET /readyz',
      'GET /v1/openapi.json',
      'GET /v1/sign-in/options',
      'POST /v1/sensors/enrol',
      'POST /v1/session',
    ]);
  });

  it('everything that changes something asks for more than reading, but for one’s own session', () => {
    const writes = [...routesByName()].filter(
      ([name, scope]) => !/^(?:GET|HEAD) /.test(name) && (scope === 'read' || scope === 'metrics'),
    );
    assert.deepEqual(
      writes.map(([name]) => name),
      ['DELETE /v1/session', 'PUT /v1/session/password'],
    );
  });

  it('every route lets in whoever has its scope, and nobody else', async () => {
    const wrong: string[] = [];
    let asked = 0;
    for (const [name, scope = 'open'] of routesByName()) {
      const [method = '', route = ''] = name.split(' ');
      // Ends for nobody who is let in; it has a test of its own.
      if (route === '/v1/live') continue;
      for (const caller of callers) {
        const status = await statusOf(method, urlOf(route), await caller.headers(name));
        asked++;
        if (status >= 500) wrong.push(`${name} answers ${status} to ${caller.name}`);
        const want = expected(caller, scope);
        if (verdictOf(status) !== want)
          wrong.push(`${name} (${scope}) answers ${status} to ${caller.name}, who should be ${want}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(asked > 800, `${asked}`);
  });

  it('the live stream lets in whoever may read, and nobody else', async () => {
    const url = `${await server.listen()}/v1/live`;
    const wrong: string[] = [];
    for (const caller of callers) {
      const end = new AbortController();
      const { status } = await fetch(url, { headers: await caller.headers(), signal: end.signal });
      end.abort();
      const want = expected(caller, 'read');
      if (verdictOf(status) !== want) wrong.push(`${status} to ${caller.name}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('a wrong token is refused although the cookie beside it would do', async () => {
    const cookie = `waterguard_session=${server.sessions.admin}`;
    const { status } = await server.ask('GET', '/v1/images', {
      headers: { cookie, authorization: `Bearer wg_${'y'.repeat(43)}` },
    });
    assert.equal(status, 401);
  });

  it('other schemes of authorization are no way in', async () => {
    const secret = server.tokens.read;
    for (const authorization of [
      `Basic ${Buffer.from(`token:${secret}`).toString('base64')}`,
      `Token ${secret}`,
      secret,
      `Bearer ${secret} ${secret}`,
      `Bearer ${secret.slice(3)}`,
      'Bearer',
      '',
    ]) {
      const { status } = await server.ask('GET', '/v1/images', { headers: { authorization } });
      assert.equal(status, 401, authorization.replace(secret, 'SECRET'));
    }
    assert.equal((await server.ask('GET', `/v1/images?access_token=${secret}`)).status, 401);
    assert.equal((await server.ask('GET', `/v1/images?token=${secret}`)).status, 401);
  });

  it('a refusal says which scope is missing, and how to come in', async () => {
    const unknown = await server.ask('GET', '/v1/users');
    assert.equal(unknown.headers['www-authenticate'], 'Bearer');
    assert.equal(unknown.json.code, 'unauthorized');
    const viewer = await server.ask('GET', '/v1/users', { as: { role: 'viewer' } });
    assert.equal(viewer.json.code, 'forbidden');
    assert.match(viewer.json.detail, /'admin'.*role 'viewer'/);
    const token = await server.ask('POST', '/v1/hunts', { as: { scope: 'read' }, body: {} });
    assert.match(token.json.detail, /'hunt'.*token/);
  });

  it('a role that is changed counts from the next request on', async () => {
    const id = await server.addUser('climber', 'viewer');
    const cookie = `waterguard_session=${await server.signIn(id)}`;
    const asAdmin = () => server.ask('GET', '/v1/users', { headers: { cookie } });
    assert.equal((await asAdmin()).status, 403);
    const change = (role: string) =>
      server.ask('PATCH', `/v1/users/${id}`, { as: { role: 'admin' }, body: { role } });
    assert.equal((await change('admin')).status, 200);
    assert.equal((await asAdmin()).status, 200);
    assert.equal((await change('viewer')).status, 200);
    assert.equal((await asAdmin()).status, 403);
  });

  it('a token that is taken back is refused from then on', async () => {
    const secret = await server.addToken('brief', ['read']);
    const headers = { authorization: `Bearer ${secret}` };
    assert.equal((await server.ask('GET', '/v1/images', { headers })).status, 200);
    const { json } = await server.ask('GET', '/v1/tokens', { as: { role: 'admin' } });
    const { id } = json.items.find((one: { name: string }) => one.name === 'brief');
    assert.equal((await server.ask('DELETE', `/v1/tokens/${id}`, { as: { role: 'admin' } })).status, 204);
    assert.equal((await server.ask('GET', '/v1/images', { headers })).status, 401);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fails, fakeRegistry, type Handler, insecure, smallLimits } from '../../../test/fake-registry.ts';
import type { OpenOptions } from '../image.ts';
import { openClient, type RegistryClient } from './client.ts';
import type { Answer, Connections } from './exchange.ts';
import { openLogin } from './login.ts';

const scope = 'repository:a/b:pull';

test('fetches a token with the challenge’s service and scope, and keeps it', async () => {
  await using registry = await fakeRegistry((request, response) => {
    if (request.url?.startsWith('/token')) return void response.end(JSON.stringify({ token: 'T1' }));
    if (request.headers.authorization === 'Bearer T1') return void response.end('ok');
    challenge(response, `Bearer realm="http://${request.headers.host}/token",service="s p",scope="${scope}"`);
  });
  const client = clientOf(registry.host);
  await getTwice(client);
  assert.deepEqual(registry.asked, [
    'GET /v2/x',
    'GET /token?service=s+p&scope=repository%3Aa%2Fb%3Apull',
    'GET /v2/x',
    'GET /v2/x',
  ]);
  client.close();
});

test('fetches a new token when the old one is refused', async () => {
  let valid = 1;
  await using registry = await fakeRegistry((request, response) => {
    if (request.url?.startsWith('/token'))
      return void response.end(JSON.stringify({ access_token: `T${valid}` }));
    if (request.headers.authorization === `Bearer T${valid}`) return void response.end('ok');
    challenge(response, `Bearer realm="http://${request.headers.host}/token"`);
  });
  const client = clientOf(registry.host);
  await client.get({ path: '/v2/x', scope });
  valid = 2;
  await client.get({ path: '/v2/x', scope });
  client.close();
});

test('does not loop where every token is refused', async () => {
  await using registry = await fakeRegistry((request, response) => {
    if (request.url?.startsWith('/token')) return void response.end(JSON.stringify({ token: 'T' }));
    challenge(response, `Bearer realm="http://${request.headers.host}/token"`);
  });
  const client = clientOf(registry.host);
  await assert.rejects(client.get({ path: '/v2/x', scope }), fails('unauthorized', /docker login/));
  assert.equal(registry.asked.length, 3);
  client.close();
});

test('gives the stored password to the token server and to Basic, and no one else', async () => {
  const expected = 'Basic ' + Buffer.from('me:secret').toString('base64');
  const seen: (string | undefined)[] = [];
  await using elsewhere = await fakeRegistry((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(307, { location: `http://${registry.host}/v2/back` }).end();
  });
  await using registry = await fakeRegistry((request, response) => {
    if (request.url === '/v2/back') {
      seen.push(request.headers.authorization);
      return void response.end('ok');
    }
    if (request.headers.authorization !== expected) return challenge(response, 'Basic realm="r"');
    response.writeHead(307, { location: `http://${elsewhere.host}/blob` }).end();
  });
  const options = await withConfig({ auths: { [registry.host]: { auth: btoa('me:secret') } } });
  const client = clientOf(registry.host, options);
  await client.get({ path: '/v2/x', scope });
  assert.deepEqual(seen, [undefined, undefined], 'neither the other host nor the way back carries the login');
  client.close();
});

test('a host that was redirected to cannot start a login', async () => {
  await using elsewhere = await fakeRegistry((_request, response) => challenge(response, 'Basic realm="r"'));
  await using registry = await fakeRegistry((_request, response) => {
    response.writeHead(307, { location: `http://${elsewhere.host}/blob` }).end();
  });
  const options = await withConfig({ auths: { [registry.host]: { auth: btoa('me:secret') } } });
  const client = clientOf(registry.host, options);
  await assert.rejects(client.get({ path: '/v2/x', scope }), fails('unauthorized', /401/));
  assert.equal(elsewhere.asked.length, 1);
  client.close();
});

test('exchanges an identity token by POST', async () => {
  let form = '';
  await using registry = await fakeRegistry((request, response) => {
    if (request.url === '/token') {
      request.on('data', (part) => (form += part));
      request.on('end', () => response.end(JSON.stringify({ access_token: 'T' })));
      return;
    }
    if (request.headers.authorization === 'Bearer T') response.end('ok');
    else challenge(response, `Bearer realm="http://${request.headers.host}/token",service="s"`);
  });
  const options = await withConfig({ auths: { [registry.host]: { identitytoken: 'I/D' } } });
  const client = clientOf(registry.host, options);
  await client.get({ path: '/v2/x', scope });
  assert.deepEqual(Object.fromEntries(new URLSearchParams(form)), {
    service: 's',
    scope,
    grant_type: 'refresh_token',
    client_id: 'waterguard',
    refresh_token: 'I/D',
  });
  client.close();
});

const badTokens: readonly {
  readonly what: string;
  readonly token: Handler;
  readonly code: Code;
  readonly says: RegExp;
}[] = [
  {
    what: 'with a line break',
    token: (_request, response) => void response.end(JSON.stringify({ token: 'a\r\nX-Evil: 1' })),
    code: 'unauthorized',
    says: /without a usable token/,
  },
  {
    what: 'that is not JSON',
    token: (_request, response) => void response.end('<html>'),
    code: 'unauthorized',
    says: /without a usable token/,
  },
  {
    what: 'without end',
    token: (_request, response) => void response.end('x'.repeat(100_000)),
    code: 'limit',
    says: /token of more than 2000 bytes/,
  },
  {
    what: 'that the server denies',
    token: (_request, response) =>
      void response.writeHead(401).end('{"details":"incorrect username or password"}'),
    code: 'unauthorized',
    says: /token server of 127/,
  },
];
type Code = Parameters<typeof fails>[0];

for (const { what, token, code, says } of badTokens) {
  test(`ends clearly at a token ${what}`, async () => {
    await using registry = await fakeRegistry((request, response) => {
      if (request.url?.startsWith('/token')) token(request, response);
      else challenge(response, `Bearer realm="http://${request.headers.host}/token"`);
    });
    const client = clientOf(registry.host);
    await assert.rejects(client.get({ path: '/v2/x', scope }), fails(code, says));
    client.close();
  });
}

test('refuses token servers in networks where the registry is not, and those that are not HTTPS', async () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['https://169.254.169.254/token', /metadata address/],
    ['https://10.0.0.1/token', /private address/],
    ['http://example.com/token', /plain HTTP/],
    ['file:///etc/passwd', /not HTTPS/],
    ['nonsense', /not HTTPS/],
  ];
  for (const [realm, says] of rows) {
    await using registry = await fakeRegistry((_request, response) =>
      challenge(response, `Bearer realm="${realm}"`),
    );
    const client = clientOf(registry.host);
    await assert.rejects(client.get({ path: '/v2/x', scope }), fails('refused', says));
    client.close();
  }
});

test('an HTTPS registry cannot name a token server with plain HTTP', async () => {
  const connections: Connections = { exchange: () => assert.fail('nothing may be sent'), close() {} };
  const login = openLogin(connections, async () => ({ username: 'me', password: 'secret' }), smallLimits);
  await using registry = await fakeRegistry((_request, response) => void response.end());
  const client = clientOf(registry.host);
  const answered = await client.get({ path: '/', scope });
  const refused: Answer = {
    ...answered,
    url: new URL('https://registry.example.com/v2/'),
    headers: { 'www-authenticate': 'Bearer realm="http://auth.example.com/token"' },
  };
  await assert.rejects(login.answer(refused, scope), fails('refused', /not HTTPS/));
  client.close();
});

function clientOf(host: string, options: OpenOptions = insecure): RegistryClient {
  return openClient({ registry: host, host }, options, smallLimits);
}

async function getTwice(client: RegistryClient): Promise<void> {
  for (let time = 0; time < 2; time++) (await client.get({ path: '/v2/x', scope })).body.resume();
}

function challenge(response: Parameters<Handler>[1], field: string): void {
  response.writeHead(401, { 'www-authenticate': field }).end();
}

async function withConfig(config: object): Promise<OpenOptions> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-config-'));
  folders.push(folder);
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return { ...insecure, env: { DOCKER_CONFIG: folder } };
}

const folders: string[] = [];
test.after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

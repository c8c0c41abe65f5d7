/** What pages on other sites cannot make a browser do here, and what a browser may do with our own. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request as plain } from 'node:http';
import { type RequestOptions, request as secure } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { App } from '../../src/server/context.ts';
import { addLink } from '../../src/store/access.ts';
import { assertProblem } from '../fixtures/problem.ts';
import { makeConsole, secretOutside, startServer, type TestServer } from '../fixtures/server.ts';

let server: TestServer;
/** `http://127.0.0.1:PORT` */
let url: string;
let host: string;
before(async () => {
  server = await startServer({ consoleFolder: makeConsole() });
  url = await server.listen();
  host = new URL(url).host;
});
after(() => server.close());

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Over a real connection, with headers as they are given: also `Host`, which `fetch` sets itself. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Reply> {
  return sendTo(url, method, path, headers, body);
}

function sendTo(
  origin: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
  options: RequestOptions = {},
): Promise<Reply> {
  const { hostname, port, protocol } = new URL(origin);
  const request = protocol === 'https:' ? secure : plain;
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const cookieOf = (secret: string): string => `waterguard_session=${secret}`;

/** A write that changes nothing. */
const write = ['DELETE', '/v1/tokens/2147483000'] as const;

describe('cross-site requests', () => {
  const admin = (): Record<string, string> => ({ cookie: cookieOf(server.sessions.admin) });

  it('a write with a cookie is refused where the browser does not say that our own page made it', async () => {
    const elsewhere: Record<string, string>[] = [
      {},
      { origin: 'null' },
      { origin: 'https://evil.example' },
      { origin: `https://${host}.evil.example` },
      { origin: `http://evil.example#${host}` },
      { origin: `http://${host}@evil.example` },
      { origin: 'http://127.0.0.1' },
      { origin: `http://127.0.0.1:1${host.split(':')[1]}` },
      { origin: '' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': '' },
      { 'sec-fetch-site': 'same-origin, cross-site' },
      { 'sec-fetch-site': 'cross-site', origin: url },
      { 'sec-fetch-site': 'same-site', origin: url },
      { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-origin', origin: 'null' },
      { referer: `${url}/settings` },
    ];
    for (const headers of elsewhere) {
      const answer = await send(...write, { ...admin(), ...headers });
      assert.equal(assertProblem(answer, 403, JSON.stringify(headers)).code, 'cross-site');
    }
  });

  it('a write with a cookie from our own page is let through', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'same-origin', origin: url },
      { origin: url },
    ]) {
      const answer = await send(...write, { ...admin(), ...headers });
      assertProblem(answer, 404, JSON.stringify(headers));
    }
  });

  it('every write of the API is refused to other sites', async () => {
    const through: string[] = [];
    for (const { method, url: route, config } of server.routes) {
      const scope = (config as { scope?: string } | undefined)?.scope;
      if (scope === 'open' || method === 'GET' || method === 'HEAD') continue;
      const path = route.replace(/:\w+/, '2147483000');
      for (const from of [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
        const { status } = await send(String(method), path, { ...admin(), ...from });
        if (status !== 403) through.push(`${method} ${path} → ${status}`);
      }
    }
    assert.deepEqual(through, []);
  });

  it('reading with a cookie needs no such word, and gives no other site a way to read it', async () => {
    const answer = await send('GET', '/v1/images', { ...admin(), origin: 'https://evil.example' });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    // Our page may be in nobody's frame, its answers in nobody's document.
    assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin');
  });

  it('a token needs no page: no browser sends it by itself', async () => {
    for (const from of [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const authorization = `Bearer ${server.tokens.admin}`;
      assertProblem(await send(...write, { authorization, ...from }), 404);
    }
  });

  it('nobody is signed in by another site’s page', async () => {
    const { secret } = await addLink(server.store.db, server.users.viewer);
    const body = JSON.stringify({ link: secret });
    for (const from of [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await send('POST', '/v1/session', { 'content-type': 'application/json', ...from }, body);
      assert.equal(assertProblem(answer, 403).code, 'cross-site');
      assert.equal(answer.headers['set-cookie'], undefined);
    }
    const own = { 'content-type': 'application/json', origin: url };
    // And the link was not used up by those who were refused.
    assert.equal((await send('POST', '/v1/session', own, body)).status, 200);
  });

  it('what a form of any page can send is no JSON to us', async () => {
    const body = '{"name":"by-form","role":"admin"}';
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=b',
    ]) {
      const headers = { ...admin(), 'sec-fetch-site': 'same-origin', 'content-type': type };
      assertProblem(await send('POST', '/v1/users', headers, body), 415, type);
    }
    const { rows } = await server.store.pool.query("select from users where name = 'by-form'");
    assert.equal(rows.length, 0);
  });

  it('no answer has a CORS header, and a preflight is not found', async () => {
    const preflight = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    };
    const answers = [
      await send('OPTIONS', '/v1/users', preflight),
      await send('GET', '/v1/users', { ...admin(), origin: 'https://evil.example' }),
      await send('GET', '/v1/openapi.json', { origin: 'https://evil.example' }),
      await send('GET', '/', { origin: 'https://evil.example' }),
      await send('GET', '/v1/nothing', { origin: 'https://evil.example' }),
    ];
    assert.deepEqual(
      answers.map((one) => one.status),
      [404, 200, 200, 200, 404],
    );
    for (const { headers } of answers)
      assert.deepEqual(
        Object.keys(headers).filter((name) => name.startsWith('access-control')),
        [],
      );
  });
});

describe('names of the server', () => {
  it('on loopback a name of the web is refused, whatever it leads to', async () => {
    const port = host.split(':')[1];
    for (const name of [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      `localhost.evil.example:${port}`,
      `evil.example#127.0.0.1:${port}`,
      '10.0.0.1',
      'waterguard.internal',
      '0.0.0.0',
      `127.0.0.1:${port}:${port}`,
    ]) {
      for (const path of ['/', '/v1/images', '/v1/sign-in/options', '/healthz', '/v1/nothing']) {
        const headers = {
          host: name,
          cookie: cookieOf(server.sessions.admin),
          'sec-fetch-site': 'same-origin',
        };
        const answer = await send('GET', path, headers);
        assert.equal(assertProblem(answer, 421, `${name} ${path}`).code, 'wrong-host');
      }
    }
  });

  it('on loopback the names of loopback are answered', async () => {
    for (const name of [
      'localhost',
      'LOCALHOST:80',
      'localhost:8787',
      '127.0.0.1',
      '127.9.9.9:1',
      '[::1]:8787',
    ])
      assert.equal((await send('GET', '/v1/sign-in/options', { host: name })).status, 200, name);
  });

  it('a header of a proxy names no other server', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    assert.equal((await send('GET', '/healthz', headers)).status, 200);
    const wrong = { host: 'evil.example', 'x-forwarded-host': '127.0.0.1' };
    assertProblem(await send('GET', '/healthz', wrong), 421);
  });

  it('the public name is answered, with its cookies and links as its browser needs them', async () => {
    const app = await server.another({ publicUrl: 'https://waterguard.example' });
    const open = await listen(app);
    assert.equal((await sendTo(open, 'GET', '/healthz', { host: 'waterguard.example' })).status, 200);
    assertProblem(await sendTo(open, 'GET', '/healthz', { host: 'other.example' }), 421);
    const signIn = async (headers: Record<string, string>): Promise<Reply> => {
      const { secret } = await addLink(server.store.db, server.users.viewer);
      const all = { 'content-type': 'application/json', ...headers };
      return sendTo(open, 'POST', '/v1/session', all, JSON.stringify({ link: secret }));
    };
    const origin = 'https://waterguard.example';
    // Behind a proxy that hands the name on, behind one that does not, and at the machine itself.
    const named = await signIn({ host: 'waterguard.example', origin });
    const renamed = await signIn({ origin, 'sec-fetch-site': 'same-origin' });
    const local = await signIn({ origin: open });
    assert.match(String(named.headers['set-cookie']), /; Secure/);
    assert.match(String(renamed.headers['set-cookie']), /; Secure/);
    assert.equal(local.status, 200);
    assert.doesNotMatch(String(local.headers['set-cookie']), /Secure/);
    assertProblem(await signIn({ host: 'waterguard.example', origin: 'https://evil.example' }), 403);
    const link = await sendTo(open, 'POST', `/v1/users/${server.users.viewer}/link`, {
      authorization: `Bearer ${server.tokens.admin}`,
    });
    assert.match(JSON.parse(link.text).url, /^https:\/\/waterguard\.example\/sign-in#/);
  });
});

async function listen(app: App): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 });
}

describe('the session’s cookie', () => {
  const signIn = async (origin: string, options: RequestOptions = {}): Promise<string> => {
    const { secret } = await addLink(server.store.db, server.users.viewer);
    const headers = { 'content-type': 'application/json', origin };
    const body = JSON.stringify({ link: secret });
    const answer = await sendTo(origin, 'POST', '/v1/session', headers, body, options);
    assert.equal(answer.status, 200, answer.text);
    const [cookie = '', ...more] = answer.headers['set-cookie'] ?? [];
    assert.deepEqual(more, []);
    return cookie;
  };
  const flags = (cookie: string): string[] =>
    cookie
      .split('; ')
      .slice(1)
      .map((one) => one.toLowerCase())
      .sort();

  it('is for our own pages alone and no script’s; it has no domain and ends with the browser', async () => {
    const cookie = await signIn(url);
    assert.match(cookie, /^waterguard_session=[\w-]{43};/);
    assert.deepEqual(flags(cookie), ['httponly', 'path=/', 'samesite=strict']);
  });

  it('is sent over TLS alone where it was given over TLS', async () => {
    const pem = readFileSync(join(import.meta.dirname, '../../src/notification/fixtures/localhost.pem'));
    const app = await server.another({ https: { key: pem, cert: pem } });
    const open = await listen(app);
    const cookie = await signIn(open, { rejectUnauthorized: false });
    assert.deepEqual(flags(cookie), ['httponly', 'path=/', 'samesite=strict', 'secure']);
    const page = await sendTo(open, 'GET', '/healthz', {}, undefined, { rejectUnauthorized: false });
    assert.match(String(page.headers['strict-transport-security']), /max-age=31536000/);
  });

  it('is taken back on signing out', async () => {
    const secret = await server.signIn(server.users.viewer);
    const answer = await send('DELETE', '/v1/session', { cookie: cookieOf(secret), origin: url });
    assert.equal(answer.status, 204);
    assert.match(
      String(answer.headers['set-cookie']),
      /^waterguard_session=; .*(?:Max-Age=0|Expires=Thu, 01 Jan 1970)/i,
    );
  });
});

describe('headers of safety', () => {
  it('every answer has them: API, console, refusals', async () => {
    const cookie = cookieOf(server.sessions.viewer);
    const answers: Record<string, Reply> = {
      'an answer': await send('GET', '/v1/images', { cookie }),
      'the page': await send('GET', '/'),
      'a view of the page': await send('GET', '/images/7'),
      'a file of the page': await send('GET', '/assets/app-0a1b2c.js'),
      'a file that is not there': await send('GET', '/assets/nothing.js'),
      'nobody signed in': await send('GET', '/v1/images'),
      'not allowed': await send('GET', '/v1/users', { cookie }),
      'not found': await send('GET', '/v1/nothing'),
      'a wrong form': await send('GET', '/v1/images?limit=0', { cookie }),
      'another host': await send('GET', '/', { host: 'evil.example' }),
      probes: await send('GET', '/healthz'),
    };
    for (const [name, { headers }] of Object.entries(answers)) {
      const policy = String(headers['content-security-policy']);
      for (const part of [
        "default-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
      ])
        assert.ok(policy.includes(part), `${name}: ${policy}`);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/, name);
      assert.equal(headers['x-content-type-options'], 'nosniff', name);
      assert.equal(headers['referrer-policy'], 'no-referrer', name);
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin', name);
      assert.match(String(headers['x-frame-options']), /^(?:SAMEORIGIN|DENY)$/, name);
      assert.equal(headers['x-powered-by'], undefined, name);
      assert.equal(headers.server, undefined, name);
    }
  });

  it('the live stream has them as well', async () => {
    const end = new AbortController();
    const { headers } = await fetch(`${url}/v1/live`, {
      headers: { cookie: cookieOf(server.sessions.viewer) },
      signal: end.signal,
    });
    end.abort();
    assert.match(String(headers.get('content-security-policy')), /default-src 'self'/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  it('what is said to who is signed in stays in no cache', async () => {
    const cookie = cookieOf(server.sessions.admin);
    for (const path of ['/v1/images', '/v1/users', '/v1/session', '/v1/overview'])
      assert.equal((await send('GET', path, { cookie })).headers['cache-control'], 'no-store', path);
  });
});

describe('files of the console', () => {
  it('its page answers every address that is a view of it', async () => {
    for (const path of ['/', '/images', '/images/7', '/sign-in', '/settings/users?tab=1']) {
      const { status, headers, text } = await send('GET', path);
      assert.equal(status, 200, path);
      assert.equal(headers['content-type'], 'text/html; charset=utf-8', path);
      assert.equal(headers['cache-control'], 'no-cache', path);
      assert.match(text, /Waterguard/, path);
    }
  });

  it('its files have their types, and names with a hash are kept', async () => {
    const script = await send('GET', '/assets/app-0a1b2c.js');
    assert.match(String(script.headers['content-type']), /^(?:text|application)\/javascript/);
    assert.match(String(script.headers['cache-control']), /immutable/);
    assert.match(String((await send('GET', '/mark.svg')).headers['content-type']), /^image\/svg\+xml/);
    assertProblem(await send('GET', '/assets/nothing.js'), 404);
    assertProblem(await send('GET', '/missing.js'), 404);
  });

  it('its files come compressed to those who take that', async () => {
    const asked = await send('GET', '/assets/app-0a1b2c.js', { 'accept-encoding': 'gzip' });
    assert.equal(asked.headers['content-encoding'], 'gzip');
    assert.match(String(asked.headers['content-type']), /javascript/);
    assert.match(String(asked.headers['cache-control']), /immutable/);
    for (const other of ['identity', 'br']) {
      const { headers, text } = await send('GET', '/assets/app-0a1b2c.js', { 'accept-encoding': other });
      assert.equal(headers['content-encoding'], undefined);
      assert.match(String(headers.vary), /accept-encoding/i);
      assert.equal(text, 'export {};');
    }
  });

  it('no address leads out of its folder', async () => {
    const up = [
      '..',
      '%2e%2e',
      '%2E%2e',
      '.%2e',
      '..%00',
      '..%c0%af',
      '....//',
      '..;',
      '%252e%252e',
      '..%5c',
      '..\\',
    ];
    const slashes = ['/', '%2f', '%2F', '%5c', '\\', '//', '%252f', '%255c', '/./'];
    const names = ['package.json', 'store/PG_VERSION', 'etc/passwd'];
    const paths = new Set<string>([
      '/../package.json',
      '/assets/../../package.json',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/assets/..%2f..%2fpackage.json',
      '/assets//etc/passwd',
      '/assets/%2fetc%2fpasswd',
      '/assets/file:///etc/passwd',
      '/assets/app-0a1b2c.js%00.png',
      '/%00',
      '/assets/%00',
      '/assets/C:%5cwindows%5cwin.ini',
      '/assets/.hidden',
      '/assets/.',
      '/assets/',
      '/assets',
      '/.env',
      '/.git/config',
      '/index.html/../../package.json',
      '//evil.example/..',
    ]);
    for (const dots of up)
      for (const slash of slashes)
        for (const name of names) {
          paths.add(`/${dots}${slash}${name}`);
          paths.add(`/assets/${dots}${slash}${dots}${slash}${name}`);
          paths.add(`/assets${slash}${dots}${slash}${dots}${slash}${dots}${slash}${name}`);
        }
    for (const path of paths) {
      const { status, headers, text } = await send('GET', path);
      assert.ok(!text.includes(secretOutside) && !text.includes('root:'), `${path} → ${text.slice(0, 200)}`);
      if (status === 200) assert.match(text, /<title>Waterguard/, path);
      else if (status >= 400) assertProblem({ status, headers, text }, undefined, path);
      else assert.fail(`${path} → ${status} ${String(headers.location)}`);
    }
  });

  it('no address is redirected to another site', async () => {
    for (const path of [
      '//evil.example',
      '//evil.example/',
      '/\\evil.example',
      '/%2f/evil.example',
      '/assets//evil.example',
    ])
      assert.equal((await send('GET', path)).headers.location, undefined, path);
  });
});

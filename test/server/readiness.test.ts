/** What those ask who watch over the server: is it there, can it work, how much has it done. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addActivity } from '../../src/store/activity.ts';
import { assertProblem } from '../fixtures/problem.ts';
import { makeConsole, startServer, type TestServer } from '../fixtures/server.ts';

let server: TestServer;
let url: string;
before(async () => {
  server = await startServer({ consoleFolder: makeConsole() });
  url = await server.listen();
});
after(() => server.close());

async function ask(path: string, headers: Record<string, string> = {}, origin = url) {
  const answer = await fetch(`${origin}${path}`, { headers });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
}

const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` });

/** As a database that is gone looks to whoever wants a connection. @returns what brings it back */
function loseStore(): () => void {
  const { pool } = server.store;
  const refuse = (done?: (error: Error) => void): Promise<never> | undefined => {
    const error = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    if (done === undefined) return Promise.reject(error);
    done(error);
    return undefined;
  };
  pool.connect = refuse as never;
  return () => {
    // That of the class is under it.
    delete (pool as { connect?: unknown }).connect;
  };
}

describe('figures for Prometheus', () => {
  it('are for a token with their scope, and for an admin', async () => {
    const { status, headers, text } = await ask('/metrics', bearer(server.tokens.metrics));
    assert.equal(status, 200);
    assert.match(headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(text, /^waterguard_images\{verdict="malicious"\} 1$/m);
    assert.match(text, /^waterguard_images\{verdict="clean"\} 1$/m);
    assert.match(text, /^waterguard_jobs\{queue="images\.\w+",state="waiting"\} \d+$/m);
    assert.match(text, /^waterguard_process_cpu_seconds_total \d/m);
    const cookie = `waterguard_session=${server.sessions.admin}`;
    assert.equal((await ask('/metrics', { cookie })).status, 200);
  });

  it('are for no other token and no other role', async () => {
    for (const scope of ['read', 'hunt', 'triage', 'learn', 'ingest', 'admin'] as const)
      assertProblem(await ask('/metrics', bearer(server.tokens[scope])), 403, scope);
    for (const role of ['viewer', 'analyst'] as const)
      assertProblem(
        await ask('/metrics', { cookie: `waterguard_session=${server.sessions[role]}` }),
        403,
        role,
      );
    assertProblem(await ask('/metrics', bearer(`wg_${'x'.repeat(43)}`)), 401);
  });

  it('need no token on the machine itself, unless a proxy asks for somebody else', async () => {
    assert.equal((await ask('/metrics')).status, 200);
    for (const header of ['x-forwarded-for', 'forwarded', 'via'])
      assertProblem(await ask('/metrics', { [header]: '127.0.0.1' }), 401, header);
    // Without a connection of its own it comes from nowhere.
    assertProblem(await server.ask('GET', '/metrics'), 401);
  });

  const outer = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  it('need one where the server is reached from outside', {
    skip: outer === undefined && 'no network',
  }, async () => {
    const app = await server.another({});
    const port = new URL(await app.listen({ host: '0.0.0.0', port: 0 })).port;
    assertProblem(await ask('/metrics', {}, `http://${outer}:${port}`), 401);
    const known = await ask('/metrics', bearer(server.tokens.metrics), `http://${outer}:${port}`);
    assert.equal(known.status, 200);
  });

  it('tell of routes and never of what was asked for', async () => {
    await ask('/v1/images?q=some-secret-name', bearer(server.tokens.read));
    await ask(`/v1/images/${server.images.clean}`, bearer(server.tokens.read));
    await ask('/some/page/that/is/not/there.js', bearer(server.tokens.read));
    await ask('/v1/not-there-either', bearer(server.tokens.read));
    const { text } = await ask('/metrics');
    assert.match(text, /http_request_seconds_count\{method="GET",route="\/v1\/images\/:id",status="200"\} 1/);
    assert.doesNotMatch(text, /some-secret-name|that\/is\/not|not-there-either|nginx|the-viewer/);
  });
});

describe('a store that is away', () => {
  it('is told by what needs it, in a word, and by nothing else', async () => {
    const comeBack = loseStore();
    try {
      for (const headers of [
        {},
        bearer(server.tokens.read),
        { cookie: `waterguard_session=${server.sessions.viewer}` },
      ] as Record<string, string>[]) {
        assert.equal((await ask('/healthz', headers)).status, 200);
        assert.equal((await ask('/', headers)).status, 200);
        assert.equal((await ask('/assets/app-0a1b2c.js', headers)).status, 200);
        assert.equal((await ask('/v1/sign-in/options', headers)).status, 200);
        const ready = await ask('/readyz', headers);
        assert.equal(assertProblem(ready, 503).code, 'unavailable');
        assert.equal(ready.headers['retry-after'], '5');
      }
      for (const path of ['/v1/images', '/v1/overview', '/v1/users', '/v1/live', '/metrics'])
        assertProblem(await ask(path, bearer(server.tokens.read)), 503, path);
      assertProblem(await ask('/metrics'), 503);
      const signIn = await server.ask('POST', '/v1/session', {
        body: { link: 'x'.repeat(43) },
        headers: { 'sec-fetch-site': 'same-origin' },
      });
      assertProblem(signIn, 503);
      const write = await server.ask('POST', '/v1/hunts', {
        as: { role: 'admin' },
        body: { source: 'registry:registry.example.com' },
      });
      assertProblem(write, 503);
    } finally {
      comeBack();
    }
    const lines = server.log.map((line) => JSON.parse(line)).filter((line) => line.level >= 40);
    assert.ok(lines.length > 0);
    for (const line of lines) assert.equal(line.level, 40, JSON.stringify(line));
  });

  it('is well again as soon as it is back', async () => {
    assert.equal((await ask('/readyz')).status, 200);
    const { status, text } = await ask('/v1/images', bearer(server.tokens.read));
    assert.equal(status, 200);
    assert.equal(JSON.parse(text).items.length, 3);
    assert.equal((await ask('/metrics')).status, 200);
  });

  it('ends no live stream: what happened meanwhile comes when it is back', async () => {
    const end = new AbortController();
    const { body } = await fetch(`${url}/v1/live`, {
      headers: bearer(server.tokens.read),
      signal: end.signal,
    });
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const reading = (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        text += value;
      }
    })().catch(() => {});
    await sleep(300);
    const comeBack = loseStore();
    await sleep(1000);
    comeBack();
    await server.store.db
      .transaction()
      .execute((tx) =>
        addActivity(tx, { type: 'test', severity: 'info', text: 'meanwhile', key: 'meanwhile' }),
      );
    for (let waited = 0; !text.includes('meanwhile') && waited < 10_000; waited += 50) await sleep(50);
    assert.match(text, /event: activity\ndata: .*"text":"meanwhile"/);
    end.abort();
    await reading;
  });
});

describe('a server that ends', () => {
  it('finishes what it was asked, and takes no more', async () => {
    const app = await server.another({});
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    const asked = ask('/v1/overview', bearer(server.tokens.read), origin);
    await sleep(5);
    const before = performance.now();
    const closed = app.close();
    const answer = await asked.catch((error: unknown) => error);
    await closed;
    assert.ok(performance.now() - before < 3000);
    // Cut off at once or answered in full, but never with something in between.
    if (!(answer instanceof Error)) assert.ok([200, 503].includes((answer as { status: number }).status));
    await assert.rejects(ask('/healthz', {}, origin));
  });
});

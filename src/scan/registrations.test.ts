import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openRegistrations } from './registrations.ts';

describe('registration dates by RDAP', () => {
  let server: Server;
  let base = '';
  let folder = '';
  const asked: string[] = [];
  const answers: Record<string, (path: string) => { status: number; body?: unknown; location?: string }> = {
    '/dns.json': () => ({
      status: 200,
      body: {
        services: [
          [['test', 'co.test'], [`${base}/rdap/`]],
          [['far'], ['https://10.0.0.1/']],
        ],
      },
    }),
    '/rdap/domain/new.test': () => ({
      status: 200,
      body: { events: [{ eventAction: 'registration', eventDate: '2026-11-20T00:00:00Z' }] },
    }),
    '/rdap/domain/moved.test': () => ({ status: 302, location: '/rdap/domain/new.test' }),
    '/rdap/domain/loop.test': () => ({ status: 302, location: '/rdap/domain/loop.test' }),
    '/rdap/domain/away.test': () => ({ status: 302, location: 'http://169.254.169.254/latest' }),
    '/rdap/domain/odd.test': () => ({
      status: 200,
      body: { events: [{ eventAction: 'registration', eventDate: '?' }] },
    }),
    '/rdap/domain/busy.test': () => ({ status: 429 }),
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waterguard-rdap-'));
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const { status, body, location } = answers[request.url ?? '']?.(request.url ?? '') ?? { status: 404 };
      response.writeHead(status, location === undefined ? {} : { location });
      response.end(body === undefined ? '' : JSON.stringify(body));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const today = '2026-11-25T12:00:00Z';
  const open = (keep = false, now = today) =>
    openRegistrations({
      bootstrap: `${base}/dns.json`,
      folder: keep ? folder : undefined,
      env: {},
      now: () => new Date(now),
    });
  async function ask(...domains: string[]) {
    const registrations = open();
    const found = await registrations.ask(domains, new AbortController().signal);
    registrations.close();
    return {
      found: [...found].map(([domain, date]) => `${domain} ${date.toISOString()}`),
      problems: registrations.problems,
    };
  }

  it('asks the server of the suffix, and follows where it moved', async () => {
    const { found, problems } = await ask('new.test', 'moved.test', 'gone.test', 'x.unknown');
    assert.deepEqual(found.sort(), [
      'moved.test 2026-11-20T00:00:00.000Z',
      'new.test 2026-11-20T00:00:00.000Z',
    ]);
    assert.equal(problems.size, 0);
  });

  it('takes what fails for unknown and says why', async () => {
    const { found, problems } = await ask('loop.test', 'away.test', 'odd.test', 'busy.test', 'x.far');
    assert.deepEqual(found, []);
    assert.match([...problems].join('\n'), /redirects without end/);
    assert.match([...problems].join('\n'), /169\.254\.169\.254/);
    assert.match([...problems].join('\n'), /status 429/);
    assert.match([...problems].join('\n'), /10\.0\.0\.1/);
  });

  it('asks about each domain once, and again when it may have another owner', async () => {
    for (const [now, questions] of [
      [today, 3],
      [today, 0],
      ['2026-11-27T12:00:00Z', 1],
      ['2027-01-10T12:00:00Z', 3],
    ] as const) {
      asked.length = 0;
      const registrations = open(true, now);
      const found = await registrations.ask(['new.test', 'gone.test'], new AbortController().signal);
      registrations.close();
      assert.equal(found.size, 1);
      assert.equal(asked.length, questions, now);
    }
  });

  it('gives up when it is told to', async () => {
    const registrations = open();
    const found = await registrations.ask(['new.test'], AbortSignal.abort());
    registrations.close();
    assert.equal(found.size, 0);
  });

  it('refuses a bootstrap that is no URL', () => {
    assert.throws(() => openRegistrations({ bootstrap: 'x', env: {}, now: () => new Date() }), {
      code: 'usage',
    });
  });
});

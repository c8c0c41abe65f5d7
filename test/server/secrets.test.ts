/** What is kept, told and logged: a line of audit for each change, and a secret nowhere. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addLink } from '../../src/store/access.ts';
import { riskyReport } from '../fixtures/reports.ts';
import { type Answer, type Asked, startServer, type TestServer } from '../fixtures/server.ts';

let server: TestServer;
before(async () => {
  server = await startServer();
});
after(() => server.close());

const admin = { role: 'admin' } as const;
const own = { 'sec-fetch-site': 'same-origin' };
let addresses = 0;

function ask(method: string, url: string, asked: Asked = {}): Promise<Answer> {
  return server.ask(method, url, { as: admin, from: `203.0.113.${++addresses % 250}`, ...asked });
}

/** Everything that the store holds, as text. */
async function everythingStored(without: readonly string[] = []): Promise<string> {
  const { rows } = await server.store.pool.query(
    "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'",
  );
  const texts: string[] = [];
  for (const { name } of rows as { name: string }[]) {
    if (without.includes(name)) continue;
    const { rows: lines } = await server.store.pool.query(`select one::text as line from ${name} as one`);
    texts.push(...(lines as { line: string }[]).map(({ line }) => `${name} ${line}`));
  }
  return texts.join('\n');
}

async function lastLine(): Promise<number> {
  const { rows } = await server.store.pool.query('select coalesce(max(id), 0)::int as id from audit_log');
  return rows[0].id;
}

interface Line {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Record<string, unknown>;
  readonly address: string;
}

async function linesAfter(id: number): Promise<Line[]> {
  const { rows } = await server.store.pool.query('select * from audit_log where id > $1 order by id', [id]);
  return rows;
}

describe('the audit log', () => {
  /** One change of each kind, in an order in which each can be made; what a step makes is there for the later ones. */
  const made: Record<string, number | string> = {};
  let auditor: number;
  const steps: readonly (readonly [
    route: string,
    action: string,
    url: () => string,
    body?: (() => object) | undefined,
    keep?: (answer: Answer) => void,
  ])[] = [
    [
      'POST /v1/users',
      'user.create',
      () => '/v1/users',
      () => ({ name: 'audited', role: 'viewer' }),
      ({ json }) => {
        made.user = json.id;
      },
    ],
    ['PATCH /v1/users/:id', 'user.change', () => `/v1/users/${made.user}`, () => ({ role: 'analyst' })],
    ['POST /v1/users/:id/link', 'user.link', () => `/v1/users/${made.user}/link`],
    ['DELETE /v1/users/:id', 'user.remove', () => `/v1/users/${made.user}`],
    [
      'POST /v1/tokens',
      'token.create',
      () => '/v1/tokens',
      () => ({ name: 'audited', scopes: ['read'] }),
      ({ json }) => {
        made.token = json.id;
      },
    ],
    ['DELETE /v1/tokens/:id', 'token.remove', () => `/v1/tokens/${made.token}`],
    [
      'POST /v1/hunts',
      'hunt.start',
      () => '/v1/hunts',
      () => ({ source: 'registry:audited.example.com' }),
      ({ json }) => {
        made.hunt = json.id;
      },
    ],
    ['POST /v1/hunts/:id/cancel', 'hunt.cancel', () => `/v1/hunts/${made.hunt}/cancel`],
    [
      'POST /v1/images/:id/rescan',
      'image.rescan',
      () => `/v1/images/${server.images.risky}/rescan`,
      undefined,
      ({ json }) => {
        made.job = json.job;
      },
    ],
    ['POST /v1/jobs/:id/cancel', 'job.cancel', () => `/v1/jobs/${made.job}/cancel`],
    ['POST /v1/jobs/:id/retry', 'job.retry', () => `/v1/jobs/${made.failed}/retry`],
    [
      'POST /v1/findings/:id/ignore',
      'finding.ignore',
      () => '/v1/findings/2/ignore',
      () => ({ reason: 'our own', expiresAt: '2999-01-01T00:00:00Z' }),
      ({ json }) => {
        made.ignore = json.ignore.id;
      },
    ],
    ['DELETE /v1/ignores/:id', 'finding.unignore', () => `/v1/ignores/${made.ignore}`],
    [
      'POST /v1/indicators',
      'indicator.add',
      () => '/v1/indicators',
      () => ({ type: 'domain', value: 'evil.audited.net' }),
      ({ json }) => {
        made.indicator = json.id;
      },
    ],
    ['POST /v1/retro-hunts', 'retro-hunt.start', () => '/v1/retro-hunts', () => ({ kind: 'rules' })],
    ['DELETE /v1/indicators/:id', 'indicator.withdraw', () => `/v1/indicators/${made.indicator}`],
    [
      'POST /v1/channels',
      'channel.create',
      () => '/v1/channels',
      () => ({ name: 'audited', target: { kind: 'slack', url: 'http://127.0.0.1:1/audited' } }),
      ({ json }) => {
        made.channel = json.id;
      },
    ],
    [
      'PATCH /v1/channels/:id',
      'channel.change',
      () => `/v1/channels/${made.channel}`,
      () => ({ disabled: true }),
    ],
    ['POST /v1/channels/:id/test', 'channel.test', () => `/v1/channels/${made.channel}/test`],
    ['DELETE /v1/channels/:id', 'channel.remove', () => `/v1/channels/${made.channel}`],
    [
      'POST /v1/schedules',
      'schedule.create',
      () => '/v1/schedules',
      () => ({ source: 'hub:audited', cron: '0 3 * * 1' }),
      ({ json }) => {
        made.schedule = json.id;
      },
    ],
    ['DELETE /v1/schedules/:id', 'schedule.remove', () => `/v1/schedules/${made.schedule}`],
    ['POST /v1/reports', 'report.deliver', () => '/v1/reports', () => riskyReport],
    [
      'POST /v1/sensors/enrolments',
      'sensor.invite',
      () => '/v1/sensors/enrolments',
      () => ({ name: 'audited' }),
      ({ json }) => {
        made.invitation = json.secret;
      },
    ],
    [
      'POST /v1/sensors/enrol',
      'sensor.enrol',
      () => '/v1/sensors/enrol',
      () => ({ secret: made.invitation, report: { version: '0.2.0' } }),
      ({ json }) => {
        made.sensor = json.sensor;
      },
    ],
    ['POST /v1/sensors/authorities', 'sensor.authority', () => '/v1/sensors/authorities'],
    ['DELETE /v1/sensors/:id', 'sensor.revoke', () => `/v1/sensors/${made.sensor}`],
    ['POST /v1/session', 'session.open', () => '/v1/session', () => ({ link: made.link })],
    [
      'PUT /v1/session/password',
      'user.password',
      () => '/v1/session/password',
      () => ({ password: 'a password for the audit' }),
    ],
    ['DELETE /v1/session', 'session.close', () => '/v1/session'],
  ];

  before(async () => {
    const { boss } = server.queue;
    await boss.createQueue('failing', { retryLimit: 0 });
    made.failed = (await boss.send('failing', {})) ?? '';
    const [job] = await boss.fetch('failing');
    await boss.fail('failing', job!.id, { message: 'no luck' });
    auditor = await server.addUser('auditor', 'admin');
    made.link = (await addLink(server.store.db, auditor)).secret;
  });

  /** What sensors tell, which is there to be read itself. */
  const told = ['POST /v1/ingest', 'POST /v1/sensors/:id/heartbeat', 'PUT /v1/artefacts/:sha256'];

  /** In the tests of client certificates: it needs one. */
  const overTls = ['POST /v1/sensors/:id/certificate'];

  it('knows every route that changes something', () => {
    const writes = server.routes.flatMap(({ method, url }) =>
      method === 'GET' || method === 'HEAD' ? [] : [`${method} ${url}`],
    );
    assert.deepEqual(writes.sort(), [...steps.map(([route]) => route), ...told, ...overTls].sort());
  });

  it('has one line for each change: who, what, to what, from where', async () => {
    const cookie = `waterguard_session=${await server.signIn(auditor)}`;
    for (const [route, action, url, body, keep] of steps) {
      const [method = ''] = route.split(' ');
      const since = await lastLine();
      const from = `203.0.113.${++addresses}`;
      const answer = await ask(method, url(), {
        headers: { ...own, cookie },
        as: undefined,
        from,
        ...(body !== undefined && { body: body() }),
      });
      assert.ok(answer.status < 300, `${route} → ${answer.status} ${answer.text}`);
      keep?.(answer);
      const lines = await linesAfter(since);
      assert.deepEqual(
        lines.map((one) => one.action),
        [action],
        route,
      );
      const [line] = lines;
      assert.equal(line?.actor, route.endsWith('/enrol') ? 'sensor:audited' : 'user:auditor', route);
      assert.match(line?.subject ?? '', /^[a-z-]+:[\w-]+$/, route);
      assert.equal(line?.address, from, route);
    }
  });

  it('names the token by which a machine did something', async () => {
    const since = await lastLine();
    await ask('POST', '/v1/users', { as: { scope: 'admin' }, body: { name: 'by-token', role: 'viewer' } });
    assert.equal((await linesAfter(since))[0]?.actor, 'token:the admin token');
  });

  it('has no line for what was refused', async () => {
    assert.equal(
      (await ask('POST', '/v1/indicators', { body: { type: 'ip', value: '8.8.8.8' } })).status,
      201,
    );
    const since = await lastLine();
    const before = await everythingStored(['pgboss.job', 'public.sessions', 'public.tokens', 'public.users']);
    const refused: readonly (readonly [status: number, method: string, url: string, asked?: Asked])[] = [
      [400, 'POST', '/v1/users', { body: { name: 'a b', role: 'viewer' } }],
      [409, 'POST', '/v1/users', { body: { name: 'the-viewer', role: 'admin' } }],
      [400, 'PATCH', `/v1/users/${server.users.viewer}`, { body: {} }],
      [404, 'PATCH', '/v1/users/2147483000', { body: { role: 'viewer' } }],
      [409, 'POST', '/v1/users', { body: { name: 'auditor', role: 'viewer' } }],
      [404, 'DELETE', '/v1/users/2147483000'],
      [404, 'POST', '/v1/users/2147483000/link'],
      [403, 'POST', '/v1/users', { as: { role: 'analyst' }, body: { name: 'mine', role: 'admin' } }],
      [403, 'POST', '/v1/tokens', { as: { role: 'analyst' }, body: { name: 'mine', scopes: ['admin'] } }],
      [400, 'POST', '/v1/tokens', { body: { name: 'none', scopes: [] } }],
      [
        400,
        'POST',
        '/v1/tokens',
        { body: { name: 'old', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' } },
      ],
      [404, 'DELETE', '/v1/tokens/2147483000'],
      [400, 'POST', '/v1/hunts', { body: { source: 'oci:/etc' } }],
      [400, 'POST', '/v1/hunts', { body: { source: 'registry:r.example.com', insecure: true } }],
      [403, 'POST', '/v1/hunts', { as: { role: 'viewer' }, body: { source: 'registry:r.example.com' } }],
      [404, 'POST', '/v1/hunts/2147483000/cancel'],
      [404, 'POST', '/v1/images/2147483000/rescan'],
      [
        404,
        'POST',
        '/v1/findings/2147483000/ignore',
        { body: { reason: 'abc', expiresAt: '2999-01-01T00:00:00Z' } },
      ],
      [400, 'POST', '/v1/findings/2/ignore', { body: { reason: 'abc', expiresAt: '2020-01-01T00:00:00Z' } }],
      [400, 'POST', '/v1/findings/2/ignore', { body: { reason: '  ', expiresAt: '2999-01-01T00:00:00Z' } }],
      [404, 'DELETE', '/v1/ignores/2147483000'],
      [409, 'POST', '/v1/indicators', { body: { type: 'ip', value: '8.8.8.8' } }],
      [400, 'POST', '/v1/indicators', { body: { type: 'ip', value: '10.0.0.1' } }],
      [404, 'DELETE', '/v1/indicators/2147483000'],
      [404, 'POST', '/v1/retro-hunts', { body: { kind: 'indicator', indicator: 2147483000 } }],
      [400, 'POST', '/v1/channels', { body: { name: 'x', target: { kind: 'slack', url: 'nothing' } } }],
      [
        400,
        'POST',
        '/v1/channels',
        { body: { name: 'x', target: { kind: 'slack', url: 'https://h.example/\ud800' } } },
      ],
      [404, 'PATCH', '/v1/channels/2147483000', { body: { disabled: true } }],
      [404, 'DELETE', '/v1/channels/2147483000'],
      [404, 'POST', '/v1/channels/2147483000/test'],
      [400, 'POST', '/v1/schedules', { body: { source: 'hub:x', cron: 'now and then' } }],
      [400, 'POST', '/v1/schedules', { body: { source: 'list:/etc/passwd', cron: '0 3 * * 1' } }],
      [404, 'DELETE', '/v1/schedules/2147483000'],
      [404, 'POST', '/v1/jobs/7c0e1a52-3d4f-4b6a-9c8d-0e1f2a3b4c5d/retry'],
      [409, 'POST', `/v1/jobs/${made.job}/cancel`],
      [401, 'POST', '/v1/session', { as: undefined, headers: own, body: { link: 'x'.repeat(43) } }],
      [401, 'DELETE', '/v1/session', { as: undefined, headers: own }],
      [403, 'DELETE', '/v1/tokens/1', { headers: { 'sec-fetch-site': 'cross-site' } }],
      [413, 'POST', '/v1/users', { body: { name: 'x'.repeat(1024 * 1024), role: 'viewer' } }],
    ];
    for (const [status, method, url, asked] of refused) {
      const answer = await ask(method, url, asked);
      assert.equal(
        answer.status,
        status,
        `${method} ${url} ${JSON.stringify(asked?.body)?.slice(0, 200)} → ${answer.text}`,
      );
    }
    assert.deepEqual(await linesAfter(since), []);
    const afterwards = await everythingStored([
      'pgboss.job',
      'public.sessions',
      'public.tokens',
      'public.users',
    ]);
    assert.equal(changed(before, afterwards), '');
  });

  it('can be read by its actions', async () => {
    const { json } = await ask('GET', '/v1/audit?action=user.create&limit=200');
    assert.ok(json.items.length >= 2);
    assert.ok(json.items.every((one: { action: string }) => one.action === 'user.create'));
  });
});

/** Lines that are in one of two only, but for figures that the queue keeps of itself. */
function changed(before: string, afterwards: string): string {
  const [a, b] = [before, afterwards].map(
    (text) => new Set(text.split('\n').filter((one) => !one.startsWith('pgboss.'))),
  );
  return [...(b ?? [])].filter((one) => !a?.has(one)).join('\n');
}

describe('secrets', () => {
  /** What must be found nowhere; each as it was given, or handed out. */
  const secrets: Record<string, string> = {
    hook: 'T00000000/B00000000/hookhookhookhookhook',
    key: 'key-of-the-webhook-0123456789',
    mail: 'password-of-the-mail-server',
    password: 'a password that is nobody else’s',
    wrongPassword: 'a password that was not right',
    wrongLink: 'a-link-that-was-never-made-by-anybody',
    query: 'a-search-that-somebody-made',
    wrongToken: `wg_${'w'.repeat(43)}`,
  };
  let answers = '';

  before(async () => {
    const token = await ask('POST', '/v1/tokens', { body: { name: 'deploy', scopes: ['read'] } });
    secrets.token = token.json.secret;
    assert.match(secrets.token ?? '', /^wg_[\w-]{43}$/);
    const target = {
      kind: 'webhook',
      url: `https://hooks.example.invalid/${secrets.hook}`,
      key: secrets.key,
    };
    const more: readonly object[] = [
      target,
      { kind: 'slack', url: `https://127.0.0.1:1/services/${secrets.hook}` },
      {
        kind: 'email',
        server: `smtps://user:${secrets.mail}@127.0.0.1:1`,
        from: 'a@example.com',
        to: ['b@example.com'],
      },
      // Refused by the store, or by us before it.
      { ...target, key: `${secrets.key}\0` },
      { ...target, url: `https://hooks.example.invalid/${secrets.hook}\ud800` },
      { ...target, key: 5 },
      { ...target, url: `nothing ${secrets.hook}` },
    ];
    for (const one of more) {
      const { status, text, json } = await ask('POST', '/v1/channels', {
        body: { name: 'hook', target: one },
      });
      answers += text;
      if (status !== 201) continue;
      answers += (await ask('POST', `/v1/channels/${json.id}/test`)).text;
      answers += (await ask('PATCH', `/v1/channels/${json.id}`, { body: { disabled: true } })).text;
    }
    const link = await ask('POST', `/v1/users/${server.users.viewer}/link`);
    secrets.link = link.json.url.split('#')[1];
    const signedIn = await ask('POST', '/v1/session', {
      as: undefined,
      headers: own,
      body: { link: secrets.link },
    });
    const [cookie = ''] = String(signedIn.headers['set-cookie']).split(';');
    secrets.session = cookie.split('=')[1] ?? '';
    assert.match(secrets.session, /^[\w-]{43}$/);
    answers += signedIn.text;
    const asViewer = { as: undefined, headers: { ...own, cookie } };
    answers += (
      await ask('PUT', '/v1/session/password', { ...asViewer, body: { password: secrets.password } })
    ).text;
    for (const body of [
      { name: 'the-viewer', password: secrets.password },
      { name: 'the-viewer', password: secrets.wrongPassword },
      { link: secrets.wrongLink },
      { link: secrets.link },
      { name: 5, password: secrets.password },
    ])
      answers += (await ask('POST', '/v1/session', { as: undefined, headers: own, body })).text;
    for (const bearer of [secrets.token, secrets.wrongToken]) {
      const headers = { authorization: `Bearer ${bearer}` };
      for (const path of [
        `/v1/images?q=${secrets.query}`,
        `/v1/images?limit=${secrets.query}`,
        `/v1/observables?value=${secrets.query}&access_token=${secrets.token}`,
        `/v1/layers/${secrets.query}`,
        `/v1/nothing/${secrets.query}?q=${secrets.query}`,
        `/v1/%zz${secrets.query}`,
        '/v1/images?q=ubuntu-tools',
        `/v1/images/${server.images.malicious}`,
      ])
        answers += (await ask('GET', path, { as: undefined, headers })).text;
    }
    const { pool } = server.store;
    // A failure of ours while something secret is in hand.
    await pool.query('alter table channels rename to channels_away');
    const body = { name: 'hook', target };
    const failed = await ask('POST', '/v1/channels', { body });
    await pool.query('alter table channels_away rename to channels');
    assert.equal(failed.status, 500);
    answers += failed.text;
    await pool.query(`alter table channels add constraint odd check (name <> 'odd')`);
    const odd = await ask('POST', '/v1/channels', { body: { ...body, name: 'odd' } });
    await pool.query('alter table channels drop constraint odd');
    assert.equal(odd.status, 500);
    answers += odd.text;
  });

  function assertNowhere(text: string, where: string, but: readonly string[] = []): void {
    assert.ok(text.length > 100, where);
    for (const [name, secret] of Object.entries(secrets)) {
      if (but.includes(name)) continue;
      const at = text.indexOf(secret);
      assert.equal(at, -1, `${name} is in ${where}: …${text.slice(Math.max(0, at - 200), at)}[it]`);
    }
  }

  it('of tokens, links, sessions and passwords are nowhere in the store', async () => {
    assertNowhere(await everythingStored(['public.channels']), 'the store');
    // What channels need is with them and nowhere else.
    const { rows } = await server.store.pool.query('select target::text from channels');
    const targets = JSON.stringify(rows);
    assert.ok(targets.includes(secrets.key ?? '') && targets.includes(secrets.mail ?? ''));
    assertNowhere(`${targets}${' '.repeat(100)}`, 'channels', ['hook', 'key', 'mail']);
  });

  it('are in no list, and a token’s is never shown again', async () => {
    let lists = '';
    for (const path of [
      '/v1/tokens',
      '/v1/channels',
      '/v1/users',
      '/v1/audit?limit=200',
      '/v1/jobs?limit=200',
      '/v1/overview',
      '/v1/status',
      '/v1/session',
      '/metrics',
    ]) {
      const { status, text } = await ask('GET', path);
      assert.equal(status, 200, path);
      lists += text;
    }
    assertNowhere(lists, 'a list');
    assert.doesNotMatch(lists, /"secret"|"password":"/);
    const { json } = await ask('GET', '/v1/tokens');
    const [deploy] = json.items.filter((one: { name: string }) => one.name === 'deploy');
    // Enough to tell it from others, too little to guess it.
    assert.equal(deploy.prefix, secrets.token?.slice(0, 7));
  });

  it('are in no other answer, nor is what was sent', () => {
    assertNowhere(answers, 'an answer');
  });

  it('are in no log', () => {
    const log = server.log.join('');
    assertNowhere(log, 'the log');
    assert.doesNotMatch(log, /waterguard_session|Bearer|authorization"|cookie"/);
  });
});

describe('the log', () => {
  const requests = () => server.log.map((line) => JSON.parse(line)).filter((line) => line.msg === 'request');

  it('tells of each request its route, how it ended, and by what kind of caller', () => {
    const lines = requests();
    assert.ok(lines.length > 100, `${lines.length}`);
    for (const line of lines) {
      const { level, time, pid, hostname, reqId, msg, ...told } = line;
      assert.deepEqual([typeof level, typeof time, msg], ['number', 'number', 'request']);
      assert.deepEqual(Object.keys(told).sort(), ['by', 'method', 'ms', 'route', 'status']);
      assert.ok(['nobody', 'user', 'token'].includes(told.by), told.by);
      const routes = new Set(['none', ...server.routes.map((one) => one.url)]);
      assert.ok(routes.has(told.route), told.route);
    }
    assert.ok(lines.some((one) => one.by === 'user') && lines.some((one) => one.by === 'token'));
  });

  it('has no names of images, users or hosts, and nothing of a query', () => {
    const log = server.log.join('');
    for (const content of [
      'ubuntu-tools',
      'registry.example.invalid',
      'the-admin',
      'the-viewer',
      'limit=',
      '?',
    ])
      assert.ok(!log.includes(content), content);
  });

  it('says of a failure where it was, without the row that failed', () => {
    const failures = server.log.map((line) => JSON.parse(line)).filter((line) => line.level >= 50);
    assert.equal(failures.length, 2);
    for (const line of failures) {
      const { level, time, pid, hostname, reqId, ...told } = line;
      assert.deepEqual(Object.keys(told).sort(), ['code', 'msg', 'stack']);
      assert.match(told.stack, /addChannel/);
    }
  });
});

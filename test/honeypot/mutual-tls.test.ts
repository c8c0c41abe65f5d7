/** A sensor as a process, invited to a server with TLS: by a certificate it delivers what a visitor did, until it is revoked. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '../../src/server/context.ts';
import { serverCertificate } from '../fixtures/client-certificates.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { type Sensor, startSensor } from './sensor.ts';

const admin = { role: 'admin' } as const;
const identity = serverCertificate();
let server: TestServer;
let secure: App;
before(async () => {
  server = await startServer({ empty: true });
  secure = await server.another({ https: identity });
});
after(() => server.close());

/** Types of what is stored. */
async function stored(): Promise<readonly string[]> {
  const { json } = await server.ask('GET', '/v1/events?sensor=edge', { as: { role: 'analyst' } });
  return json.items.map((one: { type: string }) => one.type);
}

async function visit(sensor: Sensor): Promise<void> {
  const socket = connect(sensor.port('redis'), '127.0.0.1');
  socket.write('SET x 1\r\n');
  await once(socket, 'data');
  socket.destroy();
}

async function until(holds: () => boolean | Promise<boolean>, told: () => string): Promise<void> {
  for (const start = performance.now(); !(await holds()); await wait(50))
    assert.ok(performance.now() - start < 20_000, told());
}

describe('a sensor that is invited to a server with TLS', () => {
  it('delivers by its certificate, also after a restart, until it is revoked', async () => {
    const url = await secure.listen({ host: '127.0.0.1', port: 0 });
    const { json } = await server.ask('POST', '/v1/sensors/enrolments', {
      as: admin,
      body: { name: 'edge' },
    });
    const [invitation, authority] = [join(server.folder, 'invitation'), join(server.folder, 'server.pem')];
    writeFileSync(invitation, json.secret);
    writeFileSync(authority, identity.cert);
    const options = {
      flags: ['--server', url, '--token-file', invitation, '--spool', join(server.folder, 'sensor')],
      env: { NODE_EXTRA_CA_CERTS: authority },
    };
    {
      await using sensor = await startSensor(['redis'], options);
      await visit(sensor);
      await until(async () => (await stored()).includes('redis.command'), sensor.told);
    }
    const kept = JSON.parse(readFileSync(join(server.folder, 'sensor/enrolment.json'), 'utf8'));
    assert.match(kept.certificate.pem, /BEGIN CERTIFICATE/);
    assert.equal(
      (await server.store.db.selectFrom('tokens').selectAll().where('sensor_id', 'is not', null).execute())
        .length,
      0,
    );

    await using sensor = await startSensor(['redis'], options);
    const closed = async () => (await stored()).filter((one) => one === 'redis.close').length;
    const before = await closed();
    await visit(sensor);
    // Its last event: a delivery on its way while the sensor is revoked would be refused in other words.
    await until(async () => (await closed()) > before, sensor.told);
    assert.equal((await server.ask('DELETE', `/v1/sensors/${kept.sensor}`, { as: admin })).status, 204);
    const last = (await stored()).length;
    await visit(sensor);
    await until(() => /the server refuses the sensor's certificate \(401\)/.test(sensor.told()), sensor.told);
    assert.equal((await stored()).length, last);
  });
});

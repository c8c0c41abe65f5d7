/** The etcd decoy beside etcd 3.4.23 of Debian, with keys of version 2 and without users, as the decoy says that it is. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { comparable, exchange, exchanges } from '../honeypot/etcd-exchanges.ts';
import { serviceSeenByNmap } from '../honeypot/nmap.ts';
import { type Sensor, startSensor, without } from '../honeypot/sensor.ts';

describe('the etcd decoy and etcd', { skip: without('etcd', 'nmap') }, () => {
  let folder: string;
  let server: ChildProcess;
  let real: number;
  let sensor: Sensor;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'etcd-oracle-'));
    real = await freePort();
    const [client, peer] = [`http://127.0.0.1:${real}`, `http://127.0.0.1:${await freePort()}`];
    const flags = {
      name: 'default',
      'data-dir': folder,
      'enable-v2': 'true',
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `default=${peer}`,
    };
    server = spawn(
      'etcd',
      Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      { stdio: 'ignore' },
    );
    sensor = await startSensor(['etcd']);
    for (let tries = 0; tries < 50; tries += 1) {
      const isUp = await exchange(real, { method: 'GET', path: '/health', body: '' }).then(
        (answer) => answer.includes('"true"'),
        () => false,
      );
      if (isUp) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });
  after(async () => {
    server?.kill('SIGKILL');
    await sensor?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('look alike to nmap', async () => {
    const ports = [real, sensor.port('etcd')];
    const [one, other] = await Promise.all(ports.map((port) => serviceSeenByNmap(port)));
    assert.equal(other, one);
  });

  it('answer the same requests alike', async (test) => {
    const different: string[] = [];
    for (const one of exchanges) {
      const [expected, actual] = await Promise.all(
        [real, sensor.port('etcd')].map(async (port) => comparable(await exchange(port, one))),
      );
      if (expected !== actual)
        different.push(`${one.method} ${one.path} ${one.body}\n  etcd:  ${expected}\n  decoy: ${actual}`);
    }
    test.diagnostic(`${exchanges.length - different.length} of ${exchanges.length} answers are the same`);
    assert.deepEqual(different, []);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

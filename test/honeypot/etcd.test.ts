/** The etcd decoy as etcdctl sees it, over gRPC and with keys of version 2. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type Sensor, startSensor, without } from './sensor.ts';

const execute = promisify(execFile);

describe('etcdctl', { skip: without('etcdctl') }, () => {
  let sensor: Sensor;

  before(async () => {
    sensor = await startSensor(['etcd']);
  });
  after(() => sensor[Symbol.asyncDispose]());

  async function control(version: 2 | 3, ...args: string[]): Promise<string> {
    const address = `127.0.0.1:${sensor.port('etcd')}`;
    const endpoints = `--endpoints=${version === 2 ? `http://${address}` : address}`;
    const env = { ...process.env, ETCDCTL_API: String(version) };
    const { stdout, stderr } = await execute('etcdctl', [endpoints, ...args], { env, timeout: 20_000 });
    return stdout + stderr;
  }

  it('reads, writes and deletes keys', async () => {
    assert.match(
      await control(3, 'get', '--prefix', '/registry/secrets/', '--keys-only'),
      /\/registry\/secrets\/\S+/,
    );
    assert.equal(await control(3, 'put', '/app/x', 'curl http://198.51.100.8/run'), 'OK\n');
    assert.equal(await control(3, 'get', '/app/x'), '/app/x\ncurl http://198.51.100.8/run\n');
    assert.equal(await control(3, 'del', '/app/x'), '1\n');
    const put = await sensor.event('etcd.put');
    assert.equal(put.data!.key, '/app/x');
    assert.deepEqual(put.norm.urls, ['http://198.51.100.8/run']);
    const range = await sensor.event('etcd.range', ({ severity }) => severity === 'high');
    assert.equal(range.data!.key, '/registry/secrets/');
  });

  it('finds a healthy member and saves all of it', async () => {
    assert.match(await control(3, 'member', 'list'), /, started, /);
    assert.match(await control(3, 'endpoint', 'health'), /is healthy: successfully committed proposal/);
    assert.match(await control(3, 'endpoint', 'status'), /, 3\.4\.23, /);
    assert.match(await control(3, 'lease', 'grant', '60'), /granted with TTL\(60s\)/);
    const file = join(sensor.folder, 'snapshot.db');
    await control(3, 'snapshot', 'save', file);
    assert.match(await control(3, 'snapshot', 'status', file), /^[0-9a-f]+, \d+, \d+, /);
    await sensor.event('etcd.snapshot');
  });

  it('makes itself root and locks others out, but for its own source alone', async () => {
    await control(3, 'user', 'add', 'root:secret-of-mine');
    await control(3, 'user', 'grant-role', 'root', 'root');
    assert.match(await control(3, 'auth', 'enable'), /Authentication Enabled/);
    await assert.rejects(control(3, 'get', '/app/x'), /user name is empty/);
    assert.equal(await control(3, '--user=root:secret-of-mine', 'get', '/app/x'), '');
    await control(3, '--user=root:secret-of-mine', 'auth', 'disable');
    const told = await sensor.event('etcd.auth', ({ data }) => data?.method === 'UserAdd');
    assert.equal(told.data!.password, 'secret-of-mine');
  });

  it('does the same with keys of version 2', async () => {
    assert.match(await control(2, 'ls', '--recursive'), /^\/coreos\.com\/network\/config$/m);
    assert.match(await control(2, 'get', '/coreos.com/network/config'), /"Network"/);
    assert.equal(await control(2, 'set', '/x', 'y'), 'y\n');
    assert.equal(await control(2, 'rm', '/x'), 'PrevNode.Value: y\n');
    assert.match(await control(2, 'cluster-health'), /cluster is healthy/);
    assert.match(await control(2, 'member', 'list'), /isLeader=true/);
  });
});

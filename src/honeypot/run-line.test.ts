import assert from 'node:assert/strict';
import { test } from 'node:test';
import { personaOf } from './persona/persona.ts';
import { createSink, leftBy, runLine } from './run-line.ts';
import { Quota } from './world/files/quota.ts';
import { createContainer } from './world/systems/container.ts';
import { createHost } from './world/systems/host.ts';
import { interactive } from './world/terminal.ts';
import type { Note } from './world/world.ts';

const host = createHost(personaOf('run-line'), new Quota(64 << 20));

test('a line runs to its end, with what it printed and what it would have fetched', async () => {
  const ran = await runLine(host, 'echo out; echo err >&2; curl -so /tmp/x http://192.0.2.1/x; exit 3');
  assert.deepEqual([ran.exitCode, ran.output.toString(), ran.errors.toString()], [3, 'out\n', 'err\n']);
  assert.ok(ran.notes.some((note) => note.kind === 'request' && note.url === 'http://192.0.2.1/x'));
});

test('files that a container leaves on its host are called what they are there', async () => {
  const container = createContainer(host, {
    image: 'alpine',
    id: 'a'.repeat(64),
    binds: [{ source: '/', target: '/mnt' }],
  });
  const script =
    'echo own > /tmp/own; echo one > /mnt/etc/cron.d/one; chroot /mnt sh -c "echo two > /etc/cron.d/two"';
  const left = leftBy(container, [await runLine(container, script)]);
  assert.deepEqual(left.map(({ name, content }) => [name, Buffer.from(content).toString()]).sort(), [
    ['/etc/cron.d/one', 'one\n'],
    ['/etc/cron.d/two', 'two\n'],
    ['/tmp/own', 'own\n'],
  ]);
});

test('what is left by way of nsenter lies on the host, whatever the container has there', async () => {
  const container = createContainer(host, {
    image: 'alpine',
    id: 'b'.repeat(64),
    privileged: true,
    hostPid: true,
  });
  const script = `nsenter -t 1 -m -- sh -c 'echo "* * * * * root id" > /etc/cron.d/three'`;
  const left = leftBy(container, [await runLine(container, script)]);
  assert.deepEqual(
    left.map(({ name, content }) => [name, Buffer.from(content).toString()]),
    [['/etc/cron.d/three', '* * * * * root id\n']],
  );
});

test('what is typed behind chroot is known by its place on the host', async () => {
  const container = createContainer(host, {
    image: 'alpine',
    id: 'c'.repeat(64),
    binds: [{ source: '/', target: '/mnt' }],
  });
  const notes: Note[] = [];
  async function* typed() {
    yield Buffer.from('echo key > /root/typed\nexit\n');
  }
  await interactive(container, {
    argv: ['chroot', '/mnt', '/bin/sh'],
    terminal: { rows: 24, columns: 80 },
    input: typed(),
    output: createSink(),
    onLine: (_, result) => void notes.push(...result.notes),
    signal: AbortSignal.timeout(10_000),
  });
  assert.deepEqual(leftBy(container, [{ notes }]).filter(({ name }) => name === '/root/typed').length, 1);
});

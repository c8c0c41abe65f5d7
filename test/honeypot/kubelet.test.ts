/** curl against the kubelet as a process, as the tools of attackers use it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startSensor, without } from './sensor.ts';

const execute = promisify(execFile);

test('curl finds pods and runs commands in them', { skip: without('curl', 'openssl') }, async () => {
  await using sensor = await startSensor(['kubelet', 'kubelet-ro']);
  const at = `https://127.0.0.1:${sensor.port('kubelet')}`;
  const curl = async (...args: readonly string[]): Promise<string> =>
    (await execute('curl', ['-sk', '--max-time', '30', ...args])).stdout;

  const { items } = JSON.parse(await curl(`${at}/runningpods/`));
  const pod = items.find(
    (one: { metadata: { namespace: string } }) => !one.metadata.namespace.startsWith('kube-'),
  );
  const place = `${pod.metadata.namespace}/${pod.metadata.name}/${pod.spec.containers[0].name}`;
  assert.equal(await curl('-XPOST', `${at}/run/${place}`, '-d', 'cmd=echo benign'), 'benign\n');
  const event = await sensor.event('kubelet.run');
  assert.equal(event.data?.cmd, 'echo benign');
  assert.equal(event.data?.pod, pod.metadata.name);
  assert.match(
    await curl(
      '-XPOST',
      `${at}/run/${place}`,
      '-d',
      'cmd=cat /var/run/secrets/kubernetes.io/serviceaccount/token',
    ),
    /ey[\w-]+\.ey/,
  );
  assert.equal(await curl('--http1.1', `${at}/healthz`), 'ok');
  assert.equal(await curl('--http2', `${at}/healthz`), 'ok');
  assert.match(
    await curl('-i', '--http2', `${at}/pods`),
    /^HTTP\/2 200 \r\ncontent-type: application\/json\r\ndate: /,
  );
  assert.equal(
    await curl(`http://127.0.0.1:${sensor.port('kubelet')}/`),
    'Client sent an HTTP request to an HTTPS server.\n',
  );

  const plain = `http://127.0.0.1:${sensor.port('kubelet-ro')}`;
  assert.equal(JSON.parse(await curl(`${plain}/pods`)).kind, 'PodList');
  assert.equal(await curl('-XPOST', `${plain}/run/${place}?cmd=id`), '404 page not found\n');

  const chain = await execute('sh', [
    '-c',
    `openssl s_client -connect 127.0.0.1:${sensor.port('kubelet')} </dev/null 2>/dev/null`,
  ]);
  assert.match(chain.stdout, /s:CN = (\S+)@(\d+)\n +i:CN = \1-ca@\2\n/);
});

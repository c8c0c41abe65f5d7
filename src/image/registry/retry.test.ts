import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails, smallLimits } from '../../../test/fake-registry.ts';
import { parseChallenges } from './challenge.ts';
import { endpointsOf } from './endpoint.ts';
import type { Connections } from './exchange.ts';
import { follow } from './redirect.ts';

test('never follows from HTTPS to plain HTTP', async () => {
  const connections: Connections = {
    exchange: async ({ url }) => {
      if (url.protocol === 'http:') assert.fail('nothing may be sent over HTTP');
      const { IncomingMessage } = await import('node:http');
      const { Socket } = await import('node:net');
      const headers = { location: 'http://registry.example.com/v2/' };
      return { url, status: 301, headers, body: new IncomingMessage(new Socket()), signal: undefined };
    },
    close() {},
  };
  const ask = { url: new URL('https://registry.example.com/v2/') };
  await assert.rejects(follow(connections, ask, smallLimits), fails('refused', /from HTTPS to plain HTTP/));
});

test('reads one and several challenges, quoted and not', () => {
  const field =
    'Basic realm="a, b=\\"c\\"", Bearer realm="https://auth.example.com/t",service=s, Negotiate abc==, Odd';
  const found = parseChallenges(field).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);
  assert.deepEqual(found.slice(0, 2), [
    ['basic', { realm: 'a, b="c"' }],
    ['bearer', { realm: 'https://auth.example.com/t', service: 's' }],
  ]);
  assert.deepEqual(parseChallenges(''), []);
  assert.deepEqual(parseChallenges('="=" ,,'), []);
});

test('reads a hostile challenge in linear time', () => {
  const started = performance.now();
  for (const part of ['a="\\', 'a ', 'a=', '"', ' ', '\\"a="'])
    parseChallenges(part.repeat(32_000 / part.length));
  assert.ok(performance.now() - started < 500);
});

test('puts mirrors in their order before the origin, and knows where Docker Hub is', () => {
  const env = { WATERGUARD_MIRRORS: 'docker.io=m1:5000, ghcr.io=m2,docker.io=m3' };
  assert.deepEqual(
    endpointsOf('docker.io', env).map((one) => one.host),
    ['m1:5000', 'm3', 'registry-1.docker.io'],
  );
  assert.deepEqual(endpointsOf('quay.io', env), [{ registry: 'quay.io', host: 'quay.io' }]);
  for (const list of ['docker.io', 'docker.io=', 'docker.io=http://x', 'a=b=c']) {
    assert.throws(
      () => endpointsOf('docker.io', { WATERGUARD_MIRRORS: list }),
      fails('usage', /REGISTRY=HOST/),
    );
  }
});

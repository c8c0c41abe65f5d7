/**
 * The collector is away for an hour, compressed: it is stopped while visitors make as many events as a busy sensor has in
 * that time, and comes back.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ground } from '../parts.ts';
import { type BenchResult, rounded } from '../result.ts';
import { delivered, none, startCollector } from './collector.ts';
import { startSensor } from './sensor.ts';
import { startTraffic, visits } from './visits.ts';

/** Of an hour at twenty requests a second. */
const requests = 72_000;
const visitors = 24;
const names = ['docker', 'redis', 'ssh', 'etcd', 'http', 'kubelet-ro'];

export async function benchAway({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const most = Math.max(1000, Math.round(requests * scale));
  const collector = await startCollector(folder);
  const decoys = new Map(names.map((name) => [name, 0]));
  const sensor = await startSensor(folder, { decoys, flags: collector.flags, isGroup: true });
  const all = [...visits.noise, ...visits.talk, ...visits.evidence];
  const traffic = startTraffic(sensor.ports, all, { visitors });
  try {
    while (traffic.answered.size < most / 20) await sleep(50);
    await collector.stop();
    const since = performance.now();
    while (traffic.answered.size < most) await sleep(100);
    const away = (performance.now() - since) / 1000;
    say(`${traffic.answered.size} answers, the collector comes back`);
    const back = performance.now();
    await collector.start();
    await sleep(1000);
    await traffic.stop();
    await delivered(join(folder, 'sensor', 'spool'));
    const caughtUp = (performance.now() - back) / 1000;
    await sensor.stop();
    await collector.stop();
    const { answered, unanswered } = traffic;
    const account = await collector.account(answered);
    return [
      { metric: 'collector away', value: rounded(away), unit: 's', runs: 1 },
      { metric: 'requests answered', value: answered.size, unit: 'requests', runs: 1 },
      { metric: 'events of all of them', value: account.events, unit: 'events', runs: 1 },
      { metric: 'all delivered after its return', value: rounded(caughtUp), unit: 's', runs: 1 },
      none('requests without an answer', unanswered, 'requests'),
      none('answered, but lost', account.lost.length, 'events'),
      none('there twice', account.doubled, 'events'),
      none('holes in the numbers', account.missing, 'events'),
      none('sums that are not those of the rows', account.sumsOff, 'sums'),
    ];
  } finally {
    await traffic.stop();
    await sensor.running.kill();
    await collector.stop();
  }
}

/**
 * A sensor under traffic, killed with all its processes again and again at moments of chance: whatever a visitor was
 * answered is in the store, once.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf } from '../../honeypot/persona/random.ts';
import type { Ground } from '../parts.ts';
import { freePort } from '../processes.ts';
import type { BenchResult } from '../result.ts';
import { delivered, none, startCollector } from './collector.ts';
import { type LaunchedSensor, launchSensor } from './sensor.ts';
import { startTraffic, visits } from './visits.ts';

const kills = 100;
const names = ['docker', 'redis', 'ssh', 'etcd', 'http'];
/** Milliseconds from when all decoys answer; and for one kill in five from the start, in the middle of starting. */
const life = { up: [20, 1500], starting: [50, 1500] } as const;
const visitors = 12;

export async function benchKills({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const most = Math.max(4, Math.round(kills * scale));
  const random = randomOf('2026', 'kills');
  const collector = await startCollector(folder);
  const ports = new Map<string, number>();
  for (const name of names) ports.set(name, await freePort());
  const launch = (): LaunchedSensor =>
    launchSensor(folder, { decoys: ports, flags: collector.flags, isGroup: true });
  const all = [...visits.noise, ...visits.talk, ...visits.evidence];
  let sensor = launch();
  const traffic = startTraffic(ports, all, { visitors });
  try {
    for (let killed = 1; killed <= most; killed += 1) {
      if (random.int(1, 5) === 1) await sleep(random.int(...life.starting));
      else {
        await sensor.listening();
        await sleep(random.int(...life.up));
      }
      await sensor.running.kill();
      sensor = launch();
      if (killed % 10 === 0) say(`${killed} kills, ${traffic.answered.size} answers`);
    }
    await sensor.listening();
    await sleep(1000);
    await traffic.stop();
    await delivered(join(folder, 'sensor', 'spool'));
    await sensor.stop();
    await collector.stop();
    const { answered, unanswered } = traffic;
    const { events, lost, doubled, missing, sumsOff } = await collector.account(answered);
    return [
      { metric: 'kills of the sensor under traffic', value: most, unit: 'kills', runs: 1 },
      { metric: 'requests answered meanwhile', value: answered.size, unit: 'requests', runs: 1 },
      { metric: 'requests without an answer', value: unanswered, unit: 'requests', runs: 1 },
      { metric: 'events of all of them', value: events, unit: 'events', runs: 1 },
      none('answered, but lost', lost.length, 'events'),
      none('there twice', doubled, 'events'),
      none('holes in the numbers of a start', missing, 'events'),
      none('sums that are not those of the rows', sumsOff, 'sums'),
    ];
  } finally {
    await traffic.stop();
    await sensor.running.kill();
    await collector.stop();
  }
}

/**
 * The disk of a sensor's spool is full while the collector is away: what is worth least goes, it is told, and the decoys
 * go on. The disk is one in memory, which the sensor alone sees.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ground } from '../parts.ts';
import type { BenchResult } from '../result.ts';
import { delivered, none, startCollector } from './collector.ts';
import { startSensor } from './sensor.ts';
import { startTraffic, visits } from './visits.ts';

/** MiB: more than a segment of the spool, so that there are several. */
const size = 24;
/** Milliseconds from the moment on at which there is no room. */
const onward = 10_000;
const names = ['docker', 'redis', 'ssh', 'etcd', 'http'];

export async function benchFullDisk({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const reason = reasonAgainst();
  if (reason !== undefined)
    return [{ metric: 'events given up', value: null, unit: '', runs: 0, holds: null, reason }];
  const mebibytes = Math.max(4, Math.round(size * scale));
  const collector = await startCollector(folder);
  await collector.stop();
  const disk = join(folder, 'sensor');
  mkdirSync(disk);
  const mount = `mount -t tmpfs -o size=${mebibytes}m,mode=700 tmpfs "$0" && exec "$@"`;
  const sensor = await startSensor(folder, {
    decoys: new Map(names.map((name) => [name, 0])),
    flags: collector.flags,
    isGroup: true,
    prefix: ['unshare', '--mount', '--', 'sh', '-c', mount, disk],
  });
  const noise = startTraffic(sensor.ports, [...visits.noise, ...visits.talk], { visitors: 16 });
  const evidence = startTraffic(sensor.ports, visits.evidence, { visitors: 1, pause: 20 });
  try {
    while (!/no room/i.test(sensor.running.stderr())) {
      if (sensor.running.child.exitCode !== null) throw new Error(sensor.running.stderr().slice(-1000));
      await sleep(200);
    }
    say(`${mebibytes} MiB are full after ${noise.answered.size + evidence.answered.size} requests`);
    await sleep(Math.max(2000, onward * scale));
    await Promise.all([noise.stop(), evidence.stop()]);
    await collector.start();
    await delivered(`/proc/${sensor.running.child.pid}/root${disk}/spool`);
    // What was given up is told every few seconds.
    await sleep(6000);
    await delivered(`/proc/${sensor.running.child.pid}/root${disk}/spool`);
    await sensor.stop();
    await collector.stop();
    const account = await collector.account(evidence.answered);
    return [
      {
        metric: 'events given up',
        value: account.givenUp,
        unit: 'events',
        runs: 1,
        goal: '>= 1',
        holds: account.givenUp > 0,
      },
      none('requests of worth answered, but lost', account.lost.length, 'events'),
      none('events of worth given up', account.classes.has('evidence') ? 1 : 0, 'classes'),
      none('events that are missing, and nobody says so', account.missing - account.givenUp, 'events'),
      none('there twice', account.doubled, 'events'),
      none('requests without an answer', noise.unanswered + evidence.unanswered, 'requests'),
    ];
  } finally {
    await Promise.all([noise.stop(), evidence.stop()]);
    await sensor.running.kill();
    await collector.stop();
  }
}

function reasonAgainst(): string | undefined {
  if (process.getuid?.() !== 0) return 'a disk of its own takes root';
  const { status } = spawnSync('unshare', ['--mount', '--', 'true'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'mount namespaces are not to be had here (unshare --mount)';
}

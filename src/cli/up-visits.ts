/** What decoys show in the sample: made-up events of some days, and more of them as the day goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SensorReport } from '../api/sensors.ts';
import { type SampleSensor, sampleDay, sampleLocation, sampleSensors } from '../lab/sample-events.ts';
import { messageOf } from '../model/error.ts';
import { version } from '../package.ts';
import { addArtefact } from '../store/artefacts.ts';
import { recordEvents } from '../store/events.ts';
import { hear, sensorNamed } from '../store/sensors.ts';
import type { Started } from './serve.ts';

const dayLength = 86_400_000;
/** Whole days before today. */
const days = 7;
const pause = 60_000;
/** The second sensor is one that has fallen silent, so long before the start. */
const silence = 3 * 3_600_000;

const report: SensorReport = {
  version,
  decoys: ['docker', 'kubelet', 'redis', 'ssh', 'etcd', 'jupyter', 'http'].map((name) => ({
    name,
    state: 'up',
  })),
  spool: { bytes: 0, capacity: 256 * 1024 * 1024 },
};

/** Until the signal; what fails is told, and is no reason to end the platform. */
export async function visitSamples({ store, signal }: Pick<Started, 'store' | 'signal'>): Promise<void> {
  const { db } = store;
  const start = Date.now();
  const oldest = start - (start % dayLength) - days * dayLength;
  const [lively, silent] = sampleSensors;
  try {
    const silentId = await sensorNamed(db, silent!.name, silent!.place);
    if (silentId !== undefined) {
      await hear(db, silentId, report, 0);
      await deliver(store, silentId, silent!, oldest, start - silence);
    }
    const id = await sensorNamed(db, lively!.name, lively!.place);
    for (let from = oldest, to = start; id !== undefined; from = to, to = Date.now()) {
      await deliver(store, id, lively!, from, to);
      await hear(db, id, report, 0);
      await sleep(pause, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) process.stderr.write(`waterguard: the sample of visits ends: ${messageOf(error)}\n`);
  }
}

/** Events after the first time and up to the second; the sensor is heard of as of the last of them. */
async function deliver(
  { db }: Started['store'],
  id: number,
  sensor: SampleSensor,
  from: number,
  to: number,
): Promise<void> {
  for (let day = from - (from % dayLength); day <= to; day += dayLength) {
    const { events, artefacts } = sampleDay(sensor, day);
    const some = events.filter(({ ts }) => Date.parse(ts) > from && Date.parse(ts) <= to);
    const last = some.at(-1);
    if (last === undefined) continue;
    const receivedAt = new Date(Date.parse(last.ts) + 1000);
    await recordEvents(db, id, some, { receivedAt, locate: sampleLocation });
    for (const [sha256, content] of artefacts)
      await db.transaction().execute((tx) => addArtefact(tx, id, sha256, content));
  }
}

/** A sensor as a whole: who it is, its decoys, where their events go, and how they are delivered. */
import { join } from 'node:path';
import { version } from '../../package.ts';
import type { Worth } from '../decoy.ts';
import { openArtefacts } from '../delivery/artefacts.ts';
import { deliver } from '../delivery/deliver.ts';
import type { Delivery, SensorState } from '../delivery/delivery.ts';
import { openEventsFile } from '../spool/events-file.ts';
import type { Dropped, EventSink } from '../spool/sink.ts';
import { openSpool } from '../spool/spool.ts';
import { identify } from './identity.ts';
import { createNumbering } from './numbering.ts';
import { type Place, supervise } from './supervise.ts';
import { createTidy, tidyEvery } from './tidy.ts';

export interface Sensor {
  /** What it keeps over restarts: identity, spool, artefacts. */
  readonly folder: string;
  /** Of the persona; undefined for the one that it had. */
  readonly seed: string | undefined;
  readonly decoys: ReadonlyMap<string, readonly Place[]>;
  /** Events are also, or only, appended to this file. */
  readonly eventsFile?: string;
  /** Who stores them; undefined where the file is enough. */
  readonly delivery?: Delivery;
  readonly signal: AbortSignal;
  /** Once for each port. */
  listening(place: Place): void;
  tell(message: string): void;
}

/** Milliseconds between two reports of how it is. */
const reportEvery = 60_000;
/** The first comes when the decoys are up. */
const firstReportAfter = 5000;
/** Milliseconds over which what was given up is added up before it is told. */
const tellEvery = 5000;

/** Runs until the signal. @throws WaterguardError `usage` for folders, files and ports that cannot be had */
export async function runSensor(options: Sensor): Promise<void> {
  const { folder, tell, eventsFile, delivery } = options;
  // Delivery ends with the decoys, also where they cannot begin.
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const { sensor, seed } = identify(folder, options.seed);
  const numbering = createNumbering(sensor);
  const losses = new Map<Worth, Dropped>();
  let broken = 0;
  const drop = (dropped: Dropped): void => {
    const before = losses.get(dropped.worth);
    losses.set(dropped.worth, before === undefined ? dropped : added(before, dropped));
  };
  const spool =
    delivery === undefined
      ? undefined
      : await openSpool({
          folder: join(folder, 'spool'),
          drop,
          broken: (lines) => {
            broken += lines;
          },
        });
  const file = eventsFile === undefined ? undefined : await openEventsFile(eventsFile, drop);
  const sinks = [spool, file].filter((one) => one !== undefined);
  const sink = together(sinks);
  const artefacts = openArtefacts(join(folder, 'artefacts'));

  const tellLosses = (): void => {
    const lost = [...losses.values()];
    losses.clear();
    for (const one of lost) {
      tell(`There is no room: ${one.count} events of the class ${one.worth} were given up.`);
      void sink.append([numbering.own('spool.dropped', 'medium', { class: one.worth, ...one })]);
    }
    if (broken > 0) void sink.append([numbering.own('sensor.gap', 'medium', { damagedLines: broken })]);
    broken = 0;
  };
  const telling = setInterval(tellLosses, tellEvery);
  const ports = createPorts(options);
  const report = (): void => {
    const waiting = spool === undefined ? {} : { spool: { bytes: spool.size, capacity: spool.most } };
    // The next one says the same, or better.
    delivery?.report?.({ version, decoys: ports.state(), ...waiting }, signal).catch(() => {});
  };
  const reporting = setInterval(report, reportEvery);
  const firstReport = setTimeout(report, firstReportAfter);
  const tidying = setInterval(createTidy(), tidyEvery);
  const delivering =
    spool === undefined || delivery === undefined
      ? undefined
      : deliver({ spool, artefacts, delivery, signal, tell });
  try {
    await supervise({ ...options, ...ports, seed, numbering, sink, keep: artefacts.keep });
  } finally {
    ending.abort();
    await delivering;
    clearInterval(telling);
    clearInterval(reporting);
    clearTimeout(firstReport);
    clearInterval(tidying);
    tellLosses();
    await sink.close();
  }
}

/** Which ports answer. */
function createPorts({ decoys, listening }: Sensor) {
  const places = new Map<string, { readonly address: string; state: 'up' | 'restarting' }>();
  return {
    listening(place: Place): void {
      if (!places.has(place.port)) listening(place);
      places.set(place.port, { address: `${place.host}:${place.number}`, state: 'up' });
    },
    down(decoy: string): void {
      for (const { port } of decoys.get(decoy) ?? []) {
        const place = places.get(port);
        if (place !== undefined) place.state = 'restarting';
      }
    },
    state: (): SensorState['decoys'] => [...places].map(([name, place]) => ({ name, ...place })),
  };
}

function together(sinks: readonly EventSink[]): EventSink {
  return {
    async append(events) {
      await Promise.all(sinks.map((one) => one.append(events)));
    },
    async close() {
      await Promise.all(sinks.map((one) => one.close()));
    },
  };
}

function added(one: Dropped, other: Dropped): Dropped {
  return {
    worth: one.worth,
    count: one.count + other.count,
    firstSeq: Math.min(one.firstSeq, other.firstSeq),
    lastSeq: Math.max(one.lastSeq, other.lastSeq),
  };
}

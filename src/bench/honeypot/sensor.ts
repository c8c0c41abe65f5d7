/** A whole sensor for a benchmark: all decoys on free ports of loopback, and what it takes of memory. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decoys } from '../../honeypot/list.ts';
import { type Manner, type Running, said, start, usualCache } from '../processes.ts';

export interface BenchSensor {
  /** By name, on 127.0.0.1. */
  readonly ports: ReadonlyMap<string, number>;
  readonly running: Running;
  readonly events: string;
  /** Its processes: the supervisor first, then the decoys. */
  processes(): readonly number[];
  /** Of all its processes, in MiB, once it is quiet; what they share counts once (PSS). */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

export interface SensorSettings extends Manner {
  /** Names of ports, and where each listens; all, on free ones, where absent. */
  readonly decoys?: ReadonlyMap<string, number>;
  readonly flags?: readonly string[];
}

export async function startSensor(folder: string, settings: SensorSettings = {}): Promise<BenchSensor> {
  const sensor = launchSensor(folder, settings);
  await sensor.listening();
  return sensor;
}

export interface LaunchedSensor extends BenchSensor {
  /** Resolves when all decoys answer; before that `ports` lacks some. @throws where the sensor ends */
  listening(): Promise<void>;
}

export function launchSensor(
  folder: string,
  { decoys: chosen = everyDecoy(), flags = [], ...manner }: SensorSettings = {},
): LaunchedSensor {
  const events = join(folder, 'events.ndjson');
  const places = [...chosen].flatMap(([name, port]) => ['--decoy', `${name}=127.0.0.1:${port}`]);
  const where = ['--spool', join(folder, 'sensor'), '--persona', 'bench'];
  const output = flags.includes('--server') ? [] : ['--events', events];
  const running = start(['honeypot', ...places, ...where, ...output, ...flags], usualCache(), manner);
  const ports = new Map<string, number>();
  const processes = (): number[] => familyOf(running.child.pid!);
  return {
    ports,
    running,
    events,
    processes,
    memory: () => settled(() => processes().reduce((sum, pid) => sum + proportionalSize(pid), 0) / 1024),
    async listening() {
      for (const name of chosen.keys()) {
        const port = await said(running, new RegExp(`^listening on ${name}=.*:(\\d+)$`, 'm'), 120_000);
        ports.set(name, Number(port));
      }
    },
    async stop() {
      running.child.kill('SIGTERM');
      await running.ended;
    },
  };
}

/** Milliseconds between two looks, and at most. */
const looks = { every: 2000, most: 30_000 };

/** What a measure is once it shrinks no more. */
async function settled(measure: () => number): Promise<number> {
  let before = Number.POSITIVE_INFINITY;
  for (const end = performance.now() + looks.most; performance.now() < end; ) {
    await sleep(looks.every);
    const now = measure();
    if (now > before * 0.99) return now;
    before = now;
  }
  return measure();
}

function everyDecoy(): ReadonlyMap<string, number> {
  return new Map(Object.values(decoys).flatMap(({ ports }) => Object.keys(ports).map((name) => [name, 0])));
}

/** A process and all that it started. */
function familyOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOrNothing(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const family = [root];
  for (const parent of family) for (const [pid, its] of parents) if (its === parent) family.push(pid);
  return family;
}

/** KiB. */
function proportionalSize(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readOrNothing(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** Processes end while one looks. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

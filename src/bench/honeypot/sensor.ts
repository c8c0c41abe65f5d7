/** A whole sensor for a benchmark: all decoys on free ports of loopback, and what it takes of memory. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decoys } from '../../honeypot/list.ts';
import { type Running, said, start } from '../processes.ts';

export interface BenchSensor {
  /** By name, on 127.0.0.1. */
  readonly ports: ReadonlyMap<string, number>;
  readonly running: Running;
  readonly events: string;
  /** Of all its processes, in MiB; what they share counts once (PSS). */
  memory(): number;
  stop(): Promise<void>;
}

export async function startSensor(
  folder: string,
  { flags = [] as readonly string[], env = {} as Readonly<Record<string, string>> } = {},
): Promise<BenchSensor> {
  const names = Object.values(decoys).flatMap(({ ports }) => Object.keys(ports));
  const events = join(folder, 'events.ndjson');
  const running = start(
    [
      'honeypot',
      ...names.flatMap((name) => ['--decoy', `${name}=127.0.0.1:0`]),
      ...['--spool', join(folder, 'sensor'), '--events', events, '--persona', 'bench', ...flags],
    ],
    { XDG_CACHE_HOME: join(folder, 'cache'), ...env },
  );
  const ports = new Map<string, number>();
  for (const name of names) {
    const port = await said(running, new RegExp(`^listening on ${name}=.*:(\\d+)$`, 'm'), 120_000);
    ports.set(name, Number(port));
  }
  return {
    ports,
    running,
    events,
    memory: () => familyOf(running.child.pid!).reduce((sum, pid) => sum + proportionalSize(pid), 0) / 1024,
    async stop() {
      running.child.kill('SIGTERM');
      await running.ended;
    },
  };
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

/** What a machine measures of itself: memory, load, time. Follows from the persona and the clock, so that all agree. */
import type { Persona } from '../../persona/persona.ts';
import { now, type World } from '../world.ts';

/** KiB, as /proc/meminfo has them. */
export interface Memory {
  readonly total: number;
  readonly free: number;
  readonly available: number;
  readonly buffers: number;
  readonly cached: number;
  readonly reclaimable: number;
  readonly shared: number;
}

export function memoryOf(world: World): Memory {
  const { memoryKiB: total } = world.persona.machine;
  const random = world.persona.random('memory');
  const wave = waveAt(now(world), random.int(0, 1 << 30), 700_000);
  const busy = total * (0.12 + random.int(0, 90) / 1000 + 0.02 * wave);
  const cached = total * (0.38 + random.int(0, 150) / 1000 - 0.01 * wave);
  const buffers = total * (0.01 + random.int(0, 20) / 1000);
  const reclaimable = total * (0.03 + random.int(0, 15) / 1000);
  const free = total - busy - cached - buffers - reclaimable;
  const rounded = (value: number): number => Math.round(value / 4) * 4;
  return {
    total,
    free: rounded(free),
    available: rounded(free + cached * 0.93 + reclaimable * 0.9),
    buffers: rounded(buffers),
    cached: rounded(cached),
    reclaimable: rounded(reclaimable),
    shared: rounded(total * 0.0002 + random.int(300, 1800)),
  };
}

/** Of one, five and fifteen minutes. */
export function loadOf(world: World): readonly [number, number, number] {
  const base = world.persona.random('load').int(2, 25) / 100;
  const load = (period: number): number =>
    Math.max(0, Math.round(100 * base * (1 + 0.8 * waveAt(now(world), base * 1e7, period))) / 100);
  return [load(60_000), load(300_000), load(900_000)];
}

/** Seconds since it was started. */
export function uptimeOf(world: World): number {
  const time = now(world);
  return (time - world.persona.bootedAt(time)) / 1000;
}

/** Seconds that all its processors together were busy, and idle, since the start. */
export function processorTimeOf(world: World): { readonly busy: number; readonly idle: number } {
  const total = uptimeOf(world) * world.persona.machine.cores;
  const share = 0.015 + world.persona.random('busy').int(0, 30) / 1000;
  return { busy: total * share, idle: total * (1 - share) };
}

/** KiB of the disk that holds the root. */
export function diskOf(persona: Persona): {
  readonly size: number;
  readonly used: number;
  readonly inodes: number;
} {
  const gib = persona.machine.diskGiB;
  const random = persona.random('disk');
  // What the EFI and BIOS partitions and the file system's own tables leave.
  const size = Math.round((gib * 1_048_576 - 129_024) * 0.9834);
  const used = Math.round(size * (0.14 + random.int(0, 250) / 1000));
  return { size, used, inodes: Math.round((gib * 1_048_576) / 16) };
}

/** Between -1 and 1, slowly. */
function waveAt(time: number, phase: number, period: number): number {
  return Math.sin((time + phase) / period) * 0.6 + Math.sin((time + phase) / (period * 0.317)) * 0.4;
}

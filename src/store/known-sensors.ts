/**
 * Sensors as the last delivery of each left them. What is stored of one is as this process wrote it for as long as nobody
 * else wrote a batch of it, which `sensors.batches` tells when the next one is written; so a delivery that goes on where
 * the last one stopped reads nothing.
 */
import type { LastSeen } from '../honeypot/session/link.ts';
import type { ChangedSession, Past } from './event-sessions.ts';
import { createRecent } from './recent.ts';
import type { Boot, DeliveringSensor, Starts } from './sensor-boots.ts';
import type { Mark } from './session-links.ts';

/** What a batch left behind. */
export interface Left {
  /** As it was before. */
  readonly sensor: DeliveringSensor;
  readonly boots: readonly Boot[];
  /** Of its sources, as they were before. */
  readonly pasts: ReadonlyMap<string, Past>;
  readonly sessions: readonly ChangedSession[];
  readonly marks: readonly Mark[];
}

export interface KnownSensors {
  /** With the starts that are asked for, where all of these are known. */
  find(starts: Starts): DeliveringSensor | undefined;
  /**
   * Where another process wrote batches of it, what was known goes, and nothing is for a while: it would be wrong again and
   * again.
   * @param read just now
   */
  keep(read: DeliveringSensor): void;
  /** @param from milliseconds: who ended before does not matter */
  pastOf(sensor: number, src: string, from: number): Past | undefined;
  lastSeen(sensor: number, mark: string): LastSeen | undefined;
  wrote(left: Left): void;
  /** All of it, also which sensors others write: in another database that is not so, and in the same one it shows again. */
  forget(): void;
}

/** Members, at most. A source takes some two kilobytes, and most starts are the only ones of their sensors. */
const most = { sensors: 2000, boots: 8, sources: 4000, marks: 8000, sessions: 4 } as const;

/** Milliseconds. What is known must not outlive what is stored, which is kept for a year. */
const age = 30 * 60_000;

/** A sensor between two batches of others: what belongs to one that is known no longer is not known either. */
interface Known {
  readonly name: string;
  batches: number;
  boots: Map<string, Boot>;
}

export function createKnownSensors(): KnownSensors {
  const sensors = createRecent<number, Known>({ most: most.sensors, age });
  const sources = createRecent<string, Past & { readonly of: Known }>({ most: most.sources, age });
  const marks = createRecent<string, Mark & { readonly of: Known }>({ most: most.marks, age });
  const shared = createRecent<number, true>({ most: most.sensors, age });

  function sourceOf(sensor: number, src: string): Past | undefined {
    const known = sources.get(keyOf(sensor, src));
    return known !== undefined && known.of === sensors.get(sensor) ? known : undefined;
  }

  return {
    find({ sensor: id, boots: wanted }) {
      const sensor = sensors.get(id);
      if (sensor === undefined) return undefined;
      const boots = new Map<string, Boot>();
      for (const one of wanted) {
        const boot = sensor.boots.get(one);
        if (boot === undefined) return undefined;
        boots.set(one, boot);
      }
      return { id, name: sensor.name, batches: sensor.batches, boots };
    },
    keep({ id, name, batches, boots }) {
      if (shared.get(id) !== undefined) return;
      const known = sensors.get(id) ?? { name, batches, boots: new Map() };
      if (known.batches !== batches) {
        sensors.delete(id);
        shared.set(id, true);
        return;
      }
      sensors.set(id, known);
      if (known.boots.size + boots.size > most.boots) known.boots = new Map();
      for (const one of boots.values()) known.boots.set(one.boot, one);
    },
    pastOf(sensor, src, from) {
      const past = sourceOf(sensor, src);
      return past?.from !== undefined && past.from <= from ? past : undefined;
    },
    lastSeen(sensor, key) {
      const mark = marks.get(keyOf(sensor, key));
      const of = mark && sourceOf(sensor, mark.src)?.sessions.find((one) => one.id === mark.session);
      return of && { ...mark, firstAt: of.firstAt, lastAt: of.lastAt };
    },
    wrote({ sensor: { id, batches }, boots, pasts, sessions, ...left }) {
      const of = sensors.get(id);
      if (of?.batches !== batches) return;
      of.batches += 1;
      sensors.set(id, of);
      for (const one of boots) of.boots.set(one.boot, one);
      const bySource = Map.groupBy(sessions, (one) => one.src);
      for (const [src, past] of pasts)
        sources.set(keyOf(id, src), { ...goneOn(past, bySource.get(src) ?? []), of });
      for (const one of left.marks) marks.set(keyOf(id, one.key), { ...one, of });
    },
    forget() {
      for (const one of [sensors, sources, marks, shared]) one.forget();
    },
  };
}

function keyOf(sensor: number, what: string): string {
  return `${sensor} ${what}`;
}

/** A past with what was added to it, without what is too long ago to matter. */
function goneOn({ from, sessions }: Past, changed: readonly ChangedSession[]): Past {
  const ids = new Set(changed.map((one) => one.id));
  const all = [...sessions.filter((one) => !ids.has(one.id)), ...changed];
  if (all.length <= most.sessions) return { from, sessions: all.sort((a, b) => a.id - b.id) };
  const newest = all.sort((a, b) => b.lastAt - a.lastAt).slice(0, most.sessions);
  return {
    from: from && Math.max(from, all[most.sessions]!.lastAt + 1),
    sessions: newest.sort((a, b) => a.id - b.id),
  };
}

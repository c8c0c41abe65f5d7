/** Ends connections that take too long: one sweep a second over all of them instead of a timer for each. */

/** Milliseconds. */
export interface Times {
  /** A message that was begun has to be whole by then: slow senders hold nothing for longer. */
  readonly message: number;
  /** Silence between messages; as long as Cowrie's, which visitors are used to. */
  readonly idle: number;
  /** However busy it is, no connection is longer. */
  readonly whole: number;
  readonly sweep: number;
}

const usual: Times = { message: 8000, idle: 180_000, whole: 3_600_000, sweep: 1000 };

export interface Deadline {
  hurry(): void;
  relax(): void;
  clear(): void;
}

export interface Deadlines {
  /**
   * @param progress grows whenever something comes or goes: bytes
   * @param end is called once, with what took too long
   */
  watch(progress: () => number, end: (reason: Overdue) => void): Deadline;
  stop(): void;
}

/** What took too long: a message, silence, all of it. */
export type Overdue = 'slow' | 'idle' | 'long';

interface Watched {
  readonly since: number;
  readonly progress: () => number;
  readonly end: (reason: Overdue) => void;
  /** When there was progress last, and how far it was. */
  at: number;
  seen: number;
  /** Since when a message is under way; 0 for none. */
  hurriedAt: number;
}

export function createDeadlines(times: Times = usual): Deadlines {
  const all = new Set<Watched>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const one of all) {
      const reason = overdue(one, now, times);
      if (reason === undefined) continue;
      all.delete(one);
      one.end(reason);
    }
  }, times.sweep);
  timer.unref();

  return {
    watch(progress, end) {
      const now = performance.now();
      const one: Watched = { since: now, at: now, seen: 0, hurriedAt: 0, progress, end };
      all.add(one);
      return {
        hurry() {
          if (one.hurriedAt === 0) one.hurriedAt = performance.now();
        },
        relax() {
          one.hurriedAt = 0;
          one.at = performance.now();
        },
        clear() {
          all.delete(one);
        },
      };
    },
    stop: () => clearInterval(timer),
  };
}

function overdue(one: Watched, now: number, { message, idle, whole }: Times): Overdue | undefined {
  const progress = one.progress();
  if (progress !== one.seen) {
    one.seen = progress;
    one.at = now;
  }
  if (one.hurriedAt > 0 && now - one.hurriedAt > message) return 'slow';
  if (now - one.at > idle) return 'idle';
  if (now - one.since > whole) return 'long';
  return undefined;
}

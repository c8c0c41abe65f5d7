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

export interface Deadlines {
  /** @returns what its holder clears when it is over */
  watch(subject: Subject): Deadline;
  stop(): void;
}

export interface Subject {
  /** Grows whenever something comes or goes: bytes. */
  progress(): number;
  /** Is called once, with what took too long. */
  expire(reason: Overdue): void;
}

/** What took too long: a message, silence, all of it. */
export type Overdue = 'slow' | 'idle' | 'long';

/** Of one subject; a class, as there may be ten thousand. */
export class Deadline {
  readonly subject: Subject;
  readonly since = performance.now();
  /** When there was progress last, and how far it was. */
  at = this.since;
  seen = 0;
  /** Since when a message is under way; 0 for none. */
  hurriedAt = 0;
  private readonly all: Set<Deadline>;

  constructor(subject: Subject, all: Set<Deadline>) {
    this.subject = subject;
    this.all = all;
    all.add(this);
  }

  hurry(): void {
    if (this.hurriedAt === 0) this.hurriedAt = performance.now();
  }

  relax(): void {
    this.hurriedAt = 0;
    this.at = performance.now();
  }

  clear(): void {
    this.all.delete(this);
  }
}

export function createDeadlines(times: Times = usual): Deadlines {
  const all = new Set<Deadline>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const one of all) {
      const reason = overdue(one, now, times);
      if (reason === undefined) continue;
      one.clear();
      one.subject.expire(reason);
    }
  }, times.sweep);
  timer.unref();
  return {
    watch: (subject) => new Deadline(subject, all),
    stop: () => clearInterval(timer),
  };
}

function overdue(one: Deadline, now: number, { message, idle, whole }: Times): Overdue | undefined {
  const progress = one.subject.progress();
  if (progress !== one.seen) {
    one.seen = progress;
    one.at = now;
  }
  if (one.hurriedAt > 0 && now - one.hurriedAt > message) return 'slow';
  if (now - one.at > idle) return 'idle';
  if (now - one.since > whole) return 'long';
  return undefined;
}

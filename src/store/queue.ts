/**
 * Jobs: pg-boss on the store's own connections. Queues hand jobs out under a lease that whoever works on one renews;
 * what a dead worker had goes to the next one. Jobs that failed for good lie in `dead`, where people see them.
 */
import type { Transaction } from 'kysely';
import { type Db, fromKysely, PgBoss, type Queue as QueueSettings } from 'pg-boss';
import { alone, starting } from './alone.ts';
import { asUnavailable } from './failure.ts';
import type { Store } from './open.ts';
import type { Tables } from './tables.ts';

export const deadQueue = 'dead';

/** Seconds after which a silent worker has lost its job; pg-boss takes no fewer. */
export const leaseSeconds = 10;

const retries: Omit<QueueSettings, 'name'> = {
  retryLimit: 5,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 120,
  heartbeatSeconds: leaseSeconds,
  // The lease decides; this is for a worker that renews it for ever.
  expireInSeconds: 6 * 3600,
  deadLetter: deadQueue,
  deleteAfterSeconds: 3600,
};

export const mostTries = 1 + (retries.retryLimit ?? 0);

export interface Queue {
  readonly boss: PgBoss;
  /** Makes sure that there is such a queue. */
  ready(name: string): Promise<string>;
  /** For steps of pg-boss that belong into a transaction of ours. */
  within(tx: Transaction<Tables>): { readonly db: Db };
  close(): Promise<void>;
}

export interface QueueUse {
  /** Starts jobs by the clock: for processes that stay. */
  readonly schedules: boolean;
  /** Told of failures in the background, which pg-boss tries again by itself. */
  readonly problem: (error: Error) => void;
}

export async function openQueue({ pool, kind, place }: Store, settings: QueueUse): Promise<Queue> {
  const db: Db = {
    async executeSql(text, values) {
      const result = await pool.query(text, values).catch((error: unknown) => {
        throw asUnavailable(error, place);
      });
      // Several statements in one text give several results.
      return Array.isArray(result) ? { rows: result.flatMap((one) => one.rows) } : { rows: result.rows };
    },
  };
  const boss = new PgBoss({
    db,
    backend: kind === 'embedded' ? 'pglite' : 'postgres',
    schedule: settings.schedules,
    // Lapsed leases are looked for so often.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', settings.problem);
  await alone(pool, starting, () => boss.start());
  const known = new Map<string, Promise<void>>();
  const make = (name: string, options: Omit<QueueSettings, 'name'>): Promise<void> => {
    const made = known.get(name) ?? boss.createQueue(name, options);
    known.set(name, made);
    made.catch(() => known.delete(name));
    return made;
  };
  await make(deadQueue, { retryLimit: 0, deleteAfterSeconds: 30 * 86_400, retentionSeconds: 30 * 86_400 });
  return {
    boss,
    async ready(name) {
      await make(name, retries);
      return name;
    },
    within: (tx) => ({ db: fromKysely(tx) }),
    close: () => boss.stop({ graceful: false, close: false }),
  };
}

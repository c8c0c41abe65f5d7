/**
 * What PostgreSQL's autovacuum does, which PGlite does not have: without it the planner knows nothing of what is in the
 * tables, and the space of rows that were changed never comes back. Whoever holds the store does it, a table at a time.
 */
import type { Pool } from 'pg';

export interface Tidying {
  /** Resolves when a table that is under way is done. */
  stop(): Promise<void>;
}

/** Milliseconds between looks. */
const pause = 10_000;

/** PostgreSQL's own thresholds (`autovacuum_*`, release 18). */
const changed = `
  select quote_ident(schemaname) || '.' || quote_ident(stats.relname) as name
  from pg_stat_user_tables as stats join pg_class on pg_class.oid = relid,
    lateral (select greatest(reltuples, n_live_tup, 0) as rows) as size
  where n_dead_tup > 50 + 0.2 * rows or n_mod_since_analyze > 50 + 0.1 * rows or n_ins_since_vacuum > 1000 + 0.2 * rows
  order by n_dead_tup + n_mod_since_analyze desc`;

/** @param holds whether this process serves the store just now */
export function keepTidy(pool: Pool, holds: () => boolean): Tidying {
  let stopped = false;
  let under = Promise.resolve();
  const timer = setInterval(() => {
    under = under.then(look).catch(() => {
      // A store that is gone is told to whoever asks it something; this comes again.
    });
  }, pause);
  timer.unref();

  async function look(): Promise<void> {
    if (stopped || !holds()) return;
    await tidy(pool, () => stopped);
  }

  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await under;
    },
  };
}

/** One pass over all tables in which much has changed. @param isOver asked before each of them */
export async function tidy(pool: Pool, isOver: () => boolean = () => false): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(changed);
  const done: string[] = [];
  for (const { name } of rows) {
    if (isOver()) break;
    await pool.query(`vacuum (analyze) ${name}`);
    done.push(name);
  }
  return done;
}

/** What only one process may do at a time: making tables, which `if not exists` does not save from a race. */
import type { Pool } from 'pg';

/** Locks of Waterguard's own, under one number of its choice. */
const family = 7283;

export const starting = 3;

/**
 * Waits for its turn, whatever process has it. The embedded store has one session and knows no others to wait for;
 * there every statement is alone already.
 */
export async function alone<Result>(pool: Pool, lock: number, run: () => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1, $2)', [family, lock]);
    try {
      return await run();
    } finally {
      await client.query('select pg_advisory_unlock($1, $2)', [family, lock]);
    }
  } finally {
    client.release();
  }
}

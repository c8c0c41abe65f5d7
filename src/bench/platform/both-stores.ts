/** The embedded store and, where it is installed, PostgreSQL, each empty and for one measurement. */
import { join } from 'node:path';
import { openStore, type Store } from '../../store/open.ts';
import type { BenchResult } from '../result.ts';
import { findPostgreSql, startPostgreSql } from './postgresql.ts';

export async function onBothStores(
  folder: string,
  measure: (store: Store) => Promise<readonly BenchResult[]>,
): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  if (findPostgreSql() === undefined) {
    const reason = 'PostgreSQL is not installed';
    results.push({ metric: 'on PostgreSQL', value: null, unit: '', runs: 0, holds: null, reason });
  } else {
    const postgres = await startPostgreSql(join(folder, 'postgresql'));
    try {
      results.push(...(await on({ DATABASE_URL: postgres.url('bench') }, undefined)));
    } finally {
      await postgres.stop('SIGQUIT');
    }
  }
  results.push(...(await on({}, join(folder, 'store'))));
  return results;

  async function on(
    env: Readonly<Record<string, string>>,
    data: string | undefined,
  ): Promise<readonly BenchResult[]> {
    // Held as a server holds it.
    const store = await openStore({ env, data, command: 'bench', exclusive: true });
    try {
      return await measure(store);
    } finally {
      await store.close();
    }
  }
}

/** The value below which a part of all lies. @param part 0..1 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/**
 * What a collector of a few lines does: each event a row of JSON with its key, and nothing that follows from it. The rival
 * of `ingest`, on the same server.
 */
import { gunzipSync } from 'node:zlib';
import { Pool } from 'pg';

export interface PlainTable extends AsyncDisposable {
  /** @param body gzipped lines @returns events that were there before or are now */
  write(body: Buffer): Promise<number>;
}

/** @param url of a database that has no such table, @param writers at the same time */
export async function openPlainTable(url: string, writers: number): Promise<PlainTable> {
  const pool = new Pool({ connectionString: url, max: writers });
  await pool.query(
    'create table plain_events (boot uuid, seq bigint, event jsonb not null, primary key (boot, seq))',
  );
  return {
    async write(body) {
      const lines = gunzipSync(body).toString().trimEnd().split('\n');
      await pool.query(
        `insert into plain_events
          select (event->>'boot')::uuid, (event->>'seq')::bigint, event from unnest($1::jsonb[]) as event
          on conflict do nothing`,
        [lines],
      );
      return lines.length;
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyStoreFolder } from '../../../test/fixtures/store-folder.ts';
import { openStore } from '../open.ts';
import { tidy } from './tidy.ts';

const folder = mkdtempSync(join(tmpdir(), 'waterguard-tidy-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a table in which much has changed is vacuumed and analysed, and then left alone', async () => {
  const store = await openStore({
    env: {},
    data: await copyStoreFolder(join(folder, 'store')),
    command: 'test',
  });
  const rows = async (): Promise<number> => {
    const { rows } = await store.pool.query<{ rows: number }>(
      `select reltuples::int as rows from pg_class where relname = 'index_manifests'`,
    );
    return rows[0]!.rows;
  };
  try {
    await store.pool.query(`
      insert into index_manifests (index_digest, platform, digest)
      select 'index ' || n, 'linux/amd64', 'image ' || n from generate_series(1, 3000) as n`);
    assert.ok((await rows()) < 3000);
    // PostgreSQL counts once a second at most.
    let done: readonly string[] = [];
    for (let tries = 0; tries < 100 && !done.includes('public.index_manifests'); tries++) {
      done = await tidy(store.pool);
      await sleep(200);
    }
    assert.ok(done.includes('public.index_manifests'));
    assert.equal(await rows(), 3000);
    await sleep(1500);
    assert.ok(!(await tidy(store.pool)).includes('public.index_manifests'));
    assert.deepEqual(await tidy(store.pool, () => true), []);
  } finally {
    await store.close();
  }
});

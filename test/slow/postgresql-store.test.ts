/** The contract on PostgreSQL, and what only a server of its own can do: be gone for a while. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { openQueue } from '../../src/store/queue.ts';
import { queueRescan } from '../../src/store/rescans.ts';
import { type PostgreSql, skipWithoutPostgreSql, startPostgreSql } from '../fixtures/postgresql.ts';
import { record, ruleset, scanned } from '../store/contract/opened.ts';
import { storeContract } from '../store/contract.ts';
import { migrations } from '../store/migrations.ts';

describe('with a server', { skip: skipWithoutPostgreSql() }, () => {
  let folder: string;
  let server: PostgreSql;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'store-test-'));
    server = await startPostgreSql(join(folder, 'server'));
  });
  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  storeContract('PostgreSQL', async () => ({ url: server.url('contract') }));
  migrations('PostgreSQL', async () => ({ url: server.url('empty') }), 4);

  describe('PostgreSQL that goes away', () => {
    it('is told as not available, without the password, and is there again when it is back', async () => {
      const url = server.url('gone');
      const env = { DATABASE_URL: url.replace('waterguard@', 'waterguard:secret-password@') };
      const store = await openStore({ env, command: 'test' });
      try {
        const queue = await openQueue(store, { schedules: false, problem: () => {} });
        const id = await record(store, scanned('gone away'));
        await server.stop('SIGQUIT');
        const gone = (error: unknown): boolean => {
          assert.equal((error as { code: unknown }).code, 'unavailable');
          assert.match(String(error), /127\.0\.0\.1:\d+\/gone/);
          assert.doesNotMatch(String(error), /secret-password/);
          return true;
        };
        await assert.rejects(record(store, scanned('gone away')), gone);
        await assert.rejects(queueRescan(store.db, queue, id, ruleset), gone);
        await assert.rejects(queue.boss.fetch('images.none'), gone);
        await assert.rejects(openStore({ env, command: 'test' }), gone);
        await server.start();
        assert.equal(await record(store, scanned('gone away')), id);
        assert.ok(await queueRescan(store.db, queue, id, ruleset));
        await queue.close();
      } finally {
        await store.close();
      }
    });

    it('is refused where its URL is none', async () => {
      for (const url of ['localhost', 'mysql://a/b', 'postgres//x', 'http://postgres']) {
        const opened = openStore({ env: { DATABASE_URL: url }, command: 'test' });
        await assert.rejects(opened, { code: 'usage', message: /DATABASE_URL/ });
      }
    });
  });
});

/** What a store of an older schema has is there after its migration, as if it had been written by today's. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { recordEvents } from '../../src/store/events.ts';
import { migrate, newestMigration } from '../../src/store/migrate.ts';
import * as first from '../../src/store/migrations/0001-first.ts';
import * as honeypots from '../../src/store/migrations/0002-honeypots.ts';
import * as sensorCertificates from '../../src/store/migrations/0003-sensor-certificates.ts';
import { openStore } from '../../src/store/open.ts';
import { sessionDetail } from '../../src/store/sessions.ts';
import { sampleBoot } from '../fixtures/events.ts';

const before = {
  '0001-first': first,
  '0002-honeypots': honeypots,
  '0003-sensor-certificates': sensorCertificates,
};

describe('a store of the schema 0003', () => {
  it('has sessions that know what they have seen, and go on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-test-'));
    const store = await openStore({ env: {}, data: folder, command: 'test', migrate: false });
    const { db } = store;
    try {
      const migrator = new Migrator({
        db,
        provider: { getMigrations: async () => before },
        migrationTableName: 'migrations',
        migrationLockTableName: 'migrations_lock',
      });
      const { error } = await migrator.migrateToLatest();
      assert.equal(error, undefined);
      // A command (type 0) `uname -a`, by the first bytes of its SHA-256, and a mark.
      const seen = '028ba533b0f3cm0123456789ab';
      const summary = { types: {}, clients: [], names: [], values: { command: 1 }, marks: 1, seen };
      await sql`insert into sensors (name) values ('old')`.execute(db);
      await sql`
        insert into honeypot_sessions (sensor_id, src, first_at, last_at, events, severity, services, techniques,
          summary)
        select 1, src::inet, now(), now(), 1, 1, '{redis}', '{}', summary::json
        from (values ('198.51.100.7', ${JSON.stringify(summary)}),
          ('198.51.100.8', ${JSON.stringify({ ...summary, seen: '' })})) as t(src, summary)`.execute(db);

      assert.deepEqual(await migrate(db), [newestMigration]);
      const { rows } = await sql<{ seen: string }>`
        select encode(digests, 'hex') as seen from session_seen`.execute(db);
      assert.deepEqual(rows, [{ seen: '3028ba533b0f3c6d0123456789ab' }]);

      const commands = ['uname -a', 'id'];
      assert.equal((await recordEvents(db, 1, [sampleBoot().next({ norm: { commands } })])).accepted, 1);
      const detail = await sessionDetail(db, 1, true);
      assert.deepEqual([detail?.events, detail?.commands], [2, ['id']], 'it has the other one since long');
    } finally {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** What a store of an older schema has is there after its migration, as if it had been written by today's. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { DecoyEvent } from '../../src/model/event.ts';
import { listEvents } from '../../src/store/event-list.ts';
import { packLines } from '../../src/store/event-rows.ts';
import { storedDigestOf, valuesOfSession } from '../../src/store/event-values.ts';
import { recordEvents } from '../../src/store/events.ts';
import { migrate, newestMigration } from '../../src/store/migrate.ts';
import * as first from '../../src/store/migrations/0001-first.ts';
import * as honeypots from '../../src/store/migrations/0002-honeypots.ts';
import * as sensorCertificates from '../../src/store/migrations/0003-sensor-certificates.ts';
import { openStore } from '../../src/store/open.ts';
import { sessionDetail } from '../../src/store/sessions.ts';
import type { Tables } from '../../src/store/tables.ts';
import { sampleBoot } from '../fixtures/events.ts';

const before = {
  '0001-first': first,
  '0002-honeypots': honeypots,
  '0003-sensor-certificates': sensorCertificates,
};

/** As they were stored then. */
async function oldEvents(db: Kysely<Tables>): Promise<readonly DecoyEvent[]> {
  const { next, boot } = sampleBoot('old');
  const at = (time: string) => ({ ts: `2026-10-31T23:${time}Z` });
  const events = [
    next(at('40:00.250')),
    next({ ...at('55:00.500'), type: 'redis.auth' }),
    next({ ...at('59:59.999'), type: 'sensor.started' }),
  ];
  const receivedAt = new Date('2026-11-01T00:00:05Z');
  await sql`
    create table events_2026_10 partition of events for values from ('2026-10-01T00:00Z') to ('2026-11-01T00:00Z')`.execute(
    db,
  );
  await sql`
    create table event_batches_2026_11 partition of event_batches
    for values from ('2026-11-01T00:00Z') to ('2026-12-01T00:00Z')`.execute(db);
  const packed = packLines(Buffer.from(events.map((one) => JSON.stringify(one)).join('\n')));
  await sql`insert into event_batches (id, received_at, lines) values (7, ${receivedAt}, ${packed})`.execute(
    db,
  );
  await sql`
    insert into sensor_boots (sensor_id, boot, first_at, last_at, contiguous, highest, beyond, events, dropped)
    values (1, ${boot}, ${receivedAt}, ${receivedAt}, 3, 3, '[]', 3, 0)`.execute(db);
  for (const [line, { ts, seq, type }] of events.entries()) {
    await sql`insert into event_types (name) values (${type})`.execute(db);
    await sql`
      insert into events (at, seq, session_id, batch_id, boot_id, line, type, severity)
      select ${ts}::timestamptz, ${seq}, ${line === 2 ? null : 1}::bigint, 7, 1, ${line}::int, id, 1 from event_types
      where name = ${type}`.execute(db);
  }
  await sql`
    insert into event_values (type, digest, value, first_at)
    values (0, ${storedDigestOf('uname -a')}, 'uname -a', now())`.execute(db);
  await sql`insert into session_values (session_id, value_id, at) values (1, 1, now())`.execute(db);
  return events;
}

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

      // A batch of three events: two of a session, and one of the sensor's own at the end of a month.
      const lines = await oldEvents(db);

      assert.equal((await migrate(db)).at(-1), newestMigration);
      const { items } = await listEvents(db, { limit: 10 }, true);
      assert.deepEqual(
        items.map((one) => [one.seq, one.at, one.session, one.type]),
        lines.map((one, at) => [one.seq, one.ts, at === 2 ? undefined : 1, one.type]).toReversed(),
      );
      assert.deepEqual(await valuesOfSession(db, 1), [{ type: 'command', value: 'uname -a' }]);
      const { rows } = await sql<{ seen: string }>`
        select encode(digests, 'hex') as seen from session_seen`.execute(db);
      assert.deepEqual(rows, [{ seen: '3028ba533b0f3c6d0123456789ab' }]);

      const commands = ['uname -a', 'id'];
      assert.equal((await recordEvents(db, 1, [sampleBoot().next({ norm: { commands } })])).accepted, 1);
      const detail = await sessionDetail(db, 1, true);
      assert.deepEqual(
        [detail?.events, detail?.commands],
        [2, ['uname -a', 'id']],
        'it has one of them since long',
      );
    } finally {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Deliveries that come at the same time: of many sensors, of one, to one process and to two. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Kysely, sql } from 'kysely';
import { randomOf } from '../../../src/honeypot/persona/random.ts';
import type { DecoyEvent } from '../../../src/model/event.ts';
import { recordEvents } from '../../../src/store/events.ts';
import { sensorNamed } from '../../../src/store/sensors.ts';
import { listSessions } from '../../../src/store/sessions.ts';
import type { Tables } from '../../../src/store/tables.ts';
import { minutesFromNow, sampleBoot } from '../../fixtures/events.ts';
import type { Get } from './opened.ts';

export function deliveries(get: Get): void {
  const sensors = (...names: string[]): Promise<number[]> =>
    Promise.all(names.map(async (name) => (await sensorNamed(get().store.db, name))!));
  /** Of one sensor: rows, transactions that wrote them, and what its sums and sessions say. */
  const countsOf = async (sensor: number) => {
    const { rows } = await sql<
      Record<'events' | 'numbers' | 'written' | 'told' | 'hours' | 'visits', number>
    >`
      select count(*) as events, count(distinct (boot_id, seq)) as numbers,
        (select count(distinct s.xmin::text) from event_spans as s join sensor_boots on sensor_boots.id = boot_id
          where sensor_id = ${sensor}) as written,
        (select coalesce(sum(events), 0)::bigint from sensor_boots where sensor_id = ${sensor}) as told,
        (select coalesce(sum(events), 0)::bigint from event_hours where sensor_id = ${sensor}) as hours,
        (select coalesce(sum(events), 0)::bigint from honeypot_sessions where sensor_id = ${sensor}) as visits
      from events join sensor_boots as b on b.id = boot_id where sensor_id = ${sensor}`.execute(
      get().store.db,
    );
    return rows[0]!;
  };
  const whole = (events: number) => ({
    events,
    numbers: events,
    told: events,
    hours: events,
    visits: events,
  });

  describe('deliveries at the same time', () => {
    it('of many sensors are written together, each with what follows from it alone', async () => {
      const { db } = get().store;
      // With a table for the month and a number for the type nothing keeps one from coming with the others.
      const [first] = await sensors('before-together');
      await recordEvents(db, first!, [sampleBoot().next()]);
      const names = Array.from({ length: 12 }, (_, at) => `together-${at}`);
      const ids = await sensors(...names);
      const boots = names.map((name) => sampleBoot(name));
      const deliver = (at: number): Promise<unknown> => {
        const event = { from: '203.0.113.9', norm: { commands: [`as ${names[at]}`, 'as all together'] } };
        return recordEvents(
          db,
          ids[at]!,
          [1, 2, 3].map(() => boots[at]!.next(event)),
        );
      };
      // A start that is new is written in another way than one that goes on.
      for (let round = 1; round <= 2; round += 1) {
        await Promise.all(ids.map((_, at) => deliver(at)));
        for (const id of ids) {
          const { written, ...counts } = await countsOf(id);
          assert.deepEqual([counts, written], [whole(round * 3), round]);
        }
        const { rows } = await sql<{ written: number }>`
          select count(distinct s.xmin::text) as written from event_spans as s
          join sensor_boots as b on b.id = boot_id where sensor_id = any(${ids}::int[])`.execute(db);
        assert.ok(rows[0]!.written <= round * 6, `${rows[0]!.written} transactions`);
      }
      const { items } = await listSessions(db, { source: '203.0.113.9', limit: 200 });
      assert.deepEqual(new Set(items.map((one) => one.sensor)), new Set(names));
      const { rows } = await sql<{ value: string; sessions: number }>`
        select value, count(*) as sessions from event_values join session_seen on value_ids @> array[id]
        where value like 'as %together%' group by value`.execute(db);
      assert.equal(rows.length, names.length + 1);
      for (const { value, sessions } of rows)
        assert.equal(sessions, value === 'as all together' ? names.length : 1, value);
    });

    it('fail alone: one of a revoked sensor, and one with which something is wrong', async () => {
      const { db } = get().store;
      const names = ['fine-1', 'revoked-now', 'fine-2', 'wrong', 'fine-3'];
      const ids = await sensors(...names);
      const boots = names.map((name) => sampleBoot(name));
      await sql`update sensors set revoked_at = now() where id = ${ids[1]}`.execute(db);
      const fails = (): never => {
        throw new Error('no map');
      };
      // Together: those before keep the others waiting.
      const before = await sensors('before-1', 'before-2', 'before-3', 'before-4');
      const [, ...outcomes] = await Promise.allSettled([
        Promise.all(before.map((id) => recordEvents(db, id, [sampleBoot().next()]))),
        ...ids.map((id, at) =>
          recordEvents(db, id, [boots[at]!.next()], at === 3 ? { locate: fails } : undefined),
        ),
      ]);
      assert.deepEqual(
        outcomes.map((one) => (one.status === 'rejected' ? String(one.reason) : one.value)),
        names.map((_, at) => {
          if (at === 1) return 'WaterguardError: The sensor was revoked: enrol it again to take its events.';
          if (at === 3) return 'Error: no map';
          return { accepted: 1, duplicates: 0, ack: [{ boot: boots[at]!.boot, seq: 1 }] };
        }),
      );
      for (const [at, id] of ids.entries())
        assert.equal((await countsOf(id)).events, at === 1 || at === 3 ? 0 : 1, names[at]);
    });

    it('of one sensor are written one after another, also where they have events in common', async () => {
      const { db } = get().store;
      const [id] = await sensors('one-after-another');
      const { next, boot } = sampleBoot();
      const some = Array.from({ length: 40 }, () => next({ from: '203.0.113.10' }));
      const parts = [some.slice(0, 10), some.slice(5, 20), some.slice(15, 30), some.slice(30), some];
      const answers = await Promise.all(parts.map((part) => recordEvents(db, id!, part)));
      assert.deepEqual(
        answers.map((one) => one.accepted),
        [10, 10, 10, 10, 0],
      );
      assert.deepEqual(
        answers.map((one) => one.ack),
        [10, 20, 30, 40, 40].map((seq) => [{ boot, seq }]),
      );
      const { written, ...counts } = await countsOf(id!);
      assert.deepEqual([counts, written], [whole(40), 4]);
    });

    it('to two processes lose nothing of each other, and wait in no ring', async () => {
      const { store, other } = get();
      const names = Array.from({ length: 6 }, (_, at) => `two-${at}`);
      const ids = await sensors(...names);
      const boots = names.map((name) => sampleBoot(name));
      const sent: Promise<unknown>[] = [];
      const deliver = (db: typeof store.db, at: number, part: readonly DecoyEvent[]): void => {
        sent.push(recordEvents(db, ids[at]!, part));
      };
      for (let round = 0; round < 8; round += 1) {
        const parts = boots.map((one) =>
          [0, 1, 2, 3].map((index) =>
            one.next({
              from: '203.0.113.11',
              norm: { commands: [`ring ${round} ${index}`], images: [`ring/${(round + index) % 5}`] },
            }),
          ),
        );
        // Each has all of them in its own order, half of each delivery twice.
        for (let at = 0; at < ids.length; at += 1) {
          const back = ids.length - 1 - at;
          deliver(store.db, at, parts[at]!.slice(0, 3));
          deliver(other.db, back, parts[back]!.slice(1));
        }
      }
      await Promise.all(sent);
      for (const id of ids) {
        const { written: _, ...counts } = await countsOf(id);
        assert.deepEqual(counts, whole(32));
      }
      const { items } = await listSessions(store.db, { source: '203.0.113.11', limit: 200 });
      assert.equal(items.length, ids.length, 'nobody began a session that the other one had begun');
      const { rows } = await sql<{ values: number }>`
        select count(*) as values from event_values where value like 'ring%'`.execute(store.db);
      assert.deepEqual(rows, [{ values: 32 + 5 }]);
    });

    it('are worked out anew where another process changed what this one knows', async () => {
      const { store, other } = get();
      const [id, revoked] = await sensors('meanwhile', 'revoked-meanwhile');
      const { next } = sampleBoot();
      const from = '203.0.113.12';
      const deliver = (db: typeof store.db, some: readonly DecoyEvent[]) => recordEvents(db, id!, some);
      // What begins a start is held; what follows is remembered.
      for (let round = 0; round < 2; round += 1) await deliver(store.db, [next()]);
      const theirs = [next({ from }), next({ from })];
      await deliver(other.db, theirs);
      const { accepted } = await deliver(store.db, [next({ from }), ...theirs]);
      assert.equal(accepted, 1);
      const { written: _, ...counts } = await countsOf(id!);
      assert.deepEqual(counts, whole(5));
      const { items } = await listSessions(store.db, { source: from, limit: 200 });
      assert.deepEqual(
        items.map((one) => one.events),
        [3],
      );

      const { next: late } = sampleBoot();
      for (let round = 0; round < 2; round += 1) await recordEvents(store.db, revoked!, [late()]);
      await other.pool.query('update sensors set revoked_at = now() where id = $1', [revoked]);
      await assert.rejects(recordEvents(store.db, revoked!, [late({ from: '203.0.113.13' })]), {
        code: 'refused',
      });
      assert.equal((await countsOf(revoked!)).events, 2);
    });
  });

  describe('a process that remembers what it wrote', () => {
    /** As a process that has just started: what is remembered is remembered for one view of the database. */
    const forgetful = (): Kysely<Tables> =>
      get().store.db.withPlugin({
        transformQuery: ({ node }) => node,
        transformResult: async ({ result }) => result,
      });

    /** Sessions, links and marks of a sensor, whatever their numbers are. */
    const stateOf = async (sensor: number): Promise<unknown> => {
      const { rows } = await sql<{ state: unknown }>`
        with mine as (select *, row_number() over (order by src, first_at) as place from honeypot_sessions
          where sensor_id = ${sensor})
        select json_build_object(
          'sessions', (select json_agg(json_build_array(src, first_at, last_at, events, severity, services, summary,
            (select string_agg(encode(digests, 'hex'), '' order by seen.place) from session_seen as seen
              where session_id = mine.id),
            array(select value from session_seen, unnest(value_ids) as one join event_values on event_values.id = one
              where session_id = mine.id order by value)) order by place) from mine),
          'links', (select json_agg(json_build_array(a.place, b.place, reason) order by a.place, b.place, reason)
            from session_links join mine as a on a.id = session_id join mine as b on b.id = earlier_id),
          'marks', (select json_agg(json_build_array(encode(mark, 'hex'), place, sources) order by mark)
            from session_marks join mine on mine.id = session_id where session_marks.sensor_id = ${sensor}),
          'boots', (select json_agg(json_build_array(boot, contiguous, highest, beyond, events) order by boot)
            from sensor_boots where sensor_id = ${sensor})) as state`.execute(get().store.db);
      return rows[0]!.state;
    };

    it('comes to what one does that reads everything again, whatever comes late or twice', async () => {
      const { store, other } = get();
      const [remembering, reading] = await sensors('remembering', 'reading');
      const random = randomOf('2026', 'remembered');
      const boots = [sampleBoot(), sampleBoot()];
      const sent: DecoyEvent[] = [];
      for (let round = 0; round < 60; round += 1) {
        const { next } = boots[random.int(0, 1)]!;
        // Now, or late by some hours.
        const late = random.int(0, 2) === 0 ? random.int(0, 600) : 0;
        const delivery = Array.from({ length: random.int(1, 12) }, () =>
          next({
            from: `203.0.113.${random.int(20, 24)}`,
            ts: minutesFromNow(-late - random.int(0, 40)),
            fp: { ja4: `t13d1516h2_8daaf6152771_e5627efa2ab${random.int(0, 2)}` },
            payload: `payload ${random.int(0, 3)} that is long enough to be a mark`,
            norm: { commands: [`command ${random.int(0, 30)}`] },
          }),
        );
        if (sent.length > 0 && random.int(0, 4) === 0) delivery.push(random.pick(sent));
        sent.push(...delivery);
        const [one, two] = await Promise.all([
          // Now and then another process has it.
          recordEvents(random.int(0, 9) === 0 ? other.db : store.db, remembering!, delivery),
          recordEvents(forgetful(), reading!, delivery),
        ]);
        assert.deepEqual(new Set(one.ack), new Set(two.ack));
        assert.deepEqual([one.accepted, one.duplicates], [two.accepted, two.duplicates], `round ${round}`);
      }
      const state = await stateOf(reading!);
      assert.deepEqual(await stateOf(remembering!), state);
      const { sessions, links, marks } = state as Record<string, readonly unknown[]>;
      assert.ok(sessions!.length > 20 && links!.length > 5 && marks!.length > 3, JSON.stringify(state));
    });
  });
}

/** Events: each is here once, whatever comes again, in whatever order; and all of it can be read again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { sessionsQuery, storedEvent } from '../../../src/api/events.ts';
import type { DecoyEvent } from '../../../src/model/event.ts';
import { recordLines } from '../../../src/store/delivery.ts';
import { listEvents, streamEvents } from '../../../src/store/event-list.ts';
import { dropOldPartitions, monthsKept } from '../../../src/store/event-partitions.ts';
import { keepEvents } from '../../../src/store/event-retention.ts';
import { recordEvents } from '../../../src/store/events.ts';
import { listSensors, sensorNamed } from '../../../src/store/sensors.ts';
import { listSessions } from '../../../src/store/sessions.ts';
import { minutesFromNow, sampleBoot } from '../../fixtures/events.ts';
import type { Get } from './opened.ts';

export function events(get: Get): void {
  const sensor = async (name: string): Promise<number> => (await sensorNamed(get().store.db, name))!;
  const countOf = async (sensor: number): Promise<number> => {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from events join sensor_boots on sensor_boots.id = boot_id
      where sensor_id = ${sensor}`.execute(get().store.db);
    return rows[0]!.count;
  };
  const all = (name: string, more = {}) =>
    listEvents(get().store.db, { sensor: name, limit: 200, ...more }, true);

  describe('events of a sensor', () => {
    it('are read as they were sent, the newest first', async () => {
      const { db } = get().store;
      const { next } = sampleBoot('as-sent');
      const sent = [
        next({ ts: minutesFromNow(-3), type: 'redis.connect', severity: 'info' }),
        next({
          ts: minutesFromNow(-2),
          connection: 'c0ffee',
          fp: { ja4: 't13d1516h2_8daaf6152771_e5627efa2ab1', ua: 'redis-py' },
          norm: { commands: ['SET x y'], urls: ['http://example.invalid/x'] },
          payload: 'SET x y\r\n',
          attack: ['T1053.003'],
          severity: 'critical',
          data: { reply: 'OK', parts: [1, null, { a: 'b' }] },
        }),
        next({ ts: minutesFromNow(-1), type: 'spool.dropped', data: { worth: 'noise', count: 3 } }),
      ];
      const id = await sensor('as-sent');
      const receivedAt = new Date();
      const recorded = await recordEvents(db, id, sent, { receivedAt });
      assert.deepEqual(recorded, { accepted: 3, duplicates: 0, ack: [{ boot: sent[0]!.boot, seq: 3 }] });
      const { items } = await all('as-sent');
      for (const one of items) storedEvent.parse(one);
      const read = items.toReversed().map(({ at, receivedAt: received, session, ...event }) => {
        assert.equal(at, event.ts);
        assert.equal(received, receivedAt.toISOString());
        assert.equal(session === undefined, event.type === 'spool.dropped');
        return event;
      });
      assert.deepEqual(
        read,
        sent.map(({ v: _, session: __, ...event }) => event),
      );
    });

    it('are in their order, whatever came together and however it is asked for', async () => {
      const { db } = get().store;
      const id = await sensor('in-order');
      const { next } = sampleBoot('in-order');
      const begin = Date.now() - 6 * 3_600_000;
      // More sessions than are read at once. Each goes on for half an hour beside many others; some do two things at once.
      const sent = Array.from({ length: 300 }, (_, visitor) =>
        [0, 0, 4, 11, 30].map((minutes, step) =>
          next({
            from: `203.0.${visitor % 256}.${Math.floor(visitor / 256)}`,
            ts: new Date(begin + (visitor * 7 + minutes) * 60_000 * 0.5).toISOString(),
            type: step === 2 ? 'redis.auth' : 'redis.command',
          }),
        ),
      ).flat();
      const mixed = sent.toSorted((one, other) => one.id.localeCompare(other.id));
      while (mixed.length > 0) await recordEvents(db, id, mixed.splice(0, 400));
      const expected = sent.toSorted((one, other) => one.ts.localeCompare(other.ts) || one.seq - other.seq);
      const paged = async (limit: number, more = {}): Promise<number[]> => {
        const seqs: number[] = [];
        let cursor: string | undefined;
        do {
          const page = await listEvents(db, { sensor: 'in-order', limit, cursor, ...more }, true);
          seqs.push(...page.items.map((one) => one.seq));
          cursor = page.next;
        } while (cursor !== undefined);
        return seqs;
      };
      const seqsOf = (events: readonly DecoyEvent[]) => events.map((one) => one.seq);
      assert.deepEqual(await paged(1000), seqsOf(expected.toReversed()));
      assert.deepEqual(await paged(70), seqsOf(expected.toReversed()));
      const auth = expected.filter((one) => one.type === 'redis.auth');
      assert.deepEqual(await paged(40, { type: 'redis.auth' }), seqsOf(auth.toReversed()));
      const streamed: number[] = [];
      for await (const some of streamEvents(db, { sensor: 'in-order' })) streamed.push(...seqsOf(some));
      assert.deepEqual(streamed, seqsOf(expected));
      const [from, to] = [expected[333]!.ts, expected[999]!.ts];
      const within = expected.filter(({ ts }) => ts >= from && ts < to);
      const some: number[] = [];
      for await (const part of streamEvents(db, { sensor: 'in-order', from, to })) some.push(...seqsOf(part));
      assert.deepEqual(some, seqsOf(within));
    });

    it('that come again are here once, also in part, also at the same moment', async () => {
      const { store, other } = get();
      const { next, boot } = sampleBoot('again');
      const id = await sensor('again');
      const some = Array.from({ length: 20 }, () => next());
      const both = await Promise.all([
        recordEvents(store.db, id, some),
        recordEvents(other.db, id, some),
        recordEvents(store.db, id, some.slice(5, 15)),
      ]);
      assert.equal(
        both.reduce((sum, one) => sum + one.accepted, 0),
        20,
      );
      const later = await recordEvents(store.db, id, [...some.slice(-3), next(), next()]);
      assert.deepEqual(later, { accepted: 2, duplicates: 3, ack: [{ boot, seq: 22 }] });
      const twice = next();
      const inOne = await recordEvents(store.db, id, [twice, twice]);
      assert.deepEqual(inOne, { accepted: 1, duplicates: 1, ack: [{ boot, seq: 23 }] });
      assert.equal(await countOf(id), 23);
    });

    it('may leave holes, which the answer stops at until they are filled', async () => {
      const { db } = get().store;
      const { next, boot } = sampleBoot('holes');
      const id = await sensor('holes');
      const some = Array.from({ length: 9 }, () => next());
      const send = async (...numbers: number[]) => {
        const { ack } = await recordEvents(
          db,
          id,
          numbers.map((one) => some[one - 1]!),
        );
        assert.equal(ack[0]?.boot, boot);
        return ack[0]?.seq;
      };
      assert.equal(await send(2, 3), 0);
      assert.equal(await send(1), 3);
      assert.equal(await send(5, 7, 9), 3);
      const [row] = (await listSensors(db)).filter((one) => one.name === 'holes');
      assert.equal(row?.boot?.missing, 3);
      assert.equal(row?.health, 'faulty');
      assert.match(row?.problems.join() ?? '', /3 events missing/);
      assert.equal(await send(4, 5, 6), 7);
      assert.equal(await send(8), 9);
      assert.equal(await countOf(id), 9);
    });

    it('of several starts are told apart by their start', async () => {
      const { db } = get().store;
      const id = await sensor('starts');
      const [first, second] = [sampleBoot('starts'), sampleBoot('starts')];
      const some = [first.next(), second.next(), first.next(), second.next(), second.next()];
      const { accepted, ack } = await recordEvents(db, id, some);
      assert.equal(accepted, 5);
      assert.deepEqual(
        new Map(ack.map((one) => [one.boot, one.seq])),
        new Map([
          [first.boot, 2],
          [second.boot, 3],
        ]),
      );
      const { items } = await all('starts');
      assert.deepEqual(
        new Set(items.map((one) => `${one.boot} ${one.seq}`)),
        new Set(some.map((one) => `${one.boot} ${one.seq}`)),
      );
    });

    it('with a time that cannot be are put where they came, and keep what they told', async () => {
      const { db } = get().store;
      const { next } = sampleBoot('clock');
      const id = await sensor('clock');
      const receivedAt = new Date();
      const times = [
        '1999-01-01T00:00:00Z',
        '9999-12-31T23:59:59.999Z',
        '0000-01-01T00:00:00Z',
        minutesFromNow(3 * 1440),
        minutesFromNow(-89 * 1440),
        minutesFromNow(600),
      ];
      const some = times.map((ts) => next({ ts }));
      assert.equal((await recordEvents(db, id, some, { receivedAt })).accepted, times.length);
      const { items } = await all('clock');
      const places = new Map(items.map((one) => [one.ts, one.at]));
      assert.deepEqual(
        times.map((ts) => places.get(ts)),
        [...Array(4).fill(receivedAt.toISOString()), ...times.slice(4)],
      );
      // Told again, they are known, wherever they lie now.
      const again = await recordEvents(db, id, some, {
        receivedAt: new Date(receivedAt.getTime() + 40 * 86_400_000),
      });
      assert.deepEqual([again.accepted, again.duplicates], [0, times.length]);
    });

    it('tell by how much a clock is off', async () => {
      const { db } = get().store;
      const { next } = sampleBoot('skew');
      const id = await sensor('skew');
      await recordEvents(db, id, [next({ ts: minutesFromNow(7) }), next({ ts: minutesFromNow(1) })]);
      const [row] = (await listSensors(db)).filter((one) => one.name === 'skew');
      assert.ok(Math.abs(row!.clockSkewMs! + 7 * 60_000) < 5000, `${row!.clockSkewMs}`);
      assert.equal(row?.health, 'skewed');
      await recordEvents(db, id, [next()]);
      assert.equal((await listSensors(db)).find((one) => one.name === 'skew')?.health, 'ok');
      await recordEvents(db, id, [next({ ts: minutesFromNow(-90) })]);
      const late = (await listSensors(db)).find((one) => one.name === 'skew');
      assert.equal(late?.health, 'ok', 'what waited in a spool tells nothing of the clock');
    });

    it('are written with all that follows from them, or not at all', async () => {
      const { db } = get().store;
      const { next } = sampleBoot('whole');
      const id = await sensor('whole');
      const event = next({ norm: { commands: ['only once'] }, from: '203.0.113.77' });
      const fails = (): never => {
        throw new Error('no map');
      };
      await assert.rejects(recordEvents(db, id, [event], { locate: fails }), /no map/);
      assert.equal(await countOf(id), 0);
      const { rows } = await sql`select from honeypot_sessions where src = '203.0.113.77'`.execute(db);
      assert.equal(rows.length, 0);
      assert.equal((await recordEvents(db, id, [event])).accepted, 1);
    });

    it('go on beside each other: many sensors at once lose nothing and count everything', async () => {
      const { store, other } = get();
      const sensors = await Promise.all(['par-1', 'par-2', 'par-3', 'par-4'].map(sensor));
      await Promise.all(
        sensors.map(async (id, at) => {
          const { next } = sampleBoot();
          for (let batch = 0; batch < 5; batch++) {
            const some = Array.from({ length: 40 }, (_, index) =>
              next({
                from: `203.0.113.${100 + (index % 7)}`,
                norm: { images: [`par/${index % 11}`], commands: [`run ${(index * 7 + at) % 13}`] },
                attack: ['T1610'],
                type: 'docker.container.create',
              }),
            );
            await recordEvents((at % 2 === 0 ? store : other).db, id, some);
          }
        }),
      );
      const { rows } = await sql<{ hours: number; days: number }>`
        select (select sum(events) from event_hours where sensor_id = any(${sensors}::int[]))::int as hours,
          (select sum(events) from technique_days where sensor_id = any(${sensors}::int[]))::int as days`.execute(
        store.db,
      );
      assert.deepEqual(rows, [{ hours: 800, days: 800 }]);
      for (const id of sensors) assert.equal(await countOf(id), 200);
      const { rows: values } = await sql<{ values: number }>`
        select count(*) as values from event_values where value like 'par/%'`.execute(store.db);
      assert.deepEqual(values, [{ values: 11 }]);
    });
  });

  describe('a list of events', () => {
    it('has pages in which each comes once, also those of the same moment', async () => {
      const { db } = get().store;
      const { next } = sampleBoot('pages');
      const id = await sensor('pages');
      const ts = minutesFromNow(-5);
      await recordEvents(
        db,
        id,
        Array.from({ length: 25 }, () => next({ ts })),
      );
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await all('pages', { limit: 7, cursor });
        seen.push(...page.items.map((one) => one.seq));
        cursor = page.next;
      } while (cursor !== undefined);
      assert.deepEqual(
        seen,
        Array.from({ length: 25 }, (_, index) => 25 - index),
      );
    });

    it('is of a type or service, a source or network, and a time', async () => {
      const { db } = get().store;
      const { next } = sampleBoot('filters');
      const id = await sensor('filters');
      await recordEvents(db, id, [
        next({ type: 'ssh.auth', from: '198.51.100.20', ts: minutesFromNow(-50) }),
        next({ type: 'ssh.exec', from: '198.51.100.21', ts: minutesFromNow(-40) }),
        next({ type: 'sshd.auth', from: '198.51.100.200', ts: minutesFromNow(-30) }),
        next({ type: 'http.request', from: '2001:db8::20', ts: minutesFromNow(-20) }),
      ]);
      const seqs = async (more: object) => (await all('filters', more)).items.map((one) => one.seq).sort();
      assert.deepEqual(await seqs({ type: 'ssh' }), [1, 2]);
      assert.deepEqual(await seqs({ type: 'ssh.exec' }), [2]);
      assert.deepEqual(await seqs({ type: 'nothing' }), []);
      assert.deepEqual(await seqs({ source: '198.51.100.21' }), [2]);
      assert.deepEqual(await seqs({ source: '198.51.100.0/25' }), [1, 2]);
      assert.deepEqual(await seqs({ source: '2001:db8::/32' }), [4]);
      assert.deepEqual(await seqs({ from: minutesFromNow(-45), to: minutesFromNow(-25) }), [2, 3]);
    });
  });

  describe('a stream of events', () => {
    it('has all that match, the oldest first, in as many parts as it takes, by the name of the sensor', async () => {
      const { db } = get().store;
      const { next } = sampleBoot('as it calls itself');
      const id = await sensor('stream');
      // Two moments, more than a part of each.
      const times = [minutesFromNow(-6), minutesFromNow(-7)];
      for (const ts of times)
        await recordEvents(
          db,
          id,
          Array.from({ length: 600 }, () => next({ ts })),
        );
      const seqs = async (more: object = {}): Promise<number[]> => {
        const seen: number[] = [];
        for await (const some of streamEvents(db, { sensor: 'stream', ...more })) {
          assert.ok(some.every((one) => one.sensor === 'stream'));
          seen.push(...some.map((one) => one.seq));
        }
        return seen;
      };
      const inOrder = (from: number) => Array.from({ length: 600 }, (_, index) => from + index);
      assert.deepEqual(await seqs(), [...inOrder(601), ...inOrder(1)]);
      assert.deepEqual(await seqs({ from: times[0] }), inOrder(1));
      assert.deepEqual(await seqs({ type: 'nothing' }), []);
      const session = (await listSessions(db, sessionsQuery.parse({ sensor: 'stream' }))).items[0]!.id;
      assert.equal((await seqs({ session })).length, 1200);
      assert.equal((await seqs({ session: session + 1 })).length, 0);
    });
  });

  describe('lines of a delivery', () => {
    it('that are bad cost themselves, and are not asked for again', async () => {
      const { db } = get().store;
      const { next, boot } = sampleBoot('bad-lines');
      const some = [next(), next(), next(), next()];
      const lines = some.map((one) => JSON.stringify(one));
      lines[1] = lines[1]!.replace('"v":1', '"v":2');
      lines.splice(3, 0, 'nonsense');
      const answer = await recordLines(db, lines);
      assert.deepEqual(answer, {
        accepted: 3,
        duplicates: 0,
        rejected: [
          { line: 2, seq: 2, reason: 'v is not 1' },
          { line: 4, reason: 'no JSON' },
        ],
        ack: [{ boot, seq: 4 }],
      });
      assert.deepEqual(
        (await all('bad-lines')).items.map((one) => one.seq),
        [4, 3, 1],
      );
      const again = await recordLines(db, lines);
      assert.deepEqual([again.accepted, again.duplicates], [0, 3]);
    });

    it('none of which is an event are refused together', async () => {
      const { db } = get().store;
      for (const lines of [[], ['nonsense'], ['{}', '5']])
        await assert.rejects(recordLines(db, lines), { code: 'corrupt' });
    });

    it('name their sensors, unless it is known whose they are', async () => {
      const { db } = get().store;
      const [one, two] = [sampleBoot('named-1'), sampleBoot('named-2')];
      const lines = [one.next(), two.next(), one.next()].map((event) => JSON.stringify(event));
      assert.equal((await recordLines(db, lines)).accepted, 3);
      assert.equal((await all('named-1')).items.length, 2);
      assert.equal((await all('named-2')).items.length, 1);
      const own = await sensor('named-own');
      const more = [one.next(), two.next()].map((event) => JSON.stringify(event));
      await recordLines(db, more, { sensor: own });
      const { items } = await all('named-own');
      assert.equal(items.length, 2);
      assert.ok(items.every((event) => event.sensor === 'named-own'));
      for (const name of ['', 'a b', 'x'.repeat(101), 'a\0b']) {
        const line = JSON.stringify({ ...one.next(), sensor: name });
        await assert.rejects(recordLines(db, [line]), (error: { code: string }) =>
          ['refused', 'corrupt'].includes(error.code),
        );
      }
    });
  });

  describe('hostile text in an event', () => {
    const texts = [
      'a\0b',
      'a\ud83db',
      '\ude00\ud83d',
      '\u{10ffff}\u001b[2J\u2028',
      `'";{}$1$$ \\\\ -- /*`,
      '{a,"b"}',
    ];

    it('costs nothing of it, wherever it stands, and comes out as it was', async () => {
      const { db } = get().store;
      const { next } = sampleBoot('hostile');
      const id = await sensor('hostile');
      for (const text of texts) {
        const event: DecoyEvent = next({
          session: text,
          connection: text,
          from: '203.0.113.66',
          fp: { ua: text, headers: text, hassh: text },
          norm: { urls: [text], hosts: [text], images: [text], wallets: [text], commands: [text] },
          payload: text,
          severity: 'critical',
          data: { user: text, password: `${text}1`, [text]: [text], artefacts: [{ sha256: text }] },
        });
        assert.equal((await recordEvents(db, id, [event])).accepted, 1, JSON.stringify(text));
        const [stored] = (await all('hostile')).items;
        assert.deepEqual(stored?.norm.commands, [text]);
        assert.deepEqual(stored?.data, event.data);
      }
    });
  });

  describe('time', () => {
    it('makes the tables of the next month, and takes those that are older than a year and a month', async () => {
      const { db } = get().store;
      const tables = async (): Promise<string[]> => {
        const { rows } = await sql<{ name: string }>`
          select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
          where inhparent in ('event_spans'::regclass, 'event_batches'::regclass) order by 1`.execute(db);
        return rows.map((one) => one.name);
      };
      const { next } = sampleBoot('old');
      const id = await sensor('old');
      const day = 86_400_000;
      const receivedAt = new Date(Date.UTC(2020, 0, 15));
      const old = next({
        ts: new Date(receivedAt.getTime() - day).toISOString(),
        from: '203.0.113.88',
        norm: { commands: ['an old command'] },
      });
      await recordEvents(db, id, [old], { receivedAt });
      assert.ok((await tables()).includes('event_spans_2020_01'));
      // Within the time that is kept.
      assert.equal(await dropOldPartitions(db, Date.UTC(2020, monthsKept, 28)), undefined);
      assert.equal((await all('old')).items.length, 1);
      await keepEvents(db);
      const left = await tables();
      assert.ok(
        left.every((one) => !one.includes('_2020_')),
        left.join(),
      );
      const ahead = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1));
      const name = ahead.toISOString().slice(0, 7).replace('-', '_');
      assert.ok(left.includes(`event_spans_${name}`) && left.includes(`event_batches_${name}`), left.join());
      assert.equal((await all('old')).items.length, 0);
      const { rows } = await sql<{ sessions: number; values: number; hours: number }>`
        select (select count(*) from honeypot_sessions where src = '203.0.113.88') as sessions,
          (select count(*) from event_values where value = 'an old command') as values,
          (select count(*) from event_hours where hour < '2021-01-01') as hours`.execute(db);
      assert.deepEqual(rows, [{ sessions: 0, values: 0, hours: 0 }]);
    });

    it('takes with sessions all that belongs to them', async () => {
      const { db } = get().store;
      const { next } = sampleBoot('old-links');
      const id = await sensor('old-links');
      const receivedAt = new Date(Date.UTC(2020, 2, 15));
      const like = {
        ts: new Date(receivedAt.getTime() - 60_000).toISOString(),
        type: 'ssh.auth',
        fp: { hassh: '0a07365cc01fa9fc82608ba4019af499' },
        data: { user: 'root', password: 'of a year ago' },
      };
      const some = [next({ ...like, from: '203.0.113.89' }), next({ ...like, from: '203.0.113.90' })];
      await recordEvents(db, id, some, { receivedAt });
      const { rows: sessions } = await sql<{ id: number }>`
        select id from honeypot_sessions where sensor_id = ${id}`.execute(db);
      const ids = sessions.map((one) => one.id);
      const left = async (): Promise<unknown> => {
        const { rows } = await sql`
          select (select count(*) from honeypot_sessions where sensor_id = ${id}) as sessions,
            (select count(*) from session_seen where session_id = any(${ids}::bigint[])) as seen,
            (select count(*) from session_marks where sensor_id = ${id}) as marks,
            (select count(*) from session_links where session_id = any(${ids}::bigint[])) as links`.execute(
          db,
        );
        return rows[0];
      };
      assert.deepEqual(await left(), { sessions: 2, seen: 2, marks: 1, links: 1 });
      await keepEvents(db);
      assert.deepEqual(await left(), { sessions: 0, seen: 0, marks: 0, links: 0 });
    });
  });
}

/** Sessions: what joins them, what links them, and what can be asked of them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  artefactRow,
  credentialRow,
  sessionDetail as detailShape,
  honeypotOverview,
  sessionRow,
  sourceRow,
} from '../../../src/api/events.ts';
import type { DecoyEvent } from '../../../src/model/event.ts';
import { addArtefact } from '../../../src/store/artefacts.ts';
import { listSessionEvents } from '../../../src/store/event-list.ts';
import { listArtefacts, listCredentials } from '../../../src/store/event-value-list.ts';
import { spreadOf } from '../../../src/store/event-values.ts';
import { recordEvents } from '../../../src/store/events.ts';
import { readHoneypotOverview } from '../../../src/store/honeypot-overview.ts';
import { recentActivity } from '../../../src/store/overview.ts';
import { sensorNamed } from '../../../src/store/sensors.ts';
import { listSessions, sessionDetail } from '../../../src/store/sessions.ts';
import { listSources } from '../../../src/store/sources.ts';
import { minutesFromNow, sampleBoot } from '../../fixtures/events.ts';
import type { Get } from './opened.ts';

export function visits(get: Get): void {
  const send = async (name: string, events: readonly DecoyEvent[]): Promise<void> => {
    const { db } = get().store;
    await recordEvents(db, (await sensorNamed(db, name))!, events, {
      locate: (ip) =>
        ip.startsWith('198.51.100.') ? { country: 'NL', asn: 64_500, asName: 'Example B.V.' } : undefined,
    });
  };
  const list = async (more = {}) => (await listSessions(get().store.db, { limit: 200, ...more })).items;
  const detail = async (id: number, open = true) => {
    const found = await sessionDetail(get().store.db, id, open);
    assert.ok(found !== undefined);
    return detailShape.parse(found);
  };

  describe('a session', () => {
    it('is all that one source does at one sensor, over all decoys and in several deliveries', async () => {
      const { next } = sampleBoot();
      const from = '198.51.100.31';
      const fp = { hassh: '0a07365cc01fa9fc82608ba4019af499', ua: 'SSH-2.0-Go' };
      await send('one', [
        next({ from, ts: minutesFromNow(-20), type: 'redis.connect', severity: 'info' }),
        next({ from, ts: minutesFromNow(-19), norm: { commands: ['INFO'] } }),
      ]);
      await send('one', [
        next({
          from,
          ts: minutesFromNow(-10),
          type: 'ssh.auth',
          fp,
          attack: ['T1110.001'],
          severity: 'medium',
        }),
        next({ from: '198.51.100.32', ts: minutesFromNow(-9), type: 'http.request' }),
      ]);
      await send('one', [
        next({
          from,
          ts: minutesFromNow(-1),
          type: 'docker.container.create',
          attack: ['T1610', 'T1110.001'],
          severity: 'high',
          norm: { images: ['alpine:latest'], commands: ['INFO'] },
        }),
      ]);
      const [mine, ...none] = await list({ sensor: 'one', source: from });
      assert.deepEqual(none, []);
      sessionRow.parse(mine);
      assert.deepEqual(
        [
          mine!.events,
          mine!.severity,
          mine!.services,
          mine!.techniques,
          mine!.country,
          mine!.asn,
          mine!.asName,
        ],
        [4, 'high', ['redis', 'ssh', 'docker'], ['T1110.001', 'T1610'], 'NL', 64_500, 'Example B.V.'],
      );
      const all = await detail(mine!.id);
      assert.deepEqual(all.commands, ['INFO']);
      assert.deepEqual(all.images, ['alpine:latest']);
      assert.deepEqual(all.clients, [
        { kind: 'hassh', value: fp.hassh },
        { kind: 'ua', value: fp.ua },
      ]);
      assert.deepEqual(Object.fromEntries(all.types.map((one) => [one.type, one.events])), {
        'redis.connect': 1,
        'redis.command': 1,
        'ssh.auth': 1,
        'docker.container.create': 1,
      });
      const { items } = await listSessionEvents(get().store.db, mine!.id, { limit: 10 }, true);
      assert.deepEqual(
        items.map((one) => one.type),
        ['redis.connect', 'redis.command', 'ssh.auth', 'docker.container.create'],
      );
      assert.ok(items.every((one) => one.session === mine!.id));
    });

    it('goes on when the sensor restarts, and ends with a pause', async () => {
      const from = '198.51.100.33';
      await send('restart', [sampleBoot().next({ from, session: 'before', ts: minutesFromNow(-90) })]);
      await send('restart', [sampleBoot().next({ from, session: 'after', ts: minutesFromNow(-61) })]);
      await send('restart', [sampleBoot().next({ from, session: 'later', ts: minutesFromNow(-30) })]);
      const [later, first, ...none] = await list({ source: from });
      assert.deepEqual(none, []);
      assert.deepEqual((await detail(first!.id)).names, ['before', 'after']);
      const { names, related } = await detail(later!.id);
      assert.deepEqual(names, ['later']);
      assert.deepEqual(
        related.map((one) => [one.id, one.reasons]),
        [[first!.id, ['same source']]],
      );
    });

    it('takes what comes late to where it belongs', async () => {
      const { next } = sampleBoot();
      const from = '198.51.100.34';
      await send('late', [next({ from, ts: minutesFromNow(-5) })]);
      await send('late', [next({ from, ts: minutesFromNow(-25) }), next({ from, ts: minutesFromNow(-100) })]);
      const sessions = await list({ source: from });
      assert.deepEqual(
        sessions.map((one) => one.events),
        [2, 1],
      );
    });

    it('at another sensor is another one, of the same source', async () => {
      const from = '198.51.100.35';
      await send('here', [sampleBoot().next({ from })]);
      await send('there', [sampleBoot().next({ from })]);
      const [one, two] = await list({ source: from });
      assert.notEqual(one!.sensor, two!.sensor);
      assert.deepEqual(
        (await detail(one!.id)).related.map((other) => other.id),
        [two!.id],
      );
    });

    it('from another address is linked by the same program with the same payload, and says so', async () => {
      const { next } = sampleBoot();
      const fp = { ja4: 't13d1516h2_8daaf6152771_e5627efa2ab1' };
      const bring = (from: string, minutes: number, url: string) =>
        next({ from, fp, ts: minutesFromNow(minutes), norm: { urls: [url] } });
      await send('links', [bring('203.0.113.1', -20, 'http://example.invalid/a')]);
      await send('links', [
        bring('203.0.113.2', -10, 'http://example.invalid/a'),
        bring('203.0.113.3', -9, 'http://example.invalid/b'),
        bring('203.0.113.4', -8, 'http://example.invalid/b'),
      ]);
      await send('elsewhere', [
        sampleBoot().next({ from: '203.0.113.5', fp, norm: { urls: ['http://example.invalid/a'] } }),
      ]);
      const by = new Map((await list({ source: '203.0.113.0/28' })).map((one) => [one.src, one.id]));
      const related = async (last: number) => (await detail(by.get(`203.0.113.${last}`)!)).related;
      for (const [one, other] of [
        [1, 2],
        [2, 1],
        [3, 4],
        [4, 3],
      ] as const) {
        const some = await related(one);
        assert.deepEqual(
          some.map((found) => [found.src, found.reasons]),
          [[`203.0.113.${other}`, ['same ja4 and url']]],
        );
      }
      assert.deepEqual(await related(5), []);
    });

    it('keeps so many values and no more, however many it brings', async () => {
      const { next } = sampleBoot();
      const from = '198.51.100.36';
      for (let batch = 0; batch < 4; batch++) {
        await send(
          'many',
          Array.from({ length: 100 }, (_, index) =>
            next({ from, norm: { commands: [`SET x ${batch * 90 + index}`] } }),
          ),
        );
      }
      const [mine] = await list({ source: from });
      const { commands } = await detail(mine!.id);
      assert.equal(commands.length, 100);
      assert.equal(new Set(commands).size, 100);
      assert.equal(mine!.events, 400);
    });
  });

  describe('credentials', () => {
    it('are shown as they are, or masked wherever they stand', async () => {
      const { db } = get().store;
      const { next } = sampleBoot();
      const from = '198.51.100.40';
      await send('secrets', [
        next({ from, type: 'ssh.auth', data: { user: 'root', password: 'sesame-12' }, payload: 'sesame-12' }),
        next({
          from,
          data: { password: 'sesame-13' },
          norm: { commands: ['AUTH sesame-13'] },
          payload: 'AUTH sesame-13',
        }),
      ]);
      const [mine] = await list({ source: from });
      const open = await detail(mine!.id);
      assert.deepEqual(open.credentials, [
        { user: 'root', secret: 'sesame-12' },
        { user: '', secret: 'sesame-13' },
      ]);
      const masked = await detail(mine!.id, false);
      assert.deepEqual(masked.credentials, [
        { user: 'root', secret: '***' },
        { user: '', secret: '***' },
      ]);
      const events = await listSessionEvents(db, mine!.id, { limit: 10 }, false);
      const overview = await readHoneypotOverview(db, '24h', false);
      const found = await list({ q: 'sesame' });
      for (const one of [masked, events, overview, found])
        assert.doesNotMatch(JSON.stringify(one), /sesame|c2VzYW1l/);
      assert.deepEqual(found, [], 'a search is no way to find out');
      const [first] = (await listSessionEvents(db, mine!.id, { limit: 10 }, true)).items;
      assert.equal(first?.data?.password, 'sesame-12');
      assert.equal(Buffer.from(first!.raw.head, 'base64').toString(), 'sesame-12');
    });
  });

  describe('sessions as they are asked for', () => {
    it('are found by service, technique, severity, network, country and part of what they brought', async () => {
      const { next } = sampleBoot();
      await send('asked', [
        next({ from: '198.51.100.51', type: 'etcd.range', attack: ['T1552.007'], severity: 'high' }),
        next({ from: '198.51.100.52', type: 'weave.exec', norm: { commands: ['curl 100%_of\\it'] } }),
        next({
          from: '2001:db8::53',
          type: 'weave.exec',
          norm: { hosts: ['asked.example.invalid'] },
          severity: 'critical',
        }),
      ]);
      const sources = async (more: object) =>
        (await list({ sensor: 'asked', ...more })).map((one) => one.src).sort();
      assert.deepEqual(await sources({ service: 'weave' }), ['198.51.100.52', '2001:db8::53']);
      assert.deepEqual(await sources({ technique: 'T1552.007' }), ['198.51.100.51']);
      assert.deepEqual(await sources({ severity: 'high' }), ['198.51.100.51', '2001:db8::53']);
      assert.deepEqual(await sources({ source: '198.51.100.52/31' }), ['198.51.100.52']);
      assert.deepEqual(await sources({ country: 'NL' }), ['198.51.100.51', '198.51.100.52']);
      assert.deepEqual(await sources({ q: 'ASKED.example' }), ['2001:db8::53']);
      assert.deepEqual(await sources({ q: '100%_of\\it' }), ['198.51.100.52']);
      assert.deepEqual(await sources({ q: '100__of' }), []);
      assert.deepEqual(await sources({ service: 'weave', country: 'NL', q: 'curl' }), ['198.51.100.52']);
    });

    it('come in pages, each once', async () => {
      const { next } = sampleBoot();
      const ts = minutesFromNow(-3);
      await send(
        'paged',
        Array.from({ length: 30 }, (_, index) => next({ from: `192.0.2.${index + 1}`, ts })),
      );
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listSessions(get().store.db, { sensor: 'paged', limit: 8, cursor });
        seen.push(...page.items.map((one) => one.src));
        cursor = page.next;
      } while (cursor !== undefined);
      assert.equal(seen.length, 30);
      assert.equal(new Set(seen).size, 30);
    });
  });

  describe('sums', () => {
    it('of sources have the busiest first, in pages', async () => {
      const { db } = get().store;
      const { next } = sampleBoot();
      const some = Array.from({ length: 12 }, (_, index) =>
        Array.from({ length: 1 + (index % 4) }, () =>
          next({ from: `203.0.113.${200 + index}`, type: index % 2 === 0 ? 'ssh.connect' : 'http.connect' }),
        ),
      );
      await send('busy', some.flat());
      const seen: [number, string][] = [];
      let cursor: string | undefined;
      do {
        const page = await listSources(db, { days: 1, limit: 5, source: '203.0.113.192/26', cursor });
        for (const one of page.items) sourceRow.parse(one);
        seen.push(...page.items.map((one): [number, string] => [one.events, one.src]));
        cursor = page.next;
      } while (cursor !== undefined);
      assert.equal(seen.length, 12);
      assert.deepEqual(
        seen,
        seen.toSorted(([events, src], [more, other]) => more - events || (src < other ? 1 : -1)),
      );
    });

    it('of a period are those of its hours, services, techniques, images and credentials', async () => {
      const { db } = get().store;
      const before = await readHoneypotOverview(db, '7d', true);
      const { next } = sampleBoot();
      await send('sums', [
        next({
          from: '192.0.2.201',
          type: 'imds.token',
          attack: ['T9999'],
          norm: { images: ['sums/image:1'] },
        }),
        next({
          from: '192.0.2.201',
          type: 'imds.token',
          attack: ['T9999'],
          norm: { images: ['sums/image:1'] },
        }),
        next({
          from: '192.0.2.202',
          type: 'imds.token',
          ts: minutesFromNow(-3 * 1440),
          data: { user: 'a', password: 'sums' },
        }),
        next({ from: '192.0.2.203', type: 'imds.token', ts: minutesFromNow(-20 * 1440) }),
        next({ type: 'sensor.gap' }),
      ]);
      const crowd = Array.from({ length: 60 }, (_, index) =>
        next({ from: `2001:db8::${index + 1}`, type: 'weave.exec', norm: { images: ['sums/image:1'] } }),
      );
      await send('sums', crowd);
      const after = await readHoneypotOverview(db, '7d', true);
      honeypotOverview.parse(after);
      assert.equal(after.events - before.events, 63);
      assert.equal(after.sessions - before.sessions, 62);
      const imds = after.hours.find((one) => one.service === 'imds');
      assert.equal(imds?.events.length, 168);
      assert.equal(imds?.events.at(-1), 2);
      assert.equal(imds?.events.at(-1 - 72), 1);
      const month = await readHoneypotOverview(db, '30d', true);
      assert.equal(month.hours.find((one) => one.service === 'imds')?.events.at(-1 - 480), 1);
      assert.ok(month.topImages.some((one) => one.image === 'sums/image:1' && one.sessions === 61));
      assert.ok(month.sensors.some((one) => one.name === 'sums' && one.health === 'ok'));
    });

    it('of countries add up to those of all, and what is in no data is a country of its own', async () => {
      const { db } = get().store;
      const counts = async () => {
        const { countries, sessions } = await readHoneypotOverview(db, '24h', true);
        assert.equal(
          countries.reduce((all, one) => all + one.sessions, 0),
          sessions,
        );
        const of = (country: string | undefined) => countries.find((one) => one.country === country);
        return { dutch: of('NL'), unknown: of(undefined) };
      };
      const before = await counts();
      const { next } = sampleBoot();
      const from = '198.51.100.161';
      await send('countries', [next({ from }), next({ from }), next({ from: '192.0.2.221' })]);
      const after = await counts();
      const more = (one: 'dutch' | 'unknown') =>
        (['sources', 'sessions', 'events'] as const).map(
          (of) => (after[one]?.[of] ?? 0) - (before[one]?.[of] ?? 0),
        );
      assert.deepEqual(more('dutch'), [1, 1, 2]);
      assert.deepEqual(more('unknown'), [1, 1, 1]);
    });

    it('of sources are those of the time that is asked for', async () => {
      const { db } = get().store;
      const { next } = sampleBoot();
      await send('times', [
        next({ from: '203.0.113.31', ts: minutesFromNow(-90) }),
        next({ from: '203.0.113.32', ts: minutesFromNow(-30) }),
      ]);
      const sources = async (more: { readonly from?: string }) =>
        (await listSources(db, { days: 1, limit: 200, source: '203.0.113.0/26', ...more })).items.map(
          (one) => one.src,
        );
      const those = ['203.0.113.31', '203.0.113.32'];
      const all = await sources({});
      assert.deepEqual(all.filter((one) => those.includes(one)).toSorted(), those);
      const late = await sources({ from: minutesFromNow(-60) });
      assert.deepEqual(
        late.filter((one) => those.includes(one)),
        ['203.0.113.32'],
      );
    });

    it('of credentials and of files have the commonest first, and are those of the time', async () => {
      const { db } = get().store;
      const { next } = sampleBoot();
      const kept = Buffer.from('what is kept');
      const [known, lost] = [createHash('sha256').update(kept).digest('hex'), 'f0'.repeat(32)];
      const leave = (from: string, sha256: string, minutes: number) =>
        next({
          from,
          ts: minutesFromNow(minutes),
          data: { artefacts: [{ name: '/tmp/x', sha256, size: 12 }] },
        });
      const offer = (from: string, password: string, minutes: number) =>
        next({ from, ts: minutesFromNow(minutes), type: 'ssh.auth', data: { user: 'many', password } });
      await send('spreads', [
        ...['192.0.2.231', '192.0.2.232', '192.0.2.233'].flatMap((from) => [
          offer(from, 'spread-a', -30 * 1440),
          leave(from, lost, -30 * 1440),
        ]),
        offer('192.0.2.231', 'spread-b', -5),
        offer('192.0.2.232', 'spread-b', -5),
        leave('192.0.2.233', known, -5),
      ]);
      await db.transaction().execute((tx) => addArtefact(tx, undefined, known, kept));
      const credentials = async (days: number, open = true) =>
        (await listCredentials(db, { days, limit: 200 }, open)).items.filter((one) => one.user === 'many');
      const counts = ({ sessions, sources }: { sessions: number; sources: number }) => [sessions, sources];
      const all = await credentials(90);
      for (const one of all) credentialRow.parse(one);
      assert.deepEqual(
        all.map((one) => [one.secret, ...counts(one)]),
        [
          ['spread-a', 3, 3],
          ['spread-b', 2, 2],
        ],
      );
      assert.deepEqual(
        (await credentials(7)).map((one) => one.secret),
        ['spread-b'],
      );
      assert.doesNotMatch(JSON.stringify(await credentials(90, false)), /spread-/);
      const files = (await listArtefacts(db, { days: 90, limit: 200 })).items;
      for (const one of files) artefactRow.parse(one);
      const mine = files.filter((one) => one.sha256 === known || one.sha256 === lost);
      assert.deepEqual(
        mine.map((one) => [one.sha256, one.size, ...counts(one)]),
        [
          [lost, undefined, 3, 3],
          [known, 12, 1, 1],
        ],
      );
      const first = await listArtefacts(db, { days: 90, limit: 1 });
      const second = await listArtefacts(db, { days: 90, limit: 1, cursor: first.next });
      assert.deepEqual([...first.items, ...second.items], files.slice(0, 2));
    });

    it('of a value say how far it is spread', async () => {
      const { db } = get().store;
      const { next } = sampleBoot();
      const norm = { wallets: ['spread-wallet'] };
      await send('spread', [
        next({ from: '192.0.2.211', norm }),
        next({ from: '192.0.2.212', norm }),
        next({ from: '192.0.2.212', norm, ts: minutesFromNow(-300) }),
      ]);
      const spread = await spreadOf(db, 'wallet', 'spread-wallet');
      assert.deepEqual([spread?.sessions, spread?.sources], [3, 2]);
      assert.equal(await spreadOf(db, 'host', 'spread-wallet'), undefined);
    });
  });

  describe('the feed', () => {
    const told = async (type: string) =>
      (await recentActivity(get().store.db, 200)).filter((one) => one.type === type);

    it('tells of a session once, when it becomes grave, and of new wallets', async () => {
      const { next } = sampleBoot();
      const from = '192.0.2.230';
      await send('feed', [next({ from, severity: 'medium' })]);
      const [mine] = await list({ source: from });
      const about = async () =>
        (await told('honeypot.session')).filter((one) => one.link?.endsWith(`/${mine!.id}`));
      assert.deepEqual(await about(), []);
      await send('feed', [next({ from, severity: 'critical', norm: { wallets: ['feed-wallet'] } })]);
      await send('feed', [next({ from, severity: 'critical', norm: { wallets: ['feed-wallet'] } })]);
      assert.equal((await about()).length, 1);
      assert.equal(
        (await told('honeypot.wallet')).filter((one) => one.text.includes('feed-wallet')).length,
        1,
      );
    });

    it('is not filled by a flood: of each kind there are so many an hour, and one that says so', async () => {
      const { next } = sampleBoot();
      for (let batch = 0; batch < 3; batch++) {
        await send(
          'flood',
          Array.from({ length: 60 }, (_, index) =>
            next({
              from: `192.0.2.${index + 1}`,
              severity: 'high',
              norm: { images: [`flood/${batch}-${index}`] },
            }),
          ),
        );
      }
      for (const type of ['honeypot.session', 'honeypot.image']) {
        const lines = await told(type);
        assert.ok(lines.length <= 22, `${lines.length} of ${type}`);
        assert.equal(lines.filter((one) => /More than 20/.test(one.text)).length, 1, type);
      }
    });
  });
}

/** Findings with a life of their own, and what ignoring them does to the verdict of their images. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import type { FindingRow, FindingStatus } from '../../../src/api/images.ts';
import { findingRow as rowShape } from '../../../src/api/images.ts';
import type { Finding } from '../../../src/model/finding.ts';
import {
  addIgnore,
  expireIgnores,
  findingById,
  findingsOf,
  type IgnoreRequest,
  withdrawIgnore,
} from '../../../src/store/findings.ts';
import { imageDetail } from '../../../src/store/images.ts';
import type { Store } from '../../../src/store/open.ts';
import { decideImages } from '../../../src/store/verdicts.ts';
import { type Get, miner, otherRuleset, record, reportOf, type Sample, scanned, secret } from './opened.ts';

const farAway = '2099-01-01T00:00:00.000Z';

export function findings(get: Get): void {
  describe('a finding', () => {
    it('that is gone is resolved, and one that comes back is reopened under its row and its name', async () => {
      const { store } = get();
      const image = await record(store, scanned('gone', { findings: [miner('gone'), secret('stays')] }));
      const [first] = await withRule(store, image, 'miner/xmrig-configuration');
      await record(store, scanned('gone', { findings: [secret('stays')] }));
      const [gone] = await withRule(store, image, 'miner/xmrig-configuration');
      assert.equal(gone?.status, 'resolved');
      assert.ok(gone?.resolvedAt);
      assert.deepEqual(await statuses(store, image), ['resolved', 'open']);
      await record(store, scanned('gone', { findings: [miner('gone'), secret('stays')] }));
      const [back] = await withRule(store, image, 'miner/xmrig-configuration');
      assert.equal(back?.status, 'reopened');
      assert.equal(back?.resolvedAt, undefined);
      assert.equal(back?.id, first?.id);
      assert.equal(back?.finding.id, first?.finding.id);
      assert.equal(back?.firstSeenAt, first?.firstSeenAt);
      rowShape.parse(back);
    });

    it('that is gone keeps the moment at which it went', async () => {
      const { store } = get();
      const image = await record(store, scanned('went', { findings: [miner('went')] }));
      await record(store, scanned('went'));
      const [gone] = await findingsOf(store.db, image);
      await record(store, scanned('went'));
      const [still] = await findingsOf(store.db, image);
      assert.deepEqual(still, gone);
    });

    it('that is reopened stays so until it is gone again', async () => {
      const { store } = get();
      const sample = { findings: [miner('again')] };
      const image = await record(store, scanned('again', sample));
      await record(store, scanned('again'));
      await record(store, scanned('again', sample));
      await record(store, scanned('again', sample));
      assert.deepEqual(await statuses(store, image), ['reopened']);
    });

    it('takes severity, category and text from the last scan', async () => {
      const { store } = get();
      const image = await record(store, scanned('softer', { findings: [miner('softer')] }));
      const softer = miner('softer', { severity: 'low', category: 'other', title: 'Not that bad' });
      await record(store, scanned('softer', { findings: [softer], rules: otherRuleset }));
      const [row] = await findingsOf(store.db, image);
      assert.deepEqual(row?.finding, softer);
      const stored = await store.db.selectFrom('findings').selectAll().where('id', '=', row!.id).execute();
      assert.equal(stored[0]?.category, 'other');
      assert.equal(stored[0]?.severity, 1);
    });

    it('that an ignore file covers is not open, and opens when the file no longer does', async () => {
      const { store } = get();
      const ignored = { reason: 'our own build', expires: '2099-01-01' };
      const image = await record(store, scanned('filed', { findings: [miner('filed', { ignored })] }));
      assert.deepEqual(await statuses(store, image), ['ignored']);
      assert.equal((await verdict(store, image)).verdict, 'clean');
      await record(store, scanned('filed', { findings: [miner('filed')] }));
      assert.deepEqual(await statuses(store, image), ['open']);
      assert.equal((await verdict(store, image)).verdict, 'malicious');
    });
  });

  describe('an ignored finding', () => {
    it('leaves verdict, score and categories of its image, and nothing else', async () => {
      const { store } = get();
      const found = [miner('left out'), secret('left in')];
      const image = await record(store, scanned('leaves', { findings: found }));
      const before = await verdict(store, image);
      assert.equal(before.verdict, 'malicious');
      await ignore(store, image, 'miner/xmrig-configuration');
      const expected = reportOf('leaves', { findings: [secret('left in')] });
      assert.deepEqual(await verdict(store, image), {
        verdict: 'risky',
        score: expected.score,
        categories: ['embedded-secret'],
        findings: 1,
      });
      const detail = await imageDetail(store.db, image);
      assert.equal(detail?.report.verdict, 'risky');
      assert.equal(detail?.report.score, expected.score);
      assert.equal(detail?.report.findings.length, 2);
      const [row] = await withRule(store, image, 'miner/xmrig-configuration');
      assert.equal(row?.status, 'ignored');
      assert.deepEqual(row?.finding.ignored, { reason: 'known and wanted', expires: '2099-01-01' });
      assert.equal(row?.ignore?.by, 'user:test');
      rowShape.parse(row);
    });

    it('stays ignored over scans, also by other rules, also where it was gone in between', async () => {
      const { store } = get();
      const sample: Sample = { findings: [miner('kept')] };
      const image = await record(store, scanned('kept', sample));
      await ignore(store, image);
      await record(store, scanned('kept', sample));
      assert.deepEqual(await statuses(store, image), ['ignored']);
      assert.equal((await verdict(store, image)).verdict, 'clean');
      await record(store, scanned('kept', { rules: otherRuleset }));
      assert.deepEqual(await statuses(store, image), ['resolved']);
      await record(store, scanned('kept', sample));
      assert.deepEqual(await statuses(store, image), ['ignored']);
      assert.deepEqual(await verdict(store, image), {
        verdict: 'clean',
        score: 0,
        categories: [],
        findings: 0,
      });
    });

    it('is reopened when the ignore is withdrawn, and its image judged as before', async () => {
      const { store } = get();
      const image = await record(store, scanned('withdrawn', { findings: [miner('withdrawn')] }));
      const before = await verdict(store, image);
      const id = await ignore(store, image);
      assert.deepEqual(await withdraw(store, id), [image]);
      assert.deepEqual(await statuses(store, image), ['reopened']);
      assert.deepEqual(await verdict(store, image), before);
      assert.equal(await withdraw(store, id), undefined, 'an ignore is withdrawn once');
      await record(store, scanned('withdrawn', { findings: [miner('withdrawn')] }));
      assert.deepEqual(await statuses(store, image), ['reopened']);
    });

    it('is open again when its time is over', async () => {
      const { store } = get();
      const sample: Sample = { findings: [miner('over')] };
      const image = await record(store, scanned('over', sample));
      const id = await ignore(store, image);
      await end(store, id);
      await store.db.transaction().execute(async (tx) => {
        const touched = await expireIgnores(tx);
        assert.ok(touched.includes(image));
        await decideImages(tx, touched);
      });
      assert.deepEqual(await statuses(store, image), ['reopened']);
      assert.equal((await verdict(store, image)).verdict, 'malicious');
    });

    it('is open again at the next scan after its time, also before anybody looked', async () => {
      const { store } = get();
      const sample: Sample = { findings: [miner('over unseen')] };
      const image = await record(store, scanned('over unseen', sample));
      await end(store, await ignore(store, image));
      await record(store, scanned('over unseen', sample));
      assert.deepEqual(await statuses(store, image), ['open']);
      assert.equal((await verdict(store, image)).verdict, 'malicious');
    });

    it('that is resolved stays so, whoever ignores it', async () => {
      const { store } = get();
      const image = await record(store, scanned('too late', { findings: [miner('too late')] }));
      const [row] = await findingsOf(store.db, image);
      await record(store, scanned('too late'));
      await ignoreRow(store, row!, {});
      assert.deepEqual(await statuses(store, image), ['resolved']);
    });
  });

  describe('the scope of an ignore', () => {
    const scopes = [
      ['image', ['ignored', 'open', 'open']],
      ['repository', ['ignored', 'ignored', 'open']],
      ['everywhere', ['ignored', 'ignored', 'ignored']],
    ] as const;
    for (const [scope, expected] of scopes) {
      const findings = [miner(`scope ${scope}`)];
      const repository = `registry.example.invalid/scope-${scope}`;
      const here: Sample = { repository, findings };

      it(`${scope} reaches ${expected.filter((one) => one === 'ignored').length} of three images`, async () => {
        const { store } = get();
        const images = [
          await record(store, scanned(`${scope} first`, here)),
          await record(store, scanned(`${scope} second`, here)),
          await record(store, scanned(`${scope} elsewhere`, { findings })),
        ];
        const id = await ignore(store, images[0]!, undefined, { scope });
        const seen: FindingStatus[] = [];
        for (const image of images) seen.push(...(await statuses(store, image)));
        assert.deepEqual(seen, expected);
        for (const [at, image] of images.entries()) {
          const { verdict: now } = await verdict(store, image);
          assert.equal(now, expected[at] === 'ignored' ? 'clean' : 'malicious');
        }
        await withdraw(store, id);
        for (const image of images) assert.equal((await verdict(store, image)).verdict, 'malicious');
      });

      it(`${scope} holds for images that come later just the same`, async () => {
        const { store } = get();
        const first = await record(store, scanned(`${scope} early`, here));
        await ignore(store, first, undefined, { scope });
        const later = [
          await record(store, scanned(`${scope} late`, here)),
          await record(store, scanned(`${scope} late elsewhere`, { findings })),
        ];
        const seen: FindingStatus[] = [];
        for (const image of later) seen.push(...(await statuses(store, image)));
        assert.deepEqual(seen, expected.slice(1));
        assert.equal((await verdict(store, later[0]!)).verdict, scope === 'image' ? 'malicious' : 'clean');
      });
    }
  });

  describe('several ignores of one finding', () => {
    it('hold as long as one of them does', async () => {
      const { store } = get();
      const sample: Sample = { findings: [miner('covered')] };
      const image = await record(store, scanned('covered', sample));
      const short = await ignore(store, image, undefined, {
        scope: 'image',
        expiresAt: '2098-01-01T00:00:00.000Z',
      });
      const long = await ignore(store, image, undefined, { scope: 'everywhere' });
      await record(store, scanned('covered', sample));
      assert.equal(
        (await findingsOf(store.db, image))[0]?.ignore?.id,
        long,
        'the one that holds longest is named',
      );
      await withdraw(store, long);
      assert.deepEqual(await statuses(store, image), ['ignored']);
      assert.equal((await findingsOf(store.db, image))[0]?.ignore?.id, short);
      assert.equal((await verdict(store, image)).verdict, 'clean');
      await withdraw(store, short);
      assert.deepEqual(await statuses(store, image), ['reopened']);
      assert.equal((await verdict(store, image)).verdict, 'malicious');
    });

    it('that are over or withdrawn do not take over', async () => {
      const { store } = get();
      const image = await record(store, scanned('uncovered', { findings: [miner('uncovered')] }));
      const over = await ignore(store, image, undefined, { scope: 'repository' });
      const withdrawn = await ignore(store, image, undefined, { scope: 'everywhere' });
      const last = await ignore(store, image);
      await end(store, over);
      await withdraw(store, withdrawn);
      await withdraw(store, last);
      assert.deepEqual(await statuses(store, image), ['reopened']);
    });
  });
}

async function statuses({ db }: Store, image: number): Promise<FindingStatus[]> {
  return (await findingsOf(db, image)).map((one) => one.status);
}

async function withRule({ db }: Store, image: number, rule: string): Promise<FindingRow[]> {
  return (await findingsOf(db, image)).filter((one) => one.finding.rule === rule);
}

async function verdict({ db }: Store, image: number) {
  const detail = await imageDetail(db, image);
  assert.ok(detail);
  const { verdict, score, categories, findings } = detail.image;
  assert.equal(detail.report.verdict, verdict, 'row and report say the same');
  return { verdict, score, categories, findings };
}

async function ignore(
  store: Store,
  image: number,
  rule?: Finding['rule'],
  how: Partial<IgnoreRequest> = {},
): Promise<number> {
  const rows = await findingsOf(store.db, image);
  const row = rows.find((one) => rule === undefined || one.finding.rule === rule);
  assert.ok(row);
  return ignoreRow(store, row, how);
}

/** As the server does it. @returns the ignore's id */
async function ignoreRow(store: Store, row: FindingRow, how: Partial<IgnoreRequest>): Promise<number> {
  const request = {
    reason: 'known and wanted',
    expiresAt: farAway,
    by: 'user:test',
    scope: 'image',
    ...how,
  } as const;
  await store.db.transaction().execute(async (tx) => {
    await decideImages(tx, await addIgnore(tx, row, request));
  });
  const seen = await findingById(store.db, row.id);
  if (seen?.ignore !== undefined) return seen.ignore.id;
  const last = await store.db.selectFrom('ignores').select('id').orderBy('id', 'desc').limit(1).execute();
  return last[0]!.id;
}

async function withdraw({ db }: Store, id: number) {
  return db.transaction().execute(async (tx) => {
    const touched = await withdrawIgnore(tx, id);
    await decideImages(tx, touched ?? []);
    return touched;
  });
}

/** Its time is over since a moment ago. */
async function end({ db }: Store, id: number): Promise<void> {
  const past = sql<Date>`now() - interval '1 second'`;
  await db.updateTable('ignores').set({ expires_at: past }).where('id', '=', id).execute();
}

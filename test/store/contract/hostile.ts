/**
 * Texts that attackers choose, past a producer that forgot to make them printable. PostgreSQL keeps no NUL and no half
 * of a surrogate pair; one such text must not cost the record of its image.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audit, listAudit } from '../../../src/store/access.ts';
import { addActivity } from '../../../src/store/activity.ts';
import { listHuntImages } from '../../../src/store/hunt-list.ts';
import { huntStore } from '../../../src/store/hunts.ts';
import { imageQueue } from '../../../src/store/image-queue.ts';
import { imageDetail, listImages } from '../../../src/store/images.ts';
import { findSightings } from '../../../src/store/observables.ts';
import { recentActivity } from '../../../src/store/overview.ts';
import { hostileReport } from '../../fixtures/reports.ts';
import {
  digestOf,
  type Get,
  layerOf,
  listed,
  miner,
  observed,
  record,
  reportOf,
  request,
  scanned,
} from './opened.ts';

const texts = {
  'a NUL': ['a\0b', 'a\\x00b'],
  'the first half of a pair': ['a\ud83db', 'a\ufffdb'],
  'the second half of a pair': ['a\ude00b', 'a\ufffdb'],
  'the halves in the wrong order': ['\ude00\ud83d', '\ufffd\ufffd'],
  'a whole pair': ['a\u{1f600}b', 'a\u{1f600}b'],
  'what only looks like an escape': ['\\u0000 \\ud800 \\x00 \\', '\\u0000 \\ud800 \\x00 \\'],
  'the largest and the strangest characters': [
    '\u{10ffff}\ufffe\u0001\u001b\u0085\u2028',
    '\u{10ffff}\ufffe\u0001\u001b\u0085\u2028',
  ],
  'quotes and braces': [`'";{}$1$$ \\\\ -- /*`, `'";{}$1$$ \\\\ -- /*`],
} as const;

export function hostile(get: Get): void {
  describe('a text of an image with', () => {
    for (const [name, [text, kept]] of Object.entries(texts)) {
      it(`${name} costs nothing of the record, wherever it stands`, async () => {
        const { store } = get();
        const evidence = [{ kind: 'file', layer: 0, path: text, excerpt: text }] as const;
        const finding = miner(name, { title: text, evidence: [...evidence], source: { author: text } });
        const value = `${text} ${name}`;
        const layer = layerOf(name, [observed(value, { note: text, path: text })]);
        const image = scanned(name, {
          repository: `registry.example.invalid/${text}/${name}`,
          tag: text,
          findings: [finding],
          layers: [layer],
        });
        const [artifactLayer] = image.report.artifact.layers;
        const artifact = { ...image.report.artifact, layers: [{ ...artifactLayer!, createdBy: text }] };
        const indicators = [{ type: 'url', value: `${value} own`, context: text } as const];
        const id = await record(store, {
          ...image,
          target: text,
          report: { ...image.report, artifact, target: text, reasons: [text], indicators },
        });
        const detail = await imageDetail(store.db, id);
        assert.equal(detail?.findings[0]?.finding.title, kept);
        assert.equal(detail?.findings[0]?.finding.evidence[0]?.path, kept);
        assert.equal(detail?.report.artifact.layers[0]?.createdBy, kept);
        assert.equal(detail?.image.repository, `registry.example.invalid/${kept}/${name}`);
        // Whoever asks in the words of the scan is answered.
        const seen = await findSightings(store.db, { value, limit: 10 });
        assert.equal(seen.items[0]?.image, id);
        assert.equal(seen.items[0]?.path, kept);
        const own = await findSightings(store.db, { value: `${value} own`, limit: 10 });
        assert.equal(own.items[0]?.image, id);
        const found = await listImages(store.db, { q: `${text}/${name}`, limit: 10, sort: 'score' });
        assert.equal(found.items[0]?.id, id);
        // The same once more is the same image.
        assert.equal(await record(store, image), id);
      });

      it(`${name} costs nothing of a hunt`, async () => {
        const { store, queue } = get();
        const hunts = huntStore(store.db, queue, 'host');
        const { id } = await hunts.begin(request(`oci:${name}/${text}`, { startedBy: text }));
        const repository = `oci:${name}/${text}`;
        await hunts.add(id, [
          listed(repository, name, text),
          listed(repository, name, `${text}2`),
          listed('registry.example.invalid/plain', `plain ${name}`),
        ]);
        await hunts.listed(id, [{ where: text, code: 'corrupt', message: text }]);
        assert.equal((await hunts.standing(id)).total, 2);
        const { items } = await listHuntImages(store.db, id, { limit: 10 });
        assert.equal(items[0]?.reference, `oci:${name}/${kept}:${kept}`);
        const images = await imageQueue(store.db, queue, request('').ruleset, 'host');
        const claims = await images.claim(10);
        const mine = claims.filter((one) => one.place?.hunt === id);
        assert.equal(mine.length, 2);
        await images.release(claims.filter((one) => one.place?.hunt !== id));
        for (const [at, claim] of mine.entries()) {
          const outcome =
            at === 0
              ? ({ kind: 'scanned', report: reportOf(name), layers: [] } as const)
              : ({ kind: 'failed', code: 'corrupt', message: text, again: false } as const);
          await images.record([{ claim, outcome }]);
        }
        assert.equal((await hunts.finish(id))?.images.total, 2);
      });
    }

    it('everything at once is kept as it was, but for what cannot be', async () => {
      const { store } = get();
      const given = hostileReport();
      const findings = given.findings.map((one, at) => ({
        ...one,
        id: digestOf(`nasty ${at}`).slice(7, 39),
      }));
      const report = { ...given, findings, tool: reportOf('').tool };
      const artifact = { ...report.artifact, digest: digestOf('hostile report') };
      const id = await record(store, {
        ...scanned('nasty'),
        reference: report.target,
        report: { ...report, artifact },
      });
      const detail = await imageDetail(store.db, id);
      assert.equal(detail?.image.reference, report.target);
      assert.deepEqual(
        new Set(detail?.findings.map((one) => one.finding.title)),
        new Set(report.findings.map((one) => one.title)),
      );
    });
  });

  describe('a name that is longer than an index takes', () => {
    // Bytes that do not compress, as an index would.
    const long = Array.from({ length: 100 }, (_, at) => digestOf(`long ${at}`)).join('/');

    it('is cut, and still tells its image from others', async () => {
      const { store } = get();
      const ids = ['a', 'b', 'a'].map((one) => ({
        ...scanned('long name', { repository: `oci:${long}${one}` }),
      }));
      const [first, second, third] = [
        await record(store, ids[0]!),
        await record(store, ids[1]!),
        await record(store, ids[2]!),
      ];
      assert.notEqual(first, second);
      assert.equal(first, third);
      const detail = await imageDetail(store.db, first!);
      assert.ok(detail!.image.repository.length <= 400);
      assert.ok(detail!.image.repository.startsWith(`oci:${long.slice(0, 100)}`));
    });

    it('costs nothing of a hunt, which scans it by its whole target', async () => {
      const { store, queue } = get();
      const hunts = huntStore(store.db, queue, 'host');
      const { id } = await hunts.begin(request('oci:long names', { ruleset: digestOf('long names') }));
      const image = listed(`oci:${long}`, 'long hunt', long);
      await hunts.add(id, [image]);
      await hunts.add(id, [image]);
      await hunts.listed(id, []);
      const images = await imageQueue(store.db, queue, digestOf('long names'), 'host');
      const [claim, none] = await images.claim(2);
      assert.equal(none, undefined);
      assert.equal(claim?.target, image.target);
      await images.record([
        { claim: claim!, outcome: { kind: 'scanned', report: reportOf('long hunt'), layers: [] } },
      ]);
      assert.equal((await hunts.finish(id))?.images.clean, 1);
      const { id: next } = await hunts.begin(
        request('oci:long names', { ruleset: reportOf('').tool.ruleset }),
      );
      await hunts.add(next, [image]);
      assert.equal((await hunts.standing(next)).unchanged, 1, 'it is the image that was recorded');
    });
  });

  describe('texts that people send', () => {
    it('may hold what the database cannot, in the feed and in the audit log', async () => {
      const { store } = get();
      await store.db.transaction().execute(async (tx) => {
        await audit(tx, { name: 'user:a\0b' }, 'test.nul', 'x\0y', { given: '\0\ud800' });
        await addActivity(tx, {
          type: 'test',
          severity: 'info',
          text: 'a\0b',
          key: 'nul\0',
          facts: { a: '\0' },
        });
      });
      const { items } = await listAudit(store.db, { action: 'test.nul', limit: 10 });
      assert.equal(items[0]?.subject, 'x\\x00y');
      assert.deepEqual(items[0]?.detail, { given: '\\x00\ufffd' });
      assert.equal((await recentActivity(store.db, 1))[0]?.text, 'a\\x00b');
    });
  });
}

/** What stores do in ten seconds, on a full disk, and in a folder that is not there yet. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { huntStore } from '../../src/store/hunts.ts';
import { imageQueue } from '../../src/store/image-queue.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { leaseSeconds, openQueue } from '../../src/store/queue.ts';
import { copyStoreFolder } from '../fixtures/store-folder.ts';
import { listed, reportOf, request, ruleset } from '../store/contract/opened.ts';
import { migrations } from '../store/migrations.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'slow-store-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the lease of an image', () => {
  it('lapses when nobody renews it, and holds for as long as somebody does', async () => {
    const data = await copyStoreFolder(join(folder, 'lease'));
    const store = await openStore({ env: {}, data, command: 'test' });
    const queue = await openQueue(store, { schedules: false, problem: assert.fail });
    const hunts = huntStore(store.db, queue, 'host');
    const { id } = await hunts.begin(request('registry:lease'));
    await hunts.add(
      id,
      ['silent', 'busy'].map((one) => listed('registry.example.invalid/lease', one, one)),
    );
    await hunts.listed(id, []);
    const images = await imageQueue(store.db, queue, ruleset, 'host');
    const claims = await images.claim(2);
    const busy = claims.filter((one) => one.reference.endsWith('busy'));
    const somebodyElse = await imageQueue(store.db, queue, ruleset, 'host');
    const start = Date.now();
    let taken = await somebodyElse.claim(2);
    while (taken.length === 0) {
      assert.ok(Date.now() - start < leaseSeconds * 5000, 'it never lapsed');
      await sleep(500);
      await images.keep(busy);
      taken = await somebodyElse.claim(2);
    }
    assert.ok(Date.now() - start >= (leaseSeconds - 1) * 1000);
    assert.deepEqual(
      taken.map((one) => one.reference),
      ['registry.example.invalid/lease:silent'],
    );
    const outcome = { kind: 'scanned', report: reportOf('silent'), layers: [] } as const;
    await somebodyElse.record([{ claim: taken[0]!, outcome }]);
    await images.record(
      claims.map((claim) => ({ claim, outcome: { ...outcome, report: reportOf('busy') } })),
    );
    const standing = await hunts.standing(id);
    assert.equal(standing.done, 2);
    await queue.close();
    await store.close();
  });
});

migrations(
  'an embedded store whose folder is not there',
  async () => ({ data: join(folder, 'new', 'store') }),
  4,
);

describe('an embedded store on a full disk', { skip: skipWithoutMount() }, () => {
  let disk: string;
  before(async () => {
    disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=110m', 'tmpfs', disk]);
  });
  after(() => {
    execFileSync('umount', ['--lazy', disk]);
  });

  it('says so, and once there is room has every row that was acknowledged', async () => {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(24 * 1024 * 1024, 1));
    const data = await copyStoreFolder(join(disk, 'store'));
    const store = await openStore({ env: {}, data, command: 'test' });
    await store.pool.query('create table filled (n int primary key, bytes bytea)');
    const written: number[] = [];
    const full = (async () => {
      for (let n = 0; n < 100_000; n++) {
        await store.db.transaction().execute(async (tx) => {
          await tx
            .insertInto('filled' as never)
            .values({ n, bytes: randomBytes(20_000) } as never)
            .execute();
        });
        written.push(n);
      }
    })();
    await assert.rejects(full, (error: { code?: unknown; message?: unknown }) => {
      assert.equal(error.code, 'unavailable', String(error));
      return true;
    });
    assert.ok(written.length > 100, 'it was full from the beginning');
    // It stays so, and says so, for as long as the disk is full.
    for (let tries = 0; tries < 3; tries++) {
      const again = store.db
        .insertInto('filled' as never)
        .values({ n: -1 - tries, bytes: randomBytes(2_000_000) } as never)
        .execute();
      await assert.rejects(again, { code: 'unavailable' });
    }
    rmSync(ballast);
    assert.deepEqual(await eventually(() => missing(store, written)), []);
    await store.pool.query('insert into filled values (-10, null)');
    await store.close();
    const reopened = await openStore({ env: {}, data, command: 'test' });
    assert.deepEqual(await missing(reopened, [...written, -10]), []);
    await reopened.close();
  });
});

async function missing({ pool }: Store, written: readonly number[]): Promise<number[]> {
  const { rows } = await pool.query<{ n: number }>('select n from filled');
  const there = new Set(rows.map((one) => one.n));
  return written.filter((one) => !there.has(one));
}

async function eventually<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 50) throw error;
      await sleep(200);
    }
  }
}

/** A file system of its own takes root, and not every container has its rights. */
function skipWithoutMount(): string | false {
  const place = mkdtempSync(join(tmpdir(), 'mount-test-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return false;
  } catch {
    return 'no file system can be mounted here';
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

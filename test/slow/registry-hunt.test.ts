/** A hunt over 200 images in the real docker-registry: by one process, killed and gone on with, and by workers. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HuntResult, huntResult } from '../../src/api/hunts.ts';
import { type Running, said, start } from '../../src/bench/processes.ts';
import { withApplications } from '../../src/lab/applications.ts';
import { sampleImages } from '../../src/lab/sample-images.ts';
import { categories } from '../../src/model/terms.ts';
import { openStore } from '../../src/store/open.ts';
import { type Registry, startRegistry } from '../fixtures/docker-registry.ts';
import { type PostgreSql, skipWithoutPostgreSql, startPostgreSql } from '../fixtures/postgresql.ts';
import { skipWithout } from '../fixtures/programs.ts';
import { pushImages } from '../fixtures/push-images.ts';

const samples = sampleImages(200);
/** So that each of the packages' files is in one of them, and none of those is taken for what it is not. */
const applicationBytes = 2 ** 20;
const skip = skipWithout('docker-registry') || skipWithoutPostgreSql();

describe('a hunt over docker-registry', { skip }, () => {
  let folder: string;
  let registry: Registry;
  let postgres: PostgreSql;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waterguard-registry-hunt-'));
    registry = await startRegistry(join(folder, 'registry'));
    await pushImages(registry.host, withApplications(samples, applicationBytes));
    postgres = await startPostgreSql(join(folder, 'postgresql'));
  });
  after(async () => {
    registry?.process.kill();
    await postgres?.stop('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  });

  function hunt(place: Readonly<Record<string, string>>, ...args: readonly string[]): Running {
    const env = { XDG_CACHE_HOME: join(folder, `cache-${Object.keys(place)[0]}`), ...place };
    return start(
      ['hunt', `registry:${registry.host}`, '--insecure', '--format', 'json', '--quiet', ...args],
      env,
    );
  }

  async function resultOf(running: Running): Promise<HuntResult> {
    assert.equal(await running.ended, 0, running.stderr());
    return huntResult.parse(JSON.parse(running.stdout()));
  }

  function assertRight({ images, categories: counted }: HuntResult): void {
    assert.equal(images.total, samples.length);
    for (const one of categories) {
      const expected = samples.filter((image) => image.categories.includes(one)).length;
      assert.equal(counted[one] ?? 0, expected, one);
    }
  }

  it('prints the right table, and a second one costs a fraction', async () => {
    const data = join(folder, 'first');
    const first = await resultOf(hunt({ XDG_DATA_HOME: data }));
    assertRight(first);
    assert.equal(first.images.unchanged, 0);
    const second = await resultOf(hunt({ XDG_DATA_HOME: data }));
    assertRight(second);
    assert.equal(second.images.unchanged, samples.length);
    assert.ok(second.durationMs < first.durationMs / 3, `${second.durationMs} of ${first.durationMs} ms`);
  });

  it('goes on after a kill half-way', async () => {
    const data = join(folder, 'killed');
    const place = { XDG_DATA_HOME: data };
    const killed = hunt(place);
    // Before that, this process might hold the store.
    while (!existsSync(join(data, 'waterguard/run/.s.PGSQL.5432'))) await sleep(50);
    while ((await doneIn({ data: join(data, 'waterguard') })) < 40) await sleep(200);
    await killed.kill();
    const before = await doneIn({ data: join(data, 'waterguard') });
    const third = await resultOf(hunt(place));
    assertRight(third);
    assert.ok(before >= 40 && before < samples.length, `${before}`);
    assert.equal(third.images.unchanged, 0);
  });

  it('is shared by three workers on PostgreSQL, and no image is scanned twice', async () => {
    const env = { DATABASE_URL: postgres.url('hunt'), XDG_CACHE_HOME: join(folder, 'cache-workers') };
    const workers = [1, 2, 3].map(() => start(['worker'], env));
    try {
      await Promise.all(workers.map((one) => said(one, /working for/)));
      assertRight(await resultOf(hunt(env)));
      const store = await openStore({ env, command: 'test' });
      try {
        const rows = await store.db.selectFrom('images').select('scans').execute();
        assert.deepEqual([rows.length, [...new Set(rows.map((one) => one.scans))]], [samples.length, [1]]);
      } finally {
        await store.close();
      }
    } finally {
      await Promise.all(workers.map((one) => one.kill()));
    }
  });

  /** Through the socket of whoever holds the store. */
  async function doneIn({ data }: { readonly data: string }): Promise<number> {
    const store = await openStore({ env: {}, data, command: 'test' });
    try {
      const { done } = await store.db
        .selectFrom('images')
        .select((of) => of.fn.countAll<number>().as('done'))
        .executeTakeFirstOrThrow();
      return done;
    } finally {
      await store.close();
    }
  }
});

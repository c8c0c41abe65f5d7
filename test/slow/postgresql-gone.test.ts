/** PostgreSQL that is gone for a while, under a server and workers in the middle of a hunt. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Running, said, start } from '../../src/bench/processes.ts';
import { type LabRegistry, serveRegistry } from '../../src/lab/registry.ts';
import { sampleImages } from '../../src/lab/sample-images.ts';
import { newSecret } from '../../src/store/access.ts';
import { openStore } from '../../src/store/open.ts';
import { type PostgreSql, skipWithoutPostgreSql, startPostgreSql } from '../fixtures/postgresql.ts';

const count = 400;
const goneMs = 60_000;

describe('PostgreSQL that is gone for a while', { skip: skipWithoutPostgreSql() }, () => {
  let folder: string;
  let postgres: PostgreSql;
  let registry: LabRegistry;
  const running: Running[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waterguard-gone-'));
    postgres = await startPostgreSql(join(folder, 'postgresql'));
    registry = await serveRegistry(sampleImages(count));
  });
  after(async () => {
    await Promise.all(running.map((one) => one.kill()));
    await registry?.close();
    await postgres?.stop('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  });

  it('fails requests cleanly; jobs go on when it is back, and every image is scanned', async () => {
    const env = { DATABASE_URL: postgres.url('gone'), XDG_CACHE_HOME: join(folder, 'cache') };
    const server = start(['server', '--listen', '127.0.0.1:0'], env);
    running.push(server);
    const origin = await said(server, /listening on (http:\S+)/);
    for (let at = 0; at < 2; at++) running.push(start(['worker', '--concurrency', '1'], env));
    for (const worker of running.slice(1)) await said(worker, /working for/);
    const { secret, stored } = newSecret('wg_');
    const store = await openStore({ env, command: 'test' });
    await store.db
      .insertInto('tokens')
      .values({ name: 'test', secret: stored, prefix: 'wg_', scopes: ['read', 'hunt'], created_by: 'test' })
      .execute();
    const ask = async (path: string, body?: object) => {
      const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
      const answer = await fetch(`${origin}${path}`, {
        headers,
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers
      return { status: answer.status, json: (await answer.json()) as any };
    };
    const source = { source: `registry:${registry.host}`, insecure: true };
    const { json: hunt } = await ask('/v1/hunts', source);
    const isAt = async (
      done: (hunt: { progress: { done: number }; state: string }) => boolean,
      longest: number,
    ) => {
      for (const end = Date.now() + longest; Date.now() < end; await sleep(200)) {
        const { status, json } = await ask(`/v1/hunts/${hunt.id}`);
        if (status === 200 && done(json)) return json;
      }
      throw new Error(`the hunt is not there: ${JSON.stringify(await ask(`/v1/hunts/${hunt.id}`))}`);
    };
    await isAt((one) => one.progress.done > count / 8, 60_000);

    await postgres.stop('SIGQUIT');
    const end = Date.now() + goneMs;
    for (const path of [`/v1/hunts/${hunt.id}`, '/v1/overview', '/readyz']) {
      const { status, json } = await ask(path);
      assert.equal(status, 503, `${path}: ${JSON.stringify(json)}`);
    }
    assert.equal((await ask('/v1/hunts', source)).status, 503);
    assert.equal((await ask('/healthz')).status, 200);
    await sleep(Math.max(0, end - Date.now()));
    for (const one of running) assert.equal(one.child.exitCode, null, one.stderr().slice(-500));
    await postgres.start();

    const { result } = await isAt((one) => one.state !== 'running', 240_000);
    assert.equal(result?.images.total, count);
    assert.equal(result.images.incomplete, 0);
    const { images } = await store.db
      .selectFrom('images')
      .select((of) => of.fn.countAll<number>().as('images'))
      .executeTakeFirstOrThrow();
    assert.equal(images, count);
    await store.close();
  });
});

/**
 * A day with the API: hunt a registry while a worker runs, look at what was found, decide on it, learn of an indicator
 * that the past knows already. The tests follow one another, as a day does.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { work } from '../../src/jobs/worker.ts';
import { type LabRegistry, serveRegistry } from '../../src/lab/registry.ts';
import { type SampleImage, sampleImages, wallet } from '../../src/lab/sample-images.ts';
import { defaultLimits, openSession, type ScanSession } from '../../src/scan/index.ts';
import { type IndicatorSource, indicatorSource } from '../../src/store/indicators.ts';
import { assertProblem } from '../fixtures/problem.ts';
import { type Answer, startServer, type TestServer } from '../fixtures/server.ts';
import { shareCache } from '../fixtures/shared-cache.ts';

/** Two of each kind of bad ones, and a few of the harmless between them. */
const samples: readonly SampleImage[] = sampleImages(72).filter(
  (one, number) => one.categories.length > 0 || number % 12 === 0,
);

let server: TestServer;
let registry: LabRegistry;
let session: ScanSession;
let indicators: IndicatorSource;
let working: Promise<void>;
const stop = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'waterguard-hunting-'));
const problems: unknown[] = [];

before(async () => {
  const env = { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
  shareCache(env.XDG_CACHE_HOME);
  session = await openSession({
    rules: [],
    cache: false,
    limits: defaultLimits,
    env,
    now: () => new Date(),
    known: () => indicators.known(),
  });
  server = await startServer({ empty: true, ruleset: session.tool.ruleset });
  indicators = indicatorSource(server.store.db);
  registry = await serveRegistry(samples);
  working = work({
    store: server.store,
    queue: server.queue,
    session,
    indicators,
    concurrency: 2,
    signal: stop.signal,
    problem: (error) => problems.push(error),
  });
});
after(async () => {
  stop.abort();
  await working;
  await server.close();
  await session.close();
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

const analyst = { role: 'analyst' } as const;

function ask(method: string, url: string, body?: object): Promise<Answer> {
  return server.ask(method, url, { as: analyst, ...(body !== undefined && { body }) });
}

async function got(url: string): Promise<Answer['json']> {
  const answer = await ask('GET', url);
  assert.equal(answer.status, 200, `${url} → ${answer.text}`);
  return answer.json;
}

/** What a worker does takes its time. */
async function eventually<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    const value = await look();
    if (value !== undefined) return value;
  }
  throw new assert.AssertionError({ message: `${what} has not come about; ${problems.map(String)}` });
}

interface Row {
  readonly id: number;
  readonly reference: string;
  readonly repository: string;
  readonly digest: string;
  readonly verdict: string;
  readonly categories: readonly string[];
}

async function imageOf(repository: string): Promise<Row> {
  const { items } = await got(`/v1/images?q=${encodeURIComponent(`${repository}:`)}`);
  assert.equal(items.length, 1, repository);
  return items[0];
}

const bad = (category: string): SampleImage[] =>
  samples.filter((one) => (one.categories as readonly string[]).includes(category));

interface FoundIn {
  readonly id: number;
  readonly status: string;
  readonly finding: { readonly rule: string; readonly severity: string };
  readonly ignore?: { readonly id: number; readonly by: string; readonly reason: string };
}

/** Of medium severity or more. */
async function openFindings(image: number): Promise<FoundIn[]> {
  const { items } = await got(`/v1/findings?image=${image}&limit=200`);
  return (items as FoundIn[]).filter(
    ({ status, finding }) =>
      (status === 'open' || status === 'reopened') && !['info', 'low'].includes(finding.severity),
  );
}

describe('a hunt', () => {
  let hunt: number;
  const source = (): string => `registry:${registry.host}`;

  it('is refused where its images lie on the server’s own disk', async () => {
    for (const local of [
      'oci:/etc',
      'list:/etc/passwd',
      'oci:.',
      'dir:/',
      'docker:x',
      'file:/etc/passwd',
      '/etc',
    ]) {
      for (const path of ['/v1/hunts', '/v1/schedules']) {
        const answer = await server.ask('POST', path, {
          as: { role: 'admin' },
          body: { source: local, cron: '0 3 * * 1' },
        });
        assertProblem(answer, 400, `${path} ${local}`);
      }
    }
    assert.deepEqual((await got('/v1/hunts')).items, []);
  });

  it('does without TLS on loopback alone', async () => {
    for (const remote of [
      'registry:registry.example.com',
      'registry:10.0.0.5:5000',
      'registry:169.254.169.254',
      'registry:localhost.example.com:5000',
      'registry:127.0.0.1.example.com:5000',
      'hub:miner',
    ]) {
      for (const path of ['/v1/hunts', '/v1/schedules']) {
        const answer = await server.ask('POST', path, {
          as: { role: 'admin' },
          body: { source: remote, insecure: true, cron: '0 3 * * 1' },
        });
        assertProblem(answer, 400, `${path} ${remote}`);
      }
    }
    assert.deepEqual((await got('/v1/hunts')).items, []);
  });

  it('is started, followed and done', async () => {
    const begun = await ask('POST', '/v1/hunts', { source: source(), insecure: true });
    assert.equal(begun.status, 201, begun.text);
    assert.equal(begun.json.state, 'running');
    assert.equal(begun.json.startedBy, 'user:the-analyst');
    hunt = begun.json.id;
    let before = { total: 0, done: 0 };
    const done = await eventually('the end of the hunt', async () => {
      const now = await got(`/v1/hunts/${hunt}`);
      const { total, done, unchanged, failed, listed } = now.progress;
      assert.ok(total >= before.total && done >= before.done, JSON.stringify(now.progress));
      assert.ok(done + unchanged + failed <= total, JSON.stringify(now.progress));
      if (listed) assert.equal(total, samples.length);
      before = { total, done };
      return now.state === 'running' ? undefined : now;
    });
    assert.equal(done.state, 'done', JSON.stringify(done.problems));
    assert.deepEqual(done.problems, []);
    const { total, done: scanned, unchanged, failed, listed } = done.progress;
    assert.deepEqual(
      [total, scanned, unchanged, failed, listed],
      [samples.length, samples.length, 0, 0, true],
    );
  });

  it('has a table that counts what is in the images', async () => {
    const { result } = await got(`/v1/hunts/${hunt}`);
    const expected: Record<string, number> = {};
    for (const { categories } of samples)
      for (const one of categories) expected[one] = (expected[one] ?? 0) + 1;
    assert.deepEqual(result.categories, expected);
    assert.equal(
      result.categoryTotal,
      Object.values(expected).reduce((sum, one) => sum + one, 0),
    );
    const { total, unchanged, ...verdicts } = result.images;
    assert.equal(total, samples.length);
    assert.equal(unchanged, 0);
    assert.equal(
      Object.values(verdicts as Record<string, number>).reduce((sum, one) => sum + one, 0),
      total,
    );
    assert.equal(verdicts.clean, samples.filter((one) => one.categories.length === 0).length);
    assert.ok(result.bytes.referenced > result.bytes.unique && result.bytes.unique > 0);
  });

  it('lists its images, each with what is in it', async () => {
    const images: Row[] = [];
    let cursor = '';
    do {
      const page = await got(`/v1/hunts/${hunt}/images?limit=7${cursor}`);
      images.push(...page.items);
      cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    const found = Object.fromEntries(images.map((one) => [one.reference, one.categories]));
    const expected = Object.fromEntries(
      samples.map((one) => [`${registry.host}/${one.repository}:${one.tag}`, [...one.categories]]),
    );
    assert.deepEqual(found, expected);
    const { items } = await got(`/v1/images?hunt=${hunt}&verdict=clean&limit=200`);
    assert.deepEqual(
      items.map((one: Row) => one.repository).sort(),
      samples
        .filter((one) => one.categories.length === 0)
        .map((one) => `${registry.host}/${one.repository}`)
        .sort(),
    );
  });

  it('done again finds every image unchanged, and scans none', async () => {
    const blobs = registry.requests.get('GET blobs');
    const begun = await ask('POST', '/v1/hunts', { source: source(), insecure: true });
    assert.notEqual(begun.json.id, hunt);
    const done = await eventually('the end of the second hunt', async () => {
      const now = await got(`/v1/hunts/${begun.json.id}`);
      return now.state === 'running' ? undefined : now;
    });
    assert.equal(done.progress.unchanged, samples.length);
    const first = await got(`/v1/hunts/${hunt}`);
    assert.deepEqual(done.result.categories, first.result.categories);
    assert.equal(registry.requests.get('GET blobs'), blobs);
  });

  it('is cancelled once', async () => {
    const begun = await ask('POST', '/v1/hunts', { source: 'registry:127.0.0.1:1', insecure: true });
    const cancelled = await ask('POST', `/v1/hunts/${begun.json.id}/cancel`);
    const now = await got(`/v1/hunts/${begun.json.id}`);
    // A worker may have found already that nobody is there.
    if (cancelled.status === 200) assert.equal(now.state, 'cancelled');
    else assert.equal(now.state, 'failed');
    assertProblem(await ask('POST', `/v1/hunts/${begun.json.id}/cancel`), 409);
  });

  it('of a registry that is not there fails, and says why', async () => {
    const begun = await ask('POST', '/v1/hunts', { source: 'registry:127.0.0.1:1/x', insecure: true });
    const done = await eventually('the end of the hunt', async () => {
      const now = await got(`/v1/hunts/${begun.json.id}`);
      return now.state === 'running' ? undefined : now;
    });
    assert.equal(done.state, 'failed');
    assert.match(done.problems.join(), /127\.0\.0\.1:1/);
  });
});

describe('an image', () => {
  const number = (one: SampleImage): number => Number(/\d+$/.exec(one.repository)?.[0]);

  it('is found by parts of its name, by its digest, and by a wallet that it holds', async () => {
    const [miner] = bad('cryptomining');
    const image = await imageOf(miner!.repository);
    const hex = image.digest.replace('sha256:', '');
    for (const q of [
      image.reference,
      `${miner!.repository}:`,
      `${miner!.repository}:`.toUpperCase(),
      image.digest,
      hex,
      hex.slice(0, 12),
      `sha256:${hex.slice(0, 12)}`,
      wallet(number(miner!)),
    ]) {
      const { items, total } = await got(`/v1/images?q=${encodeURIComponent(q)}`);
      assert.deepEqual([items.map((one: Row) => one.id), total], [[image.id], 1], q);
    }
    const seen = await got(`/v1/observables?value=${wallet(number(miner!))}`);
    assert.ok(seen.items.length >= 1);
    for (const one of seen.items) assert.deepEqual([one.type, one.image], ['wallet', image.id]);
    // Nobody else's.
    assert.deepEqual((await got(`/v1/images?q=${wallet(12345)}`)).items, []);
  });

  it('tells its report, its layers and who shares them', async () => {
    const [miner] = bad('cryptomining');
    const { id } = await imageOf(miner!.repository);
    const detail = await got(`/v1/images/${id}`);
    assert.equal(detail.image.id, id);
    assert.deepEqual(detail.report.verdict, detail.image.verdict);
    assert.equal(detail.report.artifact.layers.length, detail.sharedBy.length);
    // Every third sample has the same base.
    assert.ok(detail.sharedBy[0].images >= 3, JSON.stringify(detail.sharedBy));
    const layer = await got(`/v1/layers/${detail.report.artifact.layers[0].diffId}`);
    assert.equal(layer.images.length, detail.sharedBy[0].images + 1);
    assert.ok(layer.images.some((one: Row) => one.id === id));
  });
});

describe('a finding', () => {
  /** The same script in both, so the same finding. */
  const twins = (): SampleImage[] => bad('malicious-website');
  const inAWeek = (): string => new Date(Date.now() + 7 * 86_400_000).toISOString();

  async function ignoreAll(image: number, body: object): Promise<number[]> {
    const ids: number[] = [];
    for (const one of await openFindings(image)) {
      const answer = await ask('POST', `/v1/findings/${one.id}/ignore`, { reason: 'known to us', ...body });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json.status, 'ignored');
      assert.equal(answer.json.ignore.by, 'user:the-analyst');
      ids.push(answer.json.ignore.id);
    }
    assert.ok(ids.length > 0);
    return ids;
  }

  async function withdraw(ids: readonly number[]): Promise<void> {
    for (const id of ids) assert.equal((await ask('DELETE', `/v1/ignores/${id}`)).status, 204);
  }

  it('that is ignored in one image no longer counts there, and counts in others', async () => {
    const [one, two] = [await imageOf(twins()[0]!.repository), await imageOf(twins()[1]!.repository)];
    assert.notEqual(one.verdict, 'clean');
    const ids = await ignoreAll(one.id, { expiresAt: inAWeek(), scope: 'image' });
    const [now, other] = [await imageOf(one.repository), await imageOf(two.repository)];
    assert.deepEqual([now.verdict, now.categories], ['clean', []]);
    assert.deepEqual([other.verdict, other.categories], [two.verdict, two.categories]);
    const detail = await got(`/v1/images/${one.id}`);
    assert.equal(detail.report.verdict, 'clean');
    assert.ok(detail.findings.some((it: FoundIn) => it.ignore?.reason === 'known to us'));
    await withdraw(ids);
    const again = await imageOf(one.repository);
    assert.deepEqual([again.verdict, again.categories], [one.verdict, one.categories]);
    assert.deepEqual(
      (await openFindings(one.id)).map((it) => it.status),
      (await openFindings(one.id)).map(() => 'reopened'),
    );
    for (const id of ids) assertProblem(await ask('DELETE', `/v1/ignores/${id}`), 404);
  });

  it('that is ignored everywhere counts in no image; in a repository, in none of its images', async () => {
    const [one, two] = [await imageOf(twins()[0]!.repository), await imageOf(twins()[1]!.repository)];
    const everywhere = await ignoreAll(one.id, { expiresAt: inAWeek(), scope: 'everywhere' });
    assert.equal((await imageOf(one.repository)).verdict, 'clean');
    assert.equal((await imageOf(two.repository)).verdict, 'clean');
    await withdraw(everywhere);
    assert.equal((await imageOf(two.repository)).verdict, two.verdict);
    const inOne = await ignoreAll(one.id, { expiresAt: inAWeek(), scope: 'repository' });
    assert.equal((await imageOf(one.repository)).verdict, 'clean');
    assert.equal((await imageOf(two.repository)).verdict, two.verdict);
    await withdraw(inOne);
  });

  it('that is ignored until a date counts again from then on', async () => {
    const image = await imageOf(twins()[0]!.repository);
    await ignoreAll(image.id, { expiresAt: new Date(Date.now() + 1500).toISOString() });
    assert.equal((await imageOf(image.repository)).verdict, 'clean');
    await eventually('the end of the ignore', async () => {
      const { verdict } = await imageOf(image.repository);
      return verdict === image.verdict ? true : undefined;
    });
  });

  it('is told to the live feed when somebody ignores it', async () => {
    const { activity } = await server
      .ask('GET', '/v1/overview', { as: analyst })
      .then((answer) => answer.json as { activity: { type: string; text: string }[] });
    assert.ok(activity.some((one) => one.type === 'finding.ignored' && /the-analyst/.test(one.text)));
  });
});

describe('an indicator', () => {
  const harmless = (): SampleImage => samples.find((one) => one.categories.length === 0)!;

  /** SHA-256 of a file that only this image has. */
  function hashOf(sample: SampleImage): string {
    const entries = sample.spec.layers.flat() as {
      path?: string;
      name?: string;
      content?: Buffer | string;
    }[];
    const file = entries.find((one) => (one.path ?? one.name) === 'srv/app/0.txt');
    assert.ok(file?.content !== undefined, JSON.stringify(entries.map((one) => Object.keys(one))[0]));
    return createHash('sha256').update(file.content).digest('hex');
  }

  async function withIndicator(image: number): Promise<FoundIn[]> {
    return (await openFindings(image)).filter((one) => one.finding.rule.startsWith('indicator/'));
  }

  it('that is learnt later is found in the past, and its images are judged again; withdrawn, again', async () => {
    const image = await imageOf(harmless().repository);
    assert.equal(image.verdict, 'clean');
    const value = hashOf(harmless());
    const added = await ask('POST', '/v1/indicators', {
      type: 'sha256',
      value: value.toUpperCase(),
      category: 'cryptomining',
      source: 'a colleague',
    });
    assert.equal(added.status, 201, added.text);
    assert.deepEqual(
      [added.json.value, added.json.images, added.json.addedBy],
      [value, 1, 'user:the-analyst'],
    );
    const [search] = (await got('/v1/retro-hunts?limit=1')).items;
    assert.deepEqual([search.kind, search.state, search.hits], ['indicator', 'done', 1]);
    const seen = await got(`/v1/observables?value=${value}`);
    assert.deepEqual(
      seen.items.map((one: { image: number }) => one.image),
      [image.id],
    );
    const judged = await eventually('the finding of the indicator', async () => {
      const found = await withIndicator(image.id);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(judged.length, 1);
    const now = await imageOf(image.repository);
    assert.notEqual(now.verdict, 'clean');
    assert.deepEqual(now.categories, ['cryptomining']);
    assertProblem(await ask('POST', '/v1/indicators', { type: 'sha256', value, category: 'ddos' }), 409);

    assert.equal((await ask('DELETE', `/v1/indicators/${added.json.id}`)).status, 204);
    assertProblem(await ask('DELETE', `/v1/indicators/${added.json.id}`), 404);
    await eventually('the end of the finding', async () =>
      (await withIndicator(image.id)).length === 0 ? true : undefined,
    );
    const again = await imageOf(image.repository);
    assert.deepEqual([again.verdict, again.categories], ['clean', []]);
    const [row] = (await got('/v1/indicators?limit=1')).items;
    assert.ok(row.withdrawnAt !== undefined);
    // It may be learnt once more.
    const more = await ask('POST', '/v1/indicators', { type: 'sha256', value });
    assert.equal(more.status, 201);
    assert.equal((await ask('DELETE', `/v1/indicators/${more.json.id}`)).status, 204);
  });

  it('is refused where it is none, or everybody’s', async () => {
    for (const [type, value] of [
      ['ip', '10.0.0.1'],
      ['ip', '127.0.0.1'],
      ['ip', 'nothing'],
      ['domain', 'com'],
      ['domain', 'localhost'],
      ['url', 'nothing'],
      ['sha256', 'abc'],
      ['wallet', '44AF'],
      ['ssh-key', 'ssh-rsa'],
      ['email', 'nobody'],
    ])
      assertProblem(await ask('POST', '/v1/indicators', { type, value }), 400, `${type} ${value}`);
  });

  it('that nobody has seen has a past without images', async () => {
    const { status, json } = await ask('POST', '/v1/indicators', {
      type: 'domain',
      value: 'nobody-has-seen-it[.]net',
    });
    assert.equal(status, 201);
    assert.deepEqual([json.value, json.images], ['nobody-has-seen-it.net', 0]);
  });
});

describe('the worker', () => {
  it('had no trouble with all that', () => {
    assert.deepEqual(problems, []);
  });

  it('left no job behind, and shows no queue that is not ours', async () => {
    const { items }: { items: { queue: string; failed: number }[] } = await got('/v1/queues');
    assert.ok(items.some((one) => one.queue.startsWith('images.')));
    assert.deepEqual(
      items.filter((one) => one.failed > 0 || one.queue.startsWith('__')),
      [],
    );
  });
});

/** `waterguard hunt` as people run it, over the sample registry and over files. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { huntResult } from '../../src/api/hunts.ts';
import { type Running, start } from '../../src/bench/processes.ts';
import { buildOciLayout, file } from '../../src/lab/image-builder.ts';
import { type LabRegistry, serveRegistry } from '../../src/lab/registry.ts';
import { sampleImages } from '../../src/lab/sample-images.ts';
import { categories } from '../../src/model/terms.ts';
import { openStore } from '../../src/store/open.ts';

const samples = sampleImages(72);

describe('a hunt', () => {
  let folder: string;
  let registry: LabRegistry;
  let data: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waterguard-hunt-'));
    data = join(folder, 'store');
    registry = await serveRegistry(samples);
  });
  after(async () => {
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function hunt(...args: readonly string[]): Running {
    const places = ['--data', data, '--quiet'];
    return start(['hunt', ...places, ...args], {
      XDG_CACHE_HOME: join(folder, 'cache'),
      XDG_CONFIG_HOME: folder,
    });
  }

  async function result(...args: readonly string[]) {
    const running = hunt(...args, '--format', 'json');
    const code = await running.ended;
    assert.equal(code, 0, running.stderr());
    return huntResult.parse(JSON.parse(running.stdout()));
  }

  const source = (): string => `registry:${registry.host}`;

  it('says of every category what is there', async () => {
    const { images, categories: counted, categoryTotal, bytes } = await result(source(), '--insecure');
    const expected = Object.fromEntries(
      categories
        .map((one) => [one, samples.filter((image) => image.categories.includes(one)).length] as const)
        .filter(([, count]) => count > 0),
    );
    assert.deepEqual(counted, expected);
    assert.equal(
      categoryTotal,
      samples.reduce((sum, one) => sum + one.categories.length, 0),
    );
    assert.equal(images.total, samples.length);
    const { total, unchanged, ...verdicts } = images;
    assert.equal(
      Object.values(verdicts).reduce((sum, one) => sum + one),
      total,
    );
    assert.equal(images.clean, samples.filter((one) => one.categories.length === 0).length);
    assert.equal(unchanged, 0);
    assert.ok(bytes.unique > 0 && bytes.unique < bytes.referenced);
  });

  it('asks of what it knows for nothing but the digest', async () => {
    const before = new Map(registry.requests);
    const { images } = await result(source(), '--insecure');
    assert.deepEqual([images.total, images.unchanged], [samples.length, samples.length]);
    const asked = (what: string): number => (registry.requests.get(what) ?? 0) - (before.get(what) ?? 0);
    assert.deepEqual(
      [asked('HEAD manifests'), asked('GET manifests'), asked('GET blobs')],
      [samples.length, 0, 0],
    );
  });

  it('with new rules scans again what they could match', async () => {
    const rules = join(folder, 'rules');
    mkdirSync(rules);
    const write = (name: string, condition: string): void =>
      writeFileSync(
        join(rules, `${name}.yar`),
        `rule ${name} { strings: $a = "stands for a web server" condition: ${condition} }`,
      );
    // There is no ELF file in the samples.
    write('program', 'uint32(0) == 0x464c457f and $a');
    const programs = await result(source(), '--insecure', '--rules', rules);
    assert.deepEqual([programs.images.total, programs.images.unchanged], [samples.length, samples.length]);
    write('anything', '$a');
    const all = await result(source(), '--insecure', '--rules', rules);
    assert.deepEqual([all.images.total, all.images.unchanged], [samples.length, 0]);
    assert.equal(all.images.clean, 0);
    const before = await result(source(), '--insecure');
    assert.deepEqual([before.images.unchanged, before.images.clean > 0], [0, true]);
  });

  it('that was killed goes on where it was, and scans nothing twice', async () => {
    const other = await serveRegistry(sampleImages(400));
    try {
      const place = `registry:${other.host}`;
      const killed = hunt(place, '--insecure');
      // Each manifest is read when it is listed and when its image is scanned. At most 80 results wait while 40 are
      // written and four images are scanned: of more than those, some are recorded.
      await until(() => (other.requests.get('GET manifests') ?? 0) > 400 + 80 + 40 + 4);
      await killed.kill();
      const done = await countDone(place);
      assert.ok(done > 0 && done < 400, `${done}`);
      const { images } = await result(place, '--insecure');
      assert.deepEqual([images.total, images.unchanged], [400, 0]);
      assert.equal(await countDone(place), 400);
    } finally {
      await other.close();
    }
  });

  async function countDone(place: string): Promise<number> {
    const store = await openStore({ env: {}, data, command: 'test' });
    try {
      const rows = await store.db
        .selectFrom('hunt_images')
        .innerJoin('hunts', 'hunts.id', 'hunt_images.hunt_id')
        .innerJoin('images', 'images.id', 'hunt_images.image_id')
        .select('images.scans')
        .where('hunts.source', '=', place)
        .where('hunt_images.state', '=', 'done')
        .execute();
      assert.deepEqual([...new Set(rows.map((one) => one.scans))], [1]);
      return rows.length;
    } finally {
      await store.close();
    }
  }

  it('takes the images of a list, and tells of lines that name none', async () => {
    const layout = join(folder, 'layout');
    mkdirSync(layout);
    await buildOciLayout(layout, { layers: [[file('etc/motd', 'hello\n')]], tag: '1' });
    const list = join(folder, 'list.txt');
    writeFileSync(
      list,
      `# two images\noci:${layout}\n${registry.host}/${samples[3]!.repository}:1\n\nno image here\n`,
    );
    const running = hunt(`list:${list}`, '--insecure', '--format', 'json');
    assert.equal(await running.ended, 3);
    const { images } = huntResult.parse(JSON.parse(running.stdout()));
    assert.deepEqual([images.total, images.clean, images.malicious], [2, 1, 1]);
  });

  it('takes every tag of a layout', async () => {
    const { images } = await result(`oci:${join(folder, 'layout')}`);
    assert.deepEqual([images.total, images.clean], [1, 1]);
  });

  it('ends after so many images, and says by its exit code what was asked', async () => {
    const running = hunt(
      source(),
      '--insecure',
      '--limit',
      '4',
      '--fail-on',
      'malicious',
      '--format',
      'json',
    );
    const code = await running.ended;
    const { images } = huntResult.parse(JSON.parse(running.stdout()));
    assert.equal(images.total, 4);
    assert.equal(code, images.malicious > 0 ? 1 : 0);
  });

  it('prints two tables whose totals are not mixed', async () => {
    const running = hunt(source(), '--insecure');
    assert.equal(await running.ended, 0);
    const text = running.stdout();
    assert.match(text, /Images by verdict +images +share/);
    assert.match(text, /total +72 /);
    assert.match(text, /Images by category +pairs +share/);
    assert.match(text, /total +18 /);
    assert.match(text, /72 of them unchanged/);
  });

  it('over a list without one good line ends with 2 and says why, also where it is quiet', async () => {
    const list = join(folder, 'bad.txt');
    writeFileSync(list, 'no image!\n');
    const running = hunt(`list:${list}`, '--quiet');
    assert.equal(await running.ended, 2);
    assert.match(running.stderr(), /bad\.txt.*no image!/s);
  });

  for (const [what, args, message] of [
    ['a kind that there is not', ['ftp:host'], /registry:HOST.*hub:QUERY.*list:FILE.*oci:DIR/s],
    ['no kind at all', ['nginx'], /registry:HOST/],
    ['a registry that is not there', ['registry:127.0.0.1:1', '--insecure'], /127\.0\.0\.1:1/],
    ['a list that is not there', ['list:/nowhere/list.txt'], /\/nowhere\/list\.txt/],
    ['a folder that is no layout', ['oci:/etc'], /\/etc/],
    ['no number of images', ['oci:x', '--limit', 'many'], /--limit/],
    ['no date', ['oci:x', '--since', 'yesterday'], /--since.*date/s],
    ['a store in a file', ['oci:x', '--data', '/etc/passwd'], /\/etc\/passwd/],
  ] as const) {
    it(`of ${what} ends with 2 and one clear line`, async () => {
      const running = hunt(...args);
      assert.equal(await running.ended, 2, running.stderr());
      assert.match(running.stderr(), message);
      assert.doesNotMatch(running.stderr(), /\n\s+at |defect/);
      assert.equal(running.stdout(), '');
    });
  }
});

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !isSo(); await sleep(20)) assert.ok(Date.now() < end, 'in time');
}

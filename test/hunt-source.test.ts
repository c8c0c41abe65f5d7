/** The sources of a hunt against the real docker-registry on loopback, and a layout that skopeo wrote. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { ListingProblem } from '../src/hunt/source/problem.ts';
import { type ListedImage, type ListOptions, listImages, parseSource } from '../src/hunt/source/source.ts';
import { openTarget } from '../src/image/target.ts';
import {
  allBlobs,
  type Blob,
  type BuiltImage,
  buildImage,
  descriptor,
  file,
  jsonBlob,
  ociConfig,
  ociIndex,
  ociManifest,
} from '../src/lab/image-builder.ts';
import { type Registry, startRegistry } from './fixtures/docker-registry.ts';
import { pushBlob } from './fixtures/push-images.ts';

const run = promisify(execFile);
const needed = ['docker-registry', 'skopeo'];
const absent = needed.filter((name) => spawnSync(name, ['--version']).error);
const skip =
  absent.length > 0 && !process.env.WATERGUARD_REQUIRE_ALL ? `${absent.join(', ')} not installed` : false;

const repositories = 10;
const tagsEach = 20;

describe('the sources of a hunt', { skip }, () => {
  let folder: string;
  let registry: Registry;
  const single = Array.from({ length: repositories }, (_, index) => imageOf(`single ${index}`));
  const platforms = Array.from({ length: repositories }, (_, index) => ({
    amd: imageOf(`amd ${index}`),
    arm: imageOf(`arm ${index}`, 'linux/arm64'),
  }));

  before(async () => {
    assert.deepEqual(absent, [], 'these programs are required');
    folder = await mkdtemp(join(tmpdir(), 'hunt-source-'));
    registry = await startRegistry(join(folder, 'storage'));
    for (let index = 0; index < repositories; index++) {
      const at = { host: registry.host, repository: `team/app${index}` };
      const [one, pair] = [single[index], platforms[index]];
      if (!one || !pair) continue;
      for (const image of [one, pair.amd, pair.arm]) await pushImage(at, image);
      const both = jsonBlob(ociIndex, {
        schemaVersion: 2,
        mediaType: ociIndex,
        manifests: [
          descriptor(pair.amd.manifest, { platform: { os: 'linux', architecture: 'amd64' } }),
          descriptor(pair.arm.manifest, { platform: { os: 'linux', architecture: 'arm64' } }),
        ],
      });
      for (let tag = 0; tag < tagsEach; tag++) {
        await pushManifest(at, tag % 2 === 0 ? one.manifest : both, `v${tag}`);
      }
    }
    await pushSignature({ host: registry.host, repository: 'team/app0' }, single[0]);
  });

  after(async () => {
    registry?.process.kill();
    await rm(folder, { recursive: true, force: true });
  });

  test('a registry gives every tag, twice the same, and each target opens as that image', async (t) => {
    const known = memory();
    const first = await timed(() => list(`registry:${registry.host}`, { known }));
    const again = await timed(() => list(`registry:${registry.host}/team`, { known }));
    t.diagnostic(
      `${first.result.images.length} tags: ${first.milliseconds} ms, known ${again.milliseconds} ms`,
    );
    assert.deepEqual(first.result.problems, []);
    assert.equal(first.result.images.length, repositories * tagsEach);
    assert.deepEqual(again.result, first.result);
    const distinct = new Set(first.result.images.map((one) => `${one.repository}@${one.digest}`));
    assert.equal(distinct.size, 2 * repositories);

    for (const one of first.result.images.slice(0, 2)) {
      const image = await openTarget(one.target, options);
      assert.equal(image.kind === 'image' && image.digest, one.digest);
      await image.close();
    }
  });

  test('another platform gives its own images', async () => {
    const { images } = await list(`registry:${registry.host}/team/app3`, { platform: 'linux/arm64' });
    const digests = new Set(images.map((one) => one.digest));
    // A single image is meant whatever its platform.
    assert.deepEqual(digests, new Set([single[3]?.manifest.digest, platforms[3]?.arm.manifest.digest]));
  });

  test('a list mixes references and the layout that skopeo copies, which is a source itself', async () => {
    const layout = join(folder, 'layout');
    for (const tag of ['v0', 'v1']) {
      const from = `docker://${registry.host}/team/app1:${tag}`;
      const flags = ['--insecure-policy', 'copy', '--src-tls-verify=false', '--all'];
      await run('skopeo', [...flags, from, `oci:${layout}:${tag}`]);
    }
    const { images, problems } = await list(`oci:${layout}`);
    assert.deepEqual(problems, []);
    const digests = [single[1]?.manifest.digest, platforms[1]?.amd.manifest.digest];
    assert.deepEqual(
      images.map((one) => one.digest),
      digests,
    );
    const path = join(folder, 'list.txt');
    await writeFile(path, `${registry.host}/team/app1:v1\noci:${layout}:v0\n# end\n${images[1]?.target}\n`);
    const mixed = await list(`list:${path}`);
    assert.deepEqual(mixed.problems, []);
    assert.deepEqual(
      mixed.images.map((one) => one.digest),
      [digests[1], digests[0], digests[1]],
    );
  });
});

const options = { platform: 'linux/amd64', insecure: true, env: {} };

function memory(): ListOptions['known'] {
  const found = new Map<string, string>();
  return {
    get: async (digest, platform) => found.get(`${digest} ${platform}`),
    put: async (digest, platform, one) => void found.set(`${digest} ${platform}`, one),
  };
}

async function list(text: string, more: Partial<ListOptions> = {}) {
  const problems: ListingProblem[] = [];
  const images: ListedImage[] = [];
  const all: ListOptions = {
    ...options,
    concurrency: 8,
    known: memory(),
    problem: (one) => void problems.push(one),
    ...more,
  };
  for await (const one of listImages(parseSource(text), all)) images.push(one);
  return { images, problems };
}

async function timed<Result>(work: () => Promise<Result>) {
  const started = performance.now();
  const result = await work();
  return { result, milliseconds: Math.round(performance.now() - started) };
}

interface Place {
  readonly host: string;
  readonly repository: string;
}

function imageOf(content: string, platform = 'linux/amd64'): BuiltImage {
  return buildImage({ layers: [[file('content', content)]], platform });
}

async function pushImage(at: Place, image: BuiltImage): Promise<void> {
  for (const one of allBlobs(image))
    if (one !== image.manifest) await pushBlob(at.host, at.repository, one.digest, one.bytes);
  await pushManifest(at, image.manifest, image.manifest.digest);
}

/** As cosign writes it. */
async function pushSignature(at: Place, signed: BuiltImage | undefined): Promise<void> {
  assert.ok(signed);
  const payload = { ...signed.config, mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json' };
  const config = { ...signed.config, mediaType: ociConfig };
  const signature = jsonBlob(ociManifest, {
    schemaVersion: 2,
    mediaType: ociManifest,
    config: descriptor(config),
    layers: [descriptor(payload)],
  });
  await pushManifest(at, signature, `${signed.manifest.digest.replace(':', '-')}.sig`);
}

async function pushManifest({ host, repository }: Place, manifest: Blob, name: string): Promise<void> {
  const put = await fetch(`http://${host}/v2/${repository}/manifests/${name}`, {
    method: 'PUT',
    headers: { 'content-type': manifest.mediaType },
    body: new Uint8Array(manifest.bytes),
  });
  assert.equal(put.status, 201, await put.text());
}

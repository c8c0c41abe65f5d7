import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { fails, fakeRegistry, type Handler, insecure, smallLimits } from '../../../test/fake-registry.ts';
import {
  allBlobs,
  type Blob,
  blob,
  buildImage,
  descriptor,
  file,
  jsonBlob,
  ociConfig,
  ociIndex,
  ociManifest,
} from '../../lab/image-builder.ts';
import type { ListingProblem } from './problem.ts';
import { type ListedImage, type ListOptions, listImages, parseSource } from './source.ts';

const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';

const amd = buildImage({ layers: [[file('a', '1')]] });
const other = buildImage({ layers: [[file('b', '2')]] });
const arm = buildImage({ layers: [[file('a', '1')]], platform: 'linux/arm64' });
const both = indexOf(
  descriptor(arm.manifest, { platform: { os: 'linux', architecture: 'arm64' } }),
  descriptor(amd.manifest, { platform: { os: 'linux', architecture: 'amd64' } }),
);
/** Docker's type, of which one HEAD tells all. */
const plain = { ...amd.manifest, mediaType: dockerManifest };

describe('a registry', () => {
  test('is listed through all pages of its catalogue and tags, in their order', async () => {
    const repositories = { a: { '1': plain, '2': plain }, 'team/b': { x: plain }, c: { y: plain } };
    await using registry = await serving({ repositories, pageSize: 1 });
    const { images, problems } = await list(`registry:${registry.host}`);
    assert.deepEqual(problems, []);
    const names = images.map((one) => one.reference.replace(registry.host, 'HOST'));
    assert.deepEqual(names, ['HOST/a:1', 'HOST/a:2', 'HOST/team/b:x', 'HOST/c:y']);
    assert.deepEqual(images[0], {
      reference: `${registry.host}/a:1`,
      repository: `${registry.host}/a`,
      digest: plain.digest,
      target: `${registry.host}/a:1@${plain.digest}`,
    });
  });

  test('is narrowed to a repository and to what stands before a slash', async () => {
    const repositories = { team: { '1': plain }, 'team/app': { '1': plain }, 'teams/app': { '1': plain } };
    await using registry = await serving({ repositories });
    const { images } = await list(`registry:${registry.host}/team`);
    assert.deepEqual(repositoriesOf(images, registry.host), ['team', 'team/app']);
    const { images: one } = await list(`registry:${registry.host}/team/app`);
    assert.deepEqual(repositoriesOf(one, registry.host), ['team/app']);
  });

  test('without a catalogue is listed where a repository is named, and says so where none is', async () => {
    const repositories = { 'team/app': { '1': plain } };
    for (const status of [401, 403, 404, 405]) {
      await using registry = await serving({ repositories, catalogue: status });
      const { images } = await list(`registry:${registry.host}/team/app`);
      assert.deepEqual(repositoriesOf(images, registry.host), ['team/app'], `${status}`);
      await assert.rejects(
        list(`registry:${registry.host}`),
        /name a repository, as registry:HOST\/REPOSITORY/,
      );
      await assert.rejects(
        list(`registry:${registry.host}/team`),
        fails('missing', /nor is there a catalogue/),
      );
    }
  });

  test('that has nothing of that name says so, and lists what its catalogue hides', async () => {
    await using registry = await serving({ repositories: { a: {}, b: { '1': plain } }, hidden: ['b'] });
    await assert.rejects(
      list(`registry:${registry.host}/none`),
      fails('missing', /no repository none and none that begins with none\//),
    );
    // There may be more of it that is hidden, so nothing that is not told is gone.
    let isPartly = false;
    const partly = (): void => {
      isPartly = true;
    };
    assert.equal((await list(`registry:${registry.host}/a`, { partly })).images.length, 0);
    assert.equal(isPartly, false);
    assert.equal((await list(`registry:${registry.host}/b`, { partly })).images.length, 1);
    assert.equal(isPartly, true);
    assert.deepEqual(await list(`registry:${registry.host}/a`), { images: [], problems: [] });
  });

  test('goes on past a repository and a tag that fail', async () => {
    const repositories = { a: { '1': plain }, b: { '1': plain, gone: undefined }, c: { '1': plain } };
    await using registry = await serving({ repositories, before: refusing('/v2/a/tags', 403) });
    const { images, problems } = await list(`registry:${registry.host}`);
    assert.deepEqual(repositoriesOf(images, registry.host), ['b', 'c']);
    assert.deepEqual(
      problems.map(({ where, code }) => [where.replace(registry.host, 'HOST'), code]),
      [
        ['HOST/a', 'unauthorized'],
        ['HOST/b:gone', 'missing'],
      ],
    );
  });
});

describe('a tag', () => {
  test('of an index gives the image of the platform; known, it costs one HEAD', async () => {
    const tags = { '1': both, '1.0': both, latest: both, single: amd.manifest, docker: plain };
    const sockets = new Set<unknown>();
    const before = (request: IncomingMessage) => {
      sockets.add(request.socket);
      return false;
    };
    await using registry = await serving({ repositories: { app: tags }, blobs: allBlobs(arm), before });
    const known = memory();
    const first = await list(`registry:${registry.host}`, { known });
    assert.deepEqual(new Set(first.images.map((one) => one.digest)), new Set([amd.manifest.digest]));
    // Three tags share the index: it and its manifest are fetched once. That an OCI manifest is an image takes a look.
    assert.deepEqual(countOf(registry.asked), { HEAD: 5, GET: 3 });

    registry.asked.length = 0;
    sockets.clear();
    const again = await list(`registry:${registry.host}`, { known });
    assert.deepEqual(again, first);
    assert.ok(sockets.size <= 4, `${sockets.size} connections`);
    assert.deepEqual(countOf(registry.asked), { HEAD: 5, GET: 0 });

    const other = await list(`registry:${registry.host}`, { known, platform: 'linux/arm64' });
    assert.equal(other.images[0]?.digest, arm.manifest.digest);
  });

  test('without the platform is a problem, and is not fetched again to say so', async () => {
    const onlyArm = indexOf(
      descriptor(arm.manifest, { platform: { os: 'linux', architecture: 'arm64' } }),
      descriptor(other.manifest, { platform: { os: 'windows', architecture: 'amd64' } }),
    );
    await using registry = await serving({ repositories: { app: { '1': onlyArm, '2': plain } } });
    const known = memory();
    for (const gets of [1, 0]) {
      registry.asked.length = 0;
      const { images, problems } = await list(`registry:${registry.host}`, { known });
      assert.equal(images.length, 1);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.code, 'unreadable');
      assert.match(problems[0]?.message ?? '', /no image for linux\/amd64/);
      assert.deepEqual(countOf(registry.asked), { HEAD: 2, GET: gets });
    }
  });

  test('is fetched where the registry answers no HEAD, or without a digest', async () => {
    const tags = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`t${index}`, both]));
    for (const head of ['405', '404', '500', 'no-digest', 'bad-digest'] as const) {
      await using registry = await serving({ repositories: { app: tags }, head });
      const { images, problems } = await list(`registry:${registry.host}`, { concurrency: 1 });
      assert.deepEqual(problems, [], head);
      assert.equal(images.length, 10);
      assert.equal(images[9]?.digest, amd.manifest.digest);
      // After three that told nothing, HEAD is left out; beside the tags, the platform's manifest is read once.
      assert.deepEqual(countOf(registry.asked), { HEAD: 3, GET: 11 }, head);
    }
  });

  test('whose registry claims another digest than its content has is a problem, and nothing is remembered', async () => {
    await using registry = await serving({ repositories: { app: { '1': both } }, head: 'lie' });
    const known = memory();
    const { images, problems } = await list(`registry:${registry.host}`, { known });
    assert.deepEqual(images, []);
    assert.deepEqual(
      problems.map((one) => one.code),
      ['digest-mismatch'],
    );
    assert.equal(known.size, 0);
  });

  test('of a signature, an SBOM or a chart is no image and no problem, and looked at once', async () => {
    const signed = amd.manifest.digest.replace(':', '-');
    const helm = 'application/vnd.cncf.helm.config.v1+json';
    const tags = {
      '1': plain,
      [`${signed}.sig`]: artifact(ociConfig, 'application/vnd.dev.cosign.simplesigning.v1+json'),
      [`${signed}.sbom`]: { ...artifact(ociConfig, 'text/spdx+json'), mediaType: dockerManifest },
      [signed]: indexOf(descriptor(artifact(ociConfig, 'a/b')), descriptor(artifact(ociConfig, 'c/d'))),
      chart: artifact(helm, 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'),
      empty: artifact('application/vnd.oci.empty.v1+json', 'application/vnd.oci.image.layer.v1.tar'),
    };
    await using registry = await serving({ repositories: { app: tags }, blobs: artifactConfigs });
    const known = memory();
    const { images, problems } = await list(`registry:${registry.host}`, { known });
    assert.deepEqual(problems, []);
    assert.equal(images.length, 1);
    registry.asked.length = 0;
    assert.deepEqual(await list(`registry:${registry.host}`, { known }), { images, problems });
    assert.deepEqual(countOf(registry.asked), { HEAD: 6, GET: 0 });
  });

  test('that is named like a signature, or says a foreign type, and is an image all the same is listed', async () => {
    const disguised = jsonBlob(ociManifest, {
      schemaVersion: 2,
      config: descriptor(amd.config, { mediaType: 'application/vnd.cncf.helm.config.v1+json' }),
      layers: amd.layers.map((one) => descriptor(one)),
    });
    const tags = { [`sha256-${'ab'.repeat(32)}.sig`]: amd.manifest, chart: disguised };
    await using registry = await serving({ repositories: { app: tags }, blobs: allBlobs(amd) });
    const { images } = await list(`registry:${registry.host}`);
    assert.deepEqual(
      images.map((one) => one.digest),
      [amd.manifest.digest, disguised.digest],
    );
  });
});

describe('a listing', () => {
  test('asks no more at once than it may, and fewer after 429', async () => {
    const tags = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`t${index}`, plain]));
    let active = 0;
    let peak = 0;
    let heads = 0;
    await using registry = await serving({
      repositories: { app: tags },
      before(request, response) {
        if (request.method !== 'HEAD') return false;
        heads += 1;
        active += 1;
        response.on('close', () => {
          active -= 1;
        });
        // What is under way at the refusal is let through; by then it has been answered.
        if (heads === 30) assert.equal(peak, 8);
        if (heads === 50) peak = 0;
        peak = Math.max(peak, active);
        if (heads !== 30) return false;
        response.writeHead(429, { 'retry-after': '0' }).end();
        return true;
      },
      slow: 5,
    });
    const { images, problems } = await list(`registry:${registry.host}`, { concurrency: 8 });
    assert.deepEqual(problems, []);
    assert.equal(images.length, 90);
    assert.ok(peak >= 2 && peak <= 5, `${peak}`);
  });

  test('gives a registry up that dies on the way, with one clear problem, and keeps what came before', async () => {
    const many = (prefix: string) =>
      Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${prefix}${index}`, plain]));
    let heads = 0;
    await using registry = await serving({
      repositories: { a: many('x'), b: many('y') },
      before(request, response) {
        if (request.method === 'HEAD') heads += 1;
        if (heads <= 30) return false;
        response.destroy();
        return true;
      },
    });
    const { images, problems } = await list(`registry:${registry.host}`, { concurrency: 4 });
    assert.equal(images.length, 30);
    // Each of the twenty is tried three times, and so is what was under way beside it.
    assert.ok(heads <= 30 + 3 * 24, `${heads}`);
    const last = problems.at(-1);
    assert.equal(last?.where, registry.host);
    assert.match(last?.message ?? '', /no usable answer to 20 requests in a row/);
    assert.ok(problems.length <= 24, `${problems.length}`);
  });

  test('ends after as many distinct images as it may', async () => {
    const tags = { a: plain, b: plain, c: other.manifest, d: both };
    await using registry = await serving({ repositories: { one: tags, two: tags }, blobs: allBlobs(other) });
    const { images } = await list(`registry:${registry.host}`, { limit: 2 });
    assert.deepEqual(
      images.map((one) => one.reference.replace(registry.host, '')),
      ['/one:a', '/one:b', '/one:c'],
    );
    assert.deepEqual((await list(`registry:${registry.host}`, { limit: 0 })).images, []);
  });

  test('ends with the signal, and leaves nothing under way when its loop is left', async () => {
    const tags = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`t${index}`, plain]));
    await using registry = await serving({ repositories: { app: tags } });
    const stop = new AbortController();
    let count = 0;
    const listing = async () => {
      for await (const _ of listing0(stop.signal)) if (++count === 20) stop.abort(new Error('enough'));
    };
    const listing0 = (signal: AbortSignal) =>
      listImages(parseSource(`registry:${registry.host}`), optionsWith({ signal }, []), smallLimits);
    await assert.rejects(listing(), /enough/);

    for await (const _ of listing0(new AbortController().signal)) break;
    await new Promise((done) => setTimeout(done, 20));
    const asked = registry.asked.length;
    await new Promise((done) => setTimeout(done, 50));
    assert.equal(registry.asked.length, asked);
    assert.ok(asked < 200, `${asked}`);
  });

  test('counts problems past a thousand instead of telling each', async () => {
    const tags = Object.fromEntries(Array.from({ length: 1100 }, (_, index) => [`t${index}`, undefined]));
    await using registry = await serving({ repositories: { app: tags } });
    const { problems } = await list(`registry:${registry.host}`);
    assert.equal(problems.length, 1001);
    assert.match(problems.at(-1)?.message ?? '', /and 100 more/);
  });

  test('does not hide that what is known cannot be read', async () => {
    await using registry = await serving({ repositories: { app: { '1': both } } });
    const known = { get: () => Promise.reject(new Error('disk full')), put: async () => {} };
    await assert.rejects(list(`registry:${registry.host}`, { known }), /disk full/);
  });
});

interface Content {
  /** Tags by repository; undefined for a tag whose manifest is gone. */
  readonly repositories: Readonly<Record<string, Readonly<Record<string, Blob | undefined>>>>;
  readonly blobs?: readonly Blob[];
  /** Not in the catalogue. */
  readonly hidden?: readonly string[];
  readonly pageSize?: number;
  /** Status instead of a catalogue. */
  readonly catalogue?: number;
  readonly head?: '404' | '405' | '500' | 'no-digest' | 'bad-digest' | 'lie';
  /** Milliseconds before an answer. */
  readonly slow?: number;
  /** True where it has answered itself. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

function serving(content: Content) {
  const all = new Map<string, Blob>();
  for (const one of [both, ...allBlobs(amd), ...artifactConfigs, ...(content.blobs ?? [])])
    all.set(one.digest, one);
  if (content.head === 'lie') all.set(other.manifest.digest, both);
  const tagged = Object.values(content.repositories).flatMap((tags) => Object.values(tags));
  for (const one of tagged) if (one) all.set(one.digest, one);
  const handle: Handler = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const [, repository = '', kind = '', name = ''] =
      /^\/v2\/(?:(.+)\/(manifests|blobs|tags)\/(.+)|_catalog)$/.exec(pathname) ?? [];
    const tags = content.repositories[repository];
    if (pathname === '/v2/_catalog') {
      if (content.catalogue) return void response.writeHead(content.catalogue).end();
      const names = Object.keys(content.repositories).filter((one) => !content.hidden?.includes(one));
      return page('repositories', names);
    }
    if (!tags) return void response.writeHead(404).end();
    if (kind === 'tags') return page('tags', Object.keys(tags));
    const found = tags[name] ?? all.get(name);
    const head = request.method === 'HEAD' ? content.head : undefined;
    if (!found) return void response.writeHead(404).end();
    if (head && /^\d/.test(head)) return void response.writeHead(Number(head)).end();
    const claimed = { 'no-digest': undefined, 'bad-digest': 'sha256:x', lie: other.manifest.digest };
    const digest = head ? claimed[head as keyof typeof claimed] : found.digest;
    response.writeHead(200, {
      'content-type': found.mediaType,
      'content-length': found.bytes.length,
      ...(digest && { 'docker-content-digest': digest }),
    });
    response.end(request.method === 'HEAD' ? undefined : found.bytes);

    function page(key: string, names: readonly string[]): void {
      const size = content.pageSize ?? 1000;
      const from = Number(searchParams.get('from') ?? 0);
      const more = from + size < names.length;
      const link = more ? { link: `<${pathname}?from=${from + size}>; rel="next"` } : {};
      response.writeHead(200, link).end(JSON.stringify({ [key]: names.slice(from, from + size) }));
    }
  };
  return fakeRegistry((request, response) => {
    if (content.before?.(request, response)) return;
    if (content.slow) setTimeout(() => handle(request, response), content.slow);
    else handle(request, response);
  });
}

function refusing(path: string, status: number): NonNullable<Content['before']> {
  return (request, response) => {
    if (!request.url?.startsWith(path)) return false;
    response.writeHead(status).end();
    return true;
  };
}

function indexOf(...manifests: readonly object[]): Blob {
  return jsonBlob(ociIndex, { schemaVersion: 2, mediaType: ociIndex, manifests });
}

function artifact(configType: string, layerType: string): Blob {
  const config = descriptor(emptyConfig, { mediaType: configType });
  return jsonBlob(ociManifest, { schemaVersion: 2, config, layers: [{ ...config, mediaType: layerType }] });
}

const emptyConfig = blob('application/vnd.oci.empty.v1+json', Buffer.from('{}'));
const artifactConfigs: readonly Blob[] = [emptyConfig];

function memory() {
  const found = new Map<string, string>();
  return {
    get size() {
      return found.size;
    },
    get: async (digest: string, platform: string) => found.get(`${digest} ${platform}`),
    put: async (digest: string, platform: string, one: string) =>
      void found.set(`${digest} ${platform}`, one),
  };
}

function optionsWith(more: Partial<ListOptions>, problems: ListingProblem[]): ListOptions {
  return { ...insecure, concurrency: 4, known: memory(), problem: (one) => void problems.push(one), ...more };
}

async function list(text: string, more: Partial<ListOptions> = {}) {
  const problems: ListingProblem[] = [];
  const images: ListedImage[] = [];
  const limits = { ...smallLimits, pageBytes: 100_000, pages: 3000 };
  for await (const one of listImages(parseSource(text), optionsWith(more, problems), limits))
    images.push(one);
  return { images, problems };
}

function repositoriesOf(images: readonly ListedImage[], host: string): string[] {
  return images.map((one) => one.repository.slice(host.length + 1));
}

/** Requests for manifests and blobs, without the first look whether TLS is spoken. */
function countOf(asked: readonly string[]): { HEAD: number; GET: number } {
  const those = asked.filter((one) => /\/(?:manifests|blobs)\//.test(one));
  const HEAD = those.filter((one) => one.startsWith('HEAD')).length;
  return { HEAD, GET: those.length - HEAD };
}

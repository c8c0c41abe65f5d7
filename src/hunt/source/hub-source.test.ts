import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fails, fakeRegistry, type Handler, insecure, smallLimits } from '../../../test/fake-registry.ts';
import type { ListingProblem } from './problem.ts';
import { type ListedImage, type ListOptions, listImages, parseSource } from './source.ts';

/** The answers have the fields that Docker Hub's had in 2026-11, as far as they matter. */
const amd = {
  architecture: 'amd64',
  features: '',
  variant: null,
  digest: digestOf('a'),
  os: 'linux',
  size: 9,
};
const arm = { ...amd, architecture: 'arm64', variant: 'v8', digest: digestOf('b') };
const attestation = { ...amd, architecture: 'unknown', os: 'unknown', digest: digestOf('c') };

test('a search gives the tags of what it finds, official images by their full name', async () => {
  await using hub = await fakeHub({
    nginx: [tag('1.27', [arm, attestation, amd]), tag('latest', [amd])],
    'bitnami/nginx': [tag('1', [amd])],
  });
  const { images, problems } = await search(hub.host);
  assert.deepEqual(problems, []);
  assert.deepEqual(images, [
    listed('library/nginx', '1.27', amd.digest),
    listed('library/nginx', 'latest', amd.digest),
    listed('bitnami/nginx', '1', amd.digest),
  ]);
  assert.match(hub.asked[0] ?? '', /^GET \/v2\/search\/repositories\/\?query=ng%26inx&page=1&page_size=100$/);
  const other = await search(hub.host, { platform: 'linux/arm64' });
  assert.equal(other.images[0]?.digest, arm.digest);
});

test('pages are read to their end, and what a search tells twice counts once', async () => {
  const repositories = Object.fromEntries(
    Array.from({ length: 250 }, (_, index) => [`ns/r${index}`, [tag('1', [amd])]]),
  );
  const many = Array.from({ length: 230 }, (_, index) => tag(`t${index}`, [amd]));
  await using hub = await fakeHub({ ...repositories, 'ns/many': many }, { repeat: 'ns/r0' });
  const { images } = await search(hub.host);
  assert.equal(images.length, 250 + 230);
  assert.equal(new Set(images.map((one) => one.reference)).size, images.length);
});

test('tags older than asked for are left out, and pages that are older are not read', async () => {
  const tags = Array.from({ length: 500 }, (_, index) => {
    const changed = new Date(Date.UTC(2026, 10, 20) - index * 3_600_000).toISOString();
    return tag(`t${index}`, [amd], changed);
  });
  await using hub = await fakeHub({ 'ns/app': tags });
  const since = new Date(Date.UTC(2026, 10, 20) - 49.5 * 3_600_000);
  const { images } = await search(hub.host, { since });
  assert.equal(images.length, 50);
  assert.ok(hub.asked.filter((one) => one.includes('/tags')).length <= 2);

  // Where the order is another, all pages are read.
  await using odd = await fakeHub({ 'ns/app': [...tags].reverse() });
  assert.equal((await search(odd.host, { since })).images.length, 50);
});

test('a tag without the platform is a problem; without digests, or of another type, the registry is asked', async () => {
  const manifest = 'application/vnd.docker.distribution.manifest.v2+json';
  await using registry = await fakeRegistry((_request, response) => {
    const fields = { 'content-type': manifest, 'docker-content-digest': digestOf('d') };
    response.writeHead(200, fields).end();
  });
  await using hub = await fakeHub({
    'ns/app': [
      tag('windows', [{ ...amd, os: 'windows' }, arm]),
      tag('old', [{ ...amd, digest: undefined }]),
      tag('bare', []),
      { ...tag('odd', [amd]), content_type: 'unrecognized' },
      { ...tag('-bad name', [amd]) },
    ],
  });
  // A mirror stands for docker.io, as in a scan.
  const { images, problems } = await search(
    hub.host,
    {},
    { WATERGUARD_MIRRORS: `docker.io=${registry.host}` },
  );
  assert.deepEqual(
    images.map((one) => [one.reference, one.digest]),
    ['old', 'bare', 'odd'].map((name) => [`docker.io/ns/app:${name}`, digestOf('d')]),
  );
  assert.deepEqual(
    problems.map(({ where, code }) => [where, code]),
    [['docker.io/ns/app:windows', 'unreadable']],
  );
  assert.match(problems[0]?.message ?? '', /It has windows\/amd64, linux\/arm64/);
});

test('past the first pages the stored login is used, and without one a problem tells what is missing', async () => {
  const tags = Array.from({ length: 1100 }, (_, index) => tag(`t${index}`, [amd]));
  await using hub = await fakeHub({ 'ns/app': tags, 'ns/other': [tag('1', [amd])] }, { anonymous: 1000 });
  const anonymous = await search(hub.host);
  assert.equal(anonymous.images.length, 1001);
  assert.deepEqual(
    anonymous.problems.map(({ where, code }) => [where, code]),
    [['docker.io/ns/app', 'unauthorized']],
  );
  assert.match(anonymous.problems[0]?.message ?? '', /sign in to page further.*docker login/);

  const docker = await mkdtemp(join(tmpdir(), 'hub-source-'));
  try {
    const auth = Buffer.from('reader:inert-test-password').toString('base64');
    await writeFile(join(docker, 'config.json'), JSON.stringify({ auths: { [hub.host]: { auth } } }));
    const full = await search(hub.host, {}, { DOCKER_CONFIG: docker });
    assert.equal(full.images.length, 1101);
    assert.deepEqual(full.problems, []);
    assert.equal(hub.asked.filter((one) => one === 'POST /v2/auth/token').length, 1);
  } finally {
    await rm(docker, { recursive: true });
  }
});

test('429 is waited for, by the Unix time that Docker Hub names', async () => {
  let refused = 0;
  const inner = hubHandler({ nginx: [tag('1', [amd])] }, {});
  await using hub = await fakeRegistry((request, response) => {
    if (refused++ > 0) return inner(request, response);
    const field = `${Math.floor(Date.now() / 1000) + 1}`;
    response.writeHead(429, { 'x-retry-after': field }).end('{"detail":"Rate limit exceeded","error":false}');
  });
  const started = Date.now();
  assert.equal((await search(hub.host)).images.length, 1);
  assert.ok(Date.now() - started < 1_500);
});

test('a search that fails or is no list ends clearly', async () => {
  const rows: readonly (readonly [Parameters<typeof fails>[0], RegExp, Handler])[] = [
    ['corrupt', /than a list/, (_request, response) => void response.end('<html>')],
    ['corrupt', /than a list/, (_request, response) => void response.end('{"results":{}}')],
    ['network', /answered 500/, (_request, response) => void response.writeHead(500).end()],
    ['limit', /more than 10000 bytes/, (_request, response) => void response.end('['.repeat(200_000))],
    [
      'refused',
      /169\.254/,
      (_request, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    ],
  ];
  for (const [code, says, handle] of rows) {
    await using hub = await fakeRegistry(handle);
    await assert.rejects(search(hub.host, {}, {}, smallLimits), fails(code, says));
  }
  const env = { WATERGUARD_HUB_URL: 'http://hub.example.com' };
  await assert.rejects(search('', {}, env), fails('usage', /not https/));
});

test('Docker Hub is given up when it gives no more answers, and the search is not read on', async () => {
  const repositories = Object.fromEntries(
    Array.from({ length: 900 }, (_, index) => [`ns/r${index}`, [tag('1', [amd])]]),
  );
  const inner = hubHandler(repositories, {});
  let lists = 0;
  await using hub = await fakeRegistry((request, response) => {
    if (!request.url?.includes('/tags') || ++lists <= 50) return inner(request, response);
    response.writeHead(500).end();
  });
  const { images, problems } = await search(hub.host);
  assert.equal(images.length, 50);
  assert.ok(problems.length <= 25, `${problems.length}`);
  assert.match(problems.at(-1)?.message ?? '', /gave no usable answer to 20 requests/);
  assert.ok(lists < 80, `${lists}`);
});

test('hostile names of repositories are left out', async () => {
  await using hub = await fakeHub({ '../../etc': [], 'A/B': [], 'x?y': [], 'ok/ok': [tag('1', [amd])] });
  assert.equal((await search(hub.host)).images.length, 1);
  assert.ok(hub.asked.every((one) => !one.includes('etc')));
});

interface HubOptions {
  /** Told on the second page again. */
  readonly repeat?: string;
  /** Offset from which a login is demanded. */
  readonly anonymous?: number;
}

function fakeHub(content: Readonly<Record<string, readonly object[]>>, options: HubOptions = {}) {
  return fakeRegistry(hubHandler(content, options));
}

function hubHandler(content: Readonly<Record<string, readonly object[]>>, options: HubOptions): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    if (url.pathname === '/v2/auth/token') {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      return void request.on('end', () => {
        assert.deepEqual(JSON.parse(body), { identifier: 'reader', secret: 'inert-test-password' });
        response.end('{"access_token":"inert"}');
      });
    }
    const page = Number(url.searchParams.get('page'));
    const size = Number(url.searchParams.get('page_size'));
    const from = (page - 1) * size;
    const isIn = request.headers.authorization === 'Bearer inert';
    if (!isIn && from >= (options.anonymous ?? Number.POSITIVE_INFINITY)) {
      const message = 'pagination offset too large for anonymous requests; sign in to page further';
      return void response.writeHead(403).end(JSON.stringify({ message, errinfo: {} }));
    }
    const [, repository = ''] = /^\/v2\/repositories\/(.+)\/tags$/.exec(url.pathname) ?? [];
    const found = Object.keys(content).map((name) => ({ repo_name: name, is_official: !name.includes('/') }));
    const all = repository === '' ? found : (content[repository.replace(/^library\//, '')] ?? []);
    const results: object[] = all.slice(from, from + size);
    if (page === 2 && options.repeat && repository === '') results.push({ repo_name: options.repeat });
    const next = from + size < all.length ? 'http://169.254.169.254/elsewhere' : null;
    response.end(JSON.stringify({ count: all.length, next, previous: null, results }));
  };
}

function tag(name: string, images: readonly object[], changed = '2026-11-01T10:00:00.123456Z') {
  return { name, images, last_updated: changed, content_type: 'image', digest: digestOf('f'), v2: true };
}

function digestOf(character: string): string {
  return `sha256:${character.repeat(64)}`;
}

function listed(repository: string, name: string, digest: string): ListedImage {
  return {
    reference: `docker.io/${repository}:${name}`,
    repository: `docker.io/${repository}`,
    digest,
    target: `docker.io/${repository}:${name}@${digest}`,
    changedAt: new Date('2026-11-01T10:00:00.123Z'),
  };
}

async function search(
  host: string,
  more: Partial<ListOptions> = {},
  env: Readonly<Record<string, string>> = {},
  limits = { ...smallLimits, pageBytes: 1_000_000, answerMs: 2_000 },
) {
  const problems: ListingProblem[] = [];
  const images: ListedImage[] = [];
  const options: ListOptions = {
    ...insecure,
    env: { WATERGUARD_HUB_URL: `http://${host}`, ...env },
    concurrency: 4,
    known: { get: async () => undefined, put: async () => {} },
    problem: (one) => void problems.push(one),
    ...more,
  };
  for await (const one of listImages(parseSource('hub:ng&inx'), options, limits)) images.push(one);
  return { images, problems };
}

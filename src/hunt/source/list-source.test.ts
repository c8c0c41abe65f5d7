import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fails, fakeRegistry, insecure, smallLimits } from '../../../test/fake-registry.ts';
import {
  allBlobs,
  buildDockerArchive,
  buildImage,
  buildOciArchive,
  buildOciLayout,
  descriptor,
  file,
  jsonBlob,
  ociIndex,
  writeLayout,
} from '../../lab/image-builder.ts';
import type { ListingProblem } from './problem.ts';
import { type ListedImage, listImages, parseSource } from './source.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const spec = { layers: [[file('a', '1')]] };
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'list-source-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('a list gives each of its lines, from registries and from files, in their order', async () => {
  await using one = await plainRegistry();
  await using two = await plainRegistry();
  const [layout, archive, docker] = [join(folder, 'layout'), join(folder, 'a.tar'), join(folder, 'd.tar')];
  const image = await buildOciLayout(layout, { ...spec, tag: '1' });
  await buildOciArchive(archive, spec);
  await buildDockerArchive(docker, [spec]);
  const lines = [
    '\ufeff# images to look at',
    `${one.host}/team/app:1`,
    '',
    `  docker://${two.host}/app@${digest}\t\r`,
    `oci:${layout}:1`,
    `oci-archive:${archive}`,
    `docker-archive:${docker}`,
    `${one.host}/team/app`,
  ];
  const { images, problems } = await listLines(lines);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    images.map((each) => [each.repository, each.target]),
    [
      [`${one.host}/team/app`, `${one.host}/team/app:1@${digest}`],
      [`${two.host}/app`, `${two.host}/app@${digest}`],
      [`oci:${layout}`, `oci:${layout}:1`],
      [`oci-archive:${archive}`, `oci-archive:${archive}`],
      [`docker-archive:${docker}`, `docker-archive:${docker}`],
      [`${one.host}/team/app`, `${one.host}/team/app:latest@${digest}`],
    ],
  );
  assert.equal(images[2]?.digest, image.manifest.digest);
  assert.equal(images[3]?.digest, image.manifest.digest);
  assert.deepEqual(two.asked.slice(1), [], 'a digest that is known is not asked for');
});

test('a bad line is a problem with its number, and the rest goes on', async () => {
  await using registry = await plainRegistry();
  const lines = [
    'dir:/tmp',
    './here',
    'Not A Reference',
    `${registry.host}/app:\u001b[2J`,
    `oci:${folder}/none`,
    `${registry.host}/app:1`,
    'x'.repeat(10_000),
    'example.com/app:1',
    '127.0.0.1:1/app:1',
  ];
  const { images, problems } = await listLines(lines);
  assert.equal(images.length, 1);
  const found = problems.map(({ where, code }) => [where.split(':').at(-1), code]).sort();
  assert.deepEqual(found, [
    ['1', 'usage'],
    ['2', 'usage'],
    ['3', 'usage'],
    ['4', 'usage'],
    ['5', 'unreadable'],
    ['7', 'limit'],
    // --insecure never reaches beyond loopback.
    ['8', 'refused'],
    ['9', 'network'],
  ]);
  assert.ok(problems.every((one) => !one.message.includes('\u001b')));
});

test('of a registry that is dead, twenty lines are told and the others together', async () => {
  await using registry = await plainRegistry();
  const dead = Array.from({ length: 300 }, (_, index) => `127.0.0.1:1/app:${index}`);
  const { images, problems } = await listLines([...dead, `${registry.host}/app:1`]);
  assert.equal(images.length, 1);
  assert.equal(problems.length, 21);
  assert.match(problems.at(-1)?.message ?? '', /127\.0\.0\.1:1 gave no usable answer to 20 requests/);
});

test('a list that is not there, or is no file, ends at once', async () => {
  await assert.rejects(list(`list:${folder}/none.txt`), fails('unreadable', /no file/));
  await assert.rejects(list(`list:${folder}`), fails('unreadable', /not a file/));
});

test('a layout gives every tag, what is tagged twice by each name, and no signatures', async () => {
  const layout = join(folder, 'tags');
  const amd = buildImage(spec);
  const arm = buildImage({ ...spec, platform: 'linux/arm64' });
  const signature = jsonBlob(amd.manifest.mediaType, {
    schemaVersion: 2,
    config: descriptor(amd.config),
    layers: [descriptor(amd.config, { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json' })],
  });
  const platform = (architecture: string) => ({ platform: { os: 'linux', architecture } });
  const index = jsonBlob(ociIndex, {
    schemaVersion: 2,
    manifests: [descriptor(arm.manifest, platform('arm64')), descriptor(amd.manifest, platform('amd64'))],
  });
  const tagged = (tag: string, more = {}) => ({
    annotations: { 'org.opencontainers.image.ref.name': tag, ...more },
  });
  const containerd = { 'io.containerd.image.name': 'docker.io/library/app:2' };
  await writeLayout(
    layout,
    [...allBlobs(amd), ...allBlobs(arm), index, signature],
    [
      descriptor(amd.manifest, tagged('1')),
      descriptor(amd.manifest, tagged('again')),
      descriptor(index, tagged('2', containerd)),
      descriptor(amd.manifest, { ...tagged('each'), ...platform('amd64') }),
      descriptor(arm.manifest, { ...tagged('each'), ...platform('arm64') }),
      descriptor(signature, tagged('sha256-x.sig')),
      descriptor({ ...amd.manifest, digest }, tagged('torn')),
      descriptor(arm.manifest),
    ],
  );
  const { images, problems } = await list(`oci:${layout}`);
  assert.deepEqual(
    images.map((one) => [one.reference, one.target, one.digest === amd.manifest.digest]),
    [
      [`oci:${layout}:1`, `oci:${layout}@${amd.manifest.digest}`, true],
      [`oci:${layout}:again`, `oci:${layout}@${amd.manifest.digest}`, true],
      [`oci:${layout}:docker.io/library/app:2`, `oci:${layout}@${index.digest}`, true],
      [`oci:${layout}:each`, `oci:${layout}@${amd.manifest.digest}`, true],
      [`oci:${layout}@${arm.manifest.digest}`, `oci:${layout}@${arm.manifest.digest}`, false],
    ],
  );
  assert.deepEqual(
    problems.map(({ where, code }) => [where, code]),
    [[`oci:${layout}:torn`, 'missing']],
  );
  await assert.rejects(list(`oci:${folder}/none`), fails('unreadable', /no directory/));
});

/** Whatever is asked for is an image of Docker's own type. */
function plainRegistry() {
  const type = 'application/vnd.docker.distribution.manifest.v2+json';
  return fakeRegistry((_request, response) => {
    response.writeHead(200, { 'content-type': type, 'docker-content-digest': digest }).end();
  });
}

async function listLines(lines: readonly string[]) {
  const path = join(folder, 'list.txt');
  await writeFile(path, lines.join('\n'));
  return list(`list:${path}`);
}

async function list(text: string) {
  const problems: ListingProblem[] = [];
  const images: ListedImage[] = [];
  // What is known before: that the digest is an image.
  const known = {
    get: async (one: string) => (one === digest ? digest : undefined),
    put: async () => {},
  };
  const options = {
    ...insecure,
    concurrency: 4,
    known,
    problem: (one: ListingProblem) => void problems.push(one),
  };
  for await (const one of listImages(parseSource(text), options, smallLimits)) images.push(one);
  return { images, problems };
}

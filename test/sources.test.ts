/**
 * One image in every form in which it travels, written by skopeo and umoci: whoever scans it, sees the same
 * image. Digests are those that skopeo states.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { decompress } from '../src/image/decompress.ts';
import type { LayerSource, OpenImage, OpenOptions } from '../src/image/image.ts';
import { openTarget } from '../src/image/target.ts';
import { buildOciLayout, directory, file, hardlink, symlink, whiteout } from '../src/lab/image-builder.ts';

const absent = ['skopeo', 'umoci'].filter(
  (program) => !(process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program))),
);
const skip =
  absent.length > 0 && !process.env.WATERGUARD_REQUIRE_ALL ? `${absent.join(', ')} not installed` : false;

const options: OpenOptions = { platform: 'linux/amd64', insecure: false, env: {} };

const layers = [
  [
    directory('etc'),
    file('etc/motd', 'hello\n'),
    file('big', Buffer.alloc(3_000_000, 'waterguard ')),
    hardlink('big2', 'big'),
  ],
  [file('etc/new', 'x'), whiteout('etc/motd'), symlink('link', 'etc/new')],
  [file('last', 'y'.repeat(70_000))],
];
const config = { Entrypoint: ['/start'], Env: ['PATH=/bin', 'A=b'], Labels: { a: 'b' } };

describe('an image copied by skopeo', { skip }, () => {
  let root = '';
  let digest = '';
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'waterguard-sources-'));
    const built = await buildOciLayout(join(root, 'base'), { layers, config, tag: '1' });
    digest = built.manifest.digest;
  });
  after(() => rm(root, { recursive: true }));

  const skopeo = (...args: readonly string[]) =>
    execFileSync('skopeo', args, { encoding: 'utf8', stdio: 'pipe' });
  const copy = (to: string, ...flags: readonly string[]) =>
    skopeo('copy', '--quiet', '--insecure-policy', ...flags, `oci:${root}/base:1`, to);

  it('keeps digest and content as a layout and as an archive', async () => {
    const expected = await seen(`oci:${root}/base:1`);
    assert.equal(expected.digest, digest);
    for (const [kind, path] of [
      ['oci', 'copy'],
      ['oci-archive', 'copy.tar'],
    ]) {
      const target = `${kind}:${root}/${path}:1`;
      copy(target);
      assert.deepEqual(await seen(target), expected, target);
      assert.equal(skopeo('inspect', '--format', '{{.Digest}}', target).trim(), digest);
    }
  });

  it('keeps content, history and configuration through docker-archive and back', async () => {
    const expected = await seen(`oci:${root}/base:1`);
    const archive = `docker-archive:${root}/docker.tar`;
    copy(`${archive}:example/app:1`);
    const { content } = expected;
    assert.deepEqual((await seen(archive)).content, content);
    assert.deepEqual((await seen(`${archive}:example/app:1`)).content, content);
    skopeo('copy', '--quiet', '--insecure-policy', archive, `oci:${root}/back:1`);
    assert.deepEqual((await seen(`oci:${root}/back`)).content, content);
  });

  it('is the same when its layers are zstd, or stored uncompressed', async () => {
    const { content } = await seen(`oci:${root}/base:1`);
    copy(`oci:${root}/zstd:1`, '--dest-compress-format', 'zstd', '--dest-compress');
    copy(`oci:${root}/plain:1`, '--dest-decompress');
    assert.deepEqual((await seen(`oci:${root}/zstd:1`)).content, content);
    assert.deepEqual((await seen(`oci:${root}/plain:1`)).content, content);
  });

  it('is the same when an Engine sends it', async () => {
    const { content } = await seen(`oci:${root}/base:1`);
    copy(`docker-archive:${root}/engine.tar:example/app:1`);
    const server = createServer((_, response) => createReadStream(join(root, 'engine.tar')).pipe(response));
    const socket = join(root, 'engine.sock');
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    try {
      const env = { DOCKER_HOST: `unix://${socket}` };
      assert.deepEqual((await seen('docker:example/app:1', { ...options, env })).content, content);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('and tagged a second time by umoci asks for a tag', async () => {
    copy(`oci:${root}/tags:one`);
    execFileSync('umoci', ['tag', '--image', `${root}/tags:one`, 'two']);
    await assert.rejects(seen(`oci:${root}/tags`), { code: 'usage', message: /one, two/ });
    execFileSync('umoci', [
      'config',
      '--image',
      `${root}/tags:one`,
      '--tag',
      'three',
      '--config.user',
      'nobody',
    ]);
    await assert.rejects(seen(`oci:${root}/tags`), { code: 'usage', message: /one, two, three/ });
    assert.equal((await seen(`oci:${root}/tags:two`)).digest, digest);
    assert.notEqual((await seen(`oci:${root}/tags:three`)).digest, digest);
  });
});

/** What a scan would work on; layers by the digest of what they unpack to. */
async function seen(text: string, how: OpenOptions = options) {
  const target = await openTarget(text, how);
  assert.equal(target.kind, 'image');
  const image = target as OpenImage;
  try {
    const unpacked: string[] = [];
    for (const layer of image.layers) unpacked.push(await unpackedDigest(layer));
    assert.deepEqual(
      unpacked,
      image.layers.map((one) => one.diffId),
    );
    assert.deepEqual(image.skipped, []);
    const createdBy = image.layers.map((one) => one.createdBy);
    return {
      digest: image.digest,
      content: { unpacked, createdBy, platform: image.platform, config: image.config },
    };
  } finally {
    await image.close();
  }
}

async function unpackedDigest(layer: LayerSource): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of decompress(layer.open())) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}

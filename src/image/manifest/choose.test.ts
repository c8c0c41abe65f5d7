import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blobsOf, open } from '../../../test/fixtures/memory-store.ts';
import {
  type Blob,
  buildImage,
  descriptor,
  file,
  type ImageSpec,
  jsonBlob,
  ociIndex,
  ociManifest,
} from '../../lab/image-builder.ts';

const spec: ImageSpec = { layers: [[file('a', '1')], [file('b', '2')]], history: ['ADD a', 'ADD b'] };

describe('an index', () => {
  const amd = buildImage(spec);
  const arm = buildImage({ ...spec, platform: 'linux/arm64' });
  const platform = (os: string, architecture: string, variant?: string) => ({
    platform: { os, architecture, variant },
  });
  const index = (...manifests: readonly object[]) => jsonBlob(ociIndex, { schemaVersion: 2, manifests });
  const both = index(
    descriptor(arm.manifest, platform('linux', 'aarch64', 'v8')),
    descriptor(amd.manifest, platform('linux', 'amd64')),
  );

  it('gives the image of the wanted platform, in any spelling', async () => {
    const blobs = blobsOf(amd, arm);
    assert.equal((await open(both, blobs)).digest, amd.manifest.digest);
    assert.equal((await open(both, blobs, 'linux/arm64')).digest, arm.manifest.digest);
    assert.equal((await open(both, blobs, 'linux/aarch64')).platform, 'linux/arm64');
  });

  it('without the platform is refused, naming those there', async () => {
    await assert.rejects(open(both, blobsOf(amd, arm), 'linux/s390x'), {
      code: 'unreadable',
      message: /linux\/s390x.*linux\/arm64, linux\/amd64.*--platform/s,
    });
    await assert.rejects(open(index(), []), { code: 'unreadable', message: /without any image/ });
  });

  it('with a single image gives it whatever its platform', async () => {
    const one = index(descriptor(arm.manifest, platform('linux', 'arm64')));
    assert.equal((await open(one, blobsOf(arm))).platform, 'linux/arm64');
  });

  it('sets attestations aside and names them', async () => {
    const statement = jsonBlob(ociManifest, { config: descriptor(amd.config), layers: [] });
    const root = index(
      descriptor(statement, {
        ...platform('unknown', 'unknown'),
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      }),
      descriptor(arm.manifest, platform('linux', 'arm64')),
    );
    const { skipped, digest } = await open(root, blobsOf(arm));
    assert.equal(digest, arm.manifest.digest);
    assert.deepEqual(
      skipped.map((one) => [one.path, one.reason]),
      [[statement.digest, 'attestation']],
    );
  });

  it('is opened inside others, four deep and no deeper', async () => {
    const level = (depth: number): Blob[] => {
      const inner = depth === 1 ? [both] : level(depth - 1);
      return [index(descriptor(inner[0]!)), ...inner];
    };
    const three = level(3);
    assert.equal((await open(three[0]!, [...three, ...blobsOf(amd, arm)])).digest, amd.manifest.digest);
    const four = level(4);
    await assert.rejects(open(four[0]!, [...four, ...blobsOf(amd, arm)]), {
      code: 'limit',
      message: /4 deep/,
    });
  });

  it('that leads back to itself ends, because no document holds its own hash', async () => {
    const name = `sha256:${'c'.repeat(64)}`;
    const circle = index({ mediaType: ociIndex, digest: name, size: 1 });
    await assert.rejects(open(circle, [{ ...circle, digest: name }]), { code: 'digest-mismatch' });
  });

  it('that is broad in indexes ends too', async () => {
    const inner = Array.from({ length: 70 }, (_, at) =>
      index(descriptor(amd.manifest, { annotations: { at: `${at}` } })),
    );
    const root = index(...inner.map((one) => descriptor(one)));
    await assert.rejects(open(root, [...inner, ...blobsOf(amd)]), { code: 'limit', message: /more than 64/ });
  });

  it('that calls an index an image is refused', async () => {
    const root = index(descriptor(both, { mediaType: ociManifest, ...platform('linux', 'amd64') }));
    await assert.rejects(open(root, [both]), { code: 'corrupt', message: /another index/ });
  });
});

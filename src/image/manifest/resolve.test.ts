import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blobsOf, memoryStore, open, openWith, options } from '../../../test/fixtures/memory-store.ts';
import { buildImage, file, type ImageSpec } from '../../lab/image-builder.ts';
import type { LayerSource } from '../image.ts';
import { resolveImage } from './resolve.ts';

const spec: ImageSpec = { layers: [[file('a', '1')], [file('b', '2')]], history: ['ADD a', 'ADD b'] };

async function read(layer: LayerSource | undefined): Promise<number> {
  let size = 0;
  for await (const chunk of layer?.open() ?? []) size += chunk.length;
  return size;
}

describe('an image', () => {
  it('has its layers with digests, diffIDs and history lines in order', async () => {
    const built = buildImage(spec);
    const store = memoryStore(blobsOf(built));
    const image = await resolveImage(store, built.manifest, options);
    assert.equal(image.digest, built.manifest.digest);
    assert.equal(image.platform, 'linux/amd64');
    assert.deepEqual(
      image.layers.map(({ index, digest, diffId, size, createdBy }) => ({
        index,
        digest,
        diffId,
        size,
        createdBy,
      })),
      built.layers.map(({ digest, diffId, size }, index) => ({
        index,
        digest,
        diffId,
        size,
        createdBy: spec.history?.[index],
      })),
    );
    assert.equal(await read(image.layers[0]), built.layers[0]?.size);
    assert.deepEqual(image.skipped, []);
    await image.close();
    assert.equal(store.closed, 1);
  });

  it('maps history to layers past the lines that made none, and past too few or too many lines', async () => {
    const history = [
      { created_by: 'ENV x', empty_layer: true },
      { created_by: 'RUN \u001b[2J' },
      { created_by: 'CMD y', empty_layer: true },
      { created_by: 'RUN b' },
      { created_by: 'RUN beyond the last layer' },
    ];
    const built = buildImage({ ...spec, overrides: { history } });
    const { layers, config } = await open(built.manifest, blobsOf(built));
    assert.deepEqual(
      layers.map((one) => one.createdBy),
      ['RUN \\x1b[2J', 'RUN b'],
    );
    assert.deepEqual(
      config.history.map((one) => one.layer),
      [undefined, 0, undefined, 1, undefined],
    );

    const without = buildImage({ ...spec, overrides: { history: null } });
    const image = await open(without.manifest, blobsOf(without));
    assert.deepEqual(
      image.layers.map((one) => one.createdBy),
      ['', ''],
    );
  });

  it('names layers without a diffID and diffIDs without a layer as holes', async () => {
    const few = buildImage({ ...spec, overrides: { rootfs: { diff_ids: ['nonsense'] } } });
    const image = await open(few.manifest, blobsOf(few));
    assert.deepEqual(
      image.layers.map((one) => one.diffId),
      ['', ''],
    );
    assert.deepEqual(
      image.skipped.map((one) => [one.reason, one.layer]),
      [
        ['missing', 0],
        ['missing', 1],
      ],
    );

    const ids = Array(3).fill(`sha256:${'0'.repeat(64)}`);
    const many = buildImage({ ...spec, overrides: { rootfs: { diff_ids: ids } } });
    const { skipped } = await open(many.manifest, blobsOf(many));
    assert.deepEqual(
      skipped.map((one) => [one.path, one.reason]),
      [['rootfs.diff_ids', 'missing']],
    );
  });

  it('of Docker’s media types or without any is the same image', async () => {
    const image = await openWith(spec, (manifest) => {
      manifest.mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
      for (const one of manifest.layers as Record<string, unknown>[]) {
        one.mediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
      }
    });
    assert.equal(image.layers.length, 2);
    const bare = await openWith(spec, (manifest) => {
      delete manifest.mediaType;
      for (const one of manifest.layers as Record<string, unknown>[]) delete one.mediaType;
    });
    assert.ok(bare.layers.every((one) => one.unavailable === undefined));
  });
});

describe('a layer', () => {
  const changed = async (change: (bytes: Buffer) => Buffer) => {
    const built = buildImage(spec);
    const blobs = blobsOf(built).map((one) =>
      one.digest === built.layers[1]?.digest ? { ...one, bytes: change(one.bytes) } : one,
    );
    return (await open(built.manifest, blobs)).layers[1];
  };

  it('that was changed ends with digest-mismatch after its last byte', async () => {
    const layer = await changed((bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([1])]));
    let seen = 0;
    await assert.rejects(
      async () => {
        for await (const chunk of layer?.open() ?? []) seen += chunk.length;
      },
      { code: 'digest-mismatch', message: /layer 1 of memory:image/ },
    );
    assert.equal(seen, layer?.size);
  });

  it('that is longer than its descriptor says is stopped there', async () => {
    await assert.rejects(read(await changed((bytes) => Buffer.concat([bytes, bytes]))), {
      code: 'digest-mismatch',
    });
  });

  it('that is shorter is truncated', async () => {
    await assert.rejects(read(await changed((bytes) => bytes.subarray(0, 70))), {
      code: 'truncated',
      message: /70 of/,
    });
  });

  it('that is foreign, encrypted or of an unknown type is named and not opened, unless the source has it', async () => {
    const types = {
      'application/vnd.oci.image.layer.v1.tar+gzip+encrypted': 'encrypted',
      'application/vnd.oci.image.layer.v1.tar+brotli': 'unsupported',
      'text/plain': 'unsupported',
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip': undefined,
    };
    for (const [mediaType, reason] of Object.entries(types)) {
      const { layers } = await openWith(spec, (manifest) => {
        (manifest.layers as Record<string, unknown>[])[0]!.mediaType = mediaType;
      });
      assert.equal(layers[0]?.unavailable?.reason, reason, mediaType);
      assert.equal(layers[1]?.unavailable, undefined);
    }
    const { layers, skipped } = await openWith(spec, (manifest) => {
      const [first] = manifest.layers as Record<string, unknown>[];
      first!.mediaType = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip';
      first!.digest = `sha256:${'1'.repeat(64)}`;
    });
    assert.equal(layers[0]?.unavailable?.reason, 'foreign-layer');
    assert.equal(layers[0]?.unavailable?.layer, 0);
    assert.deepEqual(skipped, []);
  });
});

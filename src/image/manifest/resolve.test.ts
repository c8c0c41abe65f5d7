import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  type Blob,
  type BuiltImage,
  buildImage,
  descriptor,
  file,
  type ImageSpec,
  jsonBlob,
  ociConfig,
  ociIndex,
  ociManifest,
} from '../../../test/fixtures/image-builder.ts';
import { WaterguardError } from '../../model/error.ts';
import type { BlobStore } from '../blob-store.ts';
import type { LayerSource, OpenOptions } from '../image.ts';
import { resolveImage } from './resolve.ts';

const options: OpenOptions = { platform: 'linux/amd64', insecure: false, env: {} };
const spec: ImageSpec = { layers: [[file('a', '1')], [file('b', '2')]], history: ['ADD a', 'ADD b'] };

/** A store of blobs in memory; `closed` counts. */
function memoryStore(blobs: readonly Blob[]): BlobStore & { closed: number } {
  const byDigest = new Map(blobs.map((one) => [one.digest, one.bytes]));
  const find = (digest: string) => {
    const bytes = byDigest.get(digest);
    if (bytes === undefined) throw new WaterguardError('missing', `no blob ${digest}`);
    return bytes;
  };
  return {
    reference: 'memory:image',
    readManifest: async (digest) => ({ bytes: find(digest), mediaType: '' }),
    async *openBlob({ digest }) {
      const bytes = find(digest);
      for (let at = 0; at < bytes.length; at += 64) yield bytes.subarray(at, at + 64);
    },
    skipped: [],
    closed: 0,
    async close() {
      this.closed += 1;
    },
  };
}

const blobsOf = (...images: readonly BuiltImage[]) =>
  images.flatMap((one) => [...one.layers, one.config, one.manifest]);

const open = (root: Blob, blobs: readonly Blob[], platform = 'linux/amd64') =>
  resolveImage(memoryStore(blobs), root, { ...options, platform });

const openWith = (change: (manifest: Record<string, unknown>) => void, more: readonly Blob[] = []) => {
  const image = buildImage(spec);
  const document = JSON.parse(image.manifest.bytes.toString());
  change(document);
  return open(jsonBlob(ociManifest, document), [...blobsOf(image), ...more]);
};

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
    const image = await openWith((manifest) => {
      manifest.mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
      for (const one of manifest.layers as Record<string, unknown>[]) {
        one.mediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
      }
    });
    assert.equal(image.layers.length, 2);
    const bare = await openWith((manifest) => {
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
      const { layers } = await openWith((manifest) => {
        (manifest.layers as Record<string, unknown>[])[0]!.mediaType = mediaType;
      });
      assert.equal(layers[0]?.unavailable?.reason, reason, mediaType);
      assert.equal(layers[1]?.unavailable, undefined);
    }
    const { layers, skipped } = await openWith((manifest) => {
      const [first] = manifest.layers as Record<string, unknown>[];
      first!.mediaType = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip';
      first!.digest = `sha256:${'1'.repeat(64)}`;
    });
    assert.equal(layers[0]?.unavailable?.reason, 'foreign-layer');
    assert.equal(layers[0]?.unavailable?.layer, 0);
    assert.deepEqual(skipped, []);
  });
});

describe('a manifest', () => {
  it('is refused, and the store closed, where it is not what its digest says', async () => {
    const built = buildImage(spec);
    const store = memoryStore(blobsOf(built));
    const root = { ...built.manifest, bytes: Buffer.concat([built.manifest.bytes, Buffer.from(' ')]) };
    await assert.rejects(resolveImage(store, root, options), { code: 'digest-mismatch' });
    assert.equal(store.closed, 1);
  });

  it('without a known digest gets the one of its bytes', async () => {
    const built = buildImage(spec);
    const image = await resolveImage(memoryStore(blobsOf(built)), { ...built.manifest, digest: '' }, options);
    assert.equal(image.digest, built.manifest.digest);
  });

  it('is verified with SHA-512 too', async () => {
    const built = buildImage(spec);
    const digest = `sha512:${createHash('sha512').update(built.manifest.bytes).digest('hex')}`;
    const image = await resolveImage(memoryStore(blobsOf(built)), { ...built.manifest, digest }, options);
    assert.equal(image.digest, digest);
  });

  it('of schema 1 is refused with what to do', async () => {
    const old = jsonBlob('', { schemaVersion: 1, name: 'x', tag: 'y', fsLayers: [], history: [] });
    await assert.rejects(open(old, []), { code: 'unsupported', message: /schema 1.*format v2s2/s });
  });

  it('that is manifest and index at once is refused', async () => {
    await assert.rejects(
      openWith((manifest) => (manifest.manifests = [])),
      { code: 'corrupt', message: /CVE-2021-41190/ },
    );
    await assert.rejects(
      openWith((manifest) => (manifest.LAYERS = [])),
      { code: 'corrupt', message: /two spellings/ },
    );
  });

  it('is refused where it is too large, has too many layers, or digests that would be paths', async () => {
    const blank = Buffer.alloc(4 * 1024 * 1024 + 1, 0x20);
    await assert.rejects(open({ ...jsonBlob('', {}), bytes: blank }, []), { code: 'limit' });
    await assert.rejects(
      openWith((manifest) => (manifest.layers = Array(1001).fill((manifest.layers as unknown[])[0]))),
      { code: 'limit', message: /1001 layers/ },
    );
    for (const digest of ['sha256:../../../etc/passwd', 'sha256:', 'md5:00', 7, `sha256:${'A'.repeat(64)}`]) {
      await assert.rejects(
        openWith((manifest) => ((manifest.layers as Record<string, unknown>[])[1]!.digest = digest)),
        { code: 'corrupt', message: /layers\.1\.digest/ },
      );
    }
  });

  it('is refused with a configuration that is missing, changed or broken', async () => {
    const built = buildImage(spec);
    const without = blobsOf(built).filter((one) => one !== built.config);
    await assert.rejects(open(built.manifest, without), { code: 'missing' });
    const changed = {
      ...built.config,
      bytes: Buffer.from(built.config.bytes.toString().replace('linux', 'minix')),
    };
    await assert.rejects(open(built.manifest, [...without, changed]), { code: 'digest-mismatch' });
  });

  it('of an artifact is refused by what its configuration holds, not by its type alone', async () => {
    const chart = jsonBlob('application/vnd.cncf.helm.config.v1+json', { name: 'chart', version: '1.0.0' });
    const asChart = (manifest: Record<string, unknown>) => {
      manifest.config = descriptor(chart);
    };
    await assert.rejects(openWith(asChart, [chart]), { code: 'unsupported', message: /helm.*dir:PATH/s });
    const empty = jsonBlob('application/vnd.oci.empty.v1+json', {});
    const asEmpty = (manifest: Record<string, unknown>) => {
      Object.assign(manifest, { config: descriptor(empty), artifactType: 'text/x', layers: [] });
    };
    await assert.rejects(openWith(asEmpty, [empty]), { code: 'unsupported', message: /text\/x/ });

    const disguised = await openWith((manifest) => {
      (manifest.config as Record<string, unknown>).mediaType = 'application/x-harmless';
    });
    assert.equal(disguised.layers.length, 2);
  });
});

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

it('a config of unknown type is only read as an image within its size', async () => {
  const huge = { ...jsonBlob('application/x-data', {}), size: 9 * 1024 * 1024 };
  await assert.rejects(
    openWith((manifest) => (manifest.config = descriptor(huge))),
    { code: 'unsupported', message: /OCI artifact/ },
  );
  const config = { ...jsonBlob(ociConfig, {}), bytes: Buffer.alloc(9 * 1024 * 1024, 0x20) };
  await assert.rejects(
    openWith((manifest) => (manifest.config = { ...descriptor(config), size: 0 }), [config]),
    { code: 'limit' },
  );
});

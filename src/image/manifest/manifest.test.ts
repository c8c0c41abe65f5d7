import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { blobsOf, memoryStore, open, openWith, options } from '../../../test/fixtures/memory-store.ts';
import {
  buildImage,
  descriptor,
  file,
  type ImageSpec,
  jsonBlob,
  ociConfig,
} from '../../lab/image-builder.ts';
import { resolveImage } from './resolve.ts';

const spec: ImageSpec = { layers: [[file('a', '1')], [file('b', '2')]], history: ['ADD a', 'ADD b'] };

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
      openWith(spec, (manifest) => (manifest.manifests = [])),
      { code: 'corrupt', message: /CVE-2021-41190/ },
    );
    await assert.rejects(
      openWith(spec, (manifest) => (manifest.LAYERS = [])),
      { code: 'corrupt', message: /two spellings/ },
    );
  });

  it('is refused where it is too large, has too many layers, or digests that would be paths', async () => {
    const blank = Buffer.alloc(4 * 1024 * 1024 + 1, 0x20);
    await assert.rejects(open({ ...jsonBlob('', {}), bytes: blank }, []), { code: 'limit' });
    await assert.rejects(
      openWith(spec, (manifest) => (manifest.layers = Array(1001).fill((manifest.layers as unknown[])[0]))),
      { code: 'limit', message: /1001 layers/ },
    );
    for (const digest of ['sha256:../../../etc/passwd', 'sha256:', 'md5:00', 7, `sha256:${'A'.repeat(64)}`]) {
      await assert.rejects(
        openWith(spec, (manifest) => ((manifest.layers as Record<string, unknown>[])[1]!.digest = digest)),
        { code: 'corrupt', message: /layers\.1\.digest/ },
      );
    }
  });

  it('is refused where a layer has an impossible size, and not where it has none', async () => {
    const withSize = (size: unknown) =>
      openWith(spec, (manifest) => {
        (manifest.layers as Record<string, unknown>[])[1]!.size = size;
      });
    for (const size of [-1, 1.5, '7'])
      await assert.rejects(withSize(size), { code: 'corrupt', message: /layers\.1\.size/ });
    for (const size of [undefined, null]) assert.equal((await withSize(size)).layers[1]?.size, 0);
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
    await assert.rejects(openWith(spec, asChart, [chart]), {
      code: 'unsupported',
      message: /helm.*dir:PATH/s,
    });
    const empty = jsonBlob('application/vnd.oci.empty.v1+json', {});
    const asEmpty = (manifest: Record<string, unknown>) => {
      Object.assign(manifest, { config: descriptor(empty), artifactType: 'text/x', layers: [] });
    };
    await assert.rejects(openWith(spec, asEmpty, [empty]), { code: 'unsupported', message: /text\/x/ });

    const disguised = await openWith(spec, (manifest) => {
      (manifest.config as Record<string, unknown>).mediaType = 'application/x-harmless';
    });
    assert.equal(disguised.layers.length, 2);
  });

  it('with a configuration of unknown type is only read within its size', async () => {
    const huge = { ...jsonBlob('application/x-data', {}), size: 9 * 1024 * 1024 };
    await assert.rejects(
      openWith(spec, (manifest) => (manifest.config = descriptor(huge))),
      { code: 'unsupported', message: /OCI artifact/ },
    );
    const config = { ...jsonBlob(ociConfig, {}), bytes: Buffer.alloc(9 * 1024 * 1024, 0x20) };
    await assert.rejects(
      openWith(spec, (manifest) => (manifest.config = { ...descriptor(config), size: 0 }), [config]),
      { code: 'limit' },
    );
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  buildDockerArchive,
  buildImage,
  buildOciArchive,
  buildTar,
  file,
  hardlink,
  type ImageSpec,
  symlink,
  type TarEntry,
} from '../../lab/image-builder.ts';
import type { LayerSource, OpenOptions } from '../image.ts';
import { openDockerArchive } from './docker-archive.ts';

const options: OpenOptions = { platform: 'linux/amd64', insecure: false, env: {} };
const spec: ImageSpec = {
  layers: [[file('a', '1')], [file('b', '2')], [file('a', '1')]],
  compression: 'none',
};

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'waterguard-docker-'));
});
after(() => rm(root, { recursive: true }));

async function read(layer: LayerSource | undefined): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of layer?.open() ?? []) parts.push(chunk);
  return Buffer.concat(parts).toString('hex');
}

/** An archive whose members the test lists itself. */
async function archive(name: string, entries: readonly TarEntry[]): Promise<string> {
  const path = join(root, name);
  await writeFile(path, buildTar(entries));
  return path;
}

describe('a docker archive', () => {
  it('of any writer, plain or compressed, has the same layers', async () => {
    for (const form of ['legacy', 'skopeo', 'oci'] as const) {
      for (const outer of ['none', 'gzip', 'zstd'] as const) {
        const path = join(root, `${form}.${outer}`);
        const [built] = await buildDockerArchive(path, [spec], { form, outer });
        const image = await openDockerArchive(path, options);
        const expected = built?.layers.map((one) => one.tar.toString('hex')) ?? [];
        for (const [at, one] of expected.entries())
          assert.equal(await read(image.layers[at]), one, `${form} ${outer}`);
        assert.deepEqual(
          image.layers.map((one) => one.digest),
          built?.layers.map((one) => one.diffId),
        );
        assert.equal(image.digest, (form === 'oci' ? built?.manifest : built?.config)?.digest);
        assert.deepEqual(image.skipped, []);
        await image.close();
      }
    }
  });

  it('gives its layers in any order and several at once, also where it is compressed', async () => {
    const path = join(root, 'order.tar.gz');
    const layers = Array.from({ length: 6 }, (_, at) => [file(`f${at}`, `${at}`.repeat(50_000))]);
    const [built] = await buildDockerArchive(path, [{ layers }], { outer: 'gzip' });
    const image = await openDockerArchive(path, options);
    const expected = built?.layers.map((one) => one.tar.toString('hex')) ?? [];
    for (const at of [5, 0, 3, 3, 1]) assert.equal(await read(image.layers[at]), expected[at]);
    assert.deepEqual(await Promise.all(image.layers.map(read)), expected);
    for await (const _ of image.layers[2]?.open() ?? []) break;
    assert.equal(await read(image.layers[4]), expected[4]);
    await image.close();
  });

  it('with several images asks for a name, takes it in docker’s short form, and by position', async () => {
    const path = join(root, 'several.tar');
    const [first, second, third] = await buildDockerArchive(path, [
      { ...spec, tags: ['nginx:1'] },
      { layers: [], tags: ['docker.io/library/redis:latest', 'localhost:5000/r:2'] },
      { layers: [[file('z')]], tags: [] },
    ]);
    await assert.rejects(openDockerArchive(path, options), {
      code: 'usage',
      message: /nginx:1, docker\.io\/library\/redis:latest, @2/,
    });
    await assert.rejects(openDockerArchive(`${path}:other`, options), {
      code: 'unreadable',
      message: /no image named other/,
    });
    const digestOf = async (name: string) => {
      const image = await openDockerArchive(`${path}:${name}`, options);
      await image.close();
      return image.digest;
    };
    assert.equal(await digestOf('docker.io/library/nginx:1'), first?.config.digest);
    assert.equal(await digestOf('redis'), second?.config.digest);
    assert.equal(await digestOf('localhost:5000/r:2'), second?.config.digest);
    assert.equal(await digestOf('@2'), third?.config.digest);
  });

  it('may share layers by links, which stay inside of the archive', async () => {
    const { config, layers } = buildImage(spec);
    const tar = layers[0]?.tar ?? Buffer.alloc(0);
    const path = await archive('links.tar', [
      file('./base/layer.tar', tar),
      symlink('1/layer.tar', '../base/layer.tar'),
      hardlink('2/layer.tar', 'base/layer.tar'),
      symlink('3/layer.tar', '../../../../../../etc/passwd'),
      symlink('4/layer.tar', '5/layer.tar'),
      symlink('4/5/layer.tar', '../layer.tar'),
      file('c.json', config.bytes),
      file(
        'manifest.json',
        JSON.stringify([{ Config: 'c.json', Layers: [1, 2, 3, 4].map((at) => `${at}/layer.tar`) }]),
      ),
    ]);
    const image = await openDockerArchive(path, options);
    assert.equal(await read(image.layers[0]), tar.toString('hex'));
    assert.equal(await read(image.layers[1]), tar.toString('hex'));
    assert.equal(image.layers[2]?.unavailable?.reason, 'missing');
    assert.equal(image.layers[3]?.unavailable?.reason, 'missing');
    await assert.rejects(read(image.layers[2]), { code: 'missing' });
    await image.close();
  });

  it('with two layers of one diffID still shows the content of each', async () => {
    const { config, layers } = buildImage({ ...spec, layers: [[file('a', '1')], [file('a', '1')]] });
    const path = await archive('twins.tar', [
      file('1.tar', layers[0]?.tar),
      file('2.tar', 'something else'),
      file('c.json', config.bytes),
      file('manifest.json', JSON.stringify([{ Config: 'c.json', Layers: ['./1.tar', 'x/../2.tar'] }])),
    ]);
    const image = await openDockerArchive(path, options);
    assert.equal(await read(image.layers[1]), Buffer.from('something else').toString('hex'));
    await image.close();
  });

  it('holds blobs against the digest in their name, and names a configuration that has another', async () => {
    const { config } = buildImage({ layers: [] });
    const name = `blobs/sha256/${'0'.repeat(64)}`;
    const path = await archive('digests.tar', [
      file(name, 'content'),
      file(`${'1'.repeat(64)}.json`, config.bytes),
      file('manifest.json', JSON.stringify([{ Config: `${'1'.repeat(64)}.json`, Layers: [name] }])),
    ]);
    const image = await openDockerArchive(path, options);
    await assert.rejects(read(image.layers[0]), { code: 'digest-mismatch' });
    assert.deepEqual(
      image.skipped.map((one) => one.reason),
      ['digest-mismatch', 'missing'],
    );
    await image.close();
  });

  it('is refused where it is broken, saying which file', async () => {
    const cases: Readonly<Record<string, readonly [readonly TarEntry[], string, RegExp]>> = {
      list: [[file('manifest.json', '[]')], 'unreadable', /has no image/],
      json: [[file('manifest.json', '[{')], 'corrupt', /^manifest\.json of .*not valid JSON/],
      shape: [[file('manifest.json', '{"Config":"x"}')], 'corrupt', /shape/],
      config: [[file('manifest.json', '[{"Config":"x.json"}]')], 'missing', /has no x\.json/],
      export: [[file('etc/passwd', 'root')], 'unreadable', /docker export/],
      large: [[file('manifest.json', Buffer.alloc(4 * 1024 * 1024 + 1, 0x20))], 'limit', /manifest\.json/],
    };
    for (const [name, [entries, code, message]] of Object.entries(cases)) {
      const path = await archive(`bad-${name}.tar`, entries);
      await assert.rejects(openDockerArchive(path, options), { code, message }, name);
    }
    const oci = join(root, 'is-oci.tar');
    await buildOciArchive(oci, spec);
    await assert.rejects(openDockerArchive(oci, options), {
      code: 'unreadable',
      message: /oci-archive:FILE/,
    });
  });

  it('whose headers lie ends with an error and reads nothing beyond', async () => {
    const { config } = buildImage({ layers: [] });
    const manifest = JSON.stringify([{ Config: 'c.json', Layers: ['l.tar'] }]);
    const path = await archive('lies.tar', [
      file('c.json', config.bytes),
      file('manifest.json', manifest),
      { ...file('l.tar', 'short'), claimedSize: 1_000_000 },
    ]);
    const image = await openDockerArchive(path, options);
    await assert.rejects(read(image.layers[0]), { code: 'truncated' });
    await image.close();
    const cut = join(root, 'cut.tar');
    await writeFile(
      cut,
      buildTar([file('l.tar', Buffer.alloc(5000)), file('manifest.json', manifest)]).subarray(0, 2000),
    );
    await assert.rejects(openDockerArchive(cut, options), {
      code: 'truncated',
      message: /cut\.tar breaks off/,
    });
    const garbage = await archive('garbage.tar', [file('a', 'x')]);
    await writeFile(
      garbage,
      Buffer.concat([buildTar([file('a', 'x')]).subarray(0, 1024), Buffer.alloc(512, 7)]),
    );
    await assert.rejects(openDockerArchive(garbage, options), {
      code: 'corrupt',
      message: /not a sound tar archive/,
    });
  });
});

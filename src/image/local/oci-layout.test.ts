import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  buildImage,
  buildOciArchive,
  buildOciLayout,
  damage,
  descriptor,
  file,
  type ImageSpec,
  writeLayout,
} from '../../lab/image-builder.ts';
import type { OpenImage, OpenOptions } from '../image.ts';
import { openOciArchive } from './oci-archive.ts';
import { openOciLayout } from './oci-layout.ts';

const options: OpenOptions = { platform: 'linux/amd64', insecure: false, env: {} };
const spec: ImageSpec = { layers: [[file('a', '1')], [file('b', '2')]] };

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'waterguard-oci-'));
});
after(() => rm(root, { recursive: true }));

/** Opens, reads all layers and closes. */
async function contents(
  opening: Promise<OpenImage>,
): Promise<{ digest: string; bytes: string; reference: string }> {
  const image = await opening;
  let bytes = '';
  for (const layer of image.layers)
    for await (const chunk of layer.open()) bytes += Buffer.from(chunk).toString('hex');
  await image.close();
  return { digest: image.digest, bytes, reference: image.reference };
}

describe('an OCI layout', () => {
  it('is read with its tag and, where it has one image, without', async () => {
    const dir = join(root, 'one');
    const built = await buildOciLayout(dir, { ...spec, tag: '1.0' });
    const bytes = built.layers.map((one) => one.bytes.toString('hex')).join('');
    for (const text of [dir, `${dir}:1.0`, `${dir}@${built.manifest.digest}`]) {
      const seen = await contents(openOciLayout(text, options));
      assert.deepEqual([seen.digest, seen.bytes], [built.manifest.digest, bytes]);
      assert.equal(seen.reference, `oci:${text}`);
    }
  });

  it('may have colons in its path and in its tags', async () => {
    const dir = join(root, 'a:b@c');
    const built = await buildOciLayout(dir, { ...spec, tag: 'host:5000/app:1' });
    assert.equal(
      (await contents(openOciLayout(`${dir}:host:5000/app:1`, options))).digest,
      built.manifest.digest,
    );
    assert.equal((await contents(openOciLayout(dir, options))).digest, built.manifest.digest);
  });

  it('with several images asks for a name and lists them', async () => {
    const dir = join(root, 'many');
    const images = [buildImage(spec), buildImage({ layers: [[file('c', '3')]] }), buildImage({ layers: [] })];
    await writeLayout(
      dir,
      images.flatMap((one) => [...one.layers, one.config, one.manifest]),
      images.map((one, at) =>
        descriptor(one.manifest, {
          annotations: [
            { 'org.opencontainers.image.ref.name': 'first' },
            {
              'io.containerd.image.name': 'docker.io/library/second:1',
              'org.opencontainers.image.ref.name': '1',
            },
            {},
          ][at],
        }),
      ),
    );
    const unnamed = `@${images[2]?.manifest.digest}`;
    await assert.rejects(openOciLayout(dir, options), {
      code: 'usage',
      message: new RegExp(`first, 1, ${unnamed}`),
    });
    await assert.rejects(openOciLayout(`${dir}:third`, options), {
      code: 'unreadable',
      message: /no image.*third.*first/,
    });
    const second = await contents(openOciLayout(`${dir}:docker.io/library/second:1`, options));
    assert.equal(second.digest, images[1]?.manifest.digest);
    assert.equal((await contents(openOciLayout(dir + unnamed, options))).digest, images[2]?.manifest.digest);
  });

  it('that has one tag for several platforms gives the wanted one', async () => {
    const dir = join(root, 'platforms');
    const annotations = { 'org.opencontainers.image.ref.name': 'x' };
    const images = ['linux/amd64', 'linux/arm64'].map((platform) => buildImage({ ...spec, platform }));
    await writeLayout(
      dir,
      images.flatMap((one) => [...one.layers, one.config, one.manifest]),
      images.map((one, at) =>
        descriptor(one.manifest, {
          annotations,
          platform: { os: 'linux', architecture: ['amd64', 'arm64'][at] },
        }),
      ),
    );
    for (const text of [dir, `${dir}:x`]) {
      const image = await openOciLayout(text, { ...options, platform: 'linux/arm64' });
      assert.equal(image.digest, images[1]?.manifest.digest);
    }
  });

  it('never leads out of its blobs, neither by links nor by what is no file', async () => {
    const outside = join(root, 'outside');
    await writeFile(outside, 'private');
    for (const make of [
      (path: string) => symlink(outside, path),
      (path: string) => symlink('../../index.json', path),
    ]) {
      const dir = await mkdtemp(join(root, 'links-'));
      const built = await buildOciLayout(dir, spec);
      const path = join(dir, 'blobs', built.config.digest.replace(':', '/'));
      await rm(path);
      await make(path);
      await assert.rejects(openOciLayout(dir, options), {
        code: 'refused',
        message: /outside of the layout/,
      });
    }
    const dir = await mkdtemp(join(root, 'pipe-'));
    const built = await buildOciLayout(dir, spec);
    const path = join(dir, 'blobs', built.config.digest.replace(':', '/'));
    await rm(path);
    execFileSync('mkfifo', [path]);
    await assert.rejects(openOciLayout(dir, options), { code: 'unreadable', message: /not a regular file/ });
  });

  it('may link within its blobs, or share them as a whole', async () => {
    const dir = join(root, 'shared');
    const built = await buildOciLayout(dir, spec);
    const path = join(dir, 'blobs', built.config.digest.replace(':', '/'));
    await rename(path, join(dir, 'blobs/kept'));
    await symlink('../kept', path);
    await rename(join(dir, 'blobs'), join(root, 'store'));
    await symlink(join(root, 'store'), join(dir, 'blobs'));
    assert.equal((await contents(openOciLayout(dir, options))).digest, built.manifest.digest);
  });

  it('says what is wrong where it is none', async () => {
    const empty = join(root, 'empty');
    await mkdir(empty);
    await writeLayout(join(root, 'bare'), [], []);
    const broken = join(root, 'broken');
    const built = await buildOciLayout(broken, spec);
    await writeFile(join(broken, 'index.json'), '{"manifests": [');
    const cases = {
      [join(root, 'absent:1')]: ['unreadable', /There is no directory/],
      [join(root, 'outside')]: ['unreadable', /oci-archive:FILE/],
      [empty]: ['unreadable', /no index\.json.*dir:PATH/],
      [join(root, 'bare')]: ['unreadable', /lists no image/],
      [broken]: ['corrupt', /index\.json of oci:.*not valid JSON/],
    } as const;
    for (const [text, [code, message]] of Object.entries(cases)) {
      await assert.rejects(openOciLayout(text, options), { code, message }, text);
    }
    const gone = join(root, 'gone');
    await buildOciLayout(gone, spec);
    await rm(join(gone, 'blobs', built.manifest.digest.replace(':', '/')));
    await assert.rejects(openOciLayout(gone, options), { code: 'missing', message: /incomplete/ });
  });
});

describe('an OCI archive', () => {
  it('plain or compressed is the same image', async () => {
    for (const outer of ['none', 'gzip', 'zstd'] as const) {
      const path = join(root, `x.tar.${outer}`);
      const built = await buildOciArchive(path, { ...spec, tag: '1', outer });
      const seen = await contents(openOciArchive(`${path}:1`, options));
      assert.equal(seen.digest, built.manifest.digest);
      assert.equal(seen.bytes, built.layers.map((one) => one.bytes.toString('hex')).join(''));
    }
  });

  it('ends with the reason of an abort', async () => {
    for (const outer of ['none', 'gzip'] as const) {
      const path = join(root, `abort.${outer}`);
      await buildOciArchive(path, { ...spec, outer });
      const signal = AbortSignal.abort();
      await assert.rejects(openOciArchive(path, { ...options, signal }), { name: 'AbortError' }, outer);
    }
  });

  it('that was cut off opens where it can and breaks where it ends', async () => {
    const path = join(root, 'cut.tar');
    const noise = Buffer.from(Array.from({ length: 9_000 }, (_, at) => (at * 7919) % 251));
    await buildOciArchive(path, { layers: [[file('big', noise)]], compression: 'none' });
    await damage(path, (bytes) => bytes.subarray(0, 6_000));
    await assert.rejects(openOciArchive(path, options), { code: 'unreadable', message: /no index\.json/ });
    const packed = join(root, 'cut.tar.gz');
    await buildOciArchive(packed, { layers: [[file('big', noise)]], outer: 'gzip' });
    await damage(packed, (bytes) => bytes.subarray(0, bytes.length - 40));
    await assert.rejects(openOciArchive(packed, options), {
      code: 'truncated',
      message: /cut\.tar\.gz breaks off/,
    });
  });

  it('says what is wrong where it is none', async () => {
    const cases = {
      absent: ['unreadable', /There is no file .*oci-archive:FILE/],
      folder: ['unreadable', /oci:DIR/],
      'empty.tar': ['unreadable', /empty file/],
      'text.tar': ['unreadable', /not a tar archive/],
      'x.tar.xz': ['unsupported', /xz -dk/],
    } as const;
    await mkdir(join(root, 'folder'));
    await writeFile(join(root, 'empty.tar'), '');
    await writeFile(join(root, 'text.tar'), 'text '.repeat(300));
    await writeFile(join(root, 'x.tar.xz'), Buffer.from('fd377a585a0000', 'hex'));
    for (const [name, [code, message]] of Object.entries(cases)) {
      await assert.rejects(openOciArchive(join(root, name), options), { code, message }, name);
    }
  });
});

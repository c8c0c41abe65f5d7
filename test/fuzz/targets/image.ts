/** Images: from manifests in memory to an open image, and the archives that hold whole images. */

import type { BlobStore, Descriptor } from '../../../src/image/blob-store.ts';
import type { OpenImage } from '../../../src/image/image.ts';
import { type ForwardReader, followLinks, indexMembers } from '../../../src/image/local/archive-index.ts';
import { openDocker } from '../../../src/image/local/docker-archive.ts';
import { type Members, missingMember } from '../../../src/image/local/members.ts';
import { openLayout } from '../../../src/image/local/oci-layout.ts';
import { resolveImage } from '../../../src/image/manifest/resolve.ts';
import {
  allBlobs,
  buildImage,
  buildTar,
  descriptor,
  file,
  ociIndex,
  ociManifest,
  sha256,
  symlink,
} from '../../../src/lab/image-builder.ts';
import { WaterguardError } from '../../../src/model/error.ts';
import { expect, streamOf, type Target } from '../target.ts';
import { mendTar } from './tar.ts';

const options = { platform: 'linux/amd64', insecure: false, env: {} };

const example = buildImage({
  layers: [[file('etc/x', 'hello')], [file('etc/y', 'you')]],
  config: {
    Entrypoint: ['/bin/sh', '-c'],
    Cmd: ['true'],
    Env: ['PATH=/bin'],
    Labels: { a: 'b' },
    Healthcheck: null,
  },
  history: ['ADD rootfs / # buildkit', 'RUN |1 TOKEN=x /bin/sh -c true'],
});

export const imageTargets: readonly Target[] = [
  {
    name: 'manifest',
    form: 'json',
    seeds: () => [documents(false), documents(true)],
    words: [
      'schemaVersion',
      'mediaType',
      'manifests',
      'layers',
      'config',
      'rootfs',
      'history',
      'fsLayers',
      ociIndex,
      ociManifest,
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      'application/vnd.oci.image.layer.v1.tar+encrypted',
      'linux',
      'windows',
      'unknown',
      'sha256:' + '0'.repeat(64),
    ],
    async run(input) {
      const { store, root } = inMemory(input);
      await checkImage(await resolveImage(store, root, options));
    },
  },
  {
    name: 'image-archive',
    seeds: () => [dockerArchive(), ociArchive()],
    words: [
      'manifest.json',
      'index.json',
      'blobs/sha256/',
      'layer.tar',
      'RepoTags',
      'Layers',
      'Config',
      '../',
    ],
    mend: mendTar,
    async run(input) {
      const members = await archiveMembers(input);
      const isDocker = (await members.size('manifest.json')) !== undefined;
      await checkImage(
        await (isDocker ? openDocker(members, undefined, options) : openLayout(members, undefined, options)),
      );
    },
  },
];

async function checkImage(image: OpenImage): Promise<void> {
  for (const [index, layer] of image.layers.entries()) {
    expect(layer.index === index, 'layers are numbered from the base');
    if (layer.unavailable !== undefined) continue;
    let bytes = 0;
    for await (const chunk of layer.open()) bytes += chunk.length;
    expect(bytes < 1024 * 1024, 'a layer is not longer than its archive');
  }
  await image.close();
}

/** The three documents of an image in one, so that they can be changed together. */
function documents(withIndex: boolean): Buffer {
  const config = JSON.parse(example.config.bytes.toString());
  const manifest = JSON.parse(example.manifest.bytes.toString());
  const platform = { os: 'linux', architecture: 'amd64' };
  const attestation = { os: 'unknown', architecture: 'unknown' };
  const manifests = [
    descriptor(example.manifest, { platform }),
    { ...descriptor(example.config, { platform: attestation }), mediaType: ociManifest },
  ];
  const index = { schemaVersion: 2, mediaType: ociIndex, manifests };
  return Buffer.from(JSON.stringify(withIndex ? { config, manifest, index } : { config, manifest }));
}

/** Serves the documents, with digests and sizes put right where they are still there. */
function inMemory(input: Buffer): {
  store: BlobStore;
  root: { bytes: Buffer; mediaType: string; digest: string };
} {
  const blobs = new Map(example.layers.map((one) => [one.digest, one.bytes]));
  const add = (content: unknown): { bytes: Buffer; digest: string } => {
    const bytes = Buffer.from(typeof content === 'string' ? content : (JSON.stringify(content) ?? ''));
    const digest = sha256(bytes);
    blobs.set(digest, bytes);
    return { bytes, digest };
  };
  const parts = partsOf(input);
  const config = add(parts.config);
  const manifest = add(replaceDigest(parts.manifest, example.config, config));
  const root = 'index' in parts ? add(replaceDigest(parts.index, example.manifest, manifest)) : manifest;
  const read = (digest: string): Buffer => {
    const found = blobs.get(digest);
    if (found === undefined) throw new WaterguardError('missing', `there is no blob ${digest}`);
    return found;
  };
  const store: BlobStore = {
    reference: 'memory',
    readManifest: async (digest) => ({ bytes: read(digest), mediaType: '' }),
    openBlob: (wanted: Descriptor) => streamOf([read(wanted.digest)]),
    skipped: [],
    close: async () => {},
  };
  return { store, root: { ...root, mediaType: '' } };
}

/** What is not JSON is itself the manifest. */
function partsOf(input: Buffer): Record<string, unknown> {
  try {
    const parts: unknown = JSON.parse(input.toString());
    if (typeof parts === 'object' && parts !== null && !Array.isArray(parts)) return { ...parts };
  } catch {
    // Half of a document is a document too.
  }
  return { manifest: input.toString() };
}

function replaceDigest(
  document: unknown,
  old: { readonly digest: string; readonly size: number },
  now: { readonly digest: string; readonly bytes: Buffer },
): string {
  const text = typeof document === 'string' ? document : (JSON.stringify(document) ?? '');
  return text.replaceAll(`"${old.digest}","size":${old.size}`, `"${now.digest}","size":${now.bytes.length}`);
}

function dockerArchive(): Buffer {
  const configName = `${example.config.digest.slice(7)}.json`;
  const record = { Config: configName, RepoTags: ['example/app:1'], Layers: ['0/layer.tar', '1/layer.tar'] };
  return buildTar([
    file(configName, example.config.bytes),
    ...example.layers.map((one, at) => file(`${at}.tar`, one.tar.subarray(0, 1024))),
    ...example.layers.map((_, at) => symlink(`${at}/layer.tar`, `../${at}.tar`)),
    file('manifest.json', JSON.stringify([record])),
  ]);
}

function ociArchive(): Buffer {
  const index = { schemaVersion: 2, mediaType: ociIndex, manifests: [descriptor(example.manifest)] };
  return buildTar([
    ...allBlobs(example).map((one) => file(`blobs/${one.digest.replace(':', '/')}`, one.bytes)),
    file('index.json', JSON.stringify(index)),
    file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
  ]);
}

async function archiveMembers(archive: Buffer): Promise<Members> {
  const where = 'archive:memory';
  const index = await indexMembers(readerOf(archive), where);
  return {
    where,
    size: async (name) => {
      const member = followLinks(index, name);
      return member && member.end - member.start;
    },
    open: (name) => {
      const member = followLinks(index, name);
      if (member === undefined) throw missingMember(where, name);
      return streamOf([archive.subarray(member.start, member.end)]);
    },
    close: async () => {},
  };
}

function readerOf(bytes: Buffer): ForwardReader {
  let position = 0;
  return {
    get position() {
      return position;
    },
    take: async (count) => {
      const taken = bytes.subarray(position, position + count);
      position += taken.length;
      return taken;
    },
    skipTo: async (place) => {
      expect(place >= position, 'an archive is read forward');
      position = place;
    },
  };
}

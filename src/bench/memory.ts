/** Peak memory: of the images, of a 5 GB file, and of a layer of a million entries. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { blob, descriptor, jsonBlob, ociConfig, ociManifest, writeLayout } from '../lab/image-builder.ts';
import { buildTar, file, tarEntry } from '../lab/tar-builder.ts';
import { removeTree } from './folder.ts';
import type { BenchResult } from './result.ts';
import { type Ground, goalResult, runScan, succeed } from './speed.ts';

const goal = '<= 400';

export async function benchMemory(ground: Ground, folder: string): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  const peak = async (name: string, target: string): Promise<void> => {
    ground.say(`memory: ${name}`);
    const done = await succeed(runScan(ground, target, ['--no-cache'], true));
    results.push(goalResult(`${name}, peak memory of all processes`, done.peakMiB, 'MiB', 1, goal));
    results.push({ metric: `${name}, time`, value: Number(done.seconds.toFixed(2)), unit: 's', runs: 1 });
  };
  for (const image of ground.images) await peak(`${image.name} image`, image.target);
  await peak('5 GB file', await hugeFile(join(folder, 'huge'), ground));
  await peak('layer of 1,000,000 entries', await manyEntries(join(folder, 'many')));
  return results;
}

/** A layer of one file of 5 GB: programs and libraries of the large image, over and over. */
async function hugeFile(home: string, ground: Ground): Promise<string> {
  if (existsSync(home)) return `oci:${home}:latest`;
  const tree = ground.images.at(-1)?.tree ?? '';
  const material = readFileSync(join(tree, 'usr/bin/node'));
  const size = 5 * 1000 ** 3;
  return writeStreamed(home, function* () {
    yield tarEntry({ path: 'huge.bin', claimedSize: size });
    for (let left = size, turn = 0; left > 0; turn++) {
      // Every repetition differs in every block, so that compression stays honest.
      const part = Buffer.from(material.subarray(0, Math.min(left, material.length)));
      for (let at = 0; at < part.length; at += 64) part[at] = (part[at] ?? 0) ^ (turn * 31 + 7);
      yield part;
      left -= part.length;
    }
    yield Buffer.alloc(1024 + ((512 - (size % 512)) % 512));
  });
}

async function manyEntries(home: string): Promise<string> {
  if (existsSync(home)) return `oci:${home}:latest`;
  return writeStreamed(home, function* () {
    const perFolder = 1000;
    for (let folder = 0; folder < 1000; folder++) {
      const entries = Array.from({ length: perFolder }, (_, index) => {
        const name = `srv/data/part-${folder}/record-${folder * perFolder + index}.txt`;
        return file(name, `record ${folder * perFolder + index}\n`);
      });
      yield buildTar(entries).subarray(0, -1024);
    }
    yield Buffer.alloc(1024);
  });
}

/** A one-layer OCI layout whose layer is compressed as it is made: nothing of it stays in memory. */
async function writeStreamed(home: string, parts: () => Generator<Buffer>): Promise<string> {
  const draft = `${home}.draft`;
  removeTree(draft);
  mkdirSync(join(draft, 'blobs/sha256'), { recursive: true });
  const stored = createHash('sha256');
  const plain = createHash('sha256');
  const path = join(draft, 'layer');
  const descriptorOf = openSync(path, 'w');
  for (const part of parts()) {
    plain.update(part);
    const packed = zstdCompressSync(part);
    stored.update(packed);
    writeSync(descriptorOf, packed);
  }
  closeSync(descriptorOf);
  const digest = `sha256:${stored.digest('hex')}`;
  const size = statSync(path).size;
  renameSync(path, join(draft, 'blobs', digest.replace(':', '/')));
  const config = jsonBlob(ociConfig, {
    os: 'linux',
    architecture: 'amd64',
    config: {},
    rootfs: { type: 'layers', diff_ids: [`sha256:${plain.digest('hex')}`] },
    history: [{ created_by: 'ADD data /' }],
  });
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd', digest, size };
  const manifest = jsonBlob(ociManifest, {
    schemaVersion: 2,
    mediaType: ociManifest,
    config: descriptor(config),
    layers: [layer],
  });
  await writeLayout(
    draft,
    [config, manifest, blob('application/octet-stream', Buffer.alloc(0))],
    [descriptor(manifest, { annotations: { 'org.opencontainers.image.ref.name': 'latest' } })],
  );
  writeFileSync(join(draft, 'done'), '');
  renameSync(draft, home);
  return `oci:${home}:latest`;
}

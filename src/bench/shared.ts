/** A hundred images that share bases: the cost must be that of their unique bytes. */
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  blob,
  buildLayer,
  descriptor,
  file,
  jsonBlob,
  ociConfig,
  ociManifest,
  writeLayout,
} from '../lab/image-builder.ts';
import type { ImageReport } from '../model/report.ts';
import { removeTree } from './folder.ts';
import { measure } from './measure.ts';
import { type BenchResult, median, meets, rounded } from './result.ts';
import { type Ground, scanCommand, succeed } from './speed.ts';

const count = 100;

/** Bytes of each image's own layer. */
const ownSize = 2_000_000;

export async function benchShared(ground: Ground, folder: string, runs: number): Promise<BenchResult[]> {
  const home = join(folder, 'shared');
  if (!existsSync(home)) await build(ground, home);
  const family = Array.from({ length: count }, (_, index) => `oci:${home}:app-${index}`);
  const together: number[] = [];
  const unique: number[] = [];
  let inspected = 0;
  let uniqueBytes = 0;
  for (let run = 0; run < Math.min(runs, 3); run++) {
    ground.say(`shared bases, run ${run + 1}`);
    const all = await scanAll(ground, family);
    together.push(all.seconds);
    const [one, ...rest] = all.reports;
    uniqueBytes = (one?.coverage.bytes ?? 0) + rest.length * ownSize;
    inspected = all.reports.reduce((sum, report) => sum + freshBytes(report), 0);
    // The same unique bytes as one image without sharing: base and all own layers.
    unique.push((await scanAll(ground, [`oci:${home}:all`])).seconds);
  }
  const ratio = median(together) / median(unique);
  return [
    {
      metric: `${count} images on one base, bytes inspected`,
      value: inspected,
      unit: 'bytes',
      runs: 1,
      rival: 'unique bytes',
      rivalValue: uniqueBytes,
      ratio: rounded(inspected / uniqueBytes),
      goal: '<= 1.1',
      holds: meets(inspected / uniqueBytes, '<= 1.1'),
    },
    {
      metric: `${count} images on one base, time`,
      value: rounded(median(together)),
      unit: 's',
      runs: together.length,
      rival: 'one image of the same unique bytes',
      rivalValue: rounded(median(unique)),
      ratio: rounded(ratio),
      goal: '<= 1.1',
      holds: meets(ratio, '<= 1.1'),
    },
  ];
}

/** Bytes of a report that were not taken from the cache: all, or the image's own layer. */
function freshBytes(report: ImageReport): number {
  return report.coverage.cachedLayers === 0 ? report.coverage.bytes : ownSize;
}

async function scanAll(
  ground: Ground,
  targets: readonly string[],
): Promise<{ seconds: number; reports: ImageReport[] }> {
  const cache = mkdtempSync(join(ground.rules, '../cache-'));
  const output = join(cache, 'reports.json');
  try {
    const [command, ...args] = scanCommand(ground, targets, ['--output', output]);
    const done = await succeed(measure(command, args, { env: { XDG_CACHE_HOME: cache } }));
    const parsed = JSON.parse(readFileSync(output, 'utf8')) as { reports?: ImageReport[] } & ImageReport;
    return { seconds: done.seconds, reports: parsed.reports ?? [parsed] };
  } finally {
    rmSync(cache, { recursive: true });
  }
}

async function build(ground: Ground, home: string): Promise<void> {
  const base = ground.images[0];
  if (base === undefined) return;
  const layout = base.layout;
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
    manifests: { digest: string }[];
  };
  const read = (digest: string): Buffer => readFileSync(join(layout, 'blobs', digest.replace(':', '/')));
  const manifest = JSON.parse(read(index.manifests[0]?.digest ?? '').toString()) as {
    layers: { mediaType: string; digest: string; size: number }[];
    config: { digest: string };
  };
  const config = JSON.parse(read(manifest.config.digest).toString()) as { rootfs: { diff_ids: string[] } };
  const own = Array.from({ length: count }, (_, at) =>
    buildLayer([file(`srv/app-${at}.dat`, material(base.tree, at))]),
  );
  const blobs = own.map((one) => blob(one.mediaType, one.bytes));
  const tags: Record<string, unknown>[] = [];
  const add = (tag: string, layers: typeof own): void => {
    const settings = jsonBlob(ociConfig, {
      os: 'linux',
      architecture: 'amd64',
      config: {},
      rootfs: { type: 'layers', diff_ids: [...config.rootfs.diff_ids, ...layers.map((one) => one.diffId)] },
      history: [],
    });
    const whole = jsonBlob(ociManifest, {
      schemaVersion: 2,
      mediaType: ociManifest,
      config: descriptor(settings),
      layers: [...manifest.layers, ...layers.map((one) => descriptor(one))],
    });
    blobs.push(settings, whole);
    tags.push(descriptor(whole, { annotations: { 'org.opencontainers.image.ref.name': tag } }));
  };
  for (const [at, one] of own.entries()) add(`app-${at}`, [one]);
  add('all', own);
  const draft = `${home}.draft`;
  removeTree(draft);
  mkdirSync(join(draft, 'blobs/sha256'), { recursive: true });
  for (const path of globSync('blobs/sha256/*', { cwd: layout }))
    copyFileSync(join(layout, path), join(draft, path));
  await writeLayout(draft, blobs, tags);
  renameSync(draft, home);
}

/** Bytes of a real program, different for each image. */
function material(tree: string, at: number): Buffer {
  const program = readFileSync(join(tree, 'usr/bin/perl'));
  const out = Buffer.alloc(ownSize, program);
  for (let place = at; place < out.length; place += 509) out[place] = (out[place] ?? 0) ^ (at + 1);
  return out;
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { localSession } from '../../test/fixtures/local-session.ts';
import { planWithoutRules } from '../../test/fixtures/plan.ts';
import type { Detector } from '../detect/detector.ts';
import {
  allBlobs,
  buildDockerArchive,
  buildImage,
  buildOciLayout,
  buildTar,
  type DockerForm,
  descriptor,
  file,
  type ImageSpec,
  type TarEntry,
  whiteout,
  writeLayout,
} from '../lab/image-builder.ts';
import { WaterguardError } from '../model/error.ts';
import type { ImageReport } from '../model/report.ts';
import { openLayerCache } from './cache/layer-cache.ts';
import { startEngine } from './engine/client.ts';
import type { LayerReport } from './layer-report.ts';
import { defaultLimits } from './limits.ts';
import { scanTarget } from './scan.ts';
import type { ScanSession } from './session.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-scan-'));
after(() => rmSync(root, { recursive: true }));
let images = 0;

async function layout(spec: ImageSpec): Promise<string> {
  const dir = join(root, `image${images++}`);
  await buildOciLayout(dir, spec);
  return dir;
}

const options = { platform: 'linux/amd64', insecure: false, env: {} };
const scan = (target: string, session: ScanSession, stop?: AbortSignal): Promise<ImageReport> =>
  scanTarget(target, session, options, () => {}, stop);

/** Finds the word THREAT. */
const words: Detector = {
  name: 'words',
  version: 1,
  needs: 'content',
  findings: [],
  wants: () => true,
  inspect({ bytes, offset }) {
    const at = bytes.indexOf('THREAT');
    if (at < 0) return { findings: [], observables: [] };
    const kind = {
      rule: 'words/threat',
      title: 'Threat',
      category: 'backdoor',
      severity: 'high',
      attack: [],
    } as const;
    const where = { offset: offset + at, length: 6, excerpt: 'THREAT' };
    return { findings: [{ ...kind, confidence: 0.95, subject: 'program', ...where }], observables: [] };
  },
};

/** What differs from scan to scan is left out. */
const plain = ({ startedAt: _, durationMs: __, coverage, ...rest }: ImageReport): unknown => ({
  ...rest,
  coverage: { ...coverage, cachedLayers: 0 },
});

const layers = [
  [file('bin/a', 'harmless'), file('bin/b', 'THREAT one')],
  [file('bin/c', 'harmless'), whiteout('bin/b')],
];

function cached(folder: string, changes: Partial<ScanSession> = {}): ScanSession {
  return localSession([words], { layers: openLayerCache(folder, ''), ...changes });
}

const newFolder = (): string => mkdtempSync(join(root, 'cache-'));

test('names are printable and the same everywhere, and a byte is not the text of its escape', async () => {
  const dir = mkdtempSync(join(root, 'names-'));
  const names = [Buffer.from([0xff]), Buffer.from('\\xff'), Buffer.from('a\x1b[2J\n::error::b')];
  for (const [at, name] of names.entries()) {
    writeFileSync(Buffer.concat([Buffer.from(`${dir}/`), name]), `THREAT number ${at}`);
  }
  const limits = { ...defaultLimits, maxFileSize: 12 };
  const small = await scan(`dir:${dir}`, localSession([words], { limits }));
  const report = await scan(`dir:${dir}`, localSession([words]));
  const shown = ['/\\x5cxff', '/\\xff', '/a\\x1b[2J\\x0a::error::b'];
  assert.deepEqual(report.findings.map((one) => one.evidence[0]?.path).sort(), shown);
  assert.equal(new Set(report.findings.map((one) => one.id)).size, 3);
  assert.deepEqual(small.coverage.skipped.map((one) => one.path).sort(), shown);
  for (const path of shown) assert.ok(report.reasons.some((reason) => reason.includes(`in ${path} (`)));
  assert.deepEqual(
    report.indicators.map((one) => one.context).sort(),
    shown.map((path) => `words/threat, ${path}`),
  );
});

test('a cached layer gives the same report, and is not read again', async () => {
  const dir = await layout({ layers });
  const folder = newFolder();
  const first = await scan(`oci:${dir}`, cached(folder));
  const noEngine = { detection: () => assert.fail('nothing is left to inspect') };
  const second = await scan(`oci:${dir}`, cached(folder, noEngine));
  assert.deepEqual([first.coverage.cachedLayers, second.coverage.cachedLayers], [0, 2]);
  assert.deepEqual(plain(second), plain(first));
  assert.deepEqual(plain(await scan(`oci:${dir}`, localSession([words]))), plain(first));
  assert.equal(first.verdict, 'suspicious');
});

test('a known diffID on another blob does not stand for that blob', async () => {
  const folder = newFolder();
  const clean = buildImage({ layers: [[file('bin/a', 'harmless')]] });
  await scan(`oci:${await layout({ layers: [[file('bin/a', 'harmless')]] })}`, cached(folder));
  const rootfs = { type: 'layers', diff_ids: clean.layers.map((one) => one.diffId) };
  const forged = await layout({ layers: [[file('bin/a', 'THREAT')]], overrides: { rootfs } });
  for (let round = 0; round < 2; round++) {
    const report = await scan(`oci:${forged}`, cached(folder));
    assert.equal(report.coverage.cachedLayers, 0);
    assert.equal(report.verdict, 'malicious');
    assert.deepEqual(
      report.coverage.skipped.map((one) => one.reason),
      ['digest-mismatch'],
    );
  }
  const again = await scan(`oci:${await layout({ layers: [[file('bin/a', 'harmless')]] })}`, cached(folder));
  assert.deepEqual([again.verdict, again.coverage.cachedLayers], ['clean', 1]);
});

test('the same layer in two compressions is one report, once both blobs were read', async () => {
  const folder = newFolder();
  const gzip = await layout({ layers, compression: 'gzip' });
  const zstd = await layout({ layers, compression: 'zstd' });
  const hits: number[] = [];
  for (const dir of [gzip, zstd, zstd, gzip])
    hits.push((await scan(`oci:${dir}`, cached(folder))).coverage.cachedLayers);
  assert.deepEqual(hits, [0, 0, 2, 2]);
});

/** An archive, and one that lists the same layers and holds another content under their names. */
async function twoArchives(form: DockerForm): Promise<{ honest: string; forged: string }> {
  const [honest, forged] = ['honest', 'forged'].map((name) =>
    join(root, `${form}-${name}${images++}.tar`),
  ) as [string, string];
  const harmless = file('bin/a', 'harmless');
  const [built] = await buildDockerArchive(honest, [{ layers: [[harmless]] }], { form });
  const tar = built?.layers[0]?.tar ?? Buffer.alloc(0);
  const archive = readFileSync(honest);
  const at = archive.indexOf(tar);
  buildTar([file('bin/a', 'THREAT!!')]).copy(archive, at);
  writeFileSync(forged, archive);
  return { honest, forged };
}

/** Beside an Engine that sends this archive, whatever image it is asked for. */
async function withEngine<Result>(
  archive: string,
  use: (env: Record<string, string>) => Promise<Result>,
): Promise<Result> {
  const server = createServer((_, response) => createReadStream(archive).pipe(response));
  const socket = join(root, `engine${images++}.sock`);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    return await use({ DOCKER_HOST: `unix://${socket}` });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const reasons = (report: ImageReport): string[] => report.coverage.skipped.map((one) => one.reason);

test('a docker archive with other bytes under the name of a known layer does not pass for it', async () => {
  for (const form of ['legacy', 'skopeo', 'oci'] satisfies DockerForm[]) {
    const { honest, forged } = await twoArchives(form);
    const fromFile = (archive: string, folder: string) => scan(`docker-archive:${archive}`, cached(folder));
    const fromEngine = (archive: string, folder: string) =>
      withEngine(archive, (env) => scanTarget('docker:example/app', cached(folder), { ...options, env }));
    for (const scanOne of [fromFile, fromEngine]) {
      const folder = newFolder();
      await scanOne(honest, folder);
      const again = await scanOne(honest, folder);
      assert.deepEqual([again.verdict, again.coverage.cachedLayers], ['clean', 1], form);
      for (let round = 0; round < 2; round++) {
        const report = await scanOne(forged, folder);
        assert.deepEqual([report.verdict, report.coverage.cachedLayers], ['malicious', 0], form);
        assert.deepEqual(reasons(report), ['digest-mismatch'], form);
      }
      assert.deepEqual(plain(await scanOne(forged, newFolder())), plain(await scanOne(forged, folder)), form);
    }
  }
});

test('a layer known from a registry or layout is known in an archive, once its bytes have the diffID', async () => {
  const folder = newFolder();
  const { honest, forged } = await twoArchives('legacy');
  await scan(`oci:${await layout({ layers: [[file('bin/a', 'harmless')]] })}`, cached(folder));
  const hits = async (archive: string): Promise<number> =>
    (await scan(`docker-archive:${archive}`, cached(folder))).coverage.cachedLayers;
  assert.deepEqual([await hits(honest), await hits(forged)], [1, 0]);
});

test('a diffID of any registered algorithm is verified', async () => {
  const {
    layers: [built],
  } = buildImage({ layers: [[file('bin/a', 'harmless')]] });
  for (const algorithm of ['sha384', 'sha512']) {
    const digest = createHash(algorithm)
      .update(built?.tar ?? '')
      .digest('hex');
    const spec = (content: string): ImageSpec => ({
      layers: [[file('bin/a', content)]],
      overrides: { rootfs: { type: 'layers', diff_ids: [`${algorithm}:${digest}`] } },
    });
    const folder = newFolder();
    for (const known of [0, 1]) {
      const report = await scan(`oci:${await layout(spec('harmless'))}`, cached(folder));
      assert.deepEqual([report.verdict, report.coverage.cachedLayers], ['clean', known], algorithm);
    }
    assert.deepEqual(reasons(await scan(`oci:${await layout(spec('other'))}`, cached(folder))), [
      'digest-mismatch',
    ]);
  }
});

/** Writes an image and then breaks the blob of its first layer. */
async function broken(spec: ImageSpec, damage: (path: string, size: number) => void): Promise<string> {
  const dir = join(root, `image${images++}`);
  const image = await buildOciLayout(dir, spec);
  const [layer] = image.layers;
  if (layer !== undefined) damage(join(dir, 'blobs', layer.digest.replace(':', '/')), layer.size);
  return dir;
}

test('a layer that was not read whole is never kept', async () => {
  const big: readonly TarEntry[] = [
    file('bin/b', 'THREAT one'),
    file('pad', Buffer.alloc(200_000, 'x')),
    file('bin/c', 'z'),
  ];
  const cases: readonly (readonly [string, string, Partial<ScanSession>])[] = [
    [
      'truncated',
      await broken({ layers: [big], compression: 'none' }, (path, size) => truncateSync(path, size - 5000)),
      {},
    ],
    [
      'digest-mismatch',
      await broken({ layers: [big], compression: 'none' }, (path) =>
        writeFileSync(
          path,
          buildImage({ layers: [[file('x', 'THREAT')]], compression: 'none' }).layers[0]?.tar ?? '',
        ),
      ),
      {},
    ],
  ];
  for (const [what, dir, changes] of cases) {
    const folder = newFolder();
    const report = await scan(`oci:${dir}`, cached(folder, changes));
    assert.ok(report.coverage.skipped.length > 0, what);
    assert.equal(report.verdict, 'malicious', what);
    assert.equal((await scan(`oci:${dir}`, cached(folder, changes))).coverage.cachedLayers, 0, what);
  }
});

test('a layer whose inspection had a fault is read again', async () => {
  let faulty = true;
  const moody: Detector = {
    ...words,
    inspect(file, deadline) {
      if (faulty) throw new Error('not today');
      return words.inspect(file, deadline);
    },
  };
  const folder = newFolder();
  const dir = await layout({ layers });
  const session = (): ScanSession => localSession([moody], { layers: openLayerCache(folder, '') });
  const first = await scan(`oci:${dir}`, session());
  assert.equal(first.verdict, 'incomplete');
  faulty = false;
  const second = await scan(`oci:${dir}`, session());
  assert.deepEqual([second.verdict, second.coverage.cachedLayers], ['suspicious', 0]);
});

test('what another machine has read of layers is taken from it, in one request', async () => {
  const layers = [[file('bin/b', 'THREAT one')], [file('bin/c', 'THREAT two')], [file('etc/d', 'nothing')]];
  const dir = await layout({ layers });
  const packed = new Map<string, Buffer>();
  const first = cached(newFolder());
  const tellPacked = {
    ...options,
    layer: (one: LayerReport) => packed.set(one.diffId, first.layers!.pack(one)!),
  };
  const read = await scanTarget(`oci:${dir}`, first, tellPacked);
  assert.equal(packed.size, 3);

  const asked: (readonly string[])[] = [];
  const exchange = {
    async fetch(diffIds: readonly string[], context: string) {
      assert.equal(context, 'of both');
      asked.push(diffIds);
      return packed;
    },
  };
  const second = cached(newFolder(), { exchange, context: 'of both' });
  const taken = await scan(`oci:${dir}`, second);
  assert.deepEqual([taken.coverage.cachedLayers, asked], [3, [[...packed.keys()]]]);
  assert.deepEqual(taken.findings, read.findings);
  const again = await scan(`oci:${dir}`, second);
  assert.deepEqual([again.coverage.cachedLayers, asked.length], [3, 1]);
});

test('a layer is read where others do not answer, or answer with what is no report of it', async () => {
  const dir = await layout({ layers: [[file('bin/b', 'THREAT one')]] });
  const answers = [
    async () => {
      throw new Error('gone');
    },
    async (diffIds: readonly string[]) => new Map(diffIds.map((one) => [one, Buffer.from('no report')])),
    async () => new Map<string, Buffer>(),
  ];
  for (const fetch of answers) {
    const report = await scan(`oci:${dir}`, cached(newFolder(), { exchange: { fetch } }));
    assert.deepEqual([report.coverage.cachedLayers, report.verdict], [0, 'malicious']);
  }
});

test('when the time is used up, the rest is a hole and what was found stays', async () => {
  const slow: Detector = {
    ...words,
    inspect(file, deadline) {
      // Longer than all the time there is, which is plenty for opening the image.
      const end = performance.now() + 2100;
      while (performance.now() < end);
      return words.inspect(file, deadline);
    },
  };
  const dir = await layout({ layers: [[file('bin/b', 'THREAT one')], [file('bin/c', 'THREAT two')]] });
  const folder = newFolder();
  const session = localSession([slow], {
    layers: openLayerCache(folder, ''),
    limits: { ...defaultLimits, timeoutMs: 2000 },
  });
  const report = await scan(`oci:${dir}`, session);
  assert.equal(report.verdict, 'malicious');
  assert.deepEqual(report.coverage.skipped.at(-1), {
    path: report.artifact.layers[1]?.digest,
    reason: 'time-limit',
    layer: 1,
    detail: 'the time limit of 2 s for one target was reached (--timeout)',
  });
  assert.deepEqual(
    report.findings.map((one) => one.evidence[0]?.layer),
    [0],
  );
});

test('an interrupted scan tells what it has', async () => {
  const dir = await layout({ layers: [[file('bin/b', 'THREAT one')], [file('bin/c', 'THREAT two')]] });
  const controller = new AbortController();
  const stopping: Detector = {
    ...words,
    inspect(file, deadline) {
      controller.abort(new DOMException('interrupted', 'AbortError'));
      return words.inspect(file, deadline);
    },
  };
  const report = await scan(`oci:${dir}`, localSession([stopping]), controller.signal);
  assert.equal(report.verdict, 'malicious');
  assert.equal(report.findings.length, 1);
  assert.ok(
    report.coverage.skipped.some((one) => one.reason === 'time-limit' && one.detail === 'interrupted'),
  );
});

test('a target that cannot be opened in time is refused in words that say what to do', async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const session = localSession([words], { limits: { ...defaultLimits, timeoutMs: 100 } });
  const opening = scanTarget(`127.0.0.1:${port}/a/b:1`, session, { ...options, insecure: true });
  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof WaterguardError);
    assert.equal(error.code, 'limit');
    assert.match(error.message, /^It could not be opened within 100 ms, the time limit .* --timeout/);
    return true;
  });
  server.closeAllConnections();
  server.close();
});

test('a directory whose time is used up tells what it has', async () => {
  const dir = join(root, 'tree');
  mkdirSync(dir);
  for (const name of ['a', 'b', 'c']) writeFileSync(join(dir, name), `THREAT ${name}`);
  const session = localSession([words], { limits: { ...defaultLimits, timeoutMs: 1 } });
  const { detection } = session;
  const slowly = {
    ...session,
    detection: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return detection();
    },
  };
  const report = await scan(`dir:${dir}`, slowly);
  assert.deepEqual(
    report.coverage.skipped.map(({ reason, detail }) => [reason, detail]),
    [['time-limit', 'the time limit of 1 ms for one target was reached (--timeout)']],
  );
  assert.equal(report.verdict, report.findings.length > 0 ? 'malicious' : 'incomplete');
});

test('a native crash costs one file, which is named; all else is as without it', async () => {
  const entry = fileURLToPath(new URL('../../test/fixtures/fragile-engine.ts', import.meta.url));
  const engine = startEngine({ plan: serialize(planWithoutRules([])), secrets: [] }, 1000, { entry });
  const session = localSession([words], { detection: async () => ({ engine, detectors: [words] }) });
  const files = ['a', 'b', 'c', 'd', 'e'].map((name) => file(name, `content of ${name}`));
  const healthy = await scan(`oci:${await layout({ layers: [files] })}`, session);
  const sick = files.toSpliced(2, 1, file('c', 'CRASH'));
  const report = await scan(`oci:${await layout({ layers: [sick] })}`, session);
  await engine.close();
  assert.deepEqual(report.coverage.errors, [
    { where: '/c', code: 'engine', message: 'engine: this file ended the detection engine (SIGSEGV)' },
  ]);
  const told = ({ findings }: ImageReport): string[] =>
    findings.map((one) => `${one.evidence[0]?.path} ${one.id}`).sort();
  assert.equal(healthy.findings.length, 5);
  assert.deepEqual(
    told(report),
    told(healthy).filter((one) => !one.startsWith('/c ')),
  );
  assert.equal(report.verdict, 'incomplete');
});

test('findings of a layer that several images share have the same identity', async () => {
  const base = [file('bin/b', 'THREAT one')];
  const one = await scan(`oci:${await layout({ layers: [base] })}`, localSession([words]));
  const other = await scan(
    `oci:${await layout({ layers: [[file('x', 'y')], base, [file('z', 'z')]] })}`,
    localSession([words]),
  );
  assert.equal(other.findings[0]?.id, one.findings[0]?.id);
  assert.equal(createHash('sha256').update('THREAT one').digest('hex'), one.findings[0]?.evidence[0]?.sha256);
});

test('an index without a readable layer still gives a report', async () => {
  const dir = join(root, `image${images++}`);
  const image = buildImage({ layers });
  const blobs = allBlobs(image).filter((one) => one.digest !== image.layers[0]?.digest);
  await writeLayout(dir, blobs, [
    descriptor(image.manifest, { annotations: { 'org.opencontainers.image.ref.name': 'x' } }),
  ]);
  const report = await scan(`oci:${dir}`, localSession([words]));
  assert.equal(report.verdict, 'incomplete');
  assert.deepEqual(
    report.coverage.skipped.map((one) => [one.reason, one.layer]),
    [['missing', 0]],
  );
});

/** Caches under processes that share them, die in the middle of a write or find a full or broken disk. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { buildOciLayout, file } from '../../src/lab/image-builder.ts';
import { sampleImage } from '../../src/lab/sample.ts';
import type { ImageReport } from '../../src/model/report.ts';
import { type Part, shareCache } from '../fixtures/shared-cache.ts';

const program = join(import.meta.dirname, '../../waterguard');
/** One rule is kept as a hundred are, and is prepared in half the time. */
const rules = join(import.meta.dirname, '../../rules/tests/eicar.yar');
const flags = ['--format', 'json', '--quiet', '--no-shipped-rules', '--rules', rules];
const root = mkdtempSync(join(tmpdir(), 'waterguard-caches-'));
const target = `oci:${join(root, 'image')}`;
let expected: unknown;

before(async () => {
  const sample = sampleImage();
  const more = Array.from({ length: 60 }, (_, index) =>
    file(`srv/${index}`, `http://${index}.example.com/ ${index}`),
  );
  await buildOciLayout(join(root, 'image'), {
    ...sample,
    layers: [more, ...sample.layers],
    history: ['COPY srv /srv', ...(sample.history ?? [])],
  });
  expected = plain(run(newCache(), '--no-cache'));
});

after(() => rmSync(root, { recursive: true }));

const emptyCache = (): string => mkdtempSync(join(root, 'cache-'));

/** Empty but for what the tests share. */
function newCache(parts?: readonly Part[]): string {
  const cache = emptyCache();
  shareCache(cache, parts);
  return cache;
}

const environment = (cache: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: cache,
  XDG_CACHE_HOME: cache,
});

/** A scan takes about a second; one that takes this long hangs. */
const timeout = 60_000;

/** @param prefix shell text in front of the command, such as a limit @param around a program that runs the shell */
function run(cache: string, more = '', prefix = '', around: readonly string[] = []): ImageReport {
  const { report, stderr } = runAndListen(cache, more, prefix, around);
  assert.equal(stderr, '');
  return report;
}

function runAndListen(cache: string, more = '', prefix = '', around: readonly string[] = []) {
  const script = `${prefix} exec "$0" scan "$@" ${more}`;
  const [first = '', ...rest] = [...around, 'sh', '-c', script, program, target, ...flags];
  const { stdout, stderr, status } = spawnSync(first, rest, {
    env: environment(cache),
    encoding: 'utf8',
    timeout,
  });
  assert.equal(status, 0, stderr);
  return { report: JSON.parse(stdout) as ImageReport, stderr };
}

async function runBeside(cache: string): Promise<ImageReport> {
  const child = spawn(program, ['scan', target, ...flags], {
    env: environment(cache),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return JSON.parse(stdout);
}

/** What differs from run to run is left out. */
function plain({ startedAt: _, durationMs: __, coverage, ...rest }: ImageReport): unknown {
  return { ...rest, coverage: { ...coverage, cachedLayers: 0 } };
}

/** All files of a cache, without the code that Node keeps there. */
function filesOf(cache: string): string[] {
  return readdirSync(cache, { recursive: true, encoding: 'utf8' })
    .map((name) => join(cache, name))
    .filter((path) => statSync(path).isFile());
}

test('two scans at once share a cache that was empty', async () => {
  const cache = emptyCache();
  const reports = await Promise.all([runBeside(cache), runBeside(cache)]);
  for (const report of reports) assert.deepEqual(plain(report), expected);
  const third = run(cache);
  assert.deepEqual(plain(third), expected);
  assert.equal(third.coverage.cachedLayers, third.coverage.layers);
  assert.deepEqual(
    filesOf(cache).filter((path) => (statSync(path).mode & 0o077) !== 0 && !path.includes('/code/')),
    [],
  );
  assert.equal(statSync(join(cache, 'waterguard')).mode & 0o777, 0o700);
});

test('files of layers that are not cached are known from the file cache', () => {
  const cache = newCache();
  run(cache);
  rmSync(join(cache, 'waterguard/layers'), { recursive: true });
  const report = run(cache);
  assert.equal(report.coverage.cachedLayers, 0);
  assert.deepEqual(plain(report), expected);
});

test('writers that are killed at any moment leave nothing wrong behind', async () => {
  const folder = emptyCache();
  const script = join(import.meta.dirname, '../fixtures/cache-writer.ts');
  for (let round = 0; round < 15; round++) {
    const writers = [0, 1].map((index) => {
      const child = spawn(process.execPath, [script, folder, String(round * 50 + index * 7)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        said += text;
      });
      const ready = new Promise((resolve) => child.stdout.once('data', resolve));
      const ended = new Promise((resolve) => child.on('close', resolve));
      return { child, ready, ended, said: () => said };
    });
    await Promise.all(writers.map((one) => one.ready));
    await setTimeout(5 + round * 3);
    for (const { child } of writers) child.kill('SIGKILL');
    await Promise.all(writers.map((one) => one.ended));
    for (const one of writers) assert.equal(one.said(), 'ready\n');
  }
  assert.ok(readdirSync(join(folder, 'layers')).length > 3);
});

test('whatever is broken in a cache, the result is the same', () => {
  const whole = newCache(['code']);
  run(whole);
  const changes: Readonly<Record<string, (path: string) => void>> = {
    'a flipped byte in the middle': (path) => {
      const content = readFileSync(path);
      const at = content.length >> 1;
      content[at] = (content[at] ?? 0) ^ 0x20;
      writeFileSync(path, content);
    },
    'half the file': (path) => truncateSync(path, statSync(path).size >> 1),
    'an empty file': (path) => truncateSync(path, 0),
    'lengths that are as large as can be': (path) => {
      const content = readFileSync(path);
      content.fill(0xff, 0, Math.min(content.length, 64));
      writeFileSync(path, content);
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    const cache = emptyCache();
    cpSync(whole, cache, { recursive: true });
    for (const path of filesOf(cache)) if (!path.includes('/code/')) change(path);
    assert.deepEqual(plain(run(cache)), expected, what);
    assert.deepEqual(plain(run(cache)), expected, `${what}, again`);
  }
});

test('a disk that takes nothing costs time only', () => {
  // In blocks of 512 bytes: files end at four of them, so that most writes break off.
  const cache = newCache(['code']);
  for (let round = 0; round < 2; round++) assert.deepEqual(plain(run(cache, '', 'ulimit -f 4;')), expected);
  assert.deepEqual(plain(run(cache)), expected);
});

test('a folder that cannot be made or is none costs time only', () => {
  const blocked = join(root, 'file');
  writeFileSync(blocked, '');
  assert.deepEqual(plain(run(blocked)), expected);
  assert.deepEqual(plain(run('/proc')), expected);
  const cache = newCache(['code']);
  for (const part of ['layers', 'files', 'rules']) writeFileSync(join(cache, 'waterguard', part), '');
  assert.deepEqual(plain(run(cache)), expected);
});

test('a folder that others may write to is not believed, and a line says so', () => {
  const cache = newCache();
  run(cache);
  const layers = join(cache, 'waterguard/layers');
  chmodSync(layers, 0o777);
  const { report, stderr } = runAndListen(cache);
  assert.deepEqual(plain(report), expected);
  assert.equal(report.coverage.cachedLayers, 0);
  const why = 'others may write to it (mode 777); delete it for a new one';
  assert.equal(stderr, `waterguard: the cache in ${layers} is not used, because ${why}\n`);
  rmSync(layers, { recursive: true });
  run(cache);
  assert.equal(run(cache).coverage.cachedLayers, report.coverage.layers);

  chmodSync(join(cache, 'waterguard'), 0o770);
  const closed = runAndListen(cache);
  assert.deepEqual(plain(closed.report), expected);
  assert.match(closed.stderr, /^waterguard: the cache in \S+\/waterguard is not used, .*\n$/, 'told once');
});

/** For root nothing is read-only but a mount. */
const isRoot = process.geteuid?.() === 0;
const canMount = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0;
const reason = isRoot && !canMount && 'root cannot mount here, and may write everywhere else';

test('a read-only folder still serves', { skip: reason }, () => {
  const cache = emptyCache();
  run(cache);
  if (!isRoot) spawnSync('chmod', ['-R', 'a-w', cache]);
  const mount = `mount --bind ${cache} ${cache} && mount -o remount,ro,bind ${cache} &&`;
  const report = isRoot ? run(cache, '', mount, ['unshare', '-m']) : run(cache);
  if (!isRoot) spawnSync('chmod', ['-R', 'u+w', cache]);
  assert.deepEqual(plain(report), expected);
  assert.equal(report.coverage.cachedLayers, report.coverage.layers);
});

/**
 * Archives of more than 16 MiB, which are opened while their windows stream through the engine: what lies in a fat
 * jar is found wherever windows end in it, and a clean one is clean.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { file } from '../../src/lab/image-builder.ts';
import { inventWallet } from '../../src/lab/sample.ts';
import type { ImageReport } from '../../src/model/report.ts';
import { assertReport, describeReport, scan, scanDirectory } from '../fixtures/scanner.ts';
import { buildZip, type ZipMember } from '../fixtures/zip-builder.ts';

const mebibyte = 1024 * 1024;

/** Where the first window would end, whatever lies there. */
const windowEnd = 8 * mebibyte;

/** Does not shrink, and begins like nothing. */
const noise = (size: number): Buffer => Buffer.concat([Buffer.from('noise\0'), randomBytes(size - 6)]);

/** Not one like the other, so that what is found in both is found twice. */
const settings = (): string =>
  JSON.stringify({
    pools: [{ url: 'stratum+tcp://pool.example.com:4444', user: inventWallet(), algo: 'rx/0' }],
    'donate-level': 1,
  });

const library = (size: number, more: readonly ZipMember[] = []): Buffer =>
  buildZip([
    { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\n' },
    { name: 'org/example/Data.class', content: noise(size), descriptor: 'marked' },
    ...more,
  ]);

const nested = (name: string, content: Buffer): ZipMember => ({
  name: `BOOT-INF/lib/${name}`,
  content,
  method: 0,
});

/** About 40 MB: classes with and without descriptors, libraries, one of them too large to be a member. */
function fatJar(carried: readonly ZipMember[] = [], across: readonly ZipMember[] = []): Buffer {
  const classes = Array.from({ length: 40 }, (_, index): ZipMember => {
    const form = index % 2 === 0 ? {} : ({ descriptor: 'marked' } as const);
    return { name: `BOOT-INF/classes/C${index}.class`, content: noise(10_000), ...form };
  });
  return buildZip([
    { name: 'META-INF/', content: '', method: 0 },
    { name: 'META-INF/MANIFEST.MF', content: 'Main-Class: org.example.Main\n', descriptor: 'marked' },
    ...classes,
    nested('before.jar', library(windowEnd - mebibyte)),
    nested('across.jar', library(mebibyte, across)),
    nested('small.jar', library(3 * mebibyte)),
    nested('large.jar', library(10 * mebibyte, [nested('inside.jar', library(9 * mebibyte, carried))])),
    ...carried,
    nested('last.jar', library(4 * mebibyte)),
  ]);
}

const members = (report: ImageReport): string[] =>
  report.findings
    .filter((one) => one.category === 'cryptomining')
    .flatMap((one) => one.evidence.flatMap(({ path = [] }) => path))
    .sort();

describe('an archive of more than 16 MiB', () => {
  const run = (jar: Buffer | string): Promise<ImageReport> =>
    scan({
      layers: [[file('app/app.jar', jar)]],
      config: { Entrypoint: ['java', '-jar', '/app/app.jar'] },
    });

  it('is clean where nothing is in it', async () => {
    const report = await run(fatJar());
    assertReport(report, { verdict: 'clean' });
    assert.deepEqual(
      report.coverage.skipped.map(({ path, reason }) => `${reason} ${path}`),
      ['windowed /app/app.jar'],
    );
  });

  const carried: readonly ZipMember[] = [
    { name: 'config.json', content: settings(), descriptor: 'marked' },
    { name: 'stored.json', content: settings(), method: 0 },
  ];
  const expected = [
    '/app/app.jar!BOOT-INF/lib/across.jar!across.json',
    '/app/app.jar!BOOT-INF/lib/large.jar!BOOT-INF/lib/inside.jar!config.json',
    '/app/app.jar!BOOT-INF/lib/large.jar!BOOT-INF/lib/inside.jar!stored.json',
    '/app/app.jar!config.json',
    '/app/app.jar!stored.json',
  ];
  const infected = fatJar(carried, [{ name: 'across.json', content: settings() }]);

  it('shows what lies in a later window, in a window and the next, and in a zip of its own', async () => {
    const report = await run(infected);
    const found = members(report);
    for (const one of expected) assert.ok(found.includes(one), `${one} of\n${describeReport(report)}`);
    assert.ok(report.findings.every((one) => one.evidence.every(({ offset = 0 }) => offset >= 0)));
    const sha256 = createHash('sha256').update(infected).digest('hex');
    assert.ok(
      report.findings.every((one) => one.evidence.every((place) => (place.sha256 ?? sha256) === sha256)),
    );
  });

  it('shows the same when the engine dies in the midst of it', async () => {
    const scanned = run(infected);
    await setTimeout(700);
    const [engine] = engines();
    if (engine !== undefined) process.kill(engine, 'SIGKILL');
    const report = await scanned;
    assert.ok(engine !== undefined);
    assert.deepEqual(
      members(report).filter((one) => expected.includes(one)),
      expected,
    );
    assert.deepEqual(report.coverage.errors, []);
  });

  it('is opened behind a script as well', async () => {
    const script = Buffer.from('#!/bin/bash\nexec java -jar "$0" "$@"\n');
    const jar = buildZip(
      [nested('a.jar', library(9 * mebibyte)), nested('b.jar', library(9 * mebibyte)), ...carried],
      script,
    );
    const report = await run(jar);
    assert.ok(members(report).includes('/app/app.jar!config.json'), describeReport(report));
    // Of so long a script it is not told what it starts.
    assert.deepEqual(holes(report), ['unsupported /app/app.jar']);
  });

  it('leaves a hole for what stays closed, and none for the rest', async () => {
    const jar = buildZip([
      { name: 'large.bin', content: noise(17 * mebibyte) },
      { name: 'locked', content: 'x', flags: 1 },
      ...carried,
    ]);
    const report = await run(jar);
    assert.deepEqual(holes(report), ['encrypted /app/app.jar!locked', 'size-limit /app/app.jar!large.bin']);
    assert.ok(members(report).includes('/app/app.jar!config.json'));
  });

  it('is not clean where it breaks off, or where its directory tells of something else', async () => {
    const jar = fatJar();
    const broken = await run(jar.subarray(0, jar.length - 5 * mebibyte));
    assert.ok(holes(broken).includes('truncated /app/app.jar!(rest)'), holes(broken).join('\n'));
    const other = Buffer.from(jar);
    other.writeUInt32LE(77, other.lastIndexOf('PK\x01\x02', undefined, 'latin1') + 42);
    assertReport(await run(other), { verdict: 'incomplete' });
  });

  it('leaves a hole where it is no zip', async () => {
    const report = await run(gzipSync(noise(17 * mebibyte), { level: 0 }));
    assert.deepEqual(holes(report), ['size-limit /app/app.jar']);
  });

  it('is scanned the same in a directory', async () => {
    const root = mkdtempSync(join(tmpdir(), 'waterguard-jar-'));
    writeFileSync(`${root}/app.jar`, infected);
    const found = members(await scanDirectory(root));
    rmSync(root, { recursive: true });
    for (const one of expected) assert.ok(found.includes(one.replace('/app/', '/')), found.join('\n'));
  });
});

const holes = (report: ImageReport): string[] =>
  report.coverage.skipped
    .filter((one) => one.reason !== 'windowed')
    .map(({ path, reason }) => `${reason} ${path}`)
    .sort();

/** Processes that this one has started to detect. */
function engines(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        return (
          Number(parent) === process.pid && /engine\/child/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
        );
      } catch {
        return false;
      }
    });
}

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { EntryTable } from '../../image/entry-table.ts';
import type { LayerReport } from '../layer-report.ts';
import { openLayerCache } from './layer-cache.ts';
import { writeSealed } from './sealed-file.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-layer-cache-'));
after(() => rmSync(root, { recursive: true }));

const newFolder = (): string => mkdtempSync(join(root, 'layers-'));

/** @param padding bytes that do not compress */
function layerReport(diffId: string, padding = 0): LayerReport {
  const entries = new EntryTable();
  const file = { type: 'file', mode: 0o755, uid: 1, gid: 2, size: 3 } as const;
  entries.append({ ...file, path: Buffer.from([0x2f, 0xff, 0x61]) }, Buffer.alloc(32, 7));
  entries.append({ ...file, path: Buffer.from('/b'), type: 'symlink', link: Buffer.from('a') });
  const finding = {
    rule: 'test/one',
    title: 'One',
    category: 'other',
    severity: 'low',
    attack: [],
    confidence: 0.5,
    subject: 'text',
    offset: 1,
    length: 2,
    excerpt: randomBytes(padding).toString('base64'),
    ordinal: 0,
    sha256: '07'.repeat(32),
  } as const;
  return {
    diffId,
    digests: ['sha256:blob'],
    entries,
    findings: [finding],
    observables: [
      { type: 'domain', value: 'a.example', note: 'url', places: [{ ordinal: 0, offset: 4 }], files: 9 },
    ],
    starts: new Map([[0, { refs: ['/b'], commands: [['/b', '-x']] }]]),
    left: [],
    closed: [1],
    skipped: [{ path: '/b', reason: 'device' }],
    errors: [],
    files: 1,
    bytes: 3,
    forms: 8,
  };
}

/** Everything that can be compared. */
function plain(report: LayerReport | undefined): unknown {
  if (report === undefined) return undefined;
  return { ...report, entries: report.entries.serialise().toString('hex'), starts: [...report.starts] };
}

test('a report is read as it was written, under its diffID and context alone', () => {
  const folder = newFolder();
  const report = layerReport('sha256:a');
  openLayerCache(folder, 'context').put(report);
  assert.deepEqual(plain(openLayerCache(folder, 'context').get('sha256:a')), plain(report));
  assert.equal(openLayerCache(folder, 'context').get('sha256:b'), undefined);
  assert.equal(openLayerCache(folder, 'other').get('sha256:a'), undefined);
});

test('what one cache packs another one adopts, if it is whole and of that layer', () => {
  const report = layerReport('sha256:a');
  const [one, other] = [openLayerCache(newFolder(), ''), openLayerCache(newFolder(), '')];
  const body = one.pack(report);
  assert.ok(body !== undefined);
  assert.equal(one.get('sha256:a'), undefined);
  assert.equal(other.adopt('sha256:b', body), undefined);
  for (const broken of [Buffer.alloc(0), Buffer.from('no report'), body.subarray(0, -1)])
    assert.equal(other.adopt('sha256:a', broken), undefined);
  assert.equal(other.get('sha256:a'), undefined);
  assert.deepEqual(plain(other.adopt('sha256:a', body)), plain(report));
  assert.deepEqual(plain(other.get('sha256:a')), plain(report));
});

test('a report that is written anew replaces the one in memory', () => {
  const cache = openLayerCache(newFolder(), '');
  const report = layerReport('sha256:a');
  cache.put(report);
  assert.deepEqual(cache.get('sha256:a')?.digests, ['sha256:blob']);
  cache.put({ ...report, digests: ['sha256:blob', 'sha256:other'] });
  assert.deepEqual(cache.get('sha256:a')?.digests, ['sha256:blob', 'sha256:other']);
});

test('files are for their owner alone, and a diffID cannot choose their path', () => {
  const folder = newFolder();
  openLayerCache(folder, '').put(layerReport('sha256:../../escape'));
  const [name = '', ...rest] = readdirSync(folder);
  assert.match(name, /^[0-9a-f]{64}$/);
  assert.deepEqual(rest, []);
  assert.equal(statSync(join(folder, name)).mode & 0o077, 0);
});

test('a broken file is a miss, also one that is sealed and makes no sense', () => {
  const folder = newFolder();
  const cache = openLayerCache(folder, '');
  cache.put(layerReport('sha256:a'));
  const path = join(folder, readdirSync(folder)[0] ?? '');
  const whole = readFileSync(path);
  whole[whole.length - 1] = (whole.at(-1) ?? 0) ^ 1;
  writeFileSync(path, whole);
  assert.equal(cache.get('sha256:a'), undefined);
  for (const body of ['', 'not compressed', Buffer.from('28b52ffd', 'hex')]) {
    writeSealed(path, Buffer.from(body));
    assert.equal(cache.get('sha256:a'), undefined);
  }
  cache.put(layerReport('sha256:a'));
  assert.deepEqual(plain(cache.get('sha256:a')), plain(cache.get('sha256:a')));
  assert.notEqual(cache.get('sha256:a'), undefined);
});

test('the folder keeps to its size, and loses what was used longest ago', () => {
  const folder = newFolder();
  const size = 400_000;
  const cache = openLayerCache(folder, '', size);
  const total = (): number =>
    readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  for (let index = 0; index < 129; index++) cache.put(layerReport(`sha256:${index}`, 10_000));
  // A sixteenth more, and the seals.
  assert.ok(total() <= (size * 17) / 16 + 129 * 32, `${total()} bytes`);
  assert.notEqual(cache.get('sha256:128'), undefined);
  assert.equal(cache.get('sha256:0'), undefined);
});

test('a report that would fill the folder alone is not kept', () => {
  const folder = newFolder();
  openLayerCache(folder, '', 5000).put(layerReport('sha256:a', 10_000));
  assert.deepEqual(readdirSync(folder), []);
});

test('a folder that is not there is one without reports', () => {
  const cache = openLayerCache(join(root, 'nonesuch'), '');
  cache.put(layerReport('sha256:a'));
  assert.equal(cache.get('sha256:a'), undefined);
});

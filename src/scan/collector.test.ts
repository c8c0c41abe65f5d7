import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { localEngine } from '../../test/fixtures/local-engine.ts';
import { buildZip } from '../../test/fixtures/zip-builder.ts';
import type { DetectedFinding, Detector, OpenFile } from '../detect/detector.ts';
import { WaterguardError } from '../model/error.ts';
import { createCollector, type FileCache } from './collector.ts';
import { batchSize } from './engine/protocol.ts';
import type { LayerReport } from './layer-report.ts';
import { defaultLimits, type ScanLimits, windowOverlap, windowSize } from './limits.ts';

/** Finds each `MARK-…` up to a blank, says where it stands and of what kind the file is. */
const marks: Detector = {
  name: 'marks',
  version: 1,
  needs: 'content',
  findings: [],
  wants: () => true,
  inspect(file) {
    const findings = placesOf(file, 'MARK-').map((at) =>
      found('marks/one', wordAt(file, at), file.offset + at),
    );
    const observables = placesOf(file, 'HOST-').map((at) => {
      return { type: 'domain' as const, value: wordAt(file, at), offset: file.offset + at, note: file.kind };
    });
    return { findings, observables };
  },
};

/** Finds the names of programs that anybody may write to. */
const loose: Detector = {
  name: 'loose',
  version: 1,
  needs: 'path',
  findings: [],
  wants: ({ mode }) => (mode & 0o002) !== 0,
  inspect: (file) => ({ findings: [found('loose/one', file.path, 0)], observables: [] }),
};

function placesOf({ bytes }: OpenFile, word: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + 1)) places.push(at);
  return places;
}

function wordAt({ bytes, kind }: OpenFile, at: number): string {
  return `${/^[\w-]+/.exec(bytes.toString('latin1', at, at + 40))?.[0]} in ${kind}`;
}

function found(rule: string, excerpt: string, offset: number): DetectedFinding {
  const kind = { title: '', category: 'other', severity: 'info', attack: [], subject: 'text' } as const;
  return { ...kind, rule, confidence: 0.5, offset, length: 5, excerpt };
}

interface File {
  readonly path: string;
  readonly content: Buffer | string;
  readonly mode?: number;
  /** The content ends before that. */
  readonly size?: number;
}

type Collected = Omit<LayerReport, 'diffId' | 'digests'>;

interface Setting {
  readonly detectors?: readonly Detector[];
  readonly files?: FileCache;
  readonly delay?: (batch: number) => number;
  readonly limits?: Partial<ScanLimits>;
}

/** A walk over these files, in pieces of 64 KiB and a bit. */
async function collect(list: readonly File[], setting: Setting = {}): Promise<Collected> {
  const { detectors = [marks, loose], files = noCache, delay, limits } = setting;
  const engine = localEngine(detectors, delay);
  const collector = createCollector(engine, detectors, files, { ...defaultLimits, ...limits });
  for (const { path, content, mode = 0o644, size } of list) {
    const bytes = Buffer.from(content);
    collector.entry({
      path: Buffer.from(path),
      type: 'file',
      mode,
      uid: 0,
      gid: 0,
      size: size ?? bytes.length,
    });
    for (let at = 0; at < bytes.length; at += 65_537) collector.data(bytes.subarray(at, at + 65_537));
    collector.end(size === undefined);
    await collector.ready();
  }
  return collector.finish();
}

const noCache: FileCache = { get: () => undefined, put: () => {} };

function memoryCache(): FileCache & { readonly kept: Map<string, unknown> } {
  const kept = new Map<string, NonNullable<ReturnType<FileCache['get']>>>();
  const key = (sha256: Buffer, opened: boolean): string => `${sha256.toString('hex')} ${opened}`;
  return {
    kept,
    get: (sha256, opened) => kept.get(key(sha256, opened)),
    put: (sha256, opened, one) => kept.set(key(sha256, opened), structuredClone(one)),
  };
}

/** Everything that can be compared. */
function plain({ entries, starts, ...rest }: Collected): unknown {
  return { ...rest, starts: [...starts], entries: entries.serialise().toString('base64') };
}

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

const seen = (report: Collected): string[] => report.findings.map((one) => `${one.excerpt} at ${one.offset}`);

const skips = (report: Collected): string[] => report.skipped.map((one) => `${one.reason} ${one.path}`);

test('every content is hashed, whatever way it takes through the collector', async () => {
  const sizes = [0, 1, 100, batchSize - 1, batchSize, batchSize + 1, 2 * windowSize, 2 * windowSize + 1];
  const contents = sizes.map((size) => Buffer.alloc(size, `${size}-`));
  const { entries, files, bytes, skipped } = await collect(
    contents.map((content, index) => ({ path: `/${index}`, content })),
  );
  for (const [index, content] of contents.entries()) {
    assert.equal(entries.sha256(index)?.toString('hex'), sha256(content), `${content.length} bytes`);
  }
  assert.deepEqual([files, bytes], [sizes.length, sizes.reduce((sum, size) => sum + size, 0)]);
  assert.deepEqual(skipped, [
    {
      path: '/7',
      reason: 'windowed',
      detail: `${2 * windowSize + 1} bytes, inspected in overlapping windows`,
    },
  ]);
});

test('a string is found wherever it stands in a large file, once and at its place in the file', async () => {
  const content = Buffer.alloc(3 * windowSize + 12_345, 'x');
  content.write('\x7fELF');
  // The first window ends at `windowSize`; the next begins `windowOverlap` before.
  const places = {
    'MARK-head ': 100,
    'MARK-before ': windowSize - 100,
    'MARK-across ': windowSize - 4,
    'MARK-behind ': windowSize + 100,
    'MARK-overlap ': windowSize - windowOverlap + 7,
    'MARK-middle ': 2 * windowSize + 5,
    'MARK-end': content.length - 'MARK-end'.length,
  };
  for (const [mark, at] of Object.entries(places)) content.write(mark, at);
  const report = await collect([{ path: '/large', content }], { detectors: [each(marks)] });
  const expected = Object.entries(places).map(([mark, at]) => `${mark.trim()} in elf at ${at}`);
  assert.deepEqual(seen(report).sort(), expected.sort());
  assert.equal(report.findings[0]?.sha256, sha256(content));
});

/** The windows of a file keep one finding for each rule and value. */
function each(detector: Detector): Detector {
  return {
    ...detector,
    inspect(file, deadline) {
      const detection = detector.inspect(file, deadline);
      return { ...detection, findings: detection.findings.map((one) => ({ ...one, value: one.excerpt })) };
    },
  };
}

test('a finding of one rule in many windows is one, at its first place', async () => {
  const content = Buffer.alloc(3 * windowSize, 'MARK-a ');
  const detectors = [
    {
      ...marks,
      inspect: (file: OpenFile) => ({ findings: [found('marks/one', 'x', file.offset)], observables: [] }),
    },
  ];
  const report = await collect([{ path: '/large', content }], { detectors });
  assert.deepEqual(seen(report), ['x at 0']);
});

test('an archive too large to be opened is a hole', async () => {
  const content = Buffer.alloc(2 * windowSize + 1);
  gzipSync('x').copy(content);
  assert.deepEqual(skips(await collect([{ path: '/a.gz', content }])), [
    'windowed /a.gz',
    'size-limit /a.gz',
  ]);
});

test('a large zip is opened in its windows, in whatever order they are answered', async () => {
  const pad = (size: number) => Buffer.alloc(size, '. ');
  const content = buildZip([
    { name: 'first', content: 'MARK-first ', method: 0 },
    // The first window ends behind this short beginning, the second begins with it again.
    { name: 'long', content: Buffer.concat([pad(windowSize - 50), Buffer.from('MARK-long ')]), method: 0 },
    { name: 'packed', content: 'MARK-packed HOST-packed ', descriptor: 'marked' },
    { name: 'pad', content: pad(windowSize), method: 0 },
    { name: 'last', content: 'MARK-last ' },
  ]);
  const report = await collect([{ path: '/a.jar', content }], {
    detectors: [each(marks)],
    delay: (batch) => 40 - 10 * batch,
  });
  const inside = report.findings.filter((one) => one.member !== undefined);
  assert.deepEqual(
    inside.map((one) => `${one.member}: ${one.excerpt} at ${one.offset}`),
    [
      'first: MARK-first in text at 0',
      `long: MARK-long in text at ${windowSize - 50}`,
      'packed: MARK-packed in text at 0',
      'last: MARK-last in text at 0',
    ],
  );
  // Two of them are stored, so that they are seen in the windows, too: once each, at their places.
  assert.deepEqual(
    seen(report).filter((one) => one.includes('archive')),
    ['MARK-first', 'MARK-long'].map((mark) => `${mark} in archive at ${content.indexOf(mark)}`),
  );
  assert.deepEqual(skips(report), ['windowed /a.jar']);
  const size = content.length;
  const broken = await collect([{ path: '/a.jar', content: content.subarray(0, size - 30), size }]);
  assert.deepEqual(skips(broken), [
    'windowed /a.jar',
    'truncated /a.jar!(rest)',
    'truncated /a.jar!(directory)',
  ]);
});

test('so is a large file that carries an archive at its end or behind a text', async () => {
  const pad = Buffer.alloc(2 * windowSize, 'x\n');
  const jar = buildZip([{ name: 'a', content: 'x' }], Buffer.concat([Buffer.from('#!/bin/bash\n'), pad]));
  const commented = Buffer.concat([jar, Buffer.from('comment')]);
  commented.writeUInt16LE(7, jar.length - 2);
  const program = buildZip(
    [{ name: 'a', content: 'x' }],
    Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01\0'), pad]),
  );
  const installer = Buffer.concat([Buffer.from('#!/bin/sh\n'), gzipSync('x'), pad]);
  for (const content of [jar, commented, program, installer]) {
    assert.deepEqual(skips(await collect([{ path: '/a', content }])), ['windowed /a', 'size-limit /a']);
  }
  const module = buildZip([{ name: 'a', content: 'x' }], Buffer.concat([Buffer.from('JM\x01\0'), pad]));
  const noted = await collect([{ path: '/java.base.jmod', content: module }]);
  assert.deepEqual([skips(noted), noted.closed], [['windowed /java.base.jmod'], [0]]);
  const script = Buffer.concat([Buffer.from('#!/bin/sh\n'), pad, Buffer.from('PK\x05\x06')]);
  assert.deepEqual(skips(await collect([{ path: '/a', content: script }])), ['windowed /a']);
});

test('outcomes that cannot be put together fail the walk, not the process', async () => {
  const full: FileCache = {
    get: () => undefined,
    put() {
      throw new Error('no room');
    },
  };
  await assert.rejects(collect([{ path: '/a', content: 'a' }], { files: full }), { message: 'no room' });
  const collector = createCollector(localEngine([marks]), [marks], full, defaultLimits);
  const size = batchSize + 1;
  collector.entry({ path: Buffer.from('/a'), type: 'file', mode: 0, uid: 0, gid: 0, size });
  collector.data(Buffer.alloc(size));
  collector.end(true);
  await setTimeout(100);
  await assert.rejects(collector.ready(), { message: 'no room' });
  await assert.rejects(collector.finish(), { message: 'no room' });
});

/** Files that fill several batches, with the same contents under different names, modes and in archives. */
function variety(): File[] {
  const files: File[] = [];
  const archive = buildZip([
    { name: 'a', content: 'MARK-inside HOST-c' },
    { name: 'locked', content: 'x', flags: 1 },
  ]);
  for (let round = 0; round < 6; round++) {
    const padding = 'x'.repeat(700_000);
    files.push(
      { path: `/${round}/unique`, content: `MARK-${round} HOST-a HOST-${round} ${padding}` },
      { path: `/${round}/same`, content: `MARK-same MARK-same HOST-a HOST-b ${padding}` },
      { path: `/${round}/loose`, content: `MARK-same MARK-same HOST-a HOST-b ${padding}`, mode: 0o666 },
      { path: `/${round}/archive`, content: archive },
      { path: `/${round}/loose-archive`, content: archive, mode: 0o777 },
      { path: `/${round}/empty`, content: '', mode: 0o666 },
      { path: `/usr/share/doc/${round}.gz`, content: gzipSync('MARK-closed') },
    );
  }
  return files;
}

test('a report follows the walk, in whatever order the engine answers', async () => {
  const files = variety();
  const expected = plain(await collect(files));
  const late = (batch: number): number => (batch % 3 === 0 ? 30 : batch % 3 === 1 ? 0 : 10);
  assert.deepEqual(plain(await collect(files, { delay: late })), expected);
  assert.deepEqual(
    plain(await collect(files, { delay: (batch) => Math.max(1, 40 - batch * 8), files: memoryCache() })),
    expected,
  );
});

test('what the file cache knows gives the same report as what is inspected anew', async () => {
  const files = variety();
  const cache = memoryCache();
  const first = plain(await collect(files, { files: cache }));
  assert.ok(cache.kept.size > 5);
  let hits = 0;
  const counting: FileCache = {
    get(...key) {
      const known = cache.get(...key);
      if (known !== undefined) hits++;
      return known;
    },
    put: () => assert.fail('nothing is left to inspect'),
  };
  assert.deepEqual(plain(await collect(files, { files: counting })), first);
  assert.deepEqual(first, plain(await collect(files)));
  assert.equal(hits, files.length);
});

test('compressed documentation stays closed and is noted, the same bytes elsewhere are opened', async () => {
  const content = gzipSync('MARK-zipped');
  const files = ['/usr/share/man/a.gz', '/usr/share/doc/a.tar.gz', '/opt/a.gz'].map((path) => ({
    path,
    content,
  }));
  for (const list of [files, files.toReversed()]) {
    const report = await collect(list, { files: memoryCache() });
    const paths = report.findings.map(({ ordinal }) => report.entries.path(ordinal).toString()).sort();
    assert.deepEqual(paths, ['/opt/a.gz', '/usr/share/doc/a.tar.gz']);
    assert.deepEqual(report.closed, [list.indexOf(files[0] ?? assert.fail())]);
    assert.deepEqual(report.skipped, []);
  }
});

test('a compressed format without a decoder is noted, inside of an archive too', async () => {
  const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0, 0]);
  const report = await collect([
    { path: '/a', content: 'text' },
    { path: '/b.xz', content: xz },
    { path: '/c.zip', content: buildZip([{ name: 'd.xz', content: xz }]) },
  ]);
  assert.deepEqual(report.closed, [1, 2]);
  assert.deepEqual(report.skipped, []);
});

test('a broken archive is a hole, in test data it is noted', async () => {
  const content = buildZip([{ name: 'a', content: 'x' }]).subarray(0, -1);
  const report = await collect([
    { path: '/opt/a.zip', content },
    { path: '/opt/testdata/a.zip', content },
  ]);
  assert.deepEqual(skips(report), ['truncated /opt/a.zip!(directory)']);
  assert.deepEqual(report.closed, [1]);
});

test('a file that broke off has no hash and teaches the file cache nothing', async () => {
  const whole = gzipSync('MARK-zipped');
  for (const size of [whole.length + 1, batchSize + 1]) {
    const files = memoryCache();
    const report = await collect([{ path: '/a.gz', content: whole, size }], { files });
    assert.equal(report.entries.sha256(0), undefined);
    assert.equal(report.bytes, whole.length);
    assert.equal(files.kept.size, 0);
    assert.deepEqual(seen(await collect([{ path: '/a.gz', content: whole }], { files })), [
      'MARK-zipped in text at 0',
    ]);
  }
  const large = Buffer.alloc(windowSize + 1);
  large.write('MARK-large ', 1000);
  const report = await collect([{ path: '/large', content: large, size: 3 * windowSize }]);
  assert.equal(report.entries.sha256(0), undefined);
  assert.equal(report.findings[0]?.sha256, '');
});

test('a fault is an error or a time limit, and is not kept for the same bytes', async () => {
  const faulty: Detector = {
    ...marks,
    inspect(file) {
      if (file.bytes.includes('SLOW')) throw new WaterguardError('limit', 'too slow');
      throw new Error('broken');
    },
  };
  const files = memoryCache();
  const report = await collect(
    [
      { path: '/a', content: 'a' },
      { path: '/b\n', content: 'SLOW' },
    ],
    { detectors: [faulty], files },
  );
  assert.deepEqual(report.errors, [{ where: '/a', code: 'internal', message: 'marks: broken' }]);
  assert.deepEqual(report.skipped, [{ path: '/b\\x0a', reason: 'time-limit', detail: 'marks: too slow' }]);
  assert.equal(files.kept.size, 0);
});

test('files over the limit are named and not read', async () => {
  const report = await collect([{ path: '/a', content: 'MARK-a' }], { limits: { maxFileSize: 5 } });
  assert.deepEqual(skips(report), ['size-limit /a']);
  assert.deepEqual(report.findings, []);
  assert.equal(report.entries.sha256(0), undefined);
});

test('long lists end with a number', async () => {
  const collector = createCollector(localEngine([]), [], noCache, defaultLimits);
  for (let at = 0; at < 1500; at++) collector.skip(`/dev/${at}`, 'device');
  collector.skip(Buffer.from('/dev/\x1b[2J'), 'truncated');
  const { skipped } = await collector.finish();
  assert.equal(skipped.length, 1002);
  assert.deepEqual(skipped.slice(-2), [
    { path: '/dev/\\x1b[2J', reason: 'truncated' },
    { path: '/', reason: 'device', detail: 'and 500 more' },
  ]);
});

test('more findings of a rule than anybody reads are a hole', async () => {
  const report = await collect([{ path: '/a', content: 'MARK-a '.repeat(10_001) }]);
  assert.equal(report.findings.length, 10_000);
  assert.deepEqual(report.skipped, [
    { path: '/', reason: 'entry-limit', detail: 'more than 10000 findings of marks/one' },
  ]);
});

test('an observable keeps its first places and the number of its files', async () => {
  const files = Array.from({ length: 12 }, (_, index) => ({
    path: `/${index}`,
    content: `${index} HOST-a HOST-a`,
  }));
  const { observables } = await collect(files);
  const [one] = observables;
  assert.equal(observables.length, 1);
  assert.equal(one?.files, 12);
  assert.deepEqual(
    one?.places.map(({ ordinal }) => ordinal),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
});

test('an entry that a later one replaces is listed', async () => {
  const report = await collect([
    { path: '/a', content: 'one' },
    { path: '/a', content: 'two' },
  ]);
  assert.deepEqual(skips(report), ['duplicate /a']);
});

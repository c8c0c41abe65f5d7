import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { sampleElf } from '../../test/fixtures/elf-builder.ts';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { buildZip } from '../../test/fixtures/zip-builder.ts';
import { sampleImage } from '../lab/sample.ts';
import { buildTar, file, type TarEntry } from '../lab/tar-builder.ts';
import { WaterguardError } from '../model/error.ts';
import {
  type Detection,
  type Detector,
  type FileRecord,
  fileKinds,
  nothing,
  type OpenFile,
} from './detector.ts';
import { headSize, kindOf } from './kind.ts';
import { makeDetectors } from './list.ts';
import { createLiteralTable } from './literals/table.ts';
import { always } from './need.ts';
import { kindGroups, makePlan } from './plan.ts';
import type { RuleEngine } from './rule-engine.ts';
import { contentOf, readSamples } from './rules/sample.ts';
import { createRunner, type InspectedFile, type Runner } from './runner.ts';
import { shippedSecretRules } from './secrets/load.ts';
import { ruleEngine } from './yara/engine.ts';

const noRules = { groups: [], literals: createLiteralTable() };
const wantAll = { content: true, unfold: true, path: true };

function opened(content: string | Buffer, record: Partial<FileRecord> = {}): InspectedFile {
  const bytes = Buffer.from(content);
  const kind = kindOf(bytes.subarray(0, headSize));
  return {
    path: '/file',
    size: bytes.length,
    mode: 0o644,
    uid: 0,
    gid: 0,
    kind,
    offset: 0,
    ...record,
    bytes,
  };
}

/** A detector that reports whatever `look` says it saw. */
function telling(look: (file: OpenFile) => string | undefined, more: Partial<Detector> = {}): Detector {
  return {
    name: 'test',
    version: 1,
    needs: 'content',
    findings: [],
    wants: () => true,
    inspect(file, deadline) {
      deadline.check();
      const excerpt = look(file);
      return excerpt === undefined ? nothing : found(excerpt);
    },
    ...more,
  };
}

function found(excerpt: string): Detection {
  const kind = { rule: 'test/one', title: 'One', category: 'other', severity: 'info', attack: [] } as const;
  const finding = { ...kind, confidence: 0.5, subject: 'text', offset: 0, length: 1, excerpt } as const;
  return { findings: [finding], observables: [] };
}

function run(detectors: readonly Detector[], engine?: RuleEngine, timeoutMs = 10_000): Runner {
  return createRunner(makePlan(detectors, noRules, engine), detectors, engine, timeoutMs);
}

const excerpts = ({ findings }: Detection): string[] =>
  findings.map((one) => (one.member === undefined ? one.excerpt : `${one.member}: ${one.excerpt}`));

/** Files that detectors were made for: what rules must match and must leave alone, and the sample image. */
async function sampleFiles(): Promise<InspectedFile[]> {
  const folder = fileURLToPath(new URL('../../rules/', import.meta.url));
  const files: InspectedFile[] = [];
  for (const path of globSync('*/*.samples.yaml', { cwd: folder })) {
    for (const { match, clean } of Object.values(await readSamples(folder + path))) {
      for (const one of [...match, ...clean])
        files.push(opened(contentOf(one), { path: one.path ?? '/file' }));
    }
  }
  const entries = sampleImage()
    .layers.flat()
    .filter((one): one is TarEntry => !Buffer.isBuffer(one));
  for (const { path, content = '', mode = 0o644 } of entries) {
    files.push(opened(Buffer.from(content), { path: `/${path}`, mode }));
  }
  return files;
}

const isYara = ({ name }: Detector): boolean => name.startsWith('yara');

test('without a rule engine the other detectors say exactly the same', async () => {
  const engine = ruleEngine();
  const detectors = makeDetectors(shippedSecretRules().rules).filter((one) => !isYara(one));
  const withRules = run(detectors, engine);
  const without = run(detectors, undefined);
  const files = await sampleFiles();
  let findings = 0;
  for (const one of files) {
    const expected = withRules.inspect(one, wantAll);
    assert.deepEqual(without.inspect(one, wantAll), expected, one.bytes.toString('latin1', 0, 200));
    findings += expected.content.findings.length + expected.path.findings.length;
  }
  assert.ok(files.length > 100 && findings > 30, `${findings} findings in ${files.length} files`);
});

test('an anchor has all its places, in order, with and without a rule engine', () => {
  const anchors = {
    word: { text: 'needle' },
    any: { text: 'NeeDle', nocase: true },
    other: { text: 'absent' },
  };
  const counting = telling(
    (one) => ['word', 'any', 'other'].map((name) => places(one.hits(name))).join(' '),
    { anchors },
  );
  const places = (all: readonly number[]): string =>
    `${all.length}:${all.every((at, index) => index === 0 || at > (all[index - 1] ?? 0))}:${all[0]}:${all.at(-1)}`;
  // More than a rule engine lists.
  const content = `NEEDLE ${'needle '.repeat(1500)}`;
  const last = 7 + 7 * 1499;
  for (const engine of [ruleEngine(), undefined]) {
    const { content: detection } = run([counting], engine).inspect(opened(content), wantAll);
    assert.deepEqual(excerpts(detection), [
      `1500:true:7:${last} 1501:true:0:${last} 0:true:undefined:undefined`,
    ]);
  }
});

test('a detector of content learns neither path nor mode nor owner', () => {
  const record = { path: '/secret/place', mode: 0o4755, uid: 7, gid: 8 };
  const look = ({ path, mode, uid, gid, size }: OpenFile): string => [path, mode, uid, gid, size].join();
  const both = [telling(look), telling(look, { name: 'paths', needs: 'path' })];
  const { content, path } = run(both).inspect(opened('hello', record), wantAll);
  assert.deepEqual(excerpts(content), [',0,0,0,5']);
  assert.deepEqual(excerpts(path), [`/secret/place,${0o4755},7,8,5`]);
});

test('only what is wanted runs', () => {
  const both = [telling(() => 'content'), telling(() => 'path', { needs: 'path' })];
  const runner = run(both);
  const contentOnly = runner.inspect(opened('x'), { ...wantAll, path: false });
  assert.deepEqual([excerpts(contentOnly.content), excerpts(contentOnly.path)], [['content'], []]);
  const pathOnly = runner.inspect(opened('x'), { ...wantAll, content: false });
  assert.deepEqual([excerpts(pathOnly.content), excerpts(pathOnly.path)], [[], ['path']]);
});

test('a detector that throws or takes too long becomes a fault, the others go on', () => {
  const broken = telling(
    () => {
      throw new TypeError('no such thing');
    },
    { name: 'broken' },
  );
  const slow: Detector = {
    ...telling(() => undefined, { name: 'slow' }),
    inspect(_, deadline) {
      for (;;) deadline.check();
    },
  };
  const { content, faults } = run([broken, slow, telling(() => 'still here')], undefined, 20).inspect(
    opened('x'),
    wantAll,
  );
  assert.deepEqual(excerpts(content), ['still here']);
  assert.deepEqual(faults, [
    { detector: 'broken', code: 'internal', message: 'no such thing' },
    { detector: 'slow', code: 'limit', message: 'slow took longer than 20 ms' },
  ]);
});

test('rules that run out of time do not blind the other detectors', () => {
  const engine: RuleEngine = {
    name: 'slow',
    version: '1',
    compile: (sources) => ({ bytes: Buffer.alloc(1), accepted: sources.length, refused: [] }),
    load: () => ({
      scan() {
        throw new WaterguardError('limit', 'the rules took too long');
      },
    }),
  };
  const slow = { origin: 'slow.yar', namespace: 'slow', text: 'rule slow { condition: true }' };
  const rules = {
    groups: [{ class: 'any', sources: [slow], needs: [always] } as const],
    literals: createLiteralTable(),
  };
  const detector = telling((one) => `at ${one.hits('word').join()}`, {
    anchors: { word: { text: 'needle' } },
  });
  const runner = createRunner(makePlan([detector], rules, engine), [detector], engine, 10_000);
  const { content, faults } = runner.inspect(opened('a needle'), wantAll);
  assert.deepEqual(excerpts(content), ['at 2']);
  assert.deepEqual(faults, [{ detector: 'yara', code: 'limit', message: 'the rules took too long' }]);
});

test('every kind of file is searched', () => {
  assert.deepEqual(kindGroups.flat().sort(), [...fileKinds].sort());
});

/** Says the content of texts. */
const reader = telling((one) => (one.kind === 'text' ? one.bytes.toString() : undefined));

test('what an archive holds is inspected, and a finding names the member through all levels', () => {
  const runner = run([reader]);
  const zip = buildZip([
    { name: 'a.txt', content: 'one' },
    { name: 'inner.tar.gz', content: gzipSync(buildTar([file('etc/b', 'two')])) },
  ]);
  const { content, faults } = runner.inspect(opened(zip), wantAll);
  assert.deepEqual(excerpts(content), ['a.txt: one', 'inner.tar.gz!etc/b: two']);
  assert.deepEqual(faults, []);
  assert.deepEqual(excerpts(runner.inspect(opened(zip), { ...wantAll, unfold: false }).content), []);
});

test('an archive behind a script is opened too', () => {
  const zipapp = buildZip([{ name: '__main__.py', content: 'print()' }], Buffer.from('#!/usr/bin/python3\n'));
  assert.deepEqual(excerpts(run([reader]).inspect(opened(zipapp), wantAll).content), [
    '__main__.py: print()',
  ]);
});

test('what a script carries behind its text or in base64 is inspected as what it is', () => {
  const kinds = telling((one) => `${one.kind} ${one.bytes.includes('inert')}`);
  const runner = run([kinds]);
  const program = sampleElf({ behindHeaders: Buffer.from('inert '.repeat(20)) });
  const look = (...parts: (string | Buffer)[]): string[] =>
    excerpts(runner.inspect(opened(Buffer.concat(parts.map((one) => Buffer.from(one)))), wantAll).content);
  const tarball = gzipSync(buildTar([file('bin/x', program)]));
  const carrying = '#!/bin/sh\ntail -n +3 "$0" | tar xz\n';
  const at = `(from byte ${carrying.length})`;
  assert.deepEqual(look(carrying, tarball), ['script false', `${at}: archive true`, `${at}!bin/x: elf true`]);
  const writing = '#!/bin/sh\necho ';
  const encoded = `(base64 at byte ${writing.length})`;
  assert.deepEqual(look(writing, program.toString('base64'), ' | base64 -d > x\n'), [
    'script false',
    `${encoded}: elf true`,
  ]);
  assert.deepEqual(look(writing, gzipSync(tarball).toString('base64'), '\n'), [
    'script false',
    `${encoded}: archive false`,
    `${encoded}!(content): archive true`,
    `${encoded}!bin/x: elf true`,
  ]);
  assert.deepEqual(look(gzipSync(Buffer.concat([Buffer.from(carrying), program]))), [
    'archive false',
    '(content): script true',
    `${at}: elf true`,
  ]);
  assert.deepEqual(look('#!/bin/sh\necho "Grüße" | base64 -d\n'), ['script false']);
  const carrier = opened(Buffer.concat([Buffer.from(carrying), tarball]));
  const unopened = runner.inspect(carrier, { ...wantAll, unfold: false });
  assert.deepEqual(excerpts(unopened.content), ['script false']);
});

test('of what lies before and in a zip at the end, nothing is passed over or read twice', () => {
  const carrying = Buffer.concat([Buffer.from('#!/bin/sh\n'), gzipSync('before')]);
  const zip = buildZip([{ name: 'inner.gz', content: gzipSync('inside'), method: 0 }], carrying);
  assert.deepEqual(excerpts(run([reader]).inspect(opened(zip), wantAll).content), [
    'inner.gz!(content): inside',
    '(from byte 10): before',
  ]);
});

test('large members are all read, whatever memory they share', () => {
  const content = (letter: string) => Buffer.concat([Buffer.alloc(1_200_000, letter), Buffer.from('end')]);
  const letters = telling((one) =>
    one.kind === 'text' ? one.bytes.toString('latin1', 1_199_999) : undefined,
  );
  for (const method of [0, 8]) {
    const zip = buildZip(['a', 'b', 'c'].map((name) => ({ name, content: content(name), method })));
    const expected = ['a: aend', 'b: bend', 'c: cend'];
    const script = opened(`#!/bin/sh\necho ${zip.toString('base64')} | base64 -d > x\n`);
    const look = (file: InspectedFile) => excerpts(run([letters]).inspect(file, wantAll).content);
    assert.deepEqual(look(opened(zip)), expected);
    assert.deepEqual(look(opened(gzipSync(zip))), expected);
    assert.deepEqual(
      look(script),
      expected.map((one) => `(base64 at byte 15)!${one}`),
    );
  }
});

test('a hundred archives in each other end at the depth limit, quickly', () => {
  let nested: Buffer = gzipSync('the heart');
  for (let level = 1; level < 100; level++) nested = gzipSync(nested);
  const { content } = run([reader]).inspect(opened(nested), wantAll);
  assert.deepEqual(content.unseen, [
    {
      member: '(content)',
      reason: 'depth-limit',
      detail: 'archives nested more than 5 deep',
    },
  ]);
});

test('the budget is shared by all levels: a bomb of bombs unfolds no more than one of them', () => {
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024), { level: 9 });
  const bombs = buildTar(Array.from({ length: 50 }, (_, index) => file(`b${index}.gz`, bomb)));
  const used = processorTime();
  const { content } = run([reader]).inspect(opened(gzipSync(bombs)), { ...wantAll, path: false });
  const limited = content.unseen?.filter(({ reason }) => reason === 'ratio-limit') ?? [];
  assert.ok(limited.length >= 48, `${limited.length} members over the limit`);
  assert.ok(used() < 3000);
});

test('a member in a format without a decoder is listed', () => {
  const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0, 0]);
  const { content } = run([reader]).inspect(
    opened(buildTar([file('data.xz', xz), file('a', 'one')])),
    wantAll,
  );
  assert.deepEqual(
    content.unseen?.map(({ member, reason }) => [member, reason]),
    [['data.xz', 'unsupported']],
  );
  assert.deepEqual(excerpts(content), ['a: one']);
});

test('an archive whose members take too long is left there, with a fault', () => {
  const slow: Detector = {
    ...telling(() => undefined),
    inspect() {
      const end = performance.now() + 15;
      while (performance.now() < end);
      return nothing;
    },
  };
  const tar = buildTar(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => file(name, 'x')));
  const { faults } = run([slow], undefined, 40).inspect(opened(gzipSync(tar)), wantAll);
  assert.equal(faults.length, 1);
  assert.match(
    `${faults[0]?.code} ${faults[0]?.message}`,
    /^limit the archive took longer than 40 ms; \w and/,
  );
});

test('of an archive that is not whole, nothing is unfolded', () => {
  const bytes = gzipSync('hello');
  const part = opened(bytes, { size: bytes.length + 1 });
  assert.deepEqual(excerpts(run([reader]).inspect(part, wantAll).content), []);
});

/**
 * Bad input through the command line, as users and pipelines meet it: a clear error or a named hole, the exit code
 * that docs/scanning.md states, no crash, no hang, nothing written outside the cache.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { symlink as link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import {
  buildDockerArchive,
  buildImage,
  buildOciArchive,
  buildOciLayout,
  buildTar,
  damage,
  file,
  hardlink,
  type ImageSpec,
  symlink,
} from '../src/lab/image-builder.ts';
import { eicar } from '../src/lab/sample.ts';
import type { ImageReport } from '../src/model/report.ts';
import { writeStored } from './fixtures/stored-layer.ts';
import { openWorkplace, type Workplace } from './scan-command.ts';

let place: Workplace;

before(async () => {
  place = await openWorkplace();
});

after(() => place.close());

const packers = [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const;

function holes({ coverage }: ImageReport): string[] {
  return coverage.skipped.map(({ reason, path }) => `${reason} ${path}`);
}

function holeReasons({ coverage }: ImageReport): string[] {
  return [...coverage.skipped.map(({ reason }) => reason), ...coverage.errors.map(({ code }) => code)];
}

describe('a layer with hostile entries', () => {
  it('writes nothing outside: names that leave the root are read inside it and listed', async () => {
    const outside = join(place.home, 'escaped');
    const target = await place.layout('traversal', {
      layers: [
        [file(`${'../'.repeat(20)}${outside.slice(1)}`, eicar()), file(outside, 'absolute'), file('..', 'x')],
      ],
    });
    const seen = await place.report(target, 3);
    assert.ok(holes(seen).includes(`unsupported ${outside}`));
    assert.equal(seen.findings[0]?.rule, 'yara/eicar');
    assert.equal(existsSync(outside), false);
  });

  it('is read although it has devices, link loops and links that lead out', async () => {
    const target = await place.layout('links', {
      layers: [
        [
          { path: 'dev/sda', type: 'blockdev' },
          { path: 'dev/console', type: 'chardev' },
          { path: 'run/pipe', type: 'fifo' },
          symlink('a', 'b'),
          symlink('b', 'a'),
          symlink('self', 'self'),
          symlink('up', '../../../../../../etc'),
          hardlink('h1', 'h2'),
          hardlink('h2', 'h1'),
          hardlink('up/passwd', '/etc/passwd'),
          file('a/b/c', eicar()),
        ],
      ],
      config: { Entrypoint: ['/a'], Cmd: ['/up/x'] },
    });
    const seen = await place.report(target, 0);
    assert.deepEqual(holes(seen), ['device /dev/sda', 'device /dev/console']);
    assert.equal(seen.findings[0]?.evidence[0]?.path, '/a/b/c');
  });
});

describe('a layer that is not what it claims', () => {
  const spec: ImageSpec = { layers: [[file('etc/a', 'one')], [file('eicar', eicar())]] };

  it('is a hole where its digest is wrong', async () => {
    const dir = join(place.images, 'wrong-digest');
    const { layers } = await buildOciLayout(dir, spec);
    const other = buildImage({ layers: [[file('eicar', 'fine')]] }).layers[0];
    const path = join(dir, 'blobs', layers[1]?.digest.replace(':', '/') ?? '');
    await writeFile(path, other?.bytes ?? '');
    const seen = await place.report(`oci:${dir}`, 3);
    assert.equal(seen.verdict, 'incomplete');
    assert.ok(holeReasons(seen).some((reason) => reason === 'digest-mismatch' || reason === 'truncated'));
  });

  it('is a hole where its diffID is wrong, and is read all the same', async () => {
    const diffIds = ['0', '1'].map((digit) => `sha256:${digit.repeat(64)}`);
    const overrides = { rootfs: { type: 'layers', diff_ids: diffIds } };
    const seen = await place.report(await place.layout('wrong-diff-id', { ...spec, overrides }), 3);
    assert.ok(holeReasons(seen).includes('digest-mismatch'));
    assert.ok(seen.findings.some(({ rule }) => rule === 'yara/eicar'));
  });

  it('is a hole where it is cut off, compressed or inside', async () => {
    const tar = buildTar([file('a', 'x'.repeat(5000)), file('b', eicar())]);
    const cutTar = await place.report(await place.layout('cut-tar', { layers: [tar.subarray(0, 3000)] }), 3);
    assert.ok(holeReasons(cutTar).includes('truncated'));
    for (const [name, pack] of packers) {
      const packed = pack(tar);
      const dir = join(place.images, `cut-${name}`);
      await writeStored(dir, tar, packed.subarray(0, packed.length - 9));
      assert.ok(holeReasons(await place.report(`oci:${dir}`, 3)).includes('truncated'));
    }
  });

  it('is a hole where garbage follows it', async () => {
    const tar = buildTar([file('b', eicar())]);
    for (const [name, pack] of packers) {
      const dir = join(place.images, `garbage-${name}`);
      await writeStored(dir, tar, Buffer.concat([pack(tar), Buffer.from('more')]));
      const seen = await place.report(`oci:${dir}`, 3);
      assert.ok(holeReasons(seen).includes('unsupported'), JSON.stringify(seen.coverage));
      assert.ok(seen.findings.some(({ rule }) => rule === 'yara/eicar'));
    }
  });

  it('is a hole where it is missing from its layout', async () => {
    const dir = join(place.images, 'missing-layer');
    const { layers } = await buildOciLayout(dir, {
      layers: [[file('etc/b', 'not in any cache')], ...spec.layers],
    });
    await rm(join(dir, 'blobs', layers[0]?.digest.replace(':', '/') ?? ''));
    const seen = await place.report(`oci:${dir}`, 3);
    assert.ok(holeReasons(seen).includes('missing'));
    assert.ok(seen.findings.some(({ rule }) => rule === 'yara/eicar'));
  });
});

describe('what unpacks to far more than it is', () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);

  it('is given up as a file in a layer', async () => {
    const seen = await place.report(
      await place.layout('file-bombs', {
        layers: [
          [
            file('gzip.gz', gzipSync(Buffer.concat([zeros, zeros, zeros]))),
            file('zstd.zst', zstdCompressSync(Buffer.concat([zeros, zeros, zeros]))),
          ],
        ],
      }),
      3,
    );
    assert.deepEqual(holes(seen), ['ratio-limit /gzip.gz!(content)', 'ratio-limit /zstd.zst!(content)']);
  });

  it('is not followed through a hundred archives', async () => {
    let nested: Buffer = Buffer.from(eicar());
    for (let level = 0; level < 100; level++)
      nested = level % 2 === 0 ? gzipSync(nested) : zstdCompressSync(nested);
    const seen = await place.report(await place.layout('nested', { layers: [[file('n.gz', nested)]] }), 3);
    assert.deepEqual(
      seen.coverage.skipped.map(({ reason }) => reason),
      ['depth-limit'],
    );
  });
});

describe('what cannot be scanned', () => {
  it('ends with 2 and says what to do', async () => {
    const empty = join(place.images, 'empty');
    await mkdir(empty);
    const text = join(place.images, 'text');
    await writeFile(text, 'not an archive');
    await place.refusal(`oci:${join(place.images, 'nowhere')}`, /no directory .*nowhere/);
    await place.refusal(`oci:${empty}`, /is not an OCI layout/);
    await place.refusal(`oci-archive:${join(place.images, 'nowhere.tar')}`, /nowhere\.tar/);
    await place.refusal(`docker-archive:${text}`, /text/);
    await place.refusal(`oci-archive:${text}`, /text/);
    await place.refusal(`dir:${join(place.images, 'nowhere')}`, /no directory .*nowhere/);
    await place.refusal(`docker-archive:${empty}`, /empty/);
    await place.refusal('UPPER/case:tag', /UPPER/);
  });

  it('is a manifest or configuration that does not have its digest', async () => {
    for (const part of ['manifest', 'config'] as const) {
      const dir = join(place.images, `wrong-${part}`);
      const image = await buildOciLayout(dir, { layers: [[file('a')]] });
      await damage(join(dir, 'blobs', image[part].digest.replace(':', '/')), (bytes) =>
        Buffer.from(bytes.toString().replace('{', '{ ')),
      );
      await place.refusal(`oci:${dir}`, /digest|longer than/);
    }
  });

  it('is an archive that breaks off before its index', async () => {
    const path = join(place.images, 'cut.tar');
    await buildOciArchive(path, { layers: [[file('a', 'x'.repeat(4000))]] });
    await damage(path, (bytes) => bytes.subarray(0, 1500));
    await place.refusal(`oci-archive:${path}`, /cut\.tar/);
    const docker = join(place.images, 'cut-docker.tar');
    await buildDockerArchive(docker, [{ layers: [[file('a', 'x'.repeat(4000))]] }]);
    await damage(docker, (bytes) => bytes.subarray(0, 1500));
    await place.refusal(`docker-archive:${docker}`, /cut-docker\.tar/);
  });

  it('is 3 beside something that can', async () => {
    const readable = await place.layout('beside', { layers: [[file('a', 'b')]] });
    const { code, stderr } = await place.scan(
      readable,
      `oci:${join(place.images, 'nowhere')}`,
      '--format',
      'json',
    );
    assert.equal(code, 3);
    assert.match(stderr, /nowhere/);
  });

  it('is an empty directory', async () => {
    const empty = join(place.images, 'empty-directory');
    await mkdir(empty);
    await place.refusal(`dir:${empty}`, /is empty/);
  });

  it('is not a directory with link loops: no link is followed', async () => {
    const dir = join(place.images, 'loops');
    await mkdir(join(dir, 'deep'), { recursive: true });
    await link('..', join(dir, 'deep/up'));
    await link('/', join(dir, 'root'));
    await link('self', join(dir, 'self'));
    await writeFile(join(dir, 'deep/eicar'), eicar());
    const seen = await place.report(`dir:${dir}`, 0);
    assert.equal(seen.coverage.files, 1);
    assert.equal(seen.verdict, 'malicious');
  });
});

describe('a rule that never ends', () => {
  it('is cut short by the time limit and leaves a hole', async () => {
    const rules = join(place.images, 'endless-rules');
    await mkdir(rules);
    await writeFile(
      join(rules, 'endless.yar'),
      'rule endless { condition: for any i in (0..filesize) : (for any j in (0..filesize) : (uint8(i) + uint8(j) == 512)) }\n',
    );
    const target = await place.layout('endless', {
      layers: [[file('data', Buffer.alloc(8 * 1024 * 1024, 'inert '))]],
    });
    const seen = await place.report(target, 3, '--rules', rules, '--timeout', '5s');
    assert.equal(seen.verdict, 'incomplete');
    assert.ok(holeReasons(seen).some((reason) => reason === 'time-limit' || reason === 'limit'));
  });
});

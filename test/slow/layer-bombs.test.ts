/** Layers of ten gigabytes of zeros, under the limits that every scan has: their ratio counts from the eighth on. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { buildTar, file } from '../../src/lab/image-builder.ts';
import { eicar } from '../../src/lab/sample.ts';
import { writeStored } from '../fixtures/stored-layer.ts';
import { openWorkplace, type Workplace } from '../scan-command.ts';

describe('a layer that unpacks to far more than it is', () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  let place: Workplace;
  before(async () => {
    place = await openWorkplace();
  });
  after(() => place.close());

  for (const [name, pack] of [
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const) {
    it(`is given up, packed with ${name}`, async () => {
      const bomb = Buffer.concat([
        pack(buildTar([file('eicar', eicar())])),
        ...new Array<Buffer>(160).fill(pack(zeros)),
      ]);
      const dir = join(place.images, name);
      await writeStored(dir, Buffer.alloc(0), bomb);
      const { coverage, findings } = await place.report(`oci:${dir}`, 3);
      const reasons = [
        ...coverage.skipped.map(({ reason }) => reason),
        ...coverage.errors.map(({ code }) => code),
      ];
      assert.ok(reasons.some((reason) => reason === 'ratio-limit' || reason === 'limit'));
      assert.ok(
        findings.some(({ rule }) => rule === 'yara/eicar'),
        'what came before it is reported',
      );
    });
  }
});

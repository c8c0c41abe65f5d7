/** Platforms without the native rule engine: every other detector runs, and nothing is called clean. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildOciLayout, file, type ImageSpec } from '../src/lab/image-builder.ts';
import { sampleImage } from '../src/lab/sample.ts';
import type { ImageReport } from '../src/model/report.ts';
import { shareCache } from './fixtures/shared-cache.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-without-rules-'));
shareCache(join(root, '.cache'));
after(() => rmSync(root, { recursive: true }));

interface Scanned {
  readonly code: number | null;
  readonly report: ImageReport;
}

/** Scans the image with and without the rule engine, with one cache for both. */
async function scanTwice(
  name: string,
  image: ImageSpec,
): Promise<{ readonly whole: Scanned; readonly bare: Scanned }> {
  const dir = join(root, name);
  await buildOciLayout(dir, image);
  const program = join(import.meta.dirname, '../waterguard');
  const scan = (options: string): Scanned => {
    const env = { PATH: process.env.PATH, HOME: root, NODE_OPTIONS: options };
    const { status, stdout, stderr } = spawnSync(program, ['scan', `oci:${dir}`, '--format', 'json'], {
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.equal(stderr, '');
    return { code: status, report: JSON.parse(stdout) };
  };
  const whole = scan('');
  return { whole, bare: scan(`--import ${join(import.meta.dirname, 'fixtures/without-yara.ts')}`) };
}

test('a clean image is incomplete, and the message says what is missing and what to do', async () => {
  const { whole, bare } = await scanTwice('clean', { layers: [[file('etc/hostname', 'host\n')]] });
  assert.deepEqual([whole.report.verdict, whole.code], ['clean', 0]);
  assert.deepEqual([bare.report.verdict, bare.code], ['incomplete', 3]);
  const [hole, ...others] = bare.report.coverage.skipped;
  assert.equal(hole?.reason, 'detector-missing');
  assert.match(hole?.detail ?? '', /@litko\/yara-x-linux-x64-gnu.*npm ci/);
  assert.deepEqual(others, []);
});

test('the other detectors find what they find', async () => {
  const { whole, bare } = await scanTwice('sample', sampleImage());
  assert.equal(bare.report.verdict, 'malicious');
  const rules = ({ report }: Scanned): string[] => report.findings.map((one) => `${one.rule} ${one.id}`);
  assert.deepEqual(
    rules(bare),
    rules(whole).filter((one) => rules(bare).includes(one)),
  );
  assert.ok(rules(bare).some((one) => one.startsWith('miner/')));
  assert.ok(rules(whole).length > rules(bare).length, 'the rules add to it');
  assert.equal(bare.report.coverage.cachedLayers, 0, 'a report made with rules is not taken for one without');
});

/**
 * One image in every form in which it travels gives one report: the same findings with the same ids, verdict and
 * indicators, whoever hands it over.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildDockerArchive, type DockerForm } from '../src/lab/image-builder.ts';
import { sampleImage } from '../src/lab/sample.ts';
import type { ImageReport } from '../src/model/report.ts';
import { type Registry, startRegistry } from './fixtures/docker-registry.ts';
import { skipWithout } from './fixtures/programs.ts';
import { describeReport } from './fixtures/scanner.ts';
import { openWorkplace, type Workplace } from './scan-command.ts';

const image = sampleImage();

describe('one image gives the same findings', () => {
  let place: Workplace;
  let expected: Comparable;
  before(async () => {
    place = await openWorkplace();
    expected = comparable(await place.report(await place.layout('base', image), 0));
    assert.equal(expected.verdict, 'malicious');
    assert.ok(expected.findings.length >= 4, expected.findings.join('\n'));
  });
  after(() => place.close());

  const same = async (target: string, ...flags: readonly string[]): Promise<void> => {
    const report = await place.report(target, 0, ...flags);
    assert.deepEqual(comparable(report), expected, `${target}\n${describeReport(report)}`);
  };

  it('with and without the cache', async () => {
    const base = `oci:${place.images}/base`;
    await same(base);
    await same(base, '--no-cache');
  });

  it('from the archives of docker save, old and new, and of skopeo', async () => {
    for (const form of ['legacy', 'oci', 'skopeo'] satisfies DockerForm[]) {
      const path = join(place.images, `${form}.tar`);
      await buildDockerArchive(path, [{ ...image, tags: ['example/app:1'] }], { form });
      await same(`docker-archive:${path}`);
    }
  });

  it('from an archive whose layers are gzip', async () => {
    const path = join(place.images, 'compressed.tar');
    await buildDockerArchive(path, [{ ...image, compression: 'gzip' }], { form: 'oci', outer: 'gzip' });
    await same(`docker-archive:${path}`);
  });

  describe('when skopeo', { skip: skipWithout('skopeo') }, () => {
    const copy = (to: string, ...flags: readonly string[]): void => {
      const from = `oci:${place.images}/base:latest`;
      execFileSync('skopeo', ['copy', '--quiet', '--insecure-policy', ...flags, from, to], { stdio: 'pipe' });
    };

    it('copies it to a layout with zstd or plain layers, and to archives', async () => {
      copy(`oci:${place.images}/zstd:1`, '--dest-compress-format', 'zstd', '--dest-compress');
      copy(`oci:${place.images}/plain:1`, '--dest-decompress');
      copy(`oci-archive:${place.images}/oci.tar:1`);
      copy(`docker-archive:${place.images}/docker.tar:example/app:1`);
      await same(`oci:${place.images}/zstd:1`);
      await same(`oci:${place.images}/plain`);
      await same(`oci-archive:${place.images}/oci.tar`);
      await same(`docker-archive:${place.images}/docker.tar`);
    });

    it('writes an archive, its layers are known only as long as their bytes are the same', async () => {
      const path = `${place.images}/changed.tar`;
      copy(`docker-archive:${path}:example/app:1`);
      await same(`docker-archive:${path}`);
      const known = await place.report(`docker-archive:${path}`, 0);
      assert.equal(known.coverage.cachedLayers, known.coverage.layers);
      const archive = readFileSync(path);
      archive.write('X', archive.indexOf('ID=sample'));
      writeFileSync(path, archive);
      const changed = await place.report(`docker-archive:${path}`, 3);
      assert.equal(changed.coverage.cachedLayers, known.coverage.layers - 1);
      assert.ok(changed.coverage.skipped.some((one) => one.reason === 'digest-mismatch'));
    });
  });

  describe('from docker-registry', { skip: skipWithout('skopeo', 'docker-registry') }, () => {
    let registry: Registry | undefined;
    before(async () => {
      registry = await startRegistry(join(place.images, 'registry'));
    });
    after(() => registry?.process.kill());

    it('by tag and by digest, in both manifest formats', async () => {
      assert.ok(registry);
      const from = `oci:${place.images}/base:latest`;
      for (const format of ['oci', 'v2s2']) {
        const name = `${registry.host}/example/app:${format}`;
        const flags = ['--quiet', '--insecure-policy', '--dest-tls-verify=false', '--format', format];
        execFileSync('skopeo', ['copy', ...flags, from, `docker://${name}`], { stdio: 'pipe' });
        await same(name, '--insecure');
        const { artifact } = await place.report(name, 0, '--insecure');
        await same(`${registry.host}/example/app@${artifact.digest}`, '--insecure');
      }
    });
  });
});

type Comparable = Pick<ImageReport, 'verdict' | 'score' | 'categories' | 'indicators'> & {
  readonly findings: readonly string[];
};

/** What must not depend on the way in which an image came. */
function comparable({ verdict, score, categories, indicators, findings }: ImageReport): Comparable {
  const told = findings.map((one) => {
    const [place] = one.evidence;
    const where = `layer ${place?.layer} ${place?.path}`;
    return `${one.id} ${one.rule} ${one.severity} ${one.confidence} ${one.state} ${one.reachable} ${where}`;
  });
  return { verdict, score, categories, indicators, findings: told };
}

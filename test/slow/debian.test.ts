/**
 * Images of Debian packages are clean: no finding of medium severity or more, no hole in coverage. Each false
 * positive here is a defect of a rule. The images are built by Debian's own programs and pulled from a registry.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { severityRank } from '../../src/model/finding.ts';
import type { ImageReport } from '../../src/model/report.ts';
import { buildDebianImages, debianPrograms } from '../fixtures/debian.ts';
import { type Registry, startRegistry } from '../fixtures/docker-registry.ts';
import { skipWithout } from '../fixtures/programs.ts';
import { describeReport } from '../fixtures/scanner.ts';
import { openWorkplace, type Workplace } from '../scan-command.ts';

const clean: Readonly<Record<string, string>> = {
  nginx: 'nginx',
  python3: 'python3',
  nodejs: 'nodejs',
  openjdk: 'openjdk-17-jre-headless',
  postgresql: 'postgresql',
  golang: 'golang-go',
  // What administrators install to look at networks is no attack by lying there.
  tools: 'nmap,masscan,hping3,netcat-openbsd,stress,wget,ddclient,tor,aircrack-ng,proxychains4,chkrootkit',
};
/** Debian makes the host keys while it installs the server, so that all containers share them. */
const withHostKeys: Readonly<Record<string, string>> = { ssh: 'openssh-server,cron,sudo' };

describe('an image of Debian packages', { skip: skipWithout(...debianPrograms) }, () => {
  let place: Workplace;
  let registry: Registry;
  let images: ReadonlyMap<string, Promise<string>>;
  before(async () => {
    place = await openWorkplace();
    registry = await startRegistry(join(place.images, 'registry'));
    images = buildDebianImages({ ...clean, ...withHostKeys });
  });
  after(async () => {
    registry?.process.kill();
    await place?.close();
  });

  const scan = async (name: string): Promise<ImageReport> => {
    const layout = await images.get(name);
    const target = `${registry.host}/${name}:1`;
    const flags = ['--quiet', '--insecure-policy', '--dest-tls-verify=false'];
    execFileSync('skopeo', ['copy', ...flags, `oci:${layout}:1`, `docker://${target}`], { stdio: 'pipe' });
    return place.report(target, 0, '--insecure');
  };
  const telling = (report: ImageReport) =>
    report.findings.filter((one) => severityRank(one.severity) >= severityRank('medium'));

  for (const [name, packages] of Object.entries(clean)) {
    it(`with ${packages} is clean`, async () => {
      const report = await scan(name);
      assert.equal(report.verdict, 'clean', describeReport(report));
      assert.deepEqual(telling(report), [], describeReport(report));
      assert.deepEqual(report.coverage.errors, []);
      assert.ok(report.coverage.files > 2000);
    });
  }

  it('with an SSH server is risky for its host keys and nothing else', async () => {
    const report = await scan('ssh');
    assert.equal(report.verdict, 'risky', describeReport(report));
    for (const one of telling(report)) {
      assert.equal(one.category, 'embedded-secret', describeReport(report));
      assert.match(one.evidence[0]?.path ?? '', /^\/etc\/ssh\/ssh_host_[a-z0-9]+_key$/);
    }
  });
});

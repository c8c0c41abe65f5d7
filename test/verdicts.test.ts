/**
 * What `waterguard scan` says and how it exits, on images whose truth is known: which layer and history line a
 * finding belongs to, what a wallet is, what ignoring and thresholds do. The verdicts by category are in
 * `verdicts/`.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { file, type ImageSpec, whiteout } from '../src/lab/image-builder.ts';
import { eicar, inventWallet, sampleImage } from '../src/lab/sample.ts';
import type { ImageReport } from '../src/model/report.ts';
import { assertReport, ruleOf, scan } from './fixtures/scanner.ts';
import { openWorkplace, type Workplace } from './scan-command.ts';

describe('waterguard scan', () => {
  let place: Workplace;
  let folder = '';
  let images = 0;
  before(async () => {
    place = await openWorkplace();
    folder = place.images;
  });
  after(() => place.close());

  const layout = (image: ImageSpec) => place.layout(`image${images++}`, image);
  const run = (...args: readonly string[]) => place.scan(...args);
  const report = (target: string, ...flags: readonly string[]) => place.report(target, 0, ...flags);

  const deleted: ImageSpec = {
    layers: [
      [file('etc/os-release', 'ID=sample\n')],
      [file('opt/eicar.com', eicar())],
      [whiteout('opt/eicar.com')],
    ],
    history: [
      'ADD rootfs / # buildkit',
      'COPY eicar.com /opt/ # buildkit',
      'RUN /bin/sh -c rm /opt/eicar.com # buildkit',
    ],
    config: { Cmd: ['sh'] },
  };
  const pools = (user: string): string =>
    JSON.stringify({
      pools: [{ url: 'stratum+tcp://pool.example.com:4444', user, algo: 'rx/0' }],
      'donate-level': 1,
    });
  const miner = (user: string): ImageSpec => ({
    layers: [[file('m', '#!/bin/sh\n', { mode: 0o755 }), file('c.json', pools(user))]],
    config: { Entrypoint: ['/m', '-c', '/c.json'] },
  });

  it('finds the EICAR file that a later layer deletes, with the layer and line that added it', async () => {
    const found = await scan(deleted);
    assertReport(found, { verdict: 'suspicious', categories: ['other'], rule: 'yara/eicar' });
    const finding = ruleOf(found, 'yara/eicar');
    assert.equal(finding?.state, 'deleted');
    assert.deepEqual([finding?.evidence[0]?.layer, finding?.evidence[0]?.path], [1, '/opt/eicar.com']);
    assert.match(found.artifact.layers[1]?.createdBy ?? '', /^COPY eicar\.com/);
  });

  it('calls EICAR malicious where it is still there, and text that quotes it nothing', async () => {
    const config = { Cmd: ['sh'] };
    const kept = await scan({ layers: [[file('opt/eicar.com', `${eicar()}\n`)]], config });
    assertReport(kept, { verdict: 'malicious', categories: ['other'] });
    const quoted = `The test file of EICAR is the line ${eicar()} and nothing else; this page merely quotes it.\n`;
    const page = await scan({ layers: [[file('srv/page.txt', quoted)]], config });
    assertReport(page, { verdict: 'clean' });
  });

  it('takes a wallet for one only with a valid checksum', async () => {
    const wallet = inventWallet();
    const at = 40;
    const broken = wallet.slice(0, at) + (wallet[at] === 'x' ? 'y' : 'x') + wallet.slice(at + 1);
    const wallets = async (user: string) => {
      const found = await scan(miner(user));
      return found.indicators.filter((one) => one.type === 'wallet').map((one) => one.value);
    };
    assert.deepEqual(await wallets(wallet), [wallet]);
    assert.deepEqual(await wallets(broken), []);
  });

  it('exits 1 where the threshold is reached, and only then', async () => {
    const bad = await layout(miner(inventWallet()));
    const secret = await layout({
      ...deleted,
      layers: [[file('etc/os-release', 'ID=sample\n')]],
      history: [],
    });
    assert.equal((await run(bad, '--fail-on', 'malicious')).code, 1);
    assert.equal((await run(bad, '--fail-on', 'critical')).code, 1);
    assert.equal((await run(bad)).code, 0);
    assert.equal((await run(secret, '--fail-on', 'low')).code, 0);
    assert.equal((await run(secret, '--fail-on', 'info')).code, 1);
    assert.equal((await run(await layout(deleted), '--fail-on', 'malicious')).code, 0);
  });

  it('leaves ignored findings out of the verdict until the entry expires, and lists them', async () => {
    const target = await layout(deleted);
    const ignore = async (expires: string): Promise<ImageReport> => {
      const path = join(folder, `ignore-${expires}.yaml`);
      await writeFile(
        path,
        `- rule: yara/eicar\n  path: /opt/**\n  reason: tests the scanner\n  expires: ${expires}\n`,
      );
      return report(target, '--ignore', path);
    };
    const open = await ignore('2999-12-31');
    assertReport(open, { verdict: 'clean' });
    assert.equal(ruleOf(open, 'yara/eicar')?.ignored?.reason, 'tests the scanner');
    assert.deepEqual(open.categories, []);
    assertReport(await ignore('2020-01-01'), { verdict: 'suspicious' });
  });

  it('refuses an ignore entry without reason or date, and what cannot be read', async () => {
    const path = join(folder, 'bad.yaml');
    await writeFile(path, '- rule: yara/eicar\n');
    const refused = await run(await layout(deleted), '--ignore', path);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /reason/);
    assert.equal((await run(`oci:${folder}/nothing-here`)).code, 2);
    assert.equal((await run(await layout(deleted), `oci:${folder}/nothing-here`)).code, 3);
  });

  it('scans a directory, with paths below it', async () => {
    const root = join(folder, 'tree');
    await mkdir(join(root, 'etc/cron.d'), { recursive: true });
    await writeFile(join(root, 'etc/cron.d/x'), '* * * * * root /opt/m -c /opt/c.json\n');
    await mkdir(join(root, 'opt'));
    await writeFile(join(root, 'opt/m'), '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(join(root, 'opt/c.json'), pools(inventWallet()));
    const found = await report(`dir:${root}`);
    assertReport(found, { verdict: 'malicious', categories: ['cryptomining'], reachable: true });
    assert.equal(ruleOf(found, 'miner/config')?.evidence[0]?.path, '/opt/c.json');
    assert.equal(found.artifact.kind, 'directory');
  });

  it('says the same the second time, from its cache', async () => {
    const target = await layout(sampleImage());
    const first = await report(target);
    const second = await report(target);
    assert.equal(first.coverage.cachedLayers, 0);
    assert.equal(second.coverage.cachedLayers, second.coverage.layers);
    assert.deepEqual(second.findings, first.findings);
    assertReport(second, { verdict: 'malicious', categories: ['cryptomining', 'embedded-secret'] });
  });
});

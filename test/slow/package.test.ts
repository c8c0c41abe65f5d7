/** What `npm pack` makes of a clean checkout is the same program, started as npm would link it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildOciLayout } from '../../src/lab/image-builder.ts';
import { sampleImage } from '../../src/lab/sample.ts';
import type { ImageReport } from '../../src/model/report.ts';
import { version } from '../../src/package.ts';
import { skipWithout } from '../fixtures/programs.ts';

const root = join(import.meta.dirname, '../..');
const place = mkdtempSync(join(tmpdir(), 'waterguard-package-'));
const installed = join(place, 'installed');
const target = `oci:${join(place, 'image')}`;
after(() => rmSync(place, { recursive: true }));

/** Of the caller's settings nothing, so that npm neither reads nor writes what is his. */
const env = {
  PATH: [join(place, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
  HOME: place,
  npm_config_offline: 'true',
};

function run(program: string, args: readonly string[], cwd = place): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 300_000,
  });
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

describe('the package', { skip: skipWithout('npm', 'tar') }, () => {
  before(async () => {
    const checkout = join(place, 'checkout');
    const left = new Set(['node_modules', 'dist', '.git'].map((name) => join(root, name)));
    cpSync(root, checkout, { recursive: true, filter: (path) => !left.has(path) });
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
    run('npm', ['pack', '--silent', '--pack-destination', place], checkout);
    mkdirSync(installed);
    run('tar', ['-xzf', join(place, `waterguard-${version}.tgz`), '-C', installed]);
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
    mkdirSync(join(place, 'bin'));
    symlinkSync('../installed/package/waterguard', join(place, 'bin/waterguard'));
    await buildOciLayout(join(place, 'image'), sampleImage());
  });

  it('holds what runs, and neither sources nor tests', () => {
    const files = readdirSync(join(installed, 'package'), { recursive: true, encoding: 'utf8' });
    for (const name of ['LICENSE', 'NOTICE', 'dist/bin.js', 'rules/lists/ATTRIBUTION.md']) {
      assert.ok(files.includes(name), name);
    }
    assert.deepEqual(
      files.filter((name) => /\.ts$|\.test\.|^(?:src|test|node_modules)/.test(name)),
      [],
    );
    assert.notEqual(statSync(join(installed, 'package/waterguard')).mode & 0o111, 0);
  });

  it('says its version', () => {
    assert.equal(run('waterguard', ['--version']), `${version}\n`);
  });

  it('finds what the checkout finds', () => {
    const scan = (program: string): ImageReport =>
      JSON.parse(run(program, ['scan', target, '--no-cache', '--format', 'json']));
    const report = scan('waterguard');
    const expected = scan(join(root, 'waterguard'));
    assert.equal(report.verdict, 'malicious');
    assert.deepEqual(report.tool, expected.tool);
    assert.deepEqual(report.findings, expected.findings);
    assert.deepEqual(report.coverage, expected.coverage);
  });
});

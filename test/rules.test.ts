/** `waterguard rules`, and the rules that users bring to `waterguard scan`, through the command line. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { engineAvailable } from '../src/detect/yara/engine.ts';
import { shareCache } from './fixtures/shared-cache.ts';

const engine = engineAvailable();
const present: { skip: string | false } = { skip: 'missing' in engine ? engine.missing : false };
const root = mkdtempSync(join(tmpdir(), 'waterguard-rules-cli-'));
shareCache(join(root, 'cache'), ['code']);
after(() => rmSync(root, { recursive: true }));

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** With a home of its own, so that neither the developer's rules nor their cache have a part in it. */
function waterguard(...args: readonly string[]): Promise<Result> {
  const env = { ...process.env, XDG_DATA_HOME: join(root, 'data'), XDG_CACHE_HOME: join(root, 'cache') };
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { env, maxBuffer: 1 << 26 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

function folder(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

const good = 'rule good { strings: $a = "needle-in-hay" condition: $a }';
const acme = (more = '') =>
  `waterguard: 1\nsource: {author: Acme, licence: BSD-2-Clause}\nrules:\n  - {id: acme-token, title: Acme token, ` +
  `severity: high, confidence: 0.8, keywords: [acme_], regex: 'acme_[a-z0-9]{20}'${more}}\n`;
const tested = acme(`, match: ['acme_<lower:20>'], reject: ['acme_short']`);

describe('rules list', () => {
  test('shows YARA rules, text rules and what detectors find by themselves', async () => {
    const { code, out } = await waterguard('rules', 'list');
    assert.equal(code, 0);
    for (const rule of [
      'yara/eicar',
      'secrets/aws-key-pair',
      'miner/config',
      'configuration/reverse-shell',
    ]) {
      assert.ok(out.includes(` ${rule} `), rule);
    }
    assert.match(out, /ruleset sha256:[0-9a-f]{64}/);
  });

  test('as JSON has the same ruleset as a report, and names refused rules printably', present, async () => {
    const dir = folder('list', {
      'a.yar': good,
      'b.yaml': acme(", entropi: '\\u001b[31m'"),
      'c\x1b.yar': 'rule x {',
    });
    const { code, out } = await waterguard('rules', 'list', '--rules', dir, '--format', 'json');
    assert.equal(code, 0);
    const list = JSON.parse(out);
    assert.equal(list.schemaVersion, 1);
    assert.ok(list.rules.some((one: { rule: string }) => one.rule === 'yara/list/a/good'));
    assert.deepEqual(list.refused.map((one: { rule: string }) => one.rule).sort(), ['acme-token', 'x']);
    const scan = await waterguard('scan', `dir:${dir}`, '--rules', dir, '--format', 'json');
    assert.equal(JSON.parse(scan.out).tool.ruleset, list.ruleset);
    const table = await waterguard('rules', 'list', '--rules', dir);
    assert.ok(!table.out.includes('\x1b'));
    assert.match(table.out, /Refused \(2\)/);
  });

  test('of a folder that does not exist is wrong usage', async () => {
    const { code, err } = await waterguard('rules', 'list', '--rules', join(root, 'nonesuch'));
    assert.equal(code, 2);
    assert.match(err, /nonesuch: no such rule folder/);
  });

  test('of a folder without rules is wrong usage, as a scan with it is', async () => {
    const dir = folder('no-rules', { 'readme.txt': 'rule x {', 'workflow.yaml': 'jobs: []' });
    for (const command of [
      ['rules', 'list'],
      ['scan', `dir:${dir}`],
    ]) {
      const { code, out, err } = await waterguard(...command, '--rules', dir);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, /no-rules: no rules there/);
    }
  });
});

describe('rules test', () => {
  test('passes the shipped rules', present, async () => {
    const { code, out } = await waterguard('rules', 'test');
    assert.match(out, /^\d{3} rules, \d{3} samples: .* 0 fail\n$/);
    assert.equal(code, 0);
  });

  test('ends with 1 and says which sample fails', present, async () => {
    const dir = folder('test', {
      'a.yar': good,
      'a.samples.yaml': 'good: { match: [{ text: hay }], clean: [{ text: straw }] }',
      'b.yaml': acme(`, match: ['acme_<lower:3>'], reject: ['acme_<lower:20>']`),
    });
    const { code, out } = await waterguard('rules', 'test', dir);
    assert.equal(code, 1);
    assert.match(out, /FAIL good .*\n +does not match sample 1\n/);
    assert.match(
      out,
      /FAIL acme-token .*\n +does not match sample 1\n +matches sample 1 of those to reject\n/,
    );
    assert.match(out, /2 rules, 4 samples: 0 pass, 2 fail/);
  });

  test('passes text rules by their own samples, and compiles those in a format without', async () => {
    const toml = `[[rules]]\nid = "t"\nregex = '''tok_[a-z]{9}'''\nkeywords = ["tok_"]\n`;
    const dir = folder('own', { 'b.yaml': tested, 'gitleaks.toml': toml, 'other.yaml': 'jobs: {}' });
    const { code, out } = await waterguard('rules', 'test', dir, '--format', 'json');
    assert.equal(code, 0);
    const { passed, failed, rules } = JSON.parse(out);
    assert.deepEqual([passed, failed], [2, 0]);
    assert.deepEqual(
      rules.map((one: { id: string; samples: number }) => [one.id, one.samples]),
      [
        ['acme-token', 2],
        ['t', 0],
      ],
    );
  });

  test('of a folder without rules, or of none, is wrong usage', async () => {
    assert.equal((await waterguard('rules', 'test', folder('bare', { 'x.txt': '' }))).code, 2);
    assert.equal((await waterguard('rules', 'test', join(root, 'nonesuch'))).code, 2);
  });
});

describe('rules of a user', () => {
  const target = folder('target', { 'note.txt': 'token acme_k3j5h2g4f6d8s1a0p9o7 needle-in-hay\n' });

  beforeEach(() => rmSync(join(root, 'data'), { recursive: true, force: true }));

  test('in all three formats reach a scan, and the scan says how many were refused', present, async () => {
    const dir = folder('three', {
      'r.yar': `${good}\nrule bad { condition: nonesuch }`,
      'acme.yaml': tested,
      'g.toml': `[[rules]]\nid = "hay"\nregex = '''(needle-in-h[a-z]{2})'''\nkeywords = ["needle"]\n[[rules]]\nid = "no"\n`,
    });
    const { code, out, err } = await waterguard('scan', `dir:${target}`, '--rules', dir, '--format', 'json');
    assert.equal(code, 0);
    const report = JSON.parse(out);
    const found = report.findings.map((one: { rule: string }) => one.rule).sort();
    assert.deepEqual(found, ['secrets/acme-token', 'secrets/hay', 'yara/three/r/good']);
    const secret = report.findings.find((one: { rule: string }) => one.rule === 'secrets/acme-token');
    assert.deepEqual(secret.source, { author: 'Acme', licence: 'BSD-2-Clause' });
    assert.equal(err.trim().split('\n').length, 1);
    assert.match(
      err,
      /\d{3} rules compiled, 2 refused: run `waterguard rules list --rules \S+three` to see why/,
    );
  });

  test('count in the ruleset and the cache, so that a change is seen', async () => {
    const dir = folder('changing', { 'acme.yaml': tested });
    const scan = async () =>
      JSON.parse((await waterguard('scan', `dir:${target}`, '--rules', dir, '--format', 'json')).out);
    const first = await scan();
    folder('changing', {
      'acme.yaml': tested.replace('[a-z0-9]{20}', '[a-z0-9]{40}').replace('<lower:20>', '<lower:40>'),
    });
    const second = await scan();
    assert.deepEqual([first.findings.length, second.findings.length], [1, 0]);
    assert.notEqual(first.tool.ruleset, second.tool.ruleset);
  });

  test('read what an image says of itself', async () => {
    const { buildOciLayout } = await import('../src/lab/image-builder.ts');
    const dir = join(root, 'image');
    await buildOciLayout(dir, { layers: [[]], config: { Env: ['TOKEN=acme_k3j5h2g4f6d8s1a0p9o7'] } });
    const { out } = await waterguard(
      'scan',
      `oci:${dir}`,
      '--rules',
      folder('env', { 'a.yaml': tested }),
      '--format',
      'json',
    );
    const rules = JSON.parse(out).findings.map((one: { rule: string }) => one.rule);
    assert.ok(rules.includes('secrets/acme-token'), rules.join());
  });

  test('once added, are used by every scan, and renewed from where they came from', present, async () => {
    const from = folder('theirs', {
      'r.yar': `${good}\nrule bad { condition: nonesuch }`,
      LICENSE: 'Some Licence 1.0',
    });
    const added = await waterguard('rules', 'add', from);
    assert.equal(added.code, 0);
    assert.match(added.out, /^added theirs: 1 rule from 1 file, 1 refused, licence: Some Licence 1\.0\n/);
    assert.match(added.out, /r\.yar +bad: /);
    assert.equal((await waterguard('rules', 'add', from)).code, 2);
    const scan = await waterguard('scan', `dir:${target}`, '--format', 'json');
    const [finding] = JSON.parse(scan.out).findings;
    assert.deepEqual([finding.rule, finding.source.licence], ['yara/theirs/r/good', 'Some Licence 1.0']);
    assert.match(scan.err, /1 refused: run `waterguard rules list` to see why/);

    folder('theirs', { 'r.yar': good.replace('good', 'better') });
    assert.match((await waterguard('rules', 'update')).out, /^updated theirs: 1 rule from 1 file, 0 refused/);
    assert.match(
      readFileSync(join(root, 'data', 'waterguard', 'rules', 'theirs', 'r.yar'), 'utf8'),
      /better/,
    );
    rmSync(from, { recursive: true });
    const stale = await waterguard('rules', 'update', '--format', 'json');
    assert.equal(stale.code, 3);
    assert.equal(JSON.parse(stale.out).kept[0].name, 'theirs');
  });

  test('none added is no fault, and a folder without rules is not taken', async () => {
    const { code, out } = await waterguard('rules', 'update');
    assert.equal(code, 0);
    assert.match(out, /add some with: waterguard rules add DIR/);
    assert.equal((await waterguard('rules', 'add', folder('bare', { 'x.txt': '' }))).code, 2);
  });
});

test('each level has a help text with an example', async () => {
  for (const level of [[], ['list'], ['test'], ['add'], ['update']]) {
    const { code, out } = await waterguard('rules', ...level, '--help');
    assert.equal(code, 0);
    assert.match(out, /Example:\n {2}\S/, level.join());
  }
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Command } from 'commander';
import { WaterguardError } from '../model/error.ts';
import { configurationFile, configure } from './configuration.ts';
import { addHoneypot, type HoneypotFlags } from './honeypot.ts';
import { addScan, type ScanFlags } from './scan.ts';
import { parseFolder } from './store-options.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-configuration-'));
after(() => rmSync(root, { recursive: true }));

function folder(yaml?: string): string {
  const dir = mkdtempSync(join(root, 'case-'));
  if (yaml !== undefined) writeFileSync(join(dir, configurationFile), yaml);
  return dir;
}

/** What the options of `scan` come to, and which of them the file has decided. */
async function flagsOf(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  dir: string,
): Promise<{ readonly flags: ScanFlags; readonly decided: readonly string[] }> {
  const program = new Command();
  addScan(program, () => {});
  const [scan] = program.commands;
  assert.ok(scan);
  scan.action(() => {});
  await program.parseAsync(['scan', 'target', ...args], { from: 'user' });
  const decided = await configure(scan, env, dir);
  return { flags: scan.opts<ScanFlags>(), decided };
}

describe('a setting', () => {
  it('of the command line counts over the environment, and that over the file', async () => {
    const dir = folder('format: sarif\nfail-on: low\nplatform: linux/arm64\n');
    const env = { WATERGUARD_FORMAT: 'html', WATERGUARD_FAIL_ON: 'medium' };
    const { flags, decided } = await flagsOf(['--format', 'json'], env, dir);
    assert.deepEqual([flags.format, flags.failOn, flags.platform], ['json', 'medium', 'linux/arm64']);
    assert.deepEqual(decided, ['platform']);
  });

  it('is what it would be as an option: sizes, times, lists, switches', async () => {
    const yaml =
      'max-file-size: 2MiB\ntimeout: 90\nrules: [a, b]\ncache: false\nshipped-rules: false\nquiet: true\n';
    const { flags } = await flagsOf([], {}, folder(yaml));
    assert.deepEqual([flags.maxFileSize, flags.timeout, flags.rules], [2 * 1024 * 1024, 90_000, ['a', 'b']]);
    assert.deepEqual([flags.cache, flags.shippedRules, flags.quiet], [false, false, true]);
    const env = { WATERGUARD_RULES: 'c,d', WATERGUARD_CACHE: '1', WATERGUARD_INSECURE: 'false' };
    const other = await flagsOf([], env, folder(yaml.replace('[a, b]', 'a')));
    assert.deepEqual([other.flags.rules, other.flags.cache, other.flags.insecure], [['c', 'd'], true, false]);
    assert.deepEqual((await flagsOf(['--rules', 'x'], env, folder())).flags.rules, ['x']);
    for (const [text, rdap] of [
      ['true', true],
      ['0', undefined],
      ['https://example.org/', 'https://example.org/'],
    ] as const) {
      assert.equal((await flagsOf([], { WATERGUARD_RDAP: text }, folder())).flags.rdap, rdap);
    }
  });

  it('that is not there, or empty, leaves what is usual', async () => {
    const env = { WATERGUARD_FORMAT: '', WATERGUARD_MIRRORS: 'a=b' };
    for (const dir of [folder(), folder(''), folder('# nothing\n')]) {
      const { flags, decided } = await flagsOf([], env, dir);
      assert.deepEqual([flags.format, flags.cache, flags.failOn, decided], ['table', true, undefined, []]);
    }
  });
});

describe('a setting of honeypot', () => {
  async function flagsOfHoneypot(
    env: Readonly<Record<string, string>>,
    yaml?: string,
  ): Promise<HoneypotFlags> {
    const program = new Command();
    addHoneypot(program, () => {});
    const [honeypot] = program.commands;
    assert.ok(honeypot);
    honeypot.action(() => {});
    await program.parseAsync(['honeypot'], { from: 'user' });
    await configure(honeypot, env, folder(yaml));
    return honeypot.opts<HoneypotFlags>();
  }

  it('may be decoys, by commas', async () => {
    const { decoy } = await flagsOfHoneypot({ WATERGUARD_DECOY: 'ssh=127.0.0.1:22,redis=[::1]:0' });
    assert.deepEqual(
      [...decoy],
      [
        ['ssh', { host: '127.0.0.1', port: 22 }],
        ['redis', { host: '::1', port: 0 }],
      ],
    );
    await assert.rejects(flagsOfHoneypot({ WATERGUARD_DECOY: 'ssh=a:1,ssh=b:2' }), {
      code: 'usage',
      message: /^WATERGUARD_DECOY: .* ssh is given twice/,
    });
  });

  it('is no seed that is empty, for that would be the same everywhere, and no such folder', async () => {
    await assert.rejects(flagsOfHoneypot({ WATERGUARD_PERSONA: ' ' }), {
      code: 'usage',
      message: /give a seed/,
    });
    assert.throws(() => parseFolder(''), /give a folder/);
  });

  it('of the file says neither where to listen nor where to write', async () => {
    for (const one of ['decoy: ssh=0.0.0.0:22', 'events: /tmp/a', 'spool: /tmp/b'])
      await assert.rejects(flagsOfHoneypot({}, one), {
        code: 'usage',
        message: /cannot be set here: give --/,
      });
  });
});

describe('a setting that is wrong', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'has a name that is not known',
      'failon: high',
      /^\.\/waterguard\.yaml: there is no setting 'failon'; .*fail-on/,
    ],
    ['has a name that hides something', '"\\e[2J\\n::error::": 1', /no setting '\\x1b\[2J\\x0a::error::'/],
    [
      'is none of the choices',
      'fail-on: terrible',
      /yaml: fail-on: 'terrible' is not possible\. Allowed choices/,
    ],
    ['is no size', 'max-file-size: large', /max-file-size: 'large' is not possible\. give a size/],
    ['is no switch', 'cache: "no"', /cache: 'no' is neither true nor false/],
    ['is a list where one is wanted', 'ignore: [a, b]', /ignore: \["a","b"\] is not a text/],
    ['is missing', 'fail-on:', /fail-on: null is not a text/],
    [
      'says where to write',
      'output: ../x',
      /'output' cannot be set here: give --output or WATERGUARD_OUTPUT/,
    ],
    [
      'says whom to ask',
      'rdap: https://example.org',
      /'rdap' cannot be set here: give --rdap or WATERGUARD_RDAP/,
    ],
    ['is in no map', '- fail-on', /is not a map of settings/],
    ['is in no YAML', 'fail-on: [', /^\.\/waterguard\.yaml: it cannot be read: [^\n]*$/],
    ['is one of many of the same', 'a: &a [x]\nrules: *a', /it cannot be read|no setting 'a'/],
  ];
  for (const [sentence, yaml, message] of cases) {
    it(`${sentence}: refused`, async () => {
      await assert.rejects(flagsOf([], {}, folder(yaml)), (error) => {
        assert.ok(error instanceof WaterguardError);
        assert.equal(error.code, 'usage');
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('in the environment is refused by the name of its variable', async () => {
    for (const [env, message] of [
      [{ WATERGUARD_FAIL_ON: 'terrible' }, /^WATERGUARD_FAIL_ON: 'terrible' is not possible/],
      [{ WATERGUARD_INSECURE: 'maybe' }, /^WATERGUARD_INSECURE: 'maybe' is neither true nor false/],
    ] as const) {
      await assert.rejects(flagsOf([], env, folder()), { message });
    }
  });

  it('is refused also where an option decides', async () => {
    await assert.rejects(flagsOf(['--format', 'json'], {}, folder('format: xml')), /format: 'xml'/);
  });

  it('may be no file at all, or a huge one', async () => {
    const dir = folder();
    mkdirSync(join(dir, configurationFile));
    await assert.rejects(flagsOf([], {}, dir), /it is not a file/);
    const huge = folder('fail-on: high');
    truncateSync(join(huge, configurationFile), 2 ** 30);
    await assert.rejects(flagsOf([], {}, huge), /more than 65536 bytes/);
  });
});

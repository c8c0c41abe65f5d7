/** What a shell sees of `waterguard scan`: exit codes, where results go, signals and closed pipes. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { file } from '../src/lab/image-builder.ts';
import { sampleImage } from '../src/lab/sample.ts';
import { type ImageReport, imageReport, unreadableTarget } from '../src/model/report.ts';
import { openWorkplace, type Workplace } from './scan-command.ts';

const program = join(import.meta.dirname, '../waterguard');

let place: Workplace;
let clean = '';
let malicious = '';
let holed = '';

/** A registry that never answers. */
const registry = createServer(() => {});
const silent = (): string => `127.0.0.1:${(registry.address() as AddressInfo).port}/a/b:1`;

before(async () => {
  place = await openWorkplace();
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  clean = await place.layout('clean', { layers: [[file('etc/hostname', 'host\n')]] });
  malicious = await place.layout('malicious', sampleImage());
  const zip = Buffer.from('PK\x03\x04 and nothing else', 'latin1');
  holed = await place.layout('holed', { layers: [[file('opt/a.zip', zip)]] });
});

after(() => {
  registry.closeAllConnections();
  registry.close();
  return place.close();
});

const env = (): NodeJS.ProcessEnv => ({ ...process.env, XDG_CACHE_HOME: join(place.home, 'cache') });

describe('the exit code', () => {
  const cases: readonly (readonly [string, () => readonly string[], number])[] = [
    ['is 0 when all is done, whatever was found', () => [malicious], 0],
    ['is 1 when a finding reaches the threshold', () => [malicious, '--fail-on', 'critical'], 1],
    ['is 1 when the verdict reaches it', () => [malicious, '--fail-on', 'malicious'], 1],
    ['is 0 below the threshold', () => [clean, '--fail-on', 'info'], 0],
    ['is 3 with a hole', () => [holed], 3],
    ['is 3 with a hole below the threshold', () => [holed, '--fail-on', 'low'], 3],
    [
      'is 1 when the threshold is reached beside a hole',
      () => [malicious, '--fail-on', 'high', '--max-file-size', '500'],
      1,
    ],
    ['is 3 when one target of two is unreadable', () => [clean, 'oci:/nonesuch'], 3],
    [
      'is 3 when one of two targets cannot be opened in time',
      () => [clean, silent(), '--insecure', '--timeout', '3s'],
      3,
    ],
    ['is 2 when no target can', () => [silent(), '--insecure', '--timeout', '50ms'], 2],
    ['is 3 also when the unreadable one comes first', () => ['oci:/nonesuch', clean], 3],
    [
      'is 1 when the readable one reaches the threshold',
      () => ['oci:/nonesuch', malicious, '--fail-on', 'high'],
      1,
    ],
    ['is 2 when no target is readable', () => ['oci:/nonesuch', 'dir:/nonesuch'], 2],
    ['is 2 without a target', () => [], 2],
    ['is 2 for an unknown option', () => [clean, '--no-such-option'], 2],
    ['is 2 for an unknown format', () => [clean, '--format', 'xml'], 2],
    ['is 2 for an unknown threshold', () => [clean, '--fail-on', 'terrible'], 2],
    ['is 2 for a size that is none', () => [clean, '--max-file-size', 'large'], 2],
    ['is 2 for an ignore file that is not there', () => [clean, '--ignore', '/nonesuch'], 2],
    ['is 2 for rules that are not there', () => [clean, '--rules', '/nonesuch'], 2],
    ['is 0 for help', () => ['--help'], 0],
  ];
  for (const [sentence, args, expected] of cases) {
    it(sentence, async () => {
      const { code, stdout, stderr } = await place.scan(...args());
      assert.equal(code, expected, stderr + stdout.slice(0, 1000));
      assert.doesNotMatch(stderr, /^ +(?:\| +)?at .*:\d+/m);
      if (expected === 2) assert.match(stderr, /\S/);
    });
  }
});

describe('the result', () => {
  it('is one JSON document for one target, a list for several', async () => {
    const one = JSON.parse((await place.scan(clean, '--format', 'json')).stdout);
    imageReport.parse(one);
    const two = JSON.parse((await place.scan(clean, malicious, '--format', 'json')).stdout);
    assert.equal(two.schemaVersion, 1);
    assert.deepEqual(
      two.reports.map((report: unknown) => imageReport.parse(report).verdict),
      ['clean', 'malicious'],
    );
  });

  it('is a list for several targets also when only one could be read', async () => {
    const { code, stdout } = await place.scan(clean, 'oci:/nonesuch', '--format', 'json');
    assert.equal(code, 3);
    const { reports, unreadable } = JSON.parse(stdout);
    assert.deepEqual(
      reports.map((report: unknown) => imageReport.parse(report).target),
      [clean],
    );
    assert.deepEqual(
      unreadable.map((one: unknown) => unreadableTarget.parse(one).target),
      ['oci:/nonesuch'],
    );
  });

  it('comes in every format', async () => {
    const beginnings = {
      json: /^\{/,
      sarif: /"2\.1\.0"/,
      html: /^<!doctype html>/i,
      ndjson: /^\{.*\}\n/,
      table: /malicious/i,
    };
    for (const [format, beginning] of Object.entries(beginnings)) {
      const { code, stdout } = await place.scan(malicious, '--format', format);
      assert.equal(code, 0);
      assert.match(stdout, beginning, format);
    }
  });

  it('goes into a file as a whole, in place of the file that was there', async () => {
    const folder = join(place.home, 'output');
    mkdirSync(folder);
    const path = join(folder, 'report.json');
    writeFileSync(path, 'old');
    const { code, stdout } = await place.scan(clean, '--format', 'json', '--output', path);
    assert.deepEqual([code, stdout], [0, '']);
    imageReport.parse(JSON.parse(readFileSync(path, 'utf8')));
    assert.deepEqual(readdirSync(folder), ['report.json']);
  });

  it('is refused a place that cannot be written before anything is scanned', async () => {
    for (const path of ['/nonesuch/report.json', place.images]) {
      const { code, stdout, stderr } = await place.scan('oci:/not/looked/at', '--output', path);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^waterguard: cannot write .*\n$/);
    }
  });

  it('is written to a device, which stays one', async () => {
    const { code } = await place.scan(clean, '--output', '/dev/null');
    assert.equal(code, 0);
    assert.ok(statSync('/dev/null').isCharacterDevice());
  });

  it('leaves standard error empty when all is well', async () => {
    assert.equal((await place.scan(clean, '--quiet')).stderr, '');
    assert.equal((await place.scan(clean)).stderr, '');
  });

  it('may be read in part: a closed pipe is no error', () => {
    for (const reader of ['head -c 1', 'true']) {
      const script = `"$0" scan "$1" --format json 2>&1 1>&3 | cat >&2; exit "$PIPESTATUS"`;
      const run = spawnSync('bash', ['-c', `{ ${script}; } 3>&1 | ${reader}`, program, malicious], {
        env: env(),
        encoding: 'utf8',
      });
      assert.equal(run.stderr, '', reader);
    }
  });
});

describe('the configuration', () => {
  it('comes from the environment and from waterguard.yaml of the working directory, which is told', () => {
    const cwd = join(place.home, 'configured');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'waterguard.yaml'), 'format: table\nfail-on: high\nquiet: true\n');
    const run = spawnSync(program, ['scan', malicious], {
      cwd,
      env: { ...env(), WATERGUARD_FORMAT: 'json' },
      encoding: 'utf8',
    });
    assert.equal(run.status, 1, run.stderr);
    assert.equal(run.stderr, 'waterguard: configuration from ./waterguard.yaml: fail-on, quiet\n');
    imageReport.parse(JSON.parse(run.stdout));
  });

  it('that is wrong ends before anything is scanned', () => {
    const run = spawnSync(program, ['scan', malicious], {
      env: { ...env(), WATERGUARD_FAIL_ON: 'never' },
      encoding: 'utf8',
    });
    assert.deepEqual([run.status, run.stdout], [2, '']);
    assert.match(run.stderr, /^waterguard: WATERGUARD_FAIL_ON: 'never' is not possible\. Allowed choices/);
  });
});

describe('every command', () => {
  const waterguard = (...args: readonly string[]) =>
    spawnSync(program, args, { env: env(), encoding: 'utf8', cwd: place.home });

  it('prints its result as JSON, into a file, and with --quiet nothing beside it', () => {
    const sample = join(place.home, 'sample.json');
    const lab = waterguard('lab', '--format', 'json', '--output', sample, '--quiet');
    assert.deepEqual([lab.status, lab.stdout, lab.stderr], [0, '', '']);
    assert.equal(imageReport.parse(JSON.parse(readFileSync(sample, 'utf8'))).verdict, 'malicious');
    for (const args of [['list'], ['update']]) {
      const rules = waterguard('rules', ...args, '--format', 'json', '--quiet');
      assert.equal(rules.stderr, '');
      assert.equal(JSON.parse(rules.stdout).schemaVersion, 1);
    }
  });

  it('of people explains the sample, with --quiet only reports on it', () => {
    const told = waterguard('lab').stdout;
    const report = waterguard('lab', '--quiet').stdout;
    assert.match(told, /^Waterguard built a small, harmless[\s\S]*How to read it/);
    assert.match(report, /^MALICIOUS/);
    assert.doesNotMatch(report, /How to read it/);
  });

  it('refuses a file without a name, and what it does not know, before it works', () => {
    for (const [args, message] of [
      [['lab', '--output', ''], /'--output <file>' argument '' is invalid/],
      [['scan', clean, '--output', ''], /'--output <file>' argument '' is invalid/],
      [['bench', 'scan', '--runs', '0'], /'--runs <count>' argument '0' is invalid/],
      [['bench', 'scan', '--runs', 'x'], /'--runs <count>' argument 'x' is invalid/],
      [['bench', 'scan', '--part', 'speed,nosuch'], /no part 'nosuch'; it has: speed, cached/],
      [['bench', 'nosuch'], /no benchmark 'nosuch'; there is: honeypot, platform, scan/],
    ] as const) {
      const run = waterguard(...args);
      assert.deepEqual([run.status, run.stdout], [2, ''], args.join(' '));
      assert.match(run.stderr, message);
    }
  });

  it('says when even its help could not be written', { skip: !existsSync('/dev/full') }, () => {
    const run = spawnSync('bash', ['-c', '"$0" scan --help > /dev/full', program], { encoding: 'utf8' });
    assert.equal(run.status, 2);
    assert.match(run.stderr, /^waterguard: cannot write standard output: ENOSPC/);
  });
});

describe('an interruption', () => {
  it('hands back what was found until then, and leaves no process behind', async () => {
    const scan = await longScan();
    process.kill(scan.child.pid ?? 0, 'SIGINT');
    const { code, stdout, stderr } = await scan.ended;
    assert.equal(code, 3, stderr);
    const { coverage } = imageReport.parse(JSON.parse(stdout));
    assert.deepEqual(coverage.errors, []);
    assert.ok(coverage.skipped.some((one) => one.reason === 'time-limit' && one.detail === 'interrupted'));
    assert.match(stderr, /^waterguard: interrupted; the result is what was found until then$/m);
    await gone(scan.engines);
  });

  it('by Ctrl-C, which reaches the engine too, costs no file', async () => {
    const scan = await longScan();
    process.kill(-(scan.child.pid ?? 0), 'SIGINT');
    const { code, stdout } = await scan.ended;
    assert.equal(code, 3);
    assert.deepEqual(imageReport.parse(JSON.parse(stdout)).coverage.errors, []);
    await gone(scan.engines);
  });

  it('that comes twice ends at once', async () => {
    const scan = await longScan();
    const pid = scan.child.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    process.kill(pid, 'SIGTERM');
    process.kill(pid, 'SIGINT');
    process.kill(pid, 'SIGCONT');
    const { code, stdout } = await scan.ended;
    assert.deepEqual([code, stdout], [3, '']);
    await gone(scan.engines);
  });

  it('that cannot be caught ends the engine too', async () => {
    const scan = await longScan();
    process.kill(scan.child.pid ?? 0, 'SIGKILL');
    await scan.ended;
    await gone(scan.engines);
  });
});

describe('an engine that is killed from outside', () => {
  it('costs no file: the report is the same as without it', async () => {
    const tree = join(place.home, 'tree');
    mkdirSync(tree);
    const words = Array.from({ length: 40_000 }, (_, index) => `word${index * 7919}`).join(' ');
    for (let index = 0; index < 150; index++) {
      writeFileSync(join(tree, `${index}`), `http://${index}.duckdns.org/ ${words.slice(index)}`);
    }
    const plain = ({ findings, indicators, verdict, coverage }: ImageReport): unknown => ({
      ...{ findings, indicators, verdict },
      ...{ skipped: coverage.skipped, errors: coverage.errors, files: coverage.files },
    });
    const undisturbed = await longScan(`dir:${tree}`, 0);
    const expected = imageReport.parse(JSON.parse((await undisturbed.ended).stdout));
    const scan = await longScan(`dir:${tree}`);
    for (const pid of scan.engines) process.kill(pid, 'SIGSEGV');
    const report = imageReport.parse(JSON.parse((await scan.ended).stdout));
    assert.equal(expected.coverage.files, 150);
    assert.deepEqual(plain(report), plain(expected));
    await gone(scan.engines);
  });
});

interface LongScan {
  readonly child: ChildProcess;
  /** Process ids of its engine. */
  readonly engines: readonly number[];
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** A scan of this machine's programs, at work. @param read how many bytes it has read, its own code among them */
async function longScan(target = 'dir:/usr', read = 20e6): Promise<LongScan> {
  const child = spawn(program, ['scan', target, '--no-cache', '--format', 'json'], {
    env: env(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  let engines: readonly number[] = [];
  for (let tries = 0; tries < 200 && engines.length === 0; tries++) {
    await setTimeout(50);
    engines = enginesOf(child.pid ?? 0);
  }
  assert.equal(engines.length, 1, `the scan has an engine: ${stderr}`);
  const lives = (): boolean => child.exitCode === null && child.signalCode === null;
  while (lives() && bytesReadBy(child.pid ?? 0) < read) await setTimeout(10);
  assert.ok(lives(), 'the scan is long');
  return { child, engines, ended };
}

/** Not the programs that the launcher calls. */
function enginesOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter(
      (name) => /^\d+$/.test(name) && parentOf(name) === pid && commandOf(name).includes('/engine/child.'),
    )
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

function bytesReadBy(pid: number): number {
  try {
    return Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1]);
  } catch {
    return 0;
  }
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

/** An orphan may have to finish the buffer in hand. */
async function gone(pids: readonly number[]): Promise<void> {
  const left = (): number[] => pids.filter((pid) => existsSync(`/proc/${pid}`) && !isZombie(pid));
  for (let tries = 0; tries < 100 && left().length > 0; tries++) await setTimeout(50);
  assert.deepEqual(left(), [], 'the engine has ended');
}

/** An orphan that nobody in this container waits for. */
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

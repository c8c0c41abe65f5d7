/** `./waterguard scan` as a process, in a home, cache and working directory that only this test has. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOciLayout, type ImageSpec } from '../src/lab/image-builder.ts';
import type { ImageReport } from '../src/model/report.ts';
import { shareCache } from './fixtures/shared-cache.ts';

/** A scan takes about a second; one that takes this long hangs. */
const longestMs = 120_000;

export interface Run {
  /** null where the process was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workplace {
  /** Everything is below; removed by `close`. */
  readonly home: string;
  /** Where a test builds images. */
  readonly images: string;
  /** Fails if anything was written but the cache. */
  scan(...args: readonly string[]): Promise<Run>;
  /** Scans, expects the exit code and a report. */
  report(target: string, code: number, ...flags: readonly string[]): Promise<ImageReport>;
  /** Scans, expects exit code 2 and a message without a stack trace. */
  refusal(target: string, message: RegExp): Promise<void>;
  /** Builds an OCI layout and names it as a target. */
  layout(name: string, spec: ImageSpec): Promise<string>;
  close(): Promise<void>;
}

export async function openWorkplace(): Promise<Workplace> {
  const home = await mkdtemp(join(tmpdir(), 'waterguard-scan-'));
  const [images, work, user] = ['images', 'work', 'user'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(images);
  await mkdir(work);
  const cache = join(home, 'cache');
  shareCache(cache);
  const env = { PATH: process.env.PATH, HOME: user, XDG_CACHE_HOME: cache, CI: 'true' };

  async function scan(...args: readonly string[]): Promise<Run> {
    const run = await runScan(args, work, env);
    assert.deepEqual(readdirSync(work), [], 'a scan writes nothing where it is called');
    assert.equal(existsSync(user), false, 'a scan writes nothing into the home');
    return run;
  }

  return {
    home,
    images,
    scan,
    async report(target, expected, ...flags) {
      const { code, stdout, stderr } = await scan(target, '--format', 'json', ...flags);
      assert.equal(code, expected, stderr + stdout.slice(0, 2000));
      return JSON.parse(stdout);
    },
    async refusal(target, message) {
      const { code, stdout, stderr } = await scan(target);
      assert.equal(code, 2, stderr + stdout);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^ +(?:\| +)?at .*:\d+/m);
    },
    async layout(name, spec) {
      const dir = join(images, name);
      await buildOciLayout(dir, spec);
      return `oci:${dir}`;
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}

function runScan(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
  const program = join(import.meta.dirname, '../waterguard');
  const child = spawn(program, ['scan', ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs a command and measures it: wall time, and the memory of its whole process tree. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

export interface Measured {
  readonly seconds: number;
  /** Highest sum over the process tree of proportional set sizes and memory files, sampled, in MiB. */
  readonly peakMiB: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MeasureOptions {
  /** Beside the environment of the benchmark. */
  readonly env?: Readonly<Record<string, string>>;
  /** Sampling memory costs some time, so speed runs go without. */
  readonly memory?: boolean;
  /** Killed after that; `code` is then null. */
  readonly timeoutMs?: number;
}

/** How often memory is sampled, in milliseconds. */
const sampleEvery = 50;

/** What is measured must not depend on how somebody likes to scan; nor does it run where a `waterguard.yaml` may lie. */
const withoutSettings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('WATERGUARD_')),
);

export function measure(
  command: string,
  args: readonly string[],
  options: MeasureOptions = {},
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...withoutSettings, ...options.env },
      cwd: '/',
      ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs, killSignal: 'SIGKILL' as const }),
    });
    let stdout = '';
    let stderr = '';
    let peak = 0;
    child.stdout.on('data', (text: Buffer) => {
      if (stdout.length < 1_000_000) stdout += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      if (stderr.length < 100_000) stderr += text.toString();
    });
    const timer =
      options.memory === true
        ? setInterval(() => {
            peak = Math.max(peak, treeMemory(child.pid ?? 0));
          }, sampleEvery)
        : undefined;
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(timer);
      resolve({ seconds: (performance.now() - start) / 1000, peakMiB: peak / 1024, code, stdout, stderr });
    });
  });
}

/** In KiB, of a process and its descendants: shared pages and memory files count once in the sum. */
function treeMemory(pid: number): number {
  let sum = 0;
  const files = new Map<number, number>();
  for (const one of descendants(pid)) {
    const [, size] = /^Pss:\s+(\d+) kB/m.exec(readOrEmpty(`/proc/${one}/smaps_rollup`)) ?? [];
    sum += Number(size ?? 0);
    for (const [inode, kibibytes] of memoryFiles(one)) files.set(inode, kibibytes);
  }
  return [...files.values()].reduce((all, one) => all + one, sum);
}

/** Open files of the memory file system that have no name, by inode: written to and not mapped, they are in no PSS. */
function memoryFiles(pid: number): [inode: number, kibibytes: number][] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd): [number, number][] => {
      const path = `/proc/${pid}/fd/${fd}`;
      if (!/^\/dev\/shm\/.* \(deleted\)$/.test(readlinkSync(path))) return [];
      const { ino, blocks } = statSync(path);
      return [[ino, blocks / 2]];
    });
  } catch {
    // The process, or one of its files, is gone by now.
    return [];
  }
}

function descendants(pid: number): number[] {
  const children = tasks(pid).flatMap((task) => readOrEmpty(`/proc/${pid}/task/${task}/children`).split(' '));
  return [pid, ...children.filter((one) => one !== '').flatMap((one) => descendants(Number(one)))];
}

function tasks(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Commands of Waterguard as processes that are started, watched and killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../waterguard', import.meta.url));

export interface Running {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** As the machine's death would. */
  kill(): Promise<void>;
}

/** @param env beside `PATH` and `HOME`; nothing else of this process's environment is handed on */
export function start(args: readonly string[], env: Readonly<Record<string, string>>): Running {
  return watch(spawn(launcher, args, { env: { ...inherited(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** @param file a TypeScript file that is its program */
export function startFile(file: URL, args: readonly string[]): Running {
  return watch(
    spawn(process.execPath, [fileURLToPath(file), ...args], {
      env: inherited(),
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

function watch(child: ChildProcess): Running {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    stdout: () => out,
    stderr: () => err,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function inherited(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME };
}

/** What a pattern finds in what a process writes. @throws where it ends, or says nothing of the kind in time */
export async function said(running: Running, pattern: RegExp, longestMs = 60_000): Promise<string> {
  for (const end = Date.now() + longestMs; Date.now() < end; ) {
    const found = pattern.exec(running.stdout() + running.stderr());
    if (found !== null) return found[1] ?? found[0];
    if (running.child.exitCode !== null || running.child.signalCode !== null) break;
    await sleep(20);
  }
  throw new Error(`a process did not say ${pattern}: ${running.stderr().slice(-500)}`);
}

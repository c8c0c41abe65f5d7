/** Forked shells, from their first command to the exit code that is left of them. */
import { Ended } from '../program.ts';
import { Failure } from './failure.ts';
import { Life } from './process/life.ts';
import type { Job, Shell } from './shell.ts';
import { runExitTrap } from './traps.ts';

/** 128 + SIGSEGV: what is wrong with this program itself looks like a crash. */
const crashed = 139;
/** Jobs whose exit code a shell remembers. */
const mostJobs = 100;

/** Runs a body in a shell that was forked for it, and closes that. */
export async function runSubshell(child: Shell, body: () => Promise<unknown>): Promise<number> {
  try {
    await finishing(child, body);
    await finishing(child, () => runExitTrap(child));
    return child.status & 0xff;
  } finally {
    child.close();
  }
}

/** Whatever ends a body early becomes the shell's status. */
export async function finishing(shell: Shell, body: () => Promise<unknown>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (error instanceof Failure) {
      shell.status = error.exitCode;
      await finishing(shell, () => report(shell, error));
    } else if (error instanceof Ended) {
      shell.status = (shell.life.ended ?? error).exitCode;
    } else {
      shell.kernel.onFault?.(error);
      shell.status = crashed;
    }
  }
}

/** Says what is wrong, once. */
export async function report(shell: Shell, failure: Failure): Promise<void> {
  if (failure.isReported) return;
  failure.isReported = true;
  await shell.complain(failure.message);
}

/** Lets something go on that the run waits for in the end. */
export function inBackground<T>({ kernel }: Shell, running: Promise<T>): void {
  const tracked = running.finally(() => kernel.background.delete(tracked));
  kernel.background.add(tracked);
}

/** Starts what stands before `&`. */
export function startJob(shell: Shell, source: string, body: (child: Shell) => Promise<unknown>): Job {
  const child = shell.fork(new Life(shell.kernel.life));
  const { ownPid: pid, life } = child;
  const ended = runSubshell(child, () => body(child));
  const listed = shell.jobs.filter(({ isForgotten }) => !isForgotten);
  const number = Math.max(0, ...listed.map((job) => job.number)) + 1;
  const job: Job = { number, pid, source, life, ended };
  inBackground(
    shell,
    ended.then((exitCode) => {
      job.exitCode = exitCode;
    }),
  );
  shell.jobs.push(job);
  if (shell.jobs.length > mostJobs) shell.jobs.shift();
  shell.lastJob = pid;
  return job;
}

/** Scans each target, prints what was found and says by the exit code how it went. */

import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import type { ImageReport, UnreadableTarget } from '../model/report.ts';
import { hasHole } from '../model/terms.ts';
import { render } from '../report/render.ts';
import type { EngineProcess } from '../scan/engine/process.ts';
import { scanTarget } from '../scan/index.ts';
import { deliver, type Server, serverOf } from './deliver.ts';
import { exit } from './exit.ts';
import { isInternal, tellFailure } from './failure.ts';
import { checkWritable, writeResult } from './output.ts';
import type { ScanFlags } from './scan.ts';
import { openScanning, reaches } from './scanning.ts';
import { stopOnSignals } from './signals.ts';

/** @param launched an engine's process that the scan may use */
export async function scanTargets(
  targets: readonly string[],
  flags: ScanFlags,
  launched?: EngineProcess,
): Promise<number> {
  checkWritable(flags.output);
  const server = serverOf(flags);
  const session = await openScanning(flags, { launched });
  const stop = stopOnSignals();
  const progress = createProgress(flags.quiet);
  const reports: ImageReport[] = [];
  const failures: { readonly target: string; readonly error: unknown }[] = [];
  const options = { platform: flags.platform, insecure: flags.insecure, env: process.env };
  try {
    for (const [index, target] of targets.entries()) {
      if (stop.signal.aborted) break;
      try {
        const isLast = index === targets.length - 1;
        reports.push(await scanTarget(target, session, { ...options, isLast }, progress.step, stop.signal));
      } catch (error) {
        if (stop.signal.aborted) break;
        failures.push({ target, error });
        progress.clear();
        tellFailure(error, flags.debug === true, target);
      }
    }
  } finally {
    progress.clear();
    for (const problem of session.registrations?.problems ?? [])
      process.stderr.write(
        `waterguard: some domains stay without a date of registration: ${printable(problem, 500)}\n`,
      );
    await session.close();
    stop.release();
  }
  if (stop.signal.aborted) {
    const done = reports.length > 0 ? 'the result is what was found until then' : 'nothing was done';
    process.stderr.write(`waterguard: interrupted; ${done}\n`);
  }
  const undelivered = server === undefined ? 0 : await deliverAll(reports, server, flags);
  if (reports.length > 0) {
    const options = {
      colour: flags.output === undefined && process.stdout.isTTY === true && !process.env.NO_COLOR,
      width: process.stdout.columns ?? 100,
    };
    const skipped = targets.slice(reports.length + failures.length);
    const unreadable = [...failures.map(asUnreadable), ...skipped.map(asInterrupted)];
    await writeResult(await render(reports, flags.format, options, unreadable), flags.output);
  }
  const errors = failures.map((one) => one.error);
  return exitCode(reports, errors, flags.failOn, stop.signal.aborted || undelivered > 0);
}

/** Directories have no digest by which a server would know them. @returns how many could not be delivered */
async function deliverAll(
  reports: readonly ImageReport[],
  server: Server,
  flags: ScanFlags,
): Promise<number> {
  let failed = 0;
  for (const report of reports.filter((one) => one.artifact.kind === 'image')) {
    try {
      await deliver(report, server);
    } catch (error) {
      failed++;
      tellFailure(error, flags.debug === true, report.target);
    }
  }
  return failed;
}

function asUnreadable({ target, error }: { target: string; error: unknown }): UnreadableTarget {
  const code = error instanceof WaterguardError ? error.code : 'internal';
  return { target: printable(target), code, message: printable(messageOf(error), 2000) };
}

function asInterrupted(target: string): UnreadableTarget {
  const message = 'It was not looked at: the scan was interrupted before.';
  return { target: printable(target), code: 'interrupted', message };
}

function exitCode(
  reports: readonly ImageReport[],
  failures: readonly unknown[],
  failOn: ScanFlags['failOn'],
  isPart: boolean,
): number {
  if (reports.length === 0 && isPart) return exit.hole;
  if (reports.length === 0 && !failures.some(isInternal)) return exit.usage;
  if (failures.some(isInternal)) return exit.internal;
  if (failOn !== undefined && reports.some((one) => reaches(one, failOn))) return exit.threshold;
  return isPart || failures.length > 0 || reports.some((one) => hasHole(one.coverage))
    ? exit.hole
    : exit.done;
}

/** One line on a terminal, nothing elsewhere. */
function createProgress(quiet: boolean): {
  step(done: number, total: number, what: string): void;
  clear(): void;
} {
  const shown = !quiet && process.stderr.isTTY === true;
  return {
    step(done, total, what) {
      if (shown) process.stderr.write(`\r\x1b[K  layer ${done + 1} of ${total}  ${printable(what, 40)}`);
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[K');
    },
  };
}

/** `waterguard scan TARGET…`: verdict, findings and evidence. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { messageOf, WaterguardError } from '../model/error.ts';
import { hasHole } from '../model/coverage.ts';
import { severities, severityRank } from '../model/finding.ts';
import { printable } from '../model/printable.ts';
import type { ImageReport } from '../model/report.ts';
import { exit } from './exit.ts';

const formats = ['table', 'json', 'sarif', 'html', 'ndjson'] as const;
const thresholds = [...severities, 'malicious'] as const;

interface ScanFlags {
  readonly format: (typeof formats)[number];
  readonly output?: string;
  readonly failOn?: (typeof thresholds)[number];
  readonly platform: string;
  readonly rules: readonly string[];
  readonly ignore?: string;
  readonly cache: boolean;
  readonly insecure: boolean;
  readonly maxFileSize?: number;
  readonly timeout?: number;
  readonly newDomains?: string;
  readonly quiet: boolean;
}

export function addScan(program: Command, done: (code: number) => void): void {
  program
    .command('scan')
    .description('analyse images or directories: verdict, findings, evidence')
    .argument('<target...>', 'REPO[:TAG][@DIGEST], oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, dir:PATH, docker:IMAGE')
    .addOption(new Option('--format <format>', 'how to print').choices(formats).default('table'))
    .option('--output <file>', 'write the result there instead of standard output')
    .addOption(new Option('--fail-on <level>', 'exit 1 from this severity, or verdict, on').choices(thresholds))
    .option('--platform <os/arch>', 'which image of a multi-platform index', 'linux/amd64')
    .option('--rules <dir>', 'also use these rules: YARA, Waterguard YAML, gitleaks TOML (repeatable)', collect, [])
    .option('--ignore <file>', 'YAML list of {rule|id, path?, reason, expires}')
    .option('--no-cache', 'neither read nor write the layer and file cache')
    .option('--insecure', 'plain HTTP or unverified TLS, for registries on loopback', false)
    .option('--max-file-size <size>', 'leave out larger files, e.g. 100MiB (default: none, they are read in windows)', parseSize)
    .option('--timeout <time>', 'longest time for a target, e.g. 90s or 10m', parseTime)
    .option('--new-domains <file>', 'CSV of domain,registration date: domains younger than 32 days become findings')
    .option('--quiet', 'no progress', false)
    .addHelpText('after', '\nExample:\n  waterguard scan oci-archive:app.tar --format sarif --output app.sarif --fail-on malicious')
    .action(async (targets: string[], flags: ScanFlags) => done(await scan(targets, flags)));
}

async function scan(targets: readonly string[], flags: ScanFlags): Promise<number> {
  const { openSession, scanTarget, defaultLimits } = await import('../scan/index.ts');
  const limits = {
    ...defaultLimits,
    ...(flags.maxFileSize !== undefined && { maxFileSize: flags.maxFileSize }),
    ...(flags.timeout !== undefined && { timeoutMs: flags.timeout }),
  };
  const session = await openSession({
    rules: flags.rules,
    ...(flags.ignore !== undefined && { ignoreFile: flags.ignore }),
    ...(flags.newDomains !== undefined && { newDomainsFile: flags.newDomains }),
    cache: flags.cache,
    limits,
    env: process.env,
    now: () => new Date(),
  });
  const stop = stopOnSignals();
  const progress = createProgress(flags.quiet);
  const reports: ImageReport[] = [];
  const failures: unknown[] = [];
  const options = { platform: flags.platform, insecure: flags.insecure, env: process.env };
  try {
    for (const target of targets) {
      try {
        reports.push(await scanTarget(target, session, options, progress.step, stop.signal));
      } catch (error) {
        if (stop.signal.aborted) break;
        failures.push(error);
        progress.clear();
        process.stderr.write(`waterguard: ${printable(target)}: ${printable(messageOf(error), 2000)}\n`);
      }
    }
  } finally {
    progress.clear();
    await session.close();
    stop.release();
  }
  if (stop.signal.aborted) process.stderr.write('waterguard: interrupted; what is below is what was done\n');
  if (reports.length > 0) {
    const [{ render }, { writeResult }] = await Promise.all([import('../report/render.ts'), import('./output.ts')]);
    await writeResult(
      render(reports, flags.format, {
        colour: flags.output === undefined && process.stdout.isTTY === true && !process.env.NO_COLOR,
        width: process.stdout.columns ?? 100,
      }),
      flags.output,
    );
  }
  return exitCode(reports, failures, flags.failOn, stop.signal.aborted);
}

function exitCode(
  reports: readonly ImageReport[],
  failures: readonly unknown[],
  failOn: ScanFlags['failOn'],
  interrupted: boolean,
): number {
  if (reports.length === 0 && !failures.some(isInternal)) return exit.usage;
  if (failures.some(isInternal)) return exit.internal;
  if (failOn !== undefined && reports.some((one) => reaches(one, failOn))) return exit.threshold;
  return interrupted || failures.length > 0 || reports.some((one) => hasHole(one.coverage)) ? exit.hole : exit.done;
}

/** Whatever is not a refusal with a reason is a defect. */
function isInternal(error: unknown): boolean {
  return !(error instanceof WaterguardError) || error.code === 'internal' || error.code === 'engine';
}

function reaches(report: ImageReport, level: (typeof thresholds)[number]): boolean {
  if (level === 'malicious') return report.verdict === 'malicious';
  return report.findings.some((one) => one.ignored === undefined && severityRank(one.severity) >= severityRank(level));
}

/** The first signal finishes what is at hand, a second one exits at once. */
function stopOnSignals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exit.hole);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

/** One line on a terminal, nothing elsewhere. */
function createProgress(quiet: boolean): { step(done: number, total: number, what: string): void; clear(): void } {
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

function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}

const sizeUnits: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function parseSize(text: string): number {
  const [, digits, unit] = /^(\d{1,15})\s*([kmg]?)(?:i?b)?$/i.exec(text) ?? [];
  const size = Number(digits) * (sizeUnits[(unit ?? '').toLowerCase()] ?? Number.NaN);
  if (!Number.isSafeInteger(size) || size < 1) throw new InvalidArgumentError('give a size such as 100MiB.');
  return size;
}

const timeUnits: Readonly<Record<string, number>> = { ms: 1, '': 1000, s: 1000, m: 60_000, h: 3_600_000 };

function parseTime(text: string): number {
  const [, digits, unit] = /^(\d{1,9})(ms|s|m|h)?$/.exec(text) ?? [];
  const time = Number(digits) * (timeUnits[unit ?? ''] ?? Number.NaN);
  if (!Number.isSafeInteger(time) || time < 1) throw new InvalidArgumentError('give a time such as 90s or 10m.');
  return time;
}

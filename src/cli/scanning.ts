/** What every command that scans can be asked for, and the session that follows from it. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { KnownIndicators } from '../model/known-indicator.ts';
import { printable } from '../model/printable.ts';
import type { ImageReport } from '../model/report.ts';
import { severities, severityRank } from '../model/terms.ts';
import type { EngineProcess } from '../scan/engine/process.ts';
import type { LayerExchange, ScanSession } from '../scan/session.ts';
import { noShippedRules, ruleFolders } from './rule-options.ts';

const thresholds = [...severities, 'malicious'] as const;
export type Threshold = (typeof thresholds)[number];

export interface ScanningFlags {
  readonly failOn?: Threshold;
  readonly platform: string;
  readonly rules: readonly string[];
  readonly shippedRules: boolean;
  readonly ignore?: string;
  readonly cache: boolean;
  readonly insecure: boolean;
  readonly maxFileSize?: number;
  readonly timeout?: number;
  readonly newDomains?: string;
  /** True for IANA's list of servers. */
  readonly rdap?: string | true;
  readonly quiet: boolean;
}

export function addScanningOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--fail-on <level>', 'exit 1 from this severity, or verdict, on').choices(thresholds),
    )
    .option('--platform <os/arch>', 'which image of a multi-platform index', 'linux/amd64')
    .addOption(ruleFolders())
    .addOption(noShippedRules())
    .option('--ignore <file>', 'YAML list of {rule|id, path?, reason, expires}')
    .option('--no-cache', 'neither read nor write the layer and file cache')
    .option('--insecure', 'plain HTTP or unverified TLS, for registries on loopback', false)
    .option(
      '--max-file-size <size>',
      'leave out larger files, e.g. 100MiB (default: none, they are read in windows)',
      parseSize,
    )
    .option('--timeout <time>', 'longest time for a target, e.g. 90s or 10m', parseTime)
    .option(
      '--new-domains <file>',
      'CSV of domain,registration date: domains younger than 32 days become findings',
    )
    .option(
      '--rdap [url]',
      'ask registries when the domains of started hosts were registered; URL of a list of servers (default: IANA)',
    );
}

export interface ScanningMeans {
  readonly launched?: EngineProcess | undefined;
  readonly known?: () => KnownIndicators;
  readonly exchange?: LayerExchange;
}

/** Opens a session and tells what the user should know of it before the first scan. */
export async function openScanning(
  flags: ScanningFlags,
  { launched, known, exchange }: ScanningMeans = {},
): Promise<ScanSession> {
  const { defaultLimits, openSession } = await import('../scan/index.ts');
  const limits = {
    ...defaultLimits,
    ...(flags.maxFileSize !== undefined && { maxFileSize: flags.maxFileSize }),
    ...(flags.timeout !== undefined && {
      timeoutMs: flags.timeout,
      fileTimeoutMs: Math.min(defaultLimits.fileTimeoutMs, flags.timeout),
    }),
  };
  const session = await openSession({
    rules: flags.rules,
    shippedRules: flags.shippedRules,
    ...(flags.ignore !== undefined && { ignoreFile: flags.ignore }),
    ...(flags.newDomains !== undefined && { newDomainsFile: flags.newDomains }),
    ...(flags.rdap !== undefined && { rdap: flags.rdap }),
    cache: flags.cache,
    limits,
    env: process.env,
    now: () => new Date(),
    ...(known !== undefined && { known }),
    ...(exchange !== undefined && { exchange }),
    ...(launched !== undefined && { launched }),
  });
  for (const one of session.warnings) process.stderr.write(`waterguard: ${printable(one)}\n`);
  if (!flags.quiet) tellRules(session.rules, flags.rules);
  return session;
}

/** Whoever brings rules is told what has come of them; refused ones are told to everybody. */
function tellRules({ accepted, refused }: ScanSession['rules'], folders: readonly string[]): void {
  if (refused.length === 0 && folders.length === 0) return;
  const named = folders.map((one) => ` --rules ${shellWord(printable(one))}`).join('');
  process.stderr.write(
    refused.length === 0
      ? `waterguard: ${accepted} rules compiled, 0 refused\n`
      : `waterguard: ${accepted} rules compiled, ${refused.length} refused: run \`waterguard rules list${named}\` to see why\n`,
  );
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function reaches(report: Pick<ImageReport, 'verdict' | 'findings'>, level: Threshold): boolean {
  if (level === 'malicious') return report.verdict === 'malicious';
  return report.findings.some(
    (one) => one.ignored === undefined && severityRank(one.severity) >= severityRank(level),
  );
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
  if (!Number.isSafeInteger(time) || time < 1)
    throw new InvalidArgumentError('give a time such as 90s or 10m.');
  return time;
}

/** `waterguard scan TARGET…`: what can be asked for; `scan-targets.ts` does it. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { severities } from '../model/terms.ts';
import { type Format, formats } from '../report/render.ts';
import { endEngine, launchEngine } from '../scan/engine/process.ts';
import { configurationFile, configure } from './configuration.ts';
import { outputOption, quietOption } from './printing.ts';
import { noShippedRules, ruleFolders } from './rule-options.ts';

const thresholds = [...severities, 'malicious'] as const;
export type Threshold = (typeof thresholds)[number];

export interface ScanFlags {
  readonly format: Format;
  readonly output?: string;
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
  /** Of the program: stack traces. */
  readonly debug?: boolean;
}

export function addScan(program: Command, done: (code: number) => void): void {
  program
    .command('scan')
    .description('analyse images or directories: verdict, findings, evidence')
    .argument(
      '<target...>',
      'REPO[:TAG][@DIGEST], oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, dir:PATH, docker:IMAGE',
    )
    .addOption(new Option('--format <format>', 'how to print').choices(formats).default('table'))
    .addOption(outputOption())
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
    )
    .addOption(quietOption())
    .addHelpText(
      'after',
      '\nExample:\n  waterguard scan oci-archive:app.tar --format sarif --output app.sarif --fail-on malicious',
    )
    .hook('preAction', tellConfiguration)
    .action(async (targets: string[], _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ScanFlags>();
      // Without a cache every layer is inspected: the engine loads its code while this process loads the rest.
      const launched = flags.cache ? undefined : launchEngine();
      try {
        const { scanTargets } = await import('./scan-targets.ts');
        done(await scanTargets(targets, flags, launched));
      } finally {
        if (launched !== undefined) await endEngine(launched);
      }
    });
}

/** Silent only where the user, and not the file, asks for that. */
async function tellConfiguration(command: Command): Promise<void> {
  const decided = await configure(command, process.env, process.cwd());
  const isQuiet = command.opts<ScanFlags>().quiet && command.getOptionValueSource('quiet') !== 'config';
  if (decided.length === 0 || isQuiet) return;
  process.stderr.write(`waterguard: configuration from ./${configurationFile}: ${decided.join(', ')}\n`);
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

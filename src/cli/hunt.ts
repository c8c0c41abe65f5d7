/** `waterguard hunt SOURCE`: what can be asked for; `hunt-run.ts` does it. */
import { type Command, InvalidArgumentError } from 'commander';
import { tellConfiguration } from './configuration.ts';
import { addPrintOptions, type PrintFlags } from './printing.ts';
import { addScanningOptions, type ScanningFlags } from './scanning.ts';
import { dataOption } from './store-options.ts';

export interface HuntFlags extends ScanningFlags, PrintFlags {
  readonly data?: string;
  readonly concurrency: number;
  readonly since?: Date;
  readonly limit?: number;
  readonly restart: boolean;
  readonly quiet: boolean;
  /** Of the program: stack traces. */
  readonly debug?: boolean;
}

export function addHunt(program: Command, done: (code: number) => void): void {
  const command = addPrintOptions(program.command('hunt'))
    .description('analyse many images: resumable, skips what is unchanged, prints the category table')
    .argument('<source>', 'registry:HOST[:PORT][/PREFIX], hub:QUERY, list:FILE, oci:DIR');
  addScanningOptions(command)
    .addOption(dataOption())
    .option(
      '--concurrency <count>',
      'images scanned at once, and requests at once to a registry',
      parseCount,
      4,
    )
    .option('--since <time>', 'leave out what changed before, where the source tells', parseSince)
    .option('--limit <count>', 'end after so many images', parseCount)
    .option('--restart', 'do not go on with an interrupted hunt of the same source', false)
    .addHelpText('after', '\nExample:\n  waterguard hunt registry:registry.example.com/team --format json')
    .hook('preAction', tellConfiguration)
    .action(async (source: string, _: unknown, command: Command) => {
      const { beginHunt } = await import('./hunt-begin.ts');
      done(await beginHunt(source, command.optsWithGlobals<HuntFlags>()));
    });
}

export function parseCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new InvalidArgumentError('give a number from 1 on.');
  return count;
}

/** A date, or a time of RFC 3339. */
export function parseSince(text: string): Date {
  const isTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const time = isTime ? new Date(text) : undefined;
  if (time === undefined || Number.isNaN(time.getTime()) || !isDay(text.slice(0, 10)))
    throw new InvalidArgumentError('give a date such as 2026-11-01 or 2026-11-01T12:00:00Z.');
  return time;
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  return new Date(text).toISOString().startsWith(text);
}

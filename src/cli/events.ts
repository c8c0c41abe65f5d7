/** `waterguard events`: what decoys saw, from and for other programs; `events-import.ts` and `events-export.ts` do it. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type FormatName, formatNames } from '../honeypot/interchange/format-names.ts';
import { tellConfiguration } from './configuration.ts';
import { parseCount, parseSince } from './hunt.ts';
import { outputOption, quietOption } from './printing.ts';
import { type Listen, parseListen } from './serving.ts';
import { dataOption } from './store-options.ts';

export const importFormats = ['cowrie', 'waterguard'] as const;
export type ImportFormat = (typeof importFormats)[number];

export interface ImportFlags {
  readonly format?: ImportFormat;
  readonly sensor: string;
  readonly data?: string;
  readonly server?: string;
  readonly tokenFile?: string;
  readonly quiet: boolean;
  readonly debug?: boolean;
}

export interface ExportFlags {
  readonly format: FormatName;
  readonly from?: Date;
  readonly to?: Date;
  readonly source?: string;
  readonly type?: string;
  readonly sensor?: string;
  readonly session?: number;
  readonly mask: boolean;
  readonly output?: string;
  readonly broker?: Place;
  readonly ident?: string;
  readonly secretFile?: string;
  readonly data?: string;
  readonly quiet: boolean;
}

export interface Place extends Listen {
  readonly tls: boolean;
}

export function addEvents(program: Command, done: (code: number) => void): void {
  const events = program
    .command('events')
    .description('what decoys saw, from other programs and for them: Cowrie, CEF, OCSF, STIX, hpfeeds')
    .addHelpText('after', '\nExample:\n  waterguard events import cowrie.json');

  events
    .command('import')
    .description('take in what other sensors saw; what is here already is passed over')
    .argument('<file...>', 'JSON lines, also packed by gzip; - is standard input')
    .addOption(
      new Option('--format <format>', 'whose lines (default: by the first one)').choices(importFormats),
    )
    .option('--sensor <name>', 'whose events those are that name no sensor', parseSensor, 'cowrie')
    .addOption(dataOption())
    .option('--server <url>', 'deliver to a Waterguard server')
    .option('--token-file <file>', "the server's token (scope ingest)")
    .addOption(quietOption())
    .addHelpText(
      'after',
      '\nExamples:\n  waterguard events import cowrie.json.2026-11-01 cowrie.json\n  zstdcat events.ndjson.zst | waterguard events import --format waterguard -',
    )
    .hook('preAction', tellConfiguration)
    .action(async (files: string[], _: unknown, command: Command) => {
      const { importEvents } = await import('./events-import.ts');
      done(await importEvents(files, command.optsWithGlobals<ImportFlags>()));
    });

  events
    .command('export')
    .description('give events away, the oldest first; with credentials where the format has a place for them')
    .addOption(new Option('--format <format>', 'as what').choices(formatNames).default('ndjson'))
    .option('--from <time>', 'those from then on', parseSince)
    .option('--to <time>', 'those before', parseSince)
    .option('--source <address>', 'those of an address or a network such as 198.51.100.0/24')
    .option('--type <type>', 'those of a type such as ssh.auth, or of a service such as ssh')
    .option('--sensor <name>', 'those of one sensor')
    .option('--session <number>', 'those of one session, by its number in the console', parseCount)
    .option('--mask', 'without credentials and without the bytes that came', false)
    .addOption(outputOption())
    .option('--broker <addr:port>', 'publish to a broker of hpfeeds; tls:ADDR:PORT over TLS', parsePlace)
    .option('--ident <name>', 'who publishes, as the broker knows it')
    .option('--secret-file <file>', "the ident's secret")
    .addOption(dataOption())
    .addOption(quietOption())
    .addHelpText(
      'after',
      '\nExamples:\n  waterguard events export --type ssh --from 2026-11-01 --format stix --output ssh.json\n  waterguard events export --format hpfeeds --broker tls:hpfeeds.example.com:10000 \\\n    --ident waterguard --secret-file secret',
    )
    .hook('preAction', tellConfiguration)
    .action(async (_: unknown, command: Command) => {
      const { exportEvents } = await import('./events-export.ts');
      done(await exportEvents(command.optsWithGlobals<ExportFlags>()));
    });
}

function parseSensor(text: string): string {
  if (!/^[\w.-]{1,100}$/.test(text)) throw new InvalidArgumentError('give letters, digits and . _ -');
  return text;
}

function parsePlace(text: string): Place {
  const tls = text.startsWith('tls:');
  return { ...parseListen(tls ? text.slice('tls:'.length) : text), tls };
}

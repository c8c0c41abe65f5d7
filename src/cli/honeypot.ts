/** `waterguard honeypot`: what can be asked for; `honeypot-run.ts` does it. */
import { type Command, InvalidArgumentError } from 'commander';
import { tellConfiguration } from './configuration.ts';
import { quietOption } from './printing.ts';
import { type Listen, parseListen } from './serving.ts';
import { dataOption, parseFolder } from './store-options.ts';

export interface HoneypotFlags {
  readonly decoy: ReadonlyMap<string, Listen>;
  readonly persona?: string;
  readonly events?: string;
  readonly server?: string;
  readonly tokenFile?: string;
  readonly spool?: string;
  readonly data?: string;
  readonly quiet: boolean;
}

export function addHoneypot(program: Command, done: (code: number) => void): void {
  program
    .command('honeypot')
    .description('run decoys and record who comes; to a server, a file or the embedded store')
    .option(
      '--decoy <name=addr:port>',
      'a decoy and where it listens (repeatable; default: all, on loopback and high ports)',
      collectDecoys,
      new Map(),
    )
    .option(
      '--persona <seed>',
      'what the decoys pretend to be follows from it (default: by chance, once)',
      parseSeed,
    )
    .option('--events <file>', 'append events there, one JSON object a line')
    .option('--server <url>', 'deliver events to a Waterguard server')
    .option('--token-file <file>', "the server's token (scope ingest), or the secret of an invitation")
    .option(
      '--spool <dir>',
      'what the sensor keeps: who it is, events that wait (default: below --data)',
      parseFolder,
    )
    .addOption(dataOption())
    .addOption(quietOption())
    .addHelpText(
      'after',
      '\nExamples:\n  waterguard honeypot --events events.ndjson\n  waterguard honeypot --decoy docker=0.0.0.0:2375 --decoy ssh=0.0.0.0:22 \\\n    --server https://waterguard.example.com --token-file token',
    )
    .hook('preAction', tellConfiguration)
    .action(async (_: unknown, command: Command) => {
      const { runHoneypot } = await import('./honeypot-run.ts');
      done(await runHoneypot(command.optsWithGlobals<HoneypotFlags>()));
    });
}

/** A variable that nobody set would make all sensors the same. */
function parseSeed(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('give a seed, or leave it out.');
  return text;
}

function collectDecoys(text: string, before: ReadonlyMap<string, Listen>): ReadonlyMap<string, Listen> {
  const [, name = '', listen = ''] = /^([a-z-]+)=(.+)$/.exec(text) ?? [];
  if (name === '') throw new InvalidArgumentError('give a name and a place such as docker=127.0.0.1:2375.');
  if (before.has(name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return new Map([...before, [name, parseListen(listen)]]);
}

/** `waterguard scan TARGET…`: what can be asked for; `scan-targets.ts` does it. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Format, formats } from '../report/render.ts';
import { endEngine, launchEngine } from '../scan/engine/process.ts';
import { tellConfiguration } from './configuration.ts';
import { outputOption, quietOption } from './printing.ts';
import { addScanningOptions, type ScanningFlags } from './scanning.ts';

export interface ScanFlags extends ScanningFlags {
  readonly format: Format;
  readonly output?: string;
  readonly server?: string;
  readonly tokenFile?: string;
  /** Of the program: stack traces. */
  readonly debug?: boolean;
}

export function addScan(program: Command, done: (code: number) => void): void {
  const command = program
    .command('scan')
    .description('analyse images or directories: verdict, findings, evidence')
    .argument(
      '<target...>',
      'REPO[:TAG][@DIGEST], oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, dir:PATH, docker:IMAGE',
    )
    .addOption(new Option('--format <format>', 'how to print').choices(formats).default('table'))
    .addOption(outputOption());
  addScanningOptions(command)
    .option('--server <url>', 'also deliver the reports on images to a Waterguard server', parseServer)
    .option('--token-file <file>', 'holds the token for it, with the scope ingest')
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

function parseServer(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('give a URL such as https://waterguard.example.com.');
  return url.href.replace(/\/$/, '');
}

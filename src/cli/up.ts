/** `waterguard up`, `server` and `worker`: all in one; API and console; one more worker. */
import type { Command } from 'commander';
import { tellConfiguration } from './configuration.ts';
import { parseCount } from './hunt.ts';
import { quietOption } from './printing.ts';
import { addScanningOptions } from './scanning.ts';
import type { ServeFlags, Started } from './serve.ts';
import { addServingOptions } from './serving.ts';
import { dataOption } from './store-options.ts';

export interface UpFlags extends ServeFlags {
  readonly sample: boolean;
}

const defaultPort = 8787;

export function addUp(program: Command, done: (code: number) => void): void {
  const up = program
    .command('up')
    .description('everything on this machine: store, API, console and a worker');
  addServingOptions(up, defaultPort)
    .option(
      '--sample',
      'begin with a hunt over a built-in registry of harmless samples, and made-up visits',
      false,
    )
    .addHelpText('after', '\nExample:\n  waterguard up --listen 127.0.0.1:8787');
  finish(up, async (flags: UpFlags) => {
    const [{ serve }, { huntSamples }, { visitSamples }] = await Promise.all([
      import('./serve.ts'),
      import('./up-sample.ts'),
      import('./up-visits.ts'),
    ]);
    const onStart = async (started: Started): Promise<void> => {
      void visitSamples(started);
      await huntSamples(started);
    };
    return serve(flags, { command: 'up', works: true, ...(flags.sample && { onStart }) });
  });

  const server = program
    .command('server')
    .description('API and console alone; workers are processes of their own');
  addServingOptions(server, defaultPort).addHelpText(
    'after',
    '\nExample:\n  DATABASE_URL=postgres://waterguard@db/waterguard waterguard server --listen 0.0.0.0:8787',
  );
  finish(server, async (flags: ServeFlags) => {
    const { serve } = await import('./serve.ts');
    return serve(flags, { command: 'server', works: false });
  });

  const worker = program
    .command('worker')
    .description('one more worker, on this or another machine; needs DATABASE_URL')
    .addOption(dataOption())
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgres://waterguard@db/waterguard waterguard worker');
  finish(worker, async (flags: ServeFlags) => {
    const { runWorker } = await import('./worker.ts');
    return runWorker(flags);
  });

  function finish<Flags>(command: Command, run: (flags: Flags) => Promise<number>): void {
    addScanningOptions(command)
      .option('--concurrency <count>', 'images scanned at once', parseCount, 4)
      .addOption(quietOption())
      .hook('preAction', tellConfiguration)
      .action(async (_: unknown, command: Command) =>
        done(await run(command.optsWithGlobals<Flags & object>())),
      );
  }
}

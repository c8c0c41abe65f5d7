/** `waterguard db`: upkeep of the store. */
import type { Command } from 'commander';
import { addPrintOptions, type PrintFlags } from './printing.ts';
import { dataOption } from './store-options.ts';

export interface DbFlags extends PrintFlags {
  readonly data?: string;
}

export function addDb(program: Command, done: (code: number) => void): void {
  const db = program.command('db').description('the store: its schema, size, backup and restore');
  const add = (name: string, description: string, example: string): Command =>
    addPrintOptions(db.command(name))
      .addOption(dataOption())
      .description(description)
      .addHelpText('after', `\nExample:\n  ${example}`);

  add(
    'status',
    'where it is, how large it is and what it holds',
    'waterguard db status --format json',
  ).action(async (_: unknown, command: Command) => {
    const { status } = await import('./db-run.ts');
    done(await status(command.optsWithGlobals<DbFlags>()));
  });
  add('migrate', 'bring the schema to this version', 'waterguard db migrate').action(
    async (_: unknown, command: Command) => {
      const { migrateStore } = await import('./db-run.ts');
      done(await migrateStore(command.optsWithGlobals<DbFlags>()));
    },
  );
  add('backup', 'write a backup of the embedded store', 'waterguard db backup waterguard.tar.gz')
    .argument('<file>', 'is whole or absent')
    .action(async (file: string, _: unknown, command: Command) => {
      const { backup } = await import('./db-run.ts');
      done(await backup(file, command.optsWithGlobals<DbFlags>()));
    });
  add('restore', 'make an embedded store from a backup', 'waterguard db restore waterguard.tar.gz --data DIR')
    .argument('<file>', 'a backup')
    .action(async (file: string, _: unknown, command: Command) => {
      const { restore } = await import('./db-run.ts');
      done(await restore(file, command.optsWithGlobals<DbFlags>()));
    });
}

/** `waterguard rules`: what is detected, whether the rules still say what they should, and how to add more. */
import type { Command } from 'commander';
import { addPrintOptions, type PrintFlags } from './printing.ts';
import { noShippedRules, ruleFolders } from './rule-options.ts';

export interface ListFlags extends PrintFlags {
  readonly rules: readonly string[];
  readonly shippedRules: boolean;
}

export function addRules(program: Command, done: (code: number) => void): void {
  const rules = program
    .command('rules')
    .description('detection rules, their tests, third-party rule folders')
    .helpCommand(false)
    .addHelpText('after', '\nExample:\n  waterguard rules list');

  addPrintOptions(rules.command('list'))
    .description('all that a scan can find, and the rules that were refused')
    .addOption(ruleFolders())
    .addOption(noShippedRules())
    .addHelpText('after', '\nExample:\n  waterguard rules list --rules ./our-rules --format json')
    .action(async (flags: ListFlags) => done(await (await import('./rules-list.ts')).list(flags)));

  addPrintOptions(rules.command('test'))
    .description('match every rule against its samples; exit 1 where one fails')
    .argument('[folder]', 'rules with their samples (default: those that come with Waterguard)')
    .addHelpText('after', '\nExample:\n  waterguard rules test ./our-rules')
    .action(async (folder: string | undefined, flags: PrintFlags) =>
      done(await (await import('./rules-test.ts')).test(folder, flags)),
    );

  addPrintOptions(rules.command('add'))
    .description("copy a folder of rules to the user's own, which every scan uses")
    .argument('<folder>', 'with *.yar, *.yaml or *.toml, and its licence')
    .addHelpText(
      'after',
      '\nExample:\n  git clone https://github.com/Neo23x0/signature-base\n  waterguard rules add signature-base',
    )
    .action(async (folder: string, flags: PrintFlags) =>
      done(await (await import('./rules-add.ts')).add(folder, flags)),
    );

  addPrintOptions(rules.command('update'))
    .description('copy the added folders again from where they came from')
    .addHelpText('after', '\nExample:\n  git -C signature-base pull\n  waterguard rules update')
    .action(async (flags: PrintFlags) => done(await (await import('./rules-add.ts')).update(flags)));
}

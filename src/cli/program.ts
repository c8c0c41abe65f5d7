/** The command line as a whole: one line per command, exit codes, and what an error looks like. */
import { Command, CommanderError } from 'commander';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import { version } from '../package.ts';
import { addBench } from './bench.ts';
import { exit } from './exit.ts';
import { addLab } from './lab.ts';
import { addRules } from './rules.ts';
import { addScan } from './scan.ts';

/** @returns the exit code: 0 done, 1 threshold reached, 2 usage or no readable target, 3 hole, 4 internal */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  // A reader that has seen enough (`| head`) is no error; a full disk is told where the result is written.
  process.stdout.on('error', () => {});
  const program = new Command('waterguard')
    .description('Find, trace, price and stop attackers who live in containers.')
    .version(version, '-V, --version', 'print the version')
    .option('--debug', 'print stack traces of errors')
    .helpCommand(false)
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', '\nExample:\n  waterguard scan docker.io/library/nginx:1 --fail-on high')
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  const done = (result: number): void => {
    code = result;
  };
  addScan(program, done);
  addRules(program, done);
  addLab(program, done);
  addBench(program, done);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return report(error, program.opts<{ debug?: boolean }>().debug === true);
  }
}

function report(error: unknown, debug: boolean): number {
  // Commander has printed its own message, or help, already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
  process.stderr.write(`waterguard: ${printable(messageOf(error), 2000)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  if (!(error instanceof WaterguardError)) {
    if (!debug) process.stderr.write('waterguard: this is a defect; --debug shows where it happened\n');
    return exit.internal;
  }
  return error.code === 'internal' || error.code === 'engine' ? exit.internal : exit.usage;
}

/** The command line as a whole: one line per command, exit codes, and what an error looks like. */
import { Command, CommanderError } from 'commander';
import { description, version } from '../package.ts';
import { addBench } from './bench.ts';
import { errorText, isDefect } from './error-text.ts';
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
    .description(`${description}.`)
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
  process.stderr.write(errorText(error, debug));
  return isDefect(error) ? exit.internal : exit.usage;
}

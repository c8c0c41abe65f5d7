/** The command line as a whole: one line per command, exit codes, and what an error looks like. */
import { Command, CommanderError } from 'commander';
import { printable } from '../model/printable.ts';
import { description, version } from '../package.ts';
import { addBench } from './bench.ts';
import { addDb } from './db.ts';
import { addEvents } from './events.ts';
import { exit } from './exit.ts';
import { exitCodeOf, tellFailure } from './failure.ts';
import { addHoneypot } from './honeypot.ts';
import { addHunt } from './hunt.ts';
import { addLab } from './lab.ts';
import { writeResult } from './output.ts';
import { addRules } from './rules.ts';
import { addScan } from './scan.ts';
import { addUp } from './up.ts';

/** What commander puts on a line of its own. */
const suggestion = /\n(\(Did you mean [^\n]*)$/;

/** @returns the exit code: 0 done, 1 threshold reached, 2 usage or no readable target, 3 hole, 4 internal */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  /** Help and version, which commander prints before it ends the command. */
  let help = '';
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
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: (text) => process.stderr.write(text),
      // It quotes what was given, which a pipeline may have from somebody else.
      outputError: (text, write) => write(`${printable(text.trimEnd().replace(suggestion, ' $1'))}\n`),
    });
  const done = (result: number): void => {
    code = result;
  };
  addScan(program, done);
  addHunt(program, done);
  addHoneypot(program, done);
  addEvents(program, done);
  addRules(program, done);
  addUp(program, done);
  addDb(program, done);
  addLab(program, done);
  addBench(program, done);
  try {
    try {
      await program.parseAsync(args, { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      // Commander has printed its own message already; only help and version are not out yet.
      if (error.exitCode !== 0) return exit.usage;
      await writeResult(help, undefined);
    }
    return code;
  } catch (error) {
    tellFailure(error, program.opts<{ debug?: boolean }>().debug === true);
    return exitCodeOf(error);
  }
}

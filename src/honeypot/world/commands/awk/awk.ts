/** awk, as mawk 1.3.4 of Debian 12 and as busybox. */
import { Ended, type Run } from '../../program.ts';
import { openInput, readAll } from '../streams.ts';
import {
  contentOfText,
  Fault,
  type Flavour,
  latin,
  nameOf,
  reasonOf,
  shortNameOf,
  type Tool,
} from '../tool.ts';
import { busyboxUsage } from '../usage.ts';
import { OutputFault, unescaped } from './io.ts';
import { AwkMachine, ExitInFunction } from './machine.ts';
import { parseAwk } from './parser.ts';
import { AwkFault, type AwkProgram } from './syntax.ts';
import { inputValue, TooFew, textOf } from './values.ts';

export const awk: Tool = async (run, flavour) => {
  const given = await optionsOf(run, flavour);
  if (typeof given === 'number') return given;
  let program: AwkProgram;
  try {
    program = parseAwk(given.source);
  } catch (error) {
    if (error instanceof AwkFault) throw new Fault(`${shortNameOf(run)}: ${error.message}\n`, 2);
    throw error;
  }
  const machine = new AwkMachine(run, program);
  machine.setEnvironment();
  for (const [name, value] of given.variables) machine.globals.set(name, inputValue(value));
  const args = [flavour === 'gnu' ? 'awk' : shortNameOf(run), ...given.operands];
  machine.globals.set('ARGC', args.length);
  for (const [index, arg] of args.entries())
    machine.array('ARGV').set(`${index}`, inputValue(contentOfText(arg)));
  try {
    return await machine.all();
  } catch (error) {
    if (error instanceof ExitInFunction) {
      await machine.output.closeAll();
      return error.exitCode;
    }
    if (error instanceof TooFew) {
      await machine.output.flush();
      throw new Fault(
        `${shortNameOf(run)}: run time error: not enough arguments passed to sprintf("${error.message}")\n\tFILENAME="${textOf(machine.globals.get('FILENAME'))}" FNR=${textOf(machine.globals.get('FNR'))} NR=${textOf(machine.globals.get('NR'))}\n`,
        2,
      );
    }
    if (error instanceof OutputFault) throw new Fault(error.message, 2);
    // What was printed before it went wrong is seen.
    if (error instanceof Fault || (error instanceof Ended && error.exitCode === 2))
      await machine.output.flush();
    if (error instanceof Ended && error.exitCode === 2) return 2;
    throw error;
  }
};

/** Of mawk 1.3.4. */
const usage = `Usage: mawk [Options] [Program] [file ...]

Program:
    The -f option value is the name of a file containing program text.
    If no -f option is given, a "--" ends option processing; the following
    parameters are the program text.

Options:
    -f program-file  Program  text is read from file instead of from the
                     command-line.  Multiple -f options are accepted.
    -F value         sets the field separator, FS, to value.
    -v var=value     assigns value to program variable var.
    --               unambiguous end of options.

    Implementation-specific options are prefixed with "-W".  They can be
    abbreviated:

    -W version       show version information and exit.
    -W dump          show assembler-like listing of program and exit.
    -W help          show this message and exit.
    -W interactive   set unbuffered output, line-buffered input.
    -W exec file     use file as program as well as last option.
    -W random=number set initial random seed.
    -W sprintf=number adjust size of sprintf buffer.
    -W posix_space   do not consider "\\n" a space.
    -W usage         show this message and exit.
`;

interface Given {
  readonly source: string;
  readonly variables: readonly (readonly [string, string])[];
  readonly operands: readonly string[];
}

async function optionsOf(run: Run, flavour: Flavour): Promise<Given | number> {
  const rest = run.args.slice(1);
  const sources: string[] = [];
  const variables: [string, string][] = [];
  const following = (arg: string): string => arg.slice(2) || (rest.shift() ?? '');
  while (rest[0]?.startsWith('-') && rest[0] !== '-') {
    const arg = rest.shift()!;
    if (arg === '--') break;
    if (arg === '-W' || arg === '--version' || arg === '-V' || arg === '-version') {
      if (arg === '-W' && rest.shift() !== 'version') continue;
      await run.stdout.write(
        flavour === 'gnu'
          ? 'mawk 1.3.4 20200120\nCopyright 2008-2019,2020, Thomas E. Dickey\nCopyright 1991-1996,2014, Michael D. Brennan\n\nrandom-funcs:       srandom/random\nregex-funcs:        internal\ncompiled limits:\nsprintf buffer      8192\nmaximum-integer     2147483647\n'
          : busyboxUsage(run, 'awk'),
      );
      return 0;
    }
    if (arg.startsWith('-F')) variables.push(['FS', unescaped(contentOfText(following(arg)))]);
    else if (arg.startsWith('-v')) {
      const assignment = following(arg);
      const equals = assignment.indexOf('=');
      if (equals <= 0) throw new Fault(`${shortNameOf(run)}: improper assignment: -v ${assignment}\n`, 2);
      variables.push([assignment.slice(0, equals), unescaped(contentOfText(assignment.slice(equals + 1)))]);
    } else if (arg.startsWith('-f')) sources.push(await fileIn(run, following(arg)));
    else if (arg.startsWith('-e')) sources.push(contentOfText(following(arg)));
    else
      throw new Fault(
        flavour === 'gnu'
          ? `${shortNameOf(run)}: not an option: ${arg}\n`
          : `awk: unrecognized option: ${arg[1]}\n${busyboxUsage(run, 'awk')}`,
        flavour === 'gnu' ? 2 : 1,
      );
  }
  if (sources.length === 0) {
    const source = rest.shift();
    if (source === undefined)
      throw new Fault(flavour === 'gnu' ? usage : busyboxUsage(run, 'awk'), flavour === 'gnu' ? 0 : 1);
    sources.push(contentOfText(source));
  }
  return { source: sources.join('\n'), variables, operands: rest };
}

async function fileIn(run: Run, path: string): Promise<string> {
  try {
    return latin(await readAll(run, openInput(run, path)));
  } catch (error) {
    throw new Fault(`${nameOf(run)}: cannot open "${path}" (${reasonOf(error)})\n`, 2);
  }
}

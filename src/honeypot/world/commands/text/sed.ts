/** sed, of GNU 4.9 and of busybox. */
import type { Input, Run } from '../../program.ts';
import { now } from '../../world.ts';
import { misuse, type Options, optionsOf } from '../options.ts';
import { complainOfFile, linesOf, Out, openInput, readAll } from '../streams.ts';
import {
  bytes,
  complain,
  contentOfText,
  Fault,
  type Flavour,
  fault,
  latin,
  nameOf,
  reasonOf,
  type Tool,
  textOfContent,
} from '../tool.ts';
import { Machine } from './sed-machine.ts';
import { parseScript } from './sed-script.ts';
import { type Command, SedFault } from './sed-syntax.ts';

/** Of GNU sed 4.9. */
const usage = `Usage: {name} [OPTION]... {script-only-if-no-other-script} [input-file]...

  -n, --quiet, --silent
                 suppress automatic printing of pattern space
      --debug
                 annotate program execution
  -e script, --expression=script
                 add the script to the commands to be executed
  -f script-file, --file=script-file
                 add the contents of script-file to the commands to be executed
  --follow-symlinks
                 follow symlinks when processing in place
  -i[SUFFIX], --in-place[=SUFFIX]
                 edit files in place (makes backup if SUFFIX supplied)
  -l N, --line-length=N
                 specify the desired line-wrap length for the \`l' command
  --posix
                 disable all GNU extensions.
  -E, -r, --regexp-extended
                 use extended regular expressions in the script
                 (for portability use POSIX -E).
  -s, --separate
                 consider files as separate rather than as a single,
                 continuous long stream.
      --sandbox
                 operate in sandbox mode (disable e/r/w commands).
  -u, --unbuffered
                 load minimal amounts of data from the input files and flush
                 the output buffers more often
  -z, --null-data
                 separate lines by NUL characters
      --help     display this help and exit
      --version  output version information and exit

If no -e, --expression, -f, or --file option is given, then the first
non-option argument is taken as the sed script to interpret.  All
remaining arguments are names of input files; if no input files are
specified, then the standard input is read.

GNU sed home page: <https://www.gnu.org/software/sed/>.
General help using GNU software: <https://www.gnu.org/gethelp/>.
`;

const spec = {
  usage,
  short: 'bEe:f:i::l:nrsuz',
  long: {
    quiet: 'n',
    silent: 'n',
    'expression=': 'e',
    'file=': 'f',
    'in-place=?': 'i',
    'regexp-extended': 'E',
    separate: 's',
    unbuffered: 'u',
    'null-data': 'z',
    posix: 'posix',
    debug: 'debug',
    sandbox: 'sandbox',
    'line-length=': 'l',
  },
};

export const sed: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, spec);
  const { operands } = options;
  const pieces: string[] = [];
  for (const [name, value] of options.given) {
    if (name === 'e') pieces.push(contentOfText(value));
    if (name === 'f') pieces.push(latin(await scriptIn(run, value)).replace(/\n$/, ''));
  }
  const hasScript = pieces.length > 0;
  const paths = hasScript ? operands : operands.slice(1);
  if (!hasScript) {
    const [script] = operands;
    if (script === undefined) throw misuse(run, flavour, { usage }, '');
    pieces.push(contentOfText(script));
  }
  let commands: Command[];
  try {
    commands = parseScript(pieces.join('\n'), options.has('E', 'r'));
  } catch (error) {
    if (error instanceof SedFault) {
      const said =
        flavour === 'gnu' ? error.message : error.message.replace(/^-e expression #1, char \d+: /, '');
      throw new Fault(`${nameOf(run)}: ${said}\n`, error.exitCode);
    }
    throw error;
  }
  return options.has('i')
    ? inPlace(run, flavour, options, commands, paths)
    : printed(run, flavour, options, commands, paths);
};

async function scriptIn(run: Run, path: string): Promise<Buffer> {
  try {
    return await readAll(run, openInput(run, path));
  } catch (error) {
    throw new Fault(`${nameOf(run)}: couldn't open file ${path}: ${reasonOf(error)}\n`, 1);
  }
}

async function complainOf(run: Run, flavour: Flavour, path: string, error: unknown): Promise<void> {
  if (flavour === 'busybox') return complainOfFile(run, 'gnu', path, error);
  const reason = reasonOf(error);
  if (reason === 'Is a directory') throw fault(run, `read error on ${path}: ${reason}`, 4);
  await complain(run, `can't read ${path}: ${reason}`);
}

/** All files as one stream, or with `-s` each for itself. */
async function printed(
  run: Run,
  flavour: Flavour,
  options: Options,
  commands: readonly Command[],
  paths: readonly string[],
): Promise<number> {
  const out = new Out(run);
  let exitCode = 0;
  const open: { readonly path: string; readonly input: Input }[] = [];
  for (const path of paths.length === 0 ? ['-'] : paths) {
    try {
      open.push({ path, input: openInput(run, path) });
    } catch (error) {
      exitCode = 2;
      await complainOf(run, flavour, path, error);
    }
  }
  const end = options.has('z') ? '\0' : '\n';
  const groups = options.has('s') ? open.map((one) => [one]) : [open];
  for (const group of groups) {
    const machine = new Machine(run, commands, {
      isQuiet: options.has('n'),
      end,
      out,
      name: group[0]?.path ?? '-',
    });
    const code = await machine.process(
      concatenated(
        run,
        group.map(({ input }) => input),
        end,
      ),
    );
    if (code !== undefined) return code;
  }
  return flavour === 'gnu' ? exitCode : Math.min(exitCode, 1);
}

/** The last line of a file that another follows ends with a newline. */
async function* concatenated(run: Run, inputs: readonly Input[], end: string) {
  for (const [index, input] of inputs.entries()) {
    for await (const batch of linesOf(run, input, end))
      yield index < inputs.length - 1 ? { ...batch, isOpen: false } : batch;
  }
}

async function inPlace(
  run: Run,
  flavour: Flavour,
  options: Options,
  commands: readonly Command[],
  paths: readonly string[],
): Promise<number> {
  if (paths.length === 0 && flavour === 'gnu') throw new Fault(`${nameOf(run)}: no input files\n`, 1);
  let exitCode = 0;
  for (const path of paths) {
    try {
      const input = openInput(run, path);
      const end = options.has('z') ? '\0' : '\n';
      const parts: string[] = [];
      const out = { add: (text: string) => void parts.push(text), flush: () => Promise.resolve() };
      const machine = new Machine(run, commands, { isQuiet: options.has('n'), end, out, name: path });
      const code = await machine.process(linesOf(run, input, end));
      const suffix = options.value('i') ?? '';
      if (suffix !== '')
        run.files.write(
          suffix.includes('*') ? suffix.replaceAll('*', path) : path + suffix,
          run.files.read(path),
          { now: now(run.world) },
        );
      const { mode } = run.files.stat(path);
      // A link is replaced by a file of its own.
      if (run.files.lstat(path).kind === 'link') run.files.unlink(path);
      run.files.write(path, bytes(parts.join('')), { mode, now: now(run.world) });
      if (code !== undefined) return code;
    } catch (error) {
      exitCode = 4;
      const reason = reasonOf(error);
      if (reason === 'No such file or directory') {
        exitCode = 2;
        await complainOf(run, flavour, path, error);
      } else if (reason === 'Is a directory')
        await complain(run, `couldn't edit ${path}: not a regular file`);
      else await complain(run, `couldn't open temporary file ${textOfContent(path)}: ${reason}`);
    }
  }
  return flavour === 'gnu' ? exitCode : Math.min(exitCode, 1);
}

/** One cell of IPython 8.5: lines for the shell and magics as what Python they stand for, cell magics, Python itself. */
import { readCode } from '../../payload/code.ts';
import { type Desk, functions, shell, system } from '../../world/commands/languages/python/desk.ts';
import { evaluate, type Surroundings } from '../../world/commands/languages/python/evaluate.ts';
import { opened } from '../../world/commands/languages/python/files.ts';
import type { Machine } from '../../world/commands/languages/python/machine.ts';
import { modulesOf } from '../../world/commands/languages/python/modules.ts';
import { type Block, parse } from '../../world/commands/languages/python/syntax.ts';
import { Fault } from '../../world/commands/languages/python/tokens.ts';
import {
  callable,
  isUnknown,
  listOf,
  Raised,
  reprOf,
  textOf,
  thing,
  type Value,
} from '../../world/commands/languages/python/value.ts';

/** What becomes of a cell while it runs. */
export interface Screen {
  write(to: 'stdout' | 'stderr', text: string): void;
}

export type CellResult =
  /** `repr` of its last expression; undefined for none. */
  | { readonly kind: 'ok'; readonly result: string | undefined }
  | { readonly kind: 'error'; readonly type: string; readonly message: string; readonly line: number };

/** The state that cells of a kernel share. */
export interface Interpreter {
  run(code: string, screen: Screen): Promise<CellResult>;
}

/** @param start directory of the kernel */
export function createInterpreter(machine: Machine, start: string): Interpreter {
  const globals = new Map<string, Value>();
  let screen: Screen = { write: () => {} };
  const desk: Desk = {
    machine,
    cwd: start,
    argv: ['/usr/lib/python3/dist-packages/ipykernel_launcher.py', '-f'],
    environment: new Map([
      ['HOME', '/root'],
      ['USER', 'root'],
      ['LOGNAME', 'root'],
      ['SHELL', '/bin/bash'],
      ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ['PWD', start],
      ['LANG', 'C.UTF-8'],
      ['JPY_PARENT_PID', String(machine.world.nextPid - 1)],
      ['TERM', 'xterm-color'],
      ['CLICOLOR', '1'],
      ['PAGER', 'cat'],
      ['GIT_PAGER', 'cat'],
    ]),
    write(to, text) {
      if (text !== '') screen.write(to, text);
    },
  };
  const run = async (code: Value | undefined): Promise<Value> =>
    (await python(transformed(Buffer.isBuffer(code) ? code.toString('utf8') : textOf(code ?? '')))) ?? null;
  const surroundings: Surroundings = {
    print: (text) => desk.write('stdout', text),
    module: modulesOf(desk),
    functions: new Map<string, Value>([
      ['open', opened(desk)],
      ...Object.entries(functions({ exec: async ([code]) => void (await run(code)) })),
      ['eval', callable('eval', ([code]) => run(code))],
      ['compile', callable('compile', ([code = '']) => textOf(code))],
      [
        '__import__',
        callable('__import__', ([name = '']) => surroundings.module(textOf(name)) ?? missing(name)),
      ],
      ['get_ipython', callable('get_ipython', () => shellObject(desk, run))],
    ]),
  };
  let line = 1;
  let depth = 0;

  /** @throws Raised, Fault */
  async function python(source: string): Promise<Value | undefined> {
    depth += 1;
    if (depth > 8) throw new Raised('RecursionError', 'maximum recursion depth exceeded');
    try {
      const block: Block = parse(source);
      return (await evaluate(block, globals, surroundings, (at) => (line = depth > 1 ? line : at))).result;
    } finally {
      depth -= 1;
    }
  }

  return {
    async run(code, to) {
      screen = to;
      line = 1;
      depth = 0;
      const magic = /^%%(\w+)([^\n]*)\n?([\s\S]*)$/.exec(code.trimStart());
      try {
        if (magic !== null) {
          await cellMagic(desk, run, magic[1]!, magic[2]!.trim(), magic[3]!);
          return { kind: 'ok', result: undefined };
        }
        const result = await python(transformed(code));
        const isShown = result !== undefined && result !== null && !isUnknown(result) && !/;\s*$/.test(code);
        return { kind: 'ok', result: isShown ? reprOf(result) : undefined };
      } catch (error) {
        if (error instanceof Raised && error.type === 'SystemExit') return { kind: 'ok', result: undefined };
        if (error instanceof Raised) return { kind: 'error', type: error.type, message: error.message, line };
        if (!(error instanceof Fault)) throw error;
        if (error.isIncomplete)
          return { kind: 'error', type: 'SyntaxError', message: error.message, line: error.line };
        await scan(desk, code);
        return { kind: 'ok', result: undefined };
      }
    },
  };
}

/** Whether IPython would wait for more lines: a block has no body yet, brackets or quotes are open. */
export function isWaiting(code: string): boolean {
  try {
    parse(transformed(code));
    return false;
  } catch (error) {
    return error instanceof Fault && error.isIncomplete;
  }
}

function missing(name: Value): never {
  throw new Raised('ModuleNotFoundError', `No module named ${reprOf(name)}`);
}

/** Code that is not understood as a whole: its commands alone. */
async function scan(desk: Desk, code: string): Promise<void> {
  for (const piece of readCode('python', code).pieces.slice(0, 50))
    if (piece.kind === 'shell') await system(desk, shell(piece.text));
}

/** Shell lines and magics, by the calls that IPython makes of them. */
export function transformed(code: string): string {
  const lines = code.replace(/\r\n?/g, '\n').split('\n');
  const whole: string[] = [];
  let quote = '';
  for (let at = 0; at < lines.length; at += 1) {
    let text = lines[at]!;
    if (quote === '') {
      const found = /^([ \t]*)(?:([\w.]+[ \t]*=[ \t]*)?(!!?|%)(?!=))(.*)$/s.exec(text);
      if (found !== null) {
        let command = found[4]!;
        while (command.endsWith('\\') && at + 1 < lines.length) command = command.slice(0, -1) + lines[++at]!;
        text = found[1]! + (found[2] ?? '') + called(found[3]!, command.trim(), found[2] !== undefined);
      } else text = text.replace(/^([ \t]*[\w.]+)\?{1,2}$/, '$1');
    }
    quote = quoteAfter(text, quote);
    whole.push(text);
  }
  return whole.join('\n');
}

function called(sign: string, command: string, isAssigned: boolean): string {
  const text = (value: string): string => reprOf(value);
  if (sign === '%') {
    const [name = '', ...rest] = command.split(/\s+/);
    return `get_ipython().run_line_magic(${text(name)}, ${text(rest.join(' '))})`;
  }
  return `get_ipython().${sign === '!!' || isAssigned ? 'getoutput' : 'system'}(${text(command)})`;
}

/** Which three quotes are open behind a line. */
function quoteAfter(line: string, before: string): string {
  let open = before;
  for (const found of line.matchAll(/'''|"""/g)) {
    if (open === '') open = found[0];
    else if (open === found[0]) open = '';
  }
  return open;
}

/** What IPython's own object does. */
function shellObject(desk: Desk, run: (code: Value | undefined) => Promise<Value>): Value {
  /** Through a terminal, as its user's shell. */
  const piped = async (command: string): Promise<string> => {
    if (/&\s*$/.test(command)) throw new Raised('OSError', 'Background processes not supported.');
    const { output } = await desk.machine.run(['/bin/bash', '-c', command], {
      ...desk,
      env: desk.environment,
      isMerged: true,
    });
    return output.toString('utf8');
  };
  const listed = async (command: string): Promise<Value> =>
    listOf(
      (await piped(command))
        .replace(/\n$/, '')
        .split('\n')
        .filter((line, _, all) => all.length > 1 || line !== ''),
    );
  const show = async (command: string): Promise<null> => {
    desk.write('stdout', (await piped(command)).replaceAll('\n', '\r\n'));
    return null;
  };
  return thing(
    'ZMQInteractiveShell',
    functions({
      system: ([command = '']) => show(textOf(command)),
      getoutput: ([command = '']) => listed(textOf(command)),
      run_cell: ([code]) => run(code),
      run_line_magic: async ([name = '', rest = '']) => {
        const [magic, args] = [textOf(name), textOf(rest)];
        if (/^(?:ls|cat|cp|mv|rm|mkdir|rmdir|ll|pip|man|less|more)$/.test(magic))
          return show(`${magic === 'll' ? 'ls -l' : magic} ${args}`);
        if (magic === 'sx' || magic === 'system') return listed(args);
        if (magic === 'pwd') return desk.cwd;
        if (magic === 'cd') {
          const { output } = await desk.machine.run(['/bin/sh', '-c', `cd ${args || '~'} && pwd`], desk);
          desk.cwd = output.toString('utf8').trim() || desk.cwd;
          desk.write('stdout', `${desk.cwd}\n`);
          return null;
        }
        if (/^(?:time|timeit)$/.test(magic)) return run(args);
        return null;
      },
    }),
    '<ipykernel.zmqshell.ZMQInteractiveShell object at 0x7f1f2c0b3d90>',
  );
}

/** `%%bash` and the like: the cell is a script, read from standard input. */
async function cellMagic(
  desk: Desk,
  run: (code: Value | undefined) => Promise<Value>,
  name: string,
  args: string,
  body: string,
): Promise<void> {
  if (name === 'time' || name === 'timeit' || name === 'capture') {
    await run(body);
    return;
  }
  if (name === 'writefile' || name === 'file') {
    const view = opened(desk).call(
      [args.replace(/^-a\s+/, ''), args.startsWith('-a ') ? 'a' : 'w'],
      new Map(),
    ) as { members: Record<string, Value> };
    const write = view.members.write as {
      call(args: readonly Value[], named: ReadonlyMap<string, Value>): Value;
    };
    write.call([body], new Map());
    desk.write('stdout', `Writing ${args}\n`);
    return;
  }
  const argv = name === 'script' ? args.split(/\s+/) : interpreters[name];
  if (argv === undefined) {
    desk.write('stderr', `UsageError: Cell magic \`%%${name}\` not found.\n`);
    return;
  }
  if (name === 'python' || name === 'python3') {
    await run(body);
    return;
  }
  const ran =
    name === 'system' || name === 'sx' || name === '!'
      ? await desk.machine.run(['/bin/bash', '-c', body], { ...desk, env: desk.environment, isMerged: true })
      : await desk.machine.run(argv, { cwd: desk.cwd, env: desk.environment, input: Buffer.from(body) });
  desk.write('stdout', ran.output.toString('utf8'));
  desk.write('stderr', ran.errors.toString('utf8'));
  if (ran.exitCode !== 0)
    throw new Raised(
      'CalledProcessError',
      `Command 'b${reprOf(body)}' returned non-zero exit status ${ran.exitCode}.`,
    );
}

const interpreters: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash'],
  sh: ['sh'],
  perl: ['perl'],
  ruby: ['ruby'],
  python: ['python3'],
  python3: ['python3'],
  system: ['bash'],
  sx: ['bash'],
};

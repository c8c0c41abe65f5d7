/** A program in Python as a process of the world: `python3 -c`, a script, or what is piped into it. */
import { createSink, inputOf } from '../../../../run-line.ts';
import { contentOf } from '../../../files/node.ts';
import { Ended, type Run } from '../../../program.ts';
import { transfer } from '../../network/transfer.ts';
import { parseAddress } from '../../network/url.ts';
import { readAll } from '../../streams.ts';
import type { Desk } from './desk.ts';
import { evaluate } from './evaluate.ts';
import { opened } from './files.ts';
import type { Machine, Request } from './machine.ts';
import { ended, modulesOf } from './modules.ts';
import { type Block, parse } from './syntax.ts';
import { Fault } from './tokens.ts';
import { callable, Raised, reprOf, textOf, type Value } from './value.ts';

/** Characters that a program may have printed and nobody has read yet; 128 + SIGKILL. */
const mostPrinted = 4 << 20;
const killed = 137;
/** Programs in programs. */
const deepest = 8;

export interface Source {
  readonly text: string;
  /** As tracebacks call it: `<string>`, `<stdin>`, a path. */
  readonly file: string;
  /** The program as `sys.argv` has it, and its arguments. */
  readonly argv: readonly string[];
}

/** @returns the exit code; undefined where it is not understood, and nothing of it has run */
export async function runProgram(run: Run, { text, file, argv }: Source): Promise<number | undefined> {
  let block: Block;
  try {
    block = parse(text);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
  const printed: { readonly to: 'stdout' | 'stderr'; readonly text: string }[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    for (const { to, text } of printed.splice(0)) await run[to].write(text);
    length = 0;
  };
  const desk: Desk = {
    machine: machineOf(run, flush),
    cwd: run.files.cwd,
    argv,
    environment: new Map(run.env),
    write(to, text) {
      length += text.length;
      if (length > mostPrinted) throw new Ended(killed);
      if (text !== '') printed.push({ to, text });
    },
  };
  let [line, steps] = [1, 0];
  const exitCode = await interpreted(desk, block, (at) => {
    steps += 1;
    line = at;
  }).catch((error) => failed(desk, error, () => `  File "${file}", line ${line}, in <module>\n`));
  await flush();
  await run.work(steps);
  return exitCode;
}

async function interpreted(desk: Desk, block: Block, trace: (line: number) => void): Promise<number> {
  const globals = new Map<string, Value>([['__name__', '__main__']]);
  const modules = modulesOf(desk);
  let depth = 0;
  const nested = async (code: Value | undefined): Promise<Value> => {
    const text = Buffer.isBuffer(code) ? code.toString('utf8') : textOf(code ?? '');
    depth += 1;
    if (depth > deepest) throw new Raised('RecursionError', 'maximum recursion depth exceeded');
    try {
      return (await evaluate(parse(text), globals, surroundings, () => {})).result ?? null;
    } catch (error) {
      if (error instanceof Fault) throw new Raised('SyntaxError', error.message);
      throw error;
    } finally {
      depth -= 1;
    }
  };
  const surroundings = {
    print: (text: string) => desk.write('stdout', text),
    module: modules,
    functions: new Map<string, Value>([
      ['open', opened(desk)],
      ['exec', callable('exec', async ([code]) => nested(code).then(() => null))],
      ['eval', callable('eval', ([code]) => nested(code))],
      ['compile', callable('compile', ([code = '']) => textOf(code))],
      ['exit', callable('exit', ended)],
      ['quit', callable('quit', ended)],
      ['__import__', callable('__import__', ([name = '']) => modules(textOf(name)) ?? missing(name))],
    ]),
  };
  await evaluate(block, globals, surroundings, trace);
  return 0;
}

function missing(name: Value): never {
  throw new Raised('ModuleNotFoundError', `No module named ${reprOf(name)}`);
}

/** What an uncaught exception comes to. */
function failed(desk: Desk, error: unknown, place: () => string): number {
  if (!(error instanceof Raised)) throw error;
  // It would not have ended by itself.
  if (error.type === 'KeyboardInterrupt') throw new Ended(killed);
  if (error.type === 'SystemExit') {
    if (/^-?\d+$/.test(error.message)) return Number(error.message) & 0xff;
    desk.write('stderr', `${error.message}\n`);
    return 1;
  }
  const said = error.message === '' ? error.type : `${error.type}: ${error.message}`;
  desk.write('stderr', `Traceback (most recent call last):\n${place()}${said}\n`);
  return 1;
}

/** @param flush what was printed before goes out before what a command prints */
function machineOf(run: Run, flush: () => Promise<void>): Machine {
  return {
    world: run.world,
    user: run.user,
    view: (cwd) => run.files.in(cwd),
    async run(argv, { cwd, env = run.env, input, isMerged = false, isShown = false }) {
      await flush();
      const [stdout, stderr] = [createSink(), createSink()];
      const files = run.files.in(cwd);
      const exitCode = await run.exec(argv, {
        files,
        env,
        ...(!isShown && { stdin: inputOf(input), stdout, stderr: isMerged ? stdout : stderr }),
      });
      return { exitCode, output: stdout.content(), errors: stderr.content() };
    },
    fetch: (request) => fetched(run, request),
    async connect(host, port) {
      run.note({ kind: 'connect', tool: 'python', host, port });
    },
    read: () => readAll(run, run.stdin),
    left() {},
  };
}

async function fetched(run: Run, { method, url, headers }: Request) {
  const address = parseAddress(url);
  if (address === undefined) return undefined;
  const answer = await transfer(run, {
    tool: 'python',
    address,
    method,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
  });
  if (answer.kind !== 'answer') return undefined;
  const { status, content } = answer;
  return { status, content: Buffer.from(content instanceof Uint8Array ? content : contentOf(content)) };
}

/** head and tail. */
import { FileError } from '../../files/node.ts';
import type { Input, Run } from '../../program.ts';
import { type Options, optionsOf } from '../options.ts';
import { quoteAlways, quoteWord } from '../quote.ts';
import { parseSize } from '../size.ts';
import { complainOfFile, openInput, readAll } from '../streams.ts';
import { bytes, complain, type Flavour, fault, latin, reasonOf, type Tool } from '../tool.ts';

interface Amount {
  readonly count: number;
  readonly isBytes: boolean;
  /** `+` for tail: from there on; `-` for head: all but so many. */
  readonly sign: '' | '+' | '-';
}

const spec = {
  short: 'c:n:qvzfFs:',
  long: {
    'bytes=': 'c',
    'lines=': 'n',
    quiet: 'q',
    silent: 'q',
    verbose: 'v',
    'zero-terminated': 'z',
    follow: 'f',
    'follow=?': 'f',
    retry: 'retry',
    'pid=': 'pid',
    'sleep-interval=': 's',
  },
  number: 'n',
};

export const head: Tool = (run, flavour) => each(run, flavour, 'head', headOf);
export const tail: Tool = (run, flavour) => each(run, flavour, 'tail', tailOf);

type Part = (run: Run, input: Input, amount: Amount, end: string) => Promise<void>;

async function each(run: Run, flavour: Flavour, name: 'head' | 'tail', part: Part): Promise<number> {
  // `tail +5` and `tail -5f` are from older times.
  const [first = ''] = run.args.slice(1);
  const old = /^([-+])(\d+)([cl]?)(f?)$/.exec(first);
  const isOld = old !== null && (name === 'tail' || old[1] === '-');
  const args = isOld
    ? [
        run.args[0]!,
        old[3] === 'c' ? '-c' : '-n',
        (old[1] === '+' ? '+' : '') + old[2],
        ...(old[4] ? ['-f'] : []),
        ...run.args.slice(2),
      ]
    : run.args;
  const options = optionsOf({ ...run, args }, flavour, spec);
  const amount = amountOf(run, options, name);
  const paths = options.operands.length === 0 ? ['-'] : options.operands;
  const isTitled = options.has('v') || (paths.length > 1 && !options.has('q'));
  let exitCode = 0;
  let isFirst = true;
  for (const path of paths) {
    let input: Input;
    try {
      input = openInput(run, path);
    } catch (error) {
      exitCode = 1;
      await complainOf(run, flavour, path, error, isTitled, isFirst);
      continue;
    }
    if (isTitled) {
      const title = path === '-' ? 'standard input' : path;
      await run.stdout.write(`${isFirst ? '' : '\n'}==> ${title} <==\n`);
    }
    isFirst = false;
    await part(run, input, amount, options.has('z') ? '\0' : '\n');
  }
  if (name === 'tail' && options.has('f', 'F')) await follow(run, options, paths);
  return exitCode;
}

async function complainOf(
  run: Run,
  flavour: Flavour,
  path: string,
  error: unknown,
  isTitled: boolean,
  isFirst: boolean,
): Promise<void> {
  if (flavour === 'busybox') return complainOfFile(run, flavour, path, error);
  if (error instanceof FileError && error.code === 'EISDIR') {
    if (isTitled) await run.stdout.write(`${isFirst ? '' : '\n'}==> ${path} <==\n`);
    return complain(run, `error reading '${path}': ${error.message}`);
  }
  await complain(run, `cannot open ${quoteAlways(path)} for reading: ${reasonOf(error)}`);
}

function amountOf(run: Run, options: Options, name: string): Amount {
  const [letter = 'n', text = '10'] = options.given.findLast(([one]) => one === 'n' || one === 'c') ?? [];
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  const count = parseSize(text.replace(/^[-+]/, ''));
  const isBytes = letter === 'c';
  if (count === undefined)
    throw fault(run, `invalid number of ${isBytes ? 'bytes' : 'lines'}: ${quoteWord(run, text)}`);
  return { count, isBytes, sign: name === 'tail' && sign === '-' ? '' : (sign as Amount['sign']) };
}

async function headOf(run: Run, input: Input, amount: Amount, end: string): Promise<void> {
  if (amount.sign === '-') {
    const all = latin(await readAll(run, input));
    const kept = amount.isBytes
      ? all.slice(0, Math.max(0, all.length - amount.count))
      : withoutLast(all, amount.count, end);
    await run.stdout.write(bytes(kept));
    return;
  }
  let left = amount.count;
  while (left > 0) {
    const part = await input.read();
    if (part === undefined) return;
    await run.work(1 + (part.length >> 10));
    const content = latin(part);
    const taken = amount.isBytes ? content.slice(0, left) : firstLines(content, left, end);
    left -= amount.isBytes ? taken.length : countOf(taken, end);
    await run.stdout.write(bytes(taken));
  }
}

function firstLines(content: string, count: number, end: string): string {
  let at = -1;
  for (let line = 0; line < count; line++) {
    at = content.indexOf(end, at + 1);
    if (at < 0) return content;
  }
  return content.slice(0, at + 1);
}

function countOf(content: string, end: string): number {
  let count = 0;
  for (let at = content.indexOf(end); at >= 0; at = content.indexOf(end, at + 1)) count += 1;
  return count;
}

function withoutLast(content: string, count: number, end: string): string {
  const lines = content.split(new RegExp(`(?<=${end})`));
  return lines.slice(0, Math.max(0, lines.length - count)).join('');
}

/** What tail keeps of a stream that goes on for long: more than anybody sees. */
const kept = 4 << 20;

async function tailOf(run: Run, input: Input, amount: Amount, end: string): Promise<void> {
  const all = latin(await readAll(run, input, 64 * kept));
  await run.stdout.write(bytes(lastPart(all, amount, end)));
}

function lastPart(all: string, { count, isBytes, sign }: Amount, end: string): string {
  if (isBytes)
    return sign === '+' ? all.slice(Math.max(0, count - 1)) : all.slice(Math.max(0, all.length - count));
  if (sign === '+') return all.slice(firstLines(all, Math.max(0, count - 1), end).length);
  if (count === 0) return '';
  let at = all.endsWith(end) ? all.length - 1 : all.length;
  for (let line = 0; line < count; line++) {
    at = all.lastIndexOf(end, at - 1);
    if (at < 0) return all;
    if (at === 0) return line === count - 1 ? all.slice(1) : all;
  }
  return all.slice(at + 1);
}

/** Milliseconds between two looks. */
const interval = 1000;

/** Ends with the run, or with what it reads from. */
async function follow(run: Run, options: Options, paths: readonly string[]): Promise<void> {
  const [path = '-'] = paths;
  if (path === '-') return;
  let size = run.files.exists(path) ? run.files.read(path).length : 0;
  const limit = options.has('pid') ? 1 : Number.POSITIVE_INFINITY;
  for (let look = 0; look < limit; look++) {
    await run.sleep(interval);
    if (!run.files.exists(path)) continue;
    const content = run.files.read(path);
    if (content.length > size) await run.stdout.write(content.slice(size));
    size = content.length;
  }
}

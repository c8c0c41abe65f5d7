/** mkdir, touch, mktemp, mknod, mkfifo, truncate, install. */
import { randomInt } from 'node:crypto';
import { FileError } from '../../files/node.ts';
import { join } from '../../files/tree.ts';
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { changedMode } from '../mode.ts';
import { misuse, optionsOf } from '../options.ts';
import { quoteAlways, quoteWord } from '../quote.ts';
import { parseSize } from '../size.ts';
import { parseTime } from '../time.ts';
import { complain, fault, reasonOf, type Tool } from '../tool.ts';
import { contentToCopy, isThere } from './copy.ts';
import { destinationOf } from './target.ts';

export const mkdir: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'm:pvZ',
    long: { 'mode=': 'm', parents: 'p', verbose: 'v' },
  });
  if (options.operands.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  const wanted = options.value('m');
  const mode = wanted === undefined ? 0o755 : changedMode(wanted, 0o777, true);
  if (mode === undefined) throw fault(run, `invalid mode ${quoteWord(run, wanted!)}`);
  let exitCode = 0;
  for (const path of options.operands) {
    try {
      const made = options.has('p') ? makeAll(run, path, mode) : makeOne(run, path, mode);
      for (const one of options.has('v') ? made : [])
        await run.stdout.write(`${run.args[0]}: created directory ${quoteAlways(one)}\n`);
    } catch (error) {
      exitCode = 1;
      const at = options.has('p') ? obstacle(run, path) : path;
      const quoted = flavour === 'gnu' ? quoteWord(run, at) : `'${path}'`;
      await complain(
        run,
        `${flavour === 'gnu' ? 'cannot' : "can't"} create directory ${quoted}: ${reasonOf(error)}`,
      );
    }
  }
  return exitCode;
};

function makeOne(run: Run, path: string, mode: number): string[] {
  run.files.mkdir(path.replace(/(?<=.)\/+$/, ''), { mode, now: now(run.world) });
  return [path];
}

/** The part of a path that is there, and no directory. */
function obstacle(run: Run, path: string): string {
  const names = path.split('/');
  const parts = names.map((_, index) => names.slice(0, index + 1).join('/')).filter((part) => part !== '');
  return parts.find((part) => run.files.exists(part) && run.files.stat(part).kind !== 'directory') ?? path;
}

/** @returns what was not there before */
export function makeAll(run: Run, path: string, mode = 0o755): string[] {
  const made: string[] = [];
  let here = path.startsWith('/') ? '/' : '';
  const names = path.split('/').filter((name) => name !== '');
  for (const [index, name] of names.entries()) {
    here = here === '' ? name : join(here, name);
    if (run.files.exists(here)) {
      if (run.files.stat(here).kind !== 'directory')
        throw new FileError(index === names.length - 1 ? 'EEXIST' : 'ENOTDIR');
      continue;
    }
    run.files.mkdir(here, { mode: index === names.length - 1 ? mode : 0o755, now: now(run.world) });
    made.push(here);
  }
  return made;
}

export const touch: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'acd:fhmr:t:',
    long: { 'no-create': 'c', 'date=': 'd', 'no-dereference': 'h', 'reference=': 'r', 'time=': 'time' },
  });
  if (options.operands.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing file operand' : '');
  const time = timeOf(run, options.value('d'), options.value('t'), options.value('r'));
  let exitCode = 0;
  for (const path of options.operands) {
    try {
      if (isThere(run, path)) {
        if (!options.has('a') || options.has('m')) run.files.change(path, { mtime: time });
      } else if (!options.has('c', 'h')) run.files.write(path, new Uint8Array(), { now: time });
    } catch (error) {
      exitCode = 1;
      const said = flavour === 'gnu' ? `cannot touch ${quoteAlways(path)}` : path;
      await complain(run, `${said}: ${reasonOf(error)}`);
    }
  }
  return exitCode;
};

function timeOf(
  run: Run,
  date: string | undefined,
  stamp: string | undefined,
  reference: string | undefined,
): number {
  const current = now(run.world);
  if (reference !== undefined) {
    if (!run.files.exists(reference))
      throw fault(run, `failed to get attributes of ${quoteAlways(reference)}: No such file or directory`);
    return run.files.stat(reference).mtime;
  }
  if (date !== undefined) {
    const time = parseTime(date, current);
    if (time === undefined) throw fault(run, `invalid date format ${quoteWord(run, date)}`);
    return time;
  }
  if (stamp === undefined) return current;
  // [[CC]YY]MMDDhhmm[.ss]
  const match = /^(\d\d)?(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(stamp);
  if (match === null) throw fault(run, `invalid date format ${quoteWord(run, stamp)}`);
  const [, first, second, month, day, hour, minute, seconds = '0'] = match;
  const short = second ?? first;
  const century = second === undefined ? (Number(short) < 69 ? 20 : 19) : Number(first);
  const year = short === undefined ? new Date(current).getUTCFullYear() : century * 100 + Number(short);
  return Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(seconds));
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export const mktemp: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'dp:qtu',
    long: { directory: 'd', 'dry-run': 'u', quiet: 'q', 'suffix=': 'suffix', 'tmpdir=?': 'p' },
  });
  const [given] = options.operands;
  const template = given ?? (flavour === 'gnu' ? 'tmp.XXXXXXXXXX' : 'tmp.XXXXXX');
  const holes = /X{3,}(?=[^X]*$)/.exec(template);
  if (holes === null) throw fault(run, `too few X's in template ${quoteWord(run, template)}`);
  const chosen = Array.from(holes[0], () => letters[randomInt(letters.length)]).join('');
  const name =
    template.slice(0, holes.index) +
    chosen +
    template.slice(holes.index + holes[0].length) +
    (options.value('suffix') ?? '');
  const folder =
    options.has('p', 't') || given === undefined
      ? options.value('p') || run.env.get('TMPDIR') || '/tmp'
      : undefined;
  const path = folder === undefined ? name : join(folder, name);
  try {
    if (options.has('d')) run.files.mkdir(path, { mode: 0o700, now: now(run.world) });
    else if (!options.has('u')) run.files.write(path, new Uint8Array(), { mode: 0o600, now: now(run.world) });
  } catch (error) {
    const what = options.has('d') ? 'directory' : 'file';
    throw fault(
      run,
      `failed to create ${what} via template ${quoteWord(run, folder === undefined ? template : join(folder, template))}: ${reasonOf(error)}`,
    );
  }
  await run.stdout.write(`${path}\n`);
  return 0;
};

export const truncate: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'cos:r:',
    long: { 'no-create': 'c', 'size=': 's', 'reference=': 'r' },
  });
  const text = options.value('s');
  if (text === undefined && !options.has('r'))
    throw misuse(
      run,
      flavour,
      {},
      `you must specify either ${quoteWord(run, '--size')} or ${quoteWord(run, '--reference')}`,
    );
  const match = /^([-+<>/%]?)(.*)$/.exec(text ?? '');
  const amount = options.has('r') ? run.files.read(options.value('r')!).length : parseSize(match?.[2] ?? '');
  if (amount === undefined) throw fault(run, `Invalid number: ${quoteWord(run, text!)}`);
  let exitCode = 0;
  for (const path of options.operands) {
    try {
      if (!run.files.exists(path) && options.has('c')) continue;
      const before = run.files.exists(path) ? run.files.read(path) : new Uint8Array();
      const size = sizeAfter(match?.[1] ?? '', before.length, amount);
      const empty = { size, content: () => new Uint8Array(Math.min(size, 1 << 20)) };
      const isSmall = size <= 1 << 20;
      const content = isSmall
        ? Buffer.concat([before.subarray(0, size), Buffer.alloc(Math.max(0, size - before.length))])
        : empty;
      run.files.write(path, content, { now: now(run.world) });
    } catch (error) {
      exitCode = 1;
      await complain(run, `cannot open ${quoteAlways(path)} for writing: ${reasonOf(error)}`);
    }
  }
  return exitCode;
};

function sizeAfter(sign: string, size: number, amount: number): number {
  switch (sign) {
    case '+':
      return size + amount;
    case '-':
      return Math.max(0, size - amount);
    case '<':
      return Math.min(size, amount);
    case '>':
      return Math.max(size, amount);
    default:
      return amount;
  }
}

/** Devices and pipes that a visitor makes are empty files of that kind. */
export const mknod: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { short: 'm:', long: { 'mode=': 'm' } });
  const isPipe = run.args[0]?.endsWith('mkfifo') === true;
  if (options.operands.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  let exitCode = 0;
  for (const path of isPipe ? options.operands : options.operands.slice(0, 1)) {
    try {
      if (isThere(run, path)) throw new FileError('EEXIST');
      run.files.write(path, new Uint8Array(), { mode: 0o644, now: now(run.world) });
    } catch (error) {
      exitCode = 1;
      await complain(run, `${isPipe ? `cannot create fifo ${quoteAlways(path)}` : path}: ${reasonOf(error)}`);
    }
  }
  return exitCode;
};

export const install: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'bcCdDg:m:o:pst:Tv',
    long: {
      directory: 'd',
      'mode=': 'm',
      'owner=': 'o',
      'group=': 'g',
      'target-directory=': 't',
      verbose: 'v',
      strip: 's',
    },
  });
  const mode = changedMode(options.value('m') ?? '755', 0, false) ?? 0o755;
  if (options.has('d')) {
    for (const path of options.operands) makeAll(run, path, mode);
    return 0;
  }
  const { sources, pathFor } = destinationOf(run, flavour, options);
  let exitCode = 0;
  for (const source of sources) {
    const path = pathFor(source);
    try {
      const node = run.files.stat(source);
      if (node.kind !== 'file') throw new FileError('EISDIR');
      if (options.has('D') && path.includes('/')) makeAll(run, path.slice(0, path.lastIndexOf('/')));
      if (isThere(run, path)) run.files.unlink(path);
      run.files.write(path, contentToCopy(run, node, source), { mode, now: now(run.world) });
    } catch (error) {
      exitCode = 1;
      await complain(run, `cannot stat ${quoteAlways(source)}: ${reasonOf(error)}`);
    }
  }
  return exitCode;
};

/** Functions that awk brings with it: POSIX's, and those of mawk 1.3.4. */
import { now } from '../../world.ts';
import type { Match } from '../regex.ts';
import { replaceMatches } from '../replace.ts';
import { formatTime } from '../time.ts';
import { fault, textOfContent } from '../tool.ts';
import type { AwkEvaluation } from './evaluation.ts';
import type { Expression, Target } from './syntax.ts';
import { inputValue, numberOf, sprintf, type Value } from './values.ts';

export async function callBuiltin(
  machine: AwkEvaluation,
  name: string,
  args: readonly Expression[],
): Promise<Value> {
  const value = async (index: number): Promise<Value> => {
    const arg = args[index];
    return arg === undefined ? undefined : machine.value(arg);
  };
  const text = async (index: number): Promise<string> => machine.text(await value(index));
  const number = async (index: number): Promise<number> => numberOf(await value(index));
  switch (name) {
    case 'length': {
      const [arg] = args;
      if (
        arg?.kind === 'variable' &&
        machine.variable(arg.name) === undefined &&
        machine.arrays.has(arg.name)
      )
        return machine.array(arg.name).size;
      return arg === undefined ? machine.text(machine.field(0)).length : (await text(0)).length;
    }
    case 'substr':
      return substring(
        await text(0),
        await number(1),
        args.length > 2 ? await number(2) : Number.POSITIVE_INFINITY,
      );
    case 'index':
      return (await text(0)).indexOf(await text(1)) + 1;
    case 'split':
      return split(machine, args);
    case 'match': {
      const subject = await text(0);
      const found = (await machine.pattern(args[1]!)).exec(subject);
      machine.globals.set('RSTART', found === undefined ? 0 : found.index + 1);
      machine.globals.set('RLENGTH', found === undefined ? -1 : found.end - found.index);
      return found === undefined ? 0 : found.index + 1;
    }
    case 'sub':
    case 'gsub':
      return substitute(machine, args, name === 'gsub');
    case 'gensub':
      return gensub(machine, args);
    case 'sprintf': {
      const values: Value[] = [];
      for (let index = 1; index < args.length; index++) values.push(await value(index));
      return sprintf(await text(0), values);
    }
    case 'tolower':
      return (await text(0)).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    case 'toupper':
      return (await text(0)).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
    case 'int':
      return Math.trunc(await number(0));
    case 'sqrt':
      return Math.sqrt(await number(0));
    case 'exp':
      return Math.exp(await number(0));
    case 'log':
      return Math.log(await number(0));
    case 'sin':
      return Math.sin(await number(0));
    case 'cos':
      return Math.cos(await number(0));
    case 'atan2':
      return Math.atan2(await number(0), await number(1));
    case 'rand':
      return random(machine);
    case 'srand': {
      const before = machine.previousSeed;
      machine.previousSeed = args.length > 0 ? await number(0) : Math.floor(now(machine.run.world) / 1000);
      machine.seed = machine.previousSeed;
      return before;
    }
    case 'systime':
      return Math.floor(now(machine.run.world) / 1000);
    case 'strftime': {
      const time = args.length > 1 ? (await number(1)) * 1000 : now(machine.run.world);
      return formatTime(args.length > 0 ? await text(0) : '%c', time);
    }
    case 'mktime': {
      const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = (await text(0))
        .split(/\s+/)
        .map(Number);
      return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
    }
    case 'system': {
      await machine.output.flushAll();
      return machine.run.exec(['/bin/sh', '-c', textOfContent(await text(0))]);
    }
    case 'close':
      return machine.close(await text(0));
    default:
      // fflush
      await machine.output.flushAll();
      return 0;
  }
}

/** As POSIX rounds: characters from `from` on. mawk 1.3.4 counts more of them where that is before the first. */
function substring(text: string, from: number, length: number): string {
  const start = Math.max(0, roundToEven(from) - 1);
  const counted = from < 1 ? length - from + 1 : from + length;
  const end = Number.isFinite(length) ? roundToEven(counted) - 1 : text.length;
  return Number.isNaN(start) || Number.isNaN(end) ? '' : text.slice(start, Math.max(start, end));
}

function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

async function split(machine: AwkEvaluation, args: readonly Expression[]): Promise<Value> {
  const [subject, list, separator] = args;
  if (subject === undefined || list?.kind !== 'variable')
    throw fault(machine.run, 'syntax error at or near )', 2);
  const text = machine.text(await machine.value(subject));
  let parts: string[];
  if (separator === undefined) parts = machine.splitText(text, machine.text(machine.globals.get('FS')));
  else if (separator.kind === 'regex') parts = text === '' ? [] : machine.splitByRegex(text, separator.regex);
  else parts = machine.splitText(text, machine.text(await machine.value(separator)));
  const array = machine.array(list.name);
  array.clear();
  for (const [index, part] of parts.entries()) machine.setElement(array, `${index + 1}`, inputValue(part));
  await machine.run.work(parts.length >> 3);
  return parts.length;
}

async function substitute(
  machine: AwkEvaluation,
  args: readonly Expression[],
  isGlobal: boolean,
): Promise<Value> {
  const [pattern, replacement, target] = args;
  if (pattern === undefined || replacement === undefined)
    throw fault(machine.run, 'syntax error at or near )', 2);
  const regex = await machine.pattern(pattern);
  const written = machine.text(await machine.value(replacement));
  const place: Expression = target ?? { kind: 'field', index: { kind: 'number', value: 0 } };
  const before = machine.text(await machine.value(place));
  const { text, count } = await replaceMatches(machine.run, before, regex, {
    isGlobal,
    make: ({ groups }) => filled(written, groups[0]!),
  });
  if (count > 0 && isTarget(place)) await machine.assign(place, machine.bounded(text));
  return count;
}

function isTarget(expression: Expression): expression is Target {
  return expression.kind === 'variable' || expression.kind === 'field' || expression.kind === 'element';
}

/** `&` stands for what matched. */
function filled(replacement: string, whole: string): string {
  return replacement.replace(/\\\\&|\\&|&/g, (mark) =>
    mark === '&' ? whole : mark === '\\&' ? '&' : `\\${whole}`,
  );
}

async function gensub(machine: AwkEvaluation, args: readonly Expression[]): Promise<Value> {
  const regex = await machine.pattern(args[0]!);
  const written = machine.text(await machine.value(args[1]!));
  const how = machine.text(await machine.value(args[2]!));
  const subject =
    args[3] === undefined ? machine.text(machine.field(0)) : machine.text(await machine.value(args[3]));
  const make = ({ groups }: Match): string =>
    written.replace(/\\(\d)|\\&|&/g, (mark, digit?: string) =>
      digit !== undefined ? (groups[Number(digit)] ?? '') : mark === '&' ? groups[0]! : '&',
    );
  const isGlobal = /^[gG]/.test(how);
  return (await replaceMatches(machine.run, subject, regex, { isGlobal, make })).text;
}

/** Park and Miller's generator: the same numbers for the same seed. */
function random(machine: AwkEvaluation): number {
  machine.seed = ((Math.abs(Math.trunc(machine.seed)) % 2_147_483_646) + 1) * 48_271;
  machine.seed %= 2_147_483_647;
  return machine.seed / 2_147_483_647;
}

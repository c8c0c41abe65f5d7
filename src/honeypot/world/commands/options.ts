/** Options as getopt_long of glibc reads them, and that of busybox, with their complaints. */
import type { Run } from '../program.ts';
import { Fault, type Flavour, fault, nameOf } from './tool.ts';
import { busyboxUsage } from './usage.ts';

export interface OptionSpec {
  /** Letters; `:` behind those that take a value, `::` where it may be missing. */
  readonly short: string;
  /** Long names and what they stand for; `=` behind a name that takes a value, `=?` where it may be missing. */
  readonly long?: Readonly<Record<string, string>>;
  /** Exit code after a complaint. */
  readonly misuse?: number;
  /** The first operand ends the options, as in `env` and `xargs`. */
  readonly stopsEarly?: boolean;
  /** What is said after a complaint instead of the hint at `--help`; `{name}` is its name. */
  readonly usage?: string;
  /** Takes `-5` as `-n 5`. */
  readonly number?: string;
}

export interface Options {
  readonly operands: readonly string[];
  /** In the order in which they came; the value is '' where there is none. */
  readonly given: readonly (readonly [name: string, value: string])[];
  has(...names: string[]): boolean;
  /** Value of the last one of that name. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
}

/** @throws Fault */
export function optionsOf(run: Run, flavour: Flavour, spec: OptionSpec): Options {
  const given: [string, string][] = [];
  const operands: string[] = [];
  const rest = run.args.slice(1);
  while (rest.length > 0) {
    const argument = rest.shift()!;
    if (argument === '--') {
      operands.push(...rest);
      break;
    }
    if (argument === '-' || !argument.startsWith('-')) {
      operands.push(argument);
      if (!spec.stopsEarly) continue;
      operands.push(...rest);
      break;
    }
    if (spec.number !== undefined && /^-\d/.test(argument)) {
      given.push([spec.number, argument.slice(1)]);
    } else if (argument.startsWith('--')) given.push(longOption(run, flavour, spec, argument, rest));
    else given.push(...shortOptions(run, flavour, spec, argument, rest));
  }
  return {
    operands,
    given,
    has: (...names) => given.some(([name]) => names.includes(name)),
    value: (name) => given.findLast(([one]) => one === name)?.[1],
    values: (name) => given.filter(([one]) => one === name).map(([, value]) => value),
  };
}

function shortOptions(
  run: Run,
  flavour: Flavour,
  spec: OptionSpec,
  argument: string,
  rest: string[],
): [string, string][] {
  const given: [string, string][] = [];
  for (let at = 1; at < argument.length; at++) {
    const letter = argument[at]!;
    const place = letter === ':' ? -1 : spec.short.indexOf(letter);
    if (place < 0) {
      const said = flavour === 'gnu' ? `invalid option -- '${letter}'` : `unrecognized option: ${letter}`;
      throw misuse(run, flavour, spec, said);
    }
    if (spec.short[place + 1] !== ':') {
      given.push([letter, '']);
      continue;
    }
    const isOptional = spec.short[place + 2] === ':';
    let value: string | undefined = argument.slice(at + 1);
    if (value === '' && !isOptional) value = rest.shift();
    if (value === undefined) {
      const said =
        flavour === 'gnu'
          ? `option requires an argument -- '${letter}'`
          : `option requires an argument: ${letter}`;
      throw misuse(run, flavour, spec, said);
    }
    given.push([letter, value]);
    break;
  }
  return given;
}

function longOption(
  run: Run,
  flavour: Flavour,
  spec: OptionSpec,
  argument: string,
  rest: string[],
): [string, string] {
  const equals = argument.indexOf('=');
  const written = equals < 0 ? argument.slice(2) : argument.slice(2, equals);
  const long = Object.entries(spec.long ?? {}).map(([name, meaning]) => {
    const [plain = '', value] = name.split('=');
    return { plain, takes: name.includes('='), isOptional: value === '?', meaning };
  });
  const exact = long.filter(({ plain }) => plain === written);
  const found = exact.length > 0 ? exact : long.filter(({ plain }) => plain.startsWith(written));
  const [option] = found;
  if (option === undefined)
    throw misuse(
      run,
      flavour,
      spec,
      flavour === 'gnu' ? `unrecognized option '${argument}'` : `unrecognized option: ${written}`,
    );
  if (found.length > 1 && new Set(found.map(({ meaning }) => meaning)).size > 1) {
    const names = found.map(({ plain }) => `'--${plain}'`).join(' ');
    throw misuse(run, flavour, spec, `option '${argument}' is ambiguous; possibilities: ${names}`);
  }
  if (!option.takes) {
    if (equals >= 0) throw misuse(run, flavour, spec, `option '--${option.plain}' doesn't allow an argument`);
    return [option.meaning, ''];
  }
  if (equals >= 0) return [option.meaning, argument.slice(equals + 1)];
  if (option.isOptional) return [option.meaning, ''];
  const value = rest.shift();
  if (value === undefined)
    throw misuse(run, flavour, spec, `option '--${option.plain}' requires an argument`);
  return [option.meaning, value];
}

/**
 * Of an option that takes a whole number, which is at most what a double counts in ones.
 * @param wrong what GNU's program says of one that is none
 * @throws Fault
 */
export function countOf(
  run: Run,
  flavour: Flavour,
  value: string | undefined,
  otherwise: number,
  wrong: (text: string) => string,
  exitCode = 1,
): number {
  if (value === undefined) return otherwise;
  if (/^\+?\d+$/.test(value)) return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
  throw fault(run, flavour === 'gnu' ? wrong(value) : `invalid number '${value}'`, exitCode);
}

/** What a program says that was called wrongly. @param said '' for the hint alone */
export function misuse(
  run: Run,
  flavour: Flavour,
  { misuse: exitCode = 1, usage }: Pick<OptionSpec, 'misuse' | 'usage'>,
  said: string,
): Fault {
  const name = nameOf(run);
  const complaint = said === '' ? '' : `${name}: ${said}\n`;
  if (flavour === 'busybox') return new Fault(complaint + busyboxUsage(run, name), 1);
  const hint = usage?.replaceAll('{name}', name) ?? `Try '${name} --help' for more information.\n`;
  return new Fault(complaint + hint, exitCode);
}

/** The contract of a builtin: a program that may change the shell itself. */
import type { Shell } from '../shell.ts';
import type { Assignment } from '../syntax/syntax.ts';

export interface Call {
  readonly shell: Shell;
  /** As which it was called. */
  readonly name: string;
  readonly args: readonly string[];
  /** Arrays among the arguments of `declare`, by their place among the words. */
  readonly arrays: ReadonlyMap<number, Assignment>;
}

/** @returns the exit code. @throws Failure for what ends more than itself */
export type Builtin = (call: Call) => Promise<number> | number;

/** Says what is wrong. @returns the exit code */
export async function fail({ shell, name }: Call, text: string, exitCode = 1): Promise<number> {
  await shell.complain(text, name);
  return exitCode;
}

export interface Options {
  /** Letters in the order in which they stood, with the argument that they took. */
  readonly found: readonly (readonly [string, string])[];
  readonly rest: readonly string[];
  /** A letter that is none; empty where all are known. */
  readonly unknown: string;
}

/** As getopt(3): letters, of which those before a colon take an argument. */
export function optionsOf(args: readonly string[], letters: string): Options {
  const found: [string, string][] = [];
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--') return { found, rest: args.slice(at + 1), unknown: '' };
    if (!arg.startsWith('-') || arg === '-') break;
    for (let place = 1; place < arg.length; place++) {
      const letter = arg.charAt(place);
      const known = letters.indexOf(letter);
      if (known < 0 || letter === ':') return { found, rest: args.slice(at), unknown: letter };
      if (letters.charAt(known + 1) !== ':') {
        found.push([letter, '']);
        continue;
      }
      const rest = arg.slice(place + 1);
      if (rest === '') at += 1;
      found.push([letter, rest === '' ? (args[at] ?? '') : rest]);
      break;
    }
  }
  return { found, rest: args.slice(at), unknown: '' };
}

export function hasOption({ found }: Options, letter: string): boolean {
  return found.some(([each]) => each === letter);
}

/** An option that is none, as each dialect says it. @param usage of bash, behind the name */
export async function badOption(call: Call, letter: string, usage: string): Promise<number> {
  const { shell, name } = call;
  switch (shell.dialect.name) {
    case 'bash':
      await shell.complain(`-${letter}: invalid option`, name);
      await shell.write(2, `${name}: usage: ${usage}\n`);
      return 2;
    case 'dash':
      return fail(call, `Illegal option -${letter}`, 2);
    case 'ash':
      return fail(call, `illegal option -${letter}`, 2);
  }
}

/** Whether all are digits, and they make a number that C's `int` takes. */
export function isNumber(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) <= 0x7fffffff;
}

/** From words to what a command is given (POSIX, 2.6): tilde, parameters, commands, arithmetic, splitting, file names. */
import { Failure } from '../failure.ts';
import type { Shell } from '../shell.ts';
import { captured, processFile } from '../substitution.ts';
import type { Part, Word } from '../syntax/syntax.ts';
import { evaluate } from './arithmetic.ts';
import { expandBraces } from './braces.ts';
import { Fields, type Target, Text } from './fields.ts';
import { expandFileName } from './glob.ts';
import { expandParameter } from './parameter.ts';
import { escaped } from './pattern.ts';
import { scopeOf } from './scope.ts';

const defaultIfs = ' \t\n';

/** @throws Failure, Ended */
export async function expandWords(shell: Shell, words: readonly Word[]): Promise<string[]> {
  const texts: string[] = [];
  for (const word of words) {
    const [only] = word;
    const isPlain =
      word.length === 1 && only?.kind === 'text' && (only.quoted || !/[*?[{~(]/.test(only.text));
    if (isPlain) texts.push(only.text);
    else
      for (const each of shell.dialect.isBash ? expandBraces(word) : [word])
        await expandInto(texts, shell, each);
  }
  return texts;
}

async function expandInto(texts: string[], shell: Shell, word: Word): Promise<void> {
  const fields = new Fields(shell.variables.get('IFS') ?? defaultIfs);
  await addParts(shell, word, fields, { tilde: 'word' });
  for (const { text, pattern } of fields.finish()) {
    const names = pattern === undefined || shell.has('noglob') ? [] : await expandFileName(shell, pattern);
    if (names.length > 0) texts.push(...names);
    else if (pattern === undefined || !shell.shopts.has('nullglob')) texts.push(text);
    await shell.work(1 + names.length);
  }
}

/** One text, neither split nor taken for file names. */
export async function expandText(shell: Shell, word: Word, tilde: Tilde = 'word'): Promise<string> {
  const [only] = word;
  if (word.length === 1 && only?.kind === 'text' && !only.text.includes('~')) return only.text;
  const text = new Text();
  await addParts(shell, word, text, { tilde });
  return text.text;
}

/** A pattern, in which backslashes stand before what was quoted. */
export async function expandPattern(shell: Shell, word: Word): Promise<string> {
  const text = new Text(escaped);
  await addParts(shell, word, text, { tilde: 'word' });
  return text.text;
}

/** A regular expression, or what else quotes text in its own way. */
export async function expandMarked(
  shell: Shell,
  word: Word,
  mark: (quoted: string) => string,
): Promise<string> {
  const text = new Text(mark);
  await addParts(shell, word, text, { tilde: 'word' });
  return text.text;
}

export async function expandArithmetic(shell: Shell, word: Word): Promise<bigint> {
  const text = await expandText(shell, word, 'none');
  await shell.work(5 + (text.length >> 3));
  return evaluate(text, scopeOf(shell));
}

/** Where a tilde is a home: at the start of a word, behind `=` and colons, or nowhere. */
export type Tilde = 'word' | 'assignment' | 'none';

export interface PartsOptions {
  readonly tilde: Tilde;
  /** Unquoted text is split as well: the operand of `${x:-a b}`. */
  readonly isOperand?: boolean;
}

export async function addParts(shell: Shell, word: Word, into: Target, options: PartsOptions): Promise<void> {
  for (const [index, part] of word.entries()) {
    if (part.kind !== 'text') {
      await addPart(shell, part, into);
      continue;
    }
    if (part.quoted) {
      into.quoted(part.text);
      continue;
    }
    const isLast = index === word.length - 1;
    const { home, rest } = tildeOf(shell, part.text, options.tilde, index === 0, isLast);
    if (home !== '') into.quoted(home);
    if (options.isOperand) into.value(rest);
    else into.plain(rest);
  }
}

async function addPart(shell: Shell, part: Exclude<Part, { kind: 'text' }>, into: Target): Promise<void> {
  switch (part.kind) {
    case 'parameter':
      return expandParameter(shell, part, into);
    case 'command':
      return add(into, await captured(shell, part.body), part.quoted);
    case 'arithmetic':
      return add(into, String(await expandArithmetic(shell, part.expression)), part.quoted);
    case 'process':
      return into.quoted(await processFile(shell, part));
    case 'assignment': {
      const { name, isAppended, value } = part.assignment;
      into.plain(`${name}${isAppended ? '+' : ''}=`);
      return addParts(shell, value, into, { tilde: 'assignment' });
    }
  }
}

export function add(into: Target, text: string, quoted: boolean): void {
  if (quoted) into.quoted(text);
  else into.value(text);
}

function tildeOf(
  shell: Shell,
  text: string,
  tilde: Tilde,
  isFirst: boolean,
  isLast: boolean,
): { home: string; rest: string } {
  if (tilde === 'none' || !text.includes('~')) return { home: '', rest: text };
  if (tilde === 'assignment') {
    const places = text.split(':');
    const homes = places.map((place, index) =>
      index > 0 || isFirst ? (homeOf(shell, place, isLast || index < places.length - 1) ?? place) : place,
    );
    return { home: homes.join(':'), rest: '' };
  }
  const home = isFirst ? homeOf(shell, text, isLast) : undefined;
  if (home === undefined) return { home: '', rest: text };
  const slash = text.indexOf('/');
  const rest = slash < 0 ? '' : text.slice(slash);
  return { home: home.slice(0, home.length - rest.length), rest };
}

/** With the tilde replaced; undefined where it stands for itself. */
function homeOf(shell: Shell, text: string, isWhole: boolean): string | undefined {
  const found = /^~([^/]*)(\/|$)/.exec(text);
  if (found === null || (found[2] === '' && !isWhole)) return undefined;
  const name = found[1]!;
  const rest = text.slice(1 + name.length);
  const { variables, user } = shell;
  const known: Readonly<Record<string, string | undefined>> = {
    '': variables.get('HOME') ?? (shell.dialect.isBash ? user.home : undefined),
    '+': variables.get('PWD'),
    '-': variables.get('OLDPWD'),
  };
  const home = name in known ? known[name] : homeOfUser(shell, name);
  return home === undefined ? undefined : home + rest;
}

function homeOfUser({ files }: Shell, name: string): string | undefined {
  if (!/^[\w.-]{1,32}$/.test(name)) return undefined;
  try {
    const lines = Buffer.from(files.read('/etc/passwd')).toString('latin1').split('\n', 1000);
    return lines.find((line) => line.startsWith(`${name}:`))?.split(':')[5];
  } catch {
    return undefined;
  }
}

export function unset(shell: Shell, name: string): Failure {
  return new Failure(shell.say.unset(name), shell.fatal, true);
}

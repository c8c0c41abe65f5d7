/** `$x`, `${x…}`: one value or many, and what an operation makes of them. */
import { Failure } from '../failure.ts';
import type { Shell } from '../shell.ts';
import type { Index, Operation, Parameter, Word } from '../syntax/syntax.ts';
import { keysOf } from '../variables.ts';
import { evaluate } from './arithmetic.ts';
import { add, addParts, expandMarked, expandPattern, expandText, unset } from './expand.ts';
import type { Target } from './fields.ts';
import { changeCase, replace, transform, trim } from './operations.ts';
import { assign, elementOf, nextIndex, scopeOf } from './scope.ts';

interface Values {
  /** None where it is not set. */
  readonly texts: readonly string[];
  /** `@` or `*`, of the parameters or an array: as many words as there are, or one. */
  readonly many?: '@' | '*';
}

export async function expandParameter(shell: Shell, parameter: Parameter, into: Target): Promise<void> {
  const { operation, quoted } = parameter;
  if (operation?.kind === 'bad') {
    const { isBash } = shell.dialect;
    throw new Failure(shell.say.badSubstitution(operation.source), isBash ? 1 : 2, !isBash);
  }
  if (operation?.kind === 'names') {
    const names = shell.variables.names().filter((name) => name.startsWith(parameter.name));
    return addMany(shell, names, operation.joined ? '*' : '@', quoted, into);
  }
  if (operation?.kind === 'keys') {
    const value = shell.variables.find(parameter.name)?.value;
    const keys = typeof value === 'object' ? keysOf(value).map(String) : value === undefined ? [] : ['0'];
    return addMany(shell, keys, parameter.index === '*' ? '*' : '@', quoted, into);
  }
  const target = parameter.isIndirect ? await followed(shell, parameter) : parameter;
  const values = await valuesOf(shell, target.name, target.index);
  if (operation?.kind === 'default') return expandDefault(shell, target, operation, values, into);
  if (values.texts.length === 0 && values.many === undefined && shell.has('nounset'))
    throw unset(shell, target.name);
  if (operation?.kind === 'length') return add(into, String(lengthOf(values)), quoted);
  const texts = operation === undefined ? values.texts : await changed(shell, target, operation, values);
  await shell.work(1 + texts.length);
  if (values.many !== undefined) return addMany(shell, texts, values.many, quoted, into);
  add(into, texts[0] ?? '', quoted);
}

function lengthOf({ texts, many }: Values): number {
  if (many !== undefined) return texts.length;
  const text = texts[0] ?? '';
  return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length;
}

function addMany(
  shell: Shell,
  texts: readonly string[],
  many: '@' | '*',
  quoted: boolean,
  into: Target,
): void {
  const ifs = shell.variables.get('IFS') ?? ' ';
  if (many === '*' && (quoted || !into.isSplit)) {
    add(into, texts.join(ifs.charAt(0)), quoted);
    return;
  }
  for (const [index, text] of texts.entries()) {
    if (index > 0) into.divide();
    add(into, text, quoted);
  }
}

/** The name that a variable holds, in place of its own. */
async function followed(
  shell: Shell,
  { name, index }: Parameter,
): Promise<Pick<Parameter, 'name' | 'index'>> {
  const [text = ''] = (await valuesOf(shell, name, index)).texts;
  const found = /^([A-Za-z_]\w*|\d+|[@*#?$!-])(?:\[([^\]]*)\])?$/.exec(text);
  if (found === null) throw new Failure(`${text === '' ? name : text}: invalid indirect expansion`);
  const [, target = '', key] = found;
  if (key === undefined) return { name: target };
  return {
    name: target,
    index: key === '@' || key === '*' ? key : [{ kind: 'text', text: key, quoted: true }],
  };
}

async function valuesOf(shell: Shell, name: string, index: Index | undefined): Promise<Values> {
  if (index === undefined) return plainValues(shell, name);
  const value = shell.variables.find(name)?.value;
  if (index === '@' || index === '*') {
    if (typeof value !== 'object') return { texts: value === undefined ? [] : [value], many: index };
    return { texts: keysOf(value).map((key) => value.map.get(key)!), many: index };
  }
  const text = elementOf(shell, name, await keyOf(shell, name, index));
  return { texts: text === undefined ? [] : [text] };
}

/** What stands between brackets: a key, or an expression. */
export async function keyOf(shell: Shell, name: string, index: Word): Promise<string> {
  const text = await expandText(shell, index, 'none');
  return shell.variables.isKeyed(name) ? text : String(evaluate(text, scopeOf(shell)));
}

function plainValues(shell: Shell, name: string): Values {
  if (name === '@' || name === '*') return { texts: shell.parameters, many: name };
  const text = /^[A-Za-z_]/.test(name) ? shell.variables.get(name) : special(shell, name);
  return { texts: text === undefined ? [] : [text] };
}

function special(shell: Shell, name: string): string | undefined {
  switch (name) {
    case '#':
      return String(shell.parameters.length);
    case '?':
      return String(shell.status);
    case '$':
      return String(shell.pid);
    case '!':
      return shell.lastJob === undefined ? (shell.dialect.isBash ? undefined : '') : String(shell.lastJob);
    case '-':
      return flagsOf(shell);
    case '0':
      return shell.name;
    default:
      return shell.parameters[Number(name) - 1];
  }
}

const letters: readonly (readonly [string, string])[] = [
  ['allexport', 'a'],
  ['errexit', 'e'],
  ['noglob', 'f'],
  ['hashall', 'h'],
  ['monitor', 'm'],
  ['noexec', 'n'],
  ['nounset', 'u'],
  ['verbose', 'v'],
  ['xtrace', 'x'],
  ['braceexpand', 'B'],
  ['noclobber', 'C'],
  ['histexpand', 'H'],
];

function flagsOf(shell: Shell): string {
  const set = letters.filter(([name]) => shell.has(name)).map(([, letter]) => letter);
  const how = { command: shell.dialect.name === 'dash' ? '' : 'c', input: 's', file: '', terminal: 's' };
  if (!shell.isInteractive) return set.join('') + how[shell.source];
  const place = set.findIndex((letter) => letter > 'i');
  set.splice(place < 0 ? set.length : place, 0, 'i');
  return set.join('') + how[shell.source];
}

async function expandDefault(
  shell: Shell,
  target: Pick<Parameter, 'name' | 'index'> & { readonly quoted?: boolean },
  { operator, colon, word }: Operation & { kind: 'default' },
  values: Values,
  into: Target,
): Promise<void> {
  const { texts, many } = values;
  const quoted = target.quoted ?? false;
  const isSet = texts.length > 0 && !(colon && texts.join('') === '');
  if (operator === '+' ? !isSet : isSet) {
    if (operator === '+') return;
    return many === undefined ? add(into, texts[0]!, quoted) : addMany(shell, texts, many, quoted, into);
  }
  switch (operator) {
    case '-':
    case '+':
      return addParts(shell, word, into, { tilde: 'word', isOperand: true });
    case '?': {
      const message = word.length === 0 ? shell.say.missing(colon) : await expandText(shell, word);
      throw new Failure(`${target.name}: ${message}`, shell.fatal, true);
    }
    case '=': {
      const text = await expandText(shell, word);
      if (!/^[A-Za-z_]/.test(target.name)) throw new Failure(`$${target.name}: cannot assign in this way`);
      if (target.index !== undefined && typeof target.index !== 'string') {
        const key = await keyOf(shell, target.name, target.index);
        shell.variables.setElement(
          target.name,
          shell.variables.isKeyed(target.name) ? key : Number(key),
          text,
        );
      } else assign(shell, target.name, text);
      return add(into, text, quoted);
    }
  }
}

type Change = Exclude<Operation, { kind: 'default' | 'length' | 'names' | 'keys' | 'bad' }>;

async function changed(
  shell: Shell,
  target: Pick<Parameter, 'name' | 'index'>,
  operation: Operation,
  values: Values,
): Promise<readonly string[]> {
  const change = operation as Change;
  const texts = values.texts;
  const extglob = shell.shopts.has('extglob');
  for (const text of texts) await shell.work(text.length >> 4);
  switch (change.kind) {
    case 'trim': {
      const pattern = await expandPattern(shell, change.pattern);
      return texts.map((text) => trim(text, pattern, change, extglob));
    }
    case 'replace': {
      const pattern = await expandPattern(shell, change.pattern);
      const replacement = shell.dialect.isBash
        ? await expandMarked(shell, change.replacement, (quoted) => quoted.replace(/[\\&]/g, '\\$&'))
        : (await expandText(shell, change.replacement)).replace(/[\\&]/g, '\\$&');
      return texts.map((text) => replace(text, pattern, replacement, change.where, extglob));
    }
    case 'case': {
      const pattern = (await expandPattern(shell, change.pattern)) || '?';
      return texts.map((text) => changeCase(text, pattern, change, extglob));
    }
    case 'transform':
      return texts.map((text) => transform(shell, target.name, text, change.operator));
    case 'slice':
      return slice(shell, target, change, values);
  }
}

async function slice(
  shell: Shell,
  target: Pick<Parameter, 'name' | 'index'>,
  { offset, length }: Operation & { kind: 'slice' },
  { texts, many }: Values,
): Promise<readonly string[]> {
  const number = async (word: Word): Promise<number> =>
    Number(evaluate(await expandText(shell, word, 'none'), scopeOf(shell)));
  const from = await number(offset);
  const count = length === undefined ? undefined : await number(length);
  if (many === undefined) {
    const text = texts[0] ?? '';
    if (text === '') return [''];
    const start = from < 0 ? text.length + from : from;
    const end = count === undefined ? text.length : count < 0 ? text.length + count : start + count;
    if (count !== undefined && count < 0 && end < start)
      throw new Failure(`${count}: substring expression < 0`);
    return [start < 0 ? '' : text.slice(start, end)];
  }
  // Of the parameters, $0 comes first.
  const isParameters = target.index === undefined;
  const all = isParameters ? [shell.name, ...texts] : texts;
  const size = isParameters ? all.length : nextIndex(shell, target.name);
  if (count !== undefined && count < 0) throw new Failure(`${count}: substring expression < 0`);
  const start = from < 0 ? size + from : from;
  if (start < 0) return [];
  return all.slice(start, count === undefined ? undefined : start + count);
}

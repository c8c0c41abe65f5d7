/** Builtins that make, change and show variables. */
import { assignAll, evaluateAssignment } from '../assignment.ts';
import { evaluate } from '../expansion/arithmetic.ts';
import { keyOf } from '../expansion/parameter.ts';
import { assign, assignNamed, scopeOf } from '../expansion/scope.ts';
import { Failure } from '../failure.ts';
import { doubleQuoted, quoted, quotedIfNeeded } from '../quoting.ts';
import type { Shell } from '../shell.ts';
import { keysOf, type Variable } from '../variables.ts';
import { badOption, type Call, fail, hasOption, type Options, optionsOf } from './builtin.ts';
import { ended } from './flow.ts';

const goodName = /^[A-Za-z_]\w*$/;
/** `name`, `name=value`, `name+=value`, `name[index]=value`. */
const argument = /^([A-Za-z_]\w*)(?:\[([^\]]*)\])?(?:(\+?)=([\s\S]*))?$/;

/** `declare` and `typeset`, and `local` where a function runs. */
export async function declare(call: Call): Promise<number> {
  const { shell, name } = call;
  const plus = call.args.filter((arg) => /^\+[a-zA-Z]+$/.test(arg));
  const options = optionsOf(
    call.args.filter((arg) => !plus.includes(arg)),
    'aAfFgiIlnrtuxp',
  );
  if (options.unknown !== '')
    return badOption(
      call,
      options.unknown,
      `${name} [-aAfFgiIlnrtux] [name[=value] ...] or ${name} -p [-aAfFilnrtux] [name ...]`,
    );
  if (hasOption(options, 'f') || hasOption(options, 'F')) return showFunctions(call, options);
  if (options.rest.length === 0 && call.arrays.size === 0) return showAll(shell, options);
  if (hasOption(options, 'p')) return showNamed(call, options.rest);
  const isLocal = shell.variables.isInFunction && !hasOption(options, 'g');
  return declareAll(
    call,
    options.rest,
    attributesOf(options, plus.join('')),
    isLocal,
    hasOption(options, 'A'),
  );
}

export async function local(call: Call): Promise<number> {
  const { shell, args } = call;
  if (!shell.variables.isInFunction) {
    if (shell.dialect.isBash) return fail(call, 'can only be used in a function');
    throw await ended(call, 'not in a function');
  }
  if (shell.dialect.isBash) return declare({ ...call, name: 'local' });
  return declareAll(call, args, {}, true, false);
}

export async function exportNames(call: Call): Promise<number> {
  const options = optionsOf(call.args, call.shell.dialect.isBash ? 'fnp' : 'p');
  if (options.unknown !== '')
    return badOption(call, options.unknown, 'export [-fn] [name[=value] ...] or export -p');
  if (hasOption(options, 'f')) return 0;
  if (options.rest.length === 0 && call.arrays.size === 0) return showMarked(call, 'isExported');
  return declareAll(call, options.rest, { isExported: !hasOption(options, 'n') }, false, false);
}

export async function readonly(call: Call): Promise<number> {
  const options = optionsOf(call.args, call.shell.dialect.isBash ? 'aAfp' : 'p');
  if (options.unknown !== '')
    return badOption(call, options.unknown, 'readonly [-aAf] [name[=value] ...] or readonly -p');
  if (options.rest.length === 0 && call.arrays.size === 0) return showMarked(call, 'isReadonly');
  return declareAll(call, options.rest, { isReadonly: true }, false, hasOption(options, 'A'));
}

type Attributes = Omit<Variable, 'value'>;

function attributesOf(options: Options, plus: string): Attributes {
  return {
    ...(hasOption(options, 'x') && { isExported: true }),
    ...(hasOption(options, 'r') && { isReadonly: true }),
    ...(hasOption(options, 'i') && { isInteger: true }),
    ...(hasOption(options, 'n') && { isReference: true }),
    ...(hasOption(options, 'l') && { letters: 'lower' as const }),
    ...(hasOption(options, 'u') && { letters: 'upper' as const }),
    ...(plus.includes('x') && { isExported: false }),
    ...(plus.includes('i') && { isInteger: false }),
    ...(plus.includes('n') && { isReference: false }),
  };
}

async function declareAll(
  call: Call,
  args: readonly string[],
  attributes: Attributes,
  isLocal: boolean,
  isKeyed: boolean,
): Promise<number> {
  const { shell, arrays } = call;
  // Places count all words, the name of the builtin among them.
  const first = call.args.length - args.length + 1;
  let status = 0;
  for (const [index, arg] of args.entries()) {
    const found = argument.exec(arg);
    if (found === null) {
      status = await badName(call, arg);
      continue;
    }
    const [, name = '', key, plus, value] = found;
    const { isReadonly, ...before } = attributes;
    if (isLocal) shell.variables.makeLocal(name, !shell.dialect.isBash);
    if (isKeyed && !shell.variables.isKeyed(name)) shell.variables.setElements(name, [], true);
    const array = arrays.get(first + index);
    if (before.isReference === true && value !== undefined) {
      shell.variables.set(name, value);
      shell.variables.declare(name, before);
      continue;
    }
    if (Object.keys(before).length > 0 || (value === undefined && array === undefined))
      shell.variables.declare(name, before);
    if (array !== undefined) assignAll(shell, [await evaluateAssignment(shell, array)]);
    else if (value !== undefined && key !== undefined) assignNamed(shell, `${name}[${key}]`, value);
    else if (value !== undefined)
      assign(shell, name, plus === '+' ? (shell.variables.get(name) ?? '') + value : value);
    if (isReadonly !== undefined) shell.variables.declare(name, { isReadonly });
  }
  return status;
}

async function badName(call: Call, arg: string): Promise<number> {
  const { shell } = call;
  const text = shell.say.badName(arg.replace(/=[\s\S]*/, ''), arg);
  if (shell.dialect.isBash) return fail(call, text);
  throw await ended(call, text);
}

async function showMarked({ shell, name }: Call, mark: 'isExported' | 'isReadonly'): Promise<number> {
  const lines: string[] = [];
  for (const each of shell.variables.names()) {
    const variable = shell.variables.find(each);
    if (!variable?.[mark]) continue;
    const { value } = variable;
    if (shell.dialect.isBash) lines.push(`${declaration(each, variable)}\n`);
    else lines.push(`${name} ${each}${typeof value === 'string' ? `=${quoted(value)}` : ''}\n`);
  }
  await shell.write(1, lines.join(''));
  return 0;
}

/** As `declare -p` prints it. */
function declaration(name: string, { value, ...attributes }: Variable): string {
  const { isReference, isInteger, letters, isReadonly, isExported } = attributes;
  const array = typeof value === 'object' ? (value.isKeyed ? 'A' : 'a') : '';
  const flags = `${array}${isInteger ? 'i' : ''}${letters === 'lower' ? 'l' : ''}${isReference ? 'n' : ''}${isReadonly ? 'r' : ''}${letters === 'upper' ? 'u' : ''}${isExported ? 'x' : ''}`;
  const head = `declare -${flags || '-'} ${name}`;
  if (value === undefined) return head;
  if (typeof value === 'string') return `${head}=${doubleQuoted(value)}`;
  const elements = keysOf(value).map((key) => `[${key}]=${doubleQuoted(value.map.get(key)!)}`);
  return `${head}=(${elements.join(' ')}${value.isKeyed && elements.length > 0 ? ' ' : ''})`;
}

async function showAll(shell: Shell, options: Options): Promise<number> {
  const wanted = attributesOf(options, '');
  const marks = Object.keys(wanted) as (keyof Attributes)[];
  const names = shell.variables
    .names()
    .filter((name) => marks.every((mark) => shell.variables.find(name)?.[mark]));
  if (hasOption(options, 'p') || marks.length > 0) {
    await shell.write(1, names.map((name) => `${declaration(name, shell.variables.find(name)!)}\n`).join(''));
    return 0;
  }
  await showVariables(shell);
  return 0;
}

/** As `set` prints them. */
export async function showVariables(shell: Shell): Promise<void> {
  const { isBash } = shell.dialect;
  const lines: string[] = [];
  for (const name of shell.variables.names()) {
    const value = shell.variables.find(name)?.value;
    if (value === undefined) continue;
    if (typeof value === 'string') {
      lines.push(`${name}=${isBash ? quotedIfNeeded(value) : quoted(value)}\n`);
      continue;
    }
    const elements = keysOf(value).map((key) => `[${key}]=${doubleQuoted(value.map.get(key)!)}`);
    lines.push(`${name}=(${elements.join(' ')}${value.isKeyed && elements.length > 0 ? ' ' : ''})\n`);
  }
  await shell.write(1, lines.join(''));
}

async function showNamed(call: Call, names: readonly string[]): Promise<number> {
  const { shell } = call;
  let status = 0;
  for (const name of names) {
    const variable = shell.variables.find(name);
    if (variable === undefined) status = await fail(call, `${name}: not found`);
    else await shell.write(1, `${declaration(name, variable)}\n`);
  }
  return status;
}

async function showFunctions({ shell }: Call, options: Options): Promise<number> {
  const names = options.rest.length > 0 ? options.rest : [...shell.functions.keys()].sort();
  let status = 0;
  for (const name of names) {
    const definition = shell.functions.get(name);
    if (definition === undefined) status = 1;
    else if (!hasOption(options, 'F')) await shell.write(1, `${functionText(name, definition.source)}\n`);
    else await shell.write(1, options.rest.length > 0 ? `${name}\n` : `declare -f ${name}\n`);
  }
  return status;
}

/** A function as bash shows it; its body as it was written. */
export function functionText(name: string, source: string): string {
  if (!source.startsWith('{') || !source.endsWith('}')) return `${name} () \n${source}`;
  const body = source.slice(1, -1).trim().replace(/;$/, '');
  const lines = body.split('\n').map((line) => `    ${line.trim()}`);
  return `${name} () \n{ \n${lines.join('\n')}\n}`;
}

export async function unset(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, shell.dialect.isBash ? 'fnv' : 'fv');
  if (options.unknown !== '') return badOption(call, options.unknown, 'unset [-f] [-v] [-n] [name ...]');
  let status = 0;
  for (const arg of options.rest) {
    const element = /^([A-Za-z_]\w*)\[(.*)\]$/.exec(arg);
    if (hasOption(options, 'f')) shell.functions.delete(arg);
    else if (element !== null && shell.dialect.isBash) await unsetElement(shell, element[1]!, element[2]!);
    else if (!goodName.test(arg)) {
      if (!shell.dialect.isBash) throw await ended(call, shell.say.badName(arg, arg));
      shell.functions.delete(arg);
    } else if (!shell.variables.unset(arg)) {
      if (!shell.dialect.isBash) throw await ended(call, shell.say.readOnly(arg));
      status = await fail(call, `${arg}: cannot unset: readonly variable`);
    } else if (!hasOption(options, 'v') && shell.dialect.isBash && shell.variables.find(arg) === undefined)
      shell.functions.delete(arg);
  }
  return status;
}

async function unsetElement(shell: Shell, name: string, index: string): Promise<void> {
  if (index === '@' || index === '*') {
    shell.variables.unset(name);
    return;
  }
  const key = await keyOf(shell, name, [{ kind: 'text', text: index, quoted: true }]);
  shell.variables.unsetElement(name, shell.variables.isKeyed(name) ? key : Number(key));
}

export async function evaluateAll(call: Call): Promise<number> {
  const { shell, args } = call;
  if (args.length === 0) return fail(call, 'expression expected', shell.dialect.isBash ? 1 : 2);
  let value = 0n;
  for (const arg of args) {
    try {
      value = evaluate(arg, scopeOf(shell));
    } catch (error) {
      if (!(error instanceof Failure) || !shell.dialect.isBash) throw error;
      return fail(call, error.message);
    }
    await shell.work(5);
  }
  return value === 0n ? 1 : 0;
}

/** What a name stands for: `type`, `command -v`, `hash`, `alias`. */
import { findProgram } from '../process/find.ts';
import { quoted } from '../quoting.ts';
import type { Shell } from '../shell.ts';
import { defaultPath } from '../simple.ts';
import { keywords } from '../syntax/expectation.ts';
import { badOption, type Call, fail, hasOption, optionsOf } from './builtin.ts';
import { functionText } from './declare.ts';
import { builtinNamed, isSpecial } from './list.ts';

type Meaning =
  | { readonly kind: 'alias'; readonly text: string }
  | { readonly kind: 'keyword' | 'function' | 'builtin' }
  | { readonly kind: 'file'; readonly path: string; readonly isHashed: boolean };

const keywordsOfBash: ReadonlySet<string> = new Set([
  ...keywords,
  'function',
  'select',
  'time',
  '[[',
  ']]',
  'coproc',
]);

function meaningOf(shell: Shell, name: string): Meaning | undefined {
  const { dialect } = shell;
  const alias = shell.aliases.get(name);
  if (alias !== undefined && (!dialect.isBash || shell.isInteractive)) return { kind: 'alias', text: alias };
  const isKeyword = dialect.isBash ? keywordsOfBash.has(name) : keywords.has(name);
  if (isKeyword && name !== ']]') return { kind: 'keyword' };
  if (shell.functions.has(name)) return { kind: 'function' };
  if (builtinNamed(shell, name) !== undefined) return { kind: 'builtin' };
  const hashed = shell.hashed.get(name);
  if (hashed !== undefined) return { kind: 'file', path: hashed.path, isHashed: true };
  const found = findProgram(shell.files, name, shell.variables.get('PATH') ?? defaultPath);
  return 'path' in found ? { kind: 'file', path: found.path, isHashed: false } : undefined;
}

/** Prints it as `command -v` and `-V` do. @returns whether there is such a command */
export async function describeCommand(call: Call, name: string, how: 'short' | 'long'): Promise<boolean> {
  const { shell } = call;
  const meaning = meaningOf(shell, name);
  if (how === 'long') return describe(call, name, meaning);
  if (meaning === undefined) return false;
  const text =
    meaning.kind === 'file'
      ? meaning.path
      : meaning.kind === 'alias'
        ? `alias ${name}=${quoted(meaning.text)}`
        : name;
  await shell.write(1, `${text}\n`);
  return true;
}

async function describe(call: Call, name: string, meaning: Meaning | undefined): Promise<boolean> {
  const { shell } = call;
  const { isBash, name: dialect } = shell.dialect;
  const say = (text: string): Promise<void> => shell.write(1, `${name}${text}\n`);
  switch (meaning?.kind) {
    case undefined:
      if (isBash) await fail(call, `${name}: not found`);
      else await say(': not found');
      return false;
    case 'alias':
      await say(isBash ? ` is aliased to \`${meaning.text}'` : ` is an alias for ${meaning.text}`);
      break;
    case 'keyword':
      await say(' is a shell keyword');
      break;
    case 'function':
      await say(dialect === 'dash' ? ' is a shell function' : ' is a function');
      if (isBash) await shell.write(1, `${functionText(name, shell.functions.get(name)!.source)}\n`);
      break;
    case 'builtin':
      await say(!isBash && isSpecial(name) ? ' is a special shell builtin' : ' is a shell builtin');
      break;
    case 'file':
      if (isBash && meaning.isHashed) await say(` is hashed (${meaning.path})`);
      else await say(`${!isBash && meaning.isHashed ? ' is a tracked alias for' : ' is'} ${meaning.path}`);
  }
  return true;
}

export async function type(call: Call): Promise<number> {
  const { shell, args } = call;
  const { isBash } = shell.dialect;
  const options = optionsOf(args, isBash ? 'aftpP' : '');
  if (options.unknown !== '') return badOption(call, options.unknown, 'type [-afptP] name [name ...]');
  let status = 0;
  for (const name of options.rest) {
    const meaning = meaningOf(shell, name);
    if (hasOption(options, 't')) {
      if (meaning === undefined) status = 1;
      else await shell.write(1, `${meaning.kind}\n`);
    } else if (hasOption(options, 'p') || hasOption(options, 'P')) {
      const path = hasOption(options, 'P')
        ? pathOf(shell, name)
        : meaning?.kind === 'file'
          ? meaning.path
          : undefined;
      if (path !== undefined) await shell.write(1, `${path}\n`);
      else if (meaning === undefined || hasOption(options, 'P')) status = 1;
    } else if (!(await describe(call, name, meaning))) status = isBash ? 1 : 127;
  }
  return status;
}

function pathOf(shell: Shell, name: string): string | undefined {
  const found = findProgram(shell.files, name, shell.variables.get('PATH') ?? defaultPath);
  return 'path' in found ? found.path : undefined;
}

export async function hash(call: Call): Promise<number> {
  const { shell, args } = call;
  const { isBash } = shell.dialect;
  const options = optionsOf(args, isBash ? 'lrp:dt' : 'r');
  if (options.unknown !== '')
    return badOption(call, options.unknown, 'hash [-lr] [-p pathname] [-dt] [name ...]');
  if (hasOption(options, 'r')) {
    shell.hashed.clear();
    return 0;
  }
  let status = 0;
  for (const name of options.rest) {
    const path = pathOf(shell, name);
    if (path === undefined && builtinNamed(shell, name) === undefined)
      status = await fail(call, `${name}: not found`);
    else if (path !== undefined && hasOption(options, 't')) await shell.write(1, `${path}\n`);
    else if (path !== undefined) shell.hashed.set(name, { path, hits: 0 });
  }
  if (args.length > 0) return status;
  if (shell.hashed.size === 0 && isBash) await shell.write(1, 'hash: hash table empty\n');
  const list = [...shell.hashed.values()];
  if (list.length > 0 && isBash) await shell.write(1, 'hits\tcommand\n');
  await shell.write(
    1,
    list.map(({ path, hits }) => (isBash ? `${String(hits).padStart(4)}\t${path}\n` : `${path}\n`)).join(''),
  );
  return 0;
}

/** Aliases that a shell may have. */
const mostAliases = 500;

export async function alias(call: Call): Promise<number> {
  const { shell, args } = call;
  const { isBash } = shell.dialect;
  const shown = (name: string, text: string): string => `${isBash ? 'alias ' : ''}${name}=${quoted(text)}\n`;
  const names = args.filter((arg) => arg !== '-p');
  if (names.length === 0) {
    const list = [...shell.aliases].sort(([a], [b]) => (a < b ? -1 : 1));
    await shell.write(1, list.map(([name, text]) => shown(name, text)).join(''));
    return 0;
  }
  let status = 0;
  for (const arg of names) {
    const equals = arg.indexOf('=', 1);
    const text = equals < 0 ? shell.aliases.get(arg) : undefined;
    if (equals > 0 && shell.aliases.size < mostAliases)
      shell.aliases.set(arg.slice(0, equals), arg.slice(equals + 1));
    else if (text !== undefined) await shell.write(1, shown(arg, text));
    else status = await noAlias(call, arg);
  }
  return status;
}

async function noAlias(call: Call, name: string): Promise<number> {
  if (call.shell.dialect.isBash) return fail(call, `${name}: not found`);
  await call.shell.write(2, `${call.name}: ${name} not found\n`);
  return 1;
}

export async function unalias(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, 'a');
  if (options.unknown !== '') return badOption(call, options.unknown, 'unalias [-a] name [name ...]');
  if (hasOption(options, 'a')) shell.aliases.clear();
  let status = 0;
  for (const name of options.rest) if (!shell.aliases.delete(name)) status = await noAlias(call, name);
  return status;
}

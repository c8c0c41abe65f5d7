/** `cd` and what keeps directories on a stack. */
import { FileError } from '../../files/node.ts';
import type { Shell } from '../shell.ts';
import { badOption, type Call, fail, hasOption, optionsOf } from './builtin.ts';

export async function cd(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, 'LPe@');
  if (options.unknown !== '') return badOption(call, options.unknown, 'cd [-L|[-P [-e]] [-@]] [dir]');
  const { rest } = options;
  const { isBash } = shell.dialect;
  if (isBash && rest.length > 1) return fail(call, 'too many arguments');
  const [given] = rest;
  const target = given === '-' ? shell.variables.get('OLDPWD') : (given ?? shell.variables.get('HOME'));
  if (target === undefined) {
    if (isBash) return fail(call, `${given === '-' ? 'OLDPWD' : 'HOME'} not set`);
    if (given === '-') await shell.write(1, `${shell.cwd}\n`);
    return 0;
  }
  const found = alongPath(shell, target);
  try {
    enter(shell, found ?? target, hasOption(options, 'P'));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return cannotEnter(call, target, error);
  }
  if (given === '-' || found !== undefined) await shell.write(1, `${shell.cwd}\n`);
  return 0;
}

function cannotEnter(call: Call, target: string, { message }: FileError): Promise<number> {
  switch (call.shell.dialect.name) {
    case 'bash':
      return fail(call, `${target}: ${message}`);
    case 'dash':
      return fail(call, `can't cd to ${target}`, 2);
    case 'ash':
      return fail(call, `can't cd to ${target}: ${message}`, 2);
  }
}

function alongPath({ variables, files }: Shell, target: string): string | undefined {
  const path = variables.get('CDPATH');
  if (path === undefined || path === '' || /^\.{0,2}(?:\/|$)/.test(target)) return undefined;
  const folder = path.split(':', 100).find((each) => each !== '' && isFolder(files, `${each}/${target}`));
  return folder && `${folder}/${target}`;
}

function isFolder(files: Shell['files'], path: string): boolean {
  return files.exists(path) && files.stat(path).kind === 'directory';
}

/** Links stay in the name of where one is, unless that is wanted otherwise. @throws FileError */
function enter(shell: Shell, target: string, isPhysical: boolean): void {
  const { cwd, variables } = shell;
  const path = normal(target.startsWith('/') ? target : `${cwd}/${target}`);
  if (target === '') return;
  shell.files = shell.files.in(path);
  if (shell.files.user.uid !== 0 && !shell.files.allows(shell.files.stat('.'), 1)) {
    shell.files = shell.files.in(cwd);
    throw new FileError('EACCES');
  }
  variables.set('OLDPWD', cwd);
  variables.set('PWD', isPhysical || shell.has('physical') ? shell.files.cwd : path);
}

function normal(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

export async function pwd(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, 'LP');
  if (options.unknown !== '') return badOption(call, options.unknown, 'pwd [-LP]');
  await shell.write(1, `${hasOption(options, 'P') ? shell.files.cwd : shell.cwd}\n`);
  return 0;
}

/** Most directories on a stack. */
const mostDirectories = 200;

export async function pushd(call: Call): Promise<number> {
  const { shell, args } = call;
  const [target] = args.filter((arg) => arg !== '-n');
  const stack = [shell.cwd, ...shell.directories];
  if (target === undefined && stack.length < 2) return fail(call, 'no other directory');
  const turn = turnOf(target ?? '+1', stack.length);
  if (turn !== undefined && (turn < 0 || turn >= stack.length))
    return fail(call, `${target}: directory stack index out of range`);
  const turned = turn === undefined ? [target!, ...stack] : [...stack.slice(turn), ...stack.slice(0, turn)];
  return go(call, target === undefined ? [stack[1]!, stack[0]!, ...stack.slice(2)] : turned);
}

export async function popd(call: Call): Promise<number> {
  const { shell, args } = call;
  const [target] = args.filter((arg) => arg !== '-n');
  const stack = [shell.cwd, ...shell.directories];
  if (stack.length < 2) return fail(call, 'directory stack empty');
  const place = turnOf(target ?? '+0', stack.length);
  if (place === undefined || place < 0 || place >= stack.length)
    return fail(
      call,
      `${target}: ${place === undefined ? 'invalid argument' : 'directory stack index out of range'}`,
    );
  return go(call, stack.toSpliced(place, 1));
}

function turnOf(target: string, length: number): number | undefined {
  if (!/^[+-]\d{1,4}$/.test(target)) return undefined;
  return target.startsWith('+') ? Number(target) : length - 1 + Number(target);
}

async function go(call: Call, stack: readonly string[]): Promise<number> {
  const { shell } = call;
  const [top = '/', ...rest] = stack;
  if (top !== shell.cwd) {
    try {
      enter(shell, top, false);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return fail(call, `${top}: ${error.message}`);
    }
  }
  shell.directories = rest.slice(0, mostDirectories);
  await shell.write(1, `${shown(shell, true).join(' ')}\n`);
  return 0;
}

export async function dirs(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, 'clpv');
  if (options.unknown !== '') return badOption(call, options.unknown, 'dirs [-clpv] [+N] [-N]');
  if (hasOption(options, 'c')) {
    shell.directories = [];
    return 0;
  }
  const list = shown(shell, !hasOption(options, 'l'));
  if (hasOption(options, 'v')) {
    await shell.write(1, list.map((each, index) => `${String(index).padStart(2)}  ${each}\n`).join(''));
  } else await shell.write(1, `${list.join(hasOption(options, 'p') ? '\n' : ' ')}\n`);
  return 0;
}

function shown(shell: Shell, hasTilde: boolean): string[] {
  const home = shell.variables.get('HOME');
  return [shell.cwd, ...shell.directories].map((path) => (hasTilde ? withTilde(path, home) : path));
}

/** With the home directory as `~`. */
export function withTilde(path: string, home: string | undefined): string {
  if (home === undefined || home === '' || home === '/') return path;
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

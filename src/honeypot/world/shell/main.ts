/** A shell as a program: its command line, its first variables, its script, and its end. */
import { FileError } from '../files/node.ts';
import { now } from '../world.ts';
import { optionLetters, optionNames, shoptsOn } from './builtins/options.ts';
import { textOf } from './bytes.ts';
import type { Dialect } from './dialect.ts';
import { Failure } from './failure.ts';
import { interact } from './interact.ts';
import { isBinary, isElf } from './process/image.ts';
import type { Kernel } from './process/kernel.ts';
import type { Started } from './process/launch.ts';
import { defaultPrompt } from './prompt.ts';
import { runInput, runText } from './script.ts';
import { readScript } from './script-file.ts';
import { Shell, type Source } from './shell.ts';
import { defaultPath } from './simple.ts';
import { finishing } from './subshell.ts';
import { runExitTrap } from './traps.ts';

interface CommandLine {
  /** Of `-c`. */
  readonly command?: string;
  readonly script?: string;
  readonly readsInput: boolean;
  readonly isInteractive: boolean;
  readonly options: readonly string[];
  readonly shopts: readonly string[];
  readonly rest: readonly string[];
  /** What is wrong with it. */
  readonly problem?: string;
  readonly isVersion: boolean;
}

/** @returns the exit code */
export async function runShell(kernel: Kernel, dialect: Dialect, start: Started): Promise<number> {
  const line = commandLineOf(dialect, start.args.slice(1));
  const shell = createShell(kernel, dialect, start, line);
  try {
    await finishing(shell, () => runCommandLine(shell, line));
    await finishing(shell, () => runExitTrap(shell));
    return shell.status & 0xff;
  } finally {
    shell.descriptors.closeAll();
    shell.variables.close();
  }
}

async function runCommandLine(shell: Shell, line: CommandLine): Promise<void> {
  const { dialect, kernel, depth } = shell;
  if (depth > kernel.budget.limits.scripts) throw new Failure(shell.say.noFork, 254, true);
  if (line.problem !== undefined) {
    await shell.write(2, `${shell.name}: ${dialect.isBash ? '' : '0: '}${line.problem}\n`);
    shell.status = 2;
  } else if (line.isVersion && dialect.isBash) await shell.write(1, version);
  else if (line.command !== undefined)
    await runText(shell, line.command, dialect.name === 'ash' ? 0 : 1, '-c');
  else if (line.script !== undefined) await runFile(shell, line.script);
  else if (shell.isInteractive) await interact(shell);
  else {
    const input = shell.descriptors.get(0)?.input;
    if (input !== undefined) await runInput(shell, input);
  }
}

const version = `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
Copyright (C) 2022 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>

This is free software; you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.
`;

function commandLineOf(dialect: Dialect, args: readonly string[]): CommandLine {
  const options: string[] = [];
  const shopts: string[] = [];
  const flags = { c: false, s: false, i: false };
  let isVersion = false;
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--' || arg === '-') {
      at += 1;
      break;
    }
    if (arg.startsWith('--')) {
      if (arg === '--version') isVersion = true;
      if (arg === '--rcfile' || arg === '--init-file') at += 1;
      continue;
    }
    if (!/^[-+]./.test(arg)) break;
    for (const letter of arg.slice(1)) {
      if (letter === 'c' || letter === 's' || letter === 'i') flags[letter] = true;
      else if (letter === 'o' || letter === 'O') {
        at += 1;
        (letter === 'o' ? options : shopts).push(args[at] ?? '');
      } else if (optionLetters[letter] !== undefined) options.push(optionLetters[letter]);
      else if (!'lrDV'.includes(letter)) {
        const option = arg.charAt(0) + letter;
        return wrong(dialect.isBash ? `${option}: invalid option` : `Illegal option ${option}`);
      }
    }
  }
  const rest = args.slice(at);
  const common = { isInteractive: flags.i, options, shopts, isVersion };
  if (flags.c && rest.length > 0)
    return { ...common, command: rest[0]!, readsInput: false, rest: rest.slice(1) };
  if (flags.c) return wrong(dialect.isBash ? '-c: option requires an argument' : '-c requires an argument');
  if (flags.s || rest.length === 0) return { ...common, readsInput: true, rest };
  return { ...common, script: rest[0]!, readsInput: false, rest: rest.slice(1) };
}

function wrong(problem: string): CommandLine {
  return {
    problem,
    readsInput: false,
    isInteractive: false,
    options: [],
    shopts: [],
    rest: [],
    isVersion: false,
  };
}

function createShell(kernel: Kernel, dialect: Dialect, start: Started, line: CommandLine): Shell {
  const [called = dialect.name] = start.args;
  const isTerminal = start.descriptors.get(0)?.input?.isTerminal === true;
  const isInteractive = line.isInteractive || (line.readsInput && isTerminal);
  const source: Source =
    line.command !== undefined ? 'command' : line.script !== undefined ? 'file' : 'input';
  const shell = new Shell({
    kernel,
    dialect,
    world: start.world,
    user: start.user,
    source: isInteractive && line.readsInput ? 'terminal' : source,
    applet: called.slice(called.lastIndexOf('/') + 1).replace(/^-/, ''),
    pid: start.pid,
    ownPid: start.pid,
    ppid: start.ppid,
    depth: start.depth + 1,
    files: start.files,
    descriptors: start.descriptors.fork(),
    life: start.life,
    name: line.script ?? (line.command === undefined ? called : (line.rest[0] ?? called)),
    parameters: [...(line.command === undefined ? line.rest : line.rest.slice(1))],
    isInteractive,
    startedAt: now(start.world),
  });
  for (const name of line.options) if (optionNames(shell).includes(name)) shell.options.add(name);
  for (const name of [...shoptsOn, ...line.shopts]) shell.shopts.add(name);
  if (dialect.isBash) for (const name of defaultOptions(isInteractive)) shell.options.add(name);
  if (isInteractive) shell.shopts.add('expand_aliases');
  if (called.startsWith('-')) shell.shopts.add('login_shell');
  setVariables(shell, start);
  return shell;
}

function defaultOptions(isInteractive: boolean): readonly string[] {
  const always = ['braceexpand', 'hashall', 'interactive-comments'];
  return isInteractive ? [...always, 'emacs', 'histexpand', 'history', 'monitor'] : always;
}

function setVariables(shell: Shell, { env, files, user }: Started): void {
  const { variables, dialect } = shell;
  for (const [name, value] of env) {
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    variables.set(name, value);
    variables.declare(name, { isExported: true });
  }
  const known = env.get('PWD');
  const isRight = known?.startsWith('/') && files.exists(known) && files.realpath(known) === files.cwd;
  variables.set('PWD', isRight ? known! : files.cwd);
  variables.set('IFS', ' \t\n');
  variables.set('OPTIND', '1');
  variables.set('PS4', '+ ');
  const history = { bash: '.bash_history', ash: '.ash_history', dash: undefined }[dialect.name];
  if (shell.isInteractive && history !== undefined)
    variables.set('HISTFILE', env.get('HISTFILE') ?? `${env.get('HOME') ?? user.home}/${history}`);
  if (shell.isInteractive) variables.set('PS1', env.get('PS1') ?? defaultPrompt(shell, 'PS1'));
  if (!env.has('PATH')) variables.set('PATH', defaultPath);
  if (dialect.name !== 'bash') {
    variables.set('PPID', String(shell.ppid));
    if (dialect.isExtended) variables.set('HOSTNAME', shell.world.hostname);
    if (dialect.name === 'dash') variables.declare('PWD', { isExported: true });
    return;
  }
  variables.set('OPTERR', '1');
  variables.set('SHLVL', String((Number(env.get('SHLVL')) || 0) + 1));
  if (!env.has('SHELL')) variables.set('SHELL', '/bin/bash');
  if (!env.has('TERM')) variables.set('TERM', 'dumb');
  for (const name of ['OLDPWD', 'PWD', 'SHLVL']) variables.declare(name, { isExported: true });
}

async function runFile(shell: Shell, path: string): Promise<void> {
  try {
    const bytes = await readScript(shell, path);
    if (shell.dialect.isBash && (isElf(bytes) || isBinary(bytes.subarray(0, 256)))) {
      await shell.write(2, `${path}: ${path}: cannot execute binary file\n`);
      shell.status = 126;
      return;
    }
    await runText(shell, textOf(bytes), 1, 'file');
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await cannotRead(shell, path, error);
  }
}

async function cannotRead(shell: Shell, path: string, { code, message }: FileError): Promise<void> {
  const { name } = shell.dialect;
  if (name === 'bash') {
    await shell.write(
      2,
      code === 'EISDIR' ? `${path}: ${path}: ${message}\n` : `bash: ${path}: ${message}\n`,
    );
    shell.status = code === 'ENOENT' ? 127 : 126;
    return;
  }
  const text =
    name === 'dash' ? `0: ${shell.say.cannotOpen(path, code)}` : `can't open '${path}': ${message}`;
  await shell.write(2, `${shell.applet}: ${text}\n`);
  shell.status = 2;
}

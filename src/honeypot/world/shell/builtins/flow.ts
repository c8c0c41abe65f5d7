/** Builtins that say what runs next. */

import { FileError } from '../../files/node.ts';
import { textOf } from '../bytes.ts';
import { Failure } from '../failure.ts';
import { runText } from '../script.ts';
import { readScript } from '../script-file.ts';
import type { Shell } from '../shell.ts';
import { defaultPath, runWords, startProgram } from '../simple.ts';
import { badOption, type Call, fail, hasOption, isNumber, optionsOf } from './builtin.ts';
import { builtinNamed } from './list.ts';
import { describeCommand } from './type.ts';

export async function leaveLoop(call: Call): Promise<number> {
  const { shell, name, args } = call;
  const kind = name as 'break' | 'continue';
  const [count = '1'] = args;
  if (!/^[+-]?\d+$/.test(count) || Number(count) < 1) {
    if (!shell.dialect.isBash) throw new Failure(`${name}: Illegal number: ${count}`, 2, true);
    const isNumeric = /^[+-]?\d+$/.test(count);
    await shell.complain(
      isNumeric ? `${count}: loop count out of range` : `${count}: numeric argument required`,
      name,
    );
    if (!isNumeric) throw new Failure('', 128, true);
    if (shell.loops > 0) shell.jump = { kind: 'break', levels: shell.loops };
    return 1;
  }
  if (shell.loops > 0) shell.jump = { kind, levels: Math.min(Number(count), shell.loops) };
  else if (shell.dialect.isBash)
    await shell.complain("only meaningful in a `for', `while', or `until' loop", name);
  return 0;
}

export async function returnFrom(call: Call): Promise<number> {
  const { shell, args } = call;
  const isInside = shell.calls.length > 0 || shell.sourcing > 0;
  const exitCode = await codeOf(call, args[0]);
  if (!isInside && shell.dialect.isBash)
    return fail(call, "can only `return' from a function or sourced script", 2);
  shell.jump = { kind: isInside ? 'return' : 'exit' };
  return exitCode;
}

export async function exit(call: Call): Promise<number> {
  const { shell, args } = call;
  if (call.name === 'logout' && !shell.name.startsWith('-')) return fail(call, "not login shell: use `exit'");
  if (shell.isInteractive && shell.dialect.isBash && call.name === 'exit')
    await shell.write(2, shell.name.startsWith('-') ? 'logout\n' : 'exit\n');
  const exitCode = await codeOf(call, args[0]);
  shell.jump = { kind: 'exit' };
  return exitCode;
}

/** bash keeps a byte of it, and says 2 where it is no number; the others end there. */
async function codeOf(call: Call, text: string | undefined): Promise<number> {
  const { shell, name } = call;
  if (text === undefined) return shell.status;
  if (shell.dialect.isBash) {
    if (/^\s*[+-]?\d{1,18}\s*$/.test(text)) return Number(BigInt.asUintN(8, BigInt(text.trim())));
    await shell.complain(`${text}: numeric argument required`, name);
    shell.jump = { kind: name === 'return' ? 'return' : 'exit' };
    return 2;
  }
  if (!isNumber(text)) throw await ended(call, `Illegal number: ${text}`);
  return shell.dialect.name === 'dash' && name === 'return' ? Number(text) : Number(text) & 0xff;
}

/** What a special builtin cannot do is said, and is the end of the shell. */
export async function ended({ shell, name }: Call, text: string, exitCode = 2): Promise<Failure> {
  await shell.complain(text, name);
  return new Failure('', exitCode, true);
}

export async function evaluate({ shell, args }: Call): Promise<number> {
  const text = args.join(' ');
  shell.status = 0;
  await inside(shell, 'eval', () =>
    runText(shell, text, shell.dialect.isBash ? shell.lastLine : shell.line, 'eval'),
  );
  return shell.status;
}

/** dash and ash name the builtin in all that is said meanwhile. */
async function inside(shell: Shell, command: string, body: () => Promise<void>): Promise<void> {
  const before = shell.command;
  if (!shell.dialect.isBash) shell.command = command;
  shell.traceLevel += 1;
  try {
    await body();
  } finally {
    shell.command = before;
    shell.traceLevel -= 1;
  }
}

/** Scripts that read scripts. */
const deepest = 20;

export async function source(call: Call): Promise<number> {
  const { shell, args, name } = call;
  const { isBash } = shell.dialect;
  const [file, ...parameters] = args[0] === '--' ? args.slice(1) : args;
  if (file === undefined) {
    if (!isBash) return 2;
    await shell.complain('filename argument required', name);
    await shell.write(2, `${name}: usage: ${name} filename [arguments]\n`);
    return 2;
  }
  const path = sourcePath(shell, file);
  if (path === undefined) throw await ended(call, `${file}: not found`);
  let text: string;
  try {
    text = textOf(await readScript(shell, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return cannotSource(call, path, error);
  }
  if (shell.sourcing >= deepest) throw new Failure('', 1, true);
  return runSourced(shell, path, text, isBash ? parameters : []);
}

/** Along PATH; bash also looks where it is. */
function sourcePath({ variables, files, dialect }: Shell, file: string): string | undefined {
  if (file.includes('/')) return file;
  for (const folder of (variables.get('PATH') ?? defaultPath).split(':')) {
    const path = `${folder || '.'}/${file}`;
    if (files.exists(path) && files.stat(path).kind === 'file') return path;
  }
  return dialect.isBash ? file : undefined;
}

async function cannotSource(call: Call, path: string, error: FileError): Promise<number> {
  const { shell } = call;
  switch (shell.dialect.name) {
    case 'bash':
      await shell.complain(`${path}: ${error.message}`, error.code === 'EISDIR' ? call.name : undefined);
      return 1;
    case 'dash':
      throw await ended(call, shell.say.cannotOpen(path, error.code));
    case 'ash':
      throw await ended(call, `can't open '${path}': ${error.message}`);
  }
}

async function runSourced(shell: Shell, path: string, text: string, parameters: string[]): Promise<number> {
  const before = { sourced: shell.sourced, parameters: shell.parameters, line: shell.line };
  shell.sourcing += 1;
  shell.sourced = path;
  if (parameters.length > 0) shell.parameters = parameters;
  shell.status = 0;
  try {
    await inside(shell, path, () => runText(shell, text));
    if (shell.jump?.kind === 'return') shell.jump = undefined;
  } finally {
    shell.sourcing -= 1;
    shell.sourced = before.sourced;
    shell.line = before.line;
    if (parameters.length > 0) shell.parameters = before.parameters;
  }
  return shell.status;
}

export async function exec(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, 'cla:');
  const { rest: words } = options;
  if (words.length === 0) return 0;
  const env = hasOption(options, 'c') ? new Map<string, string>() : shell.variables.exported();
  const name = options.found.find(([letter]) => letter === 'a')?.[1];
  shell.kernel.note({ kind: 'command', words });
  const isReplaceable = shell.isReplaceable;
  shell.isReplaceable = true;
  const status = await startProgram(shell, words, env, {
    builtin: 'exec',
    ...(name !== undefined && { name }),
  });
  shell.isReplaceable = isReplaceable;
  shell.life.check();
  shell.traps.delete('EXIT');
  if (!(shell.isInteractive && (status === 126 || status === 127))) shell.jump = { kind: 'exit' };
  return status;
}

/** `command`: without functions; `-v` and `-V` tell what would run. */
export async function command(call: Call): Promise<number> {
  const { shell, args, name } = call;
  const options = optionsOf(args, 'pvV');
  if (options.unknown !== '') return badOption(call, options.unknown, `${name} [-pVv] command [arg ...]`);
  const { rest } = options;
  if (hasOption(options, 'v') || hasOption(options, 'V')) {
    // The others look at the first name only.
    const names = shell.dialect.isBash ? rest : rest.slice(0, 1);
    return describeAll(call, names, hasOption(options, 'V'));
  }
  if (rest.length === 0) return 0;
  await runWords(shell, rest, { assigned: [], redirections: [], skipsFunctions: true });
  return shell.status;
}

async function describeAll(call: Call, names: readonly string[], isLong: boolean): Promise<number> {
  let found = 0;
  for (const each of names) found += (await describeCommand(call, each, isLong ? 'long' : 'short')) ? 1 : 0;
  if (names.length > 0 && found > 0) return 0;
  return call.shell.dialect.isBash ? 1 : 127;
}

export async function builtin(call: Call): Promise<number> {
  const { shell, args } = call;
  const [name] = args;
  if (name === undefined) return 0;
  if (builtinNamed(shell, name) === undefined) return fail(call, `${name}: not a shell builtin`);
  await runWords(shell, args, { assigned: [], redirections: [], skipsFunctions: true });
  return shell.status;
}

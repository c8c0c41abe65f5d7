/** A simple command: its words, its assignments, its redirections, and what its first word stands for. */
import { FileError } from '../files/node.ts';
import { View } from '../files/view.ts';
import { Ended } from '../program.ts';
import type { World } from '../world.ts';
import { type Assigned, assignAll, evaluateAssignment } from './assignment.ts';
import type { Builtin } from './builtins/builtin.ts';
import { builtinNamed, isSpecial } from './builtins/list.ts';
import { runCommand, withRedirections } from './execute.ts';
import { expandText, expandWords } from './expansion/expand.ts';
import { Failure } from './failure.ts';
import { findProgram } from './process/find.ts';
import { imageProblem } from './process/image.ts';
import type { Kernel } from './process/kernel.ts';
import { launch, launchUnseen, type Start } from './process/launch.ts';
import type { Shell } from './shell.ts';
import type { Assignment, FunctionDefinition, Simple, Word } from './syntax/syntax.ts';
import { traceWords } from './trace.ts';

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export async function runSimple(shell: Shell, command: Simple): Promise<void> {
  shell.kernel.budget.countCommand();
  shell.substituted = undefined;
  const { words, arrays } = await argumentsOf(shell, command.words);
  const [name] = words;
  if (name === undefined) return runAssignments(shell, command);
  const assigned: Assigned[] = [];
  for (const each of command.assignments) assigned.push(await evaluateAssignment(shell, each));
  await traceWords(
    shell,
    assigned.map(({ shown }) => shown),
    words,
  );
  await runWords(shell, words, { assigned, arrays, redirections: command.redirections });
  if (shell.dialect.isBash) shell.variables.set('_', words.at(-1)!);
}

interface Arguments {
  readonly words: string[];
  /** Those of `declare` that are arrays, by their place. */
  readonly arrays: Map<number, Assignment>;
}

async function argumentsOf(shell: Shell, words: readonly Word[]): Promise<Arguments> {
  if (!words.some(([first]) => first?.kind === 'assignment'))
    return { words: await expandWords(shell, words), arrays: new Map() };
  const found: Arguments = { words: [], arrays: new Map() };
  for (const word of words) {
    const [first] = word;
    if (first?.kind !== 'assignment') {
      found.words.push(...(await expandWords(shell, [word])));
      continue;
    }
    const { name, elements, index } = first.assignment;
    if (elements !== undefined || index !== undefined) {
      found.arrays.set(found.words.length, first.assignment);
      found.words.push(name);
    } else found.words.push(await expandText(shell, word));
  }
  return found;
}

/** Without a command they stay. */
async function runAssignments(shell: Shell, { assignments, redirections }: Simple): Promise<void> {
  const { status } = shell;
  await withRedirections(shell, redirections, async () => {
    const shown: string[] = [];
    for (const each of assignments) {
      const assigned = await evaluateAssignment(shell, each);
      shown.push(assigned.shown);
      assignAll(shell, [assigned]);
    }
    await traceWords(shell, shown, []);
    shell.status = shell.substituted ?? 0;
  });
  if (assignments.length + redirections.length === 0 && shell.substituted === undefined)
    shell.status = status;
}

export interface Around {
  readonly assigned: readonly Assigned[];
  readonly arrays?: ReadonlyMap<number, Assignment>;
  readonly redirections: Simple['redirections'];
  /** `command` and `builtin` do not look for functions. */
  readonly skipsFunctions?: boolean;
}

export async function runWords(shell: Shell, words: readonly string[], around: Around): Promise<void> {
  const name = words[0]!;
  shell.kernel.note({ kind: 'command', words });
  await shell.work(20);
  const definition = around.skipsFunctions ? undefined : shell.functions.get(name);
  if (definition !== undefined) return runFunction(shell, definition, words, around);
  const builtin = builtinNamed(shell, name);
  if (builtin !== undefined) return runBuiltin(shell, builtin, words, around);
  await withRedirections(shell, around.redirections, () => runProgram(shell, words, around));
}

async function runFunction(
  shell: Shell,
  { name, body }: FunctionDefinition,
  words: readonly string[],
  { assigned, redirections }: Around,
): Promise<void> {
  if (shell.calls.length >= shell.kernel.budget.limits.functions) throw new Ended(139);
  const { parameters, calls, loops, line } = shell;
  await withRedirections(shell, redirections, async () => {
    const restore = shell.variables.replaceFor(assigned.map((each) => each.name));
    assignAll(shell, assigned);
    for (const each of assigned) shell.variables.declare(each.name, { isExported: true });
    shell.parameters = words.slice(1);
    shell.calls = [name, ...calls];
    shell.loops = 0;
    shell.variables.enterFunction();
    try {
      await runCommand(shell, body);
    } finally {
      shell.variables.leaveFunction();
      shell.parameters = parameters;
      shell.calls = calls;
      shell.loops = loops;
      restore();
    }
    if (shell.jump?.kind === 'return') shell.jump = undefined;
    shell.line = line;
  });
}

async function runBuiltin(
  shell: Shell,
  builtin: Builtin,
  words: readonly string[],
  { assigned, arrays = new Map(), redirections }: Around,
): Promise<void> {
  const name = words[0]!;
  const isStrict = shell.dialect.isStrict && isSpecial(name);
  // Before a special builtin of POSIX they stay.
  const isRestored = !isStrict || assigned.length === 0;
  const restore = isRestored ? shell.variables.replaceFor(assigned.map((each) => each.name)) : undefined;
  const body = async (): Promise<void> => {
    assignAll(shell, assigned);
    shell.status = await called(shell, builtin, name, words.slice(1), arrays);
  };
  try {
    await withRedirections(shell, redirections, body, { stays: name === 'exec', isFatal: isStrict });
  } finally {
    restore?.();
  }
}

async function called(
  shell: Shell,
  builtin: Builtin,
  name: string,
  args: readonly string[],
  arrays: ReadonlyMap<number, Assignment>,
): Promise<number> {
  try {
    return await builtin({ shell, name, args, arrays });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await shell.complain(`write error: ${error.message}`, name);
    return 1;
  }
}

async function runProgram(shell: Shell, words: readonly string[], { assigned }: Around): Promise<void> {
  const env = shell.variables.exported();
  for (const { name, text } of assigned) if (text !== undefined) env.set(name, text);
  shell.status = await startProgram(shell, words, env);
  shell.life.check();
}

export interface Calling {
  /** That calls it, and says what is wrong with it. */
  readonly builtin?: string;
  /** In place of the word by which it is found. */
  readonly name?: string;
}

/** @returns its exit code, or that of what was said about it */
export async function startProgram(
  shell: Shell,
  words: readonly string[],
  env: Map<string, string>,
  { builtin, name: shown }: Calling = {},
): Promise<number> {
  const { files, dialect, kernel, world, user, descriptors, life, ownPid } = shell;
  const name = words[0]!;
  const found = findProgram(files, name, env.get('PATH') ?? shell.variables.get('PATH') ?? defaultPath);
  const isUnseen = 'code' in found && found.code === 'ENOENT' && mayHave(kernel, world, name);
  if ('code' in found && !isUnseen) return cannotFind(shell, name, found.code, builtin);
  const problem = 'path' in found ? imageProblem(files, found.path, dialect) : undefined;
  if (problem !== undefined) {
    await shell.complain(problem.text, builtin);
    return problem.exitCode;
  }
  if (!shell.isReplaceable && !kernel.budget.mayFork(kernel.processes.size))
    throw new Failure(kernel.budget.isQuiet ? '' : shell.say.noFork, 254, true);
  const start: Start = {
    world,
    args: shown === undefined ? words : [shown, ...words.slice(1)],
    env,
    files,
    user,
    descriptors,
    life,
    ppid: shell.isReplaceable ? shell.parentPid : ownPid,
    ...(shell.isReplaceable && { pid: ownPid }),
    depth: shell.depth,
    dialect,
  };
  if ('code' in found) return launchUnseen(kernel, start);
  const { path } = found;
  if (!name.includes('/')) remember(shell, name, path);
  if (dialect.isBash) env.set('_', path);
  return launch(kernel, path, start);
}

/** What scripts try to find out on which system they are. */
const ofSystems = /^(?:apk|apt(?:-get)?|yum|dnf|microdnf|zypper|pacman|opkg|brew)$/;

/** In an image that nobody here has seen: a program of its own, by no name that a system gives to its programs. */
function mayHave({ terminal }: Kernel, { container, host }: World, name: string): boolean {
  // Whoever types what is not there is to be told.
  if (container?.isForeign !== true || host === undefined || terminal !== undefined) return false;
  const last = name.slice(name.lastIndexOf('/') + 1);
  return !ofSystems.test(last) && 'code' in findProgram(new View(host.files), last, defaultPath);
}

function remember(shell: Shell, name: string, path: string): void {
  const known = shell.hashed.get(name);
  if (known === undefined) shell.hashed.set(name, { path, hits: 1 });
  else known.hits += 1;
}

async function cannotFind(
  shell: Shell,
  name: string,
  code: FileError['code'],
  builtin?: string,
): Promise<number> {
  if (builtin === 'exec' && shell.dialect.isBash && name.includes('/')) return cannotExec(shell, name, code);
  const isMissing = code === 'ENOENT' || (code === 'ENOTDIR' && !shell.dialect.isBash);
  if (!isMissing) {
    await shell.complain(shell.say.cannotRun(name, code), builtin);
    return 126;
  }
  await shell.complain(builtin === undefined ? shell.say.notFound(name) : `${name}: not found`, builtin);
  return 127;
}

/** bash says it by the whole path. */
async function cannotExec(shell: Shell, name: string, code: FileError['code']): Promise<number> {
  const path = name.startsWith('/') ? name : `${shell.cwd}/${name.replace(/^\.\//, '')}`;
  const { message } = new FileError(code);
  await shell.complain(`${path}: ${message}`);
  if (code === 'ENOENT') return 127;
  await shell.complain(`exec: ${path}: cannot execute: ${message}`);
  return 126;
}

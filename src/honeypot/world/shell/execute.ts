/** Runs what the parser made of a script: lists, pipelines, commands with their redirections. */
import { runCompound } from './compound.ts';
import { Failure } from './failure.ts';
import { pipe } from './process/descriptors.ts';
import { keep, RedirectionFailure, redirect, undo } from './redirect.ts';
import type { Shell } from './shell.ts';
import { runSimple } from './simple.ts';
import { report, runSubshell, startJob } from './subshell.ts';
import { isOneCommand } from './substitution.ts';
import type { Command, Entry, List, Pipeline, Redirection } from './syntax/syntax.ts';
import { printTimes } from './times.ts';
import { runTraps } from './traps.ts';
import { ReadonlyFailure } from './variables.ts';

export async function runList(shell: Shell, list: List): Promise<void> {
  for (const entry of list) {
    if (entry.isBackground) await runInBackground(shell, entry);
    else await runEntry(shell, entry);
    if (shell.signals.length > 0) await runTraps(shell);
    if (shell.jump !== undefined) return;
  }
}

async function runInBackground(shell: Shell, entry: Entry): Promise<void> {
  const list = [{ ...entry, isBackground: false }];
  const job = startJob(shell, entry.source, async (child) => {
    child.isReplaceable = isOneCommand(list);
    if (!shell.isInteractive) child.descriptors.close(0);
    await runList(child, list);
  });
  if (shell.isInteractive && shell.dialect.isBash) await shell.write(2, `[${job.number}] ${job.pid}\n`);
  shell.status = 0;
}

async function runEntry(shell: Shell, { first, rest }: Entry): Promise<void> {
  const hasMore = rest.length > 0;
  await runPipeline(shell, first, hasMore);
  for (const [index, { operator, pipeline }] of rest.entries()) {
    if (shell.jump !== undefined) return;
    const isWanted = operator === '&&' ? shell.status === 0 : shell.status !== 0;
    if (isWanted) await runPipeline(shell, pipeline, index < rest.length - 1);
  }
}

async function runPipeline(shell: Shell, pipeline: Pipeline, isTested: boolean): Promise<void> {
  const { commands, isNegated, timed } = pipeline;
  const begun = performance.now() + shell.world.ahead;
  if (shell.has('noexec')) return;
  if (isTested || isNegated) shell.tested += 1;
  try {
    const [first] = commands;
    if (first !== undefined && commands.length === 1) {
      await runCommand(shell, first);
      shell.pipeStatus = [shell.status];
    } else if (first !== undefined) await runStages(shell, commands);
    else shell.status = 0;
  } finally {
    if (isTested || isNegated) shell.tested -= 1;
  }
  if (timed !== undefined) {
    const real = performance.now() + shell.world.ahead - begun;
    await printTimes(shell, real, timed === 'posix');
  }
  if (isNegated && shell.jump === undefined) shell.status = shell.status === 0 ? 1 : 0;
  else if (shell.status !== 0 && !isTested && commands.some(isFallible) && shell.jump === undefined)
    await failed(shell);
}

/** What `set -e` looks at; inside of the others it has been looked at already. */
function isFallible(command: Command): boolean {
  return ['simple', 'subshell', 'arithmetic', 'conditional'].includes(command.kind);
}

async function failed(shell: Shell): Promise<void> {
  if (shell.tested > 0) return;
  if (shell.traps.has('ERR')) {
    shell.signals.push('ERR');
    await runTraps(shell);
  }
  if (shell.has('errexit')) shell.jump = { kind: 'exit' };
}

/** All stages at the same time, each in a shell of its own. */
async function runStages(shell: Shell, commands: readonly Command[]): Promise<void> {
  const children: { readonly child: Shell; readonly command: Command }[] = [];
  try {
    for (const [index, command] of commands.entries()) {
      const child = shell.fork();
      children.push({ child, command });
      child.isReplaceable = command.kind === 'simple';
      if (index === 0) continue;
      const { writer, reader } = pipe();
      children[index - 1]!.child.descriptors.set(1, writer);
      child.descriptors.set(0, reader);
    }
  } catch (error) {
    for (const { child } of children) child.close();
    throw error;
  }
  const statuses = await Promise.all(
    children.map(({ child, command }) => runSubshell(child, () => runCommand(child, command))),
  );
  shell.life.check();
  shell.pipeStatus = statuses;
  const bad = shell.has('pipefail') ? statuses.findLast((status) => status !== 0) : statuses.at(-1);
  shell.status = bad ?? 0;
}

/** @throws Failure, reported, where more than this command is given up */
export async function runCommand(shell: Shell, command: Command): Promise<void> {
  const leavings = shell.leavings;
  shell.leavings = [];
  try {
    shell.line = command.line;
    await shell.work(5);
    if (command.kind === 'simple') await runSimple(shell, command);
    else if (command.kind === 'function') define(shell, command);
    else await withRedirections(shell, command.redirections, () => runCompound(shell, command));
  } catch (error) {
    if (error instanceof ReadonlyFailure) throw await readOnly(shell, error);
    if (error instanceof Failure) await report(shell, error);
    throw error;
  } finally {
    for (const leave of shell.leavings) leave();
    shell.leavings = leavings;
  }
}

async function readOnly(shell: Shell, { variable }: ReadonlyFailure): Promise<Failure> {
  await shell.complain(shell.say.readOnly(variable));
  const { isBash } = shell.dialect;
  return new Failure('', isBash ? 1 : 2, !isBash);
}

function define(shell: Shell, command: Command & { kind: 'function' }): void {
  shell.functions.set(command.name, command);
  shell.status = 0;
}

export interface Manner {
  /** Those of `exec` are the shell's from then on. */
  readonly stays?: boolean;
  /** What cannot be redirected ends the shell: special builtins of POSIX. */
  readonly isFatal?: boolean;
}

export async function withRedirections(
  shell: Shell,
  redirections: readonly Redirection[],
  body: () => Promise<void>,
  { stays = false, isFatal = false }: Manner = {},
): Promise<void> {
  if (redirections.length === 0) return body();
  let replaced: Awaited<ReturnType<typeof redirect>>;
  try {
    replaced = await redirect(shell, redirections);
  } catch (error) {
    if (!(error instanceof RedirectionFailure)) throw error;
    await shell.complain(error.message);
    shell.status = error.exitCode;
    if (isFatal) throw new Failure('', error.exitCode, true);
    return;
  }
  try {
    await body();
  } finally {
    if (stays) keep(replaced);
    else undo(shell, replaced);
  }
}

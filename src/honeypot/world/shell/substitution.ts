/** Commands whose output becomes text: `$(…)`, backquotes, `<(…)`. */
import { textOf } from './bytes.ts';
import { runList } from './execute.ts';
import { Failure } from './failure.ts';
import { Collector, OpenFile, pipe } from './process/descriptors.ts';
import { showProcessFile } from './process/process-files.ts';
import { streamOf } from './process/stream.ts';
import { openForReading, readAll } from './redirect.ts';
import { runText } from './script.ts';
import type { Shell } from './shell.ts';
import { inBackground, runSubshell } from './subshell.ts';
import type { List, Part, Redirection, Substitution } from './syntax/syntax.ts';

/** What a command prints, without the newlines at its end. @throws Failure, Ended */
export async function captured(shell: Shell, body: Substitution): Promise<string> {
  const file = fileOf(shell, body);
  const text = textOf(file === undefined ? await outputOf(shell, body) : await contentOf(shell, file));
  const clean = text.includes('\0') ? text.replaceAll('\0', '') : text;
  if (clean !== text && shell.dialect.isBash)
    await shell.complain('warning: command substitution: ignored null byte in input');
  let end = clean.length;
  while (clean.charCodeAt(end - 1) === 0x0a) end -= 1;
  return clean.slice(0, end);
}

async function outputOf(shell: Shell, body: Substitution): Promise<Uint8Array> {
  const { budget } = shell.kernel;
  const collector = new Collector((bytes) => budget.hold(bytes));
  const child = shell.fork();
  child.descriptors.set(1, new OpenFile({ output: collector }));
  child.isReplaceable = isOneCommand(body);
  child.traceLevel += 1;
  shell.status = await runSubshell(child, () =>
    'source' in body ? runText(child, body.source, body.line) : runList(child, body),
  );
  shell.substituted = shell.status;
  shell.life.check();
  const output = collector.content();
  budget.hold(-output.length);
  return output;
}

/** A list of one command, which the process that was forked for it becomes. */
export function isOneCommand(body: Substitution): boolean {
  if ('source' in body || body.length !== 1) return false;
  const [entry] = body;
  return entry!.rest.length === 0 && entry!.first.commands.length === 1 && !entry!.isBackground;
}

/** bash needs no command for `$(< file)`. */
function fileOf(shell: Shell, body: Substitution): Redirection | undefined {
  if ('source' in body || !isOneCommand(body) || !shell.dialect.isBash) return undefined;
  const [command] = body[0]!.first.commands;
  if (command?.kind !== 'simple' || command.words.length + command.assignments.length > 0) return undefined;
  const [redirection, more] = command.redirections;
  return redirection?.operator === '<' && redirection.fd === undefined && more === undefined
    ? redirection
    : undefined;
}

async function contentOf(shell: Shell, redirection: Redirection): Promise<Uint8Array> {
  try {
    const { input } = await openForReading(shell, redirection);
    const content = input === undefined ? new Uint8Array() : await readAll(shell, input);
    shell.status = 0;
    shell.substituted = 0;
    return content;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await shell.complain(error.message);
    shell.status = error.exitCode;
    shell.substituted = error.exitCode;
  }
  return new Uint8Array();
}

/** Descriptors of `<(…)` count down from here. */
const firstDescriptor = 63;

/**
 * A name under which the output of `<(…)` can be read, or the input of `>(…)` written to, while the command runs in
 * whose words it stands.
 */
export async function processFile(
  shell: Shell,
  { isInput, body }: Part & { kind: 'process' },
): Promise<string> {
  let number = firstDescriptor;
  while (shell.descriptors.get(number) !== undefined) number -= 1;
  if (isInput) {
    const { status } = shell;
    const output = await outputOf(shell, body);
    shell.status = status;
    shell.descriptors.set(number, new OpenFile({ input: streamOf(output) }));
    shell.leavings.push(showProcessFile(shell.world, number, output));
  } else {
    shell.descriptors.set(number, writerTo(shell, body));
  }
  shell.leavings.push(() => shell.descriptors.close(number));
  return `/dev/fd/${number}`;
}

function writerTo(shell: Shell, body: List): OpenFile {
  const { writer, reader } = pipe();
  const child = shell.fork();
  child.descriptors.set(0, reader);
  inBackground(
    shell,
    runSubshell(child, () => runList(child, body)),
  );
  return writer;
}

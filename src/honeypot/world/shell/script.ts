/** Reads scripts, command by command, and runs them: what `-c`, files, standard input, `eval` and `.` have in common. */
import { Ended } from '../program.ts';
import { bytesOf, textOf } from './bytes.ts';
import { runList } from './execute.ts';
import { Failure } from './failure.ts';
import { consoleOf } from './interact.ts';
import type { Stream } from './process/stream.ts';
import type { Shell } from './shell.ts';
import { report } from './subshell.ts';
import type { ParserOptions } from './syntax/cursor.ts';
import { SyntaxFault } from './syntax/fault.ts';
import { type Parsed, parseNext } from './syntax/parse.ts';

/** Characters that a script may have. */
const longest = 1 << 20;

/** Where a text comes from: bash says it, and goes on differently when something is wrong with a command. */
export type Origin = '-c' | 'eval' | 'file';

/** Runs a text to its end, or to what leaves it. @throws Failure for what ends more than this text */
export async function runText(shell: Shell, text: string, line = 1, origin: Origin = 'eval'): Promise<void> {
  let place = { rest: finished(shell, text.slice(0, longest)), at: 0, line };
  while (shell.jump === undefined) {
    const parsed = await parsedNext(shell, place, origin);
    if (parsed?.list === undefined) return;
    place = parsed;
    await runParsed(shell, parsed, origin === 'file');
  }
}

/** bash counts a last line without its newline, and what follows it. */
function finished({ dialect }: Shell, text: string): string {
  return !dialect.isBash || text === '' || text.endsWith('\n') || text.endsWith('\\') ? text : `${text}\n`;
}

interface Place {
  readonly rest: string;
  readonly at: number;
  readonly line: number;
}

async function parsedNext(
  shell: Shell,
  { rest, at, line }: Place,
  origin: Origin,
): Promise<Parsed | undefined> {
  try {
    const parsed = parseNext(rest, at, line, optionsOf(shell));
    await shell.work(10 + ((parsed.at - at) >> 3));
    return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    await sayFault(shell, error, origin === 'file' ? undefined : origin);
    shell.status = statusOf(error);
    if (shell.dialect.isStrict || origin !== 'eval') throw new Failure('', shell.status, true);
    return undefined;
  }
}

export function optionsOf({ dialect, aliases, isInteractive, shopts }: Shell): ParserOptions {
  const hasAliases = !dialect.isBash || isInteractive || shopts.has('expand_aliases');
  return { dialect, extglob: shopts.has('extglob'), ...(hasAliases && { aliases }) };
}

/** bash repeats the line in which a token stood that it did not expect. */
export async function sayFault(
  shell: Shell,
  { fault, line, text }: SyntaxFault,
  origin?: Origin,
): Promise<void> {
  const { isBash } = shell.dialect;
  const before = shell.line;
  shell.line = line;
  await shell.complain(shell.say.syntax(fault), isBash ? origin : undefined, origin !== undefined);
  const repeats = isBash && fault.kind === 'unexpected' && shell.source !== 'terminal';
  if (repeats) await shell.complain(`\`${text}'`, origin, true);
  shell.line = before;
}

/** @param goesOn after what only gives up a line */
async function runParsed(
  shell: Shell,
  { list = [], unclosed, line: end }: Parsed,
  goesOn: boolean,
): Promise<void> {
  shell.lastLine = end - 1;
  for (const { line, delimiter } of shell.dialect.isBash ? unclosed : []) {
    const what = `here-document at line ${line} delimited by end-of-file (wanted \`${delimiter}')`;
    shell.line = end - 1;
    await shell.complain(`warning: ${what}`);
  }
  if (shell.has('noexec')) return;
  try {
    await runList(shell, list);
  } catch (error) {
    const isGivenUp = error instanceof Failure && !error.isFinal && goesOn && !shell.isSubshell;
    if (!isGivenUp) throw error;
    await report(shell, error);
    shell.status = error.exitCode;
  }
}

/** What dash and ash read at a time. */
const block = 8192;

/**
 * Runs a script that comes from a stream. bash takes no more of it than a command needs, so that the command may read
 * what follows.
 */
export async function runInput(shell: Shell, stream: Stream): Promise<void> {
  let text = '';
  let line = 1;
  let isEnded = false;
  for (let more = 1; shell.jump === undefined; ) {
    if (text === '' || more > 1) {
      if (more === 1 && consoleOf(shell) !== undefined) shell.kernel.budget.renew();
      const read: string = isEnded ? '' : await readMore(shell, stream, more);
      isEnded = read === '' || text.length > longest;
      text += read;
      if (text === '') return;
    }
    const parsed = await parsedInput(shell, text, line, isEnded);
    if (parsed === 'more') {
      more *= 2;
      continue;
    }
    more = 1;
    ({ line } = parsed);
    let rest = parsed.rest.slice(parsed.at);
    if (!shell.dialect.readsAhead) {
      stream.unread(bytesOf(rest));
      rest = '';
    }
    if (parsed.list === undefined && isEnded) return;
    await runRecorded(shell, parsed, text.slice(0, parsed.at));
    text = rest;
  }
}

/**
 * Lines of a session without a terminal are told one by one, as those of one with it, and each may use as much: what
 * uses up more is killed, and the session goes on.
 */
async function runRecorded(shell: Shell, parsed: Parsed, text: string): Promise<void> {
  const console = consoleOf(shell);
  if (console === undefined || parsed.list === undefined) return runParsed(shell, parsed, true);
  const record = console.begin(shell);
  try {
    await runParsed(shell, parsed, true);
  } catch (error) {
    shell.life.check();
    if (!(error instanceof Ended)) throw error;
    shell.status = error.exitCode;
  } finally {
    record.end(text.trim(), shell.status & 0xff);
  }
}

/** So many lines, or blocks and the rest of their last line, if they are here: nobody waits for more than one. */
async function readMore(shell: Shell, stream: Stream, count: number): Promise<string> {
  const parts: Uint8Array[] = [];
  for (let index = 0; index < count && (index === 0 || stream.isReady); index++) {
    const bytes = shell.dialect.readsAhead ? await stream.read(shell.life, block) : undefined;
    if (bytes !== undefined) parts.push(bytes);
    const row = bytes?.at(-1) === 0x0a ? undefined : await stream.readLine(shell.life, longest);
    if (row !== undefined) parts.push(row);
    if (bytes === undefined && row === undefined) break;
  }
  await shell.work(1 + parts.length);
  return parts.length === 0 ? '' : finished(shell, textOf(Buffer.concat(parts)));
}

async function parsedInput(
  shell: Shell,
  text: string,
  line: number,
  isEnded: boolean,
): Promise<Parsed | 'more'> {
  if (!isEnded && isContinued(text.slice(0, -1))) return 'more';
  try {
    const parsed = parseNext(text, 0, line, { ...optionsOf(shell), isPartial: !isEnded });
    await shell.work(10 + (parsed.at >> 3));
    return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    if (error.isIncomplete && !isEnded) {
      await shell.work(10 + (text.length >> 3));
      return 'more';
    }
    await sayFault(shell, error);
    throw new Failure('', statusOf(error), true);
  }
}

/** bash forgets its own complaint about `[[ a b ]]`. */
function statusOf({ fault }: SyntaxFault): number {
  return fault.kind === 'condition' ? 0 : 2;
}

/** Whether an odd number of backslashes stands at its end, so that the next line belongs to it. */
export function isContinued(text: string): boolean {
  let start = text.length;
  while (text.charAt(start - 1) === '\\') start -= 1;
  return (text.length - start) % 2 === 1;
}

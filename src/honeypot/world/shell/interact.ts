/** A shell that people type into: prompts, lines that go on, jobs that are told of; each line is reported. */

import { Ended } from '../program.ts';
import { forgetEnded, jobLine } from './builtins/jobs.ts';
import { runList } from './execute.ts';
import { Failure } from './failure.ts';
import { expandHistory } from './history-expansion.ts';
import { Life } from './process/life.ts';
import { type Stream, streamOf } from './process/stream.ts';
import { promptOf } from './prompt.ts';
import { isContinued, optionsOf, sayFault } from './script.ts';
import type { Shell } from './shell.ts';
import { report } from './subshell.ts';
import { SyntaxFault } from './syntax/fault.ts';
import { type Parsed, parseNext } from './syntax/parse.ts';
import { runTraps } from './traps.ts';

/** Where lines come from, and who is told what became of them. */
export interface Console {
  /** What is typed, for programs that read. */
  readonly input: Stream;
  /**
   * The next line, without its newline; undefined at the end of the input.
   * @throws Interrupted for ^C
   */
  readLine(shell: Shell, prompt: string): Promise<string | undefined>;
  /** What runs for a line, so that ^C ends it. @returns is called when it is over */
  running(life: Life): () => void;
  /** A line begins to run; all that is printed until `end` is its own. */
  begin(shell: Shell): LineRecord;
  /** Whether what is typed shows: not while a password is. */
  setEcho(isOn: boolean): void;
}

export interface LineRecord {
  end(line: string, exitCode: number): void;
}

/** ^C at the prompt. */
export class Interrupted extends Error {}

const interrupted = 130;
/** Characters of a command, over all its lines. */
const longest = 256 << 10;

/** Reads and runs lines until the shell is left. */
export async function interact(shell: Shell): Promise<void> {
  try {
    await interactUntilLeft(shell);
  } finally {
    shell.history.save(shell);
  }
}

async function interactUntilLeft(shell: Shell): Promise<void> {
  const console = consoleOf(shell) ?? plainConsole(shell);
  let line = 1;
  while (shell.jump === undefined) {
    try {
      const text = await readCommand(shell, console);
      if (text === undefined) return leave(shell);
      if (text.trim() !== '') await runLine(shell, console, text, line);
      line += text.split('\n').length;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      shell.status = interrupted;
    }
  }
}

async function leave(shell: Shell): Promise<void> {
  if (shell.dialect.isBash) await shell.write(2, shell.name.startsWith('-') ? 'logout\n' : 'exit\n');
  else await shell.write(2, '\n');
}

async function tellJobs(shell: Shell): Promise<void> {
  const ended = shell.jobs.filter(({ exitCode, isForgotten }) => exitCode !== undefined && !isForgotten);
  for (const job of ended) await shell.write(2, `${jobLine(shell, job)}\n`);
  if (ended.length > 0) forgetEnded(shell);
}

/** One command, over as many lines as it takes; each has all of it parsed again, which is counted as work. */
async function readCommand(shell: Shell, console: Console): Promise<string | undefined> {
  let text: string | undefined;
  shell.kernel.budget.renew();
  for (;;) {
    await tellJobs(shell);
    const prompt = await promptOf(shell, text === undefined ? 'PS1' : 'PS2');
    const typed = await console.readLine(shell, prompt);
    if (typed === undefined) return text;
    const line =
      shell.has('histexpand') && typed.includes('!') ? await recalled(shell, console, typed) : typed;
    if (line === undefined) return '';
    text = text === undefined ? line : `${text}\n${line}`;
    if (text.length > longest || !isIncomplete(shell, text)) return text;
    try {
      await shell.work(10 + (text.length >> 2));
    } catch (error) {
      shell.life.check();
      if (error instanceof Ended) return text;
      throw error;
    }
  }
}

/** With what it takes from the history; undefined where that is not there, which is said. */
async function recalled(shell: Shell, console: Console, line: string): Promise<string | undefined> {
  const expanded = expandHistory(line, shell.history.lines(shell));
  if (expanded.kind === 'missing') {
    const record = console.begin(shell);
    await shell.complain(`${expanded.event}: event not found`);
    record.end(line, shell.status & 0xff);
    return undefined;
  }
  if (expanded.isChanged) await shell.write(2, `${expanded.text}\n`);
  return expanded.text;
}

function isIncomplete(shell: Shell, text: string): boolean {
  if (isContinued(text)) return true;
  const source = `${text}\n`;
  let place = { rest: source, at: 0, line: 1 };
  try {
    for (;;) {
      const parsed: Parsed = parseNext(place.rest, place.at, place.line, {
        ...optionsOf(shell),
        isPartial: true,
      });
      if (parsed.list === undefined) return false;
      place = parsed;
    }
  } catch (error) {
    return error instanceof SyntaxFault && error.isIncomplete;
  }
}

async function runLine(shell: Shell, console: Console, text: string, line: number): Promise<void> {
  remember(shell, text);
  shell.kernel.budget.renew();
  const record = console.begin(shell);
  const before = shell.life;
  shell.life = new Life(before);
  const isOver = console.running(shell.life);
  try {
    await runCommands(shell, text, line);
  } catch (error) {
    await afterFailure(shell, before, error);
  } finally {
    isOver();
    shell.life.close();
    shell.life = before;
    record.end(text, shell.status & 0xff);
  }
  before.check();
}

async function runCommands(shell: Shell, text: string, line: number): Promise<void> {
  let place = { rest: `${text}\n`, at: 0, line };
  for (;;) {
    const parsed: Parsed = parseNext(place.rest, place.at, place.line, optionsOf(shell));
    if (parsed.list === undefined) break;
    place = parsed;
    await shell.work(10);
    await runList(shell, parsed.list);
    if (shell.signals.length > 0) await runTraps(shell);
    if (shell.jump !== undefined) break;
  }
}

/** Nothing that goes wrong ends an interactive shell. */
async function afterFailure(shell: Shell, before: Life, error: unknown): Promise<void> {
  if (error instanceof SyntaxFault) {
    await sayFault(shell, error);
    shell.status = 2;
  } else if (error instanceof Failure) {
    await report(shell, error);
    shell.status = error.exitCode;
  } else if (error instanceof Ended) {
    shell.status = (shell.life.ended ?? error).exitCode;
    before.check();
    shell.life = new Life(before);
    if (shell.status === interrupted) await shell.write(2, '\n');
    else if (shell.status === 137) await shell.write(2, 'Killed\n');
  } else throw error;
}

function remember(shell: Shell, text: string): void {
  const control = shell.variables.get('HISTCONTROL') ?? '';
  if (/^\s/.test(text) && /ignorespace|ignoreboth/.test(control)) return;
  if (shell.history.last === text && /ignoredups|ignoreboth/.test(control)) return;
  shell.history.add(text);
}

/** The one at which somebody sits, where this shell reads from there. */
export function consoleOf({ kernel, descriptors }: Shell): Console | undefined {
  return descriptors.get(0)?.input === kernel.console?.input ? kernel.console : undefined;
}

/** For `bash -i` on something that is no terminal. */
function plainConsole(shell: Shell): Console {
  return {
    input: shell.descriptors.get(0)?.input ?? streamOf(new Uint8Array()),
    async readLine(reader, prompt) {
      await reader.write(2, prompt);
      const bytes = await reader.descriptors.get(0)?.input?.readLine(shell.life);
      return bytes === undefined ? undefined : Buffer.from(bytes).toString().replace(/\n$/, '');
    },
    running: () => () => {},
    begin: () => ({ end() {} }),
    setEcho() {},
  };
}

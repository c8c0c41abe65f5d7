/**
 * The lines that an interactive shell remembers: those of earlier sessions are read from the user's file when somebody
 * first asks for them, and this session's are added to it at the end.
 */
import { FileError } from '../files/node.ts';
import { textOf } from './bytes.ts';
import type { Shell } from './shell.ts';

/** HISTSIZE of bash; and the characters of one line. */
const mostLines = 500;
const longestLine = 4096;

export class History {
  /** Of this session. */
  private added: string[] = [];
  /** With those before, once they are known. */
  private all: string[] | undefined;

  /** The oldest first. */
  lines(shell: Shell): string[] {
    this.all ??= [...linesIn(shell), ...this.added].slice(-mostLines);
    return this.all;
  }

  add(line: string): void {
    const short = line.slice(0, longestLine);
    this.added.push(short);
    this.all?.push(short);
    if (this.added.length > mostLines) this.added.shift();
    if (this.all !== undefined && this.all.length > mostLines) this.all.shift();
  }

  get last(): string | undefined {
    return this.added.at(-1);
  }

  clear(): void {
    this.added = [];
    this.all = [];
  }

  /** At the end of the session, unless the user has no such file, as after `unset HISTFILE`. */
  save(shell: Shell): void {
    this.write(shell, this.added, true);
  }

  /** `history -w`: all of it, in place of what was there. */
  overwrite(shell: Shell): void {
    this.write(shell, this.lines(shell), false);
  }

  private write(shell: Shell, lines: readonly string[], append: boolean): void {
    const path = shell.variables.get('HISTFILE');
    if (path === undefined || path === '' || (append && lines.length === 0)) return;
    try {
      const text = lines.map((line) => `${line}\n`).join('');
      shell.files.write(path, Buffer.from(text), { append, mode: 0o600 });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
}

function linesIn({ files, variables }: Shell): string[] {
  const path = variables.get('HISTFILE');
  if (path === undefined || path === '') return [];
  try {
    return textOf(files.read(path))
      .split('\n')
      .filter((line) => line !== '')
      .slice(-mostLines);
  } catch {
    return [];
  }
}

/** Runs a script of sed over lines. */
import type { Run } from '../../program.ts';
import { Ended } from '../../program.ts';
import { now } from '../../world.ts';
import type { Match, Regex } from '../regex.ts';
import { replaceMatches } from '../replace.ts';
import { type Lines, openInput, readAll } from '../streams.ts';
import { bytes, latin, textOfContent } from '../tool.ts';
import { SedInput } from './sed-input.ts';
import { type Addressed, Selection } from './sed-selection.ts';
import type { Command, Substitution } from './sed-syntax.ts';
import { filled, unambiguous } from './sed-text.ts';

export interface Sink {
  add(content: string): Promise<void> | undefined | void;
  flush(): Promise<void>;
}

export interface MachineOptions {
  readonly isQuiet: boolean;
  readonly end: string;
  readonly out: Sink;
  /** Of the file, for `F`. */
  readonly name: string;
}

/** Most characters of the pattern space and of the hold space. */
const mostSpace = 4 << 20;
const killed = 137;

/** What the commands of one line lead to. */
type Outcome = 'next' | 'again' | 'quit' | 'quit silently';

export class Machine implements Addressed {
  private readonly run: Run;
  private readonly commands: readonly Command[];
  private readonly options: MachineOptions;
  private readonly labels: ReadonlyMap<string, number>;
  private readonly selection = new Selection(this);
  input: SedInput = new SedInput(none());
  space = '';
  private lastRegex: Regex | undefined;
  private hold = '';
  private isSubstituted = false;
  private after: string[] = [];
  private exitCode: number | undefined;
  private owesEnd = false;
  private readonly written = new Map<string, string[]>();

  constructor(run: Run, commands: readonly Command[], options: MachineOptions) {
    this.run = run;
    this.commands = commands;
    this.options = options;
    this.labels = new Map(
      commands.flatMap(({ letter, text }, index) => (letter === ':' ? [[text, index]] : [])),
    );
    // Files of w are there, and empty, from the start.
    for (const { letter, text, substitution } of commands) {
      const file = letter === 'w' ? text : substitution?.file;
      if (file !== undefined && !file.startsWith('/dev/std')) this.written.set(file, []);
    }
  }

  /** @returns the exit code where a command ended it */
  async process(lines: AsyncGenerator<Lines>): Promise<number | undefined> {
    this.input = new SedInput(lines);
    let outcome: Outcome = 'next';
    while (outcome === 'again' || (await this.take())) {
      outcome = await this.cycle();
      if (outcome === 'quit' || outcome === 'quit silently') break;
    }
    await this.options.out.flush();
    for (const [path, parts] of this.written)
      this.run.files.write(textOfContent(path), bytes(parts.join('')), { now: now(this.run.world) });
    return this.exitCode;
  }

  /** The next line into the pattern space. */
  private async take(): Promise<boolean> {
    const line = await this.input.next();
    if (line === undefined) return false;
    this.space = line;
    return true;
  }

  private async emit(text: string): Promise<void> {
    await this.put(text);
    // The last line ends as it did, unless something follows it.
    if (this.input.isCut) this.owesEnd = true;
    else await this.options.out.add(this.options.end);
  }

  private async put(text: string): Promise<void> {
    if (this.owesEnd) await this.options.out.add(this.options.end);
    this.owesEnd = false;
    await this.options.out.add(text);
  }

  private async cycle(): Promise<Outcome> {
    this.isSubstituted = false;
    let steps = 0;
    for (let at = 0; at < this.commands.length; at++) {
      steps += 1;
      if (steps % 100 === 0) await this.run.work(30);
      const command = this.commands[at]!;
      if (!(await this.selection.applies(command))) {
        if (command.letter === '{') at = command.end - 1;
        continue;
      }
      const { letter, text } = command;
      switch (letter) {
        case '{':
        case ':':
        case '}':
          break;
        case 'd':
          return this.finish('next', false);
        case 'D': {
          const newline = this.space.indexOf('\n');
          if (newline < 0) return this.finish('next', false);
          this.space = this.space.slice(newline + 1);
          return this.finish('again', false);
        }
        case 'b':
          at = this.jump(text);
          break;
        case 't':
        case 'T':
          if (this.isSubstituted === (letter === 't')) at = this.jump(text);
          this.isSubstituted = false;
          break;
        case 'q':
        case 'Q':
          this.exitCode = Number(text) & 255;
          return this.finish(letter === 'q' ? 'quit' : 'quit silently', letter === 'q');
        case 'n':
          if (await this.input.isLast()) return this.finish('quit', true);
          if (!this.options.isQuiet) await this.emit(this.space);
          await this.flushAfter();
          await this.take();
          break;
        case 'N': {
          if (await this.input.isLast()) return this.finish('next', true);
          await this.flushAfter();
          this.space = this.bounded(`${this.space}\n${await this.input.next()}`);
          break;
        }
        case 'c':
          if (command.second === undefined || command.isNegated || !this.selection.isOpen(command))
            await this.put(text);
          return this.finish('next', false);
        default:
          await this.simple(command);
      }
    }
    return this.finish('next', true);
  }

  private async finish(outcome: Outcome, prints: boolean): Promise<Outcome> {
    if (prints && !this.options.isQuiet) await this.emit(this.space);
    await this.flushAfter();
    return outcome;
  }

  private async flushAfter(): Promise<void> {
    for (const text of this.after) await this.put(text);
    this.after = [];
  }

  private jump(label: string): number {
    return label === '' ? this.commands.length : this.labels.get(label)!;
  }

  private bounded(text: string): string {
    if (text.length > mostSpace) throw new Ended(killed);
    return text;
  }

  /** Commands that neither end nor leave the cycle. */
  private async simple({ letter, text, substitution, table }: Command): Promise<void> {
    switch (letter) {
      case 's':
        return this.substitute(substitution!);
      case 'y':
        this.space = [...this.space].map((char) => table!.get(char) ?? char).join('');
        return;
      case 'p':
        return this.emit(this.space);
      case 'P':
        await this.put(`${this.space.split('\n', 1)[0]}\n`);
        return;
      case '=':
        await this.put(`${this.input.number}\n`);
        return;
      case 'l':
        await this.put(`${unambiguous(this.space)}$\n`);
        return;
      case 'F':
        await this.put(`${this.options.name}\n`);
        return;
      case 'a':
        this.after.push(text);
        return;
      case 'i':
        await this.put(text);
        return;
      case 'g':
        this.space = this.hold;
        return;
      case 'G':
        this.space = this.bounded(`${this.space}\n${this.hold}`);
        return;
      case 'h':
        this.hold = this.space;
        return;
      case 'H':
        this.hold = this.bounded(`${this.hold}\n${this.space}`);
        return;
      case 'x':
        [this.space, this.hold] = [this.hold, this.space];
        return;
      case 'z':
        this.space = '';
        return;
      case 'r':
        return this.readFile(textOfContent(text));
      case 'w':
        return this.writeFile(text, this.space);
      default:
    }
  }

  private async readFile(path: string): Promise<void> {
    try {
      this.after.push(latin(await readAll(this.run, openInput(this.run, path))));
    } catch {
      // What is not there adds nothing.
    }
  }

  private async writeFile(path: string, line: string): Promise<void> {
    if (path === '/dev/stdout') await this.put(`${line}\n`);
    else if (path === '/dev/stderr') await this.run.stderr.write(bytes(`${line}\n`));
    else this.written.get(path)?.push(`${line}\n`);
  }

  private async substitute(substitution: Substitution): Promise<void> {
    const regex = this.remembered(substitution.regex);
    if (regex === undefined) return;
    const { replacement, isGlobal, which, prints, file } = substitution;
    const make = (match: Match): string => filled(replacement, match);
    const { text, count } = await replaceMatches(this.run, this.space, regex, {
      isGlobal,
      first: which,
      make,
    });
    if (count === 0) return;
    this.space = this.bounded(text);
    this.isSubstituted = true;
    if (prints) await this.emit(this.space);
    if (file !== undefined) await this.writeFile(file, this.space);
  }

  remembered(regex: Regex | undefined): Regex | undefined {
    if (regex !== undefined) this.lastRegex = regex;
    return this.lastRegex;
  }
}

async function* none(): AsyncGenerator<Lines> {}

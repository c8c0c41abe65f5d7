/** Where awk reads and writes: its files, other files, commands. */
import { maxFile } from '../../files/view.ts';
import { Ended, type Input, type Output, type Run } from '../../program.ts';
import { now } from '../../world.ts';
import { Out, openInput } from '../streams.ts';
import { bytes, complain, latin, nameOf, reasonOf, textOfContent } from '../tool.ts';
import type { AwkEvaluation } from './evaluation.ts';
import { inputValue, numberOf, textOf } from './values.ts';

/** Files and commands open at once. */
const mostOpen = 64;
const killed = 137;

/** Records of one input, by RS as it is at the moment. */
class Records {
  private readonly run: Run;
  private readonly input: Input;
  private rest = '';
  private isDone = false;

  constructor(run: Run, input: Input) {
    this.run = run;
    this.input = input;
  }

  async next(separator: string, machine: AwkEvaluation): Promise<string | undefined> {
    for (;;) {
      const found = this.find(separator, machine);
      if (found !== undefined && (found.isSure || this.isDone)) {
        const record = this.rest.slice(0, found.index);
        this.rest = this.rest.slice(found.end);
        return record;
      }
      if (this.isDone) {
        if (this.rest === '') return undefined;
        const record = separator === '' ? this.rest.replace(/\n+$/, '') : this.rest;
        this.rest = '';
        return record;
      }
      const part = await this.input.read();
      if (part === undefined) this.isDone = true;
      else {
        this.rest += latin(part);
        if (this.rest.length > 2 * maxFile) throw new Ended(killed);
        await this.run.work(1 + (part.length >> 8));
      }
    }
  }

  private find(
    separator: string,
    machine: AwkEvaluation,
  ): { readonly index: number; readonly end: number; readonly isSure: boolean } | undefined {
    if (separator === '') {
      this.rest = this.rest.replace(/^\n+/, '');
      const match = /\n\n+/.exec(this.rest);
      return match === null
        ? undefined
        : {
            index: match.index,
            end: match.index + match[0].length,
            isSure: match.index + match[0].length < this.rest.length,
          };
    }
    if (separator.length === 1) {
      const index = this.rest.indexOf(separator);
      return index < 0 ? undefined : { index, end: index + 1, isSure: true };
    }
    const match = machine.regexFor(separator).exec(this.rest);
    if (match === undefined || match.end === match.index) return undefined;
    return { index: match.index, end: match.end, isSure: match.end < this.rest.length };
  }
}

export class AwkInput {
  private readonly machine: AwkEvaluation;
  private current: Records | undefined;
  private argument = 1;
  private hasRead = false;
  private readonly open = new Map<string, Records>();

  constructor(machine: AwkEvaluation) {
    this.machine = machine;
  }

  /** Of the files that are named, or standard input. */
  async nextRecord(): Promise<string | undefined> {
    const { machine } = this;
    for (;;) {
      this.current ??= await this.nextFile();
      if (this.current === undefined) return undefined;
      const record = await this.current.next(textOf(machine.globals.get('RS')), machine);
      if (record !== undefined) {
        for (const name of ['NR', 'FNR']) machine.globals.set(name, numberOf(machine.globals.get(name)) + 1);
        return record;
      }
      this.current = undefined;
    }
  }

  skipFile(): void {
    this.current = undefined;
  }

  private async nextFile(): Promise<Records | undefined> {
    const { machine } = this;
    const { run } = machine;
    const args = machine.array('ARGV');
    for (;;) {
      const count = numberOf(machine.globals.get('ARGC'));
      if (this.argument >= count) {
        if (this.hasRead) return undefined;
        this.hasRead = true;
        return new Records(run, run.stdin);
      }
      const text = textOf(args.get(`${this.argument}`));
      this.argument += 1;
      if (text === '') continue;
      const assignment = /^([A-Za-z_][A-Za-z_0-9]*)=([\s\S]*)$/.exec(text);
      if (assignment !== null) {
        machine.setVariable(assignment[1]!, inputValue(unescaped(assignment[2]!)));
        continue;
      }
      this.hasRead = true;
      machine.globals.set('FNR', 0);
      machine.globals.set('FILENAME', text);
      try {
        return new Records(run, openInput(run, textOfContent(text)));
      } catch (error) {
        await machine.output.flush();
        await complain(run, `cannot open "${textOfContent(text)}" (${reasonOf(error)})`);
        throw new Ended(2);
      }
    }
  }

  /** @returns a line, 0 at the end, -1 where it cannot be read */
  async lineOf(kind: 'file' | 'command', name: string): Promise<string | number> {
    const { machine } = this;
    let records = this.open.get(name);
    if (records === undefined) {
      if (this.open.size >= mostOpen) return -1;
      try {
        const input =
          kind === 'file' ? openInput(machine.run, textOfContent(name)) : await this.outputOf(name);
        records = new Records(machine.run, input);
      } catch {
        return -1;
      }
      this.open.set(name, records);
    }
    return (await records.next(textOf(machine.globals.get('RS')), machine)) ?? 0;
  }

  private async outputOf(command: string): Promise<Input> {
    const { run, output } = this.machine;
    await output.flush();
    const parts: Uint8Array[] = [];
    let size = 0;
    const stdout: Output = {
      isTerminal: false,
      write: async (data) => {
        const part = typeof data === 'string' ? Buffer.from(data) : data;
        size += part.length;
        if (size > maxFile) throw new Ended(killed);
        parts.push(part);
      },
    };
    await run.exec(['/bin/sh', '-c', textOfContent(command)], { stdout });
    return inputOf(Buffer.concat(parts));
  }

  close(name: string): boolean {
    return this.open.delete(name);
  }
}

function inputOf(content: Uint8Array): Input {
  let rest: Uint8Array | undefined = content.length === 0 ? undefined : content;
  return {
    isTerminal: false,
    read: () => {
      const part = rest;
      rest = undefined;
      return Promise.resolve(part);
    },
  };
}

export function unescaped(text: string): string {
  const known: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    '\\': '\\',
    '"': '"',
    '/': '/',
  };
  return text.replace(/\\(.)/gs, (whole, letter: string) => known[letter] ?? whole);
}

export interface Destination {
  readonly operator: '>' | '>>' | '|';
  readonly name: string;
}

export class AwkOutput {
  private readonly run: Run;
  private readonly out: Out;
  private readonly open = new Map<string, { readonly operator: string; readonly parts: string[] }>();
  private size = 0;

  constructor(run: Run) {
    this.run = run;
    this.out = new Out(run);
  }

  async write(to: Destination | undefined, text: string): Promise<void> {
    if (to === undefined || to.name === '/dev/stdout' || (to.operator !== '|' && to.name === '-')) {
      await this.out.add(text);
      if (this.run.stdout.isTerminal) await this.out.flush();
      return;
    }
    if (to.name === '/dev/stderr') {
      await this.run.stderr.write(bytes(text));
      return;
    }
    let file = this.open.get(to.name);
    if (file === undefined) {
      if (this.open.size >= mostOpen) throw new Ended(killed);
      file = { operator: to.operator, parts: [] };
      this.open.set(to.name, file);
      if (to.operator === '>') this.store(to.name, '', false);
    }
    this.size += text.length;
    if (this.size > maxFile) throw new Ended(killed);
    file.parts.push(text);
  }

  private store(name: string, content: string, append: boolean): void {
    try {
      this.run.files.write(textOfContent(name), bytes(content), { append, now: now(this.run.world) });
    } catch (error) {
      throw new OutputFault(
        `${nameOf(this.run)}: cannot open "${textOfContent(name)}" for output (${reasonOf(error)})\n`,
      );
    }
  }

  flush(): Promise<void> {
    return this.out.flush();
  }

  /** Files and commands get what was written to them. */
  async flushAll(): Promise<void> {
    await this.out.flush();
    for (const [name, { operator, parts }] of this.open)
      if (operator !== '|') this.store(name, parts.splice(0).join(''), true);
  }

  /** @returns whether there was one of that name */
  async close(name: string): Promise<boolean> {
    const file = this.open.get(name);
    if (file === undefined) return false;
    this.open.delete(name);
    await this.out.flush();
    const content = file.parts.join('');
    if (file.operator === '|')
      await this.run.exec(['/bin/sh', '-c', textOfContent(name)], { stdin: inputOf(bytes(content)) });
    else this.store(name, content, true);
    return true;
  }

  async closeAll(): Promise<void> {
    await this.out.flush();
    for (const name of [...this.open.keys()]) await this.close(name);
  }
}

export class OutputFault extends Error {}

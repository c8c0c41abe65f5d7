/**
 * A terminal from the machine's side: what somebody types goes to the editor of the shell that asks for a line, or
 * through the kernel's line discipline to the program that runs; what is printed gets its carriage returns.
 */
import type { Output } from '../../program.ts';
import { bytesOf, textOf } from '../bytes.ts';
import { type Console, Interrupted, type LineRecord } from '../interact.ts';
import type { Sink } from '../process/descriptors.ts';
import { Life } from '../process/life.ts';
import { sinkOf } from '../process/program-run.ts';
import { Stream } from '../process/stream.ts';
import type { Shell } from '../shell.ts';
import { completionOf } from './complete.ts';
import { Cooked } from './cooked.ts';
import { type Accepted, Editor } from './editor.ts';
import { KeyDecoder } from './keys.ts';
import { Records, type Report } from './records.ts';

/** Bytes typed ahead; more is lost, as in the kernel. */
const mostAhead = 65_536;
const interrupted = 130;

export class Teletype implements Console {
  readonly input: Stream;
  readonly output: Sink;
  private readonly terminal: Output;
  private readonly records: Records;
  private readonly keys = new KeyDecoder();
  private readonly cooked: Cooked;
  /** What the running command is ended by, the innermost last. */
  private readonly lives: Life[] = [];
  /** Came while an editor was there, behind what it took. */
  private held = '';
  private isHungUp = false;
  /** Lines that nobody has asked for yet; an empty one is ^D. */
  private lines: string[] = [];
  /** How many characters those are. */
  private ahead = 0;
  private editing: { readonly editor: Editor; readonly done: (accepted: Accepted) => void } | undefined;
  /** Of a shell that waits for a line without an editor. */
  private asking: Life | undefined;
  private wanting: ((line: string) => void) | undefined;

  constructor(terminal: Output, report: Report, count: (bytes: number) => void) {
    this.terminal = terminal;
    this.records = new Records(report);
    this.input = new Stream(() => this.nextLine(), true);
    this.cooked = new Cooked({
      echo: (text) => this.show(text),
      line: (text) => this.give(text),
      end: () => this.give(''),
      interrupt: () => this.interrupt(),
    });
    const sink = sinkOf(terminal, count);
    this.output = {
      ...sink,
      isTerminal: true,
      write: (bytes, life) => {
        this.records.add(bytes);
        return sink.write(withReturns(bytes), life);
      },
    };
  }

  /** What came from the other side. */
  feed(bytes: Uint8Array): void {
    if (this.editing === undefined) this.cooked.feed(textOf(bytes));
    else this.edit(textOf(bytes));
  }

  /** Nobody is there any more. */
  hangUp(): void {
    this.isHungUp = true;
    this.input.end();
    this.editing?.done({ kind: 'end' });
    this.wanting?.('');
  }

  async readLine(shell: Shell, prompt: string): Promise<string | undefined> {
    this.cooked.hasEcho = true;
    if (shell.dialect.name === 'dash') return this.readCooked(shell, prompt);
    const ahead = this.takeAhead();
    const accepted = await shell.life
      .race(
        new Promise<Accepted>((done) => {
          const editor = new Editor({
            style: shell.dialect.isBash ? 'readline' : 'busybox',
            prompt,
            history: () => shell.history.lines(shell),
            isBracketed: shell.dialect.isBash && isCapable(shell),
            write: (text) => this.show(text.replace(/\r?\n/g, '\r\n')),
            complete: (before) => completionOf(shell, before),
          });
          this.editing = { editor, done };
          this.edit(ahead);
          if (this.isHungUp) this.editing?.done({ kind: 'end' });
        }),
      )
      .finally(() => {
        this.editing = undefined;
      });
    if (accepted.kind === 'interrupt') throw new Interrupted();
    return accepted.kind === 'line' ? accepted.text : undefined;
  }

  private async readCooked(shell: Shell, prompt: string): Promise<string | undefined> {
    this.show(prompt);
    const life = new Life(shell.life);
    this.asking = life;
    try {
      const bytes = await this.input.readLine(life);
      return bytes === undefined ? undefined : textOf(bytes).replace(/\n$/, '');
    } catch (error) {
      shell.life.check();
      if (error !== life.ended) throw error;
      this.show('\r\n');
      throw new Interrupted();
    } finally {
      this.asking = undefined;
      life.close();
    }
  }

  private interrupt(): void {
    (this.asking ?? this.lives.at(-1))?.end(interrupted);
  }

  running(life: Life): () => void {
    this.lives.push(life);
    return () => {
      this.lives.splice(this.lives.lastIndexOf(life), 1);
    };
  }

  begin(shell: Shell): LineRecord {
    return this.records.begin(shell);
  }

  setEcho(isOn: boolean): void {
    this.cooked.hasEcho = isOn;
  }

  private edit(text: string): void {
    for (let at = 0; at < text.length; ) {
      const { editing } = this;
      if (editing === undefined) return;
      const length = text.slice(at).search(/[\r\n\x03\x04]/) + 1 || text.length - at;
      const accepted = this.keys
        .feed(bytesOf(text.slice(at, at + length)))
        .map((key) => editing.editor.press(key))
        .find((each) => each !== undefined);
      at += length;
      if (accepted === undefined) continue;
      this.editing = undefined;
      // What ends a line may be two characters.
      const isPair = text.startsWith('\r\n', at - 1);
      this.held = text.slice(isPair ? at + 1 : at).slice(0, mostAhead);
      editing.done(accepted);
    }
  }

  /** What was typed before a shell asked. */
  private takeAhead(): string {
    const ahead = this.lines.join('') + this.cooked.takeRest() + this.held;
    this.lines = [];
    this.ahead = 0;
    this.held = '';
    const unread = this.input.take();
    return (unread === undefined ? '' : textOf(unread)) + ahead;
  }

  private give(line: string): void {
    const { wanting } = this;
    this.wanting = undefined;
    if (wanting !== undefined) wanting(line);
    else if (this.ahead < mostAhead) {
      this.ahead += line.length + 1;
      this.lines.push(line);
    }
  }

  /** For a program that reads. */
  private async nextLine(): Promise<Uint8Array | undefined> {
    if (this.held !== '') {
      const { held } = this;
      this.held = '';
      this.cooked.feed(held);
    }
    const line = this.lines.shift() ?? (await this.typedLine());
    this.ahead = Math.max(0, this.ahead - line.length - 1);
    return line === '' ? undefined : bytesOf(line);
  }

  private typedLine(): Promise<string> {
    return new Promise((give) => {
      this.wanting = give;
    });
  }

  private show(text: string): void {
    this.terminal.write(bytesOf(text)).catch(() => {});
  }
}

function isCapable({ variables }: Shell): boolean {
  const term = variables.get('TERM');
  return term !== undefined && term !== '' && term !== 'dumb';
}

/** ONLCR. */
function withReturns(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(0x0a)) return bytes;
  return Buffer.from(Buffer.from(bytes).toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}

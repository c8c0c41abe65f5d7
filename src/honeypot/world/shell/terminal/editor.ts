/**
 * Line editors: readline, as bash has it, and busybox's. The same keys, but each redraws in its own way, and what is
 * sent to a terminal tells one from the other.
 */
import { lastWord } from './cooked.ts';
import type { Key, Move } from './keys.ts';

export type Style = 'readline' | 'busybox';

export interface EditorSetting {
  readonly style: Style;
  readonly prompt: string;
  /** The oldest first. */
  history(): readonly string[];
  /** Whether the terminal is told of pasting (bash since 5.1, where TERM is none but dumb). */
  readonly isBracketed: boolean;
  write(text: string): void;
  /** What may stand in place of the word before the cursor. */
  complete(before: string): Completion;
}

export interface Completion {
  /** To be put behind what was typed. */
  readonly added: string;
  /** What it could be, where that is not decided. */
  readonly choices: readonly string[];
}

export type Accepted =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'end' | 'interrupt' };

/** Characters of a line. */
const longest = 16_384;

export class Editor {
  private readonly setting: EditorSetting;
  private text = '';
  private cursor = 0;
  /** In the history; undefined where it was not looked at. */
  private place: number | undefined;
  /** What was typed before the history was looked at. */
  private draft = '';
  private hasChoices = false;

  constructor(setting: EditorSetting) {
    this.setting = setting;
    const { style, prompt, isBracketed } = setting;
    setting.write(`${isBracketed ? '\x1b[?2004h' : ''}${prompt}${style === 'busybox' ? '\x1b[6n' : ''}`);
  }

  /** @returns how the line ended; undefined while it goes on */
  press(key: Key): Accepted | undefined {
    if (key.kind === 'text') this.insert(key.text);
    else if (key.kind === 'move') this.move(key.to);
    else return this.control(key.letter);
    return undefined;
  }

  private control(letter: string): Accepted | undefined {
    const isTab = letter === 'I';
    if (!isTab) this.hasChoices = false;
    switch (letter) {
      case 'M':
      case 'J':
        return this.accept();
      case 'C':
        return this.interrupt();
      case 'D':
        if (this.text !== '') this.deleteAt(this.cursor, 1);
        else {
          this.setting.write(this.setting.isBracketed ? '\x1b[?2004l\r' : '');
          return { kind: 'end' };
        }
        break;
      case 'H':
      case '?':
        if (this.cursor > 0) this.backspace();
        break;
      case 'I':
        this.completeWord();
        break;
      case 'U':
        this.replace(this.text.slice(this.cursor), 0);
        break;
      case 'W':
        this.cutWord();
        break;
      case 'K':
        this.text = this.text.slice(0, this.cursor);
        this.setting.write(this.clear);
        break;
      case 'L':
        this.setting.write(`\x1b[H\x1b[2J${this.setting.prompt}${this.text}`);
        this.cursor = this.text.length;
        break;
      default:
        this.move(
          ({ A: 'home', E: 'end', B: 'left', F: 'right', P: 'up', N: 'down' } as const)[letter] ?? 'ignored',
        );
    }
    return undefined;
  }

  private get clear(): string {
    return this.setting.style === 'readline' ? '\x1b[K' : '\x1b[J';
  }

  private accept(): Accepted {
    this.setting.write(this.setting.isBracketed ? '\r\n\x1b[?2004l\r' : '\r\n');
    return { kind: 'line', text: this.text };
  }

  private interrupt(): Accepted {
    this.setting.write(this.setting.isBracketed ? '^C\x1b[?2004l\r\x1b[?2004h\x1b[?2004l\r\r\n' : '^C\r\n');
    return { kind: 'interrupt' };
  }

  private insert(text: string): void {
    const added = text.slice(0, Math.max(0, longest - this.text.length));
    const rest = this.text.slice(this.cursor);
    this.text = this.text.slice(0, this.cursor) + added + rest;
    this.cursor += added.length;
    if (rest === '') this.setting.write(added);
    else if (this.setting.style === 'readline') this.setting.write(`\x1b[${added.length}@${added}`);
    else this.setting.write(added + rest + back(rest.length));
  }

  private backspace(): void {
    const isLast = this.cursor === this.text.length;
    const { style, write } = this.setting;
    if (!isLast) {
      this.step(-1);
      this.deleteAt(this.cursor, 1);
      return;
    }
    this.text = this.text.slice(0, -1);
    this.cursor -= 1;
    write(style === 'readline' ? '\b \b' : '\b\x1b[J');
  }

  private deleteAt(at: number, count: number): void {
    const rest = this.text.slice(at + count);
    if (at >= this.text.length) return;
    this.text = this.text.slice(0, at) + rest;
    if (this.setting.style === 'readline') this.setting.write(`\x1b[${count}P`);
    else this.setting.write(`${rest}\x1b[J${back(rest.length)}`);
  }

  private step(by: 1 | -1): void {
    this.setting.write(by < 0 ? '\b' : this.text.charAt(this.cursor));
    this.cursor += by;
  }

  /** Puts another text in the place of the line. */
  private replace(text: string, cursor = text.length): void {
    const { style, prompt, write } = this.setting;
    const shorter = text.length < this.text.length ? this.clear : '';
    if (style === 'busybox') write(`\r${prompt.slice(prompt.lastIndexOf('\n') + 1)}${text}\x1b[J`);
    else write(back(this.cursor) + text + shorter);
    write(back(text.length - cursor));
    this.text = text;
    this.cursor = cursor;
  }

  private cutWord(): void {
    const cut = lastWord(this.text.slice(0, this.cursor));
    if (cut === 0) return;
    if (this.cursor === this.text.length) {
      this.text = this.text.slice(0, -cut);
      this.cursor -= cut;
      this.setting.write(this.setting.style === 'readline' ? `${back(cut)}\x1b[K` : '\b\x1b[J'.repeat(cut));
      return;
    }
    const start = this.cursor - cut;
    this.replace(this.text.slice(0, start) + this.text.slice(this.cursor), start);
  }

  private move(to: Move): void {
    this.hasChoices = false;
    switch (to) {
      case 'left':
        if (this.cursor > 0) this.step(-1);
        break;
      case 'right':
        if (this.cursor < this.text.length) this.step(1);
        break;
      case 'home':
        this.setting.write(back(this.cursor));
        this.cursor = 0;
        break;
      case 'end':
        this.setting.write(this.text.slice(this.cursor));
        this.cursor = this.text.length;
        break;
      case 'delete':
        this.deleteAt(this.cursor, 1);
        break;
      case 'up':
        this.recall(-1);
        break;
      case 'down':
        this.recall(1);
        break;
      case 'ignored':
    }
  }

  private recall(by: 1 | -1): void {
    const history = this.setting.history();
    const before = this.place ?? history.length;
    const place = before + by;
    if (place < 0 || place > history.length) return;
    if (before === history.length) this.draft = this.text;
    this.place = place;
    this.replace(place === history.length ? this.draft : history[place]!.replaceAll('\n', '; '));
  }

  private completeWord(): void {
    const { added, choices } = this.setting.complete(this.text.slice(0, this.cursor));
    if (added !== '' && this.setting.style === 'busybox') {
      const { text, cursor } = this;
      this.replace(text.slice(0, cursor) + added + text.slice(cursor), cursor + added.length);
      return;
    }
    if (added !== '') {
      this.insert(added);
      return;
    }
    if (choices.length === 0 || !this.hasChoices) this.setting.write('\x07');
    else this.list(choices);
    this.hasChoices = choices.length > 0;
  }

  private list(choices: readonly string[]): void {
    const width = Math.max(...choices.map((choice) => choice.length)) + 2;
    const columns = Math.max(1, Math.floor(80 / width));
    const height = Math.ceil(choices.length / columns);
    const rows = Array.from({ length: height }, (_, row) =>
      choices
        .filter((_, index) => index % height === row)
        .map((choice) => choice.padEnd(width))
        .join('')
        .trimEnd(),
    );
    const { prompt, write } = this.setting;
    write(`\r\n${rows.join('\r\n')}\r\n${prompt}${this.text}${back(this.text.length - this.cursor)}`);
  }
}

function back(count: number): string {
  return '\b'.repeat(count);
}

/** Where expanded parts go: into fields, split by IFS and marked for globbing, or into one text. */
import { escaped } from './pattern.ts';

export interface Target {
  /** Text that stays as it is. */
  quoted(text: string): void;
  /** Unquoted text of the script: a pattern, but not split. */
  plain(text: string): void;
  /** What an unquoted expansion gave: split, and a pattern. */
  value(text: string): void;
  /** Between two of many values. */
  divide(): void;
  /** Whether `"$@"` stays apart in it. */
  readonly isSplit: boolean;
}

export interface Field {
  readonly text: string;
  /** As a pattern, where quotes have become backslashes; absent if no file name is meant. */
  readonly pattern?: string;
}

export class Fields implements Target {
  readonly isSplit = true;
  private readonly ifs: string;
  private readonly done: Field[] = [];
  private text = '';
  private pattern = '';
  private isOpen = false;
  private isMagic = false;
  /** The last field ended at white space, which a separator may still follow. */
  private isSpaced = false;

  constructor(ifs: string) {
    this.ifs = ifs;
  }

  quoted(text: string): void {
    this.isOpen = true;
    this.isSpaced = false;
    this.text += text;
    this.pattern += escaped(text);
  }

  plain(text: string): void {
    if (text === '') return;
    this.isOpen = true;
    this.isSpaced = false;
    this.text += text;
    this.pattern += text;
    this.isMagic ||= /[*?[(]/.test(text);
  }

  value(text: string): void {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text.charAt(at);
      if (!this.ifs.includes(char)) continue;
      this.plain(text.slice(from, at));
      from = at + 1;
      const isSpace = char === ' ' || char === '\t' || char === '\n';
      if (this.isOpen) {
        this.divide();
        this.isSpaced = isSpace;
      } else if (!isSpace) {
        if (!this.isSpaced) this.done.push({ text: '' });
        this.isSpaced = false;
      }
    }
    this.plain(text.slice(from));
  }

  divide(): void {
    if (this.isOpen) {
      const field = { text: this.text };
      this.done.push(this.isMagic ? { ...field, pattern: this.pattern } : field);
    }
    this.text = '';
    this.pattern = '';
    this.isOpen = false;
    this.isMagic = false;
    this.isSpaced = false;
  }

  finish(): Field[] {
    this.divide();
    return this.done;
  }
}

/** One text. What was quoted may be marked, for what reads it next. */
export class Text implements Target {
  readonly isSplit = false;
  private readonly mark: (quoted: string) => string;
  text = '';

  constructor(mark: (quoted: string) => string = (text) => text) {
    this.mark = mark;
  }

  quoted(text: string): void {
    this.text += this.mark(text);
  }

  plain(text: string): void {
    this.text += text;
  }

  value(text: string): void {
    this.text += text;
  }

  divide(): void {
    this.text += ' ';
  }
}

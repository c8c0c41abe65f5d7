/** Collects the parts of a word; text of one kind that follows itself becomes one part. */
import type { Part, Word } from './syntax.ts';

export class PartList {
  private readonly parts: Part[] = [];
  private pending = '';
  private isQuoted = false;

  text(text: string, quoted: boolean): void {
    if (quoted !== this.isQuoted) this.flush();
    this.isQuoted = quoted;
    this.pending += text;
  }

  add(part: Part): void {
    this.flush();
    this.parts.push(part);
  }

  /** Quotes around nothing make a word as well. */
  emptyQuotes(): void {
    this.add({ kind: 'text', text: '', quoted: true });
  }

  get isEmpty(): boolean {
    return this.parts.length === 0 && this.pending === '';
  }

  /** What it says so far, if all of it is plain text. */
  get plain(): string | undefined {
    return this.parts.length === 0 && !this.isQuoted ? this.pending : undefined;
  }

  finish(): Word {
    this.flush();
    return this.parts;
  }

  private flush(): void {
    if (this.pending !== '') this.parts.push({ kind: 'text', text: this.pending, quoted: this.isQuoted });
    this.pending = '';
  }
}

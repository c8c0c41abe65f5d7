/**
 * A place in a script, and what the lexer knows there. Nesting and the number of tokens are bounded: a parser recurses
 * and may have to try a piece in two ways, and the script is hostile.
 */
import type { Dialect } from '../dialect.ts';
import { type Fault, SyntaxFault } from './fault.ts';
import type { Assignment, HereDocument, Word } from './syntax.ts';

export type Token = { readonly start: number; readonly end: number } & (
  | WordToken
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'redirection'; readonly text: string; readonly fd?: number; readonly variable?: string }
  | { readonly kind: 'newline' }
  | { readonly kind: 'end' }
);

export interface WordToken {
  readonly kind: 'word';
  readonly word: Word;
  /** What it says, where nothing of it is quoted or expanded: it may be a keyword. */
  readonly literal?: string;
  readonly assignment?: Assignment;
}

export interface ParserOptions {
  readonly dialect: Dialect;
  /** `shopt -s extglob`. */
  readonly extglob?: boolean;
  readonly aliases?: ReadonlyMap<string, string>;
  /** More lines may follow: what is not whole yet is a fault, also a here-document. */
  readonly isPartial?: boolean;
}

const deepest = 60;
/** Of one command with all that is in it: the parser cannot let others run meanwhile. */
const mostTokens = 25_000;

export class Cursor {
  readonly options: ParserOptions;
  /** Grows where an alias stands. */
  source: string;
  at: number;
  /** Read ahead by one. */
  peeked: Token | undefined;
  /** Here-documents whose text is still to come. */
  documents: HereDocument[] = [];
  /** Here-documents that the end cut short: line of the operator, and the delimiter that is missing. */
  readonly unclosed: { readonly line: number; readonly delimiter: string }[] = [];
  /** Aliases being expanded, each up to where its text ends. */
  aliases: { readonly name: string; end: number }[] = [];
  private readonly failures = new Set<string>();
  private depth = 0;
  private tokens = 0;
  private lineFrom: number;
  private lineThere: number;

  /** @param line number of the line at `at` */
  constructor(source: string, options: ParserOptions, { at = 0, line = 1 } = {}) {
    this.source = source;
    this.options = options;
    this.at = at;
    this.lineFrom = at;
    this.lineThere = line;
  }

  get dialect(): Dialect {
    return this.options.dialect;
  }

  /** The character that comes, or another behind it; empty at the end. */
  peek(ahead = 0): string {
    return this.source.charAt(this.at + ahead);
  }

  takes(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** For text that stands inside of this one, and counts as deeper. */
  inner(source: string, line: number): Cursor {
    const cursor = new Cursor(source, this.options, { line });
    cursor.depth = this.depth;
    return cursor;
  }

  lineOf(place: number): number {
    const step = place < this.lineFrom ? -1 : 1;
    const [from, to] = step < 0 ? [place, this.lineFrom] : [this.lineFrom, place];
    for (let at = from; at < to; at++) if (this.source.charCodeAt(at) === 0x0a) this.lineThere += step;
    this.lineFrom = place;
    return this.lineThere;
  }

  get line(): number {
    return this.lineOf(this.at);
  }

  fail(fault: Fault, place = this.at): never {
    const { source } = this;
    const start = place === 0 ? 0 : source.lastIndexOf('\n', place - 1) + 1;
    const end = source.indexOf('\n', place);
    const text = source.slice(start, end < 0 ? undefined : end);
    throw new SyntaxFault(fault, this.lineOf(Math.min(place, source.length)), text);
  }

  /** Puts a text in the place of what stands from `start` to `end`, and goes back to it. */
  substitute(start: number, end: number, text: string): void {
    this.source = this.source.slice(0, start) + text + this.source.slice(end);
    this.at = start;
    this.peeked = undefined;
    this.failures.clear();
  }

  countToken(): void {
    this.tokens += 1;
    if (this.tokens > mostTokens) this.fail({ kind: 'depth' });
  }

  /** One level deeper into the grammar. */
  nested<T>(parse: () => T): T {
    this.depth += 1;
    if (this.depth > deepest) this.fail({ kind: 'depth' });
    const result = parse();
    this.depth -= 1;
    return result;
  }

  /**
   * Parses in one way, and if that fails goes back for the other. What failed at a place is not tried there again:
   * nested attempts would double with each level.
   */
  attempt<T>(kind: 'arithmetic' | 'assignment' | 'key', parse: () => T | undefined): T | undefined {
    const attempt = `${kind} ${this.at}`;
    if (this.failures.has(attempt)) return undefined;
    const { at, depth, aliases, source } = this;
    const documents = [...this.documents];
    try {
      const result = parse();
      if (result !== undefined) return result;
    } catch (error) {
      if (!(error instanceof SyntaxFault) || error.fault.kind === 'depth') throw error;
    }
    this.failures.add(attempt);
    this.peeked = undefined;
    Object.assign(this, { at, depth, documents, aliases, source });
    return undefined;
  }
}

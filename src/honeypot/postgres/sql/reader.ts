/** Goes through the words of a query, and complains as PostgreSQL's parser does. */
import { failures, type PgError } from '../failure.ts';
import type { Name } from './ast.ts';
import { type Token, tokens } from './tokens.ts';

/** Expressions and queries in each other; max_stack_depth allows some thousands. */
export const maxDepth = 150;

/** Words that are no names unless they stand in quotes (kwlist.h, RESERVED_KEYWORD). */
export const reserved: ReadonlySet<string> = new Set(
  'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user some symmetric table then to trailing true union unique user using variadic when where window with'.split(
    ' ',
  ),
);

/** Words that are functions or types, but no columns or tables (TYPE_FUNC_NAME_KEYWORD). */
const functionNames: ReadonlySet<string> = new Set(
  'authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural notnull outer overlaps right similar tablesample verbose'.split(
    ' ',
  ),
);

export class Reader {
  readonly source: string;
  private readonly all: readonly Token[];
  private at = 0;
  private depth = 0;
  /** Lines that begin before the last place that was asked for, and where the last of them does. */
  private lines = { count: 1, begin: 0 };

  /** @throws PgError for what is no word */
  constructor(source: string) {
    this.source = source;
    this.all = tokens(source);
  }

  get token(): Token {
    return this.all[this.at]!;
  }

  ahead(count = 1): Token {
    return this.all[Math.min(this.at + count, this.all.length - 1)]!;
  }

  next(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  get position(): number {
    return this.token.position;
  }

  /** From 1. */
  get line(): number {
    for (;;) {
      const end = this.source.indexOf('\n', this.lines.begin);
      if (end < 0 || end >= this.position) return this.lines.count;
      this.lines = { count: this.lines.count + 1, begin: end + 1 };
    }
  }

  /** Whether words or signs come here, one after another. */
  is(...texts: string[]): boolean {
    return texts.every((text, index) => {
      const { kind, text: found } = this.ahead(index);
      return found === text && (kind === 'name' || kind === 'symbol' || kind === 'operator');
    });
  }

  accept(...texts: string[]): boolean {
    if (!this.is(...texts)) return false;
    this.at += texts.length;
    return true;
  }

  expect(...texts: string[]): void {
    for (const text of texts) if (!this.accept(text)) throw this.unexpected();
  }

  unexpected(): PgError {
    return failures.syntax(this.token.source, this.position);
  }

  /** A name of a table, a column, a role. */
  name(): string {
    const { kind, text } = this.token;
    const isName =
      kind === 'identifier' || (kind === 'name' && !reserved.has(text) && !functionNames.has(text));
    if (!isName) throw this.unexpected();
    this.at += 1;
    return text;
  }

  /** Also words that are reserved elsewhere: behind AS, or a point. */
  anyName(): string {
    const { kind, text } = this.token;
    if (kind !== 'identifier' && kind !== 'name') throw this.unexpected();
    this.at += 1;
    return text;
  }

  names(): string[] {
    const names = [this.name()];
    while (this.accept('.')) names.push(this.anyName());
    return names;
  }

  qualifiedName(): Name {
    const { position } = this;
    return { names: this.names(), position };
  }

  /** What was read since that place. */
  since(position: number): string {
    return this.source.slice(position - 1, this.position - 1).trim();
  }

  get isOver(): boolean {
    return this.token.kind === 'end';
  }

  /** A text, and where it begins in the query; undefined where it is not written as it reads. */
  literal(): { readonly text: string; readonly position: number | undefined } {
    const { kind, text, source, position } = this.token;
    if (kind !== 'string') throw this.unexpected();
    this.next();
    const at = source.indexOf(text);
    return { text, position: at < 0 ? undefined : position + at };
  }

  string(): string {
    if (this.token.kind !== 'string') throw this.unexpected();
    return this.next().text;
  }

  list<T>(read: () => T): T[] {
    const items = [read()];
    while (this.accept(',')) items.push(read());
    return items;
  }

  nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > maxDepth) throw failures.tooDeep();
    const result = read();
    this.depth -= 1;
    return result;
  }
}

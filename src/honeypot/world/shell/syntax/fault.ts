/** What is wrong with a script, for the dialects to word. */
export type Fault =
  /** A token where none or another may stand. */
  | {
      readonly kind: 'unexpected';
      readonly token: string;
      readonly is: TokenClass;
      readonly expected?: string;
    }
  /** The end, where a command goes on. */
  | { readonly kind: 'end'; readonly expected?: string }
  /** The end inside of quotes or an expansion. */
  | { readonly kind: 'unterminated'; readonly closing: '"' | "'" | '`' | ')' | '))' | '}' }
  | { readonly kind: 'loop variable' }
  | { readonly kind: 'function name' }
  | { readonly kind: 'substitution' }
  /** Between `[[` and `]]`. */
  | { readonly kind: 'condition' }
  /** More nesting than a parser's stack takes. */
  | { readonly kind: 'depth' };

export type TokenClass = 'word' | 'sign' | 'redirection' | 'newline';

export class SyntaxFault extends Error {
  readonly fault: Fault;
  readonly line: number;
  /** All of that line. */
  readonly text: string;

  constructor(fault: Fault, line: number, text: string) {
    super(fault.kind);
    this.fault = fault;
    this.line = line;
    this.text = text;
  }

  /** Whether more lines could mend it. */
  get isIncomplete(): boolean {
    return this.fault.kind === 'end' || this.fault.kind === 'unterminated';
  }
}

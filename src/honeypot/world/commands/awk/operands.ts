/** Operands of awk's expressions: what stands between operators. */
import { posixRegex, type Regex, RegexFault } from '../regex.ts';
import { Scanner } from './scanner.ts';
import { AwkFault, type Expression, type Target } from './syntax.ts';

export abstract class Operands {
  protected readonly scanner: Scanner;
  /** In the list of print, `>` is a redirection and `|` a pipe. */
  protected isInPrint = false;

  constructor(source: string) {
    this.scanner = new Scanner(source);
  }

  protected abstract expression(): Expression;
  protected abstract unary(): Expression;

  protected is(text: string): boolean {
    const { token } = this.scanner;
    return token.text === text && (token.kind === 'operator' || token.kind === 'keyword');
  }

  protected accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.scanner.advance();
    return true;
  }

  protected expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected();
  }

  protected unexpected(): AwkFault {
    const { token, line } = this.scanner;
    const near =
      token.kind === 'end' ? 'end of file' : token.kind === 'string' ? `"${token.text}"` : token.text;
    return new AwkFault(`line ${line}: syntax error at or near ${near}`);
  }

  protected skipNewlines(): void {
    while (this.scanner.token.kind === 'newline') this.scanner.advance();
  }

  protected keys(): Expression[] {
    const keys: Expression[] = [];
    do {
      this.skipNewlines();
      keys.push(this.freely(() => this.expression()));
    } while (this.accept(','));
    this.expect(']');
    return keys;
  }

  protected freely<T>(make: () => T): T {
    const before = this.isInPrint;
    this.isInPrint = false;
    const made = make();
    this.isInPrint = before;
    return made;
  }

  protected postfix(): Expression {
    const one = this.primary();
    const target = assignable(one);
    if (target === undefined || one !== target) return one;
    if (this.accept('++')) return { kind: 'increment', target, by: 1, isBefore: false };
    if (this.accept('--')) return { kind: 'increment', target, by: -1, isBefore: false };
    return one;
  }

  private primary(): Expression {
    const { token } = this.scanner;
    switch (token.kind) {
      case 'number':
        this.scanner.advance();
        return { kind: 'number', value: Number(token.text) };
      case 'string':
        this.scanner.advance();
        return { kind: 'string', value: token.text };
      case 'name':
        this.scanner.advance();
        if (this.accept('[')) return { kind: 'element', name: token.text, keys: this.keys() };
        return { kind: 'variable', name: token.text };
      case 'call':
        this.scanner.advance();
        return { kind: 'call', name: token.text, args: this.args(), isBuiltin: false };
      case 'builtin':
        this.scanner.advance();
        if (token.text === 'length' && !this.is('('))
          return { kind: 'call', name: 'length', args: [], isBuiltin: true };
        return { kind: 'call', name: token.text, args: this.args(), isBuiltin: true };
      case 'keyword':
        if (token.text === 'getline') return this.getline();
        throw this.unexpected();
      case 'operator':
        return this.operatorPrimary(token.text);
      default:
        throw this.unexpected();
    }
  }

  private operatorPrimary(text: string): Expression {
    switch (text) {
      case '/':
      case '/=':
        return { kind: 'regex', regex: this.regex(this.scanner.regex()) };
      case '$':
        this.scanner.advance();
        return { kind: 'field', index: this.fieldIndex() };
      case '++':
      case '--': {
        this.scanner.advance();
        if (this.scanner.token.kind !== 'name' && !this.is('$')) throw this.unexpected();
        const target = assignable(this.primary())!;
        return { kind: 'increment', target, by: text === '++' ? 1 : -1, isBefore: true };
      }
      case '(': {
        this.scanner.advance();
        const list = this.freely(() => {
          const inside: Expression[] = [];
          do {
            this.skipNewlines();
            inside.push(this.expression());
            this.skipNewlines();
          } while (this.accept(','));
          return inside;
        });
        this.expect(')');
        return { kind: 'group', list };
      }
      default:
        throw this.unexpected();
    }
  }

  private fieldIndex(): Expression {
    if (this.is('++') || this.is('--')) return this.primary();
    if (this.is('-') || this.is('+') || this.is('!')) return this.unary();
    return this.primary();
  }

  private getline(): Expression {
    this.scanner.advance();
    const target = this.optionalTarget();
    if (!this.accept('<')) return { kind: 'getline', target, source: undefined };
    return { kind: 'getline', target, source: { kind: 'file', name: this.primary() } };
  }

  protected optionalTarget(): Target | undefined {
    const { token } = this.scanner;
    if (token.kind !== 'name' && !this.is('$')) return undefined;
    return assignable(this.primary());
  }

  private args(): Expression[] {
    this.expect('(');
    const args: Expression[] = [];
    this.skipNewlines();
    this.freely(() => {
      while (!this.is(')')) {
        args.push(this.expression());
        this.skipNewlines();
        if (!this.is(')')) this.expect(',');
        this.skipNewlines();
      }
    });
    this.expect(')');
    return args;
  }

  private regex(source: string): Regex {
    try {
      return posixRegex(source, { isExtended: true, ignoresCase: false });
    } catch (error) {
      if (error instanceof RegexFault)
        throw new AwkFault(
          `line ${this.scanner.line}: regular expression compile failed (${error.message})\n${source}`,
        );
      throw error;
    }
  }
}

/** The last operand of what was read so far, if something can be assigned to it: `!x = y` assigns to x. */
export function assignable(expression: Expression): Target | undefined {
  switch (expression.kind) {
    case 'variable':
    case 'field':
    case 'element':
      return expression;
    case 'unary':
      return assignable(expression.one);
    case 'binary':
      return expression.operator === '&&' || expression.operator === '||'
        ? assignable(expression.right)
        : undefined;
    default:
      return undefined;
  }
}

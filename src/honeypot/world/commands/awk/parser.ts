/** Programs of awk: rules, functions and statements. Expressions are in `expressions.ts`. */
import { Expressions } from './expressions.ts';
import type { AwkFunction, AwkProgram, Rule, Statement } from './syntax.ts';

/** Blocks in each other. */
const deepest = 100;

/** @throws AwkFault */
export function parseAwk(source: string): AwkProgram {
  return new Parser(source).program();
}

class Parser extends Expressions {
  private depth = 0;

  program(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, AwkFunction>();
    this.skipEnds();
    while (this.scanner.token.kind !== 'end') {
      if (this.accept('function')) {
        const made = this.function();
        functions.set(made.name, made);
      } else rules.push(this.rule());
      this.skipEnds();
    }
    return { rules, functions };
  }

  private function(): AwkFunction {
    const { token } = this.scanner;
    if (token.kind !== 'name' && token.kind !== 'call') throw this.unexpected();
    this.scanner.advance();
    this.expect('(');
    const parameters: string[] = [];
    while (!this.accept(')')) {
      if (this.scanner.token.kind !== 'name') throw this.unexpected();
      parameters.push(this.scanner.advance().text);
      if (!this.is(')')) this.expect(',');
      this.skipNewlines();
    }
    this.skipNewlines();
    return { name: token.text, parameters, body: this.block() };
  }

  private rule(): Rule {
    if (this.accept('BEGIN')) return { pattern: { kind: 'begin' }, action: this.block() };
    if (this.accept('END')) return { pattern: { kind: 'end' }, action: this.block() };
    if (this.is('{')) return { pattern: { kind: 'always' }, action: this.block() };
    const first = this.expression();
    if (!this.accept(',')) return { pattern: { kind: 'test', test: first }, action: this.action() };
    this.skipNewlines();
    const last = this.expression();
    return { pattern: { kind: 'range', first, last }, action: this.action() };
  }

  private action(): Statement | undefined {
    return this.is('{') ? this.block() : undefined;
  }

  private block(): Statement {
    this.expect('{');
    this.depth += 1;
    if (this.depth > deepest) throw this.unexpected();
    const list: Statement[] = [];
    this.skipEnds();
    while (!this.accept('}')) {
      list.push(this.statement());
      this.skipEnds();
    }
    this.depth -= 1;
    return { kind: 'block', list };
  }

  private skipEnds(): void {
    while (this.scanner.token.kind === 'newline' || this.is(';')) this.scanner.advance();
  }

  /** The body of if and of loops: also a lone semicolon. */
  private body(): Statement {
    this.skipNewlines();
    if (this.accept(';')) return { kind: 'block', list: [] };
    return this.statement();
  }

  private statement(): Statement {
    if (this.is('{')) return this.block();
    const { token } = this.scanner;
    if (token.kind === 'keyword') {
      switch (token.text) {
        case 'if':
          return this.if();
        case 'while': {
          this.scanner.advance();
          const test = this.parenthesised();
          if (this.accept(';')) return { kind: 'while', test, body: { kind: 'block', list: [] } };
          return { kind: 'while', test, body: this.body() };
        }
        case 'do':
          return this.do();
        case 'for':
          return this.for();
        default:
      }
    }
    const simple = this.simple();
    this.end();
    return simple;
  }

  private end(): void {
    const { token } = this.scanner;
    if (token.kind === 'newline' || this.is(';')) this.scanner.advance();
    else if (!this.is('}') && token.kind !== 'end') throw this.unexpected();
  }

  private parenthesised() {
    this.expect('(');
    this.skipNewlines();
    const test = this.expression();
    this.skipNewlines();
    this.expect(')');
    return test;
  }

  private if(): Statement {
    this.scanner.advance();
    const test = this.parenthesised();
    const yes = this.body();
    // `else` may follow on another line, or behind a semicolon.
    this.skipEnds();
    if (!this.accept('else')) return { kind: 'if', test, yes, no: undefined };
    return { kind: 'if', test, yes, no: this.body() };
  }

  private do(): Statement {
    this.scanner.advance();
    const body = this.body();
    this.skipEnds();
    this.expect('while');
    const test = this.parenthesised();
    this.end();
    return { kind: 'do', body, test };
  }

  private for(): Statement {
    this.scanner.advance();
    this.expect('(');
    let first: Statement | undefined;
    if (!this.is(';')) {
      first = this.simple();
      const { value } = first as { readonly value?: { readonly kind: string } };
      if (this.is(')') && value?.kind === 'in') return this.each(first);
    }
    this.expect(';');
    this.skipNewlines();
    const test = this.is(';') ? undefined : this.expression();
    this.expect(';');
    this.skipNewlines();
    const step = this.is(')') ? undefined : this.simple();
    this.expect(')');
    return { kind: 'for', first, test, step, body: this.body() };
  }

  private each(head: Statement): Statement {
    this.expect(')');
    const { value } = head as Extract<Statement, { readonly kind: 'expression' }>;
    if (value.kind !== 'in' || value.keys[0]?.kind !== 'variable') throw this.unexpected();
    return { kind: 'each', variable: value.keys[0].name, array: value.name, body: this.body() };
  }

  private simple(): Statement {
    const { token } = this.scanner;
    if (token.kind !== 'keyword') return { kind: 'expression', value: this.expression() };
    switch (token.text) {
      case 'print':
      case 'printf':
        return this.print(token.text);
      case 'next':
      case 'nextfile':
      case 'break':
      case 'continue':
        this.scanner.advance();
        return { kind: token.text };
      case 'exit':
      case 'return': {
        this.scanner.advance();
        const isBare =
          this.scanner.token.kind === 'newline' ||
          this.scanner.token.kind === 'end' ||
          this.is(';') ||
          this.is('}');
        return { kind: token.text, value: isBare ? undefined : this.expression() };
      }
      case 'delete': {
        this.scanner.advance();
        const name = this.scanner.advance().text;
        return { kind: 'delete', name, keys: this.accept('[') ? this.keys() : undefined };
      }
      default:
        return { kind: 'expression', value: this.expression() };
    }
  }

  private print(kind: 'print' | 'printf'): Statement {
    this.scanner.advance();
    const list = this.printList();
    const [only] = list;
    // `print (a, b)` has a group for its list.
    const args = list.length === 1 && only?.kind === 'group' ? only.list : list;
    for (const operator of ['>>', '>', '|'] as const)
      if (this.accept(operator))
        return {
          kind,
          args,
          output: { operator, name: this.withoutRedirection(() => this.concatenation()) },
        };
    return { kind, args, output: undefined };
  }
}

/** Expressions of awk, from the weakest operator to the strongest (POSIX, awk, "Expressions in Decreasing Precedence"). */
import { assignable, Operands } from './operands.ts';
import type { Expression, Target } from './syntax.ts';

/** Parentheses in each other. */
const deepest = 200;

const assignments = ['=', '+=', '-=', '*=', '/=', '%=', '^='];
const comparisons = ['<', '<=', '==', '!=', '>', '>='];

export class Expressions extends Operands {
  private nested = 0;

  protected expression(): Expression {
    this.nested += 1;
    if (this.nested > deepest) throw this.unexpected();
    const made = this.choice();
    this.nested -= 1;
    return made;
  }

  protected withoutRedirection(make: () => Expression): Expression {
    const before = this.isInPrint;
    this.isInPrint = true;
    const made = make();
    this.isInPrint = before;
    return made;
  }

  protected printList(): Expression[] {
    const { token } = this.scanner;
    if (
      token.kind === 'newline' ||
      token.kind === 'end' ||
      [';', '}', '>', '>>', '|'].some((end) => this.is(end))
    )
      return [];
    const list: Expression[] = [];
    do {
      this.skipNewlines();
      list.push(this.withoutRedirection(() => this.expression()));
    } while (this.accept(','));
    return list;
  }

  private choice(): Expression {
    const test = this.or();
    if (this.accept('?')) {
      this.skipNewlines();
      const yes = this.expression();
      this.skipNewlines();
      this.expect(':');
      this.skipNewlines();
      return { kind: 'choice', test, yes, no: this.expression() };
    }
    const { token } = this.scanner;
    if (token.kind !== 'operator' || !assignments.includes(token.text)) return test;
    const target = assignable(test);
    if (target === undefined) throw this.unexpected();
    this.scanner.advance();
    this.skipNewlines();
    const value = this.expression();
    return rebuilt(test, target, token.text, value);
  }

  private or(): Expression {
    let left = this.and();
    while (this.accept('||')) {
      this.skipNewlines();
      left = { kind: 'binary', operator: '||', left, right: this.and() };
    }
    return left;
  }

  private and(): Expression {
    let left = this.membership();
    while (this.accept('&&')) {
      this.skipNewlines();
      left = { kind: 'binary', operator: '&&', left, right: this.membership() };
    }
    return left;
  }

  private membership(): Expression {
    let left = this.match();
    while (this.accept('in')) {
      const { token } = this.scanner;
      if (token.kind !== 'name') throw this.unexpected();
      this.scanner.advance();
      left = { kind: 'in', keys: left.kind === 'group' ? left.list : [left], name: token.text };
    }
    return left;
  }

  private match(): Expression {
    let text = this.comparison();
    for (;;) {
      const isNegated = this.is('!~');
      if (!isNegated && !this.is('~')) return text;
      this.scanner.advance();
      text = { kind: 'match', isNegated, text, pattern: this.comparison() };
    }
  }

  private comparison(): Expression {
    const left = this.concatenation();
    const { token } = this.scanner;
    if (
      token.kind !== 'operator' ||
      !comparisons.includes(token.text) ||
      (this.isInPrint && token.text === '>')
    )
      return left;
    this.scanner.advance();
    return { kind: 'binary', operator: token.text, left, right: this.concatenation() };
  }

  protected concatenation(): Expression {
    let left = this.sum();
    while (this.beginsOperand()) left = { kind: 'binary', operator: ' ', left, right: this.sum() };
    // `cmd | getline` binds as loosely.
    while (!this.isInPrint && this.is('|')) {
      this.scanner.advance();
      if (!this.accept('getline')) throw this.unexpected();
      left = { kind: 'getline', target: this.optionalTarget(), source: { kind: 'command', name: left } };
    }
    return left;
  }

  private beginsOperand(): boolean {
    const { token } = this.scanner;
    switch (token.kind) {
      case 'number':
      case 'string':
      case 'name':
      case 'call':
      case 'builtin':
        return true;
      case 'operator':
        return ['$', '!', '(', '-', '+', '++', '--'].includes(token.text);
      default:
        return false;
    }
  }

  private sum(): Expression {
    let left = this.product();
    while (this.is('+') || this.is('-')) {
      const operator = this.scanner.advance().text;
      left = { kind: 'binary', operator, left, right: this.product() };
    }
    return left;
  }

  private product(): Expression {
    let left = this.unary();
    while (this.is('*') || this.is('/') || this.is('%')) {
      const operator = this.scanner.advance().text;
      left = { kind: 'binary', operator, left, right: this.unary() };
    }
    return left;
  }

  protected unary(): Expression {
    const { token } = this.scanner;
    if (token.kind === 'operator' && (token.text === '!' || token.text === '-' || token.text === '+')) {
      this.scanner.advance();
      return { kind: 'unary', operator: token.text, one: this.unary() };
    }
    return this.power();
  }

  private power(): Expression {
    const left = this.postfix();
    if (!this.accept('^')) return left;
    return { kind: 'binary', operator: '^', left, right: this.unary() };
  }
}

/** Puts the assignment in the place of its target. */
function rebuilt(expression: Expression, target: Target, operator: string, value: Expression): Expression {
  if (expression === target) return { kind: 'assign', operator, target, value };
  if (expression.kind === 'unary')
    return { ...expression, one: rebuilt(expression.one, target, operator, value) };
  if (expression.kind === 'binary')
    return { ...expression, right: rebuilt(expression.right, target, operator, value) };
  return expression;
}

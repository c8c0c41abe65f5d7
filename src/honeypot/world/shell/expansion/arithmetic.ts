/** Arithmetic of the shells: C's operators on 64 bits that wrap, evaluated while it is read. */
import type { Dialect } from '../dialect.ts';
import { Failure } from '../failure.ts';
import { operators, readToken, type Token } from './arithmetic-token.ts';

/** What it reads and changes. */
export interface Scope {
  readonly dialect: Dialect;
  /** Its text, undefined where it is not set. @throws Failure where that must not be */
  value(name: string, index: string | undefined): string | undefined;
  assign(name: string, index: string | undefined, value: string): void;
  /** Whether what is between the brackets is a key and no expression. */
  isKeyed(name: string): boolean;
}

/** Of parentheses, and of variables that name variables; and how often variables may be read altogether. */
const deepest = 60;
const mostReads = 2000;
const longest = 65_536;

interface Nesting {
  depth: number;
  reads: number;
}

/** @throws Failure */
export function evaluate(text: string, scope: Scope): bigint {
  return new Evaluation(text, scope, { depth: 0, reads: 0 }).result();
}

/** From loose to tight; all of a level go from left to right. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const assignments = ['=', '*=', '/=', '%=', '+=', '-=', '<<=', '>>=', '&=', '^=', '|='];
class Evaluation {
  private readonly text: string;
  private readonly scope: Scope;
  private readonly nesting: Nesting;
  private at = 0;
  private token: Token = { kind: 'end', text: '', at: 0, end: 0 };
  /** Where the last token began that was not the end; bash shows it from there. */
  private shownFrom = 0;
  /** Inside of what is not evaluated: the other side of `?:`, behind `0 &&`. */
  private skipped = 0;

  constructor(text: string, scope: Scope, nesting: Nesting) {
    this.text = text;
    this.scope = scope;
    this.nesting = nesting;
  }

  result(): bigint {
    if (this.text.length > longest) this.tooDeep();
    this.next();
    if (this.isAtEnd()) {
      if (this.scope.dialect.name === 'dash') this.operandExpected();
      return 0n;
    }
    const value = this.comma();
    if (this.isAssignment()) this.syntaxError('attempted assignment to non-variable');
    if (!this.isAtEnd()) this.syntaxError();
    return value;
  }

  private comma(): bigint {
    let value = this.assignment();
    while (this.isOperator(',') && this.scope.dialect.isExtended) {
      this.next();
      value = this.assignment();
    }
    return value;
  }

  private assignment(): bigint {
    const target = this.token;
    return this.deeper(() => (target.kind === 'name' ? this.assignmentTo(target) : this.conditional()));
  }

  private assignmentTo(target: Token & { kind: 'name' }): bigint {
    const before = { at: this.at, shownFrom: this.shownFrom };
    this.next();
    const operator = this.token.text;
    if (!this.isAssignment()) {
      this.at = before.at;
      this.shownFrom = before.shownFrom;
      this.token = target;
      return this.conditional();
    }
    this.next();
    const right = this.assignment();
    const value = operator === '=' ? right : this.apply(operator.slice(0, -1), this.valueOf(target), right);
    return this.store(target, value);
  }

  private conditional(): bigint {
    const condition = this.binary(0);
    if (!this.isOperator('?')) return condition;
    this.next();
    const first = this.skippedUnless(condition !== 0n, () => this.comma());
    if (!this.isOperator(':')) this.syntaxError("`:' expected for conditional expression", "expecting ':'");
    this.next();
    const second = this.skippedUnless(condition === 0n, () => this.assignment());
    return condition !== 0n ? first : second;
  }

  private binary(level: number): bigint {
    const known = levels[level];
    if (known === undefined) return this.power();
    let left = this.binary(level + 1);
    while (this.token.kind === 'operator' && known.includes(this.token.text)) {
      const operator = this.token.text;
      this.next();
      const isDecided = operator === '&&' ? left === 0n : operator === '||' && left !== 0n;
      const right = this.skippedUnless(!isDecided, () => this.binary(level + 1));
      left = this.apply(operator, left, right);
    }
    return left;
  }

  private power(): bigint {
    const base = this.unary();
    if (!this.isOperator('**') || !this.scope.dialect.isExtended) return base;
    this.next();
    const exponent = this.power();
    if (exponent < 0n) this.fail('exponent less than 0', 'exponent less than 0');
    let value = 1n;
    let square = base;
    for (let left = exponent; left > 0n; left >>= 1n) {
      if (left & 1n) value = BigInt.asIntN(64, value * square);
      square = BigInt.asIntN(64, square * square);
    }
    return value;
  }

  private unary(): bigint {
    return this.deeper(() => this.prefix());
  }

  private prefix(): bigint {
    const { token } = this;
    if (token.kind !== 'operator') return this.postfix();
    switch (token.text) {
      case '!':
        this.next();
        return this.unary() === 0n ? 1n : 0n;
      case '~':
        this.next();
        return ~this.unary();
      case '-':
        this.next();
        return BigInt.asIntN(64, -this.unary());
      case '+':
        this.next();
        return this.unary();
      case '++':
      case '--':
        return this.preStep(token.text);
      default:
        return this.postfix();
    }
  }

  /** Before anything but a name they are two signs. */
  private preStep(sign: '++' | '--'): bigint {
    this.next();
    const target = this.token;
    if (target.kind !== 'name' || !this.scope.dialect.isExtended) {
      if (!this.scope.dialect.isExtended) this.operandExpected();
      return this.unary();
    }
    this.next();
    return this.store(target, this.valueOf(target) + (sign === '++' ? 1n : -1n));
  }

  private postfix(): bigint {
    const { token } = this;
    if (token.kind === 'number') {
      this.next();
      return this.numberOf(token.text);
    }
    if (token.kind === 'name') {
      this.next();
      const value = this.valueOf(token);
      if (!this.isOperator('++') && !this.isOperator('--')) return value;
      if (!this.scope.dialect.isExtended) {
        this.next();
        this.operandExpected();
      }
      this.store(token, value + (this.isOperator('++') ? 1n : -1n));
      this.next();
      return value;
    }
    if (!this.isOperator('(')) this.operandExpected();
    this.next();
    const value = this.comma();
    if (!this.isOperator(')')) this.syntaxError("missing `)'", "expecting ')'");
    this.next();
    return value;
  }

  private apply(operator: string, left: bigint, right: bigint): bigint {
    switch (operator) {
      case '||':
        return truth(left !== 0n || right !== 0n);
      case '&&':
        return truth(left !== 0n && right !== 0n);
      case '|':
        return left | right;
      case '^':
        return left ^ right;
      case '&':
        return left & right;
      case '==':
        return truth(left === right);
      case '!=':
        return truth(left !== right);
      case '<=':
        return truth(left <= right);
      case '>=':
        return truth(left >= right);
      case '<':
        return truth(left < right);
      case '>':
        return truth(left > right);
      case '<<':
        return BigInt.asIntN(64, left << (right & 63n));
      case '>>':
        return left >> (right & 63n);
      case '+':
        return BigInt.asIntN(64, left + right);
      case '-':
        return BigInt.asIntN(64, left - right);
      case '*':
        return BigInt.asIntN(64, left * right);
      default:
        if (right === 0n) {
          if (this.skipped > 0 && this.scope.dialect.name !== 'ash') return 0n;
          this.fail('division by 0', 'division by zero');
        }
        return BigInt.asIntN(64, operator === '/' ? left / right : left % right);
    }
  }

  private valueOf(target: Token & { kind: 'name' }): bigint {
    if (this.skipped > 0) return 0n;
    const { dialect } = this.scope;
    const text = (this.scope.value(target.text, this.indexOf(target)) ?? '').trim();
    if (text === '') return 0n;
    if (/^-?[1-9]\d{0,17}$/.test(text)) return BigInt(text);
    const isNumber = /^[-+]?(?:0[xX][0-9A-Fa-f]+|\d+)$/.test(text);
    if (!isNumber && !dialect.isExtended) throw new Failure(`Illegal number: ${text}`, 2, true);
    return this.inner(text);
  }

  private store(target: Token & { kind: 'name' }, value: bigint): bigint {
    const wrapped = BigInt.asIntN(64, value);
    if (this.skipped === 0) this.scope.assign(target.text, this.indexOf(target), String(wrapped));
    return wrapped;
  }

  private indexOf({ text, index }: Token & { kind: 'name' }): string | undefined {
    if (index === undefined || this.scope.isKeyed(text)) return index;
    return String(this.inner(index));
  }

  private numberOf(text: string): bigint {
    const base = /^(\d+)#/.exec(text);
    if (base !== null) return this.digits(text.slice(base[0].length), Number(base[1]), text);
    if (/^0[xX]/.test(text)) return this.digits(text.slice(2) || '0', 16, text);
    return this.digits(text, text.startsWith('0') ? 8 : 10, text);
  }

  private digits(digits: string, base: number, text: string): bigint {
    const { dialect } = this.scope;
    if (base < 2 || base > 64) this.fail('invalid arithmetic base', 'expecting EOF', text);
    let value = 0n;
    for (const digit of digits) {
      const worth = worthOf(digit, base);
      if (worth >= base && dialect.isExtended) this.tooGreat(text);
      if (worth >= base) this.syntaxError();
      value = BigInt.asIntN(64, value * BigInt(base) + BigInt(worth));
    }
    return value;
  }

  /** An expression inside of this one: what a variable says, what an index is. */
  private inner(text: string): bigint {
    this.nesting.reads += 1;
    if (this.nesting.reads > mostReads) this.tooDeep();
    return this.deeper(() => new Evaluation(text, this.scope, this.nesting).result());
  }

  private deeper(parse: () => bigint): bigint {
    this.nesting.depth += 1;
    if (this.nesting.depth > deepest) this.tooDeep();
    const value = parse();
    this.nesting.depth -= 1;
    return value;
  }

  /** bash has put an end behind the number by then. */
  private tooGreat(token: string): never {
    if (!this.scope.dialect.isBash) this.syntaxError();
    const shown = this.text.slice(0, this.text.indexOf(token, this.shownFrom - token.length) + token.length);
    throw new Failure(`${shown.trimStart()}: value too great for base (error token is "${token}")`);
  }

  private isAtEnd(): boolean {
    return this.token.kind === 'end';
  }

  private isAssignment(): boolean {
    return this.token.kind === 'operator' && assignments.includes(this.token.text);
  }

  private isOperator(text: string): boolean {
    return this.token.kind === 'operator' && this.token.text === text;
  }

  private skippedUnless<T>(isWanted: boolean, parse: () => T): T {
    this.skipped += isWanted ? 0 : 1;
    const value = parse();
    this.skipped -= isWanted ? 0 : 1;
    return value;
  }

  private next(): void {
    this.token = this.read();
  }

  private read(): Token {
    const token = readToken(this.text, this.at, this.scope.dialect);
    this.at = token.end;
    if (token.kind !== 'end') this.shownFrom = token.at;
    return token;
  }

  private operandExpected(): never {
    return this.syntaxError('syntax error: operand expected', 'expecting primary');
  }

  private syntaxError(inBash?: string, inDash = 'expecting EOF'): never {
    const isStrange = this.token.kind === 'operator' && !operators.includes(this.token.text);
    const general = isStrange ? 'syntax error: invalid arithmetic operator' : 'syntax error in expression';
    return this.fail(inBash ?? general, inDash);
  }

  private tooDeep(): never {
    return this.fail('expression recursion level exceeded', 'expecting primary');
  }

  private fail(inBash: string, inDash: string, token = this.text.slice(this.shownFrom)): never {
    switch (this.scope.dialect.name) {
      case 'bash':
        throw new Failure(`${this.text.trimStart()}: ${inBash} (error token is "${token}")`);
      case 'dash':
        throw new Failure(`arithmetic expression: ${inDash}: "${this.text}"`, 2, true);
      case 'ash':
        throw new Failure(
          inDash === 'division by zero' ? 'divide by zero' : 'arithmetic syntax error',
          2,
          true,
        );
    }
  }
}

function truth(value: boolean): bigint {
  return value ? 1n : 0n;
}

/** `0-9a-zA-Z@_` in bases above 36, without regard to case below. */
function worthOf(digit: string, base: number): number {
  const place = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_'.indexOf(digit);
  return base <= 36 && place >= 36 && place < 62 ? place - 26 : place;
}

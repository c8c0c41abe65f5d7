/** `test` and `[` by the rules of POSIX, and the sentences of each shell where an expression is none. */
import type { Shell } from '../shell.ts';
import type { Call } from './builtin.ts';
import { compareFiles, compareNumbers, testUnary } from './file-test.ts';

const unary = /^-[abcdefghknoprstuvwxzGLNORS]$/;
const comparisons: ReadonlySet<string> = new Set(
  '= == != < > -eq -ne -lt -le -gt -ge -nt -ot -ef =~'.split(' '),
);

class TestFault extends Error {}

export async function test(call: Call): Promise<number> {
  const { shell, name } = call;
  let args = call.args;
  const closing = { '[': ']', '[[': ']]' }[name];
  try {
    if (closing !== undefined) {
      if (args.at(-1) !== closing)
        throw new TestFault(shell.dialect.isBash ? "missing `]'" : `missing ${closing}`);
      args = args.slice(0, -1);
    }
    await shell.work(1 + args.length);
    return new Expression(shell, args).result() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestFault)) throw error;
    await shell.complainAsProgram(error.message, name);
    return 2;
  }
}

class Expression {
  private readonly shell: Shell;
  private readonly args: readonly string[];
  private at = 0;

  constructor(shell: Shell, args: readonly string[]) {
    this.shell = shell;
    this.args = args;
  }

  result(): boolean {
    const { args } = this;
    if (this.shell.dialect.isBash) return this.counted(args);
    if (args.length === 0) return false;
    const value = this.or();
    if (this.at < args.length) this.leftOver();
    return value;
  }

  /** As bash does it: how many arguments there are decides what they mean. */
  private counted(args: readonly string[]): boolean {
    const [first = '', second = '', third = ''] = args;
    switch (args.length) {
      case 0:
        return false;
      case 1:
        return first !== '';
      case 2:
        if (first === '!') return second === '';
        if (!unary.test(first)) throw new TestFault(`${first}: unary operator expected`);
        return testUnary(this.shell, first, second);
      case 3:
        if (comparisons.has(second)) return this.compared(first, second, third);
        if (second === '-a') return first !== '' && third !== '';
        if (second === '-o') return first !== '' || third !== '';
        if (first === '!') return !this.counted(args.slice(1));
        if (first === '(' && third === ')') return second !== '';
        throw new TestFault(`${second}: binary operator expected`);
      case 4:
        if (first === '!') return !this.counted(args.slice(1));
        if (first === '(' && args[3] === ')') return this.counted(args.slice(1, 3));
        break;
      default:
    }
    const value = this.or();
    if (this.at < args.length) throw new TestFault('too many arguments');
    return value;
  }

  private or(): boolean {
    let value = this.and();
    while (this.args[this.at] === '-o') {
      this.at += 1;
      const right = this.and();
      value ||= right;
    }
    return value;
  }

  private and(): boolean {
    let value = this.not();
    while (this.args[this.at] === '-a') {
      this.at += 1;
      const right = this.not();
      value &&= right;
    }
    return value;
  }

  private not(): boolean {
    let isNegated = false;
    while (this.args[this.at] === '!' && this.at + 1 < this.args.length && !this.isComparison(this.at + 1)) {
      isNegated = !isNegated;
      this.at += 1;
    }
    return this.primary() !== isNegated;
  }

  private primary(): boolean {
    const first = this.args[this.at];
    if (first === undefined) throw new TestFault('argument expected');
    if (this.isComparison(this.at + 1) && this.at + 2 < this.args.length) {
      this.at += 3;
      return this.compared(first, this.args[this.at - 2]!, this.args[this.at - 1]!);
    }
    if (first === '(' && this.at + 1 < this.args.length) {
      this.at += 1;
      const value = this.or();
      if (this.args[this.at] !== ')') throw new TestFault(this.closing());
      this.at += 1;
      return value;
    }
    if (this.isComparison(this.at + 1) && !this.shell.dialect.isBash)
      throw new TestFault(`${this.args[this.at + 1]}: argument expected`);
    if (unary.test(first) && this.at + 1 < this.args.length) {
      this.at += 2;
      return testUnary(this.shell, first, this.args[this.at - 1]!);
    }
    this.at += 1;
    return first !== '';
  }

  private isComparison(at: number): boolean {
    const operator = this.args[at];
    if (operator === undefined || !comparisons.has(operator)) return false;
    return this.shell.dialect.name !== 'dash' || (operator !== '==' && operator !== '=~');
  }

  private compared(left: string, operator: string, right: string): boolean {
    switch (operator) {
      case '=':
      case '==':
        return left === right;
      case '!=':
        return left !== right;
      case '<':
        return left < right;
      case '>':
        return left > right;
      case '-nt':
      case '-ot':
      case '-ef':
        return compareFiles(this.shell, left, operator, right);
      default:
        return compareNumbers(this.number(left), operator, this.number(right));
    }
  }

  private number(text: string): bigint {
    if (/^\s*[+-]?\d{1,18}\s*$/.test(text)) return BigInt(text.trim().replace(/^\+/, ''));
    switch (this.shell.dialect.name) {
      case 'bash':
        throw new TestFault(`${text}: integer expression expected`);
      case 'dash':
        throw new TestFault(`Illegal number: ${text}`);
      case 'ash':
        throw new TestFault(text === '' ? 'bad number' : `${text}: bad number`);
    }
  }

  /** Something follows what was a whole expression. */
  private leftOver(): never {
    const rest = this.args[this.at]!;
    if (this.shell.dialect.name === 'ash') throw new TestFault(`${rest}: unknown operand`);
    const shown = this.at > 0 ? this.args[this.at - 1]! : rest;
    throw new TestFault(`${shown}: unexpected operator`);
  }

  private closing(): string {
    return this.shell.dialect.name === 'bash' ? "`)' expected" : 'closing paren expected';
  }
}

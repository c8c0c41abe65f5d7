/** expr: arithmetic, comparison and matching, one word after the other. */
import type { Run } from '../../program.ts';
import { misuse } from '../options.ts';
import { quoteWord } from '../quote.ts';
import { posixRegex } from '../regex.ts';
import { contentOfText, fault, type Tool, textOfContent } from '../tool.ts';

export const expr: Tool = async (run, flavour) => {
  const words = run.args.slice(1);
  if (words[0] === '--') words.shift();
  if (words.length === 0)
    throw flavour === 'gnu'
      ? misuse(run, flavour, { misuse: 2 }, 'missing operand')
      : fault(run, 'too few arguments', 2);
  const value = new Evaluation(run, words).whole();
  await run.stdout.write(`${value}\n`);
  return value === '' || /^-?0+$/.test(value) ? 1 : 0;
};

/** Operators from the weakest to the strongest. */
const levels: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
];

const deepest = 100;

class Evaluation {
  private readonly run: Run;
  private readonly words: readonly string[];
  private at = 0;
  private depth = 0;

  constructor(run: Run, words: readonly string[]) {
    this.run = run;
    this.words = words;
  }

  whole(): string {
    const value = this.level(0);
    if (this.at < this.words.length)
      throw fault(
        this.run,
        `syntax error: unexpected argument ${quoteWord(this.run, this.words[this.at]!)}`,
        2,
      );
    return value;
  }

  private level(index: number): string {
    const operators = levels[index];
    if (operators === undefined) return this.operand();
    let left = this.level(index + 1);
    for (;;) {
      const operator = this.words[this.at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.at += 1;
      left = this.combine(operator, left, this.level(index + 1));
    }
  }

  private operand(): string {
    const word = this.words[this.at];
    if (word === undefined)
      throw fault(
        this.run,
        `syntax error: missing argument after ${quoteWord(this.run, this.words.at(-1)!)}`,
        2,
      );
    this.at += 1;
    if (word === '(') {
      this.depth += 1;
      if (this.depth > deepest) throw fault(this.run, 'syntax error', 2);
      const value = this.level(0);
      if (this.words[this.at] !== ')')
        throw fault(
          this.run,
          `syntax error: expecting ')' ${this.words[this.at] === undefined ? `after ${quoteWord(this.run, this.words.at(-1)!)}` : `instead of ${quoteWord(this.run, this.words[this.at]!)}`}`,
          2,
        );
      this.at += 1;
      this.depth -= 1;
      return value;
    }
    if (this.at >= this.words.length) return word;
    switch (word) {
      case '+':
        return this.words[this.at++]!;
      case 'length':
        return `${[...this.operand()].length}`;
      case 'match':
        return this.match(this.operand(), this.operand());
      case 'index': {
        const [text, set] = [this.operand(), this.operand()];
        return `${[...text].findIndex((char) => set.includes(char)) + 1}`;
      }
      case 'substr': {
        const [text, from, length] = [this.operand(), Number(this.operand()), Number(this.operand())];
        return from >= 1 && length >= 1 ? [...text].slice(from - 1, from - 1 + length).join('') : '';
      }
      default:
        return word;
    }
  }

  private combine(operator: string, left: string, right: string): string {
    const isEmpty = (text: string): boolean => text === '' || /^-?0+$/.test(text);
    switch (operator) {
      case '|':
        return isEmpty(left) ? (isEmpty(right) ? '0' : right) : left;
      case '&':
        return isEmpty(left) || isEmpty(right) ? '0' : left;
      case ':':
        return this.match(left, right);
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return this.calculate(operator, left, right);
      default: {
        const areNumbers = isInteger(left) && isInteger(right);
        const order = areNumbers
          ? Number(BigInt(left) - BigInt(right))
          : left < right
            ? -1
            : left > right
              ? 1
              : 0;
        const holds = {
          '<': order < 0,
          '<=': order <= 0,
          '=': order === 0,
          '==': order === 0,
          '!=': order !== 0,
          '>=': order >= 0,
          '>': order > 0,
        }[operator];
        return holds ? '1' : '0';
      }
    }
  }

  private calculate(operator: string, left: string, right: string): string {
    if (!isInteger(left) || !isInteger(right) || left.length + right.length > 2000)
      throw fault(this.run, 'non-integer argument', 2);
    const [a, b] = [BigInt(left), BigInt(right)];
    if (operator === '+') return `${a + b}`;
    if (operator === '-') return `${a - b}`;
    if (operator === '*') return `${a * b}`;
    if (b === 0n) throw fault(this.run, 'division by zero', 2);
    return operator === '/' ? `${a / b}` : `${a % b}`;
  }

  /** What the first group took, or how many characters match. */
  private match(text: string, pattern: string): string {
    const regex = posixRegex(`^${contentOfText(pattern).replace(/^\^/, '')}`, {
      isExtended: false,
      ignoresCase: false,
    });
    const found = regex.exec(contentOfText(text));
    if (regex.groupCount > 0) return textOfContent(found?.groups[1] ?? '');
    return `${found === undefined ? 0 : [...textOfContent(found.groups[0]!)].length}`;
  }
}

function isInteger(text: string): boolean {
  return /^-?\d+$/.test(text);
}

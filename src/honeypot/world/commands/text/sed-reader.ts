/** Words of a script of sed: up to a delimiter, to the end of a line, of a label. */
import { SedFault } from './sed-syntax.ts';

export class ScriptReader {
  protected readonly source: string;
  protected at = 0;

  constructor(source: string) {
    this.source = source;
  }

  protected delimiter(otherwise: string): string {
    const delimiter = this.source[this.at];
    if (delimiter === undefined || delimiter === '\n' || delimiter === '\\') this.fail(otherwise);
    this.at += 1;
    return delimiter;
  }

  /** Up to a delimiter that neither a backslash nor, in a regular expression, a bracket hides. */
  protected until(delimiter: string, isRegex: boolean, otherwise: string): string {
    let text = '';
    let isInBracket = false;
    for (;;) {
      const char = this.source[this.at];
      if (char === undefined) this.fail(otherwise);
      this.at += 1;
      if (char === delimiter && !isInBracket) return text;
      if (char === '\\' && !isInBracket) {
        const next = this.source[this.at];
        if (next === undefined) this.fail(otherwise);
        this.at += 1;
        if (next === delimiter) text += isRegex && /[|+?(){}]/.test(delimiter) ? `\\${delimiter}` : delimiter;
        else text += isRegex && next === 'n' ? '\n' : char + next;
        continue;
      }
      if (isRegex && char === '[' && !isInBracket) {
        const start = /^\^?\]?/.exec(this.source.slice(this.at, this.at + 2))![0];
        isInBracket = this.source.indexOf(']', this.at + start.length) >= 0;
        text += char + (isInBracket ? start : '');
        if (isInBracket) this.at += start.length;
        continue;
      }
      if (isInBracket && char === '[' && /[:.=]/.test(this.source[this.at] ?? '')) {
        const end = this.source.indexOf(`${this.source[this.at]}]`, this.at + 1);
        if (end > 0) {
          text += this.source.slice(this.at - 1, end + 2);
          this.at = end + 2;
          continue;
        }
      }
      if (isInBracket && char === ']') isInBracket = false;
      text += char;
    }
  }

  /** Of a, i, c: one line, or several where each ends with a backslash. */
  protected text(): string {
    this.skip(/[ \t]*/y);
    if (this.source[this.at] === '\\') {
      this.at += 1;
      this.skip(/[ \t]*/y);
      if (this.source[this.at] === '\n') this.at += 1;
    }
    if (this.at >= this.source.length) this.fail("expected \\ after `a', `c' or `i'");
    let text = '';
    while (this.at < this.source.length) {
      const char = this.source[this.at]!;
      this.at += 1;
      if (char === '\\' && this.at < this.source.length) {
        text += this.source[this.at] === 't' ? '\t' : this.source[this.at]!;
        this.at += 1;
      } else if (char === '\n') break;
      else text += char;
    }
    return `${text}\n`;
  }

  protected label(): string {
    this.skip(/[ \t]*/y);
    return this.take(/[^\n;}]*/y).trimEnd();
  }

  protected ending(): void {
    this.skip(/[ \t]*/y);
    const char = this.source[this.at];
    if (char === undefined || char === '\n' || char === ';' || char === '#' || char === '}') return;
    this.at += 1;
    this.fail('extra characters after command');
  }

  protected skip(pattern: RegExp): void {
    this.take(pattern);
  }

  protected take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match === null) return '';
    this.at += match[0].length;
    return match[0];
  }

  protected fail(message: string): never {
    throw new SedFault(`-e expression #1, char ${this.at}: ${message}`);
  }
}

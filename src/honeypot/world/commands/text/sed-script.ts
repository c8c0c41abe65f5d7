/** Scripts of sed: read once, with GNU's additions and GNU's complaints. */
import { posixRegex, type Regex, RegexFault } from '../regex.ts';
import { ScriptReader } from './sed-reader.ts';
import { type Address, type Command, SedFault, type Substitution } from './sed-syntax.ts';
import { replacementOf } from './sed-text.ts';

const mostCommands = 2000;

/** @param isExtended of `-E` @throws SedFault whose message begins behind `sed: ` */
export function parseScript(source: string, isExtended: boolean): Command[] {
  return new Parser(source, isExtended).commands();
}

class Parser extends ScriptReader {
  private readonly isExtended: boolean;
  private readonly list: Command[] = [];
  private readonly open: number[] = [];

  constructor(source: string, isExtended: boolean) {
    super(source);
    this.isExtended = isExtended;
  }

  commands(): Command[] {
    for (;;) {
      this.skip(/[\s;]*/y);
      if (this.at >= this.source.length) break;
      this.command();
      if (this.list.length > mostCommands) this.fail('script too long');
    }
    if (this.open.length > 0) throw new SedFault("-e expression #1, char 0: unmatched `{'");
    const labels = new Set(this.list.filter(({ letter }) => letter === ':').map(({ text }) => text));
    for (const { letter, text } of this.list)
      if ('btT'.includes(letter) && text !== '' && !labels.has(text))
        throw new SedFault(`can't find label for jump to \`${text}'`, 4);
    return this.list;
  }

  private command(): void {
    const first = this.address();
    let second: Address | undefined;
    this.skip(/[ \t]*/y);
    if (first !== undefined && this.source[this.at] === ',') {
      this.at += 1;
      this.skip(/[ \t]*/y);
      second = this.secondAddress();
      if (second === undefined) this.fail("unexpected `,'");
    }
    this.skip(/[ \t]*/y);
    let isNegated = false;
    while (this.source[this.at] === '!') {
      isNegated = true;
      this.at += 1;
      this.skip(/[ \t]*/y);
    }
    const letter = this.source[this.at];
    this.at += 1;
    if (letter === undefined) this.fail('missing command');
    const base = {
      letter,
      first,
      second,
      isNegated,
      text: '',
      substitution: undefined,
      table: undefined,
      end: 0,
    };
    switch (letter) {
      case '{':
        this.open.push(this.list.length);
        this.list.push(base);
        return;
      case '}': {
        const start = this.open.pop();
        if (start === undefined) this.fail("unexpected `}'");
        if (first !== undefined) this.fail("} doesn't want any addresses");
        this.list[start]!.end = this.list.length;
        this.ending();
        return;
      }
      case '=':
      case 'd':
      case 'D':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'x':
      case 'z':
      case 'F':
        this.list.push(base);
        this.ending();
        return;
      case 'q':
      case 'Q':
      case 'l':
      case 'L':
        this.skip(/[ \t]*/y);
        this.list.push({ ...base, text: this.take(/\d*/y) });
        this.ending();
        return;
      case 'a':
      case 'i':
      case 'c':
        this.list.push({ ...base, text: this.text() });
        return;
      case ':':
        if (first !== undefined) this.fail(": doesn't want any addresses");
        this.list.push({ ...base, text: this.label() });
        if (this.list.at(-1)!.text === '') this.fail('":" lacks a label');
        return;
      case 'b':
      case 't':
      case 'T':
        this.list.push({ ...base, text: this.label() });
        return;
      case 'r':
      case 'R':
      case 'w':
      case 'W':
      case 'e':
        this.skip(/[ \t]*/y);
        this.list.push({ ...base, text: this.take(/[^\n]*/y) });
        if (this.list.at(-1)!.text === '' && letter !== 'e')
          this.fail('missing filename in r/R/w/W commands');
        return;
      case 's':
        this.list.push({ ...base, substitution: this.substitution() });
        this.ending();
        return;
      case 'y':
        this.list.push({ ...base, table: this.table() });
        this.ending();
        return;
      case '#':
        this.take(/[^\n]*/y);
        return;
      default:
        this.fail(`unknown command: \`${letter}'`);
    }
  }

  private address(): Address | undefined {
    const number = this.take(/\d+/y);
    if (number !== '') {
      const step = this.take(/~\d+/y);
      if (step !== '') return { kind: 'step', first: Number(number), step: Number(step.slice(1)) };
      return { kind: 'line', number: Number(number) };
    }
    const char = this.source[this.at];
    if (char === '$') {
      this.at += 1;
      return { kind: 'last' };
    }
    if (char !== '/' && char !== '\\') return undefined;
    this.at += char === '\\' ? 2 : 1;
    const delimiter = this.source[this.at - 1];
    if (delimiter === undefined) this.fail("unexpected `,'");
    const source = this.until(delimiter, true, 'unterminated address regex');
    const flags = this.take(/[IM]*/y);
    return { kind: 'regex', regex: this.regex(source, flags.includes('I')) };
  }

  private secondAddress(): Address | undefined {
    const more = this.take(/[+~]\d+/y);
    if (more === '') return this.address();
    const count = Number(more.slice(1));
    return more.startsWith('+') ? { kind: 'more', count } : { kind: 'multiple', of: count };
  }

  private regex(source: string, ignoresCase: boolean): Regex | undefined {
    if (source === '') return undefined;
    try {
      return posixRegex(source, { isExtended: this.isExtended, ignoresCase });
    } catch (error) {
      if (error instanceof RegexFault) this.fail(error.message);
      throw error;
    }
  }

  private substitution(): Substitution {
    const delimiter = this.delimiter("unterminated `s' command");
    const source = this.until(delimiter, true, "unterminated `s' command");
    const written = this.until(delimiter, false, "unterminated `s' command");
    let [isGlobal, which, prints, ignoresCase] = [false, 1, false, false];
    let file: string | undefined;
    for (;;) {
      const flag = this.source[this.at];
      if (flag === 'g') isGlobal = true;
      else if (flag === 'p') prints = true;
      else if (flag === 'I' || flag === 'i') ignoresCase = true;
      else if (flag === 'e' || flag === 'm' || flag === 'M') {
        // Commands are not run, and there is only one line to match in.
      } else if (flag === 'w') {
        this.at += 1;
        this.skip(/[ \t]*/y);
        file = this.take(/[^\n]*/y);
        break;
      } else if (flag !== undefined && /\d/.test(flag)) {
        which = Number(this.take(/\d+/y));
        if (which === 0) this.fail("number option to `s' command may not be zero");
        continue;
      } else if (flag !== undefined && /[^\s;}#]/.test(flag)) {
        this.at += 1;
        this.fail("unknown option to `s'");
      } else break;
      this.at += 1;
    }
    const regex = this.regex(source, ignoresCase);
    const replacement = replacementOf(written);
    const highest = Math.max(0, ...replacement.map((part) => (part.kind === 'group' ? part.number : 0)));
    if (regex !== undefined && highest > regex.groupCount)
      this.fail(`invalid reference \\${highest} on \`s' command's RHS`);
    return { regex, replacement, isGlobal, which, prints, file };
  }

  private table(): ReadonlyMap<string, string> {
    const delimiter = this.delimiter("unterminated `y' command");
    const [from, to] = [0, 1].map(() => [
      ...this.until(delimiter, false, "unterminated `y' command").replace(
        /\\(.)/gs,
        (_, letter: string) => ({ n: '\n', t: '\t', '\\': '\\' })[letter] ?? letter,
      ),
    ]);
    if (from!.length !== to!.length) this.fail("strings for `y' command are different lengths");
    return new Map(from!.map((char, index) => [char, to![index]!]));
  }
}

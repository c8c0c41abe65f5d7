/** Tokens of awk. The parser says where a slash begins a regular expression. */
import { AwkFault } from './syntax.ts';

export interface Token {
  readonly kind:
    | 'number'
    | 'string'
    | 'name'
    | 'call'
    | 'builtin'
    | 'keyword'
    | 'operator'
    | 'newline'
    | 'end';
  readonly text: string;
}

const keywords = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf'.split(
    ' ',
  ),
);
export const builtins: ReadonlySet<string> = new Set(
  'length substr index split match sub gsub sprintf tolower toupper int sqrt exp log sin cos atan2 rand srand system close fflush systime strftime mktime gensub'.split(
    ' ',
  ),
);

const number = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const name = /[A-Za-z_][A-Za-z_0-9]*/y;
const operator =
  /\*\*=|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|\*\*|==|<=|>=|!=|!~|&&|\|\||>>|[-+*/%^!<>|?:~$=,;(){}[\]]/y;
const blank = /(?:[ \t\r]|\\\r?\n|#[^\n]*)*/y;

export class Scanner {
  token: Token = { kind: 'end', text: '' };
  private readonly source: string;
  private at = 0;
  private start = 0;

  constructor(source: string) {
    this.source = source;
    this.advance();
  }

  /** Line of the token, counted from 1. */
  get line(): number {
    return this.source.slice(0, this.start).split('\n').length;
  }

  advance(): Token {
    const before = this.token;
    this.match(blank);
    this.start = this.at;
    this.token = this.read();
    return before;
  }

  /** The rest of a regular expression whose slash is the token. */
  regex(): string {
    this.at = this.start + 1;
    let text = '';
    let isInBracket = false;
    for (;;) {
      const char = this.source[this.at];
      if (char === undefined || char === '\n')
        throw new AwkFault(`line ${this.line}: regular expression compile failed (missing '/')\n/${text}`);
      this.at += 1;
      if (char === '\\') {
        const next = this.source[this.at] ?? '';
        this.at += 1;
        text += next === '/' ? '/' : char + next;
        continue;
      }
      if (char === '[') {
        isInBracket = this.source
          .slice(this.at, this.source.indexOf('\n', this.at) + 1 || undefined)
          .includes(']');
        const start = /^\^?\]/.exec(this.source.slice(this.at, this.at + 2));
        text += char + (start?.[0] ?? '');
        this.at += start?.[0].length ?? 0;
        continue;
      }
      if (char === ']') isInBracket = false;
      if (char === '/' && !isInBracket) break;
      text += char;
    }
    this.advance();
    return text;
  }

  private read(): Token {
    const char = this.source[this.at];
    if (char === undefined) return { kind: 'end', text: '' };
    if (char === '\n') {
      this.at += 1;
      return { kind: 'newline', text: 'unexpected newline' };
    }
    if (char === '"') return { kind: 'string', text: this.string() };
    const digits = this.match(number);
    if (digits !== undefined) return { kind: 'number', text: digits };
    const word = this.match(name);
    if (word !== undefined) {
      if (keywords.has(word)) return { kind: 'keyword', text: word === 'func' ? 'function' : word };
      if (builtins.has(word)) return { kind: 'builtin', text: word };
      return { kind: this.source[this.at] === '(' ? 'call' : 'name', text: word };
    }
    const sign = this.match(operator);
    if (sign === undefined) throw new AwkFault(`line ${this.line}: unexpected character '${char}'`);
    return { kind: 'operator', text: sign.replace('**', '^') };
  }

  private string(): string {
    const escapes: Readonly<Record<string, string>> = {
      n: '\n',
      t: '\t',
      r: '\r',
      '\\': '\\',
      '"': '"',
      '/': '/',
      a: '\x07',
      b: '\b',
      f: '\f',
      v: '\v',
    };
    let text = '';
    this.at += 1;
    for (;;) {
      const char = this.source[this.at];
      if (char === undefined || char === '\n')
        throw new AwkFault(`line ${this.line}: runaway string constant "${text.slice(0, 10)} ...`);
      this.at += 1;
      if (char === '"') return text;
      if (char !== '\\') {
        text += char;
        continue;
      }
      const octal = /^[0-7]{1,3}/.exec(this.source.slice(this.at, this.at + 3));
      const hex = /^x([0-9a-fA-F]{1,2})/.exec(this.source.slice(this.at, this.at + 3));
      const next = this.source[this.at] ?? '';
      if (octal !== null) {
        text += String.fromCharCode(Number.parseInt(octal[0], 8) & 255);
        this.at += octal[0].length;
      } else if (hex !== null) {
        text += String.fromCharCode(Number.parseInt(hex[1]!, 16));
        this.at += hex[0].length;
      } else {
        if (next !== '\n') text += escapes[next] ?? `\\${next}`;
        this.at += 1;
      }
    }
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match === null) return undefined;
    this.at += match[0].length;
    return match[0];
  }
}

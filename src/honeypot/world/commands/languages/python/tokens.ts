/** Python source as tokens, with its indentation; bounded, and never in doubt: what is no token is a fault. */

export type Token =
  | {
      readonly kind: 'name' | 'sign' | 'newline' | 'indent' | 'dedent' | 'end';
      readonly text: string;
      readonly line: number;
    }
  | { readonly kind: 'number'; readonly value: bigint | number; readonly text: string; readonly line: number }
  | {
      readonly kind: 'string';
      readonly value: string;
      readonly isBytes: boolean;
      /** `f'…'`: expressions in braces. */
      readonly isFormat: boolean;
      readonly text: string;
      readonly line: number;
    };

/** What Python would refuse, or what is not read here. */
export class Fault extends Error {
  readonly line: number;
  /** It goes on: brackets or quotes are open. */
  readonly isIncomplete: boolean;

  constructor(message: string, line: number, isIncomplete = false) {
    super(message);
    this.line = line;
    this.isIncomplete = isIncomplete;
  }
}

/** Characters of a cell; tokens of it. */
const limits = { text: 256 * 1024, tokens: 60_000 } as const;

const word = /[\p{L}_][\p{L}\p{N}_]*/uy;
const number =
  /0[xX][\da-fA-F]{1,60}|0[oO][0-7]{1,60}|0[bB][01]{1,120}|\d[\d_]{0,60}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,4})?|\.\d{1,40}/y;
const sign = /\*\*=?|\/\/=?|<<=?|>>=?|->|:=|[<>=!+\-*/%&|^@]=|[()[\]{},:.;@=<>+\-*/%&|^~]/y;
const prefix = /[rRbBuUfF]{0,2}(?=["'])/y;

export function tokensOf(source: string): readonly Token[] {
  const text = source.slice(0, limits.text).replace(/\r\n?/g, '\n');
  const tokens: Token[] = [];
  const indents = [0];
  let at = 0;
  let line = 1;
  let brackets = 0;
  let isStart = true;

  const taken = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const add = (kind: 'name' | 'sign' | 'newline' | 'indent' | 'dedent' | 'end', value: string): void => {
    tokens.push({ kind, text: value, line });
  };

  while (at < text.length) {
    if (tokens.length > limits.tokens) throw new Fault('too much', line);
    if (isStart && brackets === 0) {
      const width = taken(/[ \t]*/y)!.replaceAll('\t', '        ').length;
      if (text[at] !== '\n' && text[at] !== '#' && at < text.length) indentTo(width);
      isStart = false;
      continue;
    }
    const character = text[at]!;
    if (character === '\n') {
      at += 1;
      if (brackets === 0) {
        const last = tokens.at(-1)?.kind;
        if (last !== undefined && last !== 'newline' && last !== 'indent' && last !== 'dedent')
          add('newline', '\n');
        isStart = true;
      }
      line += 1;
    } else if (character === '\\' && text[at + 1] === '\n') {
      at += 2;
      line += 1;
    } else if (character === ' ' || character === '\t' || character === '\f') at += 1;
    else if (character === '#') taken(/[^\n]*/y);
    else if (/["']/.test(text[at + (prefixAt() ?? 0)] ?? '')) string();
    else take();
  }
  if (brackets > 0) throw new Fault('incomplete input', line, true);
  if (tokens.length > 0 && tokens.at(-1)!.kind !== 'newline') add('newline', '\n');
  for (; indents.length > 1; indents.pop()) add('dedent', '');
  add('end', '');
  return tokens;

  function prefixAt(): number | undefined {
    prefix.lastIndex = at;
    return prefix.exec(text)?.[0].length;
  }

  function indentTo(width: number): void {
    if (width > indents.at(-1)!) {
      indents.push(width);
      add('indent', '');
    }
    for (; width < indents.at(-1)!; indents.pop()) add('dedent', '');
    if (width !== indents.at(-1))
      throw new Fault('unindent does not match any outer indentation level', line);
  }

  function string(): void {
    const letters = taken(prefix)!.toLowerCase();
    const begun = line;
    const quote = text.startsWith(text[at]!.repeat(3), at) ? text[at]!.repeat(3) : text[at]!;
    at += quote.length;
    let value = '';
    for (;;) {
      if (at >= text.length) throw new Fault('unterminated string literal', begun, quote.length === 3);
      if (text.startsWith(quote, at)) break;
      const one = text[at]!;
      if (one === '\n') {
        if (quote.length === 1) throw new Fault('unterminated string literal', begun);
        line += 1;
      }
      if (one === '\\') value += letters.includes('r') ? `\\${text[++at] ?? ''}` : escaped();
      else value += one;
      at += 1;
    }
    at += quote.length;
    tokens.push({
      kind: 'string',
      value,
      isBytes: letters.includes('b'),
      isFormat: letters.includes('f'),
      text: '',
      line: begun,
    });
  }

  /** At the backslash; ends at the last character of the escape. */
  function escaped(): string {
    const next = text[++at] ?? '';
    const hex = next === 'x' ? 2 : next === 'u' ? 4 : next === 'U' ? 8 : 0;
    const digits = text.slice(at + 1, at + 1 + hex);
    if (hex > 0 && digits.length === hex && /^[\da-f]+$/i.test(digits)) {
      at += hex;
      const code = Number.parseInt(digits, 16);
      return code > 0x10ffff ? '' : String.fromCodePoint(code);
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3))?.[0];
    if (octal !== undefined) {
      at += octal.length - 1;
      return String.fromCharCode(Number.parseInt(octal, 8));
    }
    if (next === '\n') line += 1;
    return escapes[next] ?? `\\${next}`;
  }

  function take(): void {
    const digits = taken(number);
    if (digits !== undefined) {
      const plain = digits.replaceAll('_', '');
      const isWhole = /^(?:\d+|0[xob][\da-f]+)$/i.test(plain);
      tokens.push({ kind: 'number', value: isWhole ? BigInt(plain) : Number(plain), text: digits, line });
      return;
    }
    const letters = taken(word);
    if (letters !== undefined) {
      add('name', letters);
      return;
    }
    const found = taken(sign);
    if (found === undefined) throw new Fault('invalid syntax', line);
    if ('([{'.includes(found)) brackets += 1;
    else if (')]}'.includes(found)) brackets = Math.max(0, brackets - 1);
    add('sign', found);
  }
}

const escapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

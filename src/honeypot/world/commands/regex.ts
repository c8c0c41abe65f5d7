/**
 * Regular expressions of POSIX, basic and extended, with GNU's additions, as RE2 runs them: in linear time, and the
 * longest match of the leftmost, as POSIX wants it. What refers back to a group (`\\1`) is beyond RE2, and refused.
 */
import { RE2JS } from 're2js';

export interface RegexOptions {
  readonly isExtended: boolean;
  readonly ignoresCase: boolean;
}

export interface Match {
  readonly index: number;
  readonly end: number;
  /** The whole first; undefined for groups that took no part. */
  readonly groups: readonly (string | undefined)[];
}

export interface Regex {
  test(text: string): boolean;
  /** The first match from a place on; `^` is the beginning of the text alone. */
  exec(text: string, from?: number): Match | undefined;
  readonly groupCount: number;
}

/** As glibc words them. */
export class RegexFault extends Error {}

const compiled = new Map<string, Regex>();
const mostCompiled = 200;
/** Longest source. */
const longest = 8_000;

/** @throws RegexFault */
export function posixRegex(source: string, options: RegexOptions): Regex {
  const key = `${options.isExtended ? 'E' : 'B'}${options.ignoresCase ? 'i' : ''}${source}`;
  let regex = compiled.get(key);
  if (regex === undefined) {
    if (source.length > longest) throw new RegexFault('Regular expression too big');
    regex = compile(translated(source, options.isExtended), options.ignoresCase);
    if (compiled.size >= mostCompiled) compiled.delete(compiled.keys().next().value!);
    compiled.set(key, regex);
  }
  return regex;
}

function compile(source: string, ignoresCase: boolean): Regex {
  let re: RE2JS;
  try {
    re = RE2JS.compile(
      source,
      RE2JS.DOTALL | RE2JS.LONGEST_MATCH | (ignoresCase ? RE2JS.CASE_INSENSITIVE : 0),
    );
  } catch (error) {
    throw new RegexFault(wordingOf(String(error)));
  }
  return {
    test: (text) => re.test(text),
    exec(text, from = 0) {
      const matcher = re.matcher(text);
      if (!matcher.find(from)) return undefined;
      const groups: (string | undefined)[] = [];
      for (let index = 0; index <= re.groupCount(); index++) groups.push(matcher.group(index) ?? undefined);
      return { index: matcher.start(0), end: matcher.end(0), groups };
    },
    groupCount: re.groupCount(),
  };
}

function wordingOf(message: string): string {
  if (/missing closing \)|unexpected \)/.test(message)) return 'Unmatched ( or \\(';
  if (/missing closing \]/.test(message)) return 'Unmatched [, [^, [:, [., or [=';
  if (/invalid repeat count|bad repetition/.test(message)) return 'Invalid content of \\{\\}';
  if (/invalid character class range/.test(message)) return 'Invalid range end';
  return 'Invalid preceding regular expression';
}

/** In RE2's words. @throws RegexFault */
function translated(source: string, isExtended: boolean): string {
  let text = '';
  let depth = 0;
  /** Nothing is there that could be repeated. */
  let isStart = true;
  let isRepeated = false;
  const put = (piece: string, starts = false): void => {
    text += piece;
    isStart = starts;
    isRepeated = false;
  };
  // RE2 takes a second repetition for an error, POSIX for a repetition of the first.
  const repeat = (piece: string): void => {
    if (!isRepeated) put(piece);
    isRepeated = true;
  };
  const open = (): void => {
    depth += 1;
    put('(', true);
  };
  const close = (): void => {
    depth -= 1;
    put(')');
  };
  for (let at = 0; at < source.length; ) {
    const char = source[at]!;
    if (char === '[') {
      const end = bracketEnd(source, at);
      put(bracketOf(source.slice(at + 1, end)));
      at = end + 1;
      continue;
    }
    if (char === '\\') {
      const next = source[at + 1];
      if (next === undefined) throw new RegexFault('Trailing backslash');
      at += 2;
      if (/[1-9]/.test(next)) throw new RegexFault('Invalid back reference');
      if (!isExtended && next === '(') open();
      else if (!isExtended && next === ')') {
        if (depth === 0) throw new RegexFault('Unmatched ) or \\)');
        close();
      } else if (!isExtended && next === '{') {
        const end = source.indexOf('\\}', at);
        if (end < 0) throw new RegexFault('Unmatched \\{');
        if (!isStart) repeat(boundsOf(source.slice(at, end)));
        else put(`\\{${quoted(source.slice(at, end))}\\}`);
        at = end + 2;
      } else if (!isExtended && next === '|') put('|', true);
      else if (!isExtended && (next === '+' || next === '?')) {
        if (isStart) put(`\\${next}`);
        else repeat(next);
      } else put(escapeOf(next));
      continue;
    }
    at += 1;
    if (isExtended) {
      if (char === '(') open();
      else if (char === ')' && depth > 0) close();
      else if (char === '|') put('|', true);
      else if (/[*+?]/.test(char)) {
        if (!isStart) repeat(char);
      } else if (char === '{') {
        const bounds = /^(\d*)(,?)(\d*)\}/.exec(source.slice(at));
        if (bounds === null || isStart) put('\\{');
        else {
          repeat(boundsOf(bounds[0].slice(0, -1)));
          at += bounds[0].length;
        }
      } else if (char === '^') put('^', true);
      else if (char === '$') put('$');
      else put(quoted(char));
    } else if (char === '*') {
      if (isStart) put('\\*');
      else repeat('*');
    } else if (char === '^')
      put(isStart && isAnchorPlace(text) ? '^' : '\\^', isStart && isAnchorPlace(text));
    else if (char === '$') put(at === source.length || /^\\[)|]/.test(source.slice(at)) ? '$' : '\\$');
    else put(quoted(char));
  }
  if (depth > 0) throw new RegexFault('Unmatched ( or \\(');
  return text;
}

function isAnchorPlace(text: string): boolean {
  return text === '' || text.endsWith('(') || text.endsWith('|');
}

function quoted(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, (char) => (char === '.' ? '.' : `\\${char}`));
}

function boundsOf(inside: string): string {
  const match = /^(\d{0,5})(?:(,)(\d{0,5}))?$/.exec(inside);
  if (match === null) throw new RegexFault('Invalid content of \\{\\}');
  const [, least = '', comma, most = ''] = match;
  if (Number(least) > 1000 || Number(most) > 1000) throw new RegexFault('Regular expression too big');
  return comma === undefined ? `{${least}}` : `{${least || 0},${most}}`;
}

function escapeOf(letter: string): string {
  switch (letter) {
    case 'w':
      return '[0-9A-Za-z_]';
    case 'W':
      return '[^0-9A-Za-z_]';
    case 's':
      return '[ \\t\\n\\r\\f\\v]';
    case 'S':
      return '[^ \\t\\n\\r\\f\\v]';
    case 'b':
    case 'B':
      return `\\${letter}`;
    case '<':
    case '>':
      return '\\b';
    case '`':
      return '\\A';
    case "'":
      return '\\z';
    case 'n':
      return '\\n';
    case 't':
      return '\\t';
    default:
      return /[A-Za-z0-9]/.test(letter) ? letter : `\\${letter}`;
  }
}

/** Place of the bracket that closes the one at a place. @throws RegexFault */
function bracketEnd(source: string, start: number): number {
  let at = start + 1;
  if (source[at] === '^') at += 1;
  if (source[at] === ']') at += 1;
  for (; at < source.length; at++) {
    if (source[at] === ']') return at;
    const kind = source[at] === '[' ? source[at + 1] : undefined;
    if (kind === undefined || !':.='.includes(kind)) continue;
    const end = source.indexOf(`${kind}]`, at + 2);
    if (end < 0) break;
    at = end + 1;
  }
  throw new RegexFault('Unmatched [, [^, [:, [., or [=');
}

const classes = /^\[:(alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit):\]/;

function bracketOf(inside: string): string {
  const isNegated = inside.startsWith('^');
  let rest = isNegated ? inside.slice(1) : inside;
  let text = '';
  while (rest !== '') {
    const named = classes.exec(rest);
    if (named !== null) {
      text += named[0];
      rest = rest.slice(named[0].length);
      continue;
    }
    if (/^\[:[^\]]*:\]/.test(rest)) throw new RegexFault('Invalid character class name');
    const single = /^\[([.=])([\s\S])\1\]/.exec(rest);
    const char = single?.[2] ?? rest[0]!;
    const length = single?.[0].length ?? 1;
    const isRange = rest[length] === '-' && rest.length > length + 1;
    text += inBracket(char);
    rest = rest.slice(length);
    if (!isRange) continue;
    const last = /^-(?:\[([.=])([\s\S])\1\]|([\s\S]))/.exec(rest)!;
    const end = last[2] ?? last[3]!;
    if (end < char) throw new RegexFault('Invalid range end');
    text += `-${inBracket(end)}`;
    rest = rest.slice(last[0].length);
  }
  return `[${isNegated ? '^' : ''}${text}]`;
}

function inBracket(char: string): string {
  return /[\\\][^-]/.test(char) ? `\\${char}` : char;
}

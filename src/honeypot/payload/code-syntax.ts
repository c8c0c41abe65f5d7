/**
 * Expressions of program code as trees: calls, members, joins, lists, comprehensions, assignments. What it does not
 * know it steps over, so that every token is looked at once and no text is refused.
 */
import type { Language, Token } from './code-token.ts';

export type Node =
  /** `fills`: what stands for a variable in it, with the name in the first group. */
  | { readonly kind: 'value'; readonly value: string | number; readonly fills?: RegExp }
  /** Shell text between backticks. */
  | { readonly kind: 'shell'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Node; readonly name: string }
  | { readonly kind: 'call'; readonly of: Node; readonly args: readonly Node[] }
  /** `x[i]` has `from` alone; a slice has those that were written. */
  | {
      readonly kind: 'index';
      readonly of: Node;
      readonly from: Node | undefined;
      readonly slice: Slice | undefined;
    }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  /** `body for name in over`. */
  | { readonly kind: 'each'; readonly body: Node; readonly name: string; readonly over: Node }
  | { readonly kind: 'lambda'; readonly names: readonly string[]; readonly body: Node }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: Node; readonly right: Node }
  | { readonly kind: 'assign'; readonly name: string; readonly sign: string; readonly value: Node }
  | { readonly kind: 'unknown' };

export interface Slice {
  readonly to: Node | undefined;
  readonly step: Node | undefined;
}

const unknown: Node = { kind: 'unknown' };

/** Deepest nesting of expressions, in steps of the reader; most calls and members behind one value. */
const maxDepth = 120;
const maxChain = 200;

/** Names that take arguments without brackets. */
const callsBare: ReadonlySet<string> = new Set(
  (
    'system exec eval print puts echo say printf return decode_base64 unpack pack join reverse scalar chr lc uc open ' +
    'popen shell_exec passthru include require'
  ).split(' '),
);

/** Operators from the loosest to the tightest. */
const levels: readonly (readonly string[])[] = [
  ['|', '^', '&'],
  ['+', '-', '.', '..'],
  ['*', '/', '%', 'x'],
];

/** Statements of a program, each an expression. */
export function parseCode(tokens: readonly Token[], language: Language): readonly Node[] {
  let at = 0;
  let depth = 0;
  /** In these a dot joins strings, and members stand behind an arrow. */
  const dotJoins = language === 'perl' || language === 'php';

  const isSign = (value: string, ahead = 0): boolean => {
    const token = tokens[at + ahead];
    return token?.kind === 'sign' && token.value === value;
  };
  const isName = (value: string): boolean => {
    const token = tokens[at];
    return token?.kind === 'name' && token.value === value;
  };
  const taken = (value: string): boolean => {
    if (!isSign(value)) return false;
    at++;
    return true;
  };
  const takenName = (): string | undefined => {
    const token = tokens[at];
    if (token?.kind !== 'name') return undefined;
    at++;
    return token.value;
  };

  const statements: Node[] = [];
  while (at < tokens.length) {
    const before = at;
    statements.push(expression());
    if (at === before) at++;
  }
  return statements;

  function expression(): Node {
    if (depth >= maxDepth) {
      at++;
      return unknown;
    }
    depth++;
    const node = assignment();
    depth--;
    return node;
  }

  function assignment(): Node {
    const left = binary(0);
    const token = tokens[at];
    const sign = token?.kind === 'sign' ? token.value : '';
    if (left.kind === 'name' && (sign === '=' || sign === '+=' || sign === '.=')) {
      at++;
      return { kind: 'assign', name: left.name, sign, value: expression() };
    }
    if (left.kind === 'name' && sign === '=>' && language === 'node') {
      at++;
      return { kind: 'lambda', names: [left.name], body: expression() };
    }
    return left;
  }

  function binary(level: number): Node {
    const signs = levels[level];
    if (signs === undefined) return postfix();
    let left = binary(level + 1);
    for (;;) {
      const token = tokens[at];
      const sign =
        token?.kind === 'sign' || (token?.kind === 'name' && token.value === 'x') ? token.value : '';
      if (!signs.includes(sign) || (sign === '.' && !dotJoins) || (sign === 'x' && language !== 'perl'))
        return left;
      at++;
      left = { kind: 'binary', sign, left, right: binary(level + 1) };
    }
  }

  function postfix(): Node {
    let node = primary();
    for (let links = 0; links < maxChain; links++) {
      if (isSign('->') || (isSign('::') && language !== 'python') || (isSign('.') && !dotJoins)) {
        at++;
        const name = takenName();
        if (name !== undefined) node = { kind: 'member', of: node, name };
      } else if (isSign('(') && node.kind !== 'value') {
        at++;
        node = { kind: 'call', of: node, args: listUntil(')') };
      } else if (isSign('[') && node.kind !== 'unknown') {
        at++;
        node = index(node);
      } else break;
    }
    return node;
  }

  function index(of: Node): Node {
    if (taken(']')) return of;
    const from = isSign(':') || isSign('::') ? undefined : expression();
    // `[::-1]` has its two colons in one sign.
    const both = taken('::');
    if (!both && !taken(':')) {
      taken(']');
      return { kind: 'index', of, from, slice: undefined };
    }
    const to = both || isSign(':') || isSign(']') ? undefined : expression();
    const step = (both || taken(':')) && !isSign(']') ? expression() : undefined;
    taken(']');
    return { kind: 'index', of, from, slice: { to, step } };
  }

  /** Elements up to the closing bracket or the end. */
  function listUntil(closer: string): Node[] {
    const items: Node[] = [];
    while (at < tokens.length && !taken(closer)) {
      const before = at;
      const item = expression();
      items.push(isName('for') ? each(item) : item);
      if (at === before) at++;
      if (!taken(',')) taken('=>');
    }
    return items;
  }

  /** Behind the body: `for name in over`, a condition left out. */
  function each(body: Node): Node {
    at++;
    const name = takenName() ?? '';
    if (isName('in')) at++;
    return { kind: 'each', body, name, over: expression() };
  }

  /** All nesting leads through here. */
  function primary(): Node {
    const token = tokens[at];
    if (token === undefined || depth >= maxDepth) {
      at++;
      return unknown;
    }
    depth++;
    const node = taking(token);
    depth--;
    return node;
  }

  function taking(token: Token): Node {
    switch (token.kind) {
      case 'string': {
        at++;
        if (token.runs) return { kind: 'shell', text: token.value };
        let { value, fills } = token;
        for (let next = tokens[at]; next?.kind === 'string' && !next.runs; next = tokens[++at]) {
          value += next.value;
          fills ??= next.fills;
        }
        return { kind: 'value', value, ...(fills !== undefined && { fills }) };
      }
      case 'number':
        at++;
        return { kind: 'value', value: token.value };
      case 'name':
        return named(token.value);
      case 'sign':
        return bracketed(token.value);
    }
  }

  function named(name: string): Node {
    at++;
    if (name === 'lambda') return lambda();
    if (name === 'new' || name === 'await') return postfix();
    if (name === 'map' && taken('{')) return mapped();
    const next = tokens[at];
    const isBare = next?.kind === 'string' || next?.kind === 'number' || next?.kind === 'name';
    if (!callsBare.has(name) || !isBare) return { kind: 'name', name };
    const args = [expression()];
    while (taken(',')) args.push(expression());
    return { kind: 'call', of: { kind: 'name', name }, args };
  }

  /** `lambda a, b: body`. */
  function lambda(): Node {
    const names: string[] = [];
    while (at < tokens.length && !taken(':')) {
      const name = takenName();
      if (name === undefined) at++;
      else names.push(name);
    }
    return { kind: 'lambda', names, body: expression() };
  }

  /** `map { chr($_) } LIST` of Perl. */
  function mapped(): Node {
    const body = expression();
    while (at < tokens.length && !taken('}')) at++;
    const items = [expression()];
    while (taken(',')) items.push(expression());
    return { kind: 'each', body, name: '$_', over: { kind: 'list', items } };
  }

  function bracketed(sign: string): Node {
    at++;
    if (sign === '-') {
      const right = postfix();
      return { kind: 'binary', sign: '-', left: { kind: 'value', value: 0 }, right };
    }
    // `b''` of a byte string's name, `&:chr` of Ruby: what stands behind counts.
    if (sign === '\\' || sign === '&' || sign === '!') return postfix();
    if (sign !== '(' && sign !== '[') return unknown;
    const start = at;
    const items = listUntil(sign === '(' ? ')' : ']');
    const [only] = items;
    const isGroup =
      sign === '(' && items.length === 1 && only !== undefined && only.kind !== 'each' && !hadComma(start);
    return isGroup ? only : items.length === 1 && only?.kind === 'each' ? only : { kind: 'list', items };
  }

  /** `('x',)` is a list of one. */
  function hadComma(start: number): boolean {
    const last = tokens[at - 2];
    return at - 2 > start && last?.kind === 'sign' && last.value === ',';
  }
}

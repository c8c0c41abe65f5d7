/** The part of Python that cells of visitors consist of, as trees. What is left out is a `Fault`. */
import { Fault, type Token, tokensOf } from './tokens.ts';

export type Expression =
  | { readonly kind: 'number'; readonly value: bigint | number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: string }
  /** Text and the expressions in it. */
  | { readonly kind: 'format'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | {
      readonly kind: 'call';
      readonly of: Expression;
      readonly args: readonly Expression[];
      readonly named: readonly (readonly [string, Expression])[];
    }
  | { readonly kind: 'item'; readonly of: Expression; readonly at: Expression }
  | { readonly kind: 'slice'; readonly parts: readonly (Expression | undefined)[] }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'unary'; readonly sign: string; readonly of: Expression }
  | {
      readonly kind: 'choice';
      readonly test: Expression;
      readonly then: Expression;
      readonly other: Expression;
    }
  | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly pairs: readonly (readonly [Expression, Expression])[] }
  | {
      readonly kind: 'each';
      readonly body: Expression;
      readonly target: Expression;
      readonly over: Expression;
      readonly tests: readonly Expression[];
    }
  | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly body: Expression };

export interface Parameter {
  readonly name: string;
  readonly initial: Expression | undefined;
}

export type Statement = { readonly line: number } & (
  | { readonly kind: 'expression'; readonly value: Expression }
  | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression }
  | {
      readonly kind: 'change';
      readonly target: Expression;
      readonly sign: string;
      readonly value: Expression;
    }
  /** A module, and the name that it gets: `import os.path` binds `os`. */
  | { readonly kind: 'import'; readonly modules: readonly (readonly [string, string | undefined])[] }
  | { readonly kind: 'from'; readonly module: string; readonly names: readonly (readonly [string, string])[] }
  | { readonly kind: 'if'; readonly test: Expression; readonly then: Block; readonly other: Block }
  | { readonly kind: 'for'; readonly target: Expression; readonly over: Expression; readonly body: Block }
  | { readonly kind: 'while'; readonly test: Expression; readonly body: Block }
  | {
      readonly kind: 'try';
      readonly body: Block;
      readonly handlers: readonly { readonly name: string | undefined; readonly body: Block }[];
      readonly last: Block;
    }
  | {
      readonly kind: 'with';
      readonly value: Expression;
      readonly target: Expression | undefined;
      readonly body: Block;
    }
  | {
      readonly kind: 'def';
      readonly name: string;
      readonly parameters: readonly Parameter[];
      readonly body: Block;
    }
  | { readonly kind: 'return'; readonly value: Expression | undefined }
  | { readonly kind: 'break' | 'continue' | 'pass' }
);

export type Block = readonly Statement[];

const maxDepth = 60;

const comparisons = ['==', '!=', '<', '>', '<=', '>=', 'in', 'not in', 'is', 'is not'];
/** From the loosest to the tightest. */
const levels: readonly (readonly string[])[] = [
  comparisons,
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%', '@'],
];
/** No names. */
const reserved = new Set(
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

/** @throws Fault */
export function parse(source: string): Block {
  const tokens = tokensOf(source);
  let at = 0;
  let depth = 0;

  const block: Statement[] = [];
  while (tokens[at]!.kind !== 'end') block.push(...statement());
  return block;

  function peek(ahead = 0): Token {
    return tokens[Math.min(at + ahead, tokens.length - 1)]!;
  }

  function is(text: string, ahead = 0): boolean {
    const token = peek(ahead);
    return (token.kind === 'sign' || token.kind === 'name') && token.text === text;
  }

  function taken(text: string): boolean {
    if (!is(text)) return false;
    at += 1;
    return true;
  }

  function expect(text: string): void {
    if (!taken(text)) throw fault();
  }

  function fault(): Fault {
    const token = peek();
    return new Fault('invalid syntax', token.line, token.kind === 'end');
  }

  function nested<T>(read: () => T): T {
    depth += 1;
    if (depth > maxDepth) throw new Fault('too many nested parentheses', peek().line);
    const result = read();
    depth -= 1;
    return result;
  }

  function name(): string {
    const token = peek();
    if (token.kind !== 'name' || reserved.has(token.text)) throw fault();
    at += 1;
    return token.text;
  }

  function statement(): Statement[] {
    const compound = nested(compoundStatement);
    if (compound !== undefined) return [compound];
    const simple = [simpleStatement()];
    while (taken(';')) if (peek().kind !== 'newline') simple.push(simpleStatement());
    if (peek().kind !== 'newline') throw fault();
    at += 1;
    return simple;
  }

  function suite(): Statement[] {
    expect(':');
    if (peek().kind !== 'newline') return statement();
    at += 1;
    if (peek().kind !== 'indent')
      throw new Fault('expected an indented block', peek().line, peek().kind === 'end');
    at += 1;
    const body: Statement[] = [];
    while (peek().kind !== 'dedent') body.push(...statement());
    at += 1;
    return body;
  }

  function compoundStatement(): Statement | undefined {
    const { line, text } = peek();
    if (peek().kind !== 'name') return undefined;
    switch (text) {
      case 'if':
        at += 1;
        return branch(line);
      case 'while':
        at += 1;
        return { kind: 'while', line, test: expression(), body: suite() };
      case 'for': {
        at += 1;
        const target = targets();
        expect('in');
        return { kind: 'for', line, target, over: expressions(), body: suite() };
      }
      case 'try':
        return tried(line);
      case 'with': {
        at += 1;
        const value = expression();
        const target = taken('as') ? postfix() : undefined;
        return { kind: 'with', line, value, target, body: suite() };
      }
      case 'def': {
        at += 1;
        const called = name();
        expect('(');
        const list = parameters(')');
        expect(')');
        if (taken('->')) expression();
        return { kind: 'def', line, name: called, parameters: list, body: suite() };
      }
      default:
        return undefined;
    }
  }

  function branch(line: number): Statement {
    const test = expression();
    const then = suite();
    const at = peek().line;
    const other = taken('elif') ? [branch(at)] : taken('else') ? suite() : [];
    return { kind: 'if', line, test, then, other };
  }

  function tried(line: number): Statement {
    at += 1;
    const body = suite();
    const handlers: { name: string | undefined; body: Block }[] = [];
    while (taken('except')) {
      if (!is(':')) expression();
      handlers.push({ name: taken('as') ? name() : undefined, body: suite() });
    }
    const more = taken('else') ? suite() : [];
    return { kind: 'try', line, body: [...body, ...more], handlers, last: taken('finally') ? suite() : [] };
  }

  function parameters(closer: string): Parameter[] {
    const list: Parameter[] = [];
    while (!is(closer)) {
      const called = name();
      if (closer === ')' && taken(':')) expression();
      list.push({ name: called, initial: taken('=') ? expression() : undefined });
      if (!taken(',')) break;
    }
    return list;
  }

  function simpleStatement(): Statement {
    const { line } = peek();
    if (taken('import')) return { kind: 'import', line, modules: imported() };
    if (taken('from')) return from(line);
    for (const kind of ['pass', 'break', 'continue'] as const) if (taken(kind)) return { kind, line };
    if (taken('global') || taken('nonlocal')) {
      name();
      while (taken(',')) name();
      return { kind: 'pass', line };
    }
    if (taken('return')) {
      const isBare = peek().kind === 'newline' || is(';');
      return { kind: 'return', line, value: isBare ? undefined : expressions() };
    }
    const first = expressions();
    const sign = peek().kind === 'sign' ? peek().text : '';
    if (sign.length > 1 && sign.endsWith('=') && !comparisons.includes(sign) && sign !== ':=') {
      at += 1;
      return { kind: 'change', line, target: first, sign: sign.slice(0, -1), value: expressions() };
    }
    if (!is('=')) return { kind: 'expression', line, value: first };
    const all = [first];
    while (taken('=')) all.push(expressions());
    return { kind: 'assign', line, targets: all.slice(0, -1), value: all.at(-1)! };
  }

  function dotted(): string {
    let whole = name();
    while (taken('.')) whole += `.${name()}`;
    return whole;
  }

  function imported(): [string, string | undefined][] {
    const modules: [string, string | undefined][] = [];
    do modules.push([dotted(), taken('as') ? name() : undefined]);
    while (taken(','));
    return modules;
  }

  function from(line: number): Statement {
    const module = dotted();
    expect('import');
    const inBrackets = taken('(');
    const names: [string, string][] = [];
    do {
      const one = taken('*') ? '*' : name();
      names.push([one, taken('as') ? name() : one]);
    } while (taken(','));
    if (inBrackets) expect(')');
    return { kind: 'from', line, module, names };
  }

  /** One, or a tuple without brackets. */
  function expressions(): Expression {
    const first = expression();
    if (!is(',')) return first;
    const items = [first];
    while (taken(',')) {
      if (peek().kind === 'newline' || is('=') || is(')')) break;
      items.push(expression());
    }
    return { kind: 'tuple', items };
  }

  function targets(): Expression {
    const items = [postfix()];
    while (taken(',')) items.push(postfix());
    return items.length === 1 ? items[0]! : { kind: 'tuple', items };
  }

  function expression(): Expression {
    return nested(() => {
      if (taken('lambda')) {
        const list = parameters(':');
        expect(':');
        return { kind: 'lambda', parameters: list, body: expression() };
      }
      const then = either();
      if (!taken('if')) return then;
      const test = either();
      expect('else');
      return { kind: 'choice', test, then, other: expression() };
    });
  }

  function either(): Expression {
    let left = both();
    while (taken('or')) left = { kind: 'binary', sign: 'or', left, right: both() };
    return left;
  }

  function both(): Expression {
    let left = negated();
    while (taken('and')) left = { kind: 'binary', sign: 'and', left, right: negated() };
    return left;
  }

  function negated(): Expression {
    return taken('not') ? { kind: 'unary', sign: 'not', of: nested(negated) } : operators(0);
  }

  function operators(level: number): Expression {
    const signs = levels[level];
    if (signs === undefined) return unary();
    let left = operators(level + 1);
    for (;;) {
      const found = operator(signs);
      if (found === undefined) return left;
      left = { kind: 'binary', sign: found, left, right: operators(level + 1) };
    }
  }

  function operator(signs: readonly string[]): string | undefined {
    const two = is('not') || is('is') ? `${peek().text} ${peek(1).text}` : '';
    if (signs.includes(two)) {
      at += 2;
      return two;
    }
    const token = peek();
    const isWord = token.kind === 'name' || token.kind === 'sign';
    if (!isWord || !signs.includes(token.text)) return undefined;
    at += 1;
    return token.text;
  }

  function unary(): Expression {
    for (const sign of ['-', '+', '~']) if (taken(sign)) return { kind: 'unary', sign, of: nested(unary) };
    const base = postfix();
    return taken('**') ? { kind: 'binary', sign: '**', left: base, right: nested(unary) } : base;
  }

  function postfix(): Expression {
    let node = primary();
    for (;;) {
      if (taken('.')) node = { kind: 'attribute', of: node, name: name() };
      else if (taken('(')) node = call(node);
      else if (taken('[')) {
        node = { kind: 'item', of: node, at: subscript() };
        expect(']');
      } else return node;
    }
  }

  function call(of: Expression): Expression {
    const args: Expression[] = [];
    const named: [string, Expression][] = [];
    while (!is(')')) {
      if (peek().kind === 'name' && is('=', 1)) {
        const called = name();
        at += 1;
        named.push([called, expression()]);
      } else if (!taken('*') && !taken('**')) args.push(each(expression()));
      if (!taken(',')) break;
    }
    expect(')');
    return { kind: 'call', of, args, named };
  }

  function subscript(): Expression {
    const parts: (Expression | undefined)[] = [];
    let isSlice = false;
    for (;;) {
      parts.push(is(':') || is(']') ? undefined : expression());
      if (!taken(':')) break;
      isSlice = true;
    }
    const [only] = parts;
    if (isSlice) return { kind: 'slice', parts };
    if (only === undefined) throw fault();
    return only;
  }

  function primary(): Expression {
    const token = peek();
    switch (token.kind) {
      case 'number':
        at += 1;
        return { kind: 'number', value: token.value };
      case 'string':
        return strings();
      case 'name':
        return { kind: 'name', name: name() };
      case 'sign':
        return nested(bracketed);
      default:
        throw fault();
    }
  }

  /** Those beside each other are one. */
  function strings(): Expression {
    const parts: (string | Expression)[] = [];
    let isBytes = false;
    for (let token = peek(); token.kind === 'string'; token = peek()) {
      isBytes ||= token.isBytes;
      parts.push(...(token.isFormat ? formatted(token.value, token.line) : [token.value]));
      at += 1;
    }
    if (parts.some((part) => typeof part !== 'string')) return { kind: 'format', parts };
    return { kind: isBytes ? 'bytes' : 'text', value: parts.join('') };
  }

  function bracketed(): Expression {
    if (taken('(')) {
      if (taken(')')) return { kind: 'tuple', items: [] };
      const first = each(expressions());
      expect(')');
      return first;
    }
    if (taken('[')) {
      if (taken(']')) return { kind: 'list', items: [] };
      const first = expression();
      const made = is('for') ? each(first) : ({ kind: 'list', items: rest(first, ']') } as const);
      expect(']');
      return made;
    }
    if (!taken('{')) throw fault();
    if (taken('}')) return { kind: 'dict', pairs: [] };
    const first = expression();
    if (!taken(':')) {
      const made: Expression = { kind: 'set', items: rest(first, '}') };
      expect('}');
      return made;
    }
    const pairs: [Expression, Expression][] = [[first, expression()]];
    while (taken(',') && !is('}')) {
      const key = expression();
      expect(':');
      pairs.push([key, expression()]);
    }
    expect('}');
    return { kind: 'dict', pairs };
  }

  function rest(first: Expression, closer: string): Expression[] {
    const items = [first];
    while (taken(',') && !is(closer)) items.push(expression());
    return items;
  }

  /** `body for target in over if test`, where it is one. */
  function each(body: Expression): Expression {
    if (!taken('for')) return body;
    const target = targets();
    expect('in');
    const over = either();
    const tests: Expression[] = [];
    while (taken('if')) tests.push(either());
    return { kind: 'each', body, target, over, tests };
  }
}

/** Text and expressions of `f'…{x!r:>5}…'`; how they are to look is left out. */
function formatted(text: string, line: number): (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{', at);
    if (open < 0) break;
    parts.push(text.slice(at, open).replaceAll('}}', '}'));
    if (text[open + 1] === '{') {
      parts.push('{');
      at = open + 2;
      continue;
    }
    const close = text.indexOf('}', open);
    if (close < 0) throw new Fault("f-string: expecting '}'", line);
    const inside = text.slice(open + 1, close).replace(/(?:![rsa])?(?::[^'"\]]*)?$/, '');
    const [statement] = parse(inside);
    if (statement?.kind !== 'expression') throw new Fault('f-string: invalid syntax', line);
    parts.push(statement.value);
    at = close + 1;
  }
  parts.push(text.slice(at).replaceAll('}}', '}'));
  return parts;
}

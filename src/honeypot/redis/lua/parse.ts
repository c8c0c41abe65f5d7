/**
 * Reads scripts in that part of Lua 5.1 that visitors use: all but functions with any number of arguments, and methods.
 * Deep nesting is refused in the words of Lua, whose own bound is 200 levels.
 */
import type { Block, Expression, FunctionExpression, Statement } from './syntax.ts';
import { LuaSyntaxError, type Token, tokens } from './tokens.ts';

/** LUAI_MAXCCALLS. */
const maxDepth = 200;

/** How tightly operators bind, to their left and to their right (lparser.c). */
const priorities: Readonly<Record<string, readonly [number, number]>> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
  '^': [10, 9],
};
const unaryPriority = 8;

/** @throws LuaSyntaxError */
export function parse(source: string, chunk: string): Block {
  const all = tokens(source, chunk);
  let at = 0;
  let depth = 0;

  const token = (): Token => all[at]!;
  const is = (text: string): boolean => {
    const { kind, text: found } = token();
    return found === text && (kind === 'symbol' || kind === 'keyword');
  };
  const accept = (text: string): boolean => {
    if (!is(text)) return false;
    at += 1;
    return true;
  };
  const fail = (problem: string): never => {
    throw new LuaSyntaxError(`${chunk}:${token().line}: ${problem} near '${token().text}'`);
  };
  const expect = (text: string): void => {
    if (!accept(text)) fail(`'${text}' expected`);
  };
  const nested = <T>(read: () => T): T => {
    depth += 1;
    if (depth > maxDepth)
      throw new LuaSyntaxError(`${chunk}:${token().line}: chunk has too many syntax levels`);
    const result = read();
    depth -= 1;
    return result;
  };
  const nameHere = (): string => {
    const { kind, text } = token();
    if (kind !== 'name') fail('<name> expected');
    at += 1;
    return text;
  };
  const list = <T>(read: () => T): T[] => {
    const items = [read()];
    while (accept(',')) items.push(read());
    return items;
  };
  const expressions = (): Expression[] => list(() => expression());

  function expression(least = 0): Expression {
    return nested(() => {
      let left = operand();
      for (;;) {
        const { text: operator, line, kind } = token();
        const priority = kind === 'symbol' || kind === 'keyword' ? priorities[operator] : undefined;
        if (priority === undefined || priority[0] <= least) return left;
        at += 1;
        left = { kind: 'binary', operator, left, right: expression(priority[1]), line };
      }
    });
  }

  function operand(): Expression {
    const { text, line } = token();
    for (const operator of ['not', '-', '#'])
      if (accept(operator)) return { kind: 'unary', operator, operand: expression(unaryPriority), line };
    const here = token();
    if (here.kind === 'number' || here.kind === 'string') {
      at += 1;
      return { kind: 'constant', value: here.kind === 'number' ? here.value : text };
    }
    if (accept('nil')) return { kind: 'constant', value: undefined };
    if (accept('true')) return { kind: 'constant', value: true };
    if (accept('false')) return { kind: 'constant', value: false };
    if (is('{')) return table();
    if (accept('function')) return callable(line);
    return suffixed();
  }

  /** What is behind `function`, or behind the name that it gives. */
  function callable(line: number): FunctionExpression {
    expect('(');
    const isEmpty = is(')');
    if (!isEmpty && token().kind !== 'name') fail("<name> or '...' expected");
    const parameters = isEmpty ? [] : list(nameHere);
    expect(')');
    return { kind: 'function', parameters, body: body(), line };
  }

  function primary(): Expression {
    const { line } = token();
    if (accept('(')) {
      const inner = expression();
      expect(')');
      return inner;
    }
    if (token().kind !== 'name') fail('unexpected symbol');
    return { kind: 'name', name: nameHere(), line };
  }

  function suffixed(): Expression {
    let of = primary();
    for (;;) {
      const { line, kind } = token();
      if (accept('.')) of = { kind: 'index', of, key: { kind: 'constant', value: nameHere() }, line };
      else if (accept('[')) {
        const key = expression();
        expect(']');
        of = { kind: 'index', of, key, line };
      } else if (accept(':')) of = { kind: 'call', of, method: nameHere(), args: args(), line };
      else if (is('(') || is('{') || kind === 'string') of = { kind: 'call', of, args: args(), line };
      else return of;
    }
  }

  function args(): Expression[] {
    const here = token();
    if (here.kind === 'string') {
      at += 1;
      return [{ kind: 'constant', value: here.text }];
    }
    if (is('{')) return [table()];
    if (!accept('(')) fail('function arguments expected');
    if (accept(')')) return [];
    const given = expressions();
    expect(')');
    return given;
  }

  function table(): Expression {
    expect('{');
    const entries: [Expression | undefined, Expression][] = [];
    while (!is('}')) {
      const next = all[at + 1];
      if (token().kind === 'name' && next?.kind === 'symbol' && next.text === '=') {
        const key = { kind: 'constant', value: nameHere() } as const;
        expect('=');
        entries.push([key, expression()]);
      } else if (accept('[')) {
        const key = expression();
        expect(']');
        expect('=');
        entries.push([key, expression()]);
      } else entries.push([undefined, expression()]);
      if (!accept(',') && !accept(';')) break;
    }
    expect('}');
    return { kind: 'table', entries };
  }

  const isBlockEnd = (): boolean =>
    token().kind === 'end' || ['end', 'else', 'elseif', 'until'].some((word) => is(word));

  function block(): Block {
    return nested(() => {
      const statements: Statement[] = [];
      while (!isBlockEnd()) {
        const last = statement();
        statements.push(last);
        accept(';');
        if (last.kind === 'return' || last.kind === 'break') break;
      }
      return statements;
    });
  }

  function body(word = 'end'): Block {
    const statements = block();
    expect(word);
    return statements;
  }

  function statement(): Statement {
    const { line } = token();
    if (accept('local')) {
      if (accept('function')) return { kind: 'function', name: nameHere(), value: callable(line) };
      const names = list(nameHere);
      return { kind: 'local', names, values: accept('=') ? expressions() : [] };
    }
    if (accept('return')) return { kind: 'return', values: isBlockEnd() || is(';') ? [] : expressions() };
    if (accept('break')) return { kind: 'break' };
    if (accept('do')) return { kind: 'do', body: body() };
    if (accept('if')) return condition();
    if (accept('while')) {
      const test = expression();
      expect('do');
      return { kind: 'while', condition: test, body: body() };
    }
    if (accept('repeat')) {
      const repeated = body('until');
      return { kind: 'repeat', condition: expression(), body: repeated };
    }
    if (accept('for')) return loop(line);
    if (accept('function')) {
      let target: Expression = { kind: 'name', name: nameHere(), line };
      while (accept('.'))
        target = { kind: 'index', of: target, key: { kind: 'constant', value: nameHere() }, line };
      return { kind: 'assign', targets: [target], values: [callable(line)], line };
    }
    const first = suffixed();
    if (first.kind === 'call' && !is('=') && !is(',')) return { kind: 'call', call: first };
    const targets = [first];
    while (accept(',')) targets.push(suffixed());
    if (targets.some(({ kind }) => kind !== 'name' && kind !== 'index')) fail('syntax error');
    expect('=');
    return { kind: 'assign', targets, values: expressions(), line };
  }

  function condition(): Statement {
    const branches: [Expression | undefined, Block][] = [];
    do {
      const test = expression();
      expect('then');
      branches.push([test, block()]);
    } while (accept('elseif'));
    if (accept('else')) branches.push([undefined, block()]);
    expect('end');
    return { kind: 'if', branches };
  }

  function loop(line: number): Statement {
    const names = list(nameHere);
    if (names.length === 1 && accept('=')) {
      const bounds = expressions();
      if (bounds.length < 2 || bounds.length > 3) fail("',' expected");
      expect('do');
      return { kind: 'count', name: names[0]!, bounds, body: body(), line };
    }
    if (!accept('in')) fail("'=' or 'in' expected");
    const sources = expressions();
    expect('do');
    return { kind: 'each', names, list: sources, body: body(), line };
  }

  const main = block();
  if (token().kind !== 'end') fail("'<eof>' expected");
  return main;
}

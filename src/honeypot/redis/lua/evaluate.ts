/** Runs a script, in so many steps at most. */
import { setImmediate } from 'node:timers/promises';
import type { Block, Expression, FunctionExpression, Statement } from './syntax.ts';
import { LuaError, type LuaFunction, LuaTable, type LuaValue, numberIn, textOf, typeOf } from './values.ts';

export interface Script {
  readonly globals: ReadonlyMap<string, LuaValue>;
  /** Where an error is told to be: `user_script`. */
  readonly chunk: string;
  /** Looked up where a text is indexed: `("x"):rep(3)`. */
  readonly texts: LuaTable;
}

const maxSteps = 50_000;
const maxDepth = 150;
/** Bytes of one text. */
const maxText = 1 << 20;

class Scope {
  private readonly values = new Map<string, LuaValue>();
  private readonly outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.outer = outer;
  }

  find(name: string): Map<string, LuaValue> | undefined {
    return this.values.has(name) ? this.values : this.outer?.find(name);
  }

  declare(name: string, value: LuaValue): void {
    this.values.set(name, value);
  }
}

/** How a block ended. */
type End = { readonly kind: 'return'; readonly values: LuaValue[] } | { readonly kind: 'break' } | undefined;

/** @returns what the script returns. @throws LuaError */
export async function evaluate(main: Block, { globals, chunk, texts }: Script): Promise<LuaValue[]> {
  let steps = maxSteps;
  let depth = 0;

  const fail = (problem: string, line: number): LuaError =>
    new LuaError(`${chunk}:${line}: ${problem}`, 'plain', line);

  /** Others have their turn now and then. */
  async function step(): Promise<void> {
    steps -= 1;
    if (steps < 0) throw new LuaError('Script killed by user with SCRIPT KILL.');
    if (steps % 500 === 0) await setImmediate();
  }

  async function run(block: Block, scope: Scope): Promise<End> {
    for (const statement of block) {
      await step();
      const end = await perform(statement, scope);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  async function perform(statement: Statement, scope: Scope): Promise<End> {
    switch (statement.kind) {
      case 'local': {
        const values = await all(statement.values, scope);
        for (const [index, name] of statement.names.entries()) scope.declare(name, values[index]);
        return undefined;
      }
      case 'assign': {
        const values = await all(statement.values, scope);
        for (const [index, target] of statement.targets.entries())
          await assign(target, values[index], scope, statement.line);
        return undefined;
      }
      case 'function':
        scope.declare(statement.name, callable(statement.value, scope));
        return undefined;
      case 'call':
        await results(statement.call, scope);
        return undefined;
      case 'if':
        for (const [condition, body] of statement.branches)
          if (condition === undefined || isTrue(await value(condition, scope)))
            return run(body, new Scope(scope));
        return undefined;
      case 'while':
      case 'repeat':
      case 'count':
      case 'each':
        return loop(statement, scope);
      case 'do':
        return run(statement.body, new Scope(scope));
      case 'break':
        return { kind: 'break' };
      case 'return':
        return { kind: 'return', values: await all(statement.values, scope) };
    }
  }

  async function loop(
    statement: Extract<Statement, { readonly kind: 'while' | 'repeat' | 'count' | 'each' }>,
    scope: Scope,
  ): Promise<End> {
    for await (const inner of rounds(statement, scope)) {
      await step();
      const end = await run(statement.body, inner);
      if (end?.kind === 'break') return undefined;
      if (end !== undefined) return end;
      if (statement.kind === 'repeat' && isTrue(await value(statement.condition, inner))) return undefined;
    }
    return undefined;
  }

  /** A scope for each time that the body is run. */
  async function* rounds(
    statement: Extract<Statement, { readonly kind: 'while' | 'repeat' | 'count' | 'each' }>,
    scope: Scope,
  ): AsyncGenerator<Scope> {
    if (statement.kind === 'repeat') {
      for (;;) yield new Scope(scope);
    } else if (statement.kind === 'while') {
      while (isTrue(await value(statement.condition, scope))) yield new Scope(scope);
      return;
    }
    const inner = (names: readonly string[], values: readonly LuaValue[]): Scope => {
      const made = new Scope(scope);
      for (const [index, name] of names.entries()) made.declare(name, values[index]);
      return made;
    };
    if (statement.kind === 'count') {
      const [from, to, step = 1] = (await all(statement.bounds, scope)).map(numberIn);
      if (from === undefined || to === undefined)
        throw fail(
          `'for' ${from === undefined ? 'initial value' : 'limit'} must be a number`,
          statement.line,
        );
      for (let at = from; step > 0 ? at <= to : at >= to; at += step) yield inner([statement.name], [at]);
      return;
    }
    const [next, state, first] = await all(statement.list, scope);
    if (typeof next !== 'function') throw fail(`attempt to call a ${typeOf(next)} value`, statement.line);
    let control = first;
    for (;;) {
      const values = await next(state, control);
      if (values[0] === undefined) return;
      control = values[0];
      yield inner(statement.names, values);
    }
  }

  async function assign(target: Expression, assigned: LuaValue, scope: Scope, line: number): Promise<void> {
    if (target.kind === 'name') {
      const found = scope.find(target.name);
      if (found === undefined) throw fail('Attempt to modify a readonly table', line);
      found.set(target.name, assigned);
    } else if (target.kind === 'index') {
      const of = await value(target.of, scope);
      if (!(of instanceof LuaTable)) throw fail(`attempt to index ${described(target.of, of, scope)}`, line);
      of.set(await value(target.key, scope), assigned);
    }
  }

  /** Values of a list, of which only the last may be several or none. */
  async function all(expressions: readonly Expression[], scope: Scope): Promise<LuaValue[]> {
    const values: LuaValue[] = [];
    for (const [index, expression] of expressions.entries()) {
      const several = await results(expression, scope);
      if (index === expressions.length - 1) values.push(...several);
      else values.push(several[0]);
    }
    return values;
  }

  async function value(expression: Expression, scope: Scope): Promise<LuaValue> {
    return (await results(expression, scope))[0];
  }

  async function results(expression: Expression, scope: Scope): Promise<LuaValue[]> {
    depth += 1;
    if (depth > maxDepth) throw new LuaError('stack overflow');
    try {
      return await compute(expression, scope);
    } finally {
      depth -= 1;
    }
  }

  async function compute(expression: Expression, scope: Scope): Promise<LuaValue[]> {
    switch (expression.kind) {
      case 'constant':
        return [expression.value];
      case 'name':
        return [named(expression.name, expression.line, scope)];
      case 'index': {
        const of = await value(expression.of, scope);
        const key = await value(expression.key, scope);
        return [indexed(of, key, () => described(expression.of, of, scope), expression.line)];
      }
      case 'call':
        return call(expression, scope);
      case 'function':
        return [callable(expression, scope)];
      case 'table': {
        const table = new LuaTable();
        let index = 1;
        for (const [at, [key, entry]] of expression.entries.entries()) {
          const isLast = at === expression.entries.length - 1;
          if (key !== undefined) table.set(await value(key, scope), await value(entry, scope));
          else {
            const several = await results(entry, scope);
            for (const one of isLast
              ? several
              : several.slice(0, 1).concat(several.length ? [] : [undefined])) {
              table.set(index, one);
              index += 1;
            }
          }
        }
        return [table];
      }
      case 'unary':
        return [unary(expression, await value(expression.operand, scope), scope)];
      case 'binary':
        return [await binary(expression, scope)];
    }
  }

  /** Steps of its calls are steps of the script. */
  function callable({ parameters, body }: FunctionExpression, scope: Scope): LuaFunction {
    return async (...args) => {
      const inner = new Scope(scope);
      for (const [index, name] of parameters.entries()) inner.declare(name, args[index]);
      const end = await run(body, inner);
      return end?.kind === 'return' ? end.values : [];
    };
  }

  function named(name: string, line: number, scope: Scope): LuaValue {
    const found = scope.find(name);
    if (found !== undefined) return found.get(name);
    if (!globals.has(name)) throw missing(name, line);
    return globals.get(name);
  }

  function missing(name: string, line: number): LuaError {
    return fail(`Script attempted to access nonexistent global variable '${name}'`, line);
  }

  function indexed(of: LuaValue, key: LuaValue, described: () => string, line: number): LuaValue {
    if (of instanceof LuaTable) {
      const found = of.get(key);
      if (found === undefined && of.isClosed) throw missing(textOf(key), line);
      return found;
    }
    if (typeof of === 'string') return texts.get(key);
    throw fail(`attempt to index ${described()}`, line);
  }

  async function call(
    expression: Extract<Expression, { readonly kind: 'call' }>,
    scope: Scope,
  ): Promise<LuaValue[]> {
    const { method, line } = expression;
    const of = await value(expression.of, scope);
    const args = await all(expression.args, scope);
    const callee =
      method === undefined ? of : indexed(of, method, () => described(expression.of, of, scope), line);
    if (typeof callee !== 'function') {
      const what =
        method === undefined
          ? described(expression.of, callee, scope)
          : `method '${method}' (a ${typeOf(callee)} value)`;
      throw fail(`attempt to call ${what}`, line);
    }
    await step();
    try {
      return await callee(...(method === undefined ? args : [of, ...args]));
    } catch (error) {
      if (error instanceof LuaError && error.kind === 'unplaced') throw fail(error.message, line);
      if (error instanceof LuaError) error.line ??= line;
      throw error;
    }
  }

  function unary(
    { operator, operand, line }: Extract<Expression, { readonly kind: 'unary' }>,
    of: LuaValue,
    scope: Scope,
  ): LuaValue {
    if (operator === 'not') return !isTrue(of);
    if (operator === '#') {
      if (typeof of === 'string') return of.length;
      if (of instanceof LuaTable) return of.list.length;
      throw fail(`attempt to get length of ${described(operand, of, scope)}`, line);
    }
    const number = numberIn(of);
    if (number === undefined)
      throw fail(`attempt to perform arithmetic on ${described(operand, of, scope)}`, line);
    return -number;
  }

  async function binary(
    { operator, left, right, line }: Extract<Expression, { readonly kind: 'binary' }>,
    scope: Scope,
  ): Promise<LuaValue> {
    const a = await value(left, scope);
    if (operator === 'and') return isTrue(a) ? value(right, scope) : a;
    if (operator === 'or') return isTrue(a) ? a : value(right, scope);
    const b = await value(right, scope);
    if (operator === '==') return a === b;
    if (operator === '~=') return a !== b;
    const wrong = (isRight: (one: LuaValue) => boolean): string =>
      isRight(a) ? described(right, b, scope) : described(left, a, scope);
    if (operator === '..') {
      const isText = (one: LuaValue): boolean => typeof one === 'string' || typeof one === 'number';
      if (!isText(a) || !isText(b)) throw fail(`attempt to concatenate ${wrong(isText)}`, line);
      const text = textOf(a) + textOf(b);
      if (text.length > maxText) throw new LuaError('not enough memory');
      return text;
    }
    if (/^[<>]/.test(operator)) {
      if (typeof a !== typeof b || (typeof a !== 'number' && typeof a !== 'string'))
        throw fail(
          typeOf(a) === typeOf(b)
            ? `attempt to compare two ${typeOf(a)} values`
            : `attempt to compare ${typeOf(a)} with ${typeOf(b)}`,
          line,
        );
      return compared(operator, a as number, b as number);
    }
    const [x, y] = [numberIn(a), numberIn(b)];
    if (x === undefined || y === undefined)
      throw fail(`attempt to perform arithmetic on ${wrong((one) => numberIn(one) !== undefined)}`, line);
    return arithmetic(operator, x, y);
  }

  /** As Lua names a value in its complaints: `local 'x' (a nil value)`. */
  function described(expression: Expression, of: LuaValue, scope: Scope): string {
    const type = `a ${typeOf(of)} value`;
    if (expression.kind === 'name')
      return `${scope.find(expression.name) === undefined ? 'global' : 'local'} '${expression.name}' (${type})`;
    if (expression.kind === 'index' && expression.key.kind === 'constant')
      return `field '${textOf(expression.key.value)}' (${type})`;
    return type;
  }

  const end = await run(main, new Scope());
  return end?.kind === 'return' ? end.values : [];
}

function isTrue(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}

function compared(operator: string, a: number, b: number): boolean {
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function arithmetic(operator: string, x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x - Math.floor(x / y) * y;
    default:
      return x ** y;
  }
}

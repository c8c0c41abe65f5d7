/**
 * Runs a cell: its statements one after another, with all that steps, depth and time allow. What commands, files and
 * addresses do goes to the emulated machine; what is not known here comes to nothing, as most of a program does.
 */
import { builtins } from './builtins.ts';
import { memberOf } from './members.ts';
import { elementsOf, operate } from './operate.ts';
import type { Block, Expression, Parameter, Statement } from './syntax.ts';
import {
  type Callable,
  callable,
  dictOf,
  isList,
  isTrue,
  isUnknown,
  listOf,
  Raised,
  reprOf,
  textOf,
  typeOf,
  unknown,
  type Value,
} from './value.ts';

/** What a program sees of the world beside itself. */
export interface Surroundings {
  print(text: string): void;
  /** @returns undefined where there is none of that name */
  module(name: string): Value | undefined;
  /** Beside Python's own: `open`, `exec`, `get_ipython`. */
  readonly functions: ReadonlyMap<string, Value>;
}

/** Steps of a cell; functions inside each other. */
const maxSteps = 200_000;
const maxDepth = 40;
/** Steps after which others run. */
const turn = 5000;

/** What ends a loop or a function. */
class Jump extends Error {
  readonly what: 'break' | 'continue' | 'return';
  readonly value: Value;

  constructor(what: Jump['what'], value: Value = null) {
    super(what);
    this.what = what;
    this.value = value;
  }
}

export interface Evaluation {
  /** Of the last statement, where that is an expression. */
  readonly result: Value | undefined;
}

type Scope = Map<string, Value>;

/** Told of the line that is about to run. */
export type Tracer = (line: number) => void;

/** @throws Raised */
export async function evaluate(
  block: Block,
  globals: Scope,
  surroundings: Surroundings,
  trace: Tracer,
): Promise<Evaluation> {
  let steps = 0;
  let depth = 0;
  const own = builtins(surroundings.print);
  let result: Value | undefined;
  try {
    for (const statement of block) {
      result = undefined;
      trace(statement.line);
      if (statement.kind === 'expression') result = await value(statement.value, globals);
      else await run(statement, globals);
    }
  } catch (error) {
    if (error instanceof Jump)
      throw new Raised(
        'SyntaxError',
        `'${error.what}' outside ${error.what === 'return' ? 'function' : 'loop'}`,
      );
    throw error;
  }
  return { result };

  async function step(): Promise<void> {
    steps += 1;
    if (steps > maxSteps) throw new Raised('KeyboardInterrupt', '');
    if (steps % turn === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  async function runAll(statements: Block, scope: Scope): Promise<void> {
    for (const statement of statements) await run(statement, scope);
  }

  async function run(statement: Statement, scope: Scope): Promise<void> {
    await step();
    switch (statement.kind) {
      case 'expression':
        await value(statement.value, scope);
        return;
      case 'assign': {
        const assigned = await value(statement.value, scope);
        for (const target of statement.targets) await assign(target, assigned, scope);
        return;
      }
      case 'change': {
        const before = await value(statement.target, scope);
        const after = operate(statement.sign, before, await value(statement.value, scope));
        return assign(statement.target, after, scope);
      }
      case 'import':
        for (const [module, name] of statement.modules) {
          const found = imported(module);
          scope.set(
            name ?? module.split('.')[0]!,
            name === undefined ? imported(module.split('.')[0]!) : found,
          );
        }
        return;
      case 'from': {
        const module = imported(statement.module);
        for (const [name, as] of statement.names)
          if (name !== '*') scope.set(as, memberOf(module, name) ?? unknown);
          else if (typeOf(module) === 'module' && 'members' in (module as object))
            for (const [one, member] of Object.entries((module as { members: object }).members))
              scope.set(one, member);
        return;
      }
      case 'if':
        return runAll(isTrue(await value(statement.test, scope)) ? statement.then : statement.other, scope);
      case 'for':
        for (const element of elementsOf(await value(statement.over, scope))) {
          await assign(statement.target, element, scope);
          if (await loopBody(statement.body, scope)) break;
        }
        return;
      case 'while':
        for (;;) {
          const test = await value(statement.test, scope);
          // Whether it would ever end nobody knows: once, then on.
          if (!isTrue(test) || (await loopBody(statement.body, scope)) || isUnknown(test)) return;
        }
      case 'try':
        return tried(statement, scope);
      case 'with': {
        const opened = await value(statement.value, scope);
        if (statement.target !== undefined) await assign(statement.target, opened, scope);
        return runAll(statement.body, scope);
      }
      case 'def':
        scope.set(
          statement.name,
          defined(statement.name, statement.parameters, scope, async (inner) => {
            await runAll(statement.body, inner);
            return null;
          }),
        );
        return;
      case 'return':
        throw new Jump('return', statement.value === undefined ? null : await value(statement.value, scope));
      case 'break':
      case 'continue':
        throw new Jump(statement.kind);
      case 'pass':
        return;
    }
  }

  /** @returns whether the loop is over */
  async function loopBody(body: Block, scope: Scope): Promise<boolean> {
    await step();
    try {
      await runAll(body, scope);
    } catch (error) {
      if (!(error instanceof Jump) || error.what === 'return') throw error;
      return error.what === 'break';
    }
    return false;
  }

  async function tried(statement: Statement & { kind: 'try' }, scope: Scope): Promise<void> {
    try {
      await runAll(statement.body, scope);
    } catch (error) {
      const [handler] = statement.handlers;
      if (!(error instanceof Raised) || isEnd(error) || handler === undefined) throw error;
      if (handler.name !== undefined) scope.set(handler.name, error.message);
      await runAll(handler.body, scope);
    } finally {
      await runAll(statement.last, scope);
    }
  }

  function imported(module: string): Value {
    const found = surroundings.module(module);
    if (found === undefined) throw new Raised('ModuleNotFoundError', `No module named '${module}'`);
    return found;
  }

  function defined(
    name: string,
    parameters: readonly Parameter[],
    scope: Scope,
    body: (inner: Scope) => Promise<Value>,
  ): Callable {
    return callable(name, async (args, named) => {
      depth += 1;
      if (depth > maxDepth) throw new Raised('RecursionError', 'maximum recursion depth exceeded');
      // Names that are not its own are looked up where it was made.
      const inner: Scope = new Map(scope);
      for (const [at, parameter] of parameters.entries()) {
        const given = args[at] ?? named.get(parameter.name);
        inner.set(
          parameter.name,
          given ?? (parameter.initial === undefined ? unknown : await value(parameter.initial, scope)),
        );
      }
      try {
        return await body(inner);
      } catch (error) {
        if (error instanceof Jump && error.what === 'return') return error.value;
        throw error;
      } finally {
        depth -= 1;
      }
    });
  }

  async function assign(target: Expression, assigned: Value, scope: Scope): Promise<void> {
    switch (target.kind) {
      case 'name':
        scope.set(target.name, assigned);
        return;
      case 'tuple':
      case 'list': {
        const elements = isUnknown(assigned) ? [] : elementsOf(assigned);
        for (const [at, one] of target.items.entries()) await assign(one, elements[at] ?? unknown, scope);
        return;
      }
      case 'item': {
        const whole = await value(target.of, scope);
        const key = await value(target.at, scope);
        if (typeof whole !== 'object' || whole === null) return;
        if ('pairs' in whole) whole.pairs.set(reprOf(key), [key, assigned]);
        else if (isList(whole) && typeof key === 'bigint' && whole.items.at(Number(key)) !== undefined)
          whole.items[Number(key) < 0 ? whole.items.length + Number(key) : Number(key)] = assigned;
        return;
      }
      default:
        return;
    }
  }

  async function value(node: Expression, scope: Scope): Promise<Value> {
    await step();
    switch (node.kind) {
      case 'number':
      case 'text':
        return node.value;
      case 'bytes':
        return Buffer.from(node.value, 'latin1');
      case 'format': {
        let text = '';
        for (const part of node.parts)
          text += typeof part === 'string' ? part : textOf(await value(part, scope));
        return text;
      }
      case 'name':
        return named(node.name, scope);
      case 'attribute': {
        const of = await value(node.of, scope);
        const member = memberOf(of, node.name);
        if (member === undefined) throw noAttribute(of, node.name);
        return member;
      }
      case 'call':
        return called(node, scope);
      case 'item':
        return item(await value(node.of, scope), node.at, scope);
      case 'slice':
        return unknown;
      case 'binary':
        return binary(node, scope);
      case 'unary': {
        const of = await value(node.of, scope);
        if (node.sign === 'not') return !isTrue(of);
        return node.sign === '-' ? operate('-', 0n, of) : of;
      }
      case 'choice':
        return value(isTrue(await value(node.test, scope)) ? node.then : node.other, scope);
      case 'list':
      case 'tuple':
      case 'set':
        return listOf(await all(node.items, scope), node.kind);
      case 'dict': {
        const pairs: [Value, Value][] = [];
        for (const [key, one] of node.pairs) pairs.push([await value(key, scope), await value(one, scope)]);
        return dictOf(pairs);
      }
      case 'each': {
        const items: Value[] = [];
        const inner: Scope = new Map(scope);
        for (const element of elementsOf(await value(node.over, scope))) {
          await assign(node.target, element, inner);
          const tests = await all(node.tests, inner);
          if (tests.every(isTrue)) items.push(await value(node.body, inner));
        }
        return listOf(items);
      }
      case 'lambda':
        return defined('<lambda>', node.parameters, scope, (inner) => value(node.body, inner));
    }
  }

  async function all(nodes: readonly Expression[], scope: Scope): Promise<Value[]> {
    const values: Value[] = [];
    for (const node of nodes) values.push(await value(node, scope));
    return values;
  }

  function named(name: string, scope: Scope): Value {
    const found = scope.get(name) ?? globals.get(name) ?? surroundings.functions.get(name) ?? own.get(name);
    if (found === undefined && !scope.has(name))
      throw new Raised('NameError', `name '${name}' is not defined`);
    return found ?? null;
  }

  async function called(node: Expression & { kind: 'call' }, scope: Scope): Promise<Value> {
    const of = await value(node.of, scope);
    const args = await all(node.args, scope);
    const names = new Map<string, Value>();
    for (const [name, one] of node.named) names.set(name, await value(one, scope));
    if (isUnknown(of)) return unknown;
    if (typeof of !== 'object' || of === null || !('call' in of))
      throw new Raised('TypeError', `'${typeOf(of)}' object is not callable`);
    return of.call(args, names);
  }

  async function binary(node: Expression & { kind: 'binary' }, scope: Scope): Promise<Value> {
    const left = await value(node.left, scope);
    if (node.sign === 'and') return isTrue(left) ? value(node.right, scope) : left;
    if (node.sign === 'or') return isTrue(left) && !isUnknown(left) ? left : value(node.right, scope);
    return operate(node.sign, left, await value(node.right, scope));
  }

  async function item(of: Value, at: Expression, scope: Scope): Promise<Value> {
    if (isUnknown(of)) return unknown;
    if (at.kind === 'slice')
      return sliced(of, await Promise.all(at.parts.map((part) => part && value(part, scope))));
    const key = await value(at, scope);
    if (isUnknown(key)) return unknown;
    if (typeof of === 'object' && of !== null && 'pairs' in of) {
      const found = of.pairs.get(reprOf(key));
      if (found === undefined) throw new Raised('KeyError', reprOf(key));
      return found[1];
    }
    if (typeof key !== 'bigint' || !(typeof of === 'string' || Buffer.isBuffer(of) || isList(of)))
      throw new Raised('TypeError', `'${typeOf(of)}' object is not subscriptable`);
    const found = elementsOf(of).at(Number(key));
    if (found === undefined)
      throw new Raised('IndexError', `${typeOf(of) === 'str' ? 'string' : typeOf(of)} index out of range`);
    return found;
  }
}

/** What `except Exception` lets pass. */
function isEnd({ type }: Raised): boolean {
  return type === 'KeyboardInterrupt' || type === 'SystemExit';
}

function sliced(of: Value, [from, to, by]: readonly (Value | undefined)[]): Value {
  const number = (one: Value | undefined): number | undefined =>
    typeof one === 'bigint' ? Number(one) : undefined;
  const stride = number(by) ?? 1;
  const cut = <T extends Value>(elements: readonly T[]): T[] => {
    if (stride >= 0) {
      const part = elements.slice(number(from) ?? 0, number(to));
      return stride > 1 ? part.filter((_, at) => at % stride === 0) : part;
    }
    const last = number(from) ?? elements.length - 1;
    const part = elements.slice(
      to === undefined || to === null ? 0 : number(to)! + 1,
      last < 0 ? elements.length + last + 1 : last + 1,
    );
    return part.reverse().filter((_, at) => at % -stride === 0);
  };
  if (typeof of === 'string') return cut([...of]).join('');
  if (Buffer.isBuffer(of)) return Buffer.from(cut([...of].map(BigInt)).map(Number));
  return isList(of) ? listOf(cut(of.items), of.kind) : unknown;
}

function noAttribute(of: Value, name: string): Raised {
  const module =
    typeof of === 'object' && of !== null && 'repr' in of
      ? /^<module '([^']+)'/.exec(of.repr)?.[1]
      : undefined;
  return new Raised(
    'AttributeError',
    module === undefined
      ? `'${typeOf(of)}' object has no attribute '${name}'`
      : `module '${module}' has no attribute '${name}'`,
  );
}

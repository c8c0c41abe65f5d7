/** Makes functions of expressions: what is wrong with names and types is told before anything runs. */
import { failures, PgError } from '../failure.ts';
import type { Expression, TypeName } from '../sql/ast.ts';
import {
  arrayOf,
  input,
  isList,
  isNumber,
  isText,
  modified,
  type Type,
  typeNamed,
  types,
  type Value,
} from '../types.ts';
import type { Context } from './context.ts';
import { findFunction } from './functions/find.ts';
import { commonType, compare, converted, operation } from './operators.ts';
import { nameOfOid, resolveName } from './resolve.ts';
import { type Environment, findColumn, relationOf, type Scope, type Visible, valueAt } from './scope.ts';
import { compileSelect } from './select.ts';

export interface Compiled {
  readonly type: Type;
  run(environment: Environment): Value | Promise<Value>;
  /** A text whose type is still open. */
  readonly literal?: { readonly text: string | null; readonly position: number };
  /** A parameter whose type is still open. */
  readonly parameter?: number;
  /** The same for all rows. */
  readonly isConstant?: boolean;
}

/** What is made of constants is one, and found before there are rows. */
function folded(made: Compiled, from: readonly Compiled[], { constants }: Context): Compiled {
  if (!from.every(({ isConstant }) => isConstant === true)) return made;
  for (const one of from) constants.delete(one.run);
  let known: { readonly value: Value } | undefined;
  const run = async (environment: Environment): Promise<Value> => {
    known ??= { value: await made.run(environment) };
    return known.value;
  };
  constants.add(run);
  return { ...made, run, isConstant: true };
}

/** Where aggregates of a query are collected while its expressions are made. */
export interface Grouping {
  /** Whether a column is the same in all rows of a group. */
  isGrouped(index: number): boolean;
  /** The same expression stands in GROUP BY. */
  has(expression: Expression): boolean;
  /** What the group's rows are made of. */
  readonly inner: Scope;
  readonly aggregates: Aggregated[];
}

export interface Aggregated {
  readonly name: string;
  readonly args: readonly Compiled[];
  readonly isDistinct: boolean;
  readonly isStar: boolean;
}

export interface Compiler {
  readonly context: Context;
  readonly scope: Scope;
  readonly grouping?: Grouping;
}

export const aggregateNames: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'string_agg',
  'array_agg',
  'bool_and',
  'bool_or',
  'every',
]);

/** @throws PgError */
export function compile(expression: Expression, compiler: Compiler): Compiled {
  const { context, scope } = compiler;
  const { position } = expression;
  if (compiler.grouping?.has(expression) === true) return compile(expression, { context, scope });
  const inner = (one: Expression): Compiled => compile(one, compiler);
  switch (expression.kind) {
    case 'constant':
      return constant(expression.value, expression.type, position);
    case 'parameter': {
      const index = expression.index - 1;
      if (index < 0 || index >= context.mostParams)
        throw new PgError(
          '42P02',
          `there is no parameter $${expression.index}`,
          context.mostParams === 0
            ? 'parse_expr.c:838:transformParamRef'
            : 'parse_param.c:149:variable_paramref_hook',
          { position },
        );
      const type = context.paramTypes[index] ?? types.unknown;
      context.paramTypes[index] = type;
      return {
        type,
        run: () => context.params[index] ?? null,
        ...(type === types.unknown && { parameter: index }),
      };
    }
    case 'column': {
      const relation = relationOf(scope, expression.names);
      if (relation !== undefined) return { type: types.oid, run: () => relation };
      const found = findColumn(scope, expression.names, position);
      if (compiler.grouping !== undefined && found.depth === 0 && !compiler.grouping.isGrouped(found.index))
        throw ungrouped(found.column, position);
      return { type: found.column.type, run: (environment) => valueAt(found, environment) };
    }
    case 'star':
      throw failures.syntax('*', position);
    case 'call':
      return call(expression, compiler);
    case 'cast':
      return cast(inner(expression.of), expression.to, context, position);
    case 'unary':
      return unary(expression.operator, inner(expression.operand), context, position);
    case 'binary':
      return binary(expression.operator, inner(expression.left), inner(expression.right), context, position);
    case 'logic': {
      const [left, right] = [
        truth(inner(expression.left), context, expression.operator, expression.left.position),
        truth(inner(expression.right), context, expression.operator, expression.right.position),
      ];
      const ends = expression.operator === 'or';
      return {
        type: types.bool,
        async run(environment) {
          const first = await left.run(environment);
          if (first === ends) return first;
          const second = await right.run(environment);
          return second === ends ? second : first === null || second === null ? null : !ends;
        },
      };
    }
    case 'not': {
      const of = truth(inner(expression.of), context, 'not', expression.of.position);
      return {
        type: types.bool,
        async run(environment) {
          const value = await of.run(environment);
          return value === null ? null : !value;
        },
      };
    }
    case 'is': {
      const of = inner(expression.of);
      const { what, isNot } = expression;
      return {
        type: types.bool,
        async run(environment) {
          const value = await of.run(environment);
          return (what === 'null' ? value === null : value === (what === 'true')) !== isNot;
        },
      };
    }
    case 'distinct': {
      const equal = binary('=', inner(expression.left), inner(expression.right), context, position);
      const [left, right] = [inner(expression.left), inner(expression.right)];
      return {
        type: types.bool,
        async run(environment) {
          const [a, b] = [await left.run(environment), await right.run(environment)];
          const isSame = a === null || b === null ? a === b : await equal.run(environment);
          return !isSame !== expression.isNot;
        },
      };
    }
    case 'in':
      return membership(expression, compiler);
    case 'quantified':
      return quantified(expression, compiler);
    case 'case':
      return branches(expression, compiler);
    case 'subquery':
      return subquery(expression, compiler);
    case 'array': {
      const items = unified(expression.items.map(inner), context, position, 'ARRAY');
      const element = items[0]?.type ?? types.text;
      return {
        type: element.category === 'A' ? element : arrayOf(element),
        run: (environment) => all(items, environment),
      };
    }
    case 'row': {
      const items = expression.items.map(inner);
      return {
        type: types.record,
        run: async (environment) =>
          `(${(await all(items, environment)).map((value) => (value === null ? '' : String(value))).join(',')})`,
      };
    }
    case 'subscript': {
      const of = inner(expression.of);
      const index = coerce(inner(expression.index), types.int4, context);
      return {
        type: of.type.element ?? (of.type.name.endsWith('vector') ? types.int4 : types.text),
        async run(environment) {
          const [list, at] = [await of.run(environment), await index.run(environment)];
          const first = of.type.name.endsWith('vector') ? 0 : 1;
          return isList(list) && typeof at === 'number' ? (list[at - first] ?? null) : null;
        },
      };
    }
  }
}

/** Long texts count where they are made, not only in rows. @throws PgError */
function holdLong(value: Value, context: Context): void {
  const isLong =
    (typeof value === 'string' || Buffer.isBuffer(value) || isList(value)) && value.length > 1000;
  if (isLong) context.hold(isList(value) ? 8 * value.length : value.length);
}

async function all(items: readonly Compiled[], environment: Environment): Promise<Value[]> {
  const values: Value[] = [];
  for (const item of items) values.push(await item.run(environment));
  return values;
}

function constant(
  value: string | number | boolean | null,
  name: 'unknown' | 'int4' | 'int8' | 'numeric' | 'bool',
  position: number,
): Compiled {
  if (name === 'unknown') {
    const text = value as string | null;
    return { type: types.unknown, run: () => text, literal: { text, position }, isConstant: true };
  }
  const made: Value = typeof value === 'string' ? input(value, types[name]) : value;
  return { type: types[name], run: () => made, isConstant: true };
}

function ungrouped({ table, name }: Visible, position: number): PgError {
  const title = table === undefined ? name : `${table}.${name}`;
  return new PgError(
    '42803',
    `column "${title}" must appear in the GROUP BY clause or be used in an aggregate function`,
    'parse_agg.c:1484:check_ungrouped_columns_walker',
    { position },
  );
}

/** What is open becomes that type now. @throws PgError with the place of a text that is none */
export function coerce(compiled: Compiled, type: Type, context: Context): Compiled {
  if (compiled.literal !== undefined && type.name !== 'unknown') {
    const { text, position } = compiled.literal;
    let value: Value = null;
    try {
      value = text === null ? null : input(text, type, (name, to) => resolveName(name, to, context));
    } catch (error) {
      throw error instanceof PgError ? error.at(position) : error;
    }
    return { type, run: () => value, isConstant: true };
  }
  if (compiled.parameter !== undefined && compiled.type.name === 'unknown') {
    context.paramTypes[compiled.parameter] = type;
    return { type, run: compiled.run };
  }
  const { type: from } = compiled;
  if (from.oid === type.oid || type.name === 'unknown') return compiled;
  const made: Compiled = {
    type,
    async run(environment) {
      const value = await compiled.run(environment);
      if (typeof value === 'number' && from.name.startsWith('reg') && isText(type))
        return nameOfOid(value, from, context);
      return converted(value, from, type, (name, to) => resolveName(name, to, context));
    },
  };
  return folded(made, [compiled], context);
}

/** What is still open is a text. */
export function settled(compiled: Compiled, context: Context): Compiled {
  return compiled.type.name === 'unknown' ? coerce(compiled, types.text, context) : compiled;
}

/** @throws PgError */
export function typeOf({ name, position }: TypeName): Type {
  const type = typeNamed(name);
  if (type === undefined) throw failures.noType(name, position);
  return type;
}

function cast(of: Compiled, to: TypeName, context: Context, position: number): Compiled {
  const type = typeOf(to);
  const made = coerce(of, type, context);
  const isImpossible = of.type.category === 'B' && type.category === 'D';
  if (isImpossible)
    throw new PgError(
      '42846',
      `cannot cast type ${of.type.title} to ${type.title}`,
      'parse_expr.c:2661:transformTypeCast',
      { position },
    );
  if (to.modifiers.length === 0) return made;
  const cut: Compiled = {
    type,
    async run(environment) {
      const value = await made.run(environment);
      if (typeof value === 'string' && isText(type)) return value.slice(0, to.modifiers[0]);
      return modified(value, type, to.modifiers);
    },
  };
  return folded(cut, [made], context);
}

function unary(operator: string, operand: Compiled, context: Context, position: number): Compiled {
  const { type } = operand;
  if (operator === '-' && (isNumber(type) || type.name === 'unknown')) {
    const minus = operation(
      '-',
      isNumber(type) ? type : types.float8,
      isNumber(type) ? type : types.float8,
      position,
    );
    const made: Compiled = {
      type: minus.type,
      async run(environment) {
        const value = await operand.run(environment);
        return value === null
          ? null
          : minus.run(converted(0, types.int4, minus.type), converted(value, type, minus.type));
      },
    };
    return folded(made, [operand], context);
  }
  if (operator === '+' && isNumber(type)) return operand;
  throw failures.noOperator(`${operator} ${type.title}`, position);
}

function binary(
  operator: string,
  left: Compiled,
  right: Compiled,
  context: Context,
  position: number,
): Compiled {
  const made = operation(operator, left.type, right.type, position);
  const [a, b] = [coerce(left, made.operands[0], context), coerce(right, made.operands[1], context)];
  const both: Compiled = {
    type: made.type,
    async run(environment) {
      const wait = context.step();
      if (wait !== undefined) await wait;
      const x = await a.run(environment);
      if (x === null) return null;
      const y = await b.run(environment);
      if (y === null) return null;
      const value = made.run(x, y);
      holdLong(value, context);
      return value;
    },
  };
  return folded(both, [a, b], context);
}

/** @throws PgError for what is no condition */
export function truth(of: Compiled, context: Context, where: string, position?: number): Compiled {
  const made = coerce(of, types.bool, context);
  if (of.type.name === 'bool' || of.type.name === 'unknown') return made;
  throw new PgError(
    '42804',
    `argument of ${where.toUpperCase()} must be type boolean, not type ${of.type.title}`,
    'parse_coerce.c:1180:coerce_to_boolean',
  ).at(position);
}

/** All of one type. @throws PgError */
export function unified(
  items: readonly Compiled[],
  context: Context,
  position: number,
  what: string,
): Compiled[] {
  let type: Type = types.unknown;
  for (const item of items) {
    const common = commonType(type, item.type);
    const next = type.name === 'unknown' ? item.type : common;
    if (next === undefined)
      throw new PgError(
        '42804',
        `${what} types ${type.title} and ${item.type.title} cannot be matched`,
        'parse_coerce.c:1335:select_common_type',
        { position },
      );
    type = item.type.name === 'unknown' ? type : next;
  }
  const common = type.name === 'unknown' ? types.text : type;
  return items.map((item) => coerce(item, common, context));
}

function call(expression: Extract<Expression, { readonly kind: 'call' }>, compiler: Compiler): Compiled {
  const { context, grouping } = compiler;
  const { names, args, position, isStar, isDistinct } = expression;
  const name = names.at(-1)!;
  if (aggregateNames.has(name) && names.length <= 2) {
    if (grouping === undefined)
      throw new PgError(
        '42803',
        'aggregate functions are not allowed in WHERE',
        'parse_agg.c:603:check_agglevels_and_constraints',
        { position },
      );
    return aggregate(expression, compiler, grouping);
  }
  if (isStar || isDistinct) throw failures.noFunction(`${name}()`, position);
  const compiled = args.map((arg) => compile(arg, compiler));
  switch (names.length === 1 ? name : '') {
    case 'coalesce': {
      const items = unified(compiled, context, position, 'COALESCE');
      return {
        type: items[0]?.type ?? types.text,
        async run(environment) {
          for (const item of items) {
            const value = await item.run(environment);
            if (value !== null) return value;
          }
          return null;
        },
      };
    }
    case 'nullif': {
      const [first, second] = compiled;
      if (first === undefined || second === undefined) break;
      const equal = binary('=', first, second, context, position);
      const value = settled(first, context);
      return {
        type: value.type,
        run: async (environment) => ((await equal.run(environment)) === true ? null : value.run(environment)),
      };
    }
    case 'greatest':
    case 'least': {
      const items = unified(compiled, context, position, name.toUpperCase());
      const sign = name === 'greatest' ? 1 : -1;
      return {
        type: items[0]?.type ?? types.text,
        async run(environment) {
          const values = (await all(items, environment)).filter((value) => value !== null);
          return values.length === 0
            ? null
            : values.reduce((best, one) => (compare(one, best) * sign > 0 ? one : best));
        },
      };
    }
    case 'pg_typeof':
      return { type: types.regtype, run: () => settled(compiled[0]!, context).type.title };
  }
  const found = findFunction(
    names,
    compiled.map(({ type }) => type),
    context,
    position,
  );
  const given = compiled.map((one, index) => coerce(one, found.args[index] ?? types.text, context));
  const made: Compiled = {
    type: found.returns,
    async run(environment) {
      const wait = context.step(5);
      if (wait !== undefined) await wait;
      const values = await all(given, environment);
      if (found.isStrict && values.includes(null)) return null;
      const value = await found.run(context, ...values);
      holdLong(value, context);
      return found.isSet && isList(value) ? (value[0] ?? null) : value;
    },
  };
  return found.isImmutable ? folded(made, given, context) : made;
}

function aggregate(
  expression: Extract<Expression, { readonly kind: 'call' }>,
  { context }: Compiler,
  { inner, aggregates }: Grouping,
): Compiled {
  const { names, isStar, isDistinct, position } = expression;
  const name = names.at(-1)!;
  const args = expression.args.map((arg) => settled(compile(arg, { context, scope: inner }), context));
  const most = name === 'string_agg' ? 2 : 1;
  if ((args.length === 0 && !isStar) || args.length > most)
    throw failures.noFunction(`${name}(${args.map(({ type }) => type.title).join(', ')})`, position);
  const index = aggregates.push({ name, args, isDistinct, isStar }) - 1;
  return {
    type: resultOf(name, args[0]?.type ?? types.int8, position),
    run: ({ aggregates: values }) => values?.[index] ?? null,
  };
}

function resultOf(name: string, arg: Type, position: number): Type {
  switch (name) {
    case 'count':
      return types.int8;
    case 'sum':
    case 'avg':
      if (!isNumber(arg) && arg.category !== 'T')
        throw failures.noFunction(`${name}(${arg.title})`, position);
      if (arg.name.startsWith('float')) return types.float8;
      return name === 'sum' && (arg.name === 'int4' || arg.name === 'int2') ? types.int8 : types.numeric;
    case 'string_agg':
      return types.text;
    case 'array_agg':
      return arrayOf(arg);
    case 'bool_and':
    case 'bool_or':
    case 'every':
      return types.bool;
    default:
      return isText(arg) ? types.text : arg;
  }
}

function membership(expression: Extract<Expression, { readonly kind: 'in' }>, compiler: Compiler): Compiled {
  const { of, list, isNot, position } = expression;
  if (!Array.isArray(list)) {
    const inner = quantified(
      {
        kind: 'quantified',
        operator: '=',
        of,
        isAll: false,
        list: list as Exclude<typeof list, readonly Expression[]>,
        position,
      },
      compiler,
    );
    return negated(inner, isNot);
  }
  const left = compile(of, compiler);
  const tests = (list as readonly Expression[]).map((item) =>
    binary('=', left, compile(item, compiler), compiler.context, position),
  );
  const any: Compiled = {
    type: types.bool,
    async run(environment) {
      let hasNull = false;
      for (const test of tests) {
        const value = await test.run(environment);
        if (value === true) return true;
        hasNull ||= value === null;
      }
      return hasNull ? null : false;
    },
  };
  return negated(any, isNot);
}

function negated(of: Compiled, isNot: boolean): Compiled {
  if (!isNot) return of;
  return {
    type: types.bool,
    async run(environment) {
      const value = await of.run(environment);
      return value === null ? null : !value;
    },
  };
}

/** `= ANY (…)`, `<> ALL (…)`, over an array or a query. */
function quantified(
  expression: Extract<Expression, { readonly kind: 'quantified' }>,
  compiler: Compiler,
): Compiled {
  const { context, scope } = compiler;
  const { operator, isAll, list, position } = expression;
  const left = compile(expression.of, compiler);
  let element: Type;
  let items: (environment: Environment) => Promise<readonly Value[]>;
  if ('body' in list) {
    const select = compileSelect(list, context, scope);
    if (select.columns.length > 1)
      throw new PgError('42601', 'subquery has too many columns', 'parse_expr.c:1894:transformSubLink', {
        position,
      });
    element = select.columns[0]?.type ?? types.text;
    items = async (environment) => (await select.rows(environment)).map((row) => row[0] ?? null);
  } else {
    const array = compile(list, compiler);
    const type =
      array.type.name === 'unknown'
        ? arrayOf(left.type.name === 'unknown' ? types.text : left.type)
        : array.type;
    if (type.category !== 'A')
      throw new PgError(
        '42809',
        'op ANY/ALL (array) requires array on right side',
        'parse_oper.c:795:make_scalar_array_op',
        { position },
      );
    element = type.element ?? types.int4;
    const made = coerce(array, type, context);
    items = async (environment) => {
      const value = await made.run(environment);
      return isList(value) ? value : [];
    };
  }
  const made = operation(operator, left.type, element, position);
  const of = coerce(left, made.operands[0], context);
  return {
    type: types.bool,
    async run(environment) {
      const value = await of.run(environment);
      let hasNull = false;
      for (const item of await items(environment)) {
        const wait = context.step();
        if (wait !== undefined) await wait;
        if (value === null || item === null) hasNull = true;
        else if (made.run(value, converted(item, element, made.operands[1])) === !isAll) return !isAll;
      }
      return hasNull ? null : isAll;
    },
  };
}

function branches(expression: Extract<Expression, { readonly kind: 'case' }>, compiler: Compiler): Compiled {
  const { context } = compiler;
  const { of, otherwise, position } = expression;
  const subject = of === undefined ? undefined : compile(of, compiler);
  const conditions = expression.branches.map(([condition]) => {
    const made = compile(condition, compiler);
    return subject === undefined
      ? truth(made, context, 'CASE/WHEN', condition.position)
      : binary('=', subject, made, context, position);
  });
  const results = unified(
    [...expression.branches.map(([, result]) => result), ...(otherwise ? [otherwise] : [])].map((one) =>
      compile(one, compiler),
    ),
    context,
    position,
    'CASE',
  );
  // Which of them is needed is not known yet.
  for (const result of results) context.constants.delete(result.run);
  return {
    type: results[0]!.type,
    async run(environment) {
      for (const [index, condition] of conditions.entries())
        if ((await condition.run(environment)) === true) return results[index]!.run(environment);
      return otherwise === undefined ? null : results.at(-1)!.run(environment);
    },
  };
}

function subquery(
  expression: Extract<Expression, { readonly kind: 'subquery' }>,
  { context, scope }: Compiler,
): Compiled {
  const { as, position } = expression;
  const select = compileSelect(expression.select, context, scope);
  if (as === 'exists')
    return { type: types.bool, run: async (environment) => (await select.rows(environment)).length > 0 };
  if (select.columns.length !== 1)
    throw new PgError('42601', 'subquery must return only one column', 'parse_expr.c:1823:transformSubLink', {
      position,
    });
  const { type } = select.columns[0]!;
  if (as === 'array')
    return {
      type: arrayOf(type),
      run: async (environment) => (await select.rows(environment)).map((row) => row[0] ?? null),
    };
  return {
    type,
    async run(environment) {
      const rows = await select.rows(environment);
      if (rows.length > 1)
        throw new PgError(
          '21000',
          'more than one row returned by a subquery used as an expression',
          'nodeSubplan.c:1207:ExecSetParamPlan',
        );
      return rows[0]?.[0] ?? null;
    },
  };
}

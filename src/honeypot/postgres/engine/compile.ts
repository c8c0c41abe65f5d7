/** Makes functions of expressions: what is wrong with names and types is told before anything runs. */
import { failures, PgError } from '../failure.ts';
import type { Expression } from '../sql/ast.ts';
import { arrayOf, isList, isNumber, types, type Value } from '../types.ts';
import { input } from '../values.ts';
import { call } from './calls.ts';
import { all, type Compiled, cast, coerce, folded, holdLong, truth, unified } from './coerce.ts';
import type { Context } from './context.ts';
import { branches, membership, quantified, subquery } from './membership.ts';
import { converted, operation } from './operators.ts';
import { findColumn, relationOf, type Scope, type Visible, valueAt } from './scope.ts';

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
  /** Which rows count; all where there is none. */
  readonly filter?: Compiled;
}

export interface Compiler {
  readonly context: Context;
  readonly scope: Scope;
  readonly grouping?: Grouping;
}

/** @throws PgError */
export function compile(expression: Expression, compiler: Compiler): Compiled {
  const { context, scope } = compiler;
  const { position } = expression;
  context.countPart();
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
            : 'parse_param.c:140:variable_paramref_hook',
          { position },
        );
      const type = context.paramTypes[index] ?? types.unknown;
      context.paramTypes[index] = type;
      return {
        type,
        run: () => context.params[index] ?? null,
        ...(type === types.unknown && { parameter: index }),
        ...(context.isBound && { isConstant: true }),
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

function constant(
  value: string | number | boolean | null,
  name: 'unknown' | 'int4' | 'int8' | 'numeric' | 'bool' | 'bit',
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

export function binary(
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
      const x = await a.run(environment);
      const y = x === null ? null : await b.run(environment);
      const wait = context.stepThrough([x, y], 1 + (made.steps?.(x, y) ?? 0));
      if (wait !== undefined) await wait;
      if (x === null || y === null) return null;
      const value = made.run(x, y);
      holdLong(value, context);
      return value;
    },
  };
  return folded(both, [a, b], context);
}

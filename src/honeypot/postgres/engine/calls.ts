/** Calls of functions, and of those that make one value of many rows. */
import { failures, PgError } from '../failure.ts';
import type { Expression } from '../sql/ast.ts';
import { arrayOf, isList, isNumber, isText, type Type, types } from '../types.ts';
import { all, type Compiled, coerce, folded, holdLong, settled, truth, unified } from './coerce.ts';
import { binary, type Compiler, compile, type Grouping } from './compile.ts';
import { findFunction } from './functions/find.ts';
import { compare } from './operators.ts';

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

export function call(
  expression: Extract<Expression, { readonly kind: 'call' }>,
  compiler: Compiler,
): Compiled {
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
      return { type: types.regtype, run: () => compiled[0]!.type.title };
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
      const values = await all(given, environment);
      const wait = context.stepThrough(values, 5 + (found.steps?.(...values) ?? 0));
      if (wait !== undefined) await wait;
      if (found.isStrict && values.includes(null)) return null;
      const value = await found.run(context, ...values);
      holdLong(value, context);
      return found.isSet && isList(value) ? (value[0] ?? null) : value;
    },
  };
  return found.isImmutable ? folded(made, given, context) : made;
}

export function aggregate(
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
  const filter =
    expression.filter &&
    truth(
      compile(expression.filter, { context, scope: inner }),
      context,
      'FILTER',
      expression.filter.position,
    );
  const index = aggregates.push({ name, args, isDistinct, isStar, ...(filter && { filter }) }) - 1;
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

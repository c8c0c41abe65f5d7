/** IN, ANY and ALL, CASE, and queries within expressions. */
import { PgError } from '../failure.ts';
import type { Expression } from '../sql/ast.ts';
import { arrayOf, isList, type Type, types, type Value } from '../types.ts';
import { type Compiled, coerce, truth, unified } from './coerce.ts';
import { binary, type Compiler, compile } from './compile.ts';
import { converted, operation } from './operators.ts';
import type { Environment } from './scope.ts';
import { compileSelect } from './select.ts';

export function membership(
  expression: Extract<Expression, { readonly kind: 'in' }>,
  compiler: Compiler,
): Compiled {
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
export function quantified(
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
        'parse_oper.c:814:make_scalar_array_op',
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
        const wait = context.stepThrough([value, item], 1 + (made.steps?.(value, item) ?? 0));
        if (wait !== undefined) await wait;
        if (value === null || item === null) hasNull = true;
        else if (made.run(value, converted(item, element, made.operands[1])) === !isAll) return !isAll;
      }
      return hasNull ? null : isAll;
    },
  };
}

export function branches(
  expression: Extract<Expression, { readonly kind: 'case' }>,
  compiler: Compiler,
): Compiled {
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

export function subquery(
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

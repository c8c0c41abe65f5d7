/** Runs queries: where rows come from, which of them, in which groups and order. */
import { type Row, rowCost, sizeOf } from '../database.ts';
import { PgError } from '../failure.ts';
import type { Expression, Order, Select, SelectBody } from '../sql/ast.ts';
import { isList, types, type Value } from '../types.ts';
import { aggregateNames } from './calls.ts';
import { type Compiled, coerce, settled, truth } from './coerce.ts';
import { type Compiler, compile } from './compile.ts';
import type { Context } from './context.ts';
import { findFunction } from './functions/find.ts';
import { grouped, groupingBy, hasAggregate, named } from './grouping.ts';
import { distinct } from './keys.ts';
import { columnOf, expanded } from './naming.ts';
import { ordered, placeOf, resultNamed, sorted } from './order.ts';
import { addRecursive } from './recursion.ts';
import type { Cte, Environment, Scope, Visible } from './scope.ts';
import { compileSet, compileValues } from './sets.ts';
import { compileSources } from './sources.ts';

export interface Query {
  readonly columns: readonly Visible[];
  /** @throws PgError */
  rows(environment: Environment): Promise<readonly Row[]>;
}

export const nowhere: Environment = { row: [] };

/** Columns of one result (MaxTupleAttributeNumber, htup_details.h). */
const maxTargets = 1664;

/** @throws PgError */
export function compileSelect(select: Select, context: Context, outer?: Scope): Query {
  let scope: Scope = { columns: [], ...(outer && { outer }) };
  if (select.with.length > 0) {
    const ctes = new Map<string, Cte>();
    scope = { ...scope, ctes };
    for (const one of select.with)
      if (one.isRecursive && one.select.body.kind === 'set')
        addRecursive(one, one.select.body, ctes, context, scope);
      else ctes.set(one.name, remembered(titled(compileSelect(one.select, context, scope), one.columns)));
  }
  const body = compileBody(select.body, select.orderBy, context, scope);
  const limit = select.limit && coerce(compile(select.limit, { context, scope }), types.int8, context);
  const offset = select.offset && coerce(compile(select.offset, { context, scope }), types.int8, context);
  return {
    columns: body.columns,
    async rows(around) {
      // As the scope is, in which names of WITH are.
      const environment: Environment = { row: [], outer: around };
      const all = await body.rows(environment);
      const from = offset === undefined ? 0 : Number((await offset.run(environment)) ?? 0);
      const most = limit === undefined ? null : await limit.run(environment);
      if (from < 0 || (most !== null && Number(most) < 0))
        throw new PgError('2201W', 'LIMIT must not be negative', 'nodeLimit.c:398:recompute_limits');
      return from === 0 && most === null
        ? all
        : all.slice(from, most === null ? undefined : from + Number(most));
    },
  };
}

/** By the names that are told. */
export function titled(query: Query, names: readonly string[]): Query {
  const columns = query.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
  return { columns, rows: query.rows };
}

/** A query that is run once. */
export function remembered(query: Query): Cte {
  let rows: Promise<readonly Row[]> | undefined;
  return {
    columns: query.columns,
    rows: (environment) => {
      rows ??= query.rows(environment);
      return rows;
    },
  };
}

function compileBody(body: SelectBody, orderBy: readonly Order[], context: Context, scope: Scope): Query {
  switch (body.kind) {
    case 'select':
      return compileCore(body, orderBy, context, scope);
    case 'values':
      return ordered(compileValues(body.rows, context, scope), orderBy, context, scope);
    case 'set':
      return ordered(compileSet(body, context, scope), orderBy, context, scope);
  }
}

function compileCore(
  body: Extract<SelectBody, { readonly kind: 'select' }>,
  orderBy: readonly Order[],
  context: Context,
  outer: Scope,
): Query {
  const source = compileSources(body.from, body.where, context, outer);
  const scope: Scope = { columns: source.columns, outer, ...(outer.ctes && { ctes: outer.ctes }) };
  const targets = body.targets.flatMap((target) => expanded(target, source.columns));
  if (targets.length > maxTargets)
    throw new PgError(
      '54011',
      `target lists can have at most ${maxTargets} entries`,
      'parse_node.c:84:free_parsestate',
    );
  const isGrouped =
    body.groupBy.length > 0 || body.having !== undefined || targets.some(({ value }) => hasAggregate(value));
  const grouping = isGrouped ? groupingBy(body.groupBy, targets, scope, context) : undefined;
  const compiler: Compiler = { context, scope, ...(grouping && { grouping }) };
  const where =
    body.where && truth(compile(body.where, { context, scope }), context, 'WHERE', body.where.position);
  const sets = targets.map(({ value }) => setIn(value, compiler));
  const results = targets.map(
    ({ value }, index) => sets[index] ?? settled(compile(value, compiler), context),
  );
  const columns = targets.map((target, index) => columnOf(target, results[index]!, source.columns));
  const groups = body.groupBy.map((by) => compile(named(by, targets), { context, scope }));
  const having =
    body.having && truth(compile(body.having, compiler), context, 'HAVING', body.having.position);
  const keys = orderBy.map(({ by }) => {
    const place = placeOf(by, columns.length) ?? resultNamed(by, columns);
    return place === undefined ? compile(by, compiler) : place;
  });

  async function resultsOf(environment: Environment): Promise<Row[]> {
    const values: Value[] = [];
    for (const result of results) values.push(await result.run(environment));
    return unfolded(
      values,
      sets.map((set) => set !== undefined),
    );
  }

  return {
    columns,
    async rows(environment) {
      const kept: Row[] = [];
      for (const row of await source.rows(environment)) {
        const wait = context.step();
        if (wait !== undefined) await wait;
        if (where === undefined || (await where.run({ row, outer: environment })) === true) kept.push(row);
      }
      const environments =
        grouping === undefined
          ? kept.map((row): Environment => ({ row, outer: environment }))
          : await grouped(kept, groups, grouping, environment, context);
      const keyed: [Value[], Row][] = [];
      for (const one of environments) {
        const wait = context.pause();
        if (wait !== undefined) await wait;
        if (having !== undefined && (await having.run(one)) !== true) continue;
        for (const row of await resultsOf(one)) {
          // The row, what it is made of, and what it is put in order by.
          context.hold(sizeOf(row) + 3 * rowCost);
          const values: Value[] = [];
          for (const key of keys)
            values.push(typeof key === 'number' ? (row[key] ?? null) : await key.run(one));
          keyed.push([values, row]);
        }
      }
      const rows = await sorted(keyed, orderBy, context);
      return body.isDistinct ? distinct(rows, context) : rows;
    },
  };
}

/** A function that gives several rows, as a result of its own. */
function setIn(value: Expression, compiler: Compiler): Compiled | undefined {
  if (value.kind !== 'call' || aggregateNames.has(value.names.at(-1)!)) return undefined;
  const { context } = compiler;
  if (!isSetName(value.names.at(-1)!)) return undefined;
  const args = value.args.map((arg) => compile(arg, compiler));
  const found = findFunction(
    value.names,
    args.map(({ type }) => type),
    context,
    value.position,
  );
  const given = args.map((one, index) => coerce(one, found.args[index] ?? types.text, context));
  return {
    type: found.returns,
    async run(environment) {
      const values: Value[] = [];
      for (const one of given) values.push(await one.run(environment));
      if (found.isStrict && values.includes(null)) return [];
      const wait = context.stepThrough(values, 5 + (found.steps?.(...values) ?? 0));
      if (wait !== undefined) await wait;
      return found.run(context, ...values);
    },
  };
}

const setNames: ReadonlySet<string> = new Set([
  'generate_series',
  'unnest',
  'pg_ls_dir',
  'regexp_split_to_table',
  'string_to_table',
  'json_array_elements',
]);

function isSetName(name: string): boolean {
  return setNames.has(name);
}

/** As many rows as the longest of the sets has. */
function unfolded(values: readonly Value[], areSets: readonly boolean[]): Row[] {
  if (!areSets.includes(true)) return [values];
  const lists = values.map((value, index) => (areSets[index] && isList(value) ? value : undefined));
  const length = Math.max(...lists.map((list) => list?.length ?? 0));
  return Array.from({ length }, (_, row) =>
    values.map((value, index) => (lists[index] === undefined ? value : (lists[index][row] ?? null))),
  );
}

/** Runs queries: where rows come from, which of them, in which groups and order. */
import type { Row } from '../database.ts';
import { sizeOf } from '../database.ts';
import { PgError } from '../failure.ts';
import type { Expression, Order, Select, SelectBody, Target } from '../sql/ast.ts';
import { isList, type Type, types, typmod, type Value } from '../types.ts';
import { aggregated } from './aggregate.ts';
import {
  aggregateNames,
  type Compiled,
  type Compiler,
  coerce,
  compile,
  type Grouping,
  settled,
  truth,
  unified,
} from './compile.ts';
import type { Context } from './context.ts';
import { findFunction } from './functions/find.ts';
import { commonType, compare, converted } from './operators.ts';
import { resolveName } from './resolve.ts';
import { type Cte, type Environment, findColumn, type Scope, type Visible } from './scope.ts';
import { compileSources } from './sources.ts';

export interface Query {
  readonly columns: readonly Visible[];
  /** @throws PgError */
  rows(environment: Environment): Promise<Row[]>;
}

export const nowhere: Environment = { row: [] };

/** @throws PgError */
export function compileSelect(select: Select, context: Context, outer?: Scope): Query {
  let scope: Scope = { columns: [], ...(outer && { outer }) };
  if (select.with.length > 0) {
    const ctes = new Map<string, Cte>();
    scope = { ...scope, ctes };
    for (const { name, select: inner } of select.with)
      ctes.set(name, remembered(compileSelect(inner, context, scope)));
  }
  const body = compileBody(select.body, select.orderBy, context, scope);
  const limit = select.limit && coerce(compile(select.limit, { context, scope }), types.int8, context);
  const offset = select.offset && coerce(compile(select.offset, { context, scope }), types.int8, context);
  return {
    columns: body.columns,
    async rows(environment) {
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

/** A query that is run once. */
function remembered(query: Query): Cte {
  let rows: Promise<Row[]> | undefined;
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

function compileValues(rows: readonly (readonly Expression[])[], context: Context, scope: Scope): Query {
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width))
    throw new PgError(
      '42601',
      'VALUES lists must all be the same length',
      'analyze.c:1538:transformValuesClause',
      {
        position: rows.find((row) => row.length !== width)?.[0]?.position ?? 1,
      },
    );
  const compiled = rows.map((row) => row.map((one) => compile(one, { context, scope })));
  const made = Array.from({ length: width }, (_, index) =>
    unified(
      compiled.map((row) => row[index]!),
      context,
      rows[0]![index]!.position,
      'VALUES',
    ),
  );
  const columns = made.map(
    (column, index): Visible => ({ table: undefined, name: `column${index + 1}`, type: column[0]!.type }),
  );
  return {
    columns,
    async rows(environment) {
      const result: Row[] = [];
      for (const index of rows.keys()) {
        const wait = context.step(width);
        if (wait !== undefined) await wait;
        const row: Value[] = [];
        for (const column of made) row.push(await column[index]!.run(environment));
        context.hold(sizeOf(row));
        result.push(row);
      }
      return result;
    },
  };
}

function compileSet(
  body: Extract<SelectBody, { readonly kind: 'set' }>,
  context: Context,
  scope: Scope,
): Query {
  const left = compileSelect(body.left, context, scope);
  const isEmpty = body.right.body.kind === 'values' && body.right.body.rows.length === 0;
  if (isEmpty) return left;
  const right = compileSelect(body.right, context, scope);
  if (left.columns.length !== right.columns.length)
    throw new PgError(
      '42601',
      `each ${body.how.toUpperCase()} query must have the same number of columns`,
      'analyze.c:2032:transformSetOperationTree',
    );
  const columns = left.columns.map((column, index): Visible => {
    const other = right.columns[index]!;
    const type = commonResult(column.type, other.type);
    if (type === undefined)
      throw new PgError(
        '42804',
        `${body.how.toUpperCase()} types ${column.type.title} and ${other.type.title} cannot be matched`,
        'parse_coerce.c:1335:select_common_type',
      );
    return { table: undefined, name: column.name, type };
  });
  const alike = (rows: readonly Row[], from: readonly Visible[]): Row[] =>
    rows.map((row) =>
      row.map((value, index) =>
        converted(value, from[index]!.type, columns[index]!.type, (text, type) =>
          resolveName(text, type, context),
        ),
      ),
    );
  return {
    columns,
    async rows(environment) {
      const a = alike(await left.rows(environment), left.columns);
      const b = alike(await right.rows(environment), right.columns);
      if (body.how === 'union') return body.isAll ? [...a, ...b] : distinct([...a, ...b]);
      const keys = new Set(b.map(keyOf));
      const kept = a.filter((row) => keys.has(keyOf(row)) === (body.how === 'intersect'));
      return body.isAll ? kept : distinct(kept);
    },
  };
}

/** Texts may have been literals, which become what the others are. */
function commonResult(left: Type, right: Type): Type | undefined {
  if (left.name === 'text') return right;
  return right.name === 'text' ? left : commonType(left, right);
}

/** By the results of a query: their names, or their places. */
function ordered(query: Query, orderBy: readonly Order[], context: Context, outer: Scope): Query {
  if (orderBy.length === 0) return query;
  const scope: Scope = { columns: query.columns, outer };
  const keys = orderBy.map((order) => {
    const place = placeOf(order.by, query.columns.length);
    return { order, key: place === undefined ? compile(order.by, { context, scope }) : undefined, place };
  });
  return {
    columns: query.columns,
    async rows(environment) {
      const rows = await query.rows(environment);
      const keyed: [Value[], Row][] = [];
      for (const row of rows) {
        const values: Value[] = [];
        for (const { key, place } of keys)
          values.push(key === undefined ? (row[place!] ?? null) : await key.run({ row, outer: environment }));
        keyed.push([values, row]);
      }
      return sorted(keyed, orderBy);
    },
  };
}

/** @returns of ORDER BY 2, from 0. @throws PgError where there are not so many */
function placeOf(by: Expression, count: number): number | undefined {
  if (by.kind !== 'constant' || typeof by.value !== 'number') return undefined;
  if (by.value < 1 || by.value > count)
    throw new PgError(
      '42P10',
      `ORDER BY position ${by.value} is not in select list`,
      'parse_clause.c:2018:findTargetlistEntrySQL92',
      {
        position: by.position,
      },
    );
  return by.value - 1;
}

function sorted(keyed: [Value[], Row][], orderBy: readonly Order[]): Row[] {
  keyed.sort(([a], [b]) => {
    for (const [index, { isDescending, nullsFirst = isDescending }] of orderBy.entries()) {
      const [x, y] = [a[index]!, b[index]!];
      if (x === null && y === null) continue;
      if (x === null || y === null) return (x === null) === nullsFirst ? -1 : 1;
      const order = compare(x, y);
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  });
  return keyed.map(([, row]) => row);
}

function compileCore(
  body: Extract<SelectBody, { readonly kind: 'select' }>,
  orderBy: readonly Order[],
  context: Context,
  outer: Scope,
): Query {
  const source = compileSources(body.from, context, outer);
  const scope: Scope = { columns: source.columns, outer, ...(outer.ctes && { ctes: outer.ctes }) };
  const targets = body.targets.flatMap((target) => expanded(target, source.columns));
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
        if (having !== undefined && (await having.run(one)) !== true) continue;
        for (const row of await resultsOf(one)) {
          context.hold(sizeOf(row));
          const values: Value[] = [];
          for (const key of keys)
            values.push(typeof key === 'number' ? (row[key] ?? null) : await key.run(one));
          keyed.push([values, row]);
        }
      }
      const rows = sorted(keyed, orderBy);
      return body.isDistinct ? distinct(rows) : rows;
    },
  };
}

/** `*` becomes the columns that it stands for. @throws PgError where there are none */
export function expanded(target: Target, columns: readonly Visible[]): Target[] {
  const { value } = target;
  if (value.kind !== 'star') return [target];
  const table = value.table.at(-1);
  if (table === undefined && columns.length === 0)
    throw new PgError(
      '42601',
      'SELECT * with no tables specified is not valid',
      'parse_target.c:1334:ExpandAllTables',
      { position: value.position },
    );
  const chosen = columns.filter((column) => table === undefined || column.table === table);
  if (chosen.length === 0)
    throw new PgError(
      '42P01',
      `missing FROM-clause entry for table "${table}"`,
      'parse_relation.c:3617:errorMissingRTE',
      { position: value.position },
    );
  return chosen.map((column) => ({
    value: {
      kind: 'column',
      names: [...(column.table === undefined ? [] : [column.table]), column.name],
      position: value.position,
    },
    as: column.name,
  }));
}

/** @throws PgError */
function groupingBy(
  by: readonly Expression[],
  targets: readonly Target[],
  scope: Scope,
  context: Context,
): Grouping {
  const expressions = by.map((one) => named(one, targets));
  const places = new Set(
    expressions.flatMap((one) =>
      one.kind === 'column' ? [findColumn(scope, one.names, one.position).index] : [],
    ),
  );
  const shapes = new Set(expressions.filter(({ kind }) => kind !== 'column').map(shapeOf));
  const { tables } = context.session.database;
  return {
    inner: scope,
    aggregates: [],
    has: (expression) => shapes.size > 0 && shapes.has(shapeOf(expression)),
    isGrouped(index) {
      if (places.has(index)) return true;
      // A primary key makes all of its row the same.
      const column = scope.columns[index];
      const table = [...tables.values()].find(({ oid }) => oid === column?.tableOid);
      const key = table?.keys.find(({ isPrimary }) => isPrimary);
      return (
        key?.columns.every((at) =>
          [...places].some((place) => {
            const one = scope.columns[place]!;
            return one.table === column?.table && one.number === at + 1;
          }),
        ) === true
      );
    },
  };
}

function shapeOf(expression: Expression): string {
  return JSON.stringify(expression, (key, value) => (key === 'position' ? undefined : value));
}

function hasAggregate(expression: Expression): boolean {
  if (expression.kind === 'call' && aggregateNames.has(expression.names.at(-1)!)) return true;
  if (expression.kind === 'subquery') return false;
  return Object.values(expression).some((part) => {
    if (Array.isArray(part)) return part.flat().some((one) => isExpression(one) && hasAggregate(one));
    return isExpression(part) && hasAggregate(part);
  });
}

function isExpression(part: unknown): part is Expression {
  return typeof part === 'object' && part !== null && 'kind' in part && 'position' in part;
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

/** As clients are told of it. */
export function columnOf({ value, as }: Target, { type }: Compiled, columns: readonly Visible[]): Visible {
  const name = as ?? nameOf(value);
  if (value.kind === 'cast')
    return { table: undefined, name, type, modifier: typmod(type, value.to.modifiers) };
  if (value.kind !== 'column') return { table: undefined, name, type };
  const [column, table] = value.names.toReversed();
  const origin = columns.find((one) => one.name === column && (table === undefined || one.table === table));
  return {
    table: undefined,
    name,
    type,
    ...(origin?.modifier !== undefined && { modifier: origin.modifier }),
    ...(origin?.tableOid !== undefined && { tableOid: origin.tableOid }),
    ...(origin?.number !== undefined && { number: origin.number }),
  };
}

/** As `FigureColname` finds it. */
function nameOf(value: Expression): string {
  switch (value.kind) {
    case 'column':
    case 'call':
      return value.names.at(-1)!;
    case 'cast': {
      const inner = nameOf(value.of);
      if (inner !== '?column?') return inner;
      return castNames[value.to.name] ?? value.to.name.replace('[]', '');
    }
    case 'case': {
      const inner = value.otherwise === undefined ? 'case' : nameOf(value.otherwise);
      return inner === '?column?' ? 'case' : inner;
    }
    case 'array':
      return 'array';
    case 'row':
      return 'row';
    case 'subscript':
      return nameOf(value.of);
    case 'subquery': {
      if (value.as !== 'value') return value.as;
      const { body } = value.select;
      const first = body.kind === 'select' ? body.targets[0] : undefined;
      return first === undefined ? '?column?' : (first.as ?? nameOf(first.value));
    }
    default:
      return '?column?';
  }
}

const castNames: Readonly<Record<string, string>> = {
  int: 'int4',
  integer: 'int4',
  bigint: 'int8',
  smallint: 'int2',
  boolean: 'bool',
  decimal: 'numeric',
  real: 'float4',
  'double precision': 'float8',
  character: 'bpchar',
  'character varying': 'varchar',
};

/** In GROUP BY, results count by their names and places too. */
function named(by: Expression, targets: readonly Target[]): Expression {
  if (by.kind === 'constant' && typeof by.value === 'number') return targets[by.value - 1]?.value ?? by;
  if (by.kind !== 'column' || by.names.length > 1) return by;
  return targets.find(({ as, value }) => as === by.names[0] && value.kind !== 'column')?.value ?? by;
}

function resultNamed(by: Expression, columns: readonly Visible[]): number | undefined {
  if (by.kind !== 'column' || by.names.length !== 1) return undefined;
  const at = columns.findIndex(({ name }) => name === by.names[0]);
  return at < 0 ? undefined : at;
}

async function grouped(
  rows: readonly Row[],
  by: readonly Compiled[],
  { aggregates }: Grouping,
  outer: Environment,
  context: Context,
): Promise<Environment[]> {
  const groups = new Map<string, Row[]>();
  if (by.length === 0) groups.set(keyOf([]), []);
  for (const row of rows) {
    const values: Value[] = [];
    for (const one of by) values.push(await one.run({ row, outer }));
    const key = keyOf(values);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const environments: Environment[] = [];
  for (const group of groups.values()) {
    const values: Value[] = [];
    for (const one of aggregates) values.push(await aggregated(one, group, outer, context));
    environments.push({ row: group[0] ?? [], aggregates: values, outer });
  }
  return environments;
}

function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

export function keyOf(row: Row): string {
  return JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
}

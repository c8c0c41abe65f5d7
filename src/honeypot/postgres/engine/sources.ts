/** Where rows come from: tables, catalogs, queries, functions, and what joins them. */
import { catalogTable } from '../catalog/tables.ts';
import { type Row, sizeOf, type Table } from '../database.ts';
import { failures, PgError } from '../failure.ts';
import type { Expression, Source } from '../sql/ast.ts';
import { isList, types, typmod, type Value } from '../types.ts';
import { type Compiled, coerce, compile, truth } from './compile.ts';
import type { Context } from './context.ts';
import { findFunction } from './functions/find.ts';
import { findSequence, findTable, findView } from './resolve.ts';
import type { Environment, Scope, Visible } from './scope.ts';
import { compileSelect, type Query } from './select.ts';

/** @throws PgError */
export function compileSources(sources: readonly Source[], context: Context, outer: Scope): Query {
  requireDistinct(sources);
  let all: Query = { columns: [], rows: async () => [[]] };
  for (const [index, source] of sources.entries()) {
    // What comes later may refer to what came before, as functions and LATERAL do.
    const scope: Scope = { columns: all.columns, outer, ...(outer.ctes && { ctes: outer.ctes }) };
    const next = compileSource(source, context, index === 0 ? outer : scope);
    all = index === 0 ? next : joined('cross', all, next, undefined, context, true);
  }
  return all;
}

/** @throws PgError where two of them are called alike */
function requireDistinct(sources: readonly Source[]): void {
  const seen = new Set<string>();
  const add = (source: Source): void => {
    if (source.kind === 'join') {
      add(source.left);
      add(source.right);
      return;
    }
    const name = source.as ?? ownName(source);
    if (name === undefined) return;
    if (seen.has(name))
      throw new PgError(
        '42712',
        `table name "${name}" specified more than once`,
        'parse_relation.c:443:checkNameSpaceConflicts',
      );
    seen.add(name);
  };
  for (const source of sources) add(source);
}

function ownName(source: Source): string | undefined {
  if (source.kind === 'table') return source.names.at(-1);
  return source.kind === 'call' && source.call.kind === 'call' ? source.call.names.at(-1) : undefined;
}

function compileSource(source: Source, context: Context, scope: Scope): Query {
  switch (source.kind) {
    case 'table':
      return compileTable(source, context, scope);
    case 'select': {
      const query = compileSelect(source.select, context, scope);
      return { columns: renamed(query.columns, source.as, source.columns), rows: query.rows };
    }
    case 'call':
      return compileCall(source, context, scope);
    case 'join': {
      const left = compileSource(source.left, context, scope);
      const right = compileSource(source.right, context, scope);
      const both: Scope = { columns: [...left.columns, ...right.columns], outer: scope };
      const on =
        source.on ?? usingCondition(source.using ?? [], left.columns, right.columns, source.position);
      const condition =
        on && truth(compile(on, { context, scope: both }), context, 'JOIN/ON', source.position);
      return joined(source.how, left, right, condition, context, false);
    }
  }
}

function renamed(columns: readonly Visible[], table: string, names: readonly string[] = []): Visible[] {
  return columns.map((column, index) => ({ ...column, table, name: names[index] ?? column.name }));
}

function compileTable(
  { names, as, columns, position }: Extract<Source, { readonly kind: 'table' }>,
  context: Context,
  scope: Scope,
): Query {
  const [name = '', schema] = names.toReversed();
  for (let one: Scope | undefined = scope; one !== undefined && schema === undefined; one = one.outer) {
    const cte = one.ctes?.get(name);
    if (cte !== undefined)
      return {
        columns: renamed(cte.columns, as ?? name, columns),
        rows: (environment) => cte.rows(environment),
      };
  }
  const table = findTable(names, context);
  if (table !== undefined)
    return { columns: renamed(columnsOf(table), as ?? name, columns), rows: async () => table.rows };
  const view = findView(names, context);
  if (view !== undefined) {
    context.enterView(view.name);
    const query = compileSelect(view.select, context);
    return {
      columns: view.columns.map(
        (column, index): Visible => ({
          ...column,
          name: columns?.[index] ?? column.name,
          table: as ?? name,
          tableOid: view.oid,
          number: index + 1,
        }),
      ),
      rows: () => query.rows({ row: [] }),
    };
  }
  const sequence = findSequence(names, context);
  if (sequence !== undefined)
    return {
      columns: sequenceColumns.map(([column, type], index) => ({
        name: column,
        type,
        table: as ?? name,
        tableOid: sequence.oid,
        number: index + 1,
      })),
      rows: async () => [[sequence.value, sequence.isCalled ? 32n : 0n, sequence.isCalled]],
    };
  const catalog = catalogTable(names);
  if (catalog === undefined) throw failures.noRelation(names.join('.'), position);
  const visible = catalog.columns.map(
    (column, index): Visible => ({
      table: as ?? name,
      name: columns?.[index] ?? column.name,
      type: column.type,
      modifier: column.modifier,
      tableOid: catalog.oid,
      number: index + 1,
    }),
  );
  return { columns: visible, rows: async () => catalog.rows(context) };
}

const sequenceColumns = [
  ['last_value', types.int8],
  ['log_cnt', types.int8],
  ['is_called', types.bool],
] as const;

export function columnsOf(table: Table): Visible[] {
  return table.columns.map(({ name, type, modifiers }, index) => ({
    table: table.name,
    name,
    type,
    modifier: typmod(type, modifiers),
    tableOid: table.oid,
    number: index + 1,
  }));
}

/** A function in FROM: a row for each of what it gives. */
function compileCall(
  { call, as, columns: names, position }: Extract<Source, { readonly kind: 'call' }>,
  context: Context,
  scope: Scope,
): Query {
  if (call.kind !== 'call') throw failures.syntax('', position);
  const args = call.args.map((arg) => compile(arg, { context, scope }));
  const found = findFunction(
    call.names,
    args.map(({ type }) => type),
    context,
    position,
  );
  const given = args.map((one, index) => coerce(one, found.args[index] ?? types.text, context));
  const own = call.names.at(-1)!;
  const columns = (found.columns ?? [{ name: as ?? own, type: found.returns }]).map(
    (column, index): Visible => ({
      table: as ?? own,
      name: names?.[index] ?? column.name,
      type: column.type,
    }),
  );
  return {
    columns,
    async rows(environment) {
      const values: Value[] = [];
      for (const one of given) values.push(await one.run(environment));
      if (found.isStrict && values.includes(null)) return [];
      const value = await found.run(context, ...values);
      const items = found.isSet && isList(value) ? value : [value];
      return items.map((item): Row => (found.columns !== undefined && isList(item) ? item : [item]));
    },
  };
}

function usingCondition(
  using: readonly string[],
  left: readonly Visible[],
  right: readonly Visible[],
  position: number,
): Expression | undefined {
  let condition: Expression | undefined;
  for (const name of using) {
    const [a, b] = [left.find((one) => one.name === name), right.find((one) => one.name === name)];
    if (a === undefined || b === undefined)
      throw new PgError(
        '42703',
        `column "${name}" specified in USING clause does not exist in ${a === undefined ? 'left' : 'right'} table`,
        'parse_clause.c:1277:transformFromClauseItem',
        { position },
      );
    const column = (one: Visible): Expression => ({
      kind: 'column',
      names: [...(one.table === undefined ? [] : [one.table]), name],
      position,
    });
    const test: Expression = { kind: 'binary', operator: '=', left: column(a), right: column(b), position };
    condition =
      condition === undefined
        ? test
        : { kind: 'logic', operator: 'and', left: condition, right: test, position };
  }
  return condition;
}

/** @param isLateral whether the right side sees the left row */
function joined(
  how: 'inner' | 'left' | 'right' | 'full' | 'cross',
  left: Query,
  right: Query,
  on: Compiled | undefined,
  context: Context,
  isLateral: boolean,
): Query {
  const columns = [...left.columns, ...right.columns];
  const empty = (query: Query): null[] => query.columns.map(() => null);
  return {
    columns,
    async rows(environment) {
      const rows: Row[] = [];
      const keep = (row: Row): void => {
        context.hold(sizeOf(row) >> 2);
        rows.push(row);
      };
      const others = isLateral ? undefined : await right.rows(environment);
      const matched = new Set<Row>();
      for (const one of await left.rows(environment)) {
        let isMatched = false;
        const inner: Environment = { row: one, outer: environment };
        for (const other of others ?? (await right.rows(inner))) {
          const wait = context.step();
          if (wait !== undefined) await wait;
          const row = [...one, ...other];
          if (on !== undefined && (await on.run({ row, outer: environment })) !== true) continue;
          isMatched = true;
          matched.add(other);
          keep(row);
        }
        if (!isMatched && (how === 'left' || how === 'full')) keep([...one, ...empty(right)]);
      }
      if (how === 'right' || how === 'full')
        for (const other of others ?? []) if (!matched.has(other)) keep([...empty(left), ...other]);
      return rows;
    },
  };
}

/** Where rows come from: tables, catalogs, queries, functions, and what joins them. */
import { catalogTable } from '../catalog/tables.ts';
import { type Row, rowCost, type Table } from '../database.ts';
import { failures, PgError } from '../failure.ts';
import type { Expression, Source } from '../sql/ast.ts';
import { isList, types, typmod, type Value } from '../types.ts';
import { coerce, truth, typeOf } from './coerce.ts';
import { compile } from './compile.ts';
import type { Context } from './context.ts';
import { findFunction } from './functions/find.ts';
import { conjuncts, isOf, joined } from './joins.ts';
import { findSequence, findTable, findView } from './resolve.ts';
import type { Scope, Visible } from './scope.ts';
import { compileSelect, type Query } from './select.ts';

/** @param where a condition that all rows have to meet, of which joins look at what they can. @throws PgError */
export function compileSources(
  sources: readonly Source[],
  where: Expression | undefined,
  context: Context,
  outer: Scope,
): Query {
  requireDistinct(sources);
  const conditions = conjuncts(where);
  let all: Query = { columns: [], rows: async () => [[]] };
  for (const [index, source] of sources.entries()) {
    const isLateral = index > 0 && seesLeft(source);
    const scope: Scope = { columns: all.columns, outer, ...(outer.ctes && { ctes: outer.ctes }) };
    const right = chosen(
      compileSource(source, context, isLateral ? scope : outer),
      conditions,
      context,
      outer,
    );
    if (index === 0) {
      all = right;
      continue;
    }
    const both = [...all.columns, ...right.columns];
    const on = conditions.filter((one) => isOf(one, both) && !isOf(one, all.columns));
    all = joined({ how: 'cross', left: all, right, on, outer, isLateral }, context);
  }
  return all;
}

/** Only the rows that can meet the conditions, as far as this source alone decides them. */
function chosen(source: Query, conditions: readonly Expression[], context: Context, outer: Scope): Query {
  const own = conditions.filter((one) => isOf(one, source.columns));
  if (own.length === 0) return source;
  const scope: Scope = { columns: source.columns, outer };
  const tests = own.map((one) => truth(compile(one, { context, scope }), context, 'WHERE', one.position));
  return {
    columns: source.columns,
    async rows(environment) {
      const kept: Row[] = [];
      for (const row of await source.rows(environment)) {
        const wait = context.step();
        if (wait !== undefined) await wait;
        let isKept = true;
        for (const test of tests) isKept &&= (await test.run({ row, outer: environment })) === true;
        if (isKept) kept.push(row);
      }
      return kept;
    },
  };
}

/** What comes later may refer to what came before: functions, and LATERAL. */
function seesLeft(source: Source): boolean {
  if (source.kind === 'join') return seesLeft(source.left) || seesLeft(source.right);
  if (source.kind === 'call') return hasColumn(source.call);
  return source.kind === 'select' && source.isLateral;
}

function hasColumn(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  return ('kind' in part && part.kind === 'column') || Object.values(part).some(hasColumn);
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
      const isLateral = seesLeft(source.right);
      const beside: Scope = { columns: left.columns, outer: scope };
      const right = compileSource(source.right, context, isLateral ? beside : scope);
      const on =
        source.on ?? usingCondition(source.using ?? [], left.columns, right.columns, source.position);
      return joined({ how: source.how, left, right, on: conjuncts(on), outer: scope, isLateral }, context);
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
  // The same however often a join looks at them.
  let rows: readonly Row[] | undefined;
  return {
    columns: visible,
    async rows() {
      if (rows === undefined) {
        rows = catalog.rows(context);
        await context.step(rows.length);
      }
      return rows;
    },
  };
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
  source: Extract<Source, { readonly kind: 'call' }>,
  context: Context,
  scope: Scope,
): Query {
  const { call, as, columns: names, types: given, position } = source;
  if (call.kind !== 'call') throw failures.syntax('', position);
  const own = call.names.at(-1)!;
  const behind = viewFunctions[own];
  if (behind !== undefined)
    return compileTable({ ...source, kind: 'table', names: [behind], as: as ?? own }, context, scope);
  const args = call.args.map((arg) => compile(arg, { context, scope }));
  const found = findFunction(
    call.names,
    args.map(({ type }) => type),
    context,
    position,
  );
  const values = args.map((one, index) => coerce(one, found.args[index] ?? types.text, context));
  const told = given?.map((type, index) => ({ name: names?.[index] ?? '', type: typeOf(type) }));
  const columns = (told ?? found.columns ?? [{ name: as ?? own, type: found.returns }]).map(
    (column, index): Visible => ({
      table: as ?? own,
      name: names?.[index] ?? column.name,
      type: column.type,
    }),
  );
  return {
    columns,
    async rows(environment) {
      const list: Value[] = [];
      for (const one of values) list.push(await one.run(environment));
      if (found.isStrict && list.includes(null)) return [];
      const wait = context.stepThrough(list, 5 + (found.steps?.(...list) ?? 0));
      if (wait !== undefined) await wait;
      const value = await found.run(context, ...list);
      const items = found.isSet && isList(value) ? value : [value];
      context.hold(rowCost * items.length);
      return items.map((item): Row => (found.columns !== undefined && isList(item) ? item : [item]));
    },
  };
}

/** Functions that views are made of. */
const viewFunctions: Readonly<Record<string, string>> = {
  pg_show_all_settings: 'pg_settings',
  pg_show_all_file_settings: 'pg_file_settings',
  pg_hba_file_rules: 'pg_hba_file_rules',
  pg_lock_status: 'pg_locks',
  pg_stat_get_activity: 'pg_stat_activity',
  pg_available_extensions: 'pg_available_extensions',
  pg_timezone_names: 'pg_timezone_names',
};

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
        'parse_clause.c:1351:transformFromClauseItem',
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

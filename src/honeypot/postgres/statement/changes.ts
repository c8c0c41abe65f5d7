/** UPDATE, DELETE and TRUNCATE, and what INSERT has in common with them. */
import { catalogTable } from '../catalog/tables.ts';
import { type Column, type Row, sizeOf, type Table } from '../database.ts';
import { type Compiled, coerce, folded, settled, truth } from '../engine/coerce.ts';
import { compile } from '../engine/compile.ts';
import type { Context } from '../engine/context.ts';
import { columnOf, expanded } from '../engine/naming.ts';
import { findTable } from '../engine/resolve.ts';
import type { Environment, Scope, Visible } from '../engine/scope.ts';
import { columnsOf } from '../engine/sources.ts';
import { failures, PgError } from '../failure.ts';
import type { Expression, Name, Statement, Target } from '../sql/ast.ts';
import type { Value } from '../types.ts';
import { modified, output } from '../values.ts';
import { planCatalogChange } from './catalog-changes.ts';
import { tellDrop } from './destruction.ts';
import { uniqueIn } from './keys.ts';
import type { Around, Result } from './run.ts';

/** @throws PgError */
export function tableNamed(name: Name, context: Context): Table {
  const table = findTable(name.names, context);
  if (table !== undefined) return table;
  if (catalogTable(name.names) !== undefined)
    throw new PgError(
      '42501',
      `permission denied: "${name.names.at(-1)}" is a system catalog`,
      'execMain.c:1099:CheckValidResultRel',
    );
  throw failures.noRelation(name.names.join('.'), name.position);
}

/** As statements look for it that are no queries. @param place where PostgreSQL keeps catalogs from it. @throws PgError */
export function utilityTable(
  name: Name,
  context: Context,
  place = 'execMain.c:1099:CheckValidResultRel',
): Table {
  const table = findTable(name.names, context);
  if (table !== undefined) return table;
  const title = name.names.join('.');
  if (catalogTable(name.names) !== undefined)
    throw new PgError('42501', `permission denied: "${title}" is a system catalog`, place);
  throw new PgError(
    '42P01',
    `relation "${title}" does not exist`,
    'namespace.c:433:RangeVarGetRelidExtended',
  );
}

export function columnAt(
  table: Table,
  { names, position }: Name,
  place = 'parse_target.c:1075:checkInsertTargets',
): number {
  const at = table.columns.findIndex(({ name }) => name === names.at(-1));
  if (at < 0)
    throw new PgError('42703', `column "${names.at(-1)}" of relation "${table.name}" does not exist`, place, {
      position,
    });
  return at;
}

/** A change whose names and types are right, and what clients are told of what it gives. */
export interface Plan {
  /** Of RETURNING. */
  readonly columns?: readonly Visible[];
  run(): Promise<Result>;
}

/** @throws PgError where its type is none of the column's */
export function forColumn(compiled: Compiled, column: Column, context: Context, position: number): Compiled {
  const { type } = compiled;
  const isFit =
    type.name === 'unknown' || type.category === column.type.category || column.type.category === 'S';
  if (!isFit)
    throw new PgError(
      '42804',
      `column "${column.name}" is of type ${column.type.title} but expression is of type ${type.title}`,
      'parse_target.c:587:transformAssignedExpr',
      {
        hint: 'You will need to rewrite or cast the expression.',
        position,
      },
    );
  const made = coerce(compiled, column.type, context);
  if (column.modifiers.length === 0) return made;
  const cut: Compiled = {
    type: column.type,
    run: async (environment) => modified(await made.run(environment), column.type, column.modifiers),
  };
  return folded(cut, [made], context);
}

export function requireComplete(table: Table, row: Row): void {
  for (const [index, column] of table.columns.entries())
    if (column.notNull && row[index] === null)
      throw new PgError(
        '23502',
        `null value in column "${column.name}" of relation "${table.name}" violates not-null constraint`,
        'execMain.c:2023:ExecConstraints',
        {
          detail: `Failing row contains (${row
            .map((value, at) => (value === null ? 'null' : output(value, table.columns[at]!.type)))
            .join(', ')
            .slice(0, 1000)}).`,
          schema: table.schema,
          table: table.name,
          column: column.name,
        },
      );
}

function scopeFor(table: Table, as: string | undefined, around?: Around): Scope {
  const columns = columnsOf(table).map((column) => ({ ...column, table: as ?? table.name }));
  return { columns, ...(around && { outer: around.scope }) };
}

/** @returns finds the rows for which the condition holds */
function chooser(
  table: Table,
  as: string | undefined,
  where: Expression | undefined,
  context: Context,
  around?: Around,
): () => Promise<Set<Row>> {
  const scope = scopeFor(table, as, around);
  const condition = where && truth(compile(where, { context, scope }), context, 'WHERE', where.position);
  return async () => {
    const rows = new Set<Row>();
    for (const row of table.rows) {
      const wait = context.step();
      if (wait !== undefined) await wait;
      const environment: Environment = { row, ...(around && { outer: around.environment }) };
      if (condition === undefined || (await condition.run(environment)) === true) rows.add(row);
    }
    return rows;
  };
}

export function planUpdate(
  statement: Extract<Statement, { readonly kind: 'update' }>,
  context: Context,
  around?: Around,
): Plan {
  const catalog = findTable(statement.table.names, context) ?? catalogTable(statement.table.names);
  if (catalog !== undefined && 'kind' in catalog)
    return planCatalogChange(statement, catalog, context, around);
  const table = tableNamed(statement.table, context);
  const scope = scopeFor(table, statement.as, around);
  const sets = statement.sets.map(({ column, value }) => {
    const at = columnAt(table, column, 'analyze.c:2515:transformUpdateTargetList');
    return {
      at,
      value: forColumn(compile(value, { context, scope }), table.columns[at]!, context, value.position),
    };
  });
  const choose = chooser(table, statement.as, statement.where, context, around);
  const { columns, result } = planReturning(statement.returning, table, statement.as, context);

  async function run(): Promise<Result> {
    const rows = await choose();
    const changed = new Map<Row, Row>();
    const unique = uniqueIn(table, rows);
    for (const row of rows) {
      const next = [...row];
      for (const { at, value } of sets) {
        next[at] = await value.run({ row, ...(around && { outer: around.environment }) });
      }
      requireComplete(table, next);
      const failure = unique(next);
      if (failure !== undefined) throw failure;
      context.server.room.take(sizeOf(next));
      changed.set(row, next);
    }
    if (changed.size > 0)
      table.rows = [...table.rows.filter((row) => !changed.has(row)), ...changed.values()];
    return result(`UPDATE ${changed.size}`, [...changed.values()]);
  }
  return { ...(columns && { columns }), run };
}

export function planDelete(
  statement: Extract<Statement, { readonly kind: 'delete' }>,
  context: Context,
  around?: Around,
): Plan {
  const catalog = findTable(statement.table.names, context) ?? catalogTable(statement.table.names);
  if (catalog !== undefined && 'kind' in catalog)
    return planCatalogChange(statement, catalog, context, around);
  const table = tableNamed(statement.table, context);
  const choose = chooser(table, statement.as, statement.where, context, around);
  const { columns, result } = planReturning(statement.returning, table, statement.as, context);
  return {
    ...(columns && { columns }),
    async run() {
      const rows = await choose();
      if (statement.where === undefined) tellEmptied([table], context);
      table.rows = table.rows.filter((row) => !rows.has(row));
      return result(`DELETE ${rows.size}`, [...rows]);
    },
  };
}

export function runTruncate(names: readonly Name[], context: Context): Result {
  const tables = names.map((name) => utilityTable(name, context, 'tablecmds.c:2209:truncate_check_rel'));
  tellEmptied(tables, context);
  for (const table of tables) table.rows = [];
  return { tag: 'TRUNCATE TABLE' };
}

/** Tells that all rows go of what was there before the visitor. */
function tellEmptied(tables: readonly Table[], context: Context): void {
  const ours = tables.filter(({ oid }) => oid < context.server.firstVisitorOid);
  if (ours.length > 0)
    tellDrop(
      context,
      'rows',
      ours.map(({ name }) => [name]),
      true,
    );
}

/** RETURNING: its columns, and its rows once there are any. */
export function planReturning(
  targets: readonly Target[],
  table: Table,
  as: string | undefined,
  context: Context,
): { readonly columns?: readonly Visible[]; result(tag: string, rows: readonly Row[]): Promise<Result> } {
  if (targets.length === 0) return { result: async (tag) => ({ tag }) };
  const scope = scopeFor(table, as);
  const given = targets.flatMap((target) => expanded(target, scope.columns));
  const compiled = given.map(({ value }) => settled(compile(value, { context, scope }), context));
  const columns = given.map((target, index) => columnOf(target, compiled[index]!, scope.columns));
  return {
    columns,
    async result(tag, rows) {
      const results: Row[] = [];
      for (const row of rows) {
        const values: Value[] = [];
        for (const one of compiled) values.push(await one.run({ row }));
        results.push(values);
      }
      return { tag, columns, rows: results };
    },
  };
}

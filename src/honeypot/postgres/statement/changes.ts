/** INSERT, UPDATE, DELETE and TRUNCATE. */
import { catalogTable } from '../catalog/tables.ts';
import { type Column, type Row, sizeOf, type Table } from '../database.ts';
import { type Compiled, coerce, compile, settled, truth } from '../engine/compile.ts';
import type { Context } from '../engine/context.ts';
import { putInto } from '../engine/functions/files.ts';
import { converted } from '../engine/operators.ts';
import { findTable, resolveName } from '../engine/resolve.ts';
import type { Environment, Scope } from '../engine/scope.ts';
import { columnOf, compileSelect, expanded, nowhere } from '../engine/select.ts';
import { columnsOf } from '../engine/sources.ts';
import { failures, PgError } from '../failure.ts';
import type { Expression, Name, Statement, Target } from '../sql/ast.ts';
import { modified, output, type Value } from '../types.ts';
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

/** As statements look for it that are no queries. @throws PgError */
export function utilityTable(name: Name, context: Context): Table {
  const table = findTable(name.names, context);
  if (table !== undefined) return table;
  const title = name.names.join('.');
  if (catalogTable(name.names) !== undefined)
    throw new PgError(
      '42501',
      `permission denied: "${title}" is a system catalog`,
      'execMain.c:1099:CheckValidResultRel',
    );
  throw new PgError(
    '42P01',
    `relation "${title}" does not exist`,
    'namespace.c:433:RangeVarGetRelidExtended',
  );
}

function columnAt(
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

const noScope: Scope = { columns: [] };

export async function runInsert(
  statement: Extract<Statement, { readonly kind: 'insert' }>,
  context: Context,
  around?: Around,
): Promise<Result> {
  if (statement.table.names.at(-1) === 'pg_largeobject') return insertPages(statement, context, around);
  const table = tableNamed(statement.table, context);
  const places =
    statement.columns.length > 0
      ? statement.columns.map((one) => columnAt(table, one))
      : table.columns.map((_, index) => index);
  const given =
    statement.rows === undefined ? [[]] : await rowsFor(statement.rows, table, places, context, around);
  const made: Row[] = [];
  const unique = uniqueIn(table);
  for (const values of given) {
    const row: Value[] = [];
    for (const [index, column] of table.columns.entries()) {
      const at = places.indexOf(index);
      const value = at >= 0 && at < values.length ? values[at]! : undefined;
      row.push(
        value === undefined || value === isDefault
          ? await byDefault(column, table, context)
          : (value as Value),
      );
    }
    requireComplete(table, row);
    const failure = unique(row);
    if (failure !== undefined) {
      if (statement.ignoresConflicts) continue;
      throw failure;
    }
    context.server.room.take(sizeOf(row));
    made.push(row);
  }
  for (const row of made) table.rows.push(row);
  return returned(`INSERT 0 ${made.length}`, statement.returning, table, made, context);
}

/** Stands in rows for DEFAULT. */
const isDefault = Symbol('default');

async function rowsFor(
  select: NonNullable<Extract<Statement, { readonly kind: 'insert' }>['rows']>,
  table: Table,
  places: readonly number[],
  context: Context,
  around?: Around,
): Promise<(Value | typeof isDefault)[][]> {
  const scope = around?.scope ?? noScope;
  const environment = around?.environment ?? nowhere;
  const tooMany = (position: number): PgError =>
    new PgError(
      '42601',
      'INSERT has more expressions than target columns',
      'analyze.c:1017:transformInsertRow',
      { position },
    );
  if (select.body.kind === 'values') {
    const compiled = select.body.rows.map((row) =>
      row.map((one, index) => {
        if (index >= places.length) throw tooMany(one.position);
        return isDefaultWord(one)
          ? isDefault
          : forColumn(
              compile(one, { context, scope }),
              table.columns[places[index]!]!,
              context,
              one.position,
            );
      }),
    );
    const rows: (Value | typeof isDefault)[][] = [];
    for (const row of compiled) {
      const wait = context.step(row.length);
      if (wait !== undefined) await wait;
      const values: (Value | typeof isDefault)[] = [];
      for (const [index, one] of row.entries())
        values.push(
          one === isDefault
            ? one
            : modified(
                await one.run(environment),
                table.columns[places[index]!]!.type,
                table.columns[places[index]!]!.modifiers,
              ),
        );
      rows.push(values);
    }
    return rows;
  }
  const query = compileSelect(select, context, scope);
  if (query.columns.length > places.length) throw tooMany(1);
  const rows = await query.rows(environment);
  return rows.map((row) =>
    row.map((value, index) => {
      const column = table.columns[places[index]!]!;
      return modified(
        converted(value, query.columns[index]!.type, column.type, (text, type) =>
          resolveName(text, type, context),
        ),
        column.type,
        column.modifiers,
      );
    }),
  );
}

function isDefaultWord(one: Expression): boolean {
  return one.kind === 'column' && one.names.length === 1 && one.names[0] === 'default';
}

/** @throws PgError where its type is none of the column's */
function forColumn(compiled: Compiled, column: Column, context: Context, position: number): Compiled {
  const { type } = compiled;
  const isFit =
    type.name === 'unknown' || type.category === column.type.category || column.type.category === 'S';
  if (!isFit)
    throw new PgError(
      '42804',
      `column "${column.name}" is of type ${column.type.title} but expression is of type ${type.title}`,
      'parse_target.c:588:transformAssignedExpr',
      {
        hint: 'You will need to rewrite or cast the expression.',
        position,
      },
    );
  return coerce(compiled, column.type, context);
}

async function byDefault(column: Column, table: Table, context: Context): Promise<Value> {
  if (column.isSerial) {
    table.serial += 1;
    return column.type.name === 'int8' ? BigInt(table.serial) : table.serial;
  }
  if (column.default === undefined) return null;
  const made = coerce(compile(column.default, { context, scope: noScope }), column.type, context);
  return modified(await made.run(nowhere), column.type, column.modifiers);
}

export function requireComplete(table: Table, row: Row): void {
  for (const [index, column] of table.columns.entries())
    if (column.notNull && row[index] === null)
      throw new PgError(
        '23502',
        `null value in column "${column.name}" of relation "${table.name}" violates not-null constraint`,
        'execMain.c:2039:ExecConstraints',
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

/** Pages of a large object, as libraries come in: 2048 bytes each. */
async function insertPages(
  statement: Extract<Statement, { readonly kind: 'insert' }>,
  context: Context,
  around?: Around,
): Promise<Result> {
  if (statement.rows === undefined) return { tag: 'INSERT 0 0' };
  const query = compileSelect(statement.rows, context, around?.scope);
  const rows = await query.rows(around?.environment ?? nowhere);
  for (const row of rows) {
    const [oid, page, data] = [Number(row[0] ?? 0), Number(row[1] ?? 0), row[2]];
    const content = Buffer.isBuffer(data) ? data : Buffer.from(String(data ?? ''), 'latin1');
    if (!Number.isInteger(page) || page < 0) throw failures.tooMuch();
    putInto(context, oid, page * 2048, content);
  }
  return { tag: `INSERT 0 ${rows.length}` };
}

function scopeFor(table: Table, as: string | undefined, around?: Around): Scope {
  const columns = columnsOf(table).map((column) => ({ ...column, table: as ?? table.name }));
  return { columns, ...(around && { outer: around.scope }) };
}

async function chosen(
  table: Table,
  as: string | undefined,
  where: Expression | undefined,
  context: Context,
  around?: Around,
): Promise<Set<Row>> {
  const scope = scopeFor(table, as, around);
  const condition = where && truth(compile(where, { context, scope }), context, 'WHERE', where.position);
  const rows = new Set<Row>();
  for (const row of table.rows) {
    const wait = context.step();
    if (wait !== undefined) await wait;
    const environment: Environment = { row, ...(around && { outer: around.environment }) };
    if (condition === undefined || (await condition.run(environment)) === true) rows.add(row);
  }
  return rows;
}

export async function runUpdate(
  statement: Extract<Statement, { readonly kind: 'update' }>,
  context: Context,
  around?: Around,
): Promise<Result> {
  const table = tableNamed(statement.table, context);
  const scope = scopeFor(table, statement.as, around);
  const sets = statement.sets.map(({ column, value }) => {
    const at = columnAt(table, column, 'analyze.c:2521:transformUpdateTargetList');
    return {
      at,
      value: forColumn(compile(value, { context, scope }), table.columns[at]!, context, value.position),
    };
  });
  const rows = await chosen(table, statement.as, statement.where, context, around);
  const changed = new Map<Row, Row>();
  const unique = uniqueIn(table, rows);
  for (const row of rows) {
    const next = [...row];
    for (const { at, value } of sets) {
      const column = table.columns[at]!;
      next[at] = modified(
        await value.run({ row, ...(around && { outer: around.environment }) }),
        column.type,
        column.modifiers,
      );
    }
    requireComplete(table, next);
    const failure = unique(next);
    if (failure !== undefined) throw failure;
    context.server.room.take(sizeOf(next));
    changed.set(row, next);
  }
  if (changed.size > 0) table.rows = [...table.rows.filter((row) => !changed.has(row)), ...changed.values()];
  return returned(`UPDATE ${changed.size}`, statement.returning, table, [...changed.values()], context);
}

export async function runDelete(
  statement: Extract<Statement, { readonly kind: 'delete' }>,
  context: Context,
  around?: Around,
): Promise<Result> {
  const table = tableNamed(statement.table, context);
  const rows = await chosen(table, statement.as, statement.where, context, around);
  table.rows = table.rows.filter((row) => !rows.has(row));
  return returned(`DELETE ${rows.size}`, statement.returning, table, [...rows], context);
}

export function runTruncate(names: readonly Name[], context: Context): Result {
  for (const table of names.map((name) => utilityTable(name, context))) table.rows = [];
  return { tag: 'TRUNCATE TABLE' };
}

/** RETURNING. */
async function returned(
  tag: string,
  targets: readonly Target[],
  table: Table,
  rows: readonly Row[],
  context: Context,
): Promise<Result> {
  if (targets.length === 0) return { tag };
  const scope = scopeFor(table, undefined);
  const given = targets.flatMap((target) => expanded(target, scope.columns));
  const compiled = given.map(({ value }) => settled(compile(value, { context, scope }), context));
  const columns = given.map((target, index) => columnOf(target, compiled[index]!, scope.columns));
  const results: Row[] = [];
  for (const row of rows) {
    const values: Value[] = [];
    for (const one of compiled) values.push(await one.run({ row }));
    results.push(values);
  }
  return { tag, columns, rows: results };
}

/** ALTER TABLE: what is renamed, added, taken away. */
import { catalogTable } from '../catalog/tables.ts';
import type { Column, Table } from '../database.ts';
import { coerce } from '../engine/coerce.ts';
import { compile } from '../engine/compile.ts';
import type { Context } from '../engine/context.ts';
import { converted } from '../engine/operators.ts';
import { findTable } from '../engine/resolve.ts';
import { nowhere } from '../engine/select.ts';
import { PgError } from '../failure.ts';
import type { Statement, TableAction } from '../sql/ast.ts';
import type { Value } from '../types.ts';
import type { Result } from './run.ts';
import { columnOf, isTaken } from './tables.ts';

export async function alterTable(
  context: Context,
  { table: name, ifExists, actions }: Extract<Statement, { readonly kind: 'alterTable' }>,
): Promise<Result> {
  const title = name.names.join('.');
  let table = findTable(name.names, context);
  if (table === undefined && catalogTable(name.names) !== undefined)
    throw new PgError(
      '42501',
      `permission denied: "${name.names.at(-1)}" is a system catalog`,
      'tablecmds.c:17416:RangeVarCallbackForAlterRelation',
    );
  if (table === undefined) {
    if (!ifExists)
      throw new PgError(
        '42P01',
        `relation "${title}" does not exist`,
        'namespace.c:433:RangeVarGetRelidExtended',
      );
    context.session.notices.push({
      severity: 'NOTICE',
      code: '00000',
      message: `relation "${title}" does not exist, skipping`,
      place: 'utility.c:1331:ProcessUtilitySlow',
    });
    return { tag: 'ALTER TABLE' };
  }
  const { tables } = context.session.database;
  for (const action of actions) {
    const next: Table = await altered(table, action, context);
    tables.delete(`${table.schema}.${table.name}`);
    tables.set(`${next.schema}.${next.name}`, next);
    table = next;
  }
  return { tag: 'ALTER TABLE' };
}

/** @throws PgError */
async function altered(table: Table, action: TableAction, context: Context): Promise<Table> {
  switch (action.kind) {
    case 'rename':
      if (isTaken(context.session.database, { schema: table.schema, name: action.to }))
        throw new PgError(
          '42P07',
          `relation "${action.to}" already exists`,
          'tablecmds.c:3919:RenameRelationInternal',
        );
      return { ...table, name: action.to };
    case 'renameColumn': {
      const at = columnAt(table, action.column);
      if (at < 0)
        throw new PgError(
          '42703',
          `column "${action.column}" does not exist`,
          'tablecmds.c:3556:renameatt_internal',
        );
      return { ...table, columns: table.columns.with(at, { ...table.columns[at]!, name: action.to }) };
    }
    case 'owner':
      if (!context.server.roles.has(action.to))
        throw new PgError('42704', `role "${action.to}" does not exist`, 'acl.c:5201:get_role_oid');
      return { ...table, owner: action.to };
    case 'add':
      return added(table, action, context);
    case 'drop':
      return dropped(table, action, context);
    case 'type': {
      const at = columnAt(table, action.column);
      if (at < 0) throw noColumn(table, action.column, 'tablecmds.c:12439:ATPrepAlterColumnType');
      const before = table.columns[at]!;
      const column: Column = {
        ...columnOf({
          name: before.name,
          type: action.type,
          notNull: before.notNull,
          isSerial: before.isSerial,
        }),
      };
      const rows = table.rows.map((row) =>
        row.with(at, converted(row[at] ?? null, before.type, column.type)),
      );
      return { ...table, rows, columns: table.columns.with(at, column) };
    }
    case 'other':
      return table;
  }
}

function columnAt({ columns }: Table, name: string): number {
  return columns.findIndex((column) => column.name === name);
}

function noColumn(table: Table, name: string, place: string): PgError {
  return new PgError('42703', `column "${name}" of relation "${table.name}" does not exist`, place);
}

async function added(
  table: Table,
  { column: definition, ifNotExists }: Extract<TableAction, { readonly kind: 'add' }>,
  context: Context,
): Promise<Table> {
  const column = columnOf(definition);
  if (columnAt(table, column.name) >= 0) {
    const message = `column "${column.name}" of relation "${table.name}" already exists`;
    const place = 'tablecmds.c:7279:check_for_column_name_collision';
    if (!ifNotExists) throw new PgError('42701', message, place);
    context.session.notices.push({
      severity: 'NOTICE',
      code: '42701',
      message: `${message}, skipping`,
      place: 'tablecmds.c:7272:check_for_column_name_collision',
    });
    return table;
  }
  let value: Value = null;
  if (column.default !== undefined)
    value = await coerce(
      compile(column.default, { context, scope: { columns: [] } }),
      column.type,
      context,
    ).run(nowhere);
  if (column.notNull && !column.isSerial && value === null && table.rows.length > 0)
    throw new PgError(
      '23502',
      `column "${column.name}" of relation "${table.name}" contains null values`,
      'tablecmds.c:6049:ATRewriteTable',
      { schema: table.schema, table: table.name, column: column.name },
    );
  context.server.room.take(16 * table.rows.length + 100);
  const rows = table.rows.map((row, index) => [...row, column.isSerial ? index + 1 : value]);
  return { ...table, rows, columns: [...table.columns, column] };
}

function dropped(
  table: Table,
  { column, ifExists }: Extract<TableAction, { readonly kind: 'drop' }>,
  { session }: Context,
): Table {
  const at = columnAt(table, column);
  if (at < 0) {
    const failure = noColumn(table, column, 'tablecmds.c:8596:ATExecDropColumn');
    if (!ifExists) throw failure;
    session.notices.push({
      severity: 'NOTICE',
      code: '00000',
      message: `${failure.message}, skipping`,
      place: 'tablecmds.c:8603:ATExecDropColumn',
    });
    return table;
  }
  return {
    ...table,
    columns: table.columns.toSpliced(at, 1),
    rows: table.rows.map((row) => row.toSpliced(at, 1)),
    keys: table.keys
      .filter((key) => !key.columns.includes(at))
      .map((key) => ({ ...key, columns: key.columns.map((one) => (one > at ? one - 1 : one)) })),
  };
}

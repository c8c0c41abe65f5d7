/** INSERT: rows that are told, or that a query gives; into the pages of large objects also. */
import { type Column, type Row, sizeOf, type Table } from '../database.ts';
import { coerce } from '../engine/coerce.ts';
import { compile } from '../engine/compile.ts';
import type { Context } from '../engine/context.ts';
import { largeObjectPage, putInto } from '../engine/functions/files.ts';
import { nextOf } from '../engine/functions/sequences.ts';
import { converted } from '../engine/operators.ts';
import { resolveName } from '../engine/resolve.ts';
import type { Environment, Scope } from '../engine/scope.ts';
import { compileSelect, nowhere } from '../engine/select.ts';
import { failures, PgError } from '../failure.ts';
import type { Expression, Name, Select, Statement } from '../sql/ast.ts';
import type { Value } from '../types.ts';
import { modified } from '../values.ts';
import { columnAt, forColumn, type Plan, planReturning, requireComplete, tableNamed } from './changes.ts';
import { uniqueIn } from './keys.ts';
import type { Around, Result } from './run.ts';

const noScope: Scope = { columns: [] };

/** Stands in rows for DEFAULT. */
const isDefault = Symbol('default');
type Given = Value | typeof isDefault;

/** @throws PgError */
export function planInsert(
  statement: Extract<Statement, { readonly kind: 'insert' }>,
  context: Context,
  around?: Around,
): Plan {
  if (statement.table.names.at(-1) === 'pg_largeobject') return planPages(statement, context, around);
  const table = tableNamed(statement.table, context);
  const places =
    statement.columns.length > 0
      ? statement.columns.map((one) => columnAt(table, one))
      : table.columns.map((_, index) => index);
  const rowsOf =
    statement.rows === undefined
      ? async () => [[]]
      : planRows(statement.rows, statement.columns, table, places, context, around?.scope ?? noScope);
  const { columns, result } = planReturning(statement.returning, table, undefined, context);

  async function run(): Promise<Result> {
    const made: Row[] = [];
    const unique = uniqueIn(table);
    for (const values of await rowsOf(around?.environment ?? nowhere)) {
      const wait = context.step();
      if (wait !== undefined) await wait;
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
    return result(`INSERT 0 ${made.length}`, made);
  }
  return { ...(columns && { columns }), run };
}

function planRows(
  select: Select,
  named: readonly Name[],
  table: Table,
  places: readonly number[],
  context: Context,
  scope: Scope,
): (environment: Environment) => Promise<readonly (readonly Given[])[]> {
  const tooMany = (position: number): PgError =>
    new PgError(
      '42601',
      'INSERT has more expressions than target columns',
      'analyze.c:1017:transformInsertRow',
      { position },
    );
  /** Columns that are told all get a value. */
  const requireAll = (given: number): void => {
    const missing = named[given];
    if (missing !== undefined)
      throw new PgError(
        '42601',
        'INSERT has more target columns than expressions',
        'analyze.c:1035:transformInsertRow',
        { position: missing.position },
      );
  };
  const columnFor = (index: number): Column => table.columns[places[index]!]!;
  if (select.body.kind !== 'values') {
    const query = compileSelect(select, context, scope);
    if (query.columns.length > places.length) throw tooMany(1);
    requireAll(query.columns.length);
    return async (environment) => {
      const made: Row[] = [];
      for (const row of await query.rows(environment)) {
        const wait = context.stepThrough(row, 1);
        if (wait !== undefined) await wait;
        made.push(
          row.map((value, index) => {
            const { type, modifiers } = columnFor(index);
            const given = converted(value, query.columns[index]!.type, type, (text, to) =>
              resolveName(text, to, context),
            );
            return modified(given, type, modifiers);
          }),
        );
      }
      return made;
    };
  }
  const compiled = select.body.rows.map((row) => {
    requireAll(row.length);
    return row.map((one, index) => {
      if (index >= places.length) throw tooMany(one.position);
      return isDefaultWord(one)
        ? isDefault
        : forColumn(compile(one, { context, scope }), columnFor(index), context, one.position);
    });
  });
  return async (environment) => {
    const rows: Given[][] = [];
    for (const row of compiled) {
      const wait = context.step(row.length);
      if (wait !== undefined) await wait;
      const values: Given[] = [];
      for (const one of row) values.push(one === isDefault ? one : await one.run(environment));
      rows.push(values);
    }
    return rows;
  };
}

function isDefaultWord(one: Expression): boolean {
  return one.kind === 'column' && one.names.length === 1 && one.names[0] === 'default';
}

async function byDefault(column: Column, table: Table, context: Context): Promise<Value> {
  if (column.isSerial) {
    const sequence = context.session.database.sequences.get(column.sequence ?? '');
    const value = sequence === undefined ? BigInt(table.rows.length + 1) : nextOf(sequence, context);
    return column.type.name === 'int8' ? value : Number(value);
  }
  if (column.default === undefined) return null;
  const made = coerce(compile(column.default, { context, scope: noScope }), column.type, context);
  return modified(await made.run(nowhere), column.type, column.modifiers);
}

/** Pages of a large object, as libraries come in. */
function planPages(
  statement: Extract<Statement, { readonly kind: 'insert' }>,
  context: Context,
  around?: Around,
): Plan {
  if (statement.rows === undefined) return { run: async () => ({ tag: 'INSERT 0 0' }) };
  const query = compileSelect(statement.rows, context, around?.scope);
  return {
    async run() {
      const rows = await query.rows(around?.environment ?? nowhere);
      for (const row of rows) {
        const [oid, page, data] = [Number(row[0] ?? 0), Number(row[1] ?? 0), row[2]];
        const content = Buffer.isBuffer(data) ? data : Buffer.from(String(data ?? ''), 'latin1');
        if (!Number.isInteger(page) || page < 0) throw failures.tooMuch();
        putInto(context, oid, page * largeObjectPage, content);
      }
      return { tag: `INSERT 0 ${rows.length}` };
    },
  };
}

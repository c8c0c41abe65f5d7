/** CREATE TABLE, VIEW and SEQUENCE. */
import type { Column, Database, Key, Row } from '../database.ts';
import { readCost, sizeOfRows } from '../database.ts';
import { typeOf } from '../engine/coerce.ts';
import type { Context } from '../engine/context.ts';
import { findTable, findView } from '../engine/resolve.ts';
import type { Visible } from '../engine/scope.ts';
import { compileSelect } from '../engine/select.ts';
import { failures, PgError } from '../failure.ts';
import type { Server } from '../server.ts';
import type { ColumnDefinition, KeyDefinition, Name, Select, Source, Statement } from '../sql/ast.ts';
import { placeOf } from './place.ts';
import type { Result } from './run.ts';

/** Of one database: tables and what is like them, and columns of one. */
const most = { tables: 500, columns: 1600 };

interface Place {
  readonly schema: string;
  readonly name: string;
}

/** Tables, views and sequences share their names. */
export function isTaken({ tables, views, sequences }: Database, { schema, name }: Place): boolean {
  return [tables, views, sequences].some((all) => all.has(`${schema}.${name}`));
}

export function taken(name: string): PgError {
  return new PgError('42P07', `relation "${name}" already exists`, 'heap.c:1164:heap_create_with_catalog');
}

export function createTable(
  context: Context,
  name: Name,
  definitions: readonly (ColumnDefinition | Visible)[],
  {
    keys = [],
    rows,
    ifNotExists = false,
    length = 0,
  }: {
    /** Characters of the statement, which defaults are part of. */
    readonly length?: number;
    readonly keys?: readonly KeyDefinition[];
    readonly rows?: readonly Row[];
    readonly ifNotExists?: boolean;
  },
): Result {
  const { session, server } = context;
  const place = placeOf(context, name);
  const tag = rows === undefined ? 'CREATE TABLE' : `SELECT ${rows.length}`;
  if (isTaken(session.database, place)) {
    if (!ifNotExists) throw taken(place.name);
    session.notices.push({
      severity: 'NOTICE',
      code: '42P07',
      message: `relation "${place.name}" already exists, skipping`,
      place: 'parse_utilcmd.c:207:transformCreateStmt',
    });
    return { tag: 'CREATE TABLE' };
  }
  if (session.database.tables.size >= most.tables || definitions.length > most.columns)
    throw failures.tooMuch();
  const seen = new Set<string>();
  const columns = definitions.map((one): Column => {
    if (seen.has(one.name))
      throw new PgError(
        '42701',
        `column "${one.name}" specified more than once`,
        'tablecmds.c:2417:MergeAttributes',
      );
    seen.add(one.name);
    return 'isSerial' in one
      ? columnOf(one)
      : { name: one.name, type: one.type, modifiers: [], notNull: false, isSerial: false };
  });
  const made = keysOf(place.name, columns, keys, server);
  const size = 200 + 100 * columns.length + readCost * length;
  server.room.take(size + sizeOfRows(rows ?? []));
  const table = {
    oid: server.oid(),
    ...place,
    owner: session.user,
    columns: columns.map((column, index) => ({
      ...column,
      ...(isInPrimary(made, index) && { notNull: true }),
      ...(column.isSerial && { sequence: addSequence(context, place, column) }),
    })),
    keys: made,
    size,
    rows: [...(rows ?? [])],
  };
  // Its row type, the type of arrays of it, and what is too large for it have numbers too.
  for (let index = 0; index < 4; index += 1) server.oid();
  session.database.addTable(table);
  return { tag };
}

/** That a column counts with. @returns by schema and name */
function addSequence(
  { session, server }: Context,
  { schema, name: table }: Place,
  { name: column }: Column,
): string {
  const name = `${table}_${column}_seq`.slice(0, 63);
  const key = `${schema}.${name}`;
  const start = { start: 1n, value: 1n, isCalled: false };
  session.database.sequences.set(key, { oid: server.oid(), schema, name, owner: session.user, ...start });
  return key;
}

const serialTypes: Readonly<Record<string, string>> = {
  serial4: 'int4',
  serial8: 'int8',
  serial: 'int4',
  bigserial: 'int8',
  smallserial: 'int2',
};

export function columnOf({ name, type, notNull, isSerial, ...rest }: ColumnDefinition): Column {
  return {
    name,
    type: typeOf({ ...type, name: serialTypes[type.name] ?? type.name }),
    modifiers: type.modifiers,
    notNull,
    isSerial,
    ...rest,
  };
}

function isInPrimary(keys: readonly Key[], index: number): boolean {
  return keys.some((key) => key.isPrimary && key.columns.includes(index));
}

/** @throws PgError */
function keysOf(
  table: string,
  columns: readonly Column[],
  keys: readonly KeyDefinition[],
  server: Server,
): Key[] {
  const made: Key[] = [];
  for (const { name, columns: named, isPrimary, position } of keys) {
    if (isPrimary && made.some((key) => key.isPrimary))
      throw new PgError(
        '42P16',
        `multiple primary keys for table "${table}" are not allowed`,
        'parse_utilcmd.c:2231:transformIndexConstraint',
        { position },
      );
    const places = named.map((one) => {
      const at = columns.findIndex((column) => column.name === one);
      if (at >= 0) return at;
      throw new PgError(
        '42703',
        `column "${one}" named in key does not exist`,
        'parse_utilcmd.c:2575:transformIndexConstraint',
        { position },
      );
    });
    const byDefault = isPrimary ? `${table}_pkey` : `${table}_${named.join('_')}_key`;
    const [oid, constraint] = [server.oid(), server.oid()];
    made.push({ name: name ?? byDefault.slice(0, 63), columns: places, isPrimary, oid, constraint });
  }
  return made;
}

export function createView(
  context: Context,
  { view, columns: names, select, replaces }: Extract<Statement, { readonly kind: 'createView' }>,
  length: number,
): Result {
  const { session, server } = context;
  const { database } = session;
  const place = placeOf(context, view);
  const columns = compileSelect(select, context).columns.map(({ name, type }, index) => ({
    name: names[index]?.names[0] ?? name,
    type: type.name === 'unknown' ? typeOf({ name: 'text', modifiers: [], position: 0 }) : type,
  }));
  const key = `${place.schema}.${place.name}`;
  const before = database.views.get(key);
  if (before === undefined ? isTaken(database, place) : !replaces) throw taken(place.name);
  if (before !== undefined && before.columns.length > columns.length)
    throw new PgError('42P16', 'cannot drop columns from view', 'view.c:277:checkViewTupleDesc');
  if (database.views.size >= most.tables) throw failures.tooMuch();
  const size = 200 + 100 * columns.length + readCost * length;
  server.room.take(size);
  const uses = new Set<number>();
  addUses(select, context, uses);
  const oid = before?.oid ?? server.oid();
  database.views.set(key, { ...place, oid, owner: session.user, select, columns, uses, size });
  return { tag: 'CREATE VIEW' };
}

/** Tables and views in its FROM. */
function addUses(select: Select, context: Context, uses: Set<number>): void {
  const add = (source: Source): void => {
    if (source.kind === 'table') {
      const oid = (findTable(source.names, context) ?? findView(source.names, context))?.oid;
      if (oid !== undefined) uses.add(oid);
    } else if (source.kind === 'select') addUses(source.select, context, uses);
    else if (source.kind === 'join') for (const one of [source.left, source.right]) add(one);
  };
  const { body } = select;
  if (body.kind === 'select') for (const source of body.from) add(source);
  if (body.kind === 'set') for (const one of [body.left, body.right]) addUses(one, context, uses);
}

export function createSequence(
  context: Context,
  { sequence, start, ifNotExists }: Extract<Statement, { readonly kind: 'createSequence' }>,
): Result {
  const { session, server } = context;
  const { sequences } = session.database;
  const place = placeOf(context, sequence);
  if (isTaken(session.database, place)) {
    if (!ifNotExists) throw taken(place.name);
    session.notices.push({
      severity: 'NOTICE',
      code: '42P07',
      message: `relation "${place.name}" already exists, skipping`,
      place: 'parse_utilcmd.c:207:transformCreateStmt',
    });
    return { tag: 'CREATE SEQUENCE' };
  }
  if (sequences.size >= most.tables) throw failures.tooMuch();
  sequences.set(`${place.schema}.${place.name}`, {
    ...place,
    oid: server.oid(),
    owner: session.user,
    start: BigInt(start),
    value: BigInt(start),
    isCalled: false,
  });
  return { tag: 'CREATE SEQUENCE' };
}

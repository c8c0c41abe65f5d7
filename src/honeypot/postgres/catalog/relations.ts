/** Tables and columns as the catalogs have them. */
import type { Key, Table } from '../database.ts';
import type { Context } from '../engine/context.ts';
import { namespaces } from '../engine/resolve.ts';
import type { Server } from '../server.ts';
import { type Type, typmod, type Value } from '../types.ts';
import { allCatalogs } from './tables.ts';

export type Entry = Readonly<Record<string, Value>>;
export type Provider = (context: Context) => readonly Entry[];

export function ownerOid({ roles }: Server, name: string): number {
  return roles.get(name)?.oid ?? 6171;
}

export function schemaOid(context: Context, name: string): number {
  return namespaces(context).find((one) => one.name === name)?.oid ?? 2200;
}

export function tables({ session }: Context): Table[] {
  return [...session.database.tables.values()];
}

/** Access method of all indexes. */
const btree = 403;

/** With the table that each is of. */
export function allKeys(context: Context): { readonly table: Table; readonly key: Key }[] {
  return tables(context).flatMap((table) => table.keys.map((key) => ({ table, key })));
}

/** What a column of a table is like, as far as catalogs tell. */
function classOf(
  context: Context,
  one: {
    readonly oid: number;
    readonly schema: string;
    readonly name: string;
    readonly owner: string;
    readonly kind: string;
    readonly width: number;
    readonly rows: number;
    readonly bytes: number;
    readonly keys?: readonly Key[];
  },
): Entry {
  return {
    oid: one.oid,
    relname: one.name,
    relnamespace: schemaOid(context, one.schema),
    reltype: one.oid + 2,
    reloftype: 0,
    relowner: ownerOid(context.server, one.owner),
    relam: one.kind === 'r' ? 2 : one.kind === 'i' ? btree : 0,
    relfilenode: one.kind === 'r' ? one.oid : 0,
    reltablespace: 0,
    relpages: Math.ceil(one.bytes / 8192),
    reltuples: one.rows === 0 ? -1 : one.rows,
    relallvisible: 0,
    reltoastrelid: 0,
    relhasindex: one.keys !== undefined && one.keys.length > 0,
    relisshared: false,
    relpersistence: 'p',
    relkind: one.kind,
    relnatts: one.width,
    relchecks: 0,
    relhasrules: one.kind === 'v',
    relhastriggers: false,
    relhassubclass: false,
    relrowsecurity: false,
    relforcerowsecurity: false,
    relispopulated: true,
    relreplident: one.kind === 'r' ? 'd' : 'n',
    relispartition: false,
    relrewrite: 0,
    relfrozenxid: one.kind === 'r' ? 722 : 0,
    relminmxid: one.kind === 'r' ? 1 : 0,
  };
}

export function classes(context: Context): Entry[] {
  const own = tables(context).map((table) =>
    classOf(context, {
      ...table,
      kind: 'r',
      width: table.columns.length,
      rows: table.rows.length,
      bytes: table.rows.length * 96,
    }),
  );
  const system = [...allCatalogs()].map((catalog) =>
    classOf(context, { ...catalog, owner: 'postgres', width: catalog.columns.length, rows: 0, bytes: 8192 }),
  );
  const { views, sequences } = context.session.database;
  const others = [
    ...[...views.values()].map((view) => ({ ...view, kind: 'v', width: view.columns.length })),
    ...[...sequences.values()].map((sequence) => ({ ...sequence, kind: 'S', width: 3 })),
  ].map((one) =>
    classOf(context, { ...one, rows: one.kind === 'S' ? 1 : 0, bytes: one.kind === 'S' ? 8192 : 0 }),
  );
  const indexes = allKeys(context).map(({ table, key }) =>
    classOf(context, {
      ...table,
      oid: key.oid,
      name: key.name,
      kind: 'i',
      width: key.columns.length,
      rows: table.rows.length,
      bytes: 16_384,
      keys: [],
    }),
  );
  return [...own, ...indexes, ...others, ...system];
}

export function attributes(context: Context): Entry[] {
  const all = [
    ...tables(context).map((one) => ({
      ...one,
      columns: one.columns.map((column) => ({
        ...column,
        hasDefault: column.isSerial || column.default !== undefined,
      })),
    })),
    ...[...allCatalogs()].map((one) => ({
      ...one,
      columns: one.columns.map((column) => ({ ...column, modifiers: [], notNull: false, hasDefault: false })),
    })),
    ...[...context.session.database.views.values()].map((one) => ({
      ...one,
      columns: one.columns.map((column) => ({ ...column, modifiers: [], notNull: false, hasDefault: false })),
    })),
  ];
  return all.flatMap(({ oid, columns }) =>
    columns.map(
      ({ name, type, modifiers, notNull, hasDefault }, index): Entry => ({
        attrelid: oid,
        attname: name,
        atttypid: type.oid,
        attstattarget: -1,
        attlen: type.length,
        attnum: index + 1,
        attndims: type.category === 'A' ? 1 : 0,
        attcacheoff: -1,
        atttypmod: typmod(type, modifiers),
        attbyval: type.length > 0 && type.length <= 8,
        attalign: 'i',
        attstorage: storageOf(type),
        attcompression: '',
        attnotnull: notNull,
        atthasdef: hasDefault,
        atthasmissing: false,
        attidentity: '',
        attgenerated: '',
        attisdropped: false,
        attislocal: true,
        attinhcount: 0,
        attcollation: collationOf(type, oid),
      }),
    ),
  );
}

/** In the row or beside it, pressed or not. */
export function storageOf({ length, name }: Type): string {
  if (length >= 0 || length === -2) return 'p';
  return name === 'numeric' || name === 'inet' || name === 'cidr' ? 'm' : name.endsWith('vector') ? 'p' : 'x';
}

/** Texts of the catalogs go by their bytes, those of tables by the database's order. */
export function collationOf(type: Type, relation: number): number {
  const of = type.element ?? type;
  if (of.category !== 'S') return 0;
  return of.name === 'name' || relation < firstNormalOid ? 950 : 100;
}

/** Below are those that every cluster has. */
export const firstNormalOid = 16_384;

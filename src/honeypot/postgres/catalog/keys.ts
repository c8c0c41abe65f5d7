/** Indexes, constraints and defaults as the catalogs have them. */
import type { Column, Key, Table } from '../database.ts';
import type { Context } from '../engine/context.ts';
import { allKeys, type Entry, schemaOid, tables } from './relations.ts';

export function indexes(context: Context): Entry[] {
  return allKeys(context).map(({ table, key }) => ({
    indexrelid: key.oid,
    indrelid: table.oid,
    indnatts: key.columns.length,
    indnkeyatts: key.columns.length,
    indisunique: true,
    indnullsnotdistinct: false,
    indisprimary: key.isPrimary,
    indisexclusion: false,
    indimmediate: true,
    indisclustered: false,
    indisvalid: true,
    indcheckxmin: false,
    indisready: true,
    indislive: true,
    indisreplident: false,
    indkey: key.columns.map((at) => at + 1),
    indoption: key.columns.map(() => 0),
  }));
}

export function constraints(context: Context): Entry[] {
  return allKeys(context).map(({ table, key }) => ({
    oid: key.constraint,
    conname: key.name,
    connamespace: schemaOid(context, table.schema),
    contype: key.isPrimary ? 'p' : 'u',
    condeferrable: false,
    condeferred: false,
    convalidated: true,
    conrelid: table.oid,
    contypid: 0,
    conindid: key.oid,
    conparentid: 0,
    confrelid: 0,
    confupdtype: ' ',
    confdeltype: ' ',
    confmatchtype: ' ',
    conislocal: true,
    coninhcount: 0,
    connoinherit: true,
    conkey: key.columns.map((at) => at + 1),
  }));
}

export function defaults(context: Context): Entry[] {
  return tables(context).flatMap((table) =>
    table.columns.flatMap((column, index) => {
      const text = defaultOf(column);
      return text === undefined
        ? []
        : [{ oid: table.oid + 100 + index, adrelid: table.oid, adnum: index + 1, adbin: text }];
    }),
  );
}

/** As `pg_get_expr` tells it. */
function defaultOf({ sequence, defaultText, type }: Column): string | undefined {
  if (sequence !== undefined) return `nextval('${sequence.replace(/^public\./, '')}'::regclass)`;
  return defaultText?.startsWith("'") && !defaultText.includes('::')
    ? `${defaultText}::${type.title}`
    : defaultText;
}

function named(
  context: Context,
  holds: (key: Key) => boolean,
): { readonly table: Table; readonly key: Key } | undefined {
  return allKeys(context).find(({ key }) => holds(key));
}

const columnsOf = ({ columns }: Table, key: Key): string =>
  key.columns.map((at) => columns[at]!.name).join(', ');

/** @param column from 1; none for the whole */
export function indexDefinition(context: Context, oid: number, column = 0, isPretty = false): string | null {
  const found = named(context, (key) => key.oid === oid);
  if (found === undefined) return null;
  const { table, key } = found;
  if (column > 0) return table.columns[key.columns[column - 1] ?? -1]?.name ?? '';
  const on = isPretty && table.schema === 'public' ? table.name : `${table.schema}.${table.name}`;
  return `CREATE UNIQUE INDEX ${key.name} ON ${on} USING btree (${columnsOf(table, key)})`;
}

export function constraintDefinition(context: Context, oid: number): string | null {
  const found = named(context, (key) => key.constraint === oid);
  if (found === undefined) return null;
  return `${found.key.isPrimary ? 'PRIMARY KEY' : 'UNIQUE'} (${columnsOf(found.table, found.key)})`;
}

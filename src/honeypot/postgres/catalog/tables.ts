/** The catalogs: their columns are PostgreSQL's own, their rows are made of what there is when somebody looks. */
import type { Row } from '../database.ts';
import type { Context } from '../engine/context.ts';
import { catalogColumns } from '../reference/catalog-columns.ts';
import { type Type, typeNamed, types, typmod, type Value } from '../types.ts';
import { providers } from './rows.ts';

export interface Catalog {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  /** `r` for a table, `v` for a view. */
  readonly kind: string;
  readonly columns: readonly { readonly name: string; readonly type: Type; readonly modifier: number }[];
  rows(context: Context): Row[];
}

/** By schema and name. */
const catalogs = new Map<string, Catalog>(
  catalogColumns.split('\n').map((line) => {
    const [title = '', oid, kind = '', ...columns] = line.split(' ');
    const [name = '', schema = 'pg_catalog'] = title.split('.').reverse();
    const made = columns.map((one) => {
      const [column = '', type = ''] = one.split(':');
      return {
        name: column,
        type: typeNamed(type) ?? types.text,
        modifier: type === 'yes_or_no' ? typmod(types.varchar, [3]) : -1,
      };
    });
    const catalog: Catalog = {
      schema,
      name,
      oid: Number(oid),
      kind,
      columns: made,
      rows: (context) => rowsOf(schema, name, made, context),
    };
    return [`${schema}.${name}`, catalog];
  }),
);

export function allCatalogs(): Iterable<Catalog> {
  return catalogs.values();
}

/** @param names with the schema, where that is told; a number for what has it */
export function catalogTable(names: readonly string[]): Catalog | undefined {
  const [name = '', schema = 'pg_catalog'] = names.toReversed();
  if (/^\d+$/.test(name)) return [...catalogs.values()].find(({ oid }) => oid === Number(name));
  return catalogs.get(`${schema}.${name}`);
}

function rowsOf(schema: string, name: string, columns: Catalog['columns'], context: Context): Row[] {
  const provider = providers[schema === 'pg_catalog' ? name : `${schema}.${name}`];
  return (provider?.(context) ?? []).map((record: Readonly<Record<string, Value>>) =>
    columns.map((column) => record[column.name] ?? null),
  );
}

/** What is in the information schema. */
import { namespaces } from '../engine/resolve.ts';
import { type Provider, tables } from './relations.ts';
import { allCatalogs } from './tables.ts';

/** By schema and name. */
export const informationSchema: Readonly<Record<string, Provider>> = {
  'information_schema.tables': (context) => [
    ...tables(context).map((table) => ({
      table_catalog: context.session.database.name,
      table_schema: table.schema,
      table_name: table.name,
      table_type: 'BASE TABLE',
      is_insertable_into: 'YES',
      is_typed: 'NO',
    })),
    ...[...allCatalogs()].map(({ schema, name, kind }) => ({
      table_catalog: context.session.database.name,
      table_schema: schema,
      table_name: name,
      table_type: kind === 'r' ? 'BASE TABLE' : 'VIEW',
      is_insertable_into: kind === 'r' ? 'YES' : 'NO',
      is_typed: 'NO',
    })),
  ],
  'information_schema.columns': (context) =>
    [
      ...tables(context),
      ...[...allCatalogs()].map((one) => ({
        ...one,
        columns: one.columns.map((column) => ({ ...column, notNull: false })),
      })),
    ].flatMap((table) =>
      table.columns.map((column, index) => ({
        table_catalog: context.session.database.name,
        table_schema: table.schema,
        table_name: table.name,
        column_name: column.name,
        ordinal_position: index + 1,
        is_nullable: column.notNull ? 'NO' : 'YES',
        data_type: column.type.title,
        udt_catalog: context.session.database.name,
        udt_schema: 'pg_catalog',
        udt_name: column.type.name,
        is_updatable: 'YES',
      })),
    ),
  'information_schema.schemata': (context) =>
    namespaces(context).map(({ name, owner }) => ({
      catalog_name: context.session.database.name,
      schema_name: name,
      schema_owner: owner,
    })),
  'information_schema.enabled_roles': ({ session }) => [{ role_name: session.user }],
};

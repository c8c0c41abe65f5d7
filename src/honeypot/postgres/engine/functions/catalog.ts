/** Functions that catalogs are read with, as psql and its like do. */
import { constraintDefinition, indexDefinition } from '../../catalog/keys.ts';
import { catalogTable } from '../../catalog/tables.ts';
import { type Routine, sizeOf } from '../../database.ts';
import { PgError } from '../../failure.ts';
import { typeByOid, typeNamed, types, type Value } from '../../types.ts';
import type { Context } from '../context.ts';
import { namespaces, resolveName, searchPath } from '../resolve.ts';
import { define, type SqlFunction } from './define.ts';

const nothing = (): null => null;
/** Bytes of a database that nobody put anything in. */
const emptyDatabase = 7_545_856;

function tableOf({ session }: Context, oid: number) {
  return [...session.database.tables.values()].find((table) => table.oid === oid);
}

function routineOf({ session }: Context, oid: number): Routine | undefined {
  return session.database.routines.find((one) => one.oid === oid);
}

/** Whole pages, as files have them. */
function tableSize(context: Context, oid: number): bigint {
  const table = tableOf(context, oid);
  if (table === undefined) return 8192n;
  const bytes = table.rows.reduce((sum, row) => sum + sizeOf(row), 0);
  return BigInt(8192 * Math.ceil(bytes / 8000));
}

function databaseSize({ server }: Context, name: string): bigint {
  const database = server.databases.get(name);
  if (database === undefined)
    throw new PgError('3D000', `database "${name}" does not exist`, 'dbcommands.c:3032:get_database_oid');
  let bytes = emptyDatabase;
  for (const { rows } of database.tables.values()) bytes += 24_576 + rows.length * 128;
  return BigInt(8192 * Math.ceil(bytes / 8192));
}

export const catalogFunctions: readonly SqlFunction[] = [
  define('pg_get_userbyid(oid) name', ({ server }, oid: number) => server.roleName(oid)),
  define('pg_encoding_to_char(int4) name', (_, code: number) =>
    code === 6 ? 'UTF8' : code === 0 ? 'SQL_ASCII' : '',
  ),
  define('format_type(oid, int4)? text', (_, oid: number | null, modifier: number | null) => {
    const type = oid === null ? undefined : typeByOid(oid);
    if (type === undefined) return oid === null ? null : '???';
    if (modifier === null || modifier < 0) return type.title;
    const inner =
      type.name === 'numeric' ? `${(modifier - 4) >> 16},${(modifier - 4) & 0xffff}` : String(modifier - 4);
    return `${type.title}(${inner})`;
  }),
  define('pg_table_is_visible(oid) bool', (context, oid: number) => {
    const { settings, user, database } = context.session;
    const relations = [database.tables, database.views, database.sequences].flatMap((all) => [
      ...all.values(),
    ]);
    const schema =
      relations.find((one) => one.oid === oid)?.schema ?? catalogTable([String(oid)])?.schema ?? 'pg_catalog';
    return schema === 'pg_catalog' || searchPath(settings.get('search_path'), user).includes(schema);
  }),
  define('pg_function_is_visible(oid) bool', () => true),
  define('pg_type_is_visible(oid) bool', () => true),
  define('pg_operator_is_visible(oid) bool', () => true),
  // Expressions are kept as they are told.
  define('pg_get_expr(pg_node_tree, oid, [bool]) text', (_, text: string) => text),
  define('pg_get_constraintdef(oid, [bool]) text', constraintDefinition),
  define('pg_get_indexdef(oid, [int4], [bool]) text', indexDefinition),
  define('pg_get_viewdef(oid, [bool]) text', nothing),
  define('pg_get_ruledef(oid, [bool]) text', nothing),
  define('pg_get_triggerdef(oid, [bool]) text', nothing),
  define('pg_get_statisticsobjdef_columns(oid) text', nothing),
  define('pg_get_partkeydef(oid) text', nothing),
  define('pg_get_serial_sequence(text, text) text', nothing),
  define('obj_description(oid, [name]) text', nothing),
  define('col_description(oid, int4) text', nothing),
  define('shobj_description(oid, name) text', ({ server }, oid: number, catalog: string) => {
    if (catalog !== 'pg_database') return null;
    const name = [...server.databases.values()].find((one) => one.oid === oid)?.name ?? '';
    return descriptions[name] ?? null;
  }),
  define(
    'pg_get_function_result(oid) text',
    (context, oid: number) => routineOf(context, oid)?.returns.title ?? null,
  ),
  define('pg_get_function_arguments(oid) text', argumentsOf),
  define('pg_get_function_identity_arguments(oid) text', argumentsOf),
  define('pg_get_functiondef(oid) text', (context, oid: number) => {
    const routine = routineOf(context, oid);
    if (routine === undefined) return null;
    const { schema, name, returns, language, body } = routine;
    const as =
      language === 'c'
        ? body.map((one) => `$function$${one}$function$`).join(', ')
        : `$function$${body[0] ?? ''}$function$`;
    return `CREATE OR REPLACE FUNCTION ${schema}.${name}(${argumentsOf(context, oid)})\n RETURNS ${returns.title}\n LANGUAGE ${language}\nAS ${as}\n`;
  }),
  define('pg_size_pretty(int8) text', (_, bytes: bigint) => {
    for (const [unit, size] of [
      ['bytes', 1n],
      ['kB', 1n << 10n],
      ['MB', 1n << 20n],
      ['GB', 1n << 30n],
    ] as const)
      if (bytes < size * 10_240n) return `${(bytes + size / 2n) / size} ${unit}`;
    return `${bytes >> 40n} TB`;
  }),
  define('pg_database_size(name) int8', databaseSize),
  define('pg_database_size(oid) int8', (context, oid: number) => {
    const name = [...context.server.databases.values()].find((one) => one.oid === oid)?.name ?? String(oid);
    return databaseSize(context, name);
  }),
  define('pg_table_size(regclass) int8', tableSize),
  define('pg_relation_size(regclass, [text]) int8', tableSize),
  define('pg_total_relation_size(regclass) int8', (context, oid: number) => tableSize(context, oid) + 8192n),
  define('pg_indexes_size(regclass) int8', () => 0n),
  define('pg_tablespace_location(oid) text', () => ''),
  define('pg_tablespace_size(name) int8', () => 24_000_000n),
  define(
    'pg_relation_is_publishable(regclass) bool',
    (context, oid: number) => tableOf(context, oid) !== undefined,
  ),
  define(
    'pg_relation_filepath(regclass) text',
    (context, oid: number) => `base/${context.session.database.oid}/${oid}`,
  ),
  define('pg_relation_filenode(regclass) oid', (_, oid: number) => oid),
  define('to_regclass(text) regclass', (context, name: string) => {
    try {
      return resolveName(name, types.regclass, context);
    } catch {
      return null;
    }
  }),
  define('to_regtype(text) regtype', (_, name: string) => typeNamed(name.toLowerCase())?.oid ?? null),
  define(
    'to_regnamespace(text) regnamespace',
    (context, name: string) => namespaces(context).find((one) => one.name === name)?.oid ?? null,
  ),
  define('pg_options_to_table(text[]) set of record', () => [], [
    { name: 'option_name', type: types.text },
    { name: 'option_value', type: types.text },
  ]),
  define('aclexplode(any) set of record', () => [], [
    { name: 'grantor', type: types.oid },
    { name: 'grantee', type: types.oid },
    { name: 'privilege_type', type: types.text },
    { name: 'is_grantable', type: types.bool },
  ]),
  define('acldefault(any, oid) text[]', () => []),
  define('pg_get_keywords() set of text', () => [], [
    { name: 'word', type: types.text },
    { name: 'catcode', type: types.char },
    { name: 'barelabel', type: types.bool },
    { name: 'catdesc', type: types.text },
    { name: 'baredesc', type: types.text },
  ]),
  define('pg_listening_channels() set of text', () => []),
  define(
    'query_to_xml(text, bool, bool, text) text',
    () => '<table xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n\n</table>\n',
  ),
];

const descriptions: Readonly<Record<string, string>> = {
  postgres: 'default administrative connection database',
  template0: 'unmodifiable empty database',
  template1: 'default template for new databases',
};

function argumentsOf(context: Context, oid: number): Value {
  const routine = routineOf(context, oid);
  return (
    routine?.args
      .map(({ name, type }) => (name === undefined ? type.title : `${name} ${type.title}`))
      .join(', ') ?? null
  );
}

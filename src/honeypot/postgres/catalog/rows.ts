/** What is in the catalogs. */
import type { Context } from '../engine/context.ts';
import { namespaces } from '../engine/resolve.ts';
import { fastPathFunctions } from '../fast-path.ts';
import { extensionTable } from '../reference/extensions.ts';
import { allSettings } from '../settings.ts';
import { allTypes } from '../types.ts';
import { activity, authid, databases, shadow } from './access.ts';
import { informationSchema } from './information-schema.ts';
import { constraints, defaults, indexDefinition, indexes } from './keys.ts';
import {
  allKeys,
  attributes,
  classes,
  collationOf,
  type Entry,
  firstNormalOid,
  ownerOid,
  type Provider,
  schemaOid,
  storageOf,
  tables,
} from './relations.ts';
import { allCatalogs } from './tables.ts';

const extensions = extensionTable.split('\n').map((line) => {
  const [name = '', version = '', comment = ''] = line.split('\t');
  return { name, version, comment };
});

export function extensionNamed(name: string) {
  return extensions.find((one) => one.name === name);
}

/** Bytes of a page of a large object. */
const page = 2048;

function objectPages({ server }: Context): Entry[] {
  const pages: Entry[] = [];
  for (const [oid, content] of server.largeObjects)
    for (let at = 0; at < content.length; at += page)
      pages.push({ loid: oid, pageno: at / page, data: content.subarray(at, at + page) });
  return pages;
}

/** What Debian's file sets, and in which of its lines (postgresql-common, postgresql.conf of 15). */
const fileSettings = [
  'data_directory',
  'hba_file',
  'ident_file',
  'port',
  'max_connections',
  'ssl',
  'shared_buffers',
];
const fileLines = [42, 44, 46, 64, 65, 105, 127];

/** By name; those of other schemas with it. Catalogs that are not here are empty. */
export const providers: Readonly<Record<string, Provider>> = {
  pg_class: classes,
  pg_attribute: attributes,
  pg_database: databases,
  pg_authid: authid,
  pg_roles: (context) => authid(context).map((role) => ({ ...role, rolpassword: '********' })),
  pg_shadow: (context) => shadow(context, true),
  pg_user: (context) => shadow(context, false),
  pg_stat_activity: activity,
  pg_largeobject: objectPages,
  pg_largeobject_metadata: ({ server }) =>
    [...server.largeObjects.keys()].map((oid) => ({ oid, lomowner: 10 })),
  pg_namespace: (context) =>
    namespaces(context).map(({ oid, name, owner }) => ({
      oid,
      nspname: name,
      nspowner: ownerOid(context.server, owner),
    })),
  pg_type: (context) => [
    ...[...allTypes()].map(
      (type): Entry => ({
        oid: type.oid,
        typname: type.name,
        typnamespace: 11,
        typowner: 10,
        typlen: type.length,
        typbyval: type.length > 0 && type.length <= 8,
        typtype: type.category === 'P' || type.category === 'X' ? 'p' : 'b',
        typcategory: type.category,
        typispreferred: false,
        typisdefined: true,
        typdelim: ',',
        typrelid: 0,
        typelem: type.element?.oid ?? 0,
        typarray: type.arrayOid,
        typnotnull: false,
        typbasetype: 0,
        typstorage: storageOf(type),
        typtypmod: -1,
        typcollation: collationOf(type, firstNormalOid),
      }),
    ),
    ...tables(context).map(
      (table): Entry => ({
        oid: table.oid + 2,
        typname: table.name,
        typnamespace: schemaOid(context, table.schema),
        typowner: 10,
        typlen: -1,
        typtype: 'c',
        typcategory: 'C',
        typrelid: table.oid,
        typelem: 0,
        typisdefined: true,
      }),
    ),
  ],
  pg_proc: (context) => [
    ...fastPathFunctions.map(({ oid, name }) => ({
      oid,
      proname: name,
      pronamespace: 11,
      proowner: 10,
      prolang: 12,
      prokind: 'f',
    })),
    ...context.session.database.routines.map(
      (routine): Entry => ({
        oid: routine.oid,
        proname: routine.name,
        pronamespace: schemaOid(context, routine.schema),
        proowner: ownerOid(context.server, routine.owner),
        prolang: routine.language === 'c' ? 13 : routine.language === 'sql' ? 14 : 13_757,
        prokind: routine.isProcedure ? 'p' : 'f',
        pronargs: routine.args.length,
        prorettype: routine.returns.oid,
        proargtypes: routine.args.map(({ type }) => type.oid),
        prosrc: routine.language === 'c' ? (routine.body[1] ?? routine.name) : (routine.body[0] ?? ''),
        probin: routine.language === 'c' ? (routine.body[0] ?? '') : null,
        prosecdef: false,
        proleakproof: false,
        proisstrict: false,
        proretset: false,
        provolatile: 'v',
        proparallel: 'u',
      }),
    ),
  ],
  pg_index: indexes,
  pg_constraint: constraints,
  pg_attrdef: defaults,
  pg_indexes: (context) =>
    allKeys(context).map(({ table, key }) => ({
      schemaname: table.schema,
      tablename: table.name,
      indexname: key.name,
      indexdef: indexDefinition(context, key.oid),
    })),
  pg_sequence: ({ session }) =>
    [...session.database.sequences.values()].map(({ oid, start }) => ({
      seqrelid: oid,
      seqtypid: 20,
      seqstart: start,
      seqincrement: 1n,
      seqmax: 9_223_372_036_854_775_807n,
      seqmin: 1n,
      seqcache: 1n,
      seqcycle: false,
    })),
  pg_stat_ssl: ({ server }) => [...server.sessions].map(({ processId }) => ({ pid: processId, ssl: false })),
  pg_stat_gssapi: ({ server }) =>
    [...server.sessions].map(({ processId }) => ({
      pid: processId,
      gss_authenticated: false,
      encrypted: false,
    })),
  pg_locks: ({ session }) => [
    {
      locktype: 'relation',
      database: session.database.oid,
      relation: 12_073,
      virtualtransaction: '3/12',
      pid: session.processId,
      mode: 'AccessShareLock',
      granted: true,
      fastpath: true,
    },
    {
      locktype: 'virtualxid',
      virtualxid: '3/12',
      virtualtransaction: '3/12',
      pid: session.processId,
      mode: 'ExclusiveLock',
      granted: true,
      fastpath: true,
    },
  ],
  pg_file_settings: ({ session }) =>
    fileSettings.map((name, index) => ({
      sourcefile: '/etc/postgresql/15/main/postgresql.conf',
      sourceline: fileLines[index]!,
      seqno: index + 1,
      name,
      setting: session.settings.get(name),
      applied: true,
    })),
  pg_am: () => [
    { oid: 2, amname: 'heap', amtype: 't' },
    { oid: 403, amname: 'btree', amtype: 'i' },
    { oid: 405, amname: 'hash', amtype: 'i' },
    { oid: 783, amname: 'gist', amtype: 'i' },
    { oid: 2742, amname: 'gin', amtype: 'i' },
    { oid: 4000, amname: 'spgist', amtype: 'i' },
    { oid: 3580, amname: 'brin', amtype: 'i' },
  ],
  pg_language: () => [
    { oid: 12, lanname: 'internal', lanowner: 10, lanispl: false, lanpltrusted: false },
    { oid: 13, lanname: 'c', lanowner: 10, lanispl: false, lanpltrusted: false },
    { oid: 14, lanname: 'sql', lanowner: 10, lanispl: false, lanpltrusted: true },
    { oid: 13_757, lanname: 'plpgsql', lanowner: 10, lanispl: true, lanpltrusted: true },
  ],
  pg_tablespace: () => [
    { oid: 1663, spcname: 'pg_default', spcowner: 10 },
    { oid: 1664, spcname: 'pg_global', spcowner: 10 },
  ],
  pg_collation: () => [
    { oid: 100, collname: 'default', collnamespace: 11, collowner: 10, collprovider: 'd', collencoding: -1 },
    { oid: 950, collname: 'C', collnamespace: 11, collowner: 10, collprovider: 'c', collencoding: -1 },
  ],
  pg_extension: (context) =>
    [...context.session.database.extensions.values()].map((one) => ({
      oid: one.oid,
      extname: one.name,
      extowner: 10,
      extnamespace: schemaOid(context, one.schema),
      extrelocatable: one.name !== 'plpgsql',
      extversion: one.version,
    })),
  pg_available_extensions: ({ session }) =>
    extensions.map(({ name, version, comment }) => ({
      name,
      default_version: version,
      installed_version: session.database.extensions.get(name)?.version ?? null,
      comment,
    })),
  pg_description: ({ session }) => [
    { objoid: 2200, classoid: 2615, objsubid: 0, description: 'standard public schema' },
    ...[...session.database.extensions.values()].map(({ oid, comment }) => ({
      objoid: oid,
      classoid: 3079,
      objsubid: 0,
      description: comment,
    })),
  ],
  pg_settings: ({ session }) =>
    [...allSettings()].map((one) => ({
      name: one.name,
      setting: session.settings.get(one.name),
      category: 'Ungrouped',
      short_desc: one.description,
      context: one.context,
      vartype: one.kind,
      source: 'default',
      min_val: one.least || null,
      max_val: one.most || null,
      enumvals: one.words[0] === '' ? null : one.words,
      boot_val: one.value,
      reset_val: one.value,
      pending_restart: false,
    })),
  pg_tables: (context) => [
    ...tables(context).map((table) => ({
      schemaname: table.schema,
      tablename: table.name,
      tableowner: table.owner,
      hasindexes: false,
      hasrules: false,
      hastriggers: false,
      rowsecurity: false,
    })),
    ...[...allCatalogs()]
      .filter(({ kind }) => kind === 'r')
      .map(({ schema, name }) => ({
        schemaname: schema,
        tablename: name,
        tableowner: 'postgres',
        hasindexes: true,
        hasrules: false,
        hastriggers: false,
        rowsecurity: false,
      })),
  ],
  pg_views: () =>
    [...allCatalogs()]
      .filter(({ kind }) => kind === 'v')
      .map(({ schema, name }) => ({ schemaname: schema, viewname: name, viewowner: 'postgres' })),
  pg_stat_user_tables: (context) =>
    tables(context).map((table) => ({
      relid: table.oid,
      schemaname: table.schema,
      relname: table.name,
      n_live_tup: BigInt(table.rows.length),
      n_dead_tup: 0n,
      seq_scan: 4n,
    })),
  pg_stat_database: ({ server }) =>
    [...server.databases.values()].map(({ oid, name }) => ({
      datid: oid,
      datname: name,
      numbackends: [...server.sessions].filter((one) => one.database.name === name).length,
    })),
  pg_hba_file_rules: () => [
    { line_number: 89, type: 'local', database: ['all'], user_name: ['postgres'], auth_method: 'peer' },
    { line_number: 94, type: 'local', database: ['all'], user_name: ['all'], auth_method: 'peer' },
    {
      line_number: 96,
      type: 'host',
      database: ['all'],
      user_name: ['all'],
      address: '0.0.0.0',
      netmask: '0.0.0.0',
      auth_method: 'password',
    },
  ],
  ...informationSchema,
};

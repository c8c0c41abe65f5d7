/** What is in the catalogs. */
import type { Database, Role, Table } from '../database.ts';
import type { Context } from '../engine/context.ts';
import { namespaces } from '../engine/resolve.ts';
import { extensionTable } from '../reference/extensions.ts';
import type { Server } from '../server.ts';
import { allSettings } from '../settings.ts';
import { allTypes, momentText, type Type, types, typmod, type Value } from '../types.ts';
import { allCatalogs } from './tables.ts';

type Entry = Readonly<Record<string, Value>>;
type Provider = (context: Context) => readonly Entry[];

function ownerOid({ roles }: Server, name: string): number {
  return roles.get(name)?.oid ?? 6171;
}

function schemaOid(context: Context, name: string): number {
  return namespaces(context).find((one) => one.name === name)?.oid ?? 2200;
}

function tables({ session }: Context): Table[] {
  return [...session.database.tables.values()];
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
  },
): Entry {
  return {
    oid: one.oid,
    relname: one.name,
    relnamespace: schemaOid(context, one.schema),
    reltype: one.oid + 2,
    reloftype: 0,
    relowner: ownerOid(context.server, one.owner),
    relam: one.kind === 'r' ? 2 : 0,
    relfilenode: one.kind === 'r' ? one.oid : 0,
    reltablespace: 0,
    relpages: Math.ceil(one.bytes / 8192),
    reltuples: one.rows === 0 ? -1 : one.rows,
    relallvisible: 0,
    reltoastrelid: 0,
    relhasindex: false,
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

function classes(context: Context): Entry[] {
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
  return [...own, ...others, ...system];
}

function attributes(context: Context): Entry[] {
  const all = [
    ...tables(context),
    ...[...allCatalogs()].map((one) => ({
      ...one,
      columns: one.columns.map((column) => ({ ...column, modifiers: [], notNull: false, isSerial: false })),
    })),
    ...[...context.session.database.views.values()].map((one) => ({
      ...one,
      columns: one.columns.map((column) => ({ ...column, modifiers: [], notNull: false, isSerial: false })),
    })),
  ];
  return all.flatMap(({ oid, columns }) =>
    columns.map(
      ({ name, type, modifiers, notNull, isSerial }, index): Entry => ({
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
        attstorage: type.length < 0 ? 'x' : 'p',
        attcompression: '',
        attnotnull: notNull,
        atthasdef: isSerial,
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

/** Texts of the catalogs go by their bytes, those of tables by the database's order. */
function collationOf(type: Type, relation: number): number {
  const of = type.element ?? type;
  if (of.category !== 'S') return 0;
  return of.name === 'name' || relation < firstNormalOid ? 950 : 100;
}

/** Below are those that every cluster has. */
const firstNormalOid = 16_384;

function databases({ server }: Context): Entry[] {
  const own = ['=c/postgres', 'postgres=CTc/postgres'];
  return [...server.databases.values()].map(
    (database): Entry => ({
      oid: database.oid,
      datname: database.name,
      datdba: ownerOid(server, database.owner),
      encoding: 6,
      datlocprovider: 'c',
      datistemplate: isTemplate(database),
      datallowconn: database.name !== 'template0',
      datconnlimit: -1,
      datfrozenxid: 717,
      datminmxid: 1,
      dattablespace: 1663,
      datcollate: 'C.UTF-8',
      datctype: 'C.UTF-8',
      datacl: isTemplate(database) ? own : null,
    }),
  );
}

function isTemplate({ name }: Database): boolean {
  return name.startsWith('template');
}

function roles({ server }: Context, own: (role: Role, flag: (name: string) => boolean) => Entry): Entry[] {
  return [...server.roles.values()].map((role) => own(role, (name) => role.flags[name] === true));
}

/** As SCRAM keeps a password: out of the persona, since nobody is let in by it. */
function verifier(server: Server, { name, password }: Role): string | null {
  if (password === undefined && name !== 'postgres') return null;
  const random = server.persona.random(`postgres/verifier/${name}/${password ?? ''}`);
  const text = (length: number): string => random.bytes(length).toString('base64');
  return `SCRAM-SHA-256$4096:${text(16)}$${text(32)}:${text(32)}`;
}

const authid = (context: Context): Entry[] =>
  roles(context, (role, flag) => ({
    oid: role.oid,
    rolname: role.name,
    rolsuper: flag('superuser'),
    rolinherit: flag('inherit'),
    rolcreaterole: flag('createrole'),
    rolcreatedb: flag('createdb'),
    rolcanlogin: flag('login'),
    rolreplication: flag('replication'),
    rolbypassrls: flag('bypassrls'),
    rolconnlimit: -1,
    rolpassword: verifier(context.server, role),
  }));

const shadow = (context: Context, shows: boolean): Entry[] =>
  roles(context, (role, flag) => ({
    usename: role.name,
    usesysid: role.oid,
    usecreatedb: flag('createdb'),
    usesuper: flag('superuser'),
    userepl: flag('replication'),
    usebypassrls: flag('bypassrls'),
    passwd: shows ? verifier(context.server, role) : '********',
  })).filter((_, index) => [...context.server.roles.values()][index]!.flags.login === true);

function activity({ server }: Context): Entry[] {
  return [...server.sessions].map(
    (session): Entry => ({
      datid: session.database.oid,
      datname: session.database.name,
      pid: session.processId,
      usesysid: server.roles.get(session.user)?.oid ?? 10,
      usename: session.user,
      application_name: session.settings.get('application_name'),
      client_addr: session.connection.src.ip,
      client_port: session.connection.src.port,
      backend_start: momentText(session.since, types.timestamptz),
      query_start: momentText(session.now, types.timestamptz),
      state_change: momentText(session.now, types.timestamptz),
      state: 'active',
      query: session.query.slice(0, 1024),
      backend_type: 'client backend',
    }),
  );
}

const extensions = extensionTable.split('\n').map((line) => {
  const [name = '', version = '', comment = ''] = line.split('\t');
  return { name, version, comment };
});

export function extensionNamed(name: string) {
  return extensions.find((one) => one.name === name);
}

function objectPages({ server }: Context): Entry[] {
  const pages: Entry[] = [];
  for (const [oid, content] of server.largeObjects)
    for (let at = 0; at < content.length; at += 2048)
      pages.push({ loid: oid, pageno: at / 2048, data: content.subarray(at, at + 2048) });
  return pages;
}

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
  pg_proc: (context) =>
    context.session.database.routines.map(
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
  pg_description: ({ session }) =>
    [...session.database.extensions.values()].map(({ oid, comment }) => ({
      objoid: oid,
      classoid: 3079,
      objsubid: 0,
      description: comment,
    })),
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
    tables(context).flatMap((table) =>
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

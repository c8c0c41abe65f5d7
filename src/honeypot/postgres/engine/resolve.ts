/** Names to what they stand for: tables, and the numbers behind regclass and its kin. */
import { catalogTable } from '../catalog/tables.ts';
import type { Sequence, Table, ViewDefinition } from '../database.ts';
import { PgError } from '../failure.ts';
import { type Type, typeByOid, typeNamed, type Value } from '../types.ts';
import type { Context } from './context.ts';

/** Along the search path. */
export function findTable(names: readonly string[], context: Context): Table | undefined {
  return found(context.session.database.tables, names, context);
}

export function findView(names: readonly string[], context: Context): ViewDefinition | undefined {
  return found(context.session.database.views, names, context);
}

export function findSequence(names: readonly string[], context: Context): Sequence | undefined {
  return found(context.session.database.sequences, names, context);
}

function found<T>(
  all: ReadonlyMap<string, T>,
  names: readonly string[],
  { session }: Context,
): T | undefined {
  const [name = '', schema] = names.toReversed();
  const path =
    schema === undefined ? searchPath(session.settings.get('search_path'), session.user) : [schema];
  for (const one of path) {
    const value = all.get(`${one}.${name}`);
    if (value !== undefined) return value;
  }
  return undefined;
}

export function searchPath(setting: string, user: string): string[] {
  return setting
    .split(',')
    .map((one) => one.trim().replace(/^"(.*)"$/, '$1'))
    .map((one) => (one === '$user' ? user : one));
}

/** @returns the number. @throws PgError where there is no such thing */
export function resolveName(text: string, type: Type, context: Context): Value {
  const names = text.split('.').map((name) => name.replace(/^"(.*)"$/, '$1'));
  const name = names.at(-1)!.toLowerCase();
  switch (type.name) {
    case 'regclass': {
      const one = findTable(names, context) ?? findView(names, context) ?? findSequence(names, context);
      const oid = one?.oid ?? catalogTable(names)?.oid;
      if (oid === undefined)
        throw new PgError(
          '42P01',
          `relation "${text}" does not exist`,
          'namespace.c:433:RangeVarGetRelidExtended',
        );
      return oid;
    }
    case 'regtype': {
      const known = typeNamed(name);
      if (known === undefined)
        throw new PgError('42704', `type "${text}" does not exist`, 'parse_type.c:793:parseTypeString');
      return known.oid;
    }
    case 'regnamespace': {
      const found = namespaces(context).find((one) => one.name === name);
      if (found === undefined)
        throw new PgError('3F000', `schema "${text}" does not exist`, 'namespace.c:3099:get_namespace_oid');
      return found.oid;
    }
    case 'regrole': {
      const role = context.server.roles.get(names.at(-1)!);
      if (role === undefined)
        throw new PgError('42704', `role "${text}" does not exist`, 'acl.c:5201:get_role_oid');
      return role.oid;
    }
    case 'regproc': {
      const routine = context.session.database.routines.find((one) => one.name === names.at(-1));
      if (routine === undefined)
        throw new PgError('42883', `function "${text}" does not exist`, 'regproc.c:99:regprocin');
      return routine.oid;
    }
    default:
      return text;
  }
}

export function namespaces({
  session,
}: Context): { readonly oid: number; readonly name: string; readonly owner: string }[] {
  const own = [...session.database.schemas].map(([name, { oid, owner }]) => ({ oid, name, owner }));
  return [
    { oid: 99, name: 'pg_toast', owner: 'postgres' },
    { oid: 11, name: 'pg_catalog', owner: 'postgres' },
    ...own,
    { oid: 13_391, name: 'information_schema', owner: 'postgres' },
  ];
}

/** As regclass and its kin are written. */
export function nameOfOid(oid: number, type: Type, context: Context): string {
  const { database } = context.session;
  switch (type.name) {
    case 'regclass': {
      const tables = [...database.tables.values()];
      for (const one of [
        ...tables,
        ...database.views.values(),
        ...database.sequences.values(),
        ...tables.flatMap(({ schema, keys }) =>
          keys.map(({ oid: own, name }) => ({ schema, name, oid: own })),
        ),
      ])
        if (one.oid === oid) return one.schema === 'public' ? one.name : `${one.schema}.${one.name}`;
      return catalogTable([String(oid)])?.name ?? String(oid);
    }
    case 'regtype':
      return typeByOid(oid)?.title ?? String(oid);
    case 'regnamespace':
      return namespaces(context).find((one) => one.oid === oid)?.name ?? String(oid);
    case 'regrole':
      return context.server.roleName(oid);
    case 'regproc':
      return oid === 0 ? '-' : (database.routines.find((one) => one.oid === oid)?.name ?? String(oid));
    default:
      return String(oid);
  }
}

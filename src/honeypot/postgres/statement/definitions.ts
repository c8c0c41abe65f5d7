/** CREATE EXTENSION, DATABASE and SCHEMA. */
import { extensionNamed } from '../catalog/rows.ts';
import type { Context } from '../engine/context.ts';
import { failures, PgError } from '../failure.ts';
import type { Statement } from '../sql/ast.ts';
import type { Result } from './run.ts';

/** Databases of one server, schemas of one database. */
const most = { databases: 50, schemas: 100 };

export function createExtension(
  { session, server }: Context,
  { name, ifNotExists }: Extract<Statement, { readonly kind: 'createExtension' }>,
): Result {
  const tag = 'CREATE EXTENSION';
  if (session.database.extensions.has(name)) {
    if (!ifNotExists)
      throw new PgError('42710', `extension "${name}" already exists`, 'extension.c:1969:CreateExtension');
    session.notices.push({
      severity: 'NOTICE',
      code: '42710',
      message: `extension "${name}" already exists, skipping`,
      place: 'extension.c:1962:CreateExtension',
    });
    return { tag };
  }
  const known = extensionNamed(name);
  if (known === undefined)
    throw new PgError(
      '0A000',
      `extension "${name}" is not available`,
      'extension.c:669:parse_extension_control_file',
      {
        detail: `Could not open extension control file "/usr/share/postgresql/15/extension/${name}.control": No such file or directory.`,
        hint: 'The extension must first be installed on the system where PostgreSQL is running.',
      },
    );
  session.database.extensions.set(name, { ...known, oid: server.oid(), schema: 'public' });
  return { tag };
}

export function createDatabase({ server, session }: Context, name: string): Result {
  if (session.rollback !== undefined)
    throw new PgError(
      '25001',
      'CREATE DATABASE cannot run inside a transaction block',
      'xact.c:3486:PreventInTransactionBlock',
    );
  if (server.databases.has(name))
    throw new PgError('42P04', `database "${name}" already exists`, 'dbcommands.c:1242:createdb');
  if (server.databases.size >= most.databases) throw failures.tooMuch();
  server.addDatabase(name, session.user);
  return { tag: 'CREATE DATABASE' };
}

export function createSchema(
  { server, session }: Context,
  { name, ifNotExists }: Extract<Statement, { readonly kind: 'createSchema' }>,
): Result {
  const { schemas } = session.database;
  if (name.startsWith('pg_'))
    throw new PgError('42939', `unacceptable schema name "${name}"`, 'schemacmds.c:106:CreateSchemaCommand', {
      detail: 'The prefix "pg_" is reserved for system schemas.',
    });
  if (schemas.has(name)) {
    if (!ifNotExists)
      throw new PgError('42P06', `schema "${name}" already exists`, 'pg_namespace.c:62:NamespaceCreate');
    session.notices.push({
      severity: 'NOTICE',
      code: '42P06',
      message: `schema "${name}" already exists, skipping`,
      place: 'schemacmds.c:131:CreateSchemaCommand',
    });
  } else if (schemas.size >= most.schemas) throw failures.tooMuch();
  else schemas.set(name, { oid: server.oid(), owner: session.user });
  return { tag: 'CREATE SCHEMA' };
}

/** CREATE FUNCTION, in C also: a library is there or it is not. */
import { extensionNamed } from '../catalog/rows.ts';
import { typeOf } from '../engine/coerce.ts';
import { Context } from '../engine/context.ts';
import { fileFailure } from '../engine/functions/files.ts';
import { argumentScope } from '../engine/functions/routine.ts';
import type { Scope } from '../engine/scope.ts';
import { compileSelect } from '../engine/select.ts';
import { failures, PgError } from '../failure.ts';
import { parseBlock } from '../procedure/parse.ts';
import type { Literal, Statement } from '../sql/ast.ts';
import { parse } from '../sql/statements.ts';
import { types } from '../types.ts';
import { placeOf } from './place.ts';
import type { Result } from './run.ts';

/** Of one database. */
const maxRoutines = 500;

const elf = Buffer.from('\x7fELF', 'latin1');

export function createFunction(
  context: Context,
  statement: Extract<Statement, { readonly kind: 'createFunction' }>,
): Result {
  const { session, server } = context;
  const { language, replaces, isProcedure } = statement;
  const body = statement.body.map(({ text }) => text);
  const place = placeOf(context, statement.name);
  const args = statement.args.map(({ name, type }) => ({
    type: typeOf(type),
    ...(name !== undefined && { name }),
  }));
  const returns =
    statement.returns === undefined
      ? types.void
      : statement.returns.name === 'record'
        ? types.record
        : typeOf(statement.returns);
  const word = isProcedure ? 'PROCEDURE' : 'FUNCTION';
  context.tell('function', {
    texts: body.map((one) => one.slice(0, 65_536)),
    data: { name: place.name, language, body: body.map((one) => one.slice(0, 4000)) },
    ...(language === 'c' && { attack: ['T1129'], severity: 'critical' as const }),
  });
  if (!['c', 'sql', 'plpgsql', 'internal'].includes(language)) {
    throw new PgError('42704', `language "${language}" does not exist`, 'functioncmds.c:1107:CreateFunction');
  }
  const [first] = statement.body;
  if (language === 'c') requireLibrary(context, body[0] ?? '');
  if (language === 'plpgsql' && first !== undefined) requireBlock(first);
  if (language === 'sql' && first !== undefined)
    requireQueries(
      first,
      new Context(
        session,
        [],
        args.map(({ type }) => type),
      ),
      argumentScope(args),
    );
  const same = session.database.routines.find(
    (one) =>
      one.schema === place.schema &&
      one.name === place.name &&
      one.args.length === args.length &&
      one.args.every(({ type }, index) => type.oid === args[index]!.type.oid),
  );
  if (same !== undefined && !replaces) {
    throw new PgError(
      '42723',
      `function "${place.name}" already exists with same argument types`,
      'pg_proc.c:374:ProcedureCreate',
    );
  }
  if (same !== undefined && same.returns.oid !== returns.oid)
    throw new PgError(
      '42P13',
      'cannot change return type of existing function',
      'pg_proc.c:411:ProcedureCreate',
      { hint: `Use DROP FUNCTION ${place.name}(${args.map(({ type }) => type.title).join(',')}) first.` },
    );
  if (session.database.routines.length >= maxRoutines) throw failures.tooMuch();
  const size = 400 + body.reduce((sum, one) => sum + one.length, 0);
  server.room.take(size);
  const routine = {
    oid: same?.oid ?? server.oid(),
    ...place,
    owner: session.user,
    args,
    returns,
    language,
    body,
    isProcedure,
    size,
  };
  session.database.routines = [...session.database.routines.filter((one) => one !== same), routine];
  return { tag: `CREATE ${word}` };
}

/** Names in it have to be there. @throws PgError with its place in the query */
function requireQueries({ text, position }: Literal, context: Context, scope: Scope): void {
  try {
    for (const { statement } of parse(text))
      if (statement.kind === 'select') compileSelect(statement.select, context, scope);
  } catch (error) {
    throw error instanceof PgError ? moved(error, position) : error;
  }
}

function moved(error: PgError, by: number | undefined): PgError {
  const { position } = error.details;
  return by === undefined || position === undefined ? error : error.with({ position: position + by - 1 });
}

/** @throws PgError for what is no PL/pgSQL, with its place in the query */
export function requireBlock({ text, position }: Literal): void {
  try {
    parseBlock(text);
  } catch (error) {
    throw error instanceof PgError ? moved(error, position) : error;
  }
}

/** A library that is there was brought, or is the system's and none of PostgreSQL's. @throws PgError */
export function requireLibrary({ server }: Context, path: string): void {
  const extension = /^\$libdir\/([\w-]+?)(?:\.so)?$/.exec(path)?.[1];
  if (extension !== undefined && extensionNamed(extension) !== undefined) return;
  const place = path.replace('$libdir', '/usr/lib/postgresql/15/lib');
  const file =
    place.includes('/') && !/\.so(?:\.\d+)*$/.test(place) && !server.files.exists(place)
      ? `${place}.so`
      : place;
  let content: Buffer;
  try {
    const node = server.files.stat(file);
    content = Buffer.from(server.files.read(file)).subarray(0, 64);
    const isSystem = node.uid === 0 && file.startsWith('/lib') && /\/lib(?:c|m|dl|pthread)[.-]/.test(file);
    if (isSystem)
      throw new PgError(
        'XX000',
        `incompatible library "${file}": missing magic block`,
        'dfmgr.c:279:internal_load_library',
        {
          hint: 'Extension libraries are required to use the PG_MODULE_MAGIC macro.',
        },
      );
  } catch (error) {
    if (error instanceof PgError) throw error;
    throw fileFailure(error, `could not access file "${path}"`, 'dfmgr.c:208:internal_load_library');
  }
  if (!content.subarray(0, 4).equals(elf))
    throw new PgError(
      '58P01',
      `could not load library "${file}": ${file}: invalid ELF header`,
      'dfmgr.c:246:internal_load_library',
    );
}

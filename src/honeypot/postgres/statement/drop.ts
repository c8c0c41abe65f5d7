/** DROP, and what stands in its way. */
import { catalogTable } from '../catalog/tables.ts';
import type { Table, ViewDefinition } from '../database.ts';
import type { Context } from '../engine/context.ts';
import { findSequence, findTable, findView } from '../engine/resolve.ts';
import { PgError } from '../failure.ts';
import type { DropKind, Dropped, Statement } from '../sql/ast.ts';
import { typeNamed } from '../types.ts';
import { isOurs, tellDrop } from './destruction.ts';
import type { Result } from './run.ts';

interface Droppable {
  /** @returns undefined where there is no such thing. @throws PgError where it has to stay */
  readonly remove: (context: Context, name: Dropped, isCascade: boolean) => true | undefined;
  readonly code: string;
  readonly place: string;
  /** Of the notice that there is none. */
  readonly skipped: string;
}

const missing = {
  code: '42P01',
  place: 'tablecmds.c:1304:DropErrorMsgNonExistent',
  skipped: 'tablecmds.c:1310:DropErrorMsgNonExistent',
};
const skipped = 'dropcmds.c:490:does_not_exist_skipping';

/** @throws PgError where a view or a table was meant to be the other */
function requireNo(found: { readonly name: string } | undefined, wanted: string, is: string): undefined {
  if (found !== undefined)
    throw new PgError(
      '42809',
      `"${found.name}" is not a ${wanted}`,
      'tablecmds.c:1339:DropErrorMsgWrongType',
      {
        hint: `Use DROP ${is.toUpperCase()} to remove a ${is}.`,
      },
    );
  return undefined;
}

/** What is made of it, and of that, in turn. */
function dependents({ session }: Context, oid: number): ViewDefinition[] {
  const found: ViewDefinition[] = [];
  const oids = new Set([oid]);
  for (let before = 0; before < oids.size; ) {
    before = oids.size;
    for (const view of session.database.views.values())
      if (!oids.has(view.oid) && [...view.uses].some((one) => oids.has(one))) {
        oids.add(view.oid);
        found.push(view);
      }
  }
  return found;
}

/** @throws PgError where something depends on it that is not dropped along */
function removeRelation(
  context: Context,
  what: 'table' | 'view',
  found: Table | ViewDefinition,
  isCascade: boolean,
): true {
  const { database } = context.session;
  const views = dependents(context, found.oid);
  requireAlone(
    context,
    `${what} ${found.name}`,
    views.map((view) => ({
      what: `view ${view.name}`,
      on: view.uses.has(found.oid)
        ? `${what} ${found.name}`
        : `view ${views.find((one) => view.uses.has(one.oid))?.name}`,
    })),
    isCascade,
  );
  for (const one of database.tables.get(`${found.schema}.${found.name}`)?.columns ?? [])
    database.sequences.delete(one.sequence ?? '');
  for (const one of [found, ...views]) {
    database.tables.delete(`${one.schema}.${one.name}`);
    database.views.delete(`${one.schema}.${one.name}`);
  }
  return true;
}

function requireAlone(
  { session }: Context,
  title: string,
  others: readonly { readonly what: string; readonly on: string }[],
  isCascade: boolean,
): void {
  if (others.length === 0) return;
  if (!isCascade)
    throw new PgError(
      '2BP01',
      `cannot drop ${title} because other objects depend on it`,
      'dependency.c:1196:reportDependentObjects',
      {
        detail: others
          .slice(0, 100)
          .map(({ what, on }) => `${what} depends on ${on}`)
          .join('\n'),
        hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
      },
    );
  const [only] = others;
  session.notices.push({
    severity: 'NOTICE',
    code: '00000',
    message:
      others.length === 1
        ? `drop cascades to ${only!.what}`
        : `drop cascades to ${others.length} other objects`,
    place:
      others.length === 1
        ? 'dependency.c:1224:reportDependentObjects'
        : 'dependency.c:1213:reportDependentObjects',
    ...(others.length > 1 && {
      details: {
        detail: others
          .slice(0, 100)
          .map(({ what }) => `drop cascades to ${what}`)
          .join('\n'),
      },
    }),
  });
}

function isCatalog(names: readonly string[]): PgError {
  return new PgError(
    '42501',
    `permission denied: "${names.at(-1)}" is a system catalog`,
    'tablecmds.c:1621:RangeVarCallbackForDropRelation',
  );
}

const droppable: Readonly<Record<DropKind, Droppable>> = {
  table: {
    ...missing,
    remove(context, { names }, isCascade) {
      const table = findTable(names, context);
      if (table === undefined && catalogTable(names) !== undefined) throw isCatalog(names);
      if (table === undefined) return requireNo(findView(names, context), 'table', 'view');
      return removeRelation(context, 'table', table, isCascade);
    },
  },
  view: {
    ...missing,
    remove(context, { names }, isCascade) {
      const view = findView(names, context);
      if (view === undefined) return requireNo(findTable(names, context), 'view', 'table');
      return removeRelation(context, 'view', view, isCascade);
    },
  },
  sequence: {
    ...missing,
    remove(context, { names }) {
      const sequence = findSequence(names, context);
      if (sequence === undefined) return undefined;
      context.session.database.sequences.delete(`${sequence.schema}.${sequence.name}`);
      return true;
    },
  },
  function: {
    code: '42883',
    place: 'parse_func.c:2439:LookupFuncWithArgs',
    skipped: 'dropcmds.c:492:does_not_exist_skipping',
    remove({ session: { database } }, { names, args }) {
      const types = args?.map((one) => typeNamed(one.name)?.oid);
      const rest = database.routines.filter(
        (one) =>
          one.name !== names.at(-1) ||
          (types !== undefined &&
            (types.length !== one.args.length ||
              one.args.some(({ type }, index) => type.oid !== types[index]))),
      );
      if (rest.length === database.routines.length) return undefined;
      database.routines = rest;
      return true;
    },
  },
  extension: {
    code: '42704',
    place: 'extension.c:195:get_extension_oid',
    skipped,
    remove: ({ session }, { names }) => session.database.extensions.delete(names.at(-1)!) || undefined,
  },
  role: {
    code: '42704',
    place: 'user.c:951:DropRole',
    skipped: 'user.c:957:DropRole',
    remove({ server, session }, { names }) {
      const name = names.at(-1)!;
      if (name === session.user)
        throw new PgError('55006', 'current user cannot be dropped', 'user.c:969:DropRole');
      const role = server.roles.get(name);
      if (role === undefined) return undefined;
      if (role.oid < firstNormalOid)
        throw new PgError(
          '2BP01',
          `cannot drop role ${name} because it is required by the database system`,
          'pg_shdepend.c:655:checkSharedDependencies',
        );
      return server.roles.delete(name) || undefined;
    },
  },
  database: {
    code: '3D000',
    place: 'dbcommands.c:1549:dropdb',
    skipped: 'dbcommands.c:1557:dropdb',
    remove({ server, session }, { names }) {
      const name = names.at(-1)!;
      if (name === session.database.name)
        throw new PgError('55006', 'cannot drop the currently open database', 'dbcommands.c:1586:dropdb');
      if (name.startsWith('template'))
        throw new PgError('42809', 'cannot drop a template database', 'dbcommands.c:1580:dropdb');
      return server.databases.delete(name) || undefined;
    },
  },
  schema: {
    code: '3F000',
    place: 'namespace.c:3099:get_namespace_oid',
    skipped,
    remove(context, { names }, isCascade) {
      const { database } = context.session;
      const name = names.at(-1)!;
      if (!database.schemas.has(name)) return undefined;
      const inside = [
        ...[...database.tables.values()].map((one) => ({
          all: database.tables as Map<string, unknown>,
          kind: 'table',
          one,
        })),
        ...[...database.views.values()].map((one) => ({
          all: database.views as Map<string, unknown>,
          kind: 'view',
          one,
        })),
        ...[...database.sequences.values()].map((one) => ({
          all: database.sequences as Map<string, unknown>,
          kind: 'sequence',
          one,
        })),
      ].filter(({ one }) => one.schema === name);
      const title = (one: { readonly name: string }): string =>
        name === 'public' ? one.name : `${name}.${one.name}`;
      requireAlone(
        context,
        `schema ${name}`,
        inside.map(({ kind, one }) => ({ what: `${kind} ${title(one)}`, on: `schema ${name}` })),
        isCascade,
      );
      for (const { all, one } of inside) all.delete(`${one.schema}.${one.name}`);
      database.routines = database.routines.filter((one) => one.schema !== name);
      return database.schemas.delete(name) || undefined;
    },
  },
};

/** Below are those that every cluster has. */
const firstNormalOid = 16_384;

export function drop(
  context: Context,
  { what, names, ifExists, isCascade }: Extract<Statement, { readonly kind: 'drop' }>,
): Result {
  const { remove, code, place, skipped: where } = droppable[what];
  tellDrop(
    context,
    what,
    names.map((one) => one.names),
    names.some((one) => isOurs(context, what, one)),
  );
  for (const name of names) {
    if (remove(context, name, isCascade) === true) continue;
    const title = name.names.at(-1)!;
    const signature = `${title}(${(name.args ?? []).map((one) => typeNamed(one.name)?.title ?? one.name).join(',')})`;
    const message =
      what === 'function' ? `function ${signature} does not exist` : `${what} "${title}" does not exist`;
    if (!ifExists) {
      if (what === 'function' && name.args === undefined)
        throw new PgError(code, `could not find a function named "${title}"`, place);
      throw new PgError(code, message, what === 'function' ? 'parse_func.c:2444:LookupFuncWithArgs' : place);
    }
    context.session.notices.push({
      severity: 'NOTICE',
      code: '00000',
      message: `${message}, skipping`,
      place: where,
    });
  }
  return { tag: `DROP ${what.toUpperCase()}` };
}

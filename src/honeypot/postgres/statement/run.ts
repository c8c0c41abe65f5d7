/** Does what a statement says. */
import type { Row } from '../database.ts';
import { type Compiled, settled } from '../engine/coerce.ts';
import { compile } from '../engine/compile.ts';
import type { Context } from '../engine/context.ts';
import { findTable, findView } from '../engine/resolve.ts';
import type { Environment, Scope, Visible } from '../engine/scope.ts';
import { compileSelect, nowhere } from '../engine/select.ts';
import { failures, PgError } from '../failure.ts';
import { runBlock } from '../procedure/run.ts';
import type { Expression } from '../sql/ast.ts';
import type { Parsed } from '../sql/statements.ts';
import { types } from '../types.ts';
import { alterTable } from './alter.ts';
import { type Plan, planDelete, planUpdate, runTruncate } from './changes.ts';
import { runCopy } from './copy.ts';
import { close, declare, fetch } from './cursors.ts';
import { createDatabase, createExtension, createSchema } from './definitions.ts';
import { drop } from './drop.ts';
import { createFunction, requireBlock, requireLibrary } from './functions.ts';
import { planInsert } from './insert.ts';
import { deallocate, execute, prepare } from './prepared.ts';
import { alterRole, createRole } from './roles.ts';
import { set, show } from './settings.ts';
import { createSequence, createTable, createView } from './tables.ts';
import { transaction } from './transactions.ts';

export interface Result {
  readonly tag: string;
  readonly columns?: readonly Visible[];
  readonly rows?: readonly Row[];
  /** COPY with the client, which goes on in another way. */
  readonly copy?: CopyWithClient;
}

export interface CopyWithClient {
  readonly isFrom: boolean;
  readonly columns: number;
  readonly table: string;
  /** Of what goes to the client. */
  readonly lines?: readonly string[];
  /** Of what comes from it. @returns how many rows it was */
  take?(content: Buffer): Promise<number>;
}

/** Variables of the procedure around it. */
export interface Around {
  readonly scope: Scope;
  readonly environment: Environment;
}

/** Told of the columns once there is a plan, before there are rows: clients see that when a row fails. */
export type Described = (columns: readonly Visible[]) => void;

/** @throws PgError */
export async function runStatement(
  { statement, text }: Parsed,
  context: Context,
  around?: Around,
  described?: Described,
): Promise<Result> {
  context.beginStatement();
  switch (statement.kind) {
    case 'select': {
      const query = compileSelect(statement.select, context, around?.scope);
      const into = statement.select.body.kind === 'select' ? statement.select.body.into : undefined;
      for (const constant of context.constants) await constant(nowhere);
      if (into === undefined) described?.(query.columns);
      const rows = await query.rows(around?.environment ?? nowhere);
      if (into !== undefined && around === undefined)
        return createTable(context, { names: into, position: statement.position }, query.columns, { rows });
      return { tag: `SELECT ${rows.length}`, columns: query.columns, rows };
    }
    case 'insert':
      return runPlan(planInsert(statement, context, around), context, described);
    case 'update':
      return runPlan(planUpdate(statement, context, around), context, described);
    case 'delete':
      return runPlan(planDelete(statement, context, around), context, described);
    case 'truncate':
      return runTruncate(statement.tables, context);
    case 'createTable': {
      const { table, columns, keys, select, ifNotExists } = statement;
      if (select === undefined)
        return createTable(context, table, columns, { keys, ifNotExists, length: text.length });
      const query = compileSelect(select, context);
      return createTable(context, table, query.columns, { rows: await query.rows(nowhere), ifNotExists });
    }
    case 'createView':
      return createView(context, statement, text.length);
    case 'createSequence':
      return createSequence(context, statement);
    case 'alterTable':
      return alterTable(context, statement);
    case 'declare':
      return declare(context, statement);
    case 'fetch':
      return fetch(context, statement);
    case 'close':
      return close(context, statement.name);
    case 'load':
      requireLibrary(context, statement.library);
      return { tag: 'LOAD' };
    case 'createFunction':
      return createFunction(context, statement);
    case 'createExtension':
      return createExtension(context, statement);
    case 'createRole':
      return createRole(context, statement);
    case 'alterRole':
      return alterRole(context, statement);
    case 'createDatabase':
      return createDatabase(context, statement.name);
    case 'createSchema':
      return createSchema(context, statement);
    case 'drop':
      return drop(context, statement);
    case 'copy':
      return runCopy(statement, context);
    case 'set':
      return set(context, statement);
    case 'show':
      return show(context, statement.name);
    case 'transaction':
      return transaction(context, statement);
    case 'do':
      if (statement.language !== 'plpgsql')
        throw new PgError(
          '42704',
          `language "${statement.language}" does not exist`,
          'functioncmds.c:2108:ExecuteDoStmt',
        );
      requireBlock(statement.body);
      await runBlock(statement.body.text, context);
      return { tag: 'DO' };
    case 'call': {
      await procedure(statement.call, context).run(nowhere);
      return { tag: 'CALL' };
    }
    case 'explain': {
      if (statement.of.kind === 'select') compileSelect(statement.of.select, context);
      const plan: Visible = { table: undefined, name: 'QUERY PLAN', type: types.text };
      return { tag: 'EXPLAIN', columns: [plan], rows: [['Result  (cost=0.00..0.01 rows=1 width=4)']] };
    }
    case 'prepare':
      return prepare(context, statement, text);
    case 'execute':
      return execute(context, statement, described);
    case 'deallocate':
      return deallocate(context, statement.name);
    case 'other':
      return other(context, statement);
  }
}

async function runPlan(plan: Plan, context: Context, described: Described | undefined): Promise<Result> {
  for (const constant of context.constants) await constant(nowhere);
  if (plan.columns !== undefined) described?.(plan.columns);
  return plan.run();
}

/** @throws PgError where there is none */
function procedure(call: Expression, context: Context): Compiled {
  try {
    return settled(compile(call, { context, scope: { columns: [] } }), context);
  } catch (error) {
    const signature =
      error instanceof PgError ? /^function (.*) does not exist$/.exec(error.message)?.[1] : undefined;
    throw signature === undefined ? error : failures.noProcedure(signature, call.position);
  }
}

/** What privileges are of, beside relations. */
const notRelations: ReadonlySet<string> = new Set([
  'all',
  'database',
  'schema',
  'function',
  'procedure',
  'routine',
  'sequence',
  'language',
  'large',
  'tablespace',
  'domain',
  'type',
  'foreign',
  'parameter',
]);

function wordAfter(words: readonly string[], word: string, between: readonly string[]): string | undefined {
  const at = words.indexOf(word);
  const next = words[at + 1];
  if (at < 0) return undefined;
  return next !== undefined && between.includes(next) ? words[at + 2] : next;
}

/** Of one session: channels that it listens to, and what waits to be told. */
const most = { channels: 100, notifications: 100 };

function signal(
  { session, server }: Context,
  tag: 'LISTEN' | 'UNLISTEN' | 'NOTIFY',
  [channel = '', , payload = '']: readonly string[],
): void {
  if (tag === 'LISTEN' && session.listening.size < most.channels) session.listening.add(channel);
  if (tag === 'UNLISTEN' && channel === '*') session.listening.clear();
  if (tag === 'UNLISTEN') session.listening.delete(channel);
  if (tag !== 'NOTIFY') return;
  for (const { database, listening, notifications } of server.sessions)
    if (database === session.database && listening.has(channel) && notifications.length < most.notifications)
      notifications.push({ from: session.processId, channel, payload });
}

function other(
  context: Context,
  { tag, words }: { readonly tag: string; readonly words: readonly string[] },
): Result {
  const { session, server } = context;
  if (tag === 'VACUUM' && session.rollback !== undefined)
    throw new PgError(
      '25001',
      'VACUUM cannot run inside a transaction block',
      'xact.c:3486:PreventInTransactionBlock',
    );
  if (tag === 'LOCK TABLE' && session.rollback === undefined)
    throw new PgError(
      '25P01',
      'LOCK TABLE can only be used in transaction blocks',
      'xact.c:3587:CheckTransactionBlock',
    );
  if (tag === 'LISTEN' || tag === 'UNLISTEN' || tag === 'NOTIFY') signal(context, tag, words);
  if (tag === 'DISCARD ALL' && words[0] === 'all') {
    session.settings.reset();
    session.forgetAll(session.prepared);
  }
  const isPrivilege = tag === 'GRANT' || tag === 'REVOKE';
  const relation = isPrivilege
    ? wordAfter(words, 'on', ['table'])
    : tag === 'COMMENT' && words[1] === 'table'
      ? words[2]
      : (tag === 'REINDEX' && words[0] === 'table') || tag === 'LOCK TABLE'
        ? wordAfter(words, 'table', [])
        : undefined;
  const isOther = relation === undefined || notRelations.has(relation) || words.includes('.');
  if (!isOther && findTable([relation], context) === undefined && findView([relation], context) === undefined)
    throw new PgError(
      '42P01',
      `relation "${relation}" does not exist`,
      'namespace.c:433:RangeVarGetRelidExtended',
    );
  const role = tag === 'GRANT ROLE' ? words[0] : undefined;
  if (role !== undefined && !server.roles.has(role))
    throw new PgError('42704', `role "${role}" does not exist`, 'acl.c:5201:get_role_oid');
  if (tag === 'ALTER DATABASE' && words[1] !== undefined && !server.databases.has(words[1]))
    throw new PgError('3D000', `database "${words[1]}" does not exist`, 'dbcommands.c:3032:get_database_oid');
  if (tag === 'CREATE LANGUAGE' && words[0] !== undefined)
    return createExtension(context, {
      kind: 'createExtension',
      name: words[0],
      ifNotExists: false,
      position: 0,
    });
  if (tag === 'ALTER SYSTEM' && words[1] === 'set' && session.settings.find(words[2] ?? '') === undefined)
    throw failures.noParameter(words[2] ?? '');
  return { tag };
}

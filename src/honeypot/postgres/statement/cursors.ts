/** DECLARE, FETCH, MOVE and CLOSE: rows of a query, some at a time. */
import { sizeOfRows } from '../database.ts';
import type { Context } from '../engine/context.ts';
import { compileSelect, nowhere } from '../engine/select.ts';
import { failures, PgError } from '../failure.ts';
import type { Statement } from '../sql/ast.ts';
import type { Result } from './run.ts';

/** Of one session. */
const maxCursors = 50;

export async function declare(
  context: Context,
  { name, select, isHeld }: Extract<Statement, { readonly kind: 'declare' }>,
): Promise<Result> {
  const { session } = context;
  if (session.rollback === undefined && !isHeld)
    throw new PgError(
      '25P01',
      'DECLARE CURSOR can only be used in transaction blocks',
      'xact.c:3587:CheckTransactionBlock',
    );
  if (session.cursors.size >= maxCursors) throw failures.tooMuch();
  const query = compileSelect(select, context);
  if (session.cursors.has(name))
    throw new PgError('42P03', `cursor "${name}" already exists`, 'portalmem.c:186:CreatePortal');
  const rows = await query.rows(nowhere);
  const size = sizeOfRows(rows);
  session.hold(size);
  session.cursors.set(name, { columns: query.columns, rows, at: 0, size, isHeld });
  return { tag: 'DECLARE CURSOR' };
}

export function fetch(
  { session }: Context,
  { name, count, isMove }: Extract<Statement, { readonly kind: 'fetch' }>,
): Result {
  const cursor = session.cursors.get(name);
  if (cursor === undefined)
    throw new PgError('34000', `cursor "${name}" does not exist`, 'portalcmds.c:187:PerformPortalFetch');
  const rows = cursor.rows.slice(cursor.at, cursor.at + count);
  cursor.at += rows.length;
  return isMove
    ? { tag: `MOVE ${rows.length}` }
    : { tag: `FETCH ${rows.length}`, columns: cursor.columns, rows };
}

export function close({ session }: Context, name: string | undefined): Result {
  if (name === undefined) {
    session.forgetAll(session.cursors);
    return { tag: 'CLOSE CURSOR ALL' };
  }
  if (!session.forget(session.cursors, name))
    throw new PgError('34000', `cursor "${name}" does not exist`, 'portalcmds.c:240:PerformPortalClose');
  return { tag: 'CLOSE CURSOR' };
}

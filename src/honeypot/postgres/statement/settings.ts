/** SET and SHOW. */
import type { Context } from '../engine/context.ts';
import type { Visible } from '../engine/scope.ts';
import { PgError } from '../failure.ts';
import { allSettings } from '../settings.ts';
import type { Statement } from '../sql/ast.ts';
import { types } from '../types.ts';
import type { Result } from './run.ts';

export function set(
  { session, server }: Context,
  { name, value, isLocal }: Extract<Statement, { readonly kind: 'set' }>,
): Result {
  const tag = value === undefined ? 'RESET' : 'SET';
  if (isLocal && session.rollback === undefined)
    session.notices.push({
      severity: 'WARNING',
      code: '25P01',
      message: 'SET LOCAL can only be used in transaction blocks',
      place: 'xact.c:3587:CheckTransactionBlock',
    });
  if (name === 'role' || name === 'session_authorization') {
    if (value !== undefined && value !== 'none' && !server.roles.has(value))
      throw new PgError('22023', `role "${value}" does not exist`, 'guc.c:12053:call_string_check_hook');
    return { tag };
  }
  if (name === 'all' && value === undefined) {
    session.settings.reset();
    return { tag };
  }
  session.settings.set(name, value);
  return { tag };
}

/** Also of names that nobody knows. */
export function shownColumns({ session }: Context, name: string): Visible[] {
  const titles = name === 'all' ? ['name', 'setting', 'description'] : [session.settings.titleOf(name)];
  return titles.map((title) => ({ table: undefined, name: title, type: types.text }));
}

export function show(context: Context, name: string): Result {
  const { session } = context;
  const columns = shownColumns(context, name);
  if (name === 'all') {
    const rows = [...allSettings()].map((one) => [one.name, session.settings.get(one.name), one.description]);
    return { tag: 'SHOW', columns, rows };
  }
  const value = name === 'session_authorization' ? session.user : session.settings.get(name);
  return { tag: 'SHOW', columns, rows: [[value]] };
}

/** SET and SHOW. */
import type { Context } from '../engine/context.ts';
import { PgError } from '../failure.ts';
import { allSettings } from '../settings.ts';
import type { Statement } from '../sql/ast.ts';
import { types } from '../types.ts';
import type { Result } from './run.ts';

export function set(
  { session, server }: Context,
  { name, value }: Extract<Statement, { readonly kind: 'set' }>,
): Result {
  const tag = value === undefined ? 'RESET' : 'SET';
  if (name === 'role' || name === 'session_authorization') {
    if (value !== undefined && value !== 'none' && !server.roles.has(value))
      throw new PgError('22023', `role "${value}" does not exist`, 'guc.c:12085:call_string_check_hook');
    return { tag };
  }
  if (name === 'all' && value === undefined) return { tag };
  session.settings.set(name, value);
  return { tag };
}

export function show({ session }: Context, name: string): Result {
  const text = (title: string) => ({ table: undefined, name: title, type: types.text });
  if (name === 'all')
    return {
      tag: 'SHOW',
      columns: ['name', 'setting', 'description'].map(text),
      rows: [...allSettings()].map((one) => [one.name, session.settings.get(one.name), one.description]),
    };
  if (name === 'session_authorization') return { tag: 'SHOW', columns: [text(name)], rows: [[session.user]] };
  return {
    tag: 'SHOW',
    columns: [text(session.settings.titleOf(name))],
    rows: [[session.settings.get(name)]],
  };
}

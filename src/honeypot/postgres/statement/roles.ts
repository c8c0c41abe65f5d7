/** CREATE and ALTER ROLE. */
import type { Context } from '../engine/context.ts';
import { failures, PgError } from '../failure.ts';
import type { Statement } from '../sql/ast.ts';
import type { Result } from './run.ts';

/** Of one server. */
const maxRoles = 200;

export function createRole(
  context: Context,
  { name, isUser, options }: Extract<Statement, { readonly kind: 'createRole' }>,
): Result {
  const { server } = context;
  context.tell('role', { texts: [], data: { role: name, ...options }, attack: ['T1136'] });
  if (name.startsWith('pg_'))
    throw new PgError('42939', `role name "${name}" is reserved`, 'user.c:285:CreateRole', {
      detail: 'Role names starting with "pg_" are reserved.',
    });
  if (server.roles.has(name))
    throw new PgError('42710', `role "${name}" already exists`, 'user.c:308:CreateRole');
  if (server.roles.size >= maxRoles) throw failures.tooMuch();
  server.addRole(name, { login: isUser, ...options.flags }, options.password);
  return { tag: 'CREATE ROLE' };
}

export function alterRole(
  context: Context,
  { name, options }: Extract<Statement, { readonly kind: 'alterRole' }>,
): Result {
  const { server, session } = context;
  context.tell('role', { texts: [], data: { role: name, ...options }, attack: ['T1098'] });
  const role = server.roles.get(name === 'current_user' ? session.user : name);
  if (role === undefined)
    throw new PgError('42704', `role "${name}" does not exist`, 'acl.c:5277:get_rolespec_tuple');
  Object.assign(role.flags, options.flags);
  if (options.password !== undefined) role.password = options.password;
  return { tag: 'ALTER ROLE' };
}

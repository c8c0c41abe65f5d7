/** Where something new comes to be. */
import type { Context } from '../engine/context.ts';
import { searchPath } from '../engine/resolve.ts';
import { PgError } from '../failure.ts';
import type { Name } from '../sql/ast.ts';

/** @throws PgError where nothing can be made in that schema */
export function placeOf(
  { session }: Context,
  { names, position }: Name,
): { readonly schema: string; readonly name: string } {
  const [name = '', told] = names.toReversed();
  const path = searchPath(session.settings.get('search_path'), session.user);
  const schema = told ?? path.find((one) => session.database.schemas.has(one));
  if (schema === undefined)
    throw new PgError(
      '3F000',
      'no schema has been selected to create in',
      'namespace.c:499:RangeVarGetCreationNamespace',
      { position },
    );
  if (schema === 'pg_catalog')
    throw new PgError('42501', `permission denied to create "pg_catalog.${name}"`, 'heap.c:323:heap_create', {
      detail: 'System catalog modifications are currently disallowed.',
    });
  if (!session.database.schemas.has(schema) && schema !== 'pg_temp')
    throw new PgError('3F000', `schema "${schema}" does not exist`, 'namespace.c:3099:get_namespace_oid', {
      position,
    });
  return { schema, name };
}

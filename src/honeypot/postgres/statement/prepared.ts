/** PREPARE and EXECUTE, as statements. */
import { coerce, compile, typeOf } from '../engine/compile.ts';
import type { Context } from '../engine/context.ts';
import { nowhere } from '../engine/select.ts';
import { failures, PgError } from '../failure.ts';
import type { Statement } from '../sql/ast.ts';
import { types, type Value } from '../types.ts';
import { type Described, type Result, runStatement } from './run.ts';

/** Of one session. */
export const maxPrepared = 200;

export function prepare(
  { session }: Context,
  { name, types: told, of }: Extract<Statement, { readonly kind: 'prepare' }>,
  text: string,
): Result {
  if (session.prepared.has(name))
    throw new PgError(
      '42P05',
      `prepared statement "${name}" already exists`,
      'prepare.c:422:StorePreparedStatement',
    );
  if (session.prepared.size >= maxPrepared) throw failures.tooMuch();
  session.prepared.set(name, { parsed: { statement: of, text }, types: told.map(typeOf) });
  return { tag: 'PREPARE' };
}

export async function execute(
  context: Context,
  { name, args }: Extract<Statement, { readonly kind: 'execute' }>,
  described: Described | undefined,
): Promise<Result> {
  const found = context.session.prepared.get(name);
  if (found?.parsed === undefined)
    throw new PgError(
      '26000',
      `prepared statement "${name}" does not exist`,
      'prepare.c:451:FetchPreparedStatement',
    );
  const values: Value[] = [];
  for (const [index, arg] of args.entries()) {
    const compiled = compile(arg, { context, scope: { columns: [] } });
    values.push(await coerce(compiled, found.types[index] ?? types.text, context).run(nowhere));
  }
  return runStatement(found.parsed, context.inside(values, found.types), undefined, described);
}

export function deallocate({ session }: Context, name: string | undefined): Result {
  if (name === undefined) {
    session.prepared.clear();
    return { tag: 'DEALLOCATE ALL' };
  }
  if (!session.prepared.delete(name))
    throw new PgError(
      '26000',
      `prepared statement "${name}" does not exist`,
      'prepare.c:451:FetchPreparedStatement',
    );
  return { tag: 'DEALLOCATE' };
}

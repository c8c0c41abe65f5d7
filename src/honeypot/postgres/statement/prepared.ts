/** PREPARE and EXECUTE, as statements. */
import { readCost } from '../database.ts';
import { coerce, typeOf } from '../engine/coerce.ts';
import { compile } from '../engine/compile.ts';
import type { Context } from '../engine/context.ts';
import { nowhere } from '../engine/select.ts';
import { failures, PgError } from '../failure.ts';
import type { Session } from '../session.ts';
import type { Statement } from '../sql/ast.ts';
import type { Parsed } from '../sql/statements.ts';
import { type Type, types, type Value } from '../types.ts';
import { describe } from './describe.ts';
import { type Described, type Result, runStatement } from './run.ts';

export function noPrepared(name: string): PgError {
  return new PgError(
    '26000',
    `prepared statement "${name}" does not exist`,
    'prepare.c:451:FetchPreparedStatement',
  );
}

/** Of one session. */
export const maxPrepared = 200;

export function prepare(
  context: Context,
  { name, types: told, of }: Extract<Statement, { readonly kind: 'prepare' }>,
  text: string,
): Result {
  const { session } = context;
  if (session.prepared.has(name))
    throw new PgError(
      '42P05',
      `prepared statement "${name}" already exists`,
      'prepare.c:412:StorePreparedStatement',
    );
  const inner = context.inside([], told.map(typeOf));
  describe(of, inner);
  keepPrepared(session, name, { statement: of, text }, requireKnown(inner));
  return { tag: 'PREPARE' };
}

/** @throws PgError where there are too many, or no room */
export function keepPrepared(
  session: Session,
  name: string,
  parsed: Parsed | undefined,
  given: readonly Type[],
): void {
  session.forget(session.prepared, name);
  if (session.prepared.size >= maxPrepared) throw failures.tooMuch();
  const size = readCost * (parsed?.text.length ?? 0) + 200;
  session.hold(size);
  session.prepared.set(name, { parsed, types: given, size });
}

/** What its parameters turned out to be. @throws PgError where that of one is not known */
export function requireKnown({ paramTypes }: Context): Type[] {
  return Array.from(paramTypes, (type, index) => {
    if (type === undefined)
      throw new PgError(
        '42P18',
        `could not determine data type of parameter $${index + 1}`,
        'postgres.c:711:pg_analyze_and_rewrite_varparams',
      );
    return type.name === 'unknown' ? types.text : type;
  });
}

export async function execute(
  context: Context,
  { name, args }: Extract<Statement, { readonly kind: 'execute' }>,
  described: Described | undefined,
): Promise<Result> {
  const found = context.session.prepared.get(name);
  if (found?.parsed === undefined) throw noPrepared(name);
  if (args.length !== found.types.length)
    throw new PgError(
      '42601',
      `wrong number of parameters for prepared statement "${name}"`,
      'prepare.c:293:EvaluateParams',
      { detail: `Expected ${found.types.length} parameters but got ${args.length}.` },
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
    session.forgetAll(session.prepared);
    return { tag: 'DEALLOCATE ALL' };
  }
  if (!session.forget(session.prepared, name)) throw noPrepared(name);
  return { tag: 'DEALLOCATE' };
}

/** Finds the function that a name and the types of its arguments mean: one of the system's, or of a visitor's own. */
import type { Routine } from '../../database.ts';
import { failures } from '../../failure.ts';
import { isNumber, isText, type Type, types, type Value } from '../../types.ts';
import type { Context } from '../context.ts';
import { namespaces, searchPath } from '../resolve.ts';
import { catalogFunctions } from './catalog.ts';
import type { SqlFunction } from './define.ts';
import { descriptorFunctions } from './descriptors.ts';
import { fileFunctions } from './files.ts';
import { numberFunctions } from './numbers.ts';
import { runRoutine } from './routine.ts';
import { sequenceFunctions } from './sequences.ts';
import { sessionFunctions } from './session.ts';
import { textFunctions } from './texts.ts';
import { timeFunctions } from './times.ts';

export interface Found {
  readonly args: readonly Type[];
  readonly returns: Type;
  readonly isSet: boolean;
  readonly isStrict: boolean;
  /** Nothing but its arguments makes its value. */
  readonly isImmutable: boolean;
  readonly columns?: readonly { readonly name: string; readonly type: Type }[];
  steps?: SqlFunction['steps'];
  run(context: Context, ...values: Value[]): Value | Promise<Value>;
}

const byName = new Map<string, SqlFunction[]>();
for (const one of [
  ...catalogFunctions,
  ...descriptorFunctions,
  ...fileFunctions,
  ...numberFunctions,
  ...sequenceFunctions,
  ...sessionFunctions,
  ...textFunctions,
  ...timeFunctions,
])
  byName.set(one.name, [...(byName.get(one.name) ?? []), one]);

/** Functions that only an extension brings. */
const extensionOf: Readonly<Record<string, string>> = {
  dblink: 'dblink',
  dblink_connect: 'dblink',
  dblink_exec: 'dblink',
  pg_file_write: 'adminpack',
};

/** Of times, those that have nothing to do with now, or with where one is. */
const timeless: ReadonlySet<string> = new Set(['make_date', 'date_part', 'to_timestamp']);

const immutable: ReadonlySet<SqlFunction> = new Set([
  ...[...numberFunctions, ...textFunctions].filter(({ name }) => !/random|setseed/.test(name)),
  ...timeFunctions.filter(({ name }) => timeless.has(name)),
]);

/** @throws PgError in the words of ParseFuncOrColumn */
export function findFunction(
  names: readonly string[],
  given: readonly Type[],
  context: Context,
  position: number,
): Found {
  const [name = '', schema] = names.toReversed();
  const { database } = context.session;
  if (schema !== undefined && !namespaces(context).some((one) => one.name === schema))
    throw failures.noSchema(schema, position);
  const routine = findRoutine(name, schema, given, context);
  if (routine !== undefined) return foundRoutine(routine);
  const extension = extensionOf[name];
  const isThere = extension === undefined || database.extensions.has(extension);
  const isOurs = schema === undefined || schema === 'pg_catalog' || extension !== undefined;
  const candidates = isThere && isOurs ? (byName.get(name) ?? []) : [];
  const ranked = candidates.flatMap((one) => {
    const fits = fit(one, given);
    return fits === undefined ? [] : [{ one, fits }];
  });
  const best = ranked.sort((a, b) => b.fits - a.fits)[0]?.one;
  if (best === undefined) {
    const types = given.map(({ title }) => title).join(', ');
    throw failures.noFunction(`${names.join('.')}(${types})`, position);
  }
  const { returns, isSet, isStrict, columns, steps, run } = best;
  return {
    args: given.map((type, index) => argAt(best, index) ?? type),
    returns: typeof returns === 'function' ? returns(given) : returns,
    isSet,
    isStrict,
    isImmutable: !isSet && immutable.has(best),
    run,
    ...(columns && { columns }),
    ...(steps && { steps }),
  };
}

function argAt({ args, isVariadic }: SqlFunction, index: number): Type | undefined {
  return index < args.length ? args[index] : isVariadic ? args.at(-1) : undefined;
}

/** @returns how well it fits; undefined where it does not */
function fit(one: SqlFunction, given: readonly Type[]): number | undefined {
  if (given.length < one.least || (given.length > one.args.length && !one.isVariadic)) return undefined;
  let sum = 0;
  for (const [index, type] of given.entries()) {
    const wanted = argAt(one, index);
    const points = wanted === undefined ? 1 : suits(type, wanted);
    if (points === undefined) return undefined;
    sum += points;
  }
  return sum;
}

/** What is made of another type without being asked to. */
function suits(given: Type, wanted: Type): number | undefined {
  if (given.oid === wanted.oid) return 4;
  if (given.name === 'unknown') return isText(wanted) ? 3 : 2;
  if (isText(given) && isText(wanted)) return 3;
  const sizes = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];
  if (isNumber(given) && isNumber(wanted)) {
    if (given.name === 'oid' || wanted.name === 'oid') return 2;
    return sizes.indexOf(given.name) <= sizes.indexOf(wanted.name) ? 3 : undefined;
  }
  if (given.category === 'N' && wanted.category === 'N') return 2;
  if (given.category === 'D' && wanted.category === 'D') return 2;
  if (given.category === 'A' && (wanted.category === 'A' || wanted.name === 'anyarray')) return 2;
  return undefined;
}

function findRoutine(
  name: string,
  schema: string | undefined,
  given: readonly Type[],
  { session }: Context,
): Routine | undefined {
  const path =
    schema === undefined ? searchPath(session.settings.get('search_path'), session.user) : [schema];
  return session.database.routines.find(
    (one) =>
      one.name === name &&
      path.includes(one.schema) &&
      one.args.length === given.length &&
      one.args.every(
        ({ type }, index) => suits(given[index]!, type.name === 'cstring' ? types.text : type) !== undefined,
      ),
  );
}

function foundRoutine(routine: Routine): Found {
  const isSet = false;
  return {
    args: routine.args.map(({ type }) => (type.name === 'cstring' ? types.text : type)),
    returns: routine.returns,
    isSet,
    isStrict: false,
    isImmutable: false,
    run: (context, ...values) => runRoutine(routine, values, context),
  };
}

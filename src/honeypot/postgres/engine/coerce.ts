/** What is ready to be computed, and of which type it is made. */
import { failures, PgError } from '../failure.ts';
import type { TypeName } from '../sql/ast.ts';
import { isList, isText, type Type, typeNamed, types, type Value } from '../types.ts';
import { input, modified } from '../values.ts';
import type { Context } from './context.ts';
import { commonType, converted } from './operators.ts';
import { nameOfOid, resolveName } from './resolve.ts';
import type { Environment } from './scope.ts';

export interface Compiled {
  readonly type: Type;
  run(environment: Environment): Value | Promise<Value>;
  /** A text whose type is still open. */
  readonly literal?: { readonly text: string | null; readonly position: number };
  /** A parameter whose type is still open. */
  readonly parameter?: number;
  /** The same for all rows. */
  readonly isConstant?: boolean;
}

/** What is made of constants is one, and found before there are rows. */
export function folded(made: Compiled, from: readonly Compiled[], { constants }: Context): Compiled {
  if (!from.every(({ isConstant }) => isConstant === true)) return made;
  for (const one of from) constants.delete(one.run);
  let known: { readonly value: Value } | undefined;
  const run = async (environment: Environment): Promise<Value> => {
    known ??= { value: await made.run(environment) };
    return known.value;
  };
  constants.add(run);
  return { ...made, run, isConstant: true };
}

/** Long texts count where they are made, not only in rows. @throws PgError */
export function holdLong(value: Value, context: Context): void {
  const isLong =
    (typeof value === 'string' || Buffer.isBuffer(value) || isList(value)) && value.length > 1000;
  if (isLong) context.hold(isList(value) ? 8 * value.length : value.length);
}

export async function all(items: readonly Compiled[], environment: Environment): Promise<Value[]> {
  const values: Value[] = [];
  for (const item of items) values.push(await item.run(environment));
  return values;
}

/** What is open becomes that type now. @throws PgError with the place of a text that is none */
export function coerce(compiled: Compiled, type: Type, context: Context): Compiled {
  if (compiled.literal !== undefined && type.name !== 'unknown') {
    const { text, position } = compiled.literal;
    let value: Value = null;
    try {
      value = text === null ? null : input(text, type, (name, to) => resolveName(name, to, context));
    } catch (error) {
      throw error instanceof PgError ? error.at(position) : error;
    }
    return { type, run: () => value, isConstant: true };
  }
  if (compiled.parameter !== undefined && compiled.type.name === 'unknown') {
    context.paramTypes[compiled.parameter] = type;
    return { ...compiled, type };
  }
  const { type: from } = compiled;
  if (from.oid === type.oid || type.name === 'unknown') return compiled;
  const made: Compiled = {
    type,
    async run(environment) {
      const value = await compiled.run(environment);
      if (typeof value === 'number' && from.name.startsWith('reg') && isText(type))
        return nameOfOid(value, from, context);
      return converted(value, from, type, (name, to) => resolveName(name, to, context));
    },
  };
  return folded(made, [compiled], context);
}

/** What is still open is a text. */
export function settled(compiled: Compiled, context: Context): Compiled {
  return compiled.type.name === 'unknown' ? coerce(compiled, types.text, context) : compiled;
}

/** @throws PgError */
export function typeOf({ name, position }: TypeName): Type {
  const type = typeNamed(name);
  if (type === undefined) throw failures.noType(name, position);
  return type;
}

export function cast(of: Compiled, to: TypeName, context: Context, position: number): Compiled {
  const type = typeOf(to);
  const made = coerce(of, type, context);
  const isImpossible = of.type.category === 'B' && type.category === 'D';
  if (isImpossible)
    throw new PgError(
      '42846',
      `cannot cast type ${of.type.title} to ${type.title}`,
      'parse_expr.c:2665:transformTypeCast',
      { position },
    );
  if (to.modifiers.length === 0) return made;
  const cut: Compiled = {
    type,
    async run(environment) {
      const value = await made.run(environment);
      if (typeof value === 'string' && isText(type)) return value.slice(0, to.modifiers[0]);
      return modified(value, type, to.modifiers);
    },
  };
  return folded(cut, [made], context);
}

/** @throws PgError for what is no condition */
export function truth(of: Compiled, context: Context, where: string, position?: number): Compiled {
  const made = coerce(of, types.bool, context);
  if (of.type.name === 'bool' || of.type.name === 'unknown') return made;
  throw new PgError(
    '42804',
    `argument of ${where.toUpperCase()} must be type boolean, not type ${of.type.title}`,
    'parse_coerce.c:1176:coerce_to_boolean',
  ).at(position);
}

/** All of one type. @throws PgError */
export function unified(
  items: readonly Compiled[],
  context: Context,
  position: number,
  what: string,
): Compiled[] {
  let type: Type = types.unknown;
  for (const item of items) {
    const common = commonType(type, item.type);
    const next = type.name === 'unknown' ? item.type : common;
    if (next === undefined)
      throw new PgError(
        '42804',
        `${what} types ${type.title} and ${item.type.title} cannot be matched`,
        'parse_coerce.c:1416:select_common_type',
        { position },
      );
    type = item.type.name === 'unknown' ? type : next;
  }
  const common = type.name === 'unknown' ? types.text : type;
  return items.map((item) => coerce(item, common, context));
}

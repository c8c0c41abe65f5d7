/** Which columns can be named, and where their values are found. */
import type { Row } from '../database.ts';
import { failures, PgError } from '../failure.ts';
import type { Type, Value } from '../types.ts';

/** A column of a row that a query works with. */
export interface Visible {
  /** What it is called by before the point; undefined for results of their own. */
  readonly table: string | undefined;
  readonly name: string;
  readonly type: Type;
  /** `atttypmod`, where it is not -1. */
  readonly modifier?: number;
  /** Of the table that it comes from, for clients. */
  readonly tableOid?: number;
  readonly number?: number;
}

/** Values that an expression finds: of the row at hand, of the queries around it. */
export interface Environment {
  readonly row: Row;
  /** Of the group at hand. */
  readonly aggregates?: readonly Value[];
  readonly outer?: Environment;
}

export interface Scope {
  readonly columns: readonly Visible[];
  readonly outer?: Scope;
  /** Names of WITH queries. */
  readonly ctes?: ReadonlyMap<string, Cte>;
}

export interface Cte {
  readonly columns: readonly Visible[];
  rows(environment: Environment): Promise<Row[]>;
}

export interface Found {
  /** How many queries outwards. */
  readonly depth: number;
  readonly index: number;
  readonly column: Visible;
}

/** @throws PgError in the words of errorMissingColumn and its kin */
export function findColumn(scope: Scope, names: readonly string[], position: number): Found {
  if (names.length > 4)
    throw new PgError(
      '42601',
      `improper qualified name (too many dotted names): ${names.join('.')}`,
      'parse_expr.c:811:transformColumnRef',
      {
        position,
      },
    );
  const [name = '', table] = names.toReversed();
  let hasTable = false;
  for (let [depth, one] = [0, scope as Scope | undefined]; one !== undefined; depth += 1, one = one.outer) {
    const found: Found[] = [];
    for (const [index, column] of one.columns.entries()) {
      if (table !== undefined && column.table !== table) continue;
      hasTable = true;
      if (column.name === name) found.push({ depth, index, column });
    }
    if (found.length > 1)
      throw new PgError(
        '42702',
        `column reference "${name}" is ambiguous`,
        'parse_relation.c:921:colNameToVar',
        { position },
      );
    if (found.length === 1) return found[0]!;
  }
  if (table !== undefined && !hasTable)
    throw new PgError(
      '42P01',
      `missing FROM-clause entry for table "${table}"`,
      'parse_relation.c:3617:errorMissingRTE',
      {
        position,
      },
    );
  throw failures.noColumn(table === undefined ? `"${name}"` : `${table}.${name}`, position);
}

export function valueAt({ depth, index }: Found, environment: Environment): Value {
  let one: Environment | undefined = environment;
  for (let left = depth; left > 0; left -= 1) one = one?.outer;
  return one?.row[index] ?? null;
}

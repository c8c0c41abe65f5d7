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
  rows(environment: Environment): Promise<readonly Row[]>;
}

export interface Found {
  /** How many queries outwards. */
  readonly depth: number;
  readonly index: number;
  readonly column: Visible;
}

/** Of `tableoid`, which every row of a table has. */
export function relationOf(scope: Scope, names: readonly string[]): number | undefined {
  const [name, table] = names.toReversed();
  if (name !== 'tableoid') return undefined;
  for (let one: Scope | undefined = scope; one !== undefined; one = one.outer) {
    const found = one.columns.find(
      (column) => column.tableOid !== undefined && (table === undefined || column.table === table),
    );
    if (found !== undefined) return found.tableOid;
  }
  return undefined;
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
        'parse_relation.c:898:colNameToVar',
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
  const failure = failures.noColumn(table === undefined ? `"${name}"` : `${table}.${name}`, position);
  const meant = nearest(scope, name);
  if (meant.length === 0 || table !== undefined) throw failure;
  throw failure.with({
    hint: `Perhaps you meant to reference the column ${meant.map((one) => `"${one}"`).join(' or the column ')}.`,
  });
}

/** Columns that are spelled nearly so, where they are one or two (`updateFuzzyAttrMatchState`). */
function nearest({ columns }: Scope, name: string): string[] {
  let best = 4;
  let found: string[] = [];
  for (const column of columns.slice(0, 200)) {
    const distance =
      column.table === undefined ? 99 : editDistance(column.name.slice(0, 64), name.slice(0, 64));
    if (distance > name.length / 2 || distance > best) continue;
    if (distance < best) found = [];
    best = distance;
    found.push(`${column.table}.${column.name}`);
  }
  return found.length > 2 ? [] : found;
}

/** Characters to add, take away or change. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, char] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1)
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (char === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

export function valueAt({ depth, index }: Found, environment: Environment): Value {
  let one: Environment | undefined = environment;
  for (let left = depth; left > 0; left -= 1) one = one?.outer;
  return one?.row[index] ?? null;
}

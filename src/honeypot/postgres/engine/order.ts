/** ORDER BY: by results, or by what they are made of; with pauses for others. */
import type { Row } from '../database.ts';
import { PgError } from '../failure.ts';
import type { Expression, Order } from '../sql/ast.ts';
import type { Value } from '../types.ts';
import { compile } from './compile.ts';
import type { Context } from './context.ts';
import { compare } from './operators.ts';
import type { Scope, Visible } from './scope.ts';
import type { Query } from './select.ts';

/** By the results of a query: their names, or their places. */
export function ordered(query: Query, orderBy: readonly Order[], context: Context, outer: Scope): Query {
  if (orderBy.length === 0) return query;
  const scope: Scope = { columns: query.columns, outer };
  const keys = orderBy.map((order) => {
    const place = placeOf(order.by, query.columns.length);
    return { order, key: place === undefined ? compile(order.by, { context, scope }) : undefined, place };
  });
  return {
    columns: query.columns,
    async rows(environment) {
      const rows = await query.rows(environment);
      const keyed: [Value[], Row][] = [];
      for (const row of rows) {
        const values: Value[] = [];
        for (const { key, place } of keys)
          values.push(key === undefined ? (row[place!] ?? null) : await key.run({ row, outer: environment }));
        keyed.push([values, row]);
      }
      return sorted(keyed, orderBy, context);
    },
  };
}

/** @returns of ORDER BY 2, from 0. @throws PgError where there are not so many */
export function placeOf(by: Expression, count: number): number | undefined {
  if (by.kind !== 'constant' || typeof by.value !== 'number') return undefined;
  if (by.value < 1 || by.value > count)
    throw new PgError(
      '42P10',
      `ORDER BY position ${by.value} is not in select list`,
      'parse_clause.c:2018:findTargetlistEntrySQL92',
      {
        position: by.position,
      },
    );
  return by.value - 1;
}

type Keyed = readonly [key: readonly Value[], row: Row];

/** Rows that are sorted at once, before they are merged in turns. */
const sortedAtOnce = 2000;

export async function sorted(
  keyed: readonly Keyed[],
  orderBy: readonly Order[],
  context: Context,
): Promise<Row[]> {
  if (orderBy.length === 0) return keyed.map(([, row]) => row);
  const compareRows = ([a]: Keyed, [b]: Keyed): number => {
    for (const [index, { isDescending, nullsFirst = isDescending }] of orderBy.entries()) {
      const [x, y] = [a[index]!, b[index]!];
      if (x === null && y === null) continue;
      if (x === null || y === null) return (x === null) === nullsFirst ? -1 : 1;
      const order = compare(x, y);
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  };
  let runs: Keyed[][] = [];
  for (let at = 0; at < keyed.length; at += sortedAtOnce) {
    runs.push(keyed.slice(at, at + sortedAtOnce).sort(compareRows));
    await context.pause(sortedAtOnce);
  }
  while (runs.length > 1) {
    const merged: Keyed[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      const [a, b] = [runs[at]!, runs[at + 1] ?? []];
      merged.push(await mergedRuns(a, b, compareRows, context));
    }
    runs = merged;
  }
  return (runs[0] ?? []).map(([, row]) => row);
}

async function mergedRuns(
  a: readonly Keyed[],
  b: readonly Keyed[],
  compareRows: (a: Keyed, b: Keyed) => number,
  context: Context,
): Promise<Keyed[]> {
  const made: Keyed[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length; ) {
    const wait = context.pause();
    if (wait !== undefined) await wait;
    if (j >= b.length || (i < a.length && compareRows(a[i]!, b[j]!) <= 0)) made.push(a[i++]!);
    else made.push(b[j++]!);
  }
  return made;
}

export function resultNamed(by: Expression, columns: readonly Visible[]): number | undefined {
  if (by.kind !== 'column' || by.names.length !== 1) return undefined;
  const at = columns.findIndex(({ name }) => name === by.names[0]);
  return at < 0 ? undefined : at;
}

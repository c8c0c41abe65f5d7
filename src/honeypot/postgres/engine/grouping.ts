/** GROUP BY: which rows belong together, and what may be told of them. */
import { type Row, rowCost } from '../database.ts';
import type { Expression, Target } from '../sql/ast.ts';
import type { Value } from '../types.ts';
import { aggregated } from './aggregate.ts';
import { aggregateNames } from './calls.ts';
import type { Compiled } from './coerce.ts';
import type { Grouping } from './compile.ts';
import type { Context } from './context.ts';
import { keyOf } from './keys.ts';
import { type Environment, findColumn, type Scope } from './scope.ts';

/** @throws PgError */
export function groupingBy(
  by: readonly Expression[],
  targets: readonly Target[],
  scope: Scope,
  context: Context,
): Grouping {
  const expressions = by.map((one) => named(one, targets));
  const places = new Set(
    expressions.flatMap((one) =>
      one.kind === 'column' ? [findColumn(scope, one.names, one.position).index] : [],
    ),
  );
  const others = expressions.filter(({ kind }) => kind !== 'column');
  const { tables } = context.session.database;
  return {
    inner: scope,
    aggregates: [],
    has: (expression) => others.some((one) => isSame(one, expression)),
    isGrouped(index) {
      if (places.has(index)) return true;
      // A primary key makes all of its row the same.
      const column = scope.columns[index];
      const table = [...tables.values()].find(({ oid }) => oid === column?.tableOid);
      const key = table?.keys.find(({ isPrimary }) => isPrimary);
      return (
        key?.columns.every((at) =>
          [...places].some((place) => {
            const one = scope.columns[place]!;
            return one.table === column?.table && one.number === at + 1;
          }),
        ) === true
      );
    },
  };
}

/** Wherever in the query they stand. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      key === 'position' || isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

export function hasAggregate(expression: Expression): boolean {
  if (expression.kind === 'call' && aggregateNames.has(expression.names.at(-1)!)) return true;
  if (expression.kind === 'subquery') return false;
  return Object.values(expression).some((part) => {
    if (Array.isArray(part)) return part.flat().some((one) => isExpression(one) && hasAggregate(one));
    return isExpression(part) && hasAggregate(part);
  });
}

function isExpression(part: unknown): part is Expression {
  return typeof part === 'object' && part !== null && 'kind' in part && 'position' in part;
}

/** In GROUP BY, results count by their names and places too. */
export function named(by: Expression, targets: readonly Target[]): Expression {
  if (by.kind === 'constant' && typeof by.value === 'number') return targets[by.value - 1]?.value ?? by;
  if (by.kind !== 'column' || by.names.length > 1) return by;
  return targets.find(({ as, value }) => as === by.names[0] && value.kind !== 'column')?.value ?? by;
}

export async function grouped(
  rows: readonly Row[],
  by: readonly Compiled[],
  { aggregates }: Grouping,
  outer: Environment,
  context: Context,
): Promise<Environment[]> {
  const groups = new Map<string, Row[]>();
  if (by.length === 0) groups.set(keyOf([]), []);
  for (const row of rows) {
    const wait = context.step();
    if (wait !== undefined) await wait;
    const values: Value[] = [];
    for (const one of by) values.push(await one.run({ row, outer }));
    const key = keyOf(values);
    const group = groups.get(key);
    context.hold(group === undefined ? 3 * rowCost + key.length : 8);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const environments: Environment[] = [];
  for (const group of groups.values()) {
    const wait = context.pause();
    if (wait !== undefined) await wait;
    const values: Value[] = [];
    for (const one of aggregates) values.push(await aggregated(one, group, outer, context));
    environments.push({ row: group[0] ?? [], aggregates: values, outer });
  }
  return environments;
}

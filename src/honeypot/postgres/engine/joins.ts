/** Joins: by equal keys where the condition has them, else of every row with every other. */
import { type Row, sizeOf } from '../database.ts';
import type { Expression } from '../sql/ast.ts';
import type { Value } from '../types.ts';
import { type Compiled, coerce, truth } from './coerce.ts';
import { compile } from './compile.ts';
import type { Context } from './context.ts';
import { keyOf } from './keys.ts';
import { commonType } from './operators.ts';
import type { Environment, Scope, Visible } from './scope.ts';
import type { Query } from './select.ts';

interface Join {
  readonly how: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly left: Query;
  readonly right: Query;
  /** All of them have to hold. */
  readonly on: readonly Expression[];
  /** What can be named beside the columns of both. */
  readonly outer: Scope;
  /** The right side sees the left row. */
  readonly isLateral: boolean;
}

/** Two sides of an equation, each of which one side of the join alone decides. */
interface Pair {
  readonly left: Compiled;
  readonly right: Compiled;
}

/** @throws PgError for names and types that are wrong */
export function joined({ how, left, right, on, outer, isLateral }: Join, context: Context): Query {
  const columns = [...left.columns, ...right.columns];
  const scope: Scope = { columns, outer };
  const conditions = on.map((one) =>
    truth(compile(one, { context, scope }), context, 'JOIN/ON', one.position),
  );
  const pairs = isLateral
    ? []
    : on.flatMap((one) => pairIn(one, left.columns, right.columns, outer, context));
  const empty = (query: Query): null[] => query.columns.map(() => null);

  async function holds(row: Row, environment: Environment): Promise<boolean> {
    for (const condition of conditions)
      if ((await condition.run({ row, outer: environment })) !== true) return false;
    return true;
  }

  return {
    columns,
    async rows(environment) {
      const rows: Row[] = [];
      const keep = (row: Row): void => {
        context.hold(sizeOf(row));
        rows.push(row);
      };
      const others = isLateral ? undefined : await right.rows(environment);
      const byKey =
        others !== undefined && pairs.length > 0
          ? await indexed(others, pairs, environment, context)
          : undefined;
      const matched = new Set<Row>();
      for (const one of await left.rows(environment)) {
        const wait = context.step();
        if (wait !== undefined) await wait;
        let isMatched = false;
        const inner: Environment = { row: one, outer: environment };
        const candidates =
          byKey === undefined
            ? (others ?? (await right.rows(inner)))
            : (byKey.get(
                await keyFor(
                  pairs.map((pair) => pair.left),
                  inner,
                ),
              ) ?? []);
        for (const other of candidates) {
          const pause = context.step();
          if (pause !== undefined) await pause;
          const row = [...one, ...other];
          if (!(await holds(row, environment))) continue;
          isMatched = true;
          matched.add(other);
          keep(row);
        }
        if (!isMatched && (how === 'left' || how === 'full')) keep([...one, ...empty(right)]);
      }
      if (how === 'right' || how === 'full')
        for (const other of others ?? []) if (!matched.has(other)) keep([...empty(left), ...other]);
      return rows;
    },
  };
}

async function indexed(
  rows: readonly Row[],
  pairs: readonly Pair[],
  outer: Environment,
  context: Context,
): Promise<Map<string, Row[]>> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const wait = context.step();
    if (wait !== undefined) await wait;
    const key = await keyFor(
      pairs.map((pair) => pair.right),
      { row, outer },
    );
    const same = found.get(key);
    if (same === undefined) found.set(key, [row]);
    else same.push(row);
  }
  return found;
}

async function keyFor(parts: readonly Compiled[], environment: Environment): Promise<string> {
  const values: Value[] = [];
  for (const part of parts) values.push(await part.run(environment));
  return keyOf(values);
}

/** @returns none for what is no equation of that kind */
function pairIn(
  on: Expression,
  left: readonly Visible[],
  right: readonly Visible[],
  outer: Scope,
  context: Context,
): Pair[] {
  if (on.kind !== 'binary' || on.operator !== '=') return [];
  const sides = [on.left, on.right];
  const [ofLeft, ofRight] = [left, right].map((columns, index) =>
    sides.find((side) => isOf(side, columns) && !isOf(side, index === 0 ? right : left)),
  );
  if (ofLeft === undefined || ofRight === undefined || ofLeft === ofRight) return [];
  const a = compile(ofLeft, { context, scope: { columns: left, outer } });
  const b = compile(ofRight, { context, scope: { columns: right, outer } });
  const type = commonType(a.type, b.type);
  return type === undefined ? [] : [{ left: coerce(a, type, context), right: coerce(b, type, context) }];
}

/** Whether an expression is of columns of these, and of them alone. */
export function isOf(expression: Expression, columns: readonly Visible[]): boolean {
  let count = 0;
  const walk = (part: unknown): boolean => {
    if (typeof part !== 'object' || part === null) return true;
    if (Array.isArray(part)) return part.every(walk);
    const { kind } = part as Partial<Expression>;
    if (kind === 'subquery' || kind === 'star' || kind === 'quantified' || 'body' in part) return false;
    if (kind !== 'column') return Object.values(part).every(walk);
    const { names } = part as Extract<Expression, { readonly kind: 'column' }>;
    const [name, table] = names.toReversed();
    count += 1;
    return (
      columns.filter((one) => one.name === name && (table === undefined || one.table === table)).length === 1
    );
  };
  return walk(expression) && count > 0;
}

/** What all has to hold where a condition does. */
export function conjuncts(condition: Expression | undefined): Expression[] {
  if (condition === undefined) return [];
  const found: Expression[] = [];
  // The first of many stands deepest.
  for (let [left, one] = [[] as Expression[], condition]; ; ) {
    if (one.kind === 'logic' && one.operator === 'and') {
      left.push(one.left);
      one = one.right;
      continue;
    }
    found.push(one);
    const next = left.pop();
    if (next === undefined) return found.reverse();
    one = next;
  }
}

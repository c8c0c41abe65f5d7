/** VALUES, and UNION and its kin. */
import { type Row, sizeOf } from '../database.ts';
import { PgError } from '../failure.ts';
import type { Expression, Select, SelectBody } from '../sql/ast.ts';
import type { Type, Value } from '../types.ts';
import { unified } from './coerce.ts';
import { compile } from './compile.ts';
import type { Context } from './context.ts';
import { distinct, keyOf } from './keys.ts';
import { commonType, converted } from './operators.ts';
import { resolveName } from './resolve.ts';
import type { Scope, Visible } from './scope.ts';
import { compileSelect, type Query } from './select.ts';

export function compileValues(
  rows: readonly (readonly Expression[])[],
  context: Context,
  scope: Scope,
): Query {
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width))
    throw new PgError(
      '42601',
      'VALUES lists must all be the same length',
      'analyze.c:1541:transformValuesClause',
      {
        position: rows.find((row) => row.length !== width)?.[0]?.position ?? 1,
      },
    );
  const compiled = rows.map((row) => row.map((one) => compile(one, { context, scope })));
  const made = Array.from({ length: width }, (_, index) =>
    unified(
      compiled.map((row) => row[index]!),
      context,
      rows[0]![index]!.position,
      'VALUES',
    ),
  );
  const columns = made.map(
    (column, index): Visible => ({ table: undefined, name: `column${index + 1}`, type: column[0]!.type }),
  );
  return {
    columns,
    async rows(environment) {
      const result: Row[] = [];
      for (const index of rows.keys()) {
        const wait = context.step(width);
        if (wait !== undefined) await wait;
        const row: Value[] = [];
        for (const column of made) row.push(await column[index]!.run(environment));
        context.hold(sizeOf(row));
        result.push(row);
      }
      return result;
    },
  };
}

export function compileSet(
  body: Extract<SelectBody, { readonly kind: 'set' }>,
  context: Context,
  scope: Scope,
): Query {
  const left = compileSelect(body.left, context, scope);
  const isEmpty = body.right.body.kind === 'values' && body.right.body.rows.length === 0;
  if (isEmpty) return left;
  const right = compileSelect(body.right, context, scope);
  if (left.columns.length !== right.columns.length)
    throw new PgError(
      '42601',
      `each ${body.how.toUpperCase()} query must have the same number of columns`,
      'analyze.c:2166:transformSetOperationTree',
    ).at(placeOfFirst(body.right));
  const columns = left.columns.map((column, index): Visible => {
    const other = right.columns[index]!;
    const type = commonResult(column.type, other.type);
    if (type === undefined)
      throw new PgError(
        '42804',
        `${body.how.toUpperCase()} types ${column.type.title} and ${other.type.title} cannot be matched`,
        'parse_coerce.c:1416:select_common_type',
      );
    return { table: undefined, name: column.name, type };
  });
  const alike = async (rows: readonly Row[], from: readonly Visible[]): Promise<Row[]> => {
    const made: Row[] = [];
    for (const row of rows) {
      const wait = context.stepThrough(row, 1);
      if (wait !== undefined) await wait;
      made.push(
        row.map((value, index) =>
          converted(value, from[index]!.type, columns[index]!.type, (text, type) =>
            resolveName(text, type, context),
          ),
        ),
      );
    }
    return made;
  };
  return {
    columns,
    async rows(environment) {
      const a = await alike(await left.rows(environment), left.columns);
      const b = await alike(await right.rows(environment), right.columns);
      if (body.how === 'union') return body.isAll ? [...a, ...b] : distinct([...a, ...b], context);
      const keys = new Set<string>();
      for (const row of b) {
        const wait = context.step();
        if (wait !== undefined) await wait;
        keys.add(keyOf(row));
      }
      const kept: Row[] = [];
      for (const row of a) {
        const wait = context.step();
        if (wait !== undefined) await wait;
        if (keys.has(keyOf(row)) === (body.how === 'intersect')) kept.push(row);
      }
      return body.isAll ? kept : distinct(kept, context);
    },
  };
}

/** Texts may have been literals, which become what the others are. */
function commonResult(left: Type, right: Type): Type | undefined {
  if (left.name === 'text') return right;
  return right.name === 'text' ? left : commonType(left, right);
}

function placeOfFirst({ body }: Select): number | undefined {
  if (body.kind === 'select') return body.targets[0]?.value.position;
  return body.kind === 'values' ? body.rows[0]?.[0]?.position : placeOfFirst(body.left);
}

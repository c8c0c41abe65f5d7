/** WITH RECURSIVE: rows that are made of those before them, until no more come. */
import { type Row, sizeOf } from '../database.ts';
import type { SelectBody, WithQuery } from '../sql/ast.ts';
import type { Context } from './context.ts';
import { keyOf } from './keys.ts';
import type { Cte, Scope } from './scope.ts';
import { compileSelect, remembered, titled } from './select.ts';

/** @param ctes where it can be found from now on, by itself also. @throws PgError */
export function addRecursive(
  { name, columns, select }: WithQuery,
  body: Extract<SelectBody, { readonly kind: 'set' }>,
  ctes: Map<string, Cte>,
  context: Context,
  scope: Scope,
): void {
  const first = titled(compileSelect(body.left, context, scope), columns);
  /** Those of the round before. */
  let last: readonly Row[] = [];
  ctes.set(name, { columns: first.columns, rows: async () => last });
  const next = compileSelect({ ...select, body: body.right.body, with: [] }, context, scope);
  ctes.set(
    name,
    remembered({
      columns: first.columns,
      async rows(environment) {
        const all: Row[] = [];
        const seen = new Set<string>();
        for (last = await first.rows(environment); last.length > 0; last = await next.rows(environment)) {
          const fresh: Row[] = [];
          for (const row of last) {
            const wait = context.stepThrough(row, 1);
            if (wait !== undefined) await wait;
            const key = body.isAll ? '' : keyOf(row);
            if (!body.isAll && seen.has(key)) continue;
            seen.add(key);
            context.hold(sizeOf(row) + key.length);
            fresh.push(row);
          }
          for (const row of fresh) all.push(row);
          last = fresh;
          const wait = context.step(100);
          if (wait !== undefined) await wait;
        }
        return all;
      },
    }),
  );
}

/**
 * UPDATE and DELETE of catalogs, which a superuser may do: pages of large objects change, which is how files are brought;
 * of all else no more than the number of rows is told.
 */
import type { Catalog } from '../catalog/tables.ts';
import type { Row } from '../database.ts';
import { coerce, truth } from '../engine/coerce.ts';
import { compile } from '../engine/compile.ts';
import type { Context } from '../engine/context.ts';
import { largeObjectPage, putInto } from '../engine/functions/files.ts';
import type { Environment, Scope } from '../engine/scope.ts';
import { PgError } from '../failure.ts';
import type { Statement } from '../sql/ast.ts';
import type { Plan } from './changes.ts';
import type { Around } from './run.ts';

type Change = Extract<Statement, { readonly kind: 'update' | 'delete' }>;

/** @throws PgError for views, and for names that are wrong */
export function planCatalogChange(
  statement: Change,
  catalog: Catalog,
  context: Context,
  around?: Around,
): Plan {
  if (catalog.kind === 'v')
    throw noTarget(statement.kind, catalog.name === 'pg_user' ? 'pg_shadow' : catalog.name);
  const table = statement.as ?? catalog.name;
  const scope: Scope = {
    columns: catalog.columns.map(({ name, type }) => ({ table, name, type })),
    ...(around && { outer: around.scope }),
  };
  const { where } = statement;
  const condition = where && truth(compile(where, { context, scope }), context, 'WHERE', where.position);
  const sets = statement.kind === 'update' ? setsIn(statement, catalog, context, scope) : [];
  return {
    async run() {
      const chosen: Row[] = [];
      for (const row of catalog.rows(context)) {
        const wait = context.step();
        if (wait !== undefined) await wait;
        const environment: Environment = { row, ...(around && { outer: around.environment }) };
        if (condition !== undefined && (await condition.run(environment)) !== true) continue;
        const next = [...row];
        for (const { at, value } of sets) next[at] = await value.run(environment);
        chosen.push(next);
      }
      if (catalog.name === 'pg_largeobject') changePages(chosen, statement.kind === 'delete', context);
      return { tag: `${statement.kind.toUpperCase()} ${chosen.length}` };
    },
  };
}

function setsIn(
  { sets }: Extract<Change, { readonly kind: 'update' }>,
  catalog: Catalog,
  context: Context,
  scope: Scope,
) {
  return sets.map(({ column, value }) => {
    const at = catalog.columns.findIndex(({ name }) => name === column.names.at(-1));
    if (at < 0)
      throw new PgError(
        '42703',
        `column "${column.names.at(-1)}" of relation "${catalog.name}" does not exist`,
        'analyze.c:2515:transformUpdateTargetList',
        { position: column.position },
      );
    return { at, value: coerce(compile(value, { context, scope }), catalog.columns[at]!.type, context) };
  });
}

/** @param rows of pg_largeobject: oid, number of the page, what is in it */
function changePages(rows: readonly Row[], areGone: boolean, context: Context): void {
  // From the last page on, so that what ends with a page that goes is shorter then.
  for (const [oid, page, data] of rows.toSorted(([, a], [, b]) => Number(b) - Number(a))) {
    const at = Number(page) * largeObjectPage;
    const { largeObjects } = context.server;
    const before = largeObjects.get(Number(oid)) ?? Buffer.alloc(0);
    const content = areGone || !Buffer.isBuffer(data) ? Buffer.alloc(0) : data;
    const isLast = before.length <= at + largeObjectPage;
    if (isLast) largeObjects.set(Number(oid), before.subarray(0, at));
    putInto(
      context,
      Number(oid),
      at,
      isLast ? content : Buffer.concat([content, Buffer.alloc(largeObjectPage)]).subarray(0, largeObjectPage),
    );
  }
}

function noTarget(kind: Change['kind'], view: string): PgError {
  const [to, event] = kind === 'update' ? ['updating', 'UPDATE'] : ['deleting from', 'DELETE'];
  return new PgError(
    '55000',
    `cannot ${kind === 'update' ? 'update' : 'delete from'} view "${view}"`,
    `rewriteHandler.c:${kind === 'update' ? 3223 : 3231}:rewriteTargetView`,
    {
      detail: 'Views that do not select from a single table or view are not automatically updatable.',
      hint: `To enable ${to} the view, provide an INSTEAD OF ${event} trigger or an unconditional ON ${event} DO INSTEAD rule.`,
    },
  );
}

/** What of a change is destruction: something goes that was there before the visitor. */
import type { Context } from '../engine/context.ts';
import { findTable } from '../engine/resolve.ts';
import type { DropKind, Dropped } from '../sql/ast.ts';

/** @param areOurs something goes that was there before the visitor */
export function tellDrop(
  context: Context,
  what: string,
  names: readonly (readonly string[])[],
  areOurs: boolean,
): void {
  context.tell('drop', {
    texts: [],
    data: { what, names: names.slice(0, 50).map((one) => one.join('.')) },
    ...(areOurs && { severity: 'high', attack: ['T1485'] }),
  });
}

/** Whether it was there before the visitor, or something in it was. */
export function isOurs(context: Context, what: DropKind, { names }: Dropped): boolean {
  const { server, session } = context;
  const name = names.at(-1)!;
  const isOld = (one: { readonly oid: number } | undefined): boolean =>
    one !== undefined && one.oid < server.firstVisitorOid;
  if (what === 'table') return isOld(findTable(names, context));
  if (what === 'database') return isOld(server.databases.get(name));
  if (what !== 'schema') return false;
  return [...session.database.tables.values()].some((table) => table.schema === name && isOld(table));
}
